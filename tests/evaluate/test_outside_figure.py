"""A figure from outside the package is shown wherever those inside are."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from starlike.cli import tables
from starlike.errors import PluginError
from starlike.evaluate import evaluate, write_card
from starlike.files import sample
from starlike.metrics import HIGHER, Answered, Figure, InGroups, Mean, figure, number, over_people
from starlike.metrics.figures import Figures, read
from starlike.model import store
from starlike.records import Floats
from tests.evaluate.conftest import KNOWN


@figure(
    key="mean_rank",
    title="place of the right person",
    term="mean rank",
    meaning="At which place the right person comes, on average.",
    better="lower",
    shown_as=number,
    in_groups=InGroups(every_method=True),
)
def mean_rank(answered: Answered) -> float | None:
    """The mean place of the true class among all classes, from 1."""
    if not len(answered.labels):
        return None
    own = np.take_along_axis(answered.scores, answered.labels[:, None], axis=1)
    return float((answered.scores > own).sum(axis=1).mean()) + 1


@figure(
    key="sure",
    title="sure",
    meaning="How sure it is of unknown people.",
    better=None,
    shown_as=number,
)
def sure(answered: Answered) -> Mean | None:
    """How many unknown people get a probability above one half."""
    return over_people(answered.unknown_scores.max(axis=1) > 0.5, answered.unknown_people)


@dataclass(frozen=True)
class Evaluated:
    """Two models, the second of which takes Dan for Ada, and what was written of them."""

    figures: Figures
    report: str
    card: str
    file: Path


@pytest.fixture
def evaluated(
    make_model: Callable[..., Path],
    centres: dict[str, Floats],
    sample_folder: Path,
    tmp_path: Path,
) -> Evaluated:
    facts = {"sample": sample.identity(sample.read(sample_folder))}
    swapped = centres | {"Dan": centres["Ada"], "Ada": centres["Dan"]}
    first, second = (
        make_model(at, called=f"model{seed}", knows=KNOWN, recipe={"seed": seed}, **facts)
        for seed, at in enumerate((centres, swapped))
    )
    out = tmp_path / "out"
    asked: list[Figure] = [mean_rank, sure]
    figures = evaluate(first, sample_folder, out, replicates=[second], figures=asked)
    write_card(first, read(out / "metrics.json"), "made")
    return Evaluated(
        figures,
        (out / "report.html").read_text(encoding="utf-8"),
        (first / store.CARD).read_text(encoding="utf-8"),
        out / "metrics.json",
    )


def test_it_is_in_metrics_json_with_what_is_to_be_said_of_it(evaluated: Evaluated) -> None:
    facts = json.loads(evaluated.file.read_text(encoding="utf-8"))
    network = facts["methods"][0]["figures"]
    assert network["mean_rank"] == {"kind": "number", "value": 1.0, "images": None}
    assert network["sure"]["people"] == 2
    declared = {one["key"]: one for one in facts["declared"]}
    assert declared["mean_rank"]["title"] == "place of the right person"
    assert declared["mean_rank"]["better"] == "lower"
    assert read(evaluated.file) == evaluated.figures


def test_it_has_a_spread_over_replicates(evaluated: Evaluated) -> None:
    spread = evaluated.figures.network.spreads["mean_rank"]
    assert spread.values[0] == 1.0
    assert spread.values[1] > 1.0


def test_it_is_measured_of_groups(evaluated: Evaluated) -> None:
    (album, _) = evaluated.figures.groupings[0].groups
    assert [method["mean_rank"].value for method in album.methods] == [1.0, 1.0]
    assert "Mean rank, nearest class mean" in evaluated.report


def test_report_and_card_show_it_like_the_others(evaluated: Evaluated) -> None:
    text = evaluated.figures.network.spreads["mean_rank"]
    cell = f"{text.mean:.1f} ± {text.deviation:.1f}"
    for shown in (evaluated.report, evaluated.card):
        assert "Place of the right person (mean rank)" in shown
        assert cell in shown
        assert "comes, on average. Lower is better." in shown


def test_the_terminal_shows_it(evaluated: Evaluated, capsys: pytest.CaptureFixture[str]) -> None:
    tables.figures(evaluated.figures)
    printed = capsys.readouterr().out
    assert "mean rank" in printed
    assert "Sure" in printed


def test_one_of_the_same_key_as_another_is_refused_before_anything_is_measured(
    model_folder: Path, sample_folder: Path, tmp_path: Path
) -> None:
    @figure(key="top_1", title="top", meaning="Top.", better=HIGHER, shown_as=number)
    def same(_answered: Answered) -> float:
        return 1.0

    with pytest.raises(PluginError, match="has the key top_1"):
        evaluate(model_folder, sample_folder, tmp_path / "out", figures=[same])
    assert not (tmp_path / "out").exists()
