"""The stage from a sample to a model folder: whole, resumable, on the people asked for."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from starlike import train
from starlike.classifiers import assemble, likeness
from starlike.classifiers.network import load_keras
from starlike.errors import ModelError, SampleError, TrainError
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.files import sample
from starlike.files.recipe import Recipe
from starlike.files.sample import Labelled
from starlike.model import ranking, store
from starlike.train import Options
from tests import samples
from tests.classifiers.conftest import (
    IMAGES,
    PEOPLE,
    TESTED,
    TINY,
    TRAINED,
    Trained,
    crowd,
    sample_rows,
)

Train = Callable[..., Trained]

FILES = {
    "model.keras",
    "classifier.onnx",
    "classes.json",
    "training.json",
    "training.png",
    "SHA256SUMS",
}


def load(folder: Path) -> Any:
    """The whole model, as anyone would load it who has Keras and not starlike."""
    return load_keras().saving.load_model(folder / "model.keras")


def iterations(folder: Path) -> int:
    return int(load(folder).optimizer.iterations)


def facts(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    return loaded


def names(folder: Path) -> tuple[str, ...]:
    return store.read_classes(folder).names


@pytest.fixture(scope="module")
def resumed(
    trained: Trained, train_into: Train, tmp_path_factory: pytest.TempPathFactory
) -> Trained:
    """The trained model, trained for four epochs more."""
    folder = tmp_path_factory.mktemp("resumed") / "model"
    return train_into(folder, Options(resume=trained.folder), epochs=4)


class TestFolder:
    def test_everything_is_there_and_sealed(self, trained: Trained) -> None:
        assert {file.name for file in trained.folder.iterdir()} == FILES
        store.verify(trained.folder)
        sums = (trained.folder / "SHA256SUMS").read_text(encoding="utf-8")
        assert {line.split("  ")[1] for line in sums.splitlines()} == FILES - {"SHA256SUMS"}

    def test_nothing_is_left_beside_it(self, trained: Trained) -> None:
        assert list(trained.folder.parent.iterdir()) == [trained.folder]

    def test_it_says_which_encoder_its_embeddings_are_by(self, tmp_path: Path) -> None:
        card = replace(DLIB_RESNET, name="other", same_person=0.7)
        samples.write(tmp_path, sample_rows(), card=card)
        train.train(tmp_path, tmp_path / "model", replace(TINY, epochs=1, layers=0))
        assert store.read_classes(tmp_path / "model").card == card

    def test_it_opens_and_names_who_is_held_out(self, trained: Trained, held_out: Labelled) -> None:
        opened = store.open_folder(trained.folder)
        rankings = ranking.rank(opened, held_out.embeddings, 3)
        first = [one.matches[0].name for one in rankings]
        expected = [held_out.classes[label] for label in held_out.labels]
        right = sum(one == other for one, other in zip(first, expected, strict=True))
        assert right >= 0.9 * len(expected)
        assert min(one.known_probability or 0.0 for one in rankings) > 0.9

    def test_it_takes_unknown_people_for_unknown(self, trained: Trained) -> None:
        others = crowd([5] * len(PEOPLE), seed=1).embeddings
        answers = store.open_folder(trained.folder).answer(others)
        assert answers.known.max() < 0.1

    def test_the_class_dictionary_says_what_it_was_trained_on(
        self, trained: Trained, sample_folder: Path
    ) -> None:
        classes = store.read_classes(trained.folder)
        assert classes.names == tuple(sorted(PEOPLE))
        assert classes.images == (TRAINED,) * len(PEOPLE)
        assert (classes.embed_from, classes.trained_on) == ("photo", "train")
        assert classes.sample == sample.identity(sample.read(sample_folder))

    def test_keras_loads_the_model_with_its_optimizer(self, trained: Trained) -> None:
        loaded = load(trained.folder)
        assert int(loaded.optimizer.iterations) > 0
        assert any(np.abs(np.asarray(v)).sum() > 0 for v in loaded.optimizer.variables[2:])

    @pytest.mark.parametrize("photos", [1, 3])
    def test_the_model_in_keras_answers_as_the_opened_one(
        self, photos: int, trained: Trained, held_out: Labelled
    ) -> None:
        others = crowd([5] * len(PEOPLE), seed=1).embeddings
        asked = np.concatenate([held_out.embeddings, others])
        counts = np.full(len(asked), photos)
        said = load(trained.folder).predict(
            {"embeddings": asked, "photos": counts[:, None].astype(np.float32)}, verbose=0
        )
        answers = store.open_folder(trained.folder).answer(asked, counts)
        np.testing.assert_allclose(answers.probabilities, said["probabilities"], atol=1e-5)
        np.testing.assert_allclose(answers.known, said["known_probability"][:, 0], atol=1e-5)

    def test_an_unknown_person_who_is_like_few_is_said_to_resemble_nobody(
        self, trained: Trained, images: Labelled
    ) -> None:
        classes = store.read_classes(trained.folder)
        offsets = assemble.learn(images, Recipe(**facts(trained.folder)["recipe"])).offsets
        line = likeness.nobody_below(images, offsets, TINY.focus_in(images.card), classes.card)
        assert classes.nobody_below == pytest.approx(line, rel=1e-6)
        assert 0 < classes.nobody_below < 100

    def test_distances_are_to_the_means_of_the_training_images(
        self, trained: Trained, images: Labelled, held_out: Labelled
    ) -> None:
        means = [images.embeddings[images.labels == k].mean(axis=0) for k in range(len(PEOPLE))]
        expected = np.linalg.norm(held_out.embeddings[:, None] - np.stack(means)[None], axis=2)
        answers = store.open_folder(trained.folder).answer(held_out.embeddings)
        np.testing.assert_allclose(answers.distances, expected, atol=1e-5)

    def test_recipe_and_history_are_written_down(self, trained: Trained) -> None:
        written = facts(trained.folder)
        assert Recipe(**written["recipe"]).layers == 2
        assert written["images"] == trained.summary.images == TRAINED * len(PEOPLE)
        assert written["best_epoch"] == trained.summary.best_epoch
        assert {"loss", "accuracy", "val_loss", "val_accuracy"} <= written["history"].keys()
        assert {len(row) for row in written["history"].values()} == {trained.summary.epochs}

    def test_the_curves_are_a_picture(self, trained: Trained) -> None:
        with Image.open(BytesIO((trained.folder / "training.png").read_bytes())) as image:
            colours = image.convert("RGB").resize((64, 64)).getcolors(64 * 64)
            assert image.format == "PNG"
            assert colours is not None
            assert len(colours) > 10

    def test_the_summary_and_the_progress_tell_of_every_epoch(self, trained: Trained) -> None:
        summary = trained.summary
        assert (summary.classes, summary.epochs) == (len(PEOPLE), 6)
        assert trained.told == [(epoch, 6) for epoch in range(1, 7)]
        assert summary.validation_accuracy is not None
        assert summary.export_difference <= 1e-5


class TestResuming:
    def test_the_optimizer_goes_on(self, trained: Trained, resumed: Trained) -> None:
        before = iterations(trained.folder)
        assert iterations(resumed.folder) == before + 4 * (TRAINED * len(PEOPLE) // 16)

    def test_the_loss_goes_on_where_it_was(self, trained: Trained, resumed: Trained) -> None:
        before, after = (facts(made.folder)["history"]["loss"] for made in (trained, resumed))
        assert len(after) == resumed.summary.epochs == 4
        assert abs(after[0] - before[-1]) < 0.5 * abs(before[0] - before[-1]) + 0.05

    def test_what_the_network_answers_is_near_what_it_answered(
        self, trained: Trained, resumed: Trained, held_out: Labelled
    ) -> None:
        before, after = (
            assemble.network_of(load(made.folder)).predict(held_out.embeddings, verbose=0)
            for made in (trained, resumed)
        )
        assert not np.array_equal(before, after)
        assert np.abs(before - after).max() < 0.3

    def test_the_recipe_written_down_is_that_of_the_network(self, resumed: Trained) -> None:
        recipe = Recipe(**facts(resumed.folder)["recipe"])
        assert (recipe.layers, recipe.epochs) == (2, 4)

    def test_it_still_knows_who_is_unknown(self, trained: Trained, resumed: Trained) -> None:
        others = crowd([5] * len(PEOPLE), seed=1).embeddings
        before, after = (
            store.open_folder(made.folder).answer(others) for made in (trained, resumed)
        )
        np.testing.assert_allclose(after.known, before.known, atol=1e-6)
        assert after.known.max() < 0.1

    def test_a_folder_can_be_resumed_into_itself(
        self, trained: Trained, train_into: Train, tmp_path: Path
    ) -> None:
        folder = tmp_path / "model"
        train_into(folder, Options(resume=trained.folder), epochs=1)
        once = iterations(folder)
        train_into(folder, Options(resume=folder), epochs=1)
        assert iterations(folder) > once
        assert {file.name for file in tmp_path.iterdir()} == {"model"}

    def test_other_classes_are_refused(
        self, trained: Trained, train_into: Train, tmp_path: Path
    ) -> None:
        options = Options(classes=PEOPLE[:5], resume=trained.folder)
        with pytest.raises(TrainError, match=r"it knows 12 classes.*the sample gives 5"):
            train_into(tmp_path / "model", options)
        assert list(tmp_path.iterdir()) == []

    def test_another_embedding_is_refused(
        self, trained: Trained, train_into: Train, tmp_path: Path
    ) -> None:
        with pytest.raises(TrainError, match=r"by the photo, .*by the crop;"):
            train_into(tmp_path / "model", Options(resume=trained.folder), embed_from="crop")

    @pytest.mark.parametrize("other", [{"name": "other"}, {"sha256": "f" * 64}])
    def test_a_sample_by_another_encoder_is_refused_in_a_line(
        self, other: dict[str, Any], trained: Trained, tmp_path: Path
    ) -> None:
        samples.write(tmp_path, sample_rows(), card=replace(DLIB_RESNET, **other))
        options = Options(resume=trained.folder)
        with pytest.raises(TrainError, match=r"the sample holds those of .*train anew") as raised:
            train.train(tmp_path, tmp_path / "model", TINY, options)
        assert "\n" not in str(raised.value)
        assert not (tmp_path / "model").exists()

    def test_a_folder_that_is_no_model_is_refused(self, train_into: Train, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match="there is no such model folder"):
            train_into(tmp_path / "model", Options(resume=tmp_path / "nowhere"))

    def test_a_model_without_its_network_is_refused(
        self, trained: Trained, train_into: Train, tmp_path: Path
    ) -> None:
        bare = tmp_path / "bare"
        bare.mkdir()
        for name in ("classes.json", "classifier.onnx"):
            (bare / name).write_bytes((trained.folder / name).read_bytes())
        store.seal(bare)
        with pytest.raises(TrainError, match="its network cannot be loaded to go on with"):
            train_into(tmp_path / "model", Options(resume=bare))


class TestWhom:
    def test_only_the_people_asked_for_are_trained_on(
        self, train_into: Train, tmp_path: Path
    ) -> None:
        asked = ("Kim", "A.J. O'Neil", "Çelik", "Kim")
        made = train_into(tmp_path / "model", Options(classes=asked), epochs=1, batch=8, layers=0)
        assert names(made.folder) == ("A.J. O'Neil", "Kim", "Çelik")
        assert (made.summary.classes, made.summary.images) == (3, 3 * TRAINED)

    def test_case_and_unicode_form_do_not_matter(self, train_into: Train, tmp_path: Path) -> None:
        asked = (unicodedata.normalize("NFD", "ÇELIK"), "ada", "Ada")
        made = train_into(tmp_path / "model", Options(classes=asked), epochs=1, batch=8, layers=0)
        assert names(made.folder) == ("Ada", "Çelik")

    def test_unknown_names_are_told_in_a_line_before_any_training(
        self, train_into: Train, tmp_path: Path
    ) -> None:
        asked = ("Ada", *(f"nobody {number}" for number in range(8)))
        with pytest.raises(TrainError) as caught:
            train_into(tmp_path / "model", Options(classes=asked))
        message = str(caught.value)
        assert "no usable image of 8 of the people asked for: nobody 0, nobody 1" in message
        assert message.endswith("nobody 4 …")
        assert "\n" not in message

    def test_one_person_is_too_few(self, train_into: Train, tmp_path: Path) -> None:
        with pytest.raises(SampleError, match="at least two people"):
            train_into(tmp_path / "model", Options(classes=("Ada",)))

    def test_so_many_are_left_out_by_the_seed(self, train_into: Train, tmp_path: Path) -> None:
        first, again, other = (
            names(
                train_into(
                    tmp_path / str(number), Options(leave_out=4), epochs=1, layers=0, seed=seed
                ).folder
            )
            for number, seed in enumerate((1, 1, 2))
        )
        assert first == again != other
        assert len(first) == len(other) == len(PEOPLE) - 4
        assert set(first) < set(PEOPLE)

    @pytest.mark.parametrize(
        ("leave_out", "message"), [(11, "at least two people"), (13, "13 people cannot be left")]
    )
    def test_more_than_can_be_are_not_left_out(
        self, leave_out: int, message: str, train_into: Train, tmp_path: Path
    ) -> None:
        with pytest.raises(SampleError, match=message):
            train_into(tmp_path / "model", Options(leave_out=leave_out))

    def test_people_with_a_single_image_are_not_left_out(self, tmp_path: Path) -> None:
        rows = sample_rows(PEOPLE[:3], 1) + sample_rows(PEOPLE[3:6])
        for row in rows:
            row["split"] = "train"
        samples.write(tmp_path, rows)
        recipe = Recipe(width=16, layers=0, epochs=1, batch=8, refit=False)
        train.train(tmp_path, tmp_path / "model", recipe, Options(leave_out=3))
        assert names(tmp_path / "model") == tuple(sorted(PEOPLE[:3]))

    def test_all_images_can_be_trained_on_and_that_is_recorded(
        self, train_into: Train, sample_folder: Path, tmp_path: Path
    ) -> None:
        made = train_into(tmp_path / "model", Options(all_images=True), epochs=1, layers=0)
        classes = store.read_classes(made.folder)
        assert classes.trained_on == "all"
        assert classes.images == (IMAGES,) * len(PEOPLE)
        assert made.summary.images == (TRAINED + TESTED) * len(PEOPLE)
        assert classes.sample == sample.identity(sample.read(sample_folder))

    @pytest.mark.parametrize("images", [1, 2, 3])
    @pytest.mark.parametrize("people", [2, 12])
    @pytest.mark.filterwarnings("error::RuntimeWarning", "error::UserWarning")
    def test_few_images_of_few_people_give_a_model_that_knows_them(
        self, people: int, images: int, tmp_path: Path
    ) -> None:
        rows = [row | {"split": "train"} for row in sample_rows(PEOPLE[:people], images)]
        samples.write(tmp_path, rows)
        recipe = replace(TINY, epochs=1, layers=0, batch=2)
        train.train(tmp_path, tmp_path / "model", recipe)
        embeddings = np.stack([row["embedding"] for row in rows])
        answers = store.open_folder(tmp_path / "model").answer(embeddings)
        expected = [sorted(PEOPLE[:people]).index(row["class"]) for row in rows]
        assert answers.probabilities.argmax(axis=1).tolist() == expected
        np.testing.assert_allclose(answers.probabilities.sum(axis=1), 1, atol=1e-5)
        assert answers.known.min() > 0.5

    def test_one_face_under_two_names_can_be_trained_on(self, tmp_path: Path) -> None:
        rows = [row | {"split": "train"} for row in sample_rows(PEOPLE[:2], 2)]
        same = [row | {"embedding": rows[0]["embedding"]} for row in rows]
        samples.write(tmp_path, same)
        train.train(tmp_path, tmp_path / "model", replace(TINY, epochs=1, layers=0, batch=2))
        answers = store.open_folder(tmp_path / "model").answer(rows[0]["embedding"][None])
        assert np.isfinite(answers.probabilities).all()
        assert np.isfinite(answers.known).all()

    def test_embeddings_of_the_crop_can_be_trained_on(
        self, train_into: Train, tmp_path: Path
    ) -> None:
        made = train_into(tmp_path / "model", epochs=1, layers=0, embed_from="crop")
        assert store.read_classes(made.folder).embed_from == "crop"


class TestFailing:
    @pytest.fixture
    def fail(self, sample_folder: Path) -> Callable[[Path, type[BaseException]], None]:
        """A function that trains into a folder and is stopped after the second epoch."""

        def stop(folder: Path, error: type[BaseException]) -> None:
            def progress(done: int, _total: int) -> None:
                if done == 2:
                    raise error("stopped")

            recipe = Recipe(width=16, layers=0, epochs=5, batch=16, refit=False)
            train.train(sample_folder, folder, recipe, progress=progress)

        return stop

    @pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
    def test_midway_it_leaves_nothing(
        self,
        error: type[BaseException],
        fail: Callable[[Path, type[BaseException]], None],
        tmp_path: Path,
    ) -> None:
        with pytest.raises(error):
            fail(tmp_path / "model", error)
        assert list(tmp_path.iterdir()) == []

    def test_midway_it_leaves_the_earlier_model(
        self,
        trained: Trained,
        fail: Callable[[Path, type[BaseException]], None],
    ) -> None:
        before = {file.name: file.read_bytes() for file in trained.folder.iterdir()}
        with pytest.raises(ValueError, match="stopped"):
            fail(trained.folder, ValueError)
        assert {file.name: file.read_bytes() for file in trained.folder.iterdir()} == before
        assert list(trained.folder.parent.iterdir()) == [trained.folder]

    def test_a_folder_of_other_things_is_never_replaced(
        self, train_into: Train, tmp_path: Path
    ) -> None:
        (tmp_path / "diary.txt").write_text("mine", encoding="utf-8")
        with pytest.raises(TrainError, match="no model folder, so it is not replaced"):
            train_into(tmp_path)
        assert (tmp_path / "diary.txt").read_text(encoding="utf-8") == "mine"

    def test_a_file_is_never_replaced(self, train_into: Train, tmp_path: Path) -> None:
        (tmp_path / "model").write_text("mine", encoding="utf-8")
        with pytest.raises(TrainError, match="not replaced"):
            train_into(tmp_path / "model")
        assert (tmp_path / "model").read_text(encoding="utf-8") == "mine"

    def test_a_place_that_cannot_be_written_is_told_before_any_training(
        self, train_into: Train, tmp_path: Path
    ) -> None:
        (tmp_path / "file").touch()
        for place in (tmp_path / "file" / "model", tmp_path / ("x" * 300)):
            with pytest.raises(TrainError, match="it cannot be written"):
                train_into(place)

    def test_an_empty_folder_is_filled(self, train_into: Train, tmp_path: Path) -> None:
        train_into(tmp_path, epochs=1, layers=0)
        assert {file.name for file in tmp_path.iterdir()} == FILES

    def test_a_missing_sample_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(SampleError, match="there is no sample"):
            train.train(tmp_path, tmp_path / "model")
