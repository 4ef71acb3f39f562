"""The one JSON shape of answers."""

from __future__ import annotations

import json

from starlike.errors import NoFaceError
from starlike.model import answer
from starlike.records import Box, FaceMatches, Match, Ranking

MATCHES = (Match("Ada", 0.12345678, 61.26), Match("Bo", 1e-9, 3.0))


def test_a_face_has_its_box_verdict_and_matches_in_round_numbers() -> None:
    face = FaceMatches(MATCHES, 0.98765432, "in_person", 1, Box(1, 9, 8, 2))
    assert answer.of_photo("me.jpg", [face]) == {
        "photo": "me.jpg",
        "faces": [
            {
                "box": [1, 9, 8, 2],
                "verdict": "in_person",
                "known": 0.987654,
                "matches": [
                    {"name": "Ada", "probability": 0.123457, "similarity": 61.3},
                    {"name": "Bo", "probability": 0.0, "similarity": 3.0},
                ],
            }
        ],
        "error": None,
    }


def test_several_photos_have_one_face_without_a_box_and_tell_how_many_agree() -> None:
    given = answer.of_several(["a", "b", "c"], Ranking(MATCHES, 0.1, "nobody", 2))
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
        answer.of_photo("a", [FaceMatches(MATCHES, 0.5, "resembles", 1, Box(0, 1, 1, 0))]),
        answer.of_several(["a"], Ranking(MATCHES, 0.5, "resembles", 1)),
    ):
        assert json.loads(json.dumps(given)) == given
