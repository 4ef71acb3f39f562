"""The one JSON shape of answers."""

from __future__ import annotations

import json

from starlike.errors import NoFaceError
from starlike.model import answer
from starlike.records import Box, FaceMatches, Match, Ranking, Verdict

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


def test_every_answer_is_json() -> None:
    for given in (
        answer.of_photo("a", [_face("resembles", 0.5, Box(0, 1, 1, 0))]),
        answer.of_several(["a"], _ranking("resembles", 1)),
    ):
        assert json.loads(json.dumps(given)) == given
