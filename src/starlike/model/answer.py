"""Answers to photos, in the JSON shapes that every edge of the program gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlike.errors import PhotoError, StarlikeError
from starlike.model.comparing import Tried
from starlike.records import Box, ChildLikeness, Comparison, Embedding, FaceMatches, Ranking


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


def of_comparison(tried: Sequence[Tried], comparison: Comparison) -> dict[str, Any]:
    """How alike the people in photos are; pairs are of the photos that could be used."""
    names = [photo.name for photo in comparison.photos]
    return {
        "photos": [_compared(*one) for one in tried],
        "pairs": [
            {
                "photos": [names[pair.first], names[pair.second]],
                "similarity": round(pair.similarity, 1),
                "verdict": pair.verdict,
            }
            for pair in comparison.pairs
        ],
        "child": comparison.child and _child(comparison.child, comparison),
        "error": None,
    }


def of_comparison_failed(tried: Sequence[Tried], error: StarlikeError) -> dict[str, Any]:
    """Photos that cannot be compared."""
    photos = [_compared(*one) for one in tried]
    return {"photos": photos, "pairs": [], "child": None, "error": _error(error)}


def _compared(name: str, found: Sequence[Embedding] | PhotoError) -> dict[str, Any]:
    if isinstance(found, PhotoError):
        return {"photo": name, "box": None, "faces": 0, "error": _error(found)}
    return {"photo": name, "box": list(found[0].face.box), "faces": len(found), "error": None}


def _child(likeness: ChildLikeness, comparison: Comparison) -> dict[str, Any]:
    names = [photo.name for photo in comparison.photos]
    return {
        "photo": names[0],
        "clear": likeness.level == 1,
        "level": [names[place] for place in likeness.nearest[: likeness.level]],
        "nearest": [
            {
                "photo": names[place],
                "similarity": round(float(comparison.similarities[0, place]), 1),
            }
            for place in likeness.nearest
        ],
    }


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
