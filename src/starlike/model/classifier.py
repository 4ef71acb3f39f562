"""The classifier of a model folder: a network that was exported, asked through ONNX Runtime."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from starlike import onnx_model
from starlike.model.among import Among
from starlike.model.classes import Classes
from starlike.model.scorer import Counts, Top, best
from starlike.records import Floats

INPUT, PHOTOS = "embeddings", "photos"
PROBABILITIES, DISTANCES, KNOWN = "probabilities", "distances", "known_probability"


@dataclass(frozen=True, slots=True)
class Answers:
    """What a network says of N embeddings.

    Attributes:
        probabilities: (N, K) float32, each row adds up to 1.
        distances: (N, K) float32, Euclidean, from each embedding to each class's mean embedding.
        known: (N,) float32, the chance that the face is that of a class, and not of one who
            merely resembles it.
    """

    probabilities: Floats
    distances: Floats
    known: Floats


class Exported:
    """An exported network by itself, a `DenseScorer` of probabilities."""

    probabilities = True

    def __init__(self, model: Path | bytes, *, threads: int = 1) -> None:
        """Open one.

        Args:
            model: a file or its bytes, as `classifiers.export.to_onnx` makes them.
            threads: that one question may use; 0 for as many as there are cores.
        """
        self._session = onnx_model.open_session(model, threads=threads)
        self.size_bytes = len(model) if isinstance(model, bytes) else model.stat().st_size

    @property
    def dimensions(self) -> int:
        """D, numbers in the embeddings that it takes."""
        return int(self._session.input_shape[-1])

    @property
    def width(self) -> int:
        """K, the classes that it tells apart."""
        return int(self._session.output_shape[-1])

    def answer(self, embeddings: Floats, photos: Counts | None = None) -> Answers:
        """Ask about embeddings.

        Args:
            embeddings: (N, D) float32.
            photos: (N,) of how many photos of a person each is the mean; by default of one.
        """
        counts = np.ones(len(embeddings)) if photos is None else photos
        probabilities, distances, known = self._session.run(
            [PROBABILITIES, DISTANCES, KNOWN],
            {
                INPUT: np.ascontiguousarray(embeddings, dtype=np.float32),
                PHOTOS: np.asarray(counts, dtype=np.float32).reshape(-1, 1),
            },
        )
        return Answers(probabilities, distances, known[:, 0])

    def scores(self, embeddings: Floats) -> Floats:
        """Probabilities (N, K) of embeddings (N, D), each of a single photo."""
        return self.answer(embeddings).probabilities


class Classifier(Exported):
    """An opened model folder: a `Scorer` that names the classes of its network."""

    def __init__(self, network: bytes, folder: Path, classes: Classes, *, threads: int = 1) -> None:
        """Open the network of a model folder.

        Args:
            network: what its file holds.
            folder: the model folder.
            classes: whom the network tells apart.
            threads: that one question may use.
        """
        super().__init__(network, threads=threads)
        self.folder, self.classes = folder, classes

    def top(
        self,
        embeddings: Floats,
        k: int,
        *,
        photos: Counts | None = None,
        among: Among | None = None,
    ) -> Top:
        """See `starlike.model.scorer.Scorer`."""
        answers = self.answer(embeddings, photos)
        return best(
            answers.probabilities,
            answers.distances,
            answers.probabilities,
            k,
            among=among,
            known=answers.known,
        )
