"""Draw the pictures of a photo's way: `python docs/pictures.py [FOLDER]`.

What they show comes from the program itself, asked about the one photo in the repository, which
is in the public domain. They stand on a ground of their own, so they read on light pages and dark.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from PIL import Image

import starlike
from starlike import photo
from starlike.faces import align, augment, crop, landmarks
from starlike.records import Embedding, FaceMatches, Floats, Photo, Pixels

DOCS = Path(__file__).parent
PHOTO = DOCS.parent / "tests" / "photos" / "astronaut.jpg"

GROUND, INK, SOFT, STAR = "#26112c", "#fbf3ea", "#c3b0c4", "#ffc65c"
GROUND_RGB, STAR_RGB, POINT_RGB = (38, 17, 44), (255, 198, 92), (120, 236, 214)
TRACK = "#47304d"
COLD_TO_WARM = LinearSegmentedColormap.from_list("", ("#6fd3ff", "#38223f", "#ffc65c"))
STYLE: dict[str, Any] = {"text.color": INK, "text.parse_math": False, "font.size": 9}
ROWS, COLUMNS = 8, 16
DPI = 200
GAP = 16


@dataclass(frozen=True)
class Way:
    """What the program made of the photo, from station to station."""

    photo: Photo
    embedding: Embedding
    answer: FaceMatches

    @classmethod
    def of(cls, file: Path) -> Way:
        """Ask the model that ships."""
        model = starlike.load_model()
        (embedding,) = model.embed(file)
        (answer,) = model.rank_faces([embedding])
        return cls(photo.open(file), embedding, answer)

    @property
    def landmarks(self) -> Sequence[tuple[float, float]]:
        """The five points by which the face is aligned, (x, y) in pixels of the photo."""
        return landmarks.of(self.photo, self.embedding.face).points

    @property
    def chip(self) -> Pixels:
        """The aligned face, (150, 150, 3)."""
        return np.asarray(align.cut(self.photo, [self.embedding.face], "photo")[0])

    @property
    def mirrored(self) -> Pixels:
        """The view of it that is averaged with the chip, (150, 150, 3)."""
        return np.asarray(augment.chips(self.photo, [self.embedding.face], [0], 1)[0, 0])


def boxed(way: Way) -> Pixels:
    """The whole photo with the face box."""
    pixels = way.photo.pixels.copy()
    box = way.embedding.face.box
    cv2.rectangle(pixels, (box.left, box.top), (box.right, box.bottom), STAR_RGB, 3, cv2.LINE_AA)
    return pixels


def landmarked(way: Way) -> Pixels:
    """The face, enlarged, with its box and its five points; beside it the chip they give."""
    box, scale, margin = way.embedding.face.box, 3.0, 22
    top, left = box.top - margin, box.left - margin
    piece = crop.resize(
        way.photo.pixels[top : box.bottom + margin, left : box.right + margin], scale
    ).copy()

    def at(x: float, y: float) -> tuple[int, int]:
        return round((x - left) * scale), round((y - top) * scale)

    cv2.rectangle(piece, at(box.left, box.top), at(box.right, box.bottom), STAR_RGB, 3, cv2.LINE_AA)
    for point in way.landmarks:
        cv2.circle(piece, at(*point), 7, GROUND_RGB, -1, cv2.LINE_AA)
        cv2.circle(piece, at(*point), 5, POINT_RGB, -1, cv2.LINE_AA)
    return row([piece, crop.resize(way.chip, piece.shape[0] / way.chip.shape[0])])


def cropped(way: Way) -> Pixels:
    """The crop, pixel for pixel."""
    return crop.crop(way.photo, way.embedding.face)


def viewed(way: Way) -> Pixels:
    """The two views that are averaged, side by side."""
    return row([way.chip, way.mirrored])


def row(images: Sequence[Pixels], axis: int = 1) -> Pixels:
    """Images side by side, or one below the other, with the ground's colour around."""
    shape = list(images[0].shape)
    shape[axis] = GAP
    gap = np.full(shape, GROUND_RGB, dtype=np.uint8)
    parts = [part for image in images for part in (gap, image)][1:]
    return np.concatenate(parts, axis=axis)


