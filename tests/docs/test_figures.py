"""Figures in sentences are those that were measured of the model that ships."""

from __future__ import annotations

import json
import re
import runpy
from collections.abc import Iterator
from typing import Any

import pytest

from starlike.model import store
from tests.docs.documents import DOCS, README, prose

# What a percentage is taken at, and the ends of the scale: nobody measured these.
DEFINED = {"95 %", "100 %"}
FIGURE = re.compile(r"\d+(?:\.\d+)? ± \d+(?:\.\d+)? %|\d+(?:\.\d+)? %|\d{1,3}(?:,\d{3})+")


def _leaves(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


def _spreads(value: Any) -> Iterator[str]:
    """Means with their deviations."""
    if isinstance(value, dict):
        if {"mean", "deviation"} <= value.keys():
            for digits in (1, 2):
                yield f"{100 * value['mean']:.{digits}f} ± {100 * value['deviation']:.{digits}f} %"
        for part in value.values():
            yield from _spreads(part)
    elif isinstance(value, list):
        for part in value:
            yield from _spreads(part)


@pytest.fixture(scope="module")
def measured() -> Any:
    return json.loads((store.default_folder() / store.METRICS).read_text("utf-8"))


@pytest.fixture(scope="module")
def written(measured: Any) -> set[str]:
    """Every figure that was measured, in every way that it may be written."""
    texts = DEFINED | set(_spreads(measured))
    for value in _leaves(measured):
        texts |= {f"{value:,.0f}", *(f"{100 * value:.{digits}f} %" for digits in (0, 1, 2))}
    return texts


def _claims(text: str) -> list[str]:
    """What a document says was measured, but for tables of what is not in the model folder.

    Those that `docs/tables.py` writes have a test of their own.
    """
    written_by_hand = re.sub(r"<!-- table: .*?<!-- end -->", "", text, flags=re.DOTALL)
    paragraphs = written_by_hand.split("\n\n")
    return FIGURE.findall("\n\n".join(part for part in paragraphs if "make figures" not in part))


def test_the_readme_claims_what_was_measured(written: set[str]) -> None:
    claims = _claims(prose(README))
    assert len(claims) > 3
    assert [claim for claim in claims if claim not in written] == []


def test_a_figure_that_was_not_measured_would_be_found(written: set[str]) -> None:
    claims = _claims("It finds 98.76 % of 1,300 people, with 97.3 ± 0.9 %.")
    assert [claim for claim in claims if claim not in written] == claims


def test_documents_have_their_figures_from_the_model(measured: Any) -> None:
    figures = runpy.run_path(str(DOCS / "figures.py"))["read"]()
    one_person = measured["similarity"]["one_person"]
    assert figures["one_person_median"] == f"{one_person['median']:.0f}"
    used = {
        name
        for document in DOCS.rglob("*.md")
        for name in re.findall(r"\{\{ (\w+) \}\}", document.read_text("utf-8"))
    }
    assert used
    assert used == figures.keys()
