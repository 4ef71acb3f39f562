from __future__ import annotations

from collections.abc import Mapping

from starlike.evaluate import wording
from starlike.metrics import Mean, Share, Value, catalogue
from starlike.metrics.figures import Group, Grouping, Similarity
from starlike.metrics.values import Similarities

DECLARED = [one.declaration for one in catalogue.built_in()]


def _share(value: float, low: float, high: float, images: int = 200) -> Share:
    return Share(value=value, low=low, high=high, hits=round(value * images), images=images)


def _agreement(value: float, low: float, high: float) -> Mean:
    return Mean(value=value, low=low, high=high, people=7)


def _group(name: str, found: Share | None = None, **figures: Value) -> Group:
    methods: tuple[Mapping[str, Value], ...] = (figures,)
    return Group(name=name, images=200, faces_found=found, methods=methods)


EVERYONE = _group(
    "all",
    _share(0.99, 0.98, 1.0, 1200),
    top_1=_share(0.97, 0.96, 0.98, 1000),
    top_1_agreement=_agreement(0.3, 0.25, 0.35),
)


def _gaps(*groups: Group) -> list[str]:
    return wording.gaps(Grouping("source", groups), EVERYONE, DECLARED)


def test_a_gap_is_named_with_images_interval_and_average() -> None:
    said = _gaps(_group("crawl", top_1=_share(0.9, 0.85, 0.94)), _group("b", top_1=_share(1, 1, 1)))
    assert said == [
        "crawl: right first answers 90.0 % of 200 images (85.0 to 94.0 %), "
        "7.0 points below the average of 97.0 %."
    ]


def test_a_gap_that_chance_may_explain_says_so() -> None:
    (said,) = _gaps(_group("few", top_1=_share(0.9, 0.7, 0.99, 10)))
    assert said.endswith("Chance alone may explain it.")


def test_three_points_are_no_gap_yet_and_what_was_not_measured_is_none() -> None:
    assert _gaps(_group("near", top_1=_share(0.941, 0.9, 0.97)), _group("none")) == []


def test_lost_faces_and_answers_that_change_are_gaps_too() -> None:
    steady = _agreement(0.2, 0.15, 0.24)
    again, faces = _gaps(_group("c", _share(0.9, 0.85, 0.95), top_1_agreement=steady))
    assert faces.startswith("c: faces found 90.0 % of 200 images")
    assert again.startswith("c: same star again 20.0 % for 7 unknown people (15.0 to 24.0 %)")


def test_what_similarities_mean_is_said_of_the_pairs_that_were_measured() -> None:
    pairs = Similarities(
        pairs=100, low=65, median=84, high=93, reach_50=0.97, reach_90=0.08, counts=(100,)
    )
    similarity = Similarity(
        edges=(0, 100), known=None, unknown=None, one_person=pairs, different=None
    )
    assert wording.explained(similarity) == [
        "A similarity of 50 or more is reached by two photos of one person in 97.0 %.",
        "A similarity of 90 or more is reached by two photos of one person in 8.0 %.",
    ]


def test_it_is_said_from_how_many_images_and_people_on_groups_are_measured() -> None:
    said = wording.fewest(DECLARED)
    assert "calibration error is shown from 100 images on" in said
    assert "same star again is shown from 10 people on" in said
