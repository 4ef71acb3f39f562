"""The answer to one photo, as the one JSON shape that every edge of the program gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlike.errors import StarlikeError
from starlike.records import Box, FaceMatches, Ranking


def of_photo(photo: str, faces: Sequence[FaceMatches]) -> dict[str, Any]:
    """A photo that was answered."""
    found = [_face(item.box, item) for item in faces]
    return {"photo": photo, "faces": found, "error": None}


def of_failure(photo: str, error: StarlikeError) -> dict[str, Any]:
    """A photo that has no answer, with a code that programs can rely on."""
    return {"photo": photo, "faces": [], "error": _error(error)}


def of_several(photos: Sequence[str], ranking: Ranking) -> dict[str, Any]:
    """One answer for several photos of one person; there is no single box."""
    return {
        "together": list(photos),
        "agreeing": ranking.photos,
        "faces": [_face(None, ranking)],
        "error": None,
    }


def of_several_failed(error: StarlikeError) -> dict[str, Any]:
    """Several photos, none of which could be used."""
    return {"together": [], "agreeing": 0, "faces": [], "error": _error(error)}


def _error(error: StarlikeError) -> dict[str, str]:
    return {"code": error.code, "message": str(error)}


def _face(box: Box | None, ranking: Ranking) -> dict[str, Any]:
    known = ranking.known_probability
    return {
        "box": None if box is None else list(box),
        "verdict": ranking.verdict,
        "known_probability": None if known is None else round(known, 6),
        "matches": [
            {
                "name": match.name,
                "probability": round(match.probability, 6),
                "similarity": round(match.similarity, 1),
            }
            for match in ranking.matches
        ],
    }
