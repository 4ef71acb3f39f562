"""The whole road on real photos: images → sample → model → figures → answers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run, Starlike

PEOPLE, LEFT_OUT = 24, 4


@pytest.fixture(scope="module")
def people(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some people with the most photos of whole scenes, six photos each."""
    folder = tmp_path_factory.mktemp("people")
    photos = {
        person: sorted([*person.glob("vggface_*"), *person.glob("famousfaces_*")])[:6]
        for person in (data_folder / "celebrities").iterdir()
    }
    best = sorted(photos, key=lambda person: (-len(photos[person]), person.name))[:PEOPLE]
    for person in best:
        (folder / person.name).mkdir()
        for photo in photos[person]:
            shutil.copy(photo, folder / person.name)
    return folder


@pytest.fixture(scope="module")
def sample(starlike: Starlike, people: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("road") / "sample"
    run = starlike("prepare", people, "--out", folder)
    assert run.status == 0, run.err
    assert f"{PEOPLE} people" in run.out
    return folder


@pytest.fixture(scope="module")
def model(starlike: Starlike, sample: Path) -> Path:
    folder = sample.parent / "model"
    run = starlike(
        "train", sample, "--out", folder, "--epochs", 30, "--leave-out", LEFT_OUT, "--width", 128
    )
    assert run.status == 0, run.err
    assert f"{PEOPLE - LEFT_OUT} people" in run.out
    return folder


@pytest.fixture(scope="module")
def evaluated(starlike: Starlike, model: Path, sample: Path) -> Run:
    names = [one["name"] for one in json.loads((model / "classes.json").read_text())["classes"]]
    pairs = sample.parent / "pairs.csv"
    pairs.write_text(f"a,b,kind\n{names[0]},{names[1]},lookalike\n{names[1]},{names[2]},sibling\n")
    run = starlike(
        *("evaluate", model, sample, "--out", sample.parent / "figures"),
        *("--card", model, "--pairs", pairs),
    )
    assert run.status == 0, run.err
    return run


def test_the_sample_has_a_report_to_look_at(sample: Path) -> None:
    assert "<html" in (sample / "report.html").read_text()


def test_held_out_people_are_recognised(evaluated: Run, sample: Path) -> None:
    assert "network" in evaluated.out
    assert "nearest class mean" in evaluated.out
    figures = json.loads((sample.parent / "figures" / "metrics.json").read_text())
    network, class_mean, *_ = figures["methods"]
    assert figures["about"]["test_images"] == PEOPLE - LEFT_OUT
    assert network["figures"]["top_1"]["value"] >= 0.85
    assert class_mean["figures"]["top_1"]["value"] >= 0.85
    assert network["figures"]["top_1_agreement"]["people"] == LEFT_OUT
    assert "people who are said to look alike: 1 pair of look-alikes and 1 pair" in evaluated.out
    assert 1 <= network["figures"]["lookalike_place"]["value"] < PEOPLE - LEFT_OUT


def test_the_card_is_written_and_sealed(
    starlike: Starlike, evaluated: Run, model: Path, people: Path
) -> None:
    assert "model card" in evaluated.out
    assert "top-1" in (model / "README.md").read_text().lower()
    photo = next(people.glob("*/*"))
    assert starlike("match", "--model", model, photo).status == 0


def test_the_trained_model_names_the_people_it_learned(
    starlike: Starlike, model: Path, people: Path
) -> None:
    names = [item["name"] for item in json.loads((model / "classes.json").read_text())["classes"]]
    photos = [sorted((people / name).iterdir())[0] for name in names[:10]]
    run = starlike("match", "--json", "--top", 1, "--model", model, *photos)
    found = [line for line in run.lines if line["faces"]]
    right = [
        line
        for line in found
        if line["faces"][0]["matches"][0]["name"] == Path(line["photo"]).parent.name
    ]
    assert len(right) >= 0.8 * len(found) > 0


def test_training_goes_on_from_a_model(starlike: Starlike, model: Path, sample: Path) -> None:
    out = model.parent / "further"
    words = ["train", sample, "--out", out, "--leave-out", LEFT_OUT, "--epochs", 2]
    run = starlike(*words, "--resume", model)
    assert run.status == 0, run.err
    assert (out / "model.keras").exists()


def test_a_model_that_saw_the_test_images_is_not_measured_on_them(
    starlike: Starlike, sample: Path
) -> None:
    out = sample.parent / "shipped"
    run = starlike("train", sample, "--out", out, "--all", "--epochs", 2, "--width", 16)
    assert run.status == 0, run.err
    run = starlike("evaluate", out, sample, "--out", sample.parent / "unfair")
    assert run.status == 2
    assert "held out" in run.err
    assert not (sample.parent / "unfair").exists()


def test_a_list_of_names_chooses_the_classes(
    starlike: Starlike, sample: Path, people: Path
) -> None:
    names = sorted(person.name for person in people.iterdir())[:5]
    chosen = sample.parent / "names.txt"
    chosen.write_text("\n".join(names), encoding="utf-8")
    out = sample.parent / "chosen"
    words = ["--classes", chosen, "--epochs", 2, "--width", 16, "--embed-from", "crop"]
    assert starlike("train", sample, "--out", out, *words).status == 0
    classes = json.loads((out / "classes.json").read_text())
    assert [item["name"] for item in classes["classes"]] == names
    assert classes["embed_from"] == "crop"
    photo = next((people / names[0]).iterdir())
    assert starlike("match", "--model", out, photo).status == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("prepare", "{tmp}/nowhere", "--out", "{tmp}/out"), "no such folder"),
        (("prepare", "{tmp}", "--out", "{tmp}/out"), "folders named for people"),
        (("train", "{tmp}", "--out", "{tmp}/out"), "starlike prepare"),
        (("train", "{tmp}", "--out", "{tmp}/out", "--recipe", "{tmp}/nowhere"), "recipe"),
        (("train", "{tmp}", "--out", "{tmp}/out", "--classes", "{tmp}/nowhere"), "names"),
        (("train", "{tmp}", "--out", "{tmp}/out", "--dropout", "2"), "dropout"),
        (("evaluate", "{tmp}/nowhere", "{tmp}", "--out", "{tmp}/out"), "no such model folder"),
        (
            ("evaluate", "{tmp}", "{tmp}", "--out", "{tmp}/out", "--pairs", "{tmp}/nowhere"),
            "pairs cannot be read",
        ),
    ],
)
def test_wrong_input_is_one_clear_line(
    starlike: Starlike, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    run = starlike(*(word.format(tmp=tmp_path) for word in words))
    assert run.status == 2
    assert said in run.err
    assert len(run.err.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()
