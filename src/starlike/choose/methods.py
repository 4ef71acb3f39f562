"""Candidate and images → something that answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from starlike import onnx_model
from starlike.choose.candidates import Candidate, Kind
from starlike.classifiers import classic, discriminant
from starlike.files.recipe import Recipe
from starlike.files.sample import Labelled
from starlike.model.store import INPUT, PHOTOS, PROBABILITIES
from starlike.progress import silent
from starlike.records import Floats


class Fitted(Protocol):
    """What answers.

    Attributes:
        probabilities: whether scores are probabilities, so that calibration can be measured.
        size_bytes: of what must be kept to answer.
    """

    @property
    def probabilities(self) -> bool: ...  # noqa: D102  see the class

    @property
    def size_bytes(self) -> int: ...  # noqa: D102

    def scores(self, embeddings: Floats) -> Floats:
        """How well each class fits embeddings (N, 128): (N, K), higher is better."""


_Fit = Callable[[Labelled, Mapping[str, float], int], Fitted]

_CLASSIC: Mapping[Kind, _Fit] = {
    "class mean": classic.class_mean,
    "nearest images": classic.nearest_images,
    "logistic regression": classic.logistic_regression,
    "linear SVM": classic.linear_svm,
    "LDA": discriminant.lda,
    "LDA, cosine": discriminant.lda_cosine,
    "PLDA": discriminant.plda,
}


def fit(candidate: Candidate, images: Labelled, seed: int) -> Fitted:
    """Fit a candidate to images of K classes, each of which has one or more.

    Args:
        candidate: the method and its settings.
        images: what to learn from.
        seed: chooses every draw of a classic method; a network has its recipe's.

    Raises:
        MissingPartError: Keras is not installed, and a network was asked for.
    """
    if candidate.recipe:
        return _network(images, candidate.recipe)
    return _CLASSIC[candidate.kind](images, candidate.figures, seed)


@dataclass(frozen=True, slots=True)
class Network:
    """A network as a model folder holds it: exported, and asked with one thread."""

    session: Any
    size_bytes: int
    probabilities: bool = True

    def scores(self, embeddings: Floats) -> Floats:
        """Probabilities (N, K) of embeddings (N, 128)."""
        asked = np.ascontiguousarray(embeddings, dtype=np.float32)
        photos = np.ones((len(asked), 1), dtype=np.float32)
        return np.asarray(self.session.run([PROBABILITIES], {INPUT: asked, PHOTOS: photos})[0])


def _network(images: Labelled, recipe: Recipe) -> Network:
    from starlike.classifiers.export import to_onnx  # noqa: PLC0415  heavy
    from starlike.classifiers.fit import fit as fit_network  # noqa: PLC0415
    from starlike.classifiers.network import load_keras  # noqa: PLC0415

    # Networks are compared by themselves: what strangers are told is joined to each alike.
    fitted = fit_network(images, replace(recipe, max_false_agreement=0.0), silent)
    exported = to_onnx(fitted.network, fitted.strangers)
    # Some twenty networks follow each other in one process; what Keras keeps of each would add up.
    load_keras().utils.clear_session()
    return Network(onnx_model.open_session(exported), len(exported))
