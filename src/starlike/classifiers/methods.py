"""The door of this room: methods that can be fitted, compared and asked, by name.

What a door opens is a function of images, settings and a seed that gives what answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlike.doors import Door
from starlike.errors import PluginError
from starlike.files.sample import Labelled
from starlike.model.scorer import DenseScorer

Settings = Mapping[str, Any]
"""What a method can be set to, by name, as a leaderboard writes it down."""

Fit = Callable[[Labelled, Settings, int], DenseScorer]
"""Fits a method to images of K classes, each of which has one or more; the seed chooses every
draw."""

NETWORK, CLASS_MEAN = "network", "class mean"

SCORERS = Door(
    "starlike.scorers",
    "scorer",
    {
        NETWORK: "starlike.classifiers.exported_network:fit",
        CLASS_MEAN: "starlike.classifiers.nearest_mean:fit",
        "nearest images": "starlike.classifiers.neighbours:fit",
        "logistic regression": "starlike.classifiers.linear:logistic_regression",
        "linear SVM": "starlike.classifiers.linear:linear_svm",
        "LDA": "starlike.classifiers.lda:lda",
        "LDA, cosine": "starlike.classifiers.lda:lda_cosine",
        "PLDA": "starlike.classifiers.lda:plda",
    },
)


def open_method(name: str) -> Fit:
    """What fits the method of some name, or at some place (`package.module:name`).

    Raises:
        PluginError: there is no such method, or it cannot be called.
    """
    found = SCORERS.open(name)
    if not callable(found):
        raise PluginError(f"the scorer {name} is no function of images, settings and a seed")
    return found  # type: ignore[no-any-return]


def fit(name: str, images: Labelled, settings: Settings, seed: int) -> DenseScorer:
    """Fit a method to images.

    Args:
        name: of the method; see `SCORERS`.
        images: what to learn from.
        settings: see the method; a network's are its recipe.
        seed: chooses every draw; a network has its recipe's.

    Raises:
        PluginError: there is no such method, or what it gives cannot score.
        MissingPartError: Keras is not installed, and a network was asked for.
    """
    fitted = open_method(name)(images, settings, seed)
    if not isinstance(fitted, DenseScorer):
        raise PluginError(
            f"what the scorer {name} fits is a {type(fitted).__name__}, which does not score: see "
            "starlike.model.scorer.DenseScorer"
        )
    return fitted
