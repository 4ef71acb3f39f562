"""A sample comes back as it was written, whole or not at all, and gives arrays in a fixed order."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from starlike.errors import SampleError
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.files import sample
from starlike.files.sample import Labelled
from tests import samples

Row = dict[str, Any]
Written = Callable[[list[Row]], Path]

AUGMENTATIONS = 3


def row(name: str, number: int, split: str | None = "train", **more: Any) -> Row:
    """A kept image whose embeddings all begin with its number."""
    made: Row = {
        "class": name,
        "image": f"{name}/{number}.jpg",
        "source": "crawl",
        "sha256": f"{number:064}",
        "split": split,
        "status": "kept",
        "width": 300,
        "height": 200,
        "faces": 1,
        "top": 1,
        "right": 90,
        "bottom": 95,
        "left": 2,
        "face_px": 88,
        "sharpness": 123.5,
        "detector": "hog",
        "embedding": np.full(128, number, dtype=np.float32),
        "crop_embedding": np.full(128, number + 0.5, dtype=np.float32),
        "augmented_embeddings": np.repeat(
            np.arange(AUGMENTATIONS, dtype=np.float32) + 100 * number, 128
        ),
    }
    return made | more


def left_out(name: str, number: int) -> Row:
    """An image without a face: most columns are null."""
    kept = ("class", "image", "source", "sha256")
    made = {key: value for key, value in row(name, number).items() if key in kept}
    found = {"width": 200, "height": 100, "faces": 0}
    return made | found | {"status": "no_face", "reason": "no face was found"}


@pytest.fixture
def rows() -> list[Row]:
    return [
        row("Zoe", 1),
        row("Ada", 2, "test"),
        left_out("Ada", 3),
        row("Çelik", 4),
        row("Ada", 5),
        row("Zoe", 6, "test", source="album"),
        left_out("Nobody", 7),
    ]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(rows: list[Row]) -> Path:
        samples.write(tmp_path / "sample", rows, facts={"seed": "7"})
        return tmp_path / "sample"

    return write


def numbers(labelled: Labelled) -> list[int]:
    """Which rows were selected, by the number in their embeddings."""
    return [int(vector[0]) for vector in labelled.embeddings]


class TestReading:
    def test_rows_come_back_in_their_order_with_all_they_hold(
        self, rows: list[Row], written: Written
    ) -> None:
        read = sample.read(written(rows)).table.to_pylist()
        for before, after in zip(rows, read, strict=True):
            assert after.keys() == set(sample.schema(128).names)
            for name, value in after.items():
                np.testing.assert_array_equal(value, before.get(name), err_msg=name)

    def test_how_it_was_made_stands_in_its_metadata(
        self, rows: list[Row], written: Written
    ) -> None:
        assert sample.read(written(rows)).facts == {"seed": "7"}

    def test_it_says_whose_embeddings_it_holds_in_their_own_dimensions(
        self, tmp_path: Path
    ) -> None:
        card = replace(DLIB_RESNET, name="small", dimensions=5, same_person=1.25)
        made = row("Ada", 1) | {
            "embedding": np.arange(5),
            "crop_embedding": np.arange(5) + 10,
            "augmented_embeddings": np.arange(10) + 20,
        }
        samples.write(tmp_path, [made, left_out("Ada", 2)], card=card)
        opened = sample.read(tmp_path)
        assert (opened.card, opened.detector) == (card, "dlib")
        labelled = sample.select(opened, "photo")
        assert labelled.card == labelled.take(np.array([0])).card == card
        assert labelled.embeddings.tolist() == [[0, 1, 2, 3, 4]]
        assert labelled.augmented.tolist() == [[[20, 21, 22, 23, 24], [25, 26, 27, 28, 29]]]
        assert sample.select(opened, "crop").embeddings.tolist() == [[10, 11, 12, 13, 14]]

    def test_embeddings_without_augmentations_can_be_averaged(self, tmp_path: Path) -> None:
        made = row("Ada", 1) | {"augmented_embeddings": []}
        samples.write(tmp_path, [made])
        labelled = sample.select(sample.read(tmp_path), "augmented")
        np.testing.assert_array_equal(labelled.embeddings[0], made["embedding"])
        assert labelled.augmented.shape == (1, 1, 128)

    def test_more_rows_than_are_written_at_a_time_come_back_in_their_order(
        self, tmp_path: Path
    ) -> None:
        rows = [row("Ada", n) if n % 3 else left_out("Ada", n) for n in range(2500)]
        samples.write(tmp_path, rows)
        opened = sample.read(tmp_path)
        assert [image for (image,) in opened.columns("image")] == [r["image"] for r in rows]
        assert numbers(sample.select(opened, "photo")) == [n for n in range(2500) if n % 3]

    @pytest.mark.parametrize("card", [b"", b"{", b"{}", b'{"name": "dlib"}', b"[1]"])
    def test_a_card_that_is_damaged_is_told(
        self, card: bytes, rows: list[Row], written: Written
    ) -> None:
        file = written(rows) / "sample.parquet"
        table = sample.read(file).table
        pq.write_table(
            table.replace_schema_metadata({**table.schema.metadata, b"encoder": card}), file
        )
        with pytest.raises(SampleError, match="damaged; prepare it again"):
            sample.read(file)

    def test_a_card_of_other_dimensions_than_its_embeddings_is_told(
        self, rows: list[Row], written: Written
    ) -> None:
        file = written(rows) / "sample.parquet"
        table = sample.read(file).table
        card = json.dumps(replace(DLIB_RESNET, dimensions=64).to_dict())
        pq.write_table(
            table.replace_schema_metadata({**table.schema.metadata, b"encoder": card}), file
        )
        with pytest.raises(SampleError, match="damaged; prepare it again"):
            sample.read(file)

    def test_the_file_itself_may_be_named(self, rows: list[Row], written: Written) -> None:
        folder = written(rows)
        assert sample.read(folder / "sample.parquet").table.equals(sample.read(folder).table)

    def test_the_earlier_sample_is_replaced(self, rows: list[Row], written: Written) -> None:
        written(rows)
        folder = written(rows[:1])
        assert len(sample.read(folder).table) == 1
        assert [file.name for file in folder.iterdir()] == ["sample.parquet"]

    def test_rows_that_do_not_fit_leave_the_earlier_sample(
        self, rows: list[Row], written: Written
    ) -> None:
        folder = written(rows)
        with pytest.raises(pa.ArrowException):
            samples.write(folder, [row("Ada", 1, width="wide")])
        assert len(sample.read(folder).table) == len(rows)
        assert [file.name for file in folder.iterdir()] == ["sample.parquet"]

    @pytest.mark.parametrize("name", ["nowhere", "nowhere.parquet", "."])
    def test_where_there_is_none_it_is_said_how_to_make_one(
        self, name: str, tmp_path: Path
    ) -> None:
        with pytest.raises(SampleError, match=r"there is no sample.*starlike prepare"):
            sample.read(tmp_path / name)

    @pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
    def test_a_file_that_is_cut_off_is_refused(
        self, share: float, rows: list[Row], written: Written
    ) -> None:
        file = written(rows) / "sample.parquet"
        data = file.read_bytes()
        file.write_bytes(data[: int(len(data) * share)])
        with pytest.raises(SampleError, match="damaged; prepare it again"):
            sample.read(file)

    @pytest.mark.parametrize(("part", "least"), [("columns", 60), ("footer", 20)])
    def test_damaged_bytes_give_the_same_sample_or_are_refused(
        self, part: str, least: int, rows: list[Row], written: Written
    ) -> None:
        file = written(rows) / "sample.parquet"
        whole, expected = file.read_bytes(), sample.read(file).table
        footer = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
        span = range(footer) if part == "columns" else range(footer, len(whole))
        dice, refused = random.Random(1), 0
        for _ in range(100):
            damaged = bytearray(whole)
            damaged[dice.choice(span)] ^= 1 << dice.randrange(8)
            file.write_bytes(damaged)
            try:
                assert sample.read(file).table.equals(expected) or part == "footer"
            except SampleError:
                refused += 1
        assert refused > least

    @pytest.mark.parametrize(
        ("version", "shown"),
        [(b"1", "format 1"), (b"3", "format 3"), (b"", "format "), (None, r"format \?")],
    )
    def test_another_version_is_refused(
        self, version: bytes | None, shown: str, rows: list[Row], written: Written
    ) -> None:
        file = written(rows) / "sample.parquet"
        facts = {b"starlike_sample_version": version} if version is not None else {}
        pq.write_table(sample.read(file).table.replace_schema_metadata(facts), file)
        with pytest.raises(
            SampleError, match=f"a sample of {shown}, but 2 is read here; prepare it again"
        ):
            sample.read(file)

    def test_other_columns_are_refused(self, rows: list[Row], written: Written) -> None:
        file = written(rows) / "sample.parquet"
        pq.write_table(sample.read(file).table.drop_columns(["crop_embedding"]), file)
        with pytest.raises(SampleError, match="prepare it again"):
            sample.read(file)

    def test_another_parquet_file_is_refused(self, tmp_path: Path) -> None:
        pq.write_table(pa.table({"a": [1]}), tmp_path / "sample.parquet")
        with pytest.raises(SampleError, match=r"a sample of format \?"):
            sample.read(tmp_path)


class TestSelecting:
    def test_kept_images_come_in_the_order_of_the_rows(
        self, rows: list[Row], written: Written
    ) -> None:
        labelled = sample.select(sample.read(written(rows)), "photo")
        assert numbers(labelled) == [1, 2, 4, 5, 6]
        assert labelled.images == (
            "Zoe/1.jpg",
            "Ada/2.jpg",
            "Çelik/4.jpg",
            "Ada/5.jpg",
            "Zoe/6.jpg",
        )
        assert labelled.sources == ("crawl", "crawl", "crawl", "crawl", "album")
        assert len(labelled) == 5

    def test_classes_are_numbered_by_name(self, rows: list[Row], written: Written) -> None:
        labelled = sample.select(sample.read(written(rows)), "photo")
        assert labelled.classes == ("Ada", "Zoe", "Çelik")
        assert labelled.labels.tolist() == [1, 0, 2, 0, 1]

    @pytest.mark.parametrize(("split", "expected"), [("train", [1, 4, 5]), ("test", [2, 6])])
    def test_one_split_can_be_taken(
        self, split: Any, expected: list[int], rows: list[Row], written: Written
    ) -> None:
        opened = sample.read(written(rows))
        assert numbers(sample.select(opened, "photo", split=split)) == expected

    def test_classes_that_are_asked_for_are_numbered_in_their_order(
        self, rows: list[Row], written: Written
    ) -> None:
        opened = sample.read(written(rows))
        labelled = sample.select(opened, "photo", classes=("Zoe", "Nobody", "Ada"))
        assert labelled.classes == ("Zoe", "Nobody", "Ada")
        assert numbers(labelled) == [1, 2, 5, 6]
        assert labelled.labels.tolist() == [0, 2, 2, 0]

    def test_a_class_without_an_image_in_the_split_keeps_its_number(
        self, rows: list[Row], written: Written
    ) -> None:
        opened = sample.read(written(rows))
        labelled = sample.select(opened, "photo", split="test", classes=("Çelik", "Zoe"))
        assert labelled.classes == ("Çelik", "Zoe")
        assert labelled.labels.tolist() == [1]

    def test_embeddings_of_the_photo_come_with_those_of_augmentations(
        self, rows: list[Row], written: Written
    ) -> None:
        labelled = sample.select(sample.read(written(rows)), "photo")
        assert labelled.embeddings.shape == (5, 128)
        assert labelled.augmented.shape == (5, AUGMENTATIONS, 128)
        assert labelled.embeddings.dtype == labelled.augmented.dtype == np.float32
        assert labelled.augmented[1, :, 0].tolist() == [200, 201, 202]
        assert (labelled.augmented == labelled.augmented[:, :, :1]).all()

    def test_embeddings_of_the_crop_come_without_augmentations(
        self, rows: list[Row], written: Written
    ) -> None:
        labelled = sample.select(sample.read(written(rows)), "crop")
        assert labelled.embeddings[:, 0].tolist() == [1.5, 2.5, 4.5, 5.5, 6.5]
        assert labelled.augmented.shape == (5, 0, 128)

    @pytest.mark.parametrize("asked", [{"classes": ("Nobody",)}, {"classes": ("Eve",)}])
    def test_nothing_left_is_refused(
        self, asked: dict[str, Any], rows: list[Row], written: Written
    ) -> None:
        with pytest.raises(SampleError, match="no usable image"):
            sample.select(sample.read(written(rows)), "photo", **asked)

    def test_a_sample_without_rows_is_refused(self, written: Written) -> None:
        with pytest.raises(SampleError, match="no usable image"):
            sample.select(sample.read(written([])), "photo")

    def test_some_can_be_taken_by_position_or_by_mask(
        self, rows: list[Row], written: Written
    ) -> None:
        labelled = sample.select(sample.read(written(rows)), "photo")
        by_position = labelled.take(np.array([3, 0]))
        assert numbers(by_position) == [5, 1]
        assert by_position.labels.tolist() == [0, 1]
        assert by_position.images == ("Ada/5.jpg", "Zoe/1.jpg")
        assert by_position.augmented[:, 0, 0].tolist() == [500, 100]
        by_mask = labelled.take(labelled.labels == 2)
        assert numbers(by_mask) == [4]
        assert by_mask.classes == labelled.classes


class TestIdentity:
    def test_neither_order_nor_what_was_left_out_changes_it(
        self, rows: list[Row], written: Written
    ) -> None:
        known = sample.identity(sample.read(written(rows)))
        kept = [made for made in rows if made["status"] == "kept"]
        for other in (rows[::-1], kept, [*rows, left_out("Eve", 9)]):
            assert sample.identity(sample.read(written(other))) == known
        assert len(known) == 64

    @pytest.mark.parametrize("change", [{"class": "Eve"}, {"sha256": "f"}, {"split": "test"}])
    def test_class_content_and_split_change_it(
        self, change: Row, rows: list[Row], written: Written
    ) -> None:
        known = sample.identity(sample.read(written(rows)))
        other = [rows[0] | change, *rows[1:]]
        assert sample.identity(sample.read(written(other))) != known

    def test_an_image_less_changes_it(self, rows: list[Row], written: Written) -> None:
        known = sample.identity(sample.read(written(rows)))
        assert sample.identity(sample.read(written(rows[1:]))) != known
