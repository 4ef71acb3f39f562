"""The rules: registered once, explained from where they are, and open to rules from outside."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from starlike.errors import PluginError
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.files.sample import KEPT
from starlike.prepare import LeftOut, Policy
from starlike.prepare.rules import RULES, with_more
from starlike.prepare.rules.base import UNUSABLE
from tests.prepare.conftest import Run
from tests.prepare.test_clean import ADA, BEN, Album, Shown, at
from tests.prepare.toy_rules import CROWDED, ENOUGH

OUTSIDE = "tests.prepare.toy_rules"
TRAINING = Path(__file__).parents[2] / "docs" / "training.md"


@pytest.fixture
def album() -> Album:
    """Four good images of Ada and five of Ben; and Ada beside Ben, where she is told."""
    album = Album()
    album.person("Ada", ADA)
    album.person("Ben", BEN, 5)
    album.add("Ada/x", Shown(at(ADA, 50), side=120), Shown(at(BEN, 51)))
    return album


def test_every_status_has_a_code_of_its_own() -> None:
    codes = [KEPT, *(rule.code for rule in RULES), *(status.code for status in UNUSABLE)]
    assert len(set(codes)) == len(codes)


def test_the_documents_table_is_that_of_the_rules() -> None:
    figures = asdict(Policy().in_space(DLIB_RESNET))
    lines = TRAINING.read_text(encoding="utf-8").splitlines()
    for status in (*UNUSABLE, *RULES):
        assert f"| `{status.code}` | {status.meaning.format(**figures)} |" in lines
    rows = [line.split("`")[1] for line in lines if line.startswith("| `")]
    expected = [status.code for status in (*UNUSABLE, *RULES)]
    assert rows[: len(expected)] == expected


class TestFromOutside:
    def test_a_rule_leaves_out_what_it_says_with_its_code_and_reason(self, album: Album) -> None:
        assert album.judge()["Ada/x"].status == KEPT
        verdict = album.judge(rules=with_more([CROWDED]))["Ada/x"]
        assert (verdict.status, verdict.reason) == ("crowded", "2 people stand about")

    def test_a_rule_that_compares_classes_sees_all_that_are_still_in(self, album: Album) -> None:
        left_out = {
            image: verdict.reason
            for image, verdict in album.judge(rules=with_more([CROWDED, ENOUGH])).items()
            if verdict.status == "enough"
        }
        assert left_out == {f"Ben/{letter}": "Ben has enough" for letter in "abcde"}

    def test_it_comes_before_the_rule_that_it_names(self) -> None:
        codes = [rule.code for rule in with_more([CROWDED, replace(ENOUGH, before="other_name")])]
        assert codes[codes.index("crowded") + 1] == "near_duplicate"
        assert codes[codes.index("enough") + 1] == "other_name"
        assert [rule.code for rule in with_more([ENOUGH])][-1] == "enough"

    def test_what_an_earlier_rule_left_out_it_does_not_see(self, album: Album) -> None:
        album.add("Ada/y", Shown(at(ADA, 52), sharpness=1), Shown(at(BEN, 53)))
        assert album.judge(rules=with_more([CROWDED]))["Ada/y"].status == "blurred"
        first = replace(CROWDED, before="duplicate")
        assert album.judge(rules=with_more([first]))["Ada/y"].status == "crowded"

    def test_what_stays_in_place_of_a_portrait_counts_as_the_portrait(self) -> None:
        album = Album()
        album.add("Eve/a", Shown(at(7)))
        album.add("Eve/b", Shown(at(8)))
        album.add("Eve/portrait", Shown(at(8)), portrait=True)
        gone = replace(CROWDED, apply=lambda *_: {2: LeftOut("not wanted", instead=1)})
        judged = album.judge(rules=with_more([gone]))
        assert judged["Eve/b"].status == KEPT
        assert judged["Eve/a"].status == "wrong_person"

    def test_it_can_be_found_by_where_it_is(self) -> None:
        assert CROWDED in with_more([f"{OUTSIDE}:CROWDED"])

    def test_one_that_is_installed_can_be_found_by_name(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        facts = tmp_path / "crowds-1.0.dist-info"
        facts.mkdir()
        (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: crowds\nVersion: 1.0\n")
        (facts / "entry_points.txt").write_text(
            f"[starlike.cleaning_rules]\ncrowds = {OUTSIDE}:CROWDED\n"
        )
        monkeypatch.syspath_prepend(tmp_path)
        assert CROWDED in with_more(["crowds"])

    @pytest.mark.parametrize(
        ("added", "why"),
        [
            ("nobody", "there is no cleaning rule nobody"),
            (f"{OUTSIDE}:NO_RULE", "not a ClassRule or SampleRule"),
            (f"{OUTSIDE}:MISSING", "cannot be imported"),
            (replace(CROWDED, code="blurred"), "the code blurred of a cleaning rule is taken"),
            (replace(CROWDED, code="empty"), "the code empty of a cleaning rule is taken"),
            (replace(CROWDED, before="nothing"), "comes before nothing, which is none of"),
        ],
    )
    def test_what_does_not_fit_is_refused_in_a_line(self, added: object, why: str) -> None:
        with pytest.raises(PluginError, match=why) as raised:
            with_more([added])  # type: ignore[list-item]
        assert "\n" not in str(raised.value)

    def test_the_stage_takes_it_and_the_report_explains_it(self, planted: Path, run: Run) -> None:
        made = run(planted, rules=[f"{OUTSIDE}:CROWDED"])
        row = made.rows["Emma Stone/with_colin.jpg"]
        assert (row["status"], row["reason"]) == ("crowded", "2 people stand about")
        page = made.summary.report.read_text(encoding="utf-8")
        assert "Others are in the picture, too, and faces of 20 pixels count." in page


def test_a_policy_is_given_in_units_of_what_an_encoder_calls_the_same_person() -> None:
    dlib = Policy().in_space(DLIB_RESNET)
    assert asdict(dlib) == {
        "min_face": 20,
        "min_sharpness": 15.0,
        "main_face": 3.0,
        "own_face": 0.5,
        "same_face": 0.2,
        "same_photo": 0.3,
        "same_hash": 12,
        "alike": 0.6,
        "far": 0.48,
        "doubtful": 0.43,
        "few": 0.3,
        "usual": 0.32,
        "usual_images": 5,
        "two_people": 0.28,
        "same_person": 0.6,
    }
    twice = Policy().in_space(replace(DLIB_RESNET, same_person=1.2))
    assert (twice.far, twice.same_photo) == (0.96, 0.6)
    assert (twice.min_face, twice.min_sharpness, twice.main_face) == (20, 15.0, 3.0)
