"""What the page says of an answer, with and without JavaScript alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlike import image_kind, reports
from starlike.faces.framing import Frame
from starlike.model import wording
from starlike.records import Box

TONES = 8

PortraitOf = Callable[[str], dict[str, Any] | None]
"""The portrait of a class, as `/v1/classes` has it."""

FRAME = Frame(room=2.15, above=0.59, aspect=0.8)
"""Of a face in its arch: from the hair to the shoulders, upright."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StarView:
    """What is shown of a match.

    Attributes:
        name: of the class.
        meter: its similarity, 0 to 100.
        similarity, probability: as text.
        initials: what stands in for a portrait.
        tone: which soft gradient lies behind the initials, from 0 to `TONES` - 1.
        href: where to read about the star.
        portrait: as `/v1/classes` has it; None where there is none.
    """

    name: str
    meter: float
    similarity: str
    probability: str
    initials: str
    tone: int
    href: str
    portrait: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FaceView:
    """What is shown of one face.

    Attributes:
        photo: the number of the photo that shows it, from 1.
        frame: the part of that photo that shows the face; None where the photo cannot be opened.
        verdict: see `starlike.records.Verdict`.
        eyebrow, headline, gist: what is said of it; `gist` may be empty.
        nearest: the title of the list of stars.
        stars: the matches, most probable first.
    """

    photo: int
    frame: Box | None
    verdict: str
    eyebrow: str
    headline: str
    gist: str
    nearest: str
    stars: Sequence[StarView]


@dataclass(frozen=True, kw_only=True, slots=True)
class PhotoView:
    """What is shown of a photo.

    Attributes:
        number: from 1.
        size: width and height of the upright photo; None where it cannot be opened.
        boxes: of the faces that can be picked, or of the one that counts.
        error: the code of the reason why it is left out; None where it is not.
        picture: the photo as a `data:` URI; empty where it is not shown, or is shown by a script.
    """

    number: int
    size: tuple[int, int] | None
    boxes: Sequence[Box]
    error: str | None
    picture: str


def initials(name: str) -> str:
    """Initials of the first and the last word of a name, of any script."""
    words = name.split()
    ends = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(next(filter(str.isalnum, word), "") for word in ends).upper()


def tone(name: str) -> int:
    """Which of the soft gradients stands for a name."""
    return sum(map(ord, name)) % TONES


def read_about(name: str) -> str:
    """Where to read about a star; it is opened only by a click."""
    return f"https://en.wikipedia.org/w/index.php?{urlencode({'search': name})}"


def picture(photo: bytes) -> str:
    """A photo as a `data:` URI; an empty text where browsers do not draw its format."""
    kind = image_kind.kind_of(photo)
    return reports.data_uri(photo, kind.media_type) if kind and kind.in_browsers else ""


def pictures(photos: Sequence[bytes], *, shown: bool) -> list[str]:
    """Each photo as the page holds it; empty texts where a script shows them itself."""
    return [picture(photo) if shown else "" for photo in photos]


def photos(answered: dict[str, Any], pictures: Sequence[str]) -> list[PhotoView]:
    """Every photo of an answer.

    Args:
        answered: the JSON of POST /v1/match.
        pictures: each photo as a `data:` URI, or as an empty text.
    """
    sent = answered["photos"]
    return [
        PhotoView(
            number=int(photo["photo"]),
            size=None if photo["size"] is None else tuple(photo["size"]),
            boxes=[Box(*face["box"]) for face in photo["faces"][: None if len(sent) == 1 else 1]],
            error=photo["error"] and photo["error"]["code"],
            picture=shown,
        )
        for photo, shown in zip(sent, pictures, strict=True)
    ]


def faces(answered: dict[str, Any], portrait: PortraitOf) -> list[FaceView]:
    """Every face of an answer, or the one person whom several photos show.

    Args:
        answered: the JSON of POST /v1/match, asked for together.
        portrait: finds the portraits of stars.
    """
    sent, together = answered["photos"], answered["together"]
    if len(sent) > 1:
        gist = wording.together(len(sent), together["agreeing"])
        first = sent[int(next(iter(together["together"]), 1)) - 1]
        return [_face(face, first, portrait, gist, others=False) for face in together["faces"]]
    (photo,) = sent
    others = len(photo["faces"]) > 1
    return [_face(face, photo, portrait, "", others=others) for face in photo["faces"]]


def _face(
    face: dict[str, Any], photo: dict[str, Any], portrait: PortraitOf, basis: str, *, others: bool
) -> FaceView:
    name = face["matches"][0]["name"]
    said = wording.verdict(face["verdict"], name)
    if face["verdict"] == "in_person":
        eyebrow, headline = "Hello there!", f"{name}?"
    elif face["verdict"] == "nobody":
        eyebrow, headline = "No double to be found", "One of a kind"
        said += " The nearest are below, if you are curious."
    else:
        eyebrow, headline = "This face looks like" if others else "You look like", name
    # An answer for several photos has no box of its own: the largest face of the first is shown.
    box = Box(*(face["box"] or photo["faces"][0]["box"]))
    return FaceView(
        photo=int(photo["photo"]),
        frame=FRAME.around(box, tuple(photo["size"])),
        verdict=face["verdict"],
        eyebrow=eyebrow,
        headline=headline,
        gist=f"{said} {basis}".strip(),
        nearest=_nearest(len(face["matches"])),
        stars=[_star(match, portrait) for match in face["matches"]],
    )


def _nearest(count: int) -> str:
    spelled = {2: " two", 3: " three", 4: " four", 5: " five"}
    return f"The nearest{spelled.get(count, '')}"


def _star(match: dict[str, Any], portrait: PortraitOf) -> StarView:
    name = match["name"]
    return StarView(
        name=name,
        meter=match["similarity"],
        similarity=wording.similarity(match["similarity"]),
        probability=wording.probability(match["probability"]),
        initials=initials(name),
        tone=tone(name),
        href=read_about(name),
        portrait=portrait(name),
    )