def numbers(axes: Axes, vector: Floats) -> None:
    """The 128 numbers as coloured fields, row by row; nought is dark."""
    fields = vector.reshape(ROWS, COLUMNS)
    axes.imshow(fields, cmap=COLD_TO_WARM, vmin=-0.35, vmax=0.35)
    axes.set_xticks(np.arange(COLUMNS - 1) + 0.5, labels=[])
    axes.set_yticks(np.arange(ROWS - 1) + 0.5, labels=[])
    axes.grid(color=GROUND, linewidth=1.5)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def bars(axes: Axes, answer: FaceMatches, size: float, *, probability: bool) -> None:
    """The stars of an answer with a bar for each similarity."""
    axes.set(xlim=(0, 100), ylim=(len(answer.matches) - 0.2, -0.4 if probability else 0))
    axes.axis("off")
    similarity_at = 80 if probability else 100
    if probability:
        for right, heading in ((similarity_at, "similarity"), (100, "probability")):
            axes.text(right, 0, heading, fontsize=0.8 * size, color=SOFT, ha="right")
    for place, match in enumerate(answer.matches):
        axes.barh(place + 0.67, 100, height=0.14, color=TRACK)
        axes.barh(place + 0.67, match.similarity, height=0.14, color=STAR)
        text: dict[str, Any] = {
            "y": place + 0.5,
            "fontsize": size,
            "weight": "normal" if place else "bold",
        }
        axes.text(x=0, s=match.name, **text)
        axes.text(x=similarity_at, s=f"{match.similarity:.0f}", ha="right", **text)
        if probability:
            axes.text(x=100, s=f"{match.probability:.1%}".replace("%", " %"), ha="right", **text)


def encoded_figure(way: Way) -> Figure:
    """The embedding with the scale of its colours."""
    figure = _figure(7.0, 3.75)
    axes = figure.add_axes((0.03, 0.2, 0.94, 0.76))
    numbers(axes, way.embedding.vector)
    scale = figure.add_axes((0.3, 0.115, 0.4, 0.035))
    figure.colorbar(axes.images[0], cax=scale, orientation="horizontal", ticks=[-0.3, 0, 0.3])
    scale.tick_params(colors=SOFT, length=0, labelsize=13)
    scale.set_xticklabels(["−0.3", "0", "0.3"])
    scale.spines[:].set_visible(False)
    return figure


def answered_figure(way: Way) -> Figure:
    """The bars of the answer."""
    figure = _figure(5.2, 3.2)
    bars(figure.add_axes((0.06, 0.03, 0.88, 0.92)), way.answer, 11, probability=True)
    return figure


def whole_figure(way: Way) -> Figure:
    """The way at one glance: photo, aligned face, numbers, stars."""
    figure = _figure(9.6, 2.5)
    stations: list[tuple[float, float, Callable[[Axes], object]]] = [
        (0.02, 0.22, lambda axes: _image(axes, boxed(way))),
        (0.29, 0.14, lambda axes: _image(axes, way.chip)),
        (0.48, 0.22, lambda axes: numbers(axes, way.embedding.vector)),
        (0.76, 0.22, lambda axes: bars(axes, way.answer, 8, probability=False)),
    ]
    for left, width, draw in stations:
        draw(figure.add_axes((left, 0.06, width, 0.88)))
    for left, right in ((0.247, 0.282), (0.437, 0.472), (0.707, 0.742)):
        figure.text((left + right) / 2, 0.5, "→", fontsize=17, color=SOFT, ha="center", va="center")
    return figure


def _image(axes: Axes, pixels: Pixels) -> None:
    axes.imshow(pixels, interpolation="bilinear")
    axes.axis("off")


def _figure(width: float, height: float) -> Figure:
    return Figure(figsize=(width, height), dpi=DPI, facecolor=GROUND)


IMAGES: dict[str, Callable[[Way], Pixels]] = {
    "way-box.jpg": boxed,
    "way-landmarks.jpg": landmarked,
    "way-crop.png": cropped,
    "way-views.jpg": viewed,
}
FIGURES: dict[str, Callable[[Way], Figure]] = {
    "way-whole.jpg": whole_figure,
    "way-encoding.png": encoded_figure,
    "way-answer.png": answered_figure,
}


def draw(folder: Path) -> None:
    """Write all pictures into a folder."""
    way = Way.of(PHOTO)
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in IMAGES.items():
        Image.fromarray(picture(way)).save(folder / name, quality=88, optimize=True)
    with mpl.rc_context(STYLE):  # type: ignore[arg-type]
        for name, figure in FIGURES.items():
            figure(way).savefig(folder / name)


if __name__ == "__main__":
    draw(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS / "images")
