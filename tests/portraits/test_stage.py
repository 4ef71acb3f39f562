"""The stage from end to end: portraits out of any place, whatever happens on the way."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from starlike import portraits
from starlike.errors import SourceError
from starlike.files import portrait_folder
from starlike.model import store
from starlike.portraits import Options, stage
from starlike.portraits.choose import Unfit
from starlike.records import Floats
from starlike.web.licences import Licence
from tests.portraits.conftest import NAMES, NOT_OPEN, SIZE, Local, candidate, make_model, run, tree


def author(folder: Path, name: str) -> str | None:
    portrait = portrait_folder.opened(folder / portrait_folder.FOLDER).portrait(name)
    return portrait.author if portrait else None


class TestPortraits:
    def test_everybody_gets_the_picture_of_their_own(
        self, model_folder: Path, local: Local
    ) -> None:
        summary = run(model_folder, local)
        assert (summary.found, summary.portraits, summary.classes) == (6, 6, 6)
        assert not summary.none
        opened = portrait_folder.opened(summary.folder)
        found = [opened.portrait(name) for name in NAMES]
        pictures = [opened.file(portrait).read_bytes() for portrait in found if portrait]
        assert len(set(pictures)) == len(NAMES)
        for picture in pictures:
            with Image.open(io.BytesIO(picture)) as image:
                assert (image.format, image.size) == ("JPEG", (SIZE, SIZE))

    def test_it_lies_in_the_model_folder_which_opens_and_seals_as_before(
        self, model_folder: Path, local: Local
    ) -> None:
        sums = (model_folder / store.SUMS).read_bytes()
        assert run(model_folder, local).folder == model_folder / "portraits"
        assert store.open_folder(model_folder).classes.names == NAMES
        store.seal(model_folder)
        assert (model_folder / store.SUMS).read_bytes() == sums
        store.verify(model_folder)

    def test_or_where_it_is_asked_for(
        self, model_folder: Path, local: Local, tmp_path: Path
    ) -> None:
        before = tree(model_folder)
        out = tmp_path / "deep" / "elsewhere"
        portraits.portraits(model_folder, local.opened(), out=out, options=Options(size=SIZE))
        assert len(portrait_folder.opened(out)) == len(NAMES)
        assert tree(model_folder) == before

    def test_progress_is_told_by_class(self, model_folder: Path, local: Local) -> None:
        told: list[tuple[int, int]] = []
        options = Options(size=SIZE)
        portraits.portraits(
            model_folder,
            local.opened(),
            options=options,
            progress=lambda done, total: told.append((done, total)),
        )
        assert told == [(number, len(NAMES)) for number in range(len(NAMES) + 1)]


class TestChoice:
    @pytest.fixture
    def folder(self, means: Floats, tmp_path: Path) -> Path:
        return make_model(tmp_path / "model", ["Ada"], means[:1])

    @pytest.fixture
    def leaning(self, images: Mapping[str, Path], tmp_path: Path) -> Path:
        file = tmp_path / "leaning.png"
        with Image.open(images["Ada"]) as image:
            image.rotate(20).save(file)
        return file

    @pytest.mark.parametrize("best_first", [True, False])
    def test_the_best_of_several_is_shown(
        self, folder: Path, images: Mapping[str, Path], leaning: Path, best_first: bool
    ) -> None:
        several = [
            candidate(images["Ada"], author="of the best"),
            candidate(leaning, author="of another"),
        ]
        run(folder, Local({"Ada": several if best_first else several[::-1]}))
        assert author(folder, "Ada") == "of the best"

    def test_only_so_many_are_looked_at(
        self, folder: Path, images: Mapping[str, Path], leaning: Path
    ) -> None:
        several = [candidate(leaning, author="first"), candidate(images["Ada"], author="second")]
        run(folder, Local({"Ada": several}), candidates=1)
        assert author(folder, "Ada") == "first"

    @pytest.mark.parametrize(
        "licence", [NOT_OPEN, Licence("cc-by-nd", "CC BY-ND 4.0"), Licence("unknown", "unknown")]
    )
    def test_only_openly_licensed_ones_are_shown(
        self, folder: Path, images: Mapping[str, Path], leaning: Path, licence: Licence
    ) -> None:
        several = [candidate(images["Ada"], licence, author="no"), candidate(leaning, author="yes")]
        run(folder, Local({"Ada": several}))
        assert author(folder, "Ada") == "yes"

    @pytest.mark.parametrize("code", ["cc0", "pd", "cc-by", "cc-by-sa"])
    def test_these_are_open(self, folder: Path, images: Mapping[str, Path], code: str) -> None:
        only = candidate(images["Ada"], Licence(code, code.upper()))
        assert run(folder, Local({"Ada": [only]})).found == 1


class TestNone:
    def test_why_there_is_none_is_counted(
        self, model_folder: Path, images: Mapping[str, Path], tmp_path: Path
    ) -> None:
        (tmp_path / "page.jpg").write_text("<!DOCTYPE html>")
        Image.new("RGB", (300, 300)).save(tmp_path / "black.png")
        place = {
            "Ada": [candidate(images["Bea"])],
            "Bea": [candidate(images["Bea"], NOT_OPEN)],
            "Çelik": [candidate(tmp_path / "page.jpg")],
            "Dot": [candidate(tmp_path / "black.png"), candidate(images["Dot"], NOT_OPEN)],
            "Eve": [candidate(tmp_path / "nowhere.jpg")],
        }
        summary = run(model_folder, Local(place))
        assert summary.found == summary.portraits == 0
        assert summary.none == {
            Unfit.OTHER: 1,
            stage.NO_LICENCE: 1,
            Unfit.UNREADABLE: 1,
            Unfit.NO_FACE: 1,
            stage.NOT_FETCHED: 1,
            stage.NO_IMAGE: 1,
        }
        assert len(portrait_folder.opened(summary.folder)) == 0

    def test_a_bad_day_of_the_source_costs_one_person(
        self, model_folder: Path, local: Local
    ) -> None:
        local.fails_for = ("Bea",)
        summary = run(model_folder, local)
        assert summary.none == {stage.NO_ANSWER: 1}
        assert summary.portraits == len(NAMES) - 1

    def test_a_source_that_fails_later_does_not_take_what_was_found(
        self, model_folder: Path, images: Mapping[str, Path]
    ) -> None:
        class Failing(Local):
            async def page(self, person: Any, cursor: str | None) -> Any:
                if cursor:
                    raise SourceError("local: no further page today")
                return await super().page(person, cursor)

        several = {name: [candidate(file)] * 2 for name, file in images.items()}
        assert run(model_folder, Failing(several)).found == len(NAMES)

    def test_one_that_fails_on_and_on_ends_the_run(self, model_folder: Path, local: Local) -> None:
        run(model_folder, Local({"Ada": local.images["Ada"]}))
        local.fails_for = NAMES
        with pytest.raises(SourceError, match="a bad day"):
            run(model_folder, local)
        assert author(model_folder, "Ada") == "Ann Lee"


class TestAgain:
    def test_whoever_has_a_portrait_is_not_looked_for(
        self, model_folder: Path, local: Local
    ) -> None:
        run(model_folder, Local({name: local.images[name] for name in NAMES[:4]}))
        before = tree(model_folder / portrait_folder.FOLDER)
        summary = run(model_folder, local)
        assert sorted(local.asked) == sorted(NAMES[4:])
        assert (summary.found, summary.portraits) == (2, 6)
        assert before.items() - tree(model_folder / portrait_folder.FOLDER).items() == {
            (portrait_folder.INDEX, before[portrait_folder.INDEX])
        }

    def test_unless_it_is_asked_for(
        self, model_folder: Path, local: Local, images: Mapping[str, Path]
    ) -> None:
        run(model_folder, local)
        other = Local({"Ada": [candidate(images["Ada"], author="Somebody else")]})
        summary = run(model_folder, other, again=True)
        assert sorted(other.asked) == sorted(NAMES)
        assert (summary.found, summary.portraits) == (1, 6)
        assert author(model_folder, "Ada") == "Somebody else"
        assert author(model_folder, "Bea") == "Ann Lee"

    def test_a_picture_that_was_removed_is_found_again(
        self, model_folder: Path, local: Local
    ) -> None:
        run(model_folder, local)
        before = tree(model_folder / portrait_folder.FOLDER)
        next((model_folder / portrait_folder.FOLDER).glob("*.jpg")).unlink()
        assert run(model_folder, local).found == 1
        assert tree(model_folder / portrait_folder.FOLDER) == before
