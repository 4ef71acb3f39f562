"""How early people come for whom they are said to look like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from starlike.cli import tables
from starlike.errors import NamesError
from starlike.evaluate import evaluate, write_card
from starlike.files import sample
from starlike.files.pairs import CHOOSE, REPORT
from starlike.metrics import Number, OfPairs
from starlike.metrics.figures import read
from starlike.metrics.values import PairsAsked
from starlike.model import store
from starlike.records import Floats
from tests import pairs
from tests.evaluate.conftest import KNOWN, UNKNOWN

Row = dict[str, Any]
KEYS = {
    "lookalike_place",
    "lookalike_in_5",
    "lookalike_in_20",
    "lookalike_in_50",
    "lookalike_reciprocal",
    "kin_place",
    "kin_in_20",
}
PAIRS = "Ada,Ben,lookalike\nÇelik,Dan,lookalike\n"


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """A file of pairs that are all linked, so that all are reported on."""
    file = tmp_path / "pairs.csv"
    file.write_text("a,b,kind\nAda,Ben,lookalike\nEve,Ada,lookalike\nBen,Dan,kin\n", "utf-8")
    return file


@pytest.fixture
def apart(tmp_path: Path) -> Path:
    return pairs.write(tmp_path / "pairs.csv", PAIRS, REPORT)


def place(photos: Sequence[Floats], means: dict[str, Floats], wanted: str, own: str) -> float:
    """The median over photos of how many of the others are as near as the one who is wanted."""
    places = []
    for photo in photos:
        apart = {name: np.linalg.norm(mean - photo) for name, mean in means.items() if name != own}
        places.append(sum(one <= apart[wanted] for one in apart.values()))
    return float(np.median(places))


def test_places_are_those_among_the_others_for_every_photo_of_the_one(
    rows: list[Row],
    centres: dict[str, Floats],
    make_sample: Callable[[Sequence[Row]], Path],
    make_model: Callable[..., Path],
    linked: Path,
    tmp_path: Path,
) -> None:
    # Ada's photos, trained on or not, lie anywhere, so that their places differ.
    rng = np.random.default_rng(5)
    for row in rows:
        if row["class"] == "Ada":
            row["embedding"] = rng.normal(0, 0.12, 128).astype(np.float32)
    figures = evaluate(make_model(), make_sample(rows), tmp_path / "out", pairs=linked)
    means = {name: centres[name] for name in KNOWN}
    photos = {
        person: [row["embedding"] for row in rows if row["class"] == person] for person in centres
    }
    directions = [("Ada", "Ben"), ("Ben", "Ada"), ("Eve", "Ada")]
    places = [place(photos[one], means, other, one) for one, other in directions]
    measured = figures.network.figures
    assert measured["lookalike_place"] == Number(value=float(np.median(places)))
    assert measured["lookalike_reciprocal"].value == pytest.approx(np.mean(1 / np.array(places)))
    kin = [place(photos[one], means, other, one) for one, other in (("Ben", "Dan"), ("Dan", "Ben"))]
    assert measured["kin_place"].value == np.median(kin)
    assert measured["kin_in_20"].value == measured["lookalike_in_5"].value == 1.0
    # Eve is no class, so she is asked with and not sought.
    assert figures.about.pairs == PairsAsked(lookalikes=2, kin=1, left_out=(), put_aside=0)


def test_without_a_file_of_pairs_there_is_no_likeness(
    model_folder: Path, sample_folder: Path, tmp_path: Path
) -> None:
    figures = evaluate(model_folder, sample_folder, tmp_path)
    assert not KEYS & set(figures.network.figures)
    assert figures.about.pairs is None
    assert "look alike" not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_every_method_has_them_with_intervals_wherever_figures_are_shown(
    model_folder: Path,
    sample_folder: Path,
    apart: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    figures = evaluate(model_folder, sample_folder, tmp_path, pairs=apart)
    assert read(tmp_path / "metrics.json") == figures
    for method in figures.methods:
        assert set(method.figures) & KEYS == {key for key in KEYS if key.startswith("lookalike")}
        found = method.figures["lookalike_place"]
        assert isinstance(found, OfPairs)
        assert found.pairs == 2
        assert found.low <= found.value <= found.high
    write_card(model_folder, figures, "made")
    tables.figures(figures)
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    card = (model_folder / store.CARD).read_text(encoding="utf-8")
    printed = " ".join(capsys.readouterr().out.split())
    found = figures.network.figures["lookalike_place"]
    assert isinstance(found, OfPairs)
    for shown in (report, card):
        assert "Median place of look-alikes" in shown
        assert f"{found.low:.1f} to {found.high:.1f}" in shown
        assert "Look-alikes among the first 20 (hits at 20)" in shown
        assert "two look alike. Half come as early or earlier. Lower is better." in shown
        assert "2 pairs of look-alikes and 0 pairs of kin" in shown
    assert "<dt>median place of look-alikes</dt>" in report
    assert "<dt>look-alikes among the first 20</dt>" in report
    assert "people who are said to look alike: 2 pairs of look-alikes" in printed
    # Those of the half to choose by are not named, nor asked about.
    assert "Plookalike0 and Plookalike1" in printed
    assert "Qlookalike0" not in printed


def test_each_replicate_is_asked_about_the_pairs_of_its_classes(
    make_model: Callable[..., Path],
    sample_folder: Path,
    apart: Path,
    tmp_path: Path,
) -> None:
    facts = {"sample": sample.identity(sample.read(sample_folder))}
    first = make_model(recipe={"seed": 0}, **facts)
    # Ada and Ben are no classes, so Çelik and Dan alone are sought.
    knows = (*KNOWN[2:], *UNKNOWN)
    other = make_model(called="other", knows=knows, recipe={"seed": 1}, **facts)
    alone = evaluate(other, sample_folder, tmp_path / "alone", pairs=apart)
    assert alone.about.pairs is not None
    assert alone.about.pairs.lookalikes == 1
    assert "Ada and Ben" in alone.about.pairs.left_out
    both = evaluate(first, sample_folder, tmp_path / "both", replicates=[other], pairs=apart)
    spread = both.network.spreads["lookalike_place"]
    assert spread.values == tuple(
        one.network.figures["lookalike_place"].value for one in (both, alone)
    )
    found = both.network.figures["lookalike_place"]
    assert isinstance(found, OfPairs)
    report = (tmp_path / "both" / "report.html").read_text(encoding="utf-8")
    assert f"{spread.mean:.1f} ± {spread.deviation:.1f}</span>" in report
    assert f'<span class="range">{found.low:.1f} to {found.high:.1f}</span>' in report
    assert "The pairs of people are the same, too" in report


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b,kind\nYan,Zoe,lookalike\n", "none is of people who are classes: Yan and Zoe; write"),
        ("a,b,kind\nEve,Fay,kin\n", "none is of people who are classes: Eve and Fay"),
        ("a,b\n", "the column kind is missing"),
    ],
)
def test_pairs_that_cannot_be_asked_about_are_refused_in_a_line(
    model_folder: Path, sample_folder: Path, tmp_path: Path, text: str, said: str
) -> None:
    file, out = tmp_path / "pairs.csv", tmp_path / "out"
    file.write_text(text)
    with pytest.raises(NamesError, match=said) as caught:
        evaluate(model_folder, sample_folder, out, pairs=file)
    assert "\n" not in str(caught.value)
    assert not out.exists()


def test_pairs_to_choose_by_are_not_reported_on(
    model_folder: Path, sample_folder: Path, tmp_path: Path
) -> None:
    file = pairs.write(tmp_path / "pairs.csv", PAIRS, CHOOSE)
    with pytest.raises(NamesError, match="none is of people who are classes: P"):
        evaluate(model_folder, sample_folder, tmp_path / "out", pairs=file)
