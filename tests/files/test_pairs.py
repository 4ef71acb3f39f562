"""The table of pairs, read, and divided so that nobody is in both halves."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pytest

from starlike.errors import NamesError
from starlike.files import pairs
from starlike.files.pairs import CHOOSE, REPORT, Half, Pair
from starlike.metrics import KIN, LOOKALIKE

SHIPPED = Path(__file__).parents[2] / "pairs" / "celebrities.csv"
PEOPLE = ("Ada", "Ben", "Çelik", "Dan")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pairs.csv"


def _read(file: Path, text: str) -> Half:
    file.write_bytes(text.encode())
    return pairs.read(file, REPORT)


def _refused(file: Path, text: str) -> str:
    with pytest.raises(NamesError) as caught:
        _read(file, text)
    assert str(caught.value).startswith(f"{file}: ")
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "a,b,kind\nAda,Ben,lookalike\nBen,Çelik,kin\n",
        "\ufeffa,b,kind\r\nAda,Ben,lookalike\r\n\r\nBen,Çelik,parent\r\n",
        " Kind , note,B,a\n LookAlike,,Ben, Ada\nsibling,sure,Çelik,Ben,more\n,,,\n",
        'a,b,kind,note\n"Ada","Ben",lookalike,"so, they\nsay"\nBen,C\u0327elik,kin\n',
        "a,b,kind\nBen,Ada,lookalike\nADA,Ben,lookalike\nBen,Çelik,kin\nBen,Çelik,parent\n",
    ],
    ids=["plain", "bom and crlf", "columns of others", "quoted and decomposed", "named twice"],
)
def test_pairs_are_read_however_they_are_written(file: Path, text: str) -> None:
    assert _read(file, text).pairs == (
        Pair(a="Ada", b="Ben", kind=LOOKALIKE),
        Pair(a="Ben", b="Çelik", kind=KIN),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the column a is missing; the header must name the columns a, b and kind"),
        ("Ada,Ben,lookalike\n", "the column a is missing"),
        ("a,b\nAda,Ben\n", "the column kind is missing"),
        ("a,b,kind\n", "there is no pair in it; write one a line"),
        ("a,b,kind\nAda,Ben,kin\nAda,,kin\n", "line 3: b is missing"),
        ("a,b,kind\nAda,Ben\n", "line 2: kind is missing"),
        ("a,b,kind\n\nAda,Ben,cousin\n", "line 3: 'cousin' is no kind of pair; write lookalike"),
        ("a,b,kind\nAda,ada ,kin\n", "line 2: Ada stands there twice"),
        (
            "a,b,kind\nAda,Ben,kin\nBen,Ada,lookalike\n",
            "line 3: Ada and Ben are look-alikes in one line and kin in another",
        ),
    ],
)
def test_what_is_no_pair_is_told_with_its_line(file: Path, text: str, said: str) -> None:
    assert said in _refused(file, text)


def test_a_file_that_cannot_be_read_is_told(file: Path) -> None:
    with pytest.raises(NamesError, match="the pairs cannot be read"):
        pairs.read(file, REPORT)
    file.write_bytes(b"a,b,kind\nAd\xff,Ben,kin\n")
    with pytest.raises(NamesError, match="not a CSV table in UTF-8"):
        pairs.read(file, REPORT)


def _drawn(seed: int) -> list[Pair]:
    """Pairs drawn among few enough people that many are linked."""
    draw = random.Random(seed)
    drawn = {tuple(sorted(draw.sample(range(60), 2))): draw.random() < 0.3 for _ in range(35)}
    return [
        Pair(a=f"{one:02}", b=f"{other:02}", kind=KIN if kin else LOOKALIKE)
        for (one, other), kin in drawn.items()
    ]


def _everyone(some: tuple[pairs.Group, ...]) -> set[str]:
    return {key for group in some for pair in group for key in pair.keys}


@pytest.mark.parametrize("seed", range(5))
def test_nobody_is_in_both_halves_and_no_pair_is_lost(seed: int) -> None:
    drawn = _drawn(seed)
    halves = pairs.divided(drawn)
    assert not _everyone(halves[CHOOSE]) & _everyone(halves[REPORT])
    assert Counter(p for groups in halves.values() for g in groups for p in g) == Counter(drawn)
    for groups in halves.values():
        for number, group in enumerate(groups):
            assert not _everyone((group,)) & _everyone(groups[:number])
            assert pairs.linked(group) == [group]


def test_halves_do_not_depend_on_how_the_rows_stand(file: Path) -> None:
    drawn = _drawn(0)
    lines = [f"{pair.a},{pair.b},{pair.kind}\n" for pair in drawn]
    turned = [f"{pair.b},{pair.a},{pair.kind}\n" for pair in drawn]
    random.Random(1).shuffle(turned)
    first, second = (_read(file, "a,b,kind\n" + "".join(rows)) for rows in (lines, turned))
    assert first == second
    assert first.identity == second.identity
    assert first.identity != pairs.read(file, CHOOSE).identity


def test_the_shipped_pairs_are_divided_evenly() -> None:
    for name in (CHOOSE, REPORT):
        half = pairs.read(SHIPPED, name)
        assert Counter(pair.kind for pair in half.pairs) == {LOOKALIKE: 19, KIN: 6}
        assert half.put_aside == 25


def test_pairs_that_are_all_linked_are_reported_on_and_not_chosen_by(file: Path) -> None:
    assert len(_read(file, "a,b,kind\nAda,Ben,kin\nBen,Dan,lookalike\n").pairs) == 2
    with pytest.raises(NamesError, match="no pair to choose by, for all 2 are linked"):
        pairs.read(file, CHOOSE)


def test_both_are_asked_with_and_sought_where_both_are_classes(file: Path) -> None:
    half = _read(file, "a,b,kind\ndan,ADA,lookalike\nDan,Ben,kin\nBen,Zoe,lookalike\n")
    people = ("Ada", "Ben", "Dan", "Zoe")
    sought = half.sought(people, PEOPLE)
    alike = sought[LOOKALIKE]
    rows = zip(alike.asked, alike.own, alike.wanted, alike.pairs, strict=True)
    # Ada and Dan both ways; and Zoe, who is no class, is asked with alone.
    assert {tuple(row) for row in rows} == {(0, 0, 3, 0), (2, 3, 0, 0), (3, -1, 1, 2)}
    assert {tuple(row) for row in zip(sought[KIN].asked, sought[KIN].wanted, strict=True)} == {
        (1, 3),
        (2, 1),
    }
    assert len(set(alike.groups.tolist())) == 1
    assert half.people(("Zoe", "Çelik", "ada")) == ("Zoe", "ada")


def test_pairs_of_people_who_are_no_classes_are_counted_and_named(file: Path) -> None:
    half = _read(file, "a,b,kind\nAda,Ben,lookalike\nBen,Zoe,lookalike\nZoe,Yan,kin\n")
    asked = half.asked(PEOPLE, PEOPLE)
    assert (asked.lookalikes, asked.kin) == (1, 0)
    assert asked.in_words == (
        "1 pair of look-alikes and 0 pairs of kin; left out, for they are no classes: Ben and Zoe, "
        "Yan and Zoe"
    )


def test_a_file_of_which_no_pair_is_usable_says_what_to_do(file: Path) -> None:
    half = _read(file, "a,b,kind\nYan,Zoe,lookalike\n")
    with pytest.raises(NamesError, match=re.escape("classes: Yan and Zoe; write the names as")):
        half.asked(PEOPLE, PEOPLE)


def test_pairs_put_aside_are_counted() -> None:
    half = pairs.read(SHIPPED, REPORT)
    everyone = tuple({name for pair in half.pairs for name in (pair.a, pair.b)})
    assert half.asked(everyone, everyone).in_words == (
        "19 pairs of look-alikes and 6 pairs of kin; 25 pairs, of other people, put aside"
    )
