from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from starlike.errors import ModelError, SampleError
from starlike.evaluate import evaluate, plots
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.files import sample
from starlike.metrics import Share
from starlike.metrics.figures import read
from starlike.records import Floats
from tests.evaluate.conftest import KNOWN, hits, mean

Row = dict[str, Any]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "evaluation"


@pytest.fixture
def swapped(centres: dict[str, Floats]) -> dict[str, Floats]:
    """What a model believes that takes Ada and Ben for one another."""
    return centres | {"Ada": centres["Ben"], "Ben": centres["Ada"]}


def test_a_model_that_knows_everyone_is_always_right(
    model_folder: Path, sample_folder: Path, out: Path
) -> None:
    network, class_mean = evaluate(model_folder, sample_folder, out).methods
    assert (network.name, class_mean.name) == ("network", "nearest class mean")
    for method in (network, class_mean):
        assert hits(method, "top_1") == hits(method, "top_5") == (4, 4)
    assert network.reliability
    assert class_mean.reliability is None
    assert "calibration_error" not in class_mean.figures


def test_the_network_and_the_class_mean_are_measured_apart(
    make_model: Callable[..., Path], swapped: dict[str, Floats], sample_folder: Path, out: Path
) -> None:
    figures = evaluate(make_model(swapped), sample_folder, out)
    network, class_mean = figures.methods
    assert (hits(network), hits(class_mean)) == ((2, 4), (4, 4))
    assert {(c.person, c.answer, c.images) for c in figures.confusions} == {
        ("Ada", "Ben", 1),
        ("Ben", "Ada", 1),
    }
    assert {c.name: (c.train_images, c.test_images, c.right) for c in figures.by_class} == {
        "Ada": (3, 1, 0),
        "Ben": (3, 1, 0),
        "Çelik": (3, 1, 1),
        "Dan": (3, 1, 1),
    }


def test_test_images_alone_are_asked_about_and_grouped(
    model_folder: Path, sample_folder: Path, out: Path
) -> None:
    figures = evaluate(model_folder, sample_folder, out)
    by = {
        grouping.by: {
            group.name: (group.images, "top_1" in group.methods[0]) for group in grouping.groups
        }
        for grouping in figures.groupings
    }
    # Some unknown people's photos, which no first answer can be right for, come from the crawl.
    assert by["source"] == {"album": (4, True), "crawl": (0, False)}
    assert by["training images"] == {"3–4": (4, True)}
    assert figures.about.sources == {"album": 6, "crawl": 15}
    assert (figures.about.sample_people, figures.about.train_images) == (6, 12)


def test_people_the_model_does_not_know_are_asked_about_in_both_splits(
    model_folder: Path, sample_folder: Path, out: Path
) -> None:
    figures = evaluate(model_folder, sample_folder, out)
    asked = figures.about.unknown
    assert asked is not None
    assert (asked.people, asked.images) == (2, 5)
    assert (asked.people_of_pairs, asked.pairs) == (2, 3 + 1)
    assert (asked.people_of_draws, asked.draws) == (0, 0)
    for method in figures.methods:
        assert mean(method) == (2, 1.0)
        assert method.top_star is not None
        assert method.top_star.people == method.figures["top_star_share"].value


def test_someone_with_one_photo_counts_for_false_agreement_only(
    rows: list[Row],
    make_sample: Callable[[Sequence[Row]], Path],
    make_model: Callable[..., Path],
    out: Path,
) -> None:
    without = [row for row in rows if row["image"] != "Fay/0.jpg"]
    figures = evaluate(make_model(), make_sample(without), out)
    assert mean(figures.network)[0] == 1
    assert figures.about.unknown is not None
    assert figures.about.unknown.people == 2
    assert "false_agreement" in figures.network.figures


def test_without_unknown_people_agreement_is_not_measured(
    rows: list[Row],
    make_sample: Callable[[Sequence[Row]], Path],
    make_model: Callable[..., Path],
    out: Path,
) -> None:
    folder = make_sample([row for row in rows if row["class"] not in ("Eve", "Fay")])
    figures = evaluate(make_model(), folder, out)
    assert figures.about.unknown is None
    for method in figures.methods:
        assert set(method.figures) <= {"top_1", "top_5", "calibration_error"}
        assert method.top_star is None
    assert "could not be measured" in (out / "report.html").read_text(encoding="utf-8")


def test_images_that_were_left_out_of_the_sample_do_not_count(
    rows: list[Row],
    make_sample: Callable[[Sequence[Row]], Path],
    make_model: Callable[..., Path],
    out: Path,
) -> None:
    blurred = rows[0] | {"status": "blurred", "split": None, "image": "Ada/9.jpg"}
    figures = evaluate(make_model(), make_sample([*rows, blurred]), out)
    assert hits(figures.network)[1] == figures.about.test_images == 4


