"""Replicates: models of one recipe with other people left out, and how far figures move by that."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from starlike.errors import ModelError
from starlike.metrics.figures import Method
from starlike.metrics.values import Spread, Value
from starlike.model import store
from starlike.model.classifier import Classifier
from starlike.model.store import SUMS


def check_replicates(models: Sequence[Classifier]) -> None:
    """Refuse models whose figures cannot be put together.

    Raises:
        ModelError: one is of another recipe (but for the seed), was trained on another sample or
            another part of it, or is there twice.
    """
    if len(models) < 2:
        return
    first = models[0]
    recipe = _recipe(first.folder)
    seen = {(first.folder / SUMS).read_bytes(): first.folder}
    for other in models[1:]:
        if differing := _differing(recipe, _recipe(other.folder)):
            raise ModelError(
                f"{other.folder}: it is of another recipe than {first.folder} (another "
                f"{', '.join(differing)}); train it by the same recipe with another --seed"
            )
        if (other.classes.sample, other.classes.trained_on) != (
            first.classes.sample,
            first.classes.trained_on,
        ):
            raise ModelError(
                f"{other.folder}: it was trained on other images than {first.folder}; train both "
                "on the same sample"
            )
        sums = (other.folder / SUMS).read_bytes()
        if sums in seen:
            raise ModelError(
                f"{other.folder}: it is the same model as {seen[sums]}; name each model once, and "
                "train the others with another --seed"
            )
        seen[sums] = other.folder


def _recipe(folder: Path) -> dict[str, Any]:
    try:
        recipe = json.loads((folder / store.TRAINING).read_text(encoding="utf-8"))["recipe"]
        return {name: value for name, value in recipe.items() if name != "seed"}
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{folder}: {store.TRAINING} does not say its recipe; train it again to measure it "
            "beside others"
        ) from error


def _differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    missing = object()
    return sorted(
        name for name in {*one, *other} if one.get(name, missing) != other.get(name, missing)
    )


def with_spreads(measured: Sequence[Sequence[Method]]) -> tuple[Method, ...]:
    """The methods of the first model, with mean and standard deviation of each figure over models.

    Args:
        measured: the same methods of each model. Those of a single model stay as they are.
    """
    if len(measured) < 2:
        return tuple(measured[0])
    return tuple(
        replace(same[0], spreads=_spreads([one.figures for one in same]))
        for same in zip(*measured, strict=True)
    )


def _spreads(same: Sequence[Mapping[str, Value]]) -> dict[str, Spread]:
    """Of each figure that was measured of every model."""
    everywhere = [key for key in same[0] if all(key in figures for figures in same)]
    return {key: _spread([figures[key].value for figures in same]) for key in everywhere}


def _spread(values: Sequence[float]) -> Spread:
    return Spread(fmean(values), stdev(values), tuple(values))
