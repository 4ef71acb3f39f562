"""Answers as the page without JavaScript shows them; `static/result.js` says the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlike import reports

_TONES = 8

Portraits = Callable[[str], dict[str, Any] | None]
"""The portrait of a class, as `/v1/classes` has it."""

# A face with room around it, in heights of its box, and the shape of what it is shown in.
_ROOM, _WIDE = 2.15, 0.8

# How the formats begin that browsers draw.
_KINDS = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (0, b"BM", "image/bmp"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
)


@dataclass(frozen=True, slots=True)
class Star:
    """A match, with all that is shown of it.

    `portrait` is as `/v1/classes` has it; `tone` is which soft gradient stands in for it.
    """

    name: str
    similarity: float
    probability: str
    initials: str
    tone: int
    href: str
    portrait: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What is said of one face.

    Attributes:
        number: of the photo, from 1.
        box: top, right, bottom, left in the upright photo.
        crop: the part of the photo that shows the face: x, y, width, height.
        of: how many faces the photo has; 1 where several photos are answered together.
        photos: how many photos were sent together, and `agreeing` how many of them count.
    """

    number: int
    verdict: str
    stars: Sequence[Star]
    box: Sequence[int] | None
    crop: tuple[float, float, float, float] | None
    of: int
    photos: int
    agreeing: int


def initials(name: str) -> str:
    """Initials of the first and the last word of a name, of any script."""
    words = name.split()
    ends = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(next(filter(str.isalnum, word), "") for word in ends).upper()


def tone(name: str) -> int:
    """Which of the soft gradients stands for a name."""
    return sum(map(ord, name)) % _TONES


def read_about(name: str) -> str:
    """Where to read about a star; it is opened only by a click."""
    return f"https://en.wikipedia.org/w/index.php?{urlencode({'search': name})}"


def picture(photo: bytes) -> str:
    """A photo as a `data:` URI; an empty text where browsers do not draw its format."""
    for place, beginning, kind in _KINDS:
        if photo.startswith(beginning, place):
            return reports.data_uri(photo, kind)
    return ""


def faces(answered: dict[str, Any], portrait: Portraits) -> list[Shown]:
    """Every face of an answer, or the one person whom several photos show.

    Args:
        answered: the JSON of POST /v1/match.
        portrait: finds the portraits of stars.
    """
    photos = answered["photos"]
    together = answered["together"]
    if together is not None and len(photos) > 1:
        number = int(next(iter(together["together"]), 1))
        seen = photos[number - 1]
        return [
            _face(face, seen, portrait, of=1, photos=len(photos), agreeing=together["agreeing"])
            for face in together["faces"]
        ]
    return [
        _face(face, photo, portrait, of=len(photo["faces"]), photos=1, agreeing=1)
        for photo in photos
        for face in photo["faces"]
    ]


def _face(
    face: dict[str, Any],
    photo: dict[str, Any],
    portrait: Portraits,
    **counts: int,
) -> Shown:
    box = face["box"] or next((item["box"] for item in photo["faces"]), None)
    return Shown(
        number=int(photo["photo"]),
        verdict=face["verdict"],
        stars=[_star(match, portrait) for match in face["matches"]],
        box=box,
        crop=_crop(box, photo["size"]) if box and photo["size"] else None,
        **counts,
    )


def _star(match: dict[str, Any], portrait: Portraits) -> Star:
    name, share = match["name"], match["probability"]
    return Star(
        name=name,
        similarity=match["similarity"],
        probability="below 0.1 %" if share < 0.001 else f"{100 * share:.1f} %",
        initials=initials(name),
        tone=tone(name),
        href=read_about(name),
        portrait=portrait(name),
    )


def _crop(box: Sequence[int], size: Sequence[int]) -> tuple[float, float, float, float]:
    """A face with room around it, 4:5, moved and, where it must be, cut to fit the photo."""
    top, right, bottom, left = box
    width, height = size
    high = min(_ROOM * (bottom - top), height, width / _WIDE)
    wide = high * _WIDE
    x = max(0.0, min((left + right - wide) / 2, width - wide))
    y = max(0.0, min((top + bottom - high) / 2 - 0.05 * high, height - high))
    return x, y, wide, high