def test_only_the_classes_asked_for_can_be_answered(
    make_model: Callable[..., Path], swapped: dict[str, Floats], sample_folder: Path, out: Path
) -> None:
    figures = evaluate(make_model(swapped), sample_folder, out, classes=["Dan", "Ada"])
    network = figures.methods[0]
    assert (figures.about.classes, figures.about.model_classes) == (2, 4)
    assert {item.name for item in figures.by_class} == {"Ada", "Dan"}
    # Ben, whom this model takes Ada for, cannot be named; what is left adds up to 1.
    assert network.reliability is not None
    assert network.reliability[0].probability >= 0.5
    assert {pair.answer for pair in figures.confusions} <= {"Ada", "Dan"}


def test_the_class_mean_is_taken_of_training_images_alone(
    rows: list[Row],
    centres: dict[str, Floats],
    make_sample: Callable[[Sequence[Row]], Path],
    make_model: Callable[..., Path],
    out: Path,
) -> None:
    # Ada's test image looks like Ben. A mean that held it would still be hers; so it must be wrong.
    odd = [row | ({"embedding": centres["Ben"]} if row["sha256"] == "Ada0" else {}) for row in rows]
    only = [row for row in odd if row["class"] != "Ada" or row["split"] == "test"]
    class_mean = evaluate(make_model(), make_sample(only), out).methods[1]
    assert hits(class_mean) == (3, 4)


def test_everything_is_written_and_metrics_json_holds_the_figures(
    model_folder: Path, sample_folder: Path, out: Path
) -> None:
    steps: list[tuple[int, int]] = []
    figures = evaluate(
        model_folder, sample_folder, out, progress=lambda done, total: steps.append((done, total))
    )
    assert read(out / "metrics.json") == figures
    assert json.loads((out / "metrics.json").read_text(encoding="utf-8"))["format"] == 3
    for name in ("calibration.png", "images_a_person.png", "similarity.png", "pairs.png"):
        assert (out / name).read_bytes().startswith(b"\x89PNG")
    assert steps == [(1, 2), (2, 2)]


def test_the_report_shows_figures_and_embeds_the_plots(
    make_model: Callable[..., Path], swapped: dict[str, Floats], sample_folder: Path, out: Path
) -> None:
    evaluate(make_model(swapped), sample_folder, out)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") == 5
    assert "50.0 %" in page
    assert "trained on another sample" in page


def test_names_cannot_put_markup_into_the_report(
    rows: list[Row],
    make_sample: Callable[[Sequence[Row]], Path],
    make_model: Callable[..., Path],
    out: Path,
) -> None:
    hostile = "<script>alert('$x$')</script>"
    folder = make_sample([row | {"source": hostile} for row in rows])
    evaluate(make_model(), folder, out)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("embed_from", ["crop", "augmented"])
def test_other_embeddings_are_compared_with_their_own_class_mean_and_the_plain_one(
    rows: list[Row],
    centres: dict[str, Floats],
    make_sample: Callable[[Sequence[Row]], Path],
    make_model: Callable[..., Path],
    out: Path,
    embed_from: str,
) -> None:
    # In the whole photo Ada's test image looks like Ben; in its crop and its views it is herself.
    odd = [
        row
        | {"augmented_embeddings": np.tile(row["embedding"], 8)}
        | ({"embedding": centres["Ben"]} if row["sha256"] == "Ada0" else {})
        for row in rows
    ]
    figures = evaluate(make_model(embed_from=embed_from), make_sample(odd), out)
    names = ["network", f"nearest class mean, {embed_from}", "nearest class mean"]
    assert [method.name for method in figures.methods] == names
    assert [hits(method)[0] for method in figures.methods] == [4, 4, 3]
    assert all(len(group.methods) == 3 for one in figures.groupings for group in one.groups)


def test_groups_of_the_models_people_are_measured_apart(
    make_model: Callable[..., Path], swapped: dict[str, Floats], sample_folder: Path, out: Path
) -> None:
    folder = make_model(swapped, groups={"well-known": ("Ada", "Çelik"), "old": ("Dan",)})
    grouping = evaluate(folder, sample_folder, out).groupings[-1]
    shares = {group.name: group.methods[0]["top_1"] for group in grouping.groups}
    assert grouping.by == "people"
    assert {
        name: (share.hits, share.images)
        for name, share in shares.items()
        if isinstance(share, Share)
    } == {
        "well-known": (1, 2),
        "old": (1, 1),
        "everyone else": (0, 1),
    }
    assert "everyone else: right first answers 0.0 %" in (out / "report.html").read_text("utf-8")


def test_two_photos_together_are_asked_of_people_with_four(
    rows: list[Row],
    centres: dict[str, Floats],
    make_sample: Callable[[Sequence[Row]], Path],
    make_model: Callable[..., Path],
    out: Path,
) -> None:
    # Of Eve's four photos three look like Ada and one like Ben; any two together are near Ada or
    # halfway, and Fay has too few.
    eve = next(row for row in rows if row["class"] == "Eve")
    faces = [centres["Ada"]] * 3 + [centres["Ben"] * 0.9 + centres["Ada"] * 0.1]
    fours = [
        eve | {"image": f"Eve/{i}.jpg", "sha256": f"Eve{i}", "embedding": face}
        for i, face in enumerate(faces)
    ]
    others = [row for row in rows if row["class"] != "Eve"]
    network = evaluate(make_model(), make_sample([*others, *fours]), out).network
    people, of_two = mean(network, "top_1_agreement_of_two")
    assert people == 1
    assert mean(network)[1] < of_two == 1.0
    assert "two photos against two" in (out / "report.html").read_text(encoding="utf-8")


