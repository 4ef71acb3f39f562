"""What the page says of people compared, with and without JavaScript alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlike.model import wording
from starlike.records import Box
from starlike.server.page.view_model import FRAME


@dataclass(frozen=True, kw_only=True, slots=True)
class PhotoView:
    """A photo.

    Attributes:
        number: from 1.
        name: what it is called at the beginning of a sentence.
        size: width and height of the upright photo; None where it cannot be opened.
        frame: the part of it that shows the face; None where there is none.
        note: which face counts; empty where there is one.
        error: the code of the reason why it is left out; None where it is not.
        picture: the photo as a `data:` URI; empty where it is not shown, or is shown by a script.
    """

    number: int
    name: str
    size: tuple[int, int] | None
    frame: Box | None
    note: str
    error: str | None
    picture: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PairView:
    """Two photos.

    Attributes:
        photos: the two, or of a child's the other one.
        title: what they are called.
        said: what their likeness comes to; empty for a child's.
        meter: their similarity, 0 to 100.
        similarity: as text.
    """

    photos: Sequence[PhotoView]
    title: str
    said: str
    meter: float
    similarity: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparisonView:
    """What is shown of a comparison.

    Attributes:
        photos: all that were given.
        eyebrow, headline, gist: what is said of it; eyebrow and gist may be empty.
        shown: the photos side by side, or the child's alone where it is too close to call.
        similarity: between these, as text.
        title: of the list.
        pairs: most similar first; none where the two photos side by side are all.
    """

    photos: Sequence[PhotoView]
    eyebrow: str
    headline: str
    gist: str
    shown: Sequence[PhotoView]
    similarity: str
    title: str
    pairs: Sequence[PairView]


def comparison(answered: dict[str, Any], pictures: Sequence[str]) -> ComparisonView:
    """What is shown of a comparison.

    Args:
        answered: the JSON of POST /v1/compare.
        pictures: each photo as a `data:` URI, or as an empty text.
    """
    child = answered["child"]
    photos = [
        _photo(photo, picture, child=child is not None and photo["photo"] == child["photo"])
        for photo, picture in zip(answered["photos"], pictures, strict=True)
    ]
    return _of_child(child, photos) if child else _of_pairs(answered["pairs"], photos)


def _photo(photo: dict[str, Any], picture: str, *, child: bool) -> PhotoView:
    size = None if photo["size"] is None else tuple(photo["size"])
    name = "The child" if child else f"Photo {photo['photo']}"
    return PhotoView(
        number=int(photo["photo"]),
        name=name,
        size=size,
        frame=FRAME.around(Box(*photo["box"]), size) if photo["box"] and size else None,
        note=wording.largest_face(name, photo["faces"]) if photo["box"] else "",
        error=photo["error"] and photo["error"]["code"],
        picture=picture,
    )


def _of_child(child: dict[str, Any], photos: Sequence[PhotoView]) -> ComparisonView:
    by_number = {str(photo.number): photo for photo in photos}
    level = [f"photo {number}" for number in child["level"]]
    first, nearest = by_number[child["photo"]], child["nearest"]
    shown = [first, by_number[nearest[0]["photo"]]] if child["clear"] else [first]
    return ComparisonView(
        photos=photos,
        eyebrow="Whom does the child look like?",
        headline=wording.child(first.name, level),
        gist=wording.child_reason(level),
        shown=shown,
        similarity=wording.similarity(nearest[0]["similarity"]),
        title="Most like the child",
        pairs=[
            _pair([by_number[one["photo"]]], one["similarity"], f"Photo {one['photo']}", "")
            for one in nearest
        ],
    )


def _of_pairs(pairs: Sequence[dict[str, Any]], photos: Sequence[PhotoView]) -> ComparisonView:
    by_number = {str(photo.number): photo for photo in photos}
    views = []
    for pair in sorted(pairs, key=lambda pair: -pair["similarity"]):
        first, second = pair["photos"]
        title, said = f"Photos {first} and {second}", wording.pair_in_short(pair["verdict"])
        both = [by_number[first], by_number[second]]
        views.append(_pair(both, pair["similarity"], title, said))
    most, alone = views[0], len(views) == 1
    return ComparisonView(
        photos=photos,
        eyebrow="" if alone else "Most alike",
        headline=wording.pair(pairs[0]["verdict"]) if alone else f"{most.title} {most.said}",
        gist="",
        shown=most.photos,
        similarity=most.similarity,
        title="Every pair",
        pairs=[] if alone else views,
    )


def _pair(photos: Sequence[PhotoView], similarity: float, title: str, said: str) -> PairView:
    return PairView(
        photos=photos,
        title=title,
        said=said,
        meter=similarity,
        similarity=wording.similarity(similarity),
    )
