"""What makes a portrait better, and what is never shown."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from starlike.faces.dlib_card import DLIB_RESNET
from starlike.model import store
from starlike.portraits.choose import Judge, Unfit, UnfitError
from starlike.records import Floats
from tests.portraits.conftest import make_model

SIZE = 128
ADA = "Ada"


@pytest.fixture
def one_person(means: Floats, tmp_path: Path) -> Path:
    """A model that knows one person alone."""
    return make_model(tmp_path / "model", [ADA], means[:1])


@pytest.fixture
def judge(one_person: Path) -> Judge:
    return Judge(store.open_folder(one_person), size=SIZE)


@pytest.fixture
def ada(images: Mapping[str, Path]) -> Image.Image:
    with Image.open(images[ADA]) as image:
        return image.convert("RGB")


def saved(image: Image.Image, folder: Path) -> Path:
    file = folder / "changed.png"
    image.save(file)
    return file


def refused(judge: Judge, file: Path, name: str = ADA) -> Unfit:
    with pytest.raises(UnfitError) as caught:
        judge.judge(file, name)
    return caught.value.reason


class TestBetter:
    def test_a_good_portrait_scores_between_0_and_1(
        self, judge: Judge, images: Mapping[str, Path]
    ) -> None:
        judged = judge.judge(images[ADA], ADA)
        assert 0.4 < judged.score <= 1
        assert judged.picture.shape == (SIZE, SIZE, 3)

    def test_blurred_it_is_worse(
        self, judge: Judge, ada: Image.Image, images: Mapping[str, Path], tmp_path: Path
    ) -> None:
        blurred = saved(ada.filter(ImageFilter.GaussianBlur(2)), tmp_path)
        assert judge.judge(blurred, ADA).score < 0.8 * judge.judge(images[ADA], ADA).score

    def test_leaning_it_is_worse(
        self, judge: Judge, ada: Image.Image, images: Mapping[str, Path], tmp_path: Path
    ) -> None:
        leaning = saved(ada.rotate(20), tmp_path)
        assert judge.judge(leaning, ADA).score < judge.judge(images[ADA], ADA).score

    def test_smaller_than_it_is_shown_it_is_worse(
        self, one_person: Path, ada: Image.Image, images: Mapping[str, Path], tmp_path: Path
    ) -> None:
        judge = Judge(store.open_folder(one_person), size=512)
        smaller = saved(ada.resize((230, 230)), tmp_path)
        assert judge.judge(smaller, ADA).score < judge.judge(images[ADA], ADA).score

    def test_in_company_it_is_worse(
        self, judge: Judge, ada: Image.Image, images: Mapping[str, Path], tmp_path: Path
    ) -> None:
        group = Image.new("RGB", (550, 290), "grey")
        group.paste(ada, (0, 0))
        group.paste(ada.resize((250, 250)), (300, 20))
        assert judge.judge(saved(group, tmp_path), ADA).score < judge.judge(images[ADA], ADA).score

    def test_without_room_for_the_hair_it_is_worse(
        self, judge: Judge, ada: Image.Image, images: Mapping[str, Path], tmp_path: Path
    ) -> None:
        close = saved(ada.crop((60, 60, 240, 240)), tmp_path)
        assert judge.judge(close, ADA).score < judge.judge(images[ADA], ADA).score


class TestNeverShown:
    def test_somebody_else(
        self, means: Floats, model_folder: Path, images: Mapping[str, Path]
    ) -> None:
        """Of two people alike enough to be one by distance alone, the nearer one is meant."""
        judge = Judge(store.open_folder(model_folder), size=SIZE)
        other = "Bea"
        apart = float(np.linalg.norm(means[0] - means[1]))
        assert 0 < apart < DLIB_RESNET.same_person
        assert refused(judge, images[other], ADA) == Unfit.OTHER
        assert judge.judge(images[other], other).score > 0

    def test_the_nearest_class_is_not_near_enough(self, judge: Judge, data_folder: Path) -> None:
        brolin = data_folder / "celebrities" / "Josh Brolin" / "vggface_001.jpg"
        assert judge.names == (ADA,)
        assert refused(judge, brolin) == Unfit.OTHER

    def test_a_star_under_another_stars_name(self, data_folder: Path) -> None:
        judge = Judge(store.open_folder(store.default_folder()), size=SIZE)
        brolin = data_folder / "celebrities" / "Josh Brolin" / "vggface_001.jpg"
        assert judge.judge(brolin, "Josh Brolin").score > 0
        assert refused(judge, brolin, "Wes Bentley") == Unfit.OTHER

    def test_somebody_whom_the_model_does_not_know(self, astronaut: Path) -> None:
        judge = Judge(store.open_folder(store.default_folder()), size=SIZE)
        assert refused(judge, astronaut, judge.names[0]) == Unfit.OTHER

    def test_a_face_seen_from_the_side(self, data_folder: Path) -> None:
        judge = Judge(store.open_folder(store.default_folder()), size=SIZE)
        green = data_folder / "celebrities" / "Eva Green" / "vggface_002.jpg"
        assert refused(judge, green, "Eva Green") == Unfit.TURNED

    def test_a_face_of_a_few_pixels(self, judge: Judge, ada: Image.Image, tmp_path: Path) -> None:
        assert refused(judge, saved(ada.resize((140, 140)), tmp_path)) == Unfit.SMALL

    def test_no_face(self, judge: Judge, tmp_path: Path) -> None:
        assert refused(judge, saved(Image.new("RGB", (300, 300)), tmp_path)) == Unfit.NO_FACE

    def test_what_is_no_image(self, judge: Judge, tmp_path: Path) -> None:
        file = tmp_path / "page.jpg"
        file.write_text("<!DOCTYPE html>")
        assert refused(judge, file) == Unfit.UNREADABLE