def test_plots_are_drawn_whatever_people_are_called(
    rows: list[Row],
    centres: dict[str, Floats],
    make_sample: Callable[[Sequence[Row]], Path],
    make_model: Callable[..., Path],
    out: Path,
) -> None:
    called = dict(zip(KNOWN, (r"$\frac$", "Ke$ha", "x" * 80, "Dan"), strict=True))
    at = {called[name]: centres[name] for name in KNOWN}
    at[called["Ada"]], at[called["Ben"]] = at[called["Ben"]], at[called["Ada"]]
    folder = make_sample([row | {"class": called.get(row["class"], "Eve")} for row in rows])
    figures = evaluate(make_model(at, knows=tuple(at)), folder, out)
    assert (called["Ada"], called["Ben"]) in {(c.person, c.answer) for c in figures.confusions}
    for name in plots.draw(figures):
        assert (out / name).stat().st_size > 1000


def test_a_model_trained_on_the_test_images_is_refused(
    make_model: Callable[..., Path], sample_folder: Path, out: Path
) -> None:
    same = sample.identity(sample.read(sample_folder))
    with pytest.raises(ModelError, match="nothing is held out; evaluate a model") as caught:
        evaluate(make_model(trained_on="all", sample=same), sample_folder, out)
    assert "\n" not in str(caught.value)
    assert not out.exists()


def test_a_model_trained_on_all_of_another_sample_is_measured(
    make_model: Callable[..., Path], sample_folder: Path, out: Path
) -> None:
    figures = evaluate(make_model(trained_on="all"), sample_folder, out)
    assert not figures.about.same_sample


def test_a_sample_without_test_images_of_the_classes_is_refused(
    rows: list[Row],
    make_sample: Callable[[Sequence[Row]], Path],
    make_model: Callable[..., Path],
    out: Path,
) -> None:
    folder = make_sample([row | {"split": "train"} for row in rows])
    with pytest.raises(SampleError, match="no test image"):
        evaluate(make_model(), folder, out)


@pytest.mark.parametrize("other", [{"name": "other"}, {"sha256": "f" * 64}])
def test_a_sample_by_another_encoder_is_refused_in_a_line(
    other: dict[str, Any], make_model: Callable[..., Path], sample_folder: Path, out: Path
) -> None:
    model = make_model(card=replace(DLIB_RESNET, **other))
    with pytest.raises(ModelError, match="prepare the images with the model's encoder") as raised:
        evaluate(model, sample_folder, out)
    assert "\n" not in str(raised.value)
    assert not out.exists()


def test_a_class_that_the_model_does_not_know_is_refused(
    model_folder: Path, sample_folder: Path, out: Path
) -> None:
    with pytest.raises(ModelError, match="does not know 1 of the classes asked for: Eve"):
        evaluate(model_folder, sample_folder, out, classes=["Ada", "Eve"])


def test_a_sample_keeps_its_identity_in_any_order_but_not_with_another_split(
    rows: list[Row], make_sample: Callable[[Sequence[Row]], Path]
) -> None:
    def identity(of: Sequence[Row]) -> str:
        return sample.identity(sample.read(make_sample(of)))

    same = identity(rows)
    rubbish = rows[0] | {"status": "broken", "split": None}
    assert identity([*reversed(rows), rubbish]) == same
    assert identity([rows[0] | {"split": "train"}, *rows[1:]]) != same
    assert identity(rows[1:]) != same


def test_the_same_evaluation_gives_the_same_figures(
    model_folder: Path, sample_folder: Path, out: Path
) -> None:
    first = evaluate(model_folder, sample_folder, out)
    assert evaluate(model_folder, sample_folder, out) == first


def test_importing_the_stage_loads_no_other_stage(
    run_python: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    for stage, other in (("evaluate", "choose"), ("choose", "evaluate")):
        code = f"import sys, starlike.{stage}; print([m for m in sys.modules if '{other}' in m])"
        assert run_python(code).stdout.strip() == "[]"


def test_importing_the_stage_loads_no_plotting_and_no_templates(
    run_python: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    code = "import sys, starlike.evaluate; print({'matplotlib', 'jinja2'} & set(sys.modules))"
    assert run_python(code).stdout.strip() == "set()"


def test_probabilities_among_the_classes_asked_for_add_up_to_one(
    model_folder: Path, sample_folder: Path, out: Path
) -> None:
    one = evaluate(model_folder, sample_folder, out, classes=["ADA"]).network
    assert one.reliability is not None
    assert np.isclose(one.reliability[0].probability, 1.0)
