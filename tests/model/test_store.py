"""A model folder is opened only whole and as it was sealed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import starlike
from starlike.errors import ModelError
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.model import store
from starlike.model.classes import Classes, parse
from tests.model.conftest import FACTS, NAMES, Made

Opener = Callable[[Path], object]
FILES = (store.CLASSIFIER, store.CLASSES, store.METRICS, store.CARD)
READERS: dict[Opener, tuple[str, ...]] = {
    store.verify: FILES,
    store.open_folder: (store.CLASSIFIER, store.CLASSES),
    store.read_classes: (store.CLASSES,),
}
"""What reads a model folder, and which of its files: those must be as they were sealed."""


def _told_where(read: bool, message: str) -> AbstractContextManager[object]:
    """Where a file is read, its fault is told; where it is not, there is none."""
    return pytest.raises(ModelError, match=re.escape(message)) if read else nullcontext()


class TestOpening:
    def test_a_whole_folder_gives_its_classes(self, made: Made) -> None:
        folder = made()
        opened = store.open_folder(folder)
        assert opened.folder == folder
        assert opened.classes == Classes(names=NAMES, images=(1, 2, 3, 4), **FACTS)

    def test_a_missing_folder_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match=r"nowhere: there is no such model folder.*train"):
            store.open_folder(tmp_path / "nowhere")

    def test_a_file_is_no_model_folder(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(ModelError, match="there is no such model folder"):
            store.open_folder(tmp_path / "file")

    def test_any_other_folder_is_told_from_a_model(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match=r"this is no model folder \(SHA256SUMS is missing\)"):
            store.open_folder(tmp_path)

    @pytest.mark.parametrize("open_it", READERS)
    @pytest.mark.parametrize("name", FILES)
    def test_a_missing_file_is_named_by_what_reads_it(
        self, name: str, open_it: Opener, made: Made
    ) -> None:
        folder = made()
        (folder / name).unlink()
        with _told_where(name in READERS[open_it], f"{name}: missing; train or copy the model"):
            open_it(folder)

    @pytest.mark.parametrize("name", [store.CLASSIFIER, store.CLASSES])
    def test_a_folder_sealed_without_what_answers_is_refused(self, name: str, made: Made) -> None:
        folder = made()
        (folder / name).unlink()
        store.seal(folder)
        with pytest.raises(ModelError, match=f"SHA256SUMS does not name {name}"):
            store.open_folder(folder)

    @pytest.mark.parametrize("open_it", READERS)
    @pytest.mark.parametrize("name", FILES)
    @pytest.mark.parametrize("place", [0, -1])
    def test_a_damaged_byte_is_told_with_its_file_by_what_reads_it(
        self, name: str, place: int, open_it: Opener, made: Made
    ) -> None:
        folder = made()
        data = bytearray((folder / name).read_bytes())
        data[place] ^= 1
        (folder / name).write_bytes(data)
        with _told_where(name in READERS[open_it], f"{name}: damaged (its checksum differs)"):
            open_it(folder)

    @pytest.mark.parametrize("name", [store.CLASSIFIER, store.CLASSES])
    def test_a_file_that_is_cut_off_or_longer_is_damaged(self, name: str, made: Made) -> None:
        folder = made()
        whole = (folder / name).read_bytes()
        for other in (whole[:-1], whole + b"\n", b""):
            (folder / name).write_bytes(other)
            with pytest.raises(ModelError, match=f"{name}: damaged"):
                store.open_folder(folder)

    def test_a_damaged_sum_or_name_is_noticed(self, made: Made) -> None:
        file = made() / store.SUMS
        whole = file.read_bytes()
        for place in np.flatnonzero(np.frombuffer(whole, dtype=np.uint8) != ord("\n")):
            for change in (1, 0x20, 0x80, whole[place]):
                damaged = bytearray(whole)
                damaged[place] ^= change
                file.write_bytes(damaged)
                with pytest.raises(ModelError):
                    store.verify(file.parent)

    def test_files_that_were_never_sealed_are_no_harm(self, made: Made) -> None:
        folder = made()
        (folder / "notes.txt").write_text("mine", encoding="utf-8")
        assert store.open_folder(folder).classes.names == NAMES

    @pytest.mark.parametrize("version", [0, 1, 2, 4, "3", None])
    def test_another_format_version_is_refused(self, version: Any, made: Made) -> None:
        folder = made(format=version)
        with pytest.raises(ModelError, match=f"a model of format {version}, but format 3 is read"):
            store.open_folder(folder)

    @pytest.mark.parametrize(("names", "outputs"), [(NAMES, 3), (NAMES[:3], 4)])
    def test_a_classifier_of_other_classes_is_refused(
        self, names: tuple[str, ...], outputs: int, made: Made
    ) -> None:
        folder = made(names, outputs=outputs)
        with pytest.raises(ModelError, match=f"has {outputs} classes but .* names {len(names)}"):
            store.open_folder(folder)

    def test_a_classifier_that_is_none_is_refused(self, made: Made) -> None:
        folder = made()
        (folder / store.CLASSIFIER).write_bytes(b"no network")
        store.seal(folder)
        with pytest.raises(ModelError, match="classifier cannot be loaded"):
            store.open_folder(folder)

    def test_an_unknown_place_to_encode_is_refused(self, made: Made) -> None:
        folder = made(embed_from="profile")
        with pytest.raises(ModelError, match="embed_from must be one of photo, crop"):
            store.open_folder(folder)

    @pytest.mark.parametrize(
        "text", ["", "[]", "{", "{}", '{"format": 3}', '{"format": 3, "embed_from": "photo"}']
    )
    def test_a_class_dictionary_that_is_none_is_refused(self, text: str, made: Made) -> None:
        folder = made()
        (folder / store.CLASSES).write_text(text, encoding="utf-8")
        store.seal(folder)
        with pytest.raises(ModelError, match="the class dictionary cannot be read"):
            store.open_folder(folder)

    @pytest.mark.parametrize(
        "card",
        [
            {},
            "dlib",
            {"name": "of another program"},
            DLIB_RESNET.to_dict() | {"dimensions": 0},
            DLIB_RESNET.to_dict() | {"same_person": 0.3},
            DLIB_RESNET.to_dict() | {"usual_same": "near"},
            DLIB_RESNET.to_dict() | {"colour": "red"},
        ],
    )
    def test_a_card_of_an_encoder_that_is_none_is_refused(self, card: Any, made: Made) -> None:
        folder = made(encoder=card)
        with pytest.raises(ModelError, match="the class dictionary cannot be read"):
            store.open_folder(folder)

    def test_a_classifier_of_other_dimensions_than_its_card_is_refused(self, made: Made) -> None:
        folder = made(encoder=DLIB_RESNET.to_dict() | {"dimensions": 512})
        with pytest.raises(ModelError, match=r"takes 128 numbers but .* gives 512"):
            store.open_folder(folder)

    def test_classes_without_a_name_are_refused(self, made: Made) -> None:
        folder = made(classes=[{"images": 3}])
        with pytest.raises(ModelError, match="the class dictionary cannot be read"):
            store.open_folder(folder)

    @pytest.mark.parametrize("groups", [{"all": ["Nobody"]}, {"none": []}, {"n": [1]}, {"n": 1}, 1])
    def test_a_group_of_others_than_the_classes_is_refused(self, groups: Any, made: Made) -> None:
        folder = made(groups=groups)
        with pytest.raises(ModelError, match="the class dictionary cannot be read"):
            store.open_folder(folder)


class TestClassDictionary:
    def test_it_comes_back_as_it_was_written(self) -> None:
        groups = {"well-known": ("Ada", "Zoe"), "Çelik's": ("Çelik",)}
        before = Classes(
            names=NAMES,
            images=(5, 1, 2, 9),
            card=replace(DLIB_RESNET, name="another", dimensions=7, usual_same=0.25),
            embed_from="crop",
            trained_on="all",
            sample="0" * 64,
            nobody_below=47.5,
            groups=groups,
        )
        assert parse(before.to_json().encode(), Path(store.CLASSES)) == before

    def test_names_can_be_read_by_people(self) -> None:
        assert "Çelik" in Classes(names=NAMES, images=(1,) * 4, **FACTS).to_json()


class TestSeal:
    def test_every_file_is_summed_but_hidden_ones_and_the_sums(self, made: Made) -> None:
        folder = made()
        (folder / ".hidden").touch()
        store.seal(folder)
        lines = (folder / store.SUMS).read_text(encoding="utf-8").splitlines()
        sums = {name: sha for sha, name in (line.split("  ") for line in lines)}
        files = [
            store.CARD,
            store.CLASSES,
            store.CLASSIFIER,
            store.METRICS,
        ]
        assert list(sums) == sorted(files)
        for name, sha in sums.items():
            assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha

    def test_a_changed_folder_opens_once_it_is_sealed_again(self, made: Made) -> None:
        folder = made()
        (folder / store.CARD).write_text("# Another card\n", encoding="utf-8")
        store.seal(folder)
        assert store.open_folder(folder).classes.names == NAMES


def test_the_model_that_ships_has_its_place_in_the_package() -> None:
    assert store.default_folder() == Path(starlike.__file__).parent / "default_model"
