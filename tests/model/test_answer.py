"""The one JSON shape of answers."""

from __future__ import annotations

import json

import numpy as np

from starlike.errors import NoFaceError
from starlike.model import answer
from starlike.model.comparing import Tried
from starlike.records import (
    Box,
    ChildLikeness,
    Compared,
    Comparison,
    Embedding,
    Face,
    FaceMatches,
    Match,
    Pair,
    Ranking,
    Verdict,
)

MATCHES = (Match("Ada", 0.12345678, 61.26), Match("Bo", 1e-9, 3.0))


def _face(verdict: Verdict, known: float, box: Box) -> FaceMatches:
    return FaceMatches(matches=MATCHES, known_probability=known, verdict=verdict, photos=1, box=box)


def _ranking(verdict: Verdict, photos: int) -> Ranking:
    return Ranking(matches=MATCHES, known_probability=0.1, verdict=verdict, photos=photos)


def test_a_face_has_its_box_verdict_and_matches_in_round_numbers() -> None:
    face = _face("in_person", 0.98765432, Box(1, 9, 8, 2))
    assert answer.of_photo("me.jpg", [face]) == {
        "photo": "me.jpg",
        "faces": [
            {
                "box": [1, 9, 8, 2],
                "verdict": "in_person",
                "known_probability": 0.987654,
                "matches": [
                    {"name": "Ada", "probability": 0.123457, "similarity": 61.3},
                    {"name": "Bo", "probability": 0.0, "similarity": 3.0},
                ],
            }
        ],
        "error": None,
    }


def test_several_photos_have_one_face_without_a_box_and_tell_how_many_agree() -> None:
    given = answer.of_several(["a", "b", "c"], _ranking("nobody", 2))
    assert list(given) == ["together", "agreeing", "faces", "error"]
    assert given["together"] == ["a", "b", "c"]
    assert given["agreeing"] == 2
    (face,) = given["faces"]
    assert face["box"] is None
    assert face["verdict"] == "nobody"


def test_a_failure_has_the_keys_of_an_answer() -> None:
    error = NoFaceError("no face")
    told = {"code": "no_face", "message": "no face"}
    assert answer.of_failure("a", error) == {"photo": "a", "faces": [], "error": told}
    several = answer.of_several_failed(error)
    assert several == {"together": [], "agreeing": 0, "faces": [], "error": told}


def _tried() -> list[Tried]:
    face = Face(box=Box(1, 9, 8, 2), detector="made")
    faces = [Embedding(face, np.zeros(2, dtype=np.float32))]
    return [("a", faces), ("bad", NoFaceError("no face")), ("b", faces * 2), ("c", faces)]


def _comparison() -> Comparison:
    similarities = np.array([[99, 40.26, 70], [40.26, 99, 5], [70, 5, 99]], dtype=np.float32)
    return Comparison(
        photos=tuple(Compared(name=name, box=Box(1, 9, 8, 2), faces=1) for name in "abc"),
        similarities=similarities,
        pairs=(Pair(first=0, second=1, similarity=40.26, verdict="resemble"),),
        child=ChildLikeness(nearest=(2, 1), level=1),
    )


def test_a_comparison_names_its_photos_and_those_left_out() -> None:
    no_face = {"code": "no_face", "message": "no face"}
    assert answer.of_comparison(_tried(), _comparison()) == {
        "photos": [
            {"photo": "a", "box": [1, 9, 8, 2], "faces": 1, "error": None},
            {"photo": "bad", "box": None, "faces": 0, "error": no_face},
            {"photo": "b", "box": [1, 9, 8, 2], "faces": 2, "error": None},
            {"photo": "c", "box": [1, 9, 8, 2], "faces": 1, "error": None},
        ],
        "pairs": [{"photos": ["a", "b"], "similarity": 40.3, "verdict": "resemble"}],
        "child": {
            "photo": "a",
            "clear": True,
            "level": ["c"],
            "nearest": [
                {"photo": "c", "similarity": 70.0},
                {"photo": "b", "similarity": 40.3},
            ],
        },
        "error": None,
    }


def test_a_comparison_that_failed_has_the_keys_of_one_that_did_not() -> None:
    failed = answer.of_comparison_failed(_tried(), NoFaceError("no face"))
    assert list(failed) == list(answer.of_comparison(_tried(), _comparison()))
    assert (failed["pairs"], failed["child"]) == ([], None)
    assert failed["error"] == {"code": "no_face", "message": "no face"}


def test_every_answer_is_json() -> None:
    for given in (
        answer.of_photo("a", [_face("resembles", 0.5, Box(0, 1, 1, 0))]),
        answer.of_several(["a"], _ranking("resembles", 1)),
        answer.of_comparison(_tried(), _comparison()),
    ):
        assert json.loads(json.dumps(given)) == given
