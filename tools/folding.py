"""Make a network's layers fewer without changing what it computes.

Affine layers are drawn into the convolutions before them, and the channel means and the scale of
the input into the first one.
"""

from __future__ import annotations

import numpy as np

from starlike.records import Floats
from tools.dlib_weights import Affine, Convolution, Layer

# dlib divides a pixel, less its channel's mean, by 256 (`input_rgb_image::to_tensor`).
_SCALE = 256.0


def folded(layers: tuple[Layer, ...]) -> list[Layer]:
    """The layers with each affine drawn into the convolution before it."""
    folded: list[Layer] = []
    for layer in layers:
        before = folded[-1] if folded else None
        if isinstance(layer, Affine) and isinstance(before, Convolution):
            folded[-1] = Convolution(
                before.filters * layer.gamma[:, None, None, None],
                before.biases * layer.gamma + layer.beta,
                before.stride,
                before.padding,
            )
        else:
            folded.append(layer)
    return folded


def taking_pixels(first: Convolution, means: tuple[float, float, float]) -> Convolution:
    """The first convolution, made to take raw pixels. Exact because it has no padding."""
    filters: Floats = first.filters / np.float32(_SCALE)
    centre = np.asarray(means, dtype=np.float32)[None, :, None, None]
    biases = first.biases - (filters * centre).sum(axis=(1, 2, 3))
    return Convolution(filters, biases, first.stride, first.padding)
