"""The space of linear discriminant analysis: where people differ most for how much a person varies.

What spreads within people and between them is estimated elsewhere, for two ends: to name the
class that fits best (`lda`), and to tell who is of no class (`open_set`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from starlike.records import Floats

Wide = npt.NDArray[np.float64]

_NEVER = 1e-12


@dataclass(frozen=True, slots=True)
class LdaSpace:
    """Embeddings seen so that people spread alike in every direction.

    Attributes:
        centre: (D,) the mean over classes, from which all is seen.
        axes: (D, d), those along which people differ most first; the spread within a person is 1
            along each.
        between: (d,) the variance between people along each.
    """

    centre: Wide
    axes: Wide
    between: Wide

    @classmethod
    def of(cls, centre: Wide, within: Wide, between: Wide) -> LdaSpace:
        """The whole space, of D dimensions.

        Args:
            centre: (D,).
            within: (D, D) covariance of embeddings of one person, of full rank; see `shrunk`.
            between: (D, D) covariance of people's means.
        """
        from scipy.linalg import eigh  # noqa: PLC0415  heavy

        variances, axes = eigh(between, within)
        return cls(centre, axes[:, ::-1], variances[::-1])

    def first(self, dimensions: int) -> LdaSpace:
        """The axes that tell most, so many at most."""
        return LdaSpace(self.centre, self.axes[:, :dimensions], self.between[:dimensions])

    def project(self, embeddings: npt.NDArray[np.floating]) -> Wide:
        """Embeddings (N, D) as coordinates (N, d)."""
        return np.asarray((embeddings - self.centre) @ self.axes)


def shrunk(covariance: Wide, shrinkage: float) -> Wide:
    """A covariance (D, D), a share of which is put evenly on all axes.

    A class has fewer images than dimensions, so what is estimated is sure in few directions.
    Source: Ledoit and Wolf, "A well-conditioned estimator for large-dimensional covariance
    matrices", Journal of Multivariate Analysis 2004.

    Args:
        covariance: as estimated.
        shrinkage: the share, 0 to 1.
    """
    size = len(covariance)
    even = max(float(np.trace(covariance)) / size, _NEVER)
    return np.asarray((1 - shrinkage) * covariance + shrinkage * even * np.eye(size))


def direction(vectors: npt.NDArray[np.floating]) -> Floats:
    """Vectors (N, d) at length 1."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, _NEVER), dtype=np.float32)
