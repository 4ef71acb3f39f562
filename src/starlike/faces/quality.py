"""How good a picture of a face is."""

from __future__ import annotations

import cv2

from starlike.faces.crop import CROP_SIDE, cut, resize
from starlike.records import Box, Photo


def sharpness(photo: Photo, box: Box) -> float:
    """Variance of the Laplacian of a face's grey values, at most 170 pixels a side.

    Larger faces are made smaller, but small ones are not enlarged: that would smooth them.

    Source: Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", ICPR 2000.
    """
    piece = cut(photo, box)
    piece = resize(piece, min(1.0, CROP_SIDE / min(piece.shape[:2])))
    return float(cv2.Laplacian(cv2.cvtColor(piece, cv2.COLOR_RGB2GRAY), cv2.CV_64F).var())
