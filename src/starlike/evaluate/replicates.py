"""Several models of one recipe, each with other people left out: how far figures depend on that."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from starlike.errors import ModelError
from starlike.metrics.figures import Figures, Method, Spreads
from starlike.metrics.values import Spread
from starlike.model import store
from starlike.model.classifier import Classifier
from starlike.model.store import SUMS


def check(models: Sequence[Classifier]) -> None:
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
            f"{folder}: {store.TRAINING} does not tell its recipe; train it again to measure it "
            "beside others"
        ) from error


def _differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    missing = object()
    return sorted(
        name for name in {*one, *other} if one.get(name, missing) != other.get(name, missing)
    )


def spreads(measured: Sequence[Figures]) -> tuple[Spreads, ...]:
    """Mean and standard deviation over models of the figures of every method.

    Args:
        measured: the figures of each model, with the same methods.

    Returns:
        In the order of the methods; nothing of a single model.
    """
    if len(measured) < 2:
        return ()
    return tuple(_spreads(same) for same in zip(*(one.methods for one in measured), strict=True))


def _spreads(same: Sequence[Method]) -> Spreads:
    return Spreads(
        same[0].name,
        _spread([method.top_1.value for method in same]),
        _spread([method.top_5.value for method in same]),
        _of(same, lambda one: one.calibration.error if one.calibration else None),
        _of(same, lambda one: one.consistency.first_answer.value if one.consistency else None),
        _of(same, lambda one: one.consistency.top_5_overlap.value if one.consistency else None),
        _of(same, lambda one: one.together.first_answer.value if one.together else None),
        _of(same, lambda one: one.guard.different_people_agree if one.guard else None),
        _of(same, lambda one: one.guard.star_people if one.guard else None),
    )


def _of(same: Sequence[Method], figure: Callable[[Method], float | None]) -> Spread | None:
    values = [value for value in map(figure, same) if value is not None]
    return _spread(values) if len(values) == len(same) else None


def _spread(values: Sequence[float]) -> Spread:
    return Spread(fmean(values), stdev(values), tuple(values))
