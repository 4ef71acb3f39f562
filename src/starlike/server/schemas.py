"""The shapes of requests and answers, as OpenAPI describes them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

MAX_TOP = 100
MAX_AMONG = 50
MAX_LISTED = 1000


class Question(BaseModel):
    """What is asked about photos, in the address or in the form."""

    model_config = ConfigDict(extra="forbid")

    top: int = Field(5, ge=1, le=MAX_TOP, description="How many stars to name.")
    among: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(
        default_factory=list,
        max_length=MAX_AMONG,
        description="Name only these: groups and people of `/v1/classes`.",
        examples=[["well-known"]],
    )
    together: bool = Field(False, description="One more answer for all photos, of one person.")


class Search(BaseModel):
    """Which of the classes to name."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(
        "",
        max_length=200,
        description="Only people in whose name this text occurs, in upper or lower case.",
        examples=["seymour"],
    )
    cursor: int = Field(
        0, ge=0, le=2**53, description="Where to begin: `next` of the page before; 0 at first."
    )
    limit: int = Field(100, ge=1, le=MAX_LISTED, description="How many people to name at most.")


class PhotoError(BaseModel):
    """Why a photo has no answer: a stable code, and a line that says what to do."""

    code: str = Field(examples=["no_face"])
    message: str


class Match(BaseModel):
    """A star that a face resembles."""

    name: str
    probability: float = Field(ge=0, le=1)
    similarity: float = Field(ge=0, le=100, description="By the distance of the embeddings alone.")


class Face(BaseModel):
    """A face with the stars it resembles, most probable first."""

    box: tuple[int, int, int, int] | None = Field(
        description="Top, right, bottom and left in pixels of the upright photo."
    )
    verdict: Literal["in_person", "resembles", "nobody"] = Field(
        description="It seems to be the first match in person, or resembles it, or nobody much."
    )
    known_probability: float = Field(
        ge=0, le=1, description="The chance that it is anybody known here."
    )
    matches: list[Match]


class PhotoAnswer(BaseModel):
    """A photo with its faces, largest first, or with the reason why there are none."""

    photo: str = Field(description="Which of the photos sent: 1 is the first.")
    faces: list[Face]
    error: PhotoError | None
    size: tuple[int, int] | None = Field(
        description="Width and height of the upright photo; null where it cannot be opened."
    )


class Together(BaseModel):
    """One answer for several photos of one person."""

    together: list[str] = Field(description="Which photos could be used.")
    agreeing: int = Field(description="How many of these show one person and count.")
    faces: list[Face]
    error: PhotoError | None


_FACE: JsonDict = {
    "box": [68, 286, 175, 178],
    "verdict": "resembles",
    "known_probability": 0.021377,
    "matches": [
        {"name": "Sharon Lawrence", "probability": 0.041532, "similarity": 56.3},
        {"name": "Jane Seymour", "probability": 0.030118, "similarity": 54.0},
    ],
}
_PHOTO: JsonDict = {"photo": "1", "faces": [_FACE], "error": None, "size": [512, 512]}


class Answer(BaseModel):
    """The answer to all photos of a request, in the order sent."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"photos": [_PHOTO], "together": None}]}
    )

    photos: list[PhotoAnswer]
    together: Together | None


class CompareQuestion(BaseModel):
    """What is asked about photos that are to be compared, in the address or in the form."""

    model_config = ConfigDict(extra="forbid")

    child: bool = Field(
        False, description="The first photo shows a child: whom of the others does it look like?"
    )


class ComparedPhoto(BaseModel):
    """A photo that is compared by its largest face, or the reason why it is not."""

    photo: str = Field(description="Which of the photos sent: 1 is the first.")
    box: tuple[int, int, int, int] | None = Field(
        description="Top, right, bottom and left in pixels of the upright photo."
    )
    faces: int = Field(description="How many faces it shows, of which the largest counts.")
    error: PhotoError | None
    size: tuple[int, int] | None = Field(
        description="Width and height of the upright photo; null where it cannot be opened."
    )


class ComparedPair(BaseModel):
    """Two photos."""

    photos: tuple[str, str]
    similarity: float = Field(ge=0, le=100, description="By the distance of the embeddings alone.")
    verdict: Literal["one_person", "resemble", "unlike"] = Field(
        description="They seem to show one person, or people who resemble each other, or not much."
    )


class ToChild(BaseModel):
    """A photo that a child's is compared with."""

    photo: str
    similarity: float = Field(ge=0, le=100)


class Child(BaseModel):
    """Whom of the others a child looks like."""

    photo: str
    clear: bool = Field(description="Whether other photos would hardly turn the order round.")
    level: list[str] = Field(description="Those who may be the nearest: one where it is clear.")
    nearest: list[ToChild] = Field(description="All others, most similar first.")


class Comparison(BaseModel):
    """How alike the people in photos are; each two that could be used are a pair."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "photos": [
                        {
                            "photo": number,
                            "box": [68, 286, 175, 178],
                            "faces": 1,
                            "error": None,
                            "size": [512, 512],
                        }
                        for number in ("1", "2")
                    ],
                    "pairs": [{"photos": ["1", "2"], "similarity": 42.3, "verdict": "resemble"}],
                    "child": None,
                    "error": None,
                }
            ]
        }
    )

    photos: list[ComparedPhoto]
    pairs: list[ComparedPair]
    child: Child | None = Field(description="Null where it was not asked for.")
    error: None = Field(description="Always null: photos that cannot be compared are a problem.")


class Group(BaseModel):
    """Some of the classes, to be named as `among`."""

    name: str
    people: int


class Portrait(BaseModel):
    """A picture of a star, to be shown with its attribution."""

    url: str
    attribution: str
    licence: str
    licence_url: str | None
    page_url: str | None


class Class(BaseModel):
    """A person whom the model knows: a class of its softmax."""

    name: str
    images: int = Field(description="How many images the model was trained on.")
    groups: list[str]
    portrait: Portrait | None


class Classes(BaseModel):
    """A page of the people whom the model knows."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "groups": [{"name": "well-known", "people": 150}],
                    "classes": [
                        {
                            "name": "Jane Seymour",
                            "images": 6,
                            "groups": ["well-known"],
                            "portrait": None,
                        }
                    ],
                    "next": 100,
                }
            ]
        }
    )

    groups: list[Group]
    classes: list[Class]
    next: int | None = Field(description="The `cursor` of the next page; null on the last one.")


class Model(BaseModel):
    """What answers, and how good it was measured to be."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "version": "0.1.0",
                    "format": 2,
                    "classes": 1326,
                    "trained_on": "all",
                    "embed_from": "augmented",
                    "sample": "6198dcfd62f4cc32…",
                    "card": "# Model card\n…",
                    "figures": None,
                }
            ]
        }
    )

    version: str = Field(description="The version of starlike.")
    format: int = Field(description="The format of the model folder.")
    classes: int
    trained_on: str = Field(description="`all` images, or `train` where some were kept aside.")
    embed_from: str
    sample: str = Field(description="SHA-256 of the sample it was trained on.")
    card: str | None = Field(description="The model card, Markdown.")
    figures: dict[str, Any] | None = Field(description="The model folder's `metrics.json`.")


class Health(BaseModel):
    """That the server is alive."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """That photos are answered, and by how many workers that have loaded their model."""

    status: Literal["ready"] = "ready"
    workers: int = Field(examples=[2])


class Problem(BaseModel):
    """Why a request has no answer: problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str = Field(description="Stable; programs may rely on it.")


class ProblemKind(BaseModel):
    """What a code of problems means."""

    code: str
    title: str
    status: int
