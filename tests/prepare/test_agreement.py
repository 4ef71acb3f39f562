"""Who a class is, where many images are of others: by its portrait, else by agreement."""

from __future__ import annotations

import numpy as np
import pytest

from tests.prepare.test_clean import ADA, BEN, CAT, POLICY, Album, Shown, at


def strangers(album: Album, name: str, person: int, count: int, *, source: str = "folder") -> None:
    """So many images of one other person, put into a class."""
    for number in range(count):
        face = Shown(at(person, 40 + 10 * person + number))
        album.add(f"{name}/wrong {number}", face, source=source)


def wrong(album: Album) -> set[str]:
    return {image for image, status in album.left_out().items() if status == "wrong_person"}


def of(name: str, count: int) -> set[str]:
    return {f"{name}/wrong {number}" for number in range(count)}


@pytest.fixture
def ada() -> Album:
    """Six good images of Ada and nobody else."""
    album = Album()
    album.person("Ada", ADA, 6)
    return album


class TestAgreement:
    def test_as_many_different_people_as_right_images_all_go(self, ada: Album) -> None:
        for number in range(6):
            ada.add(f"Ada/wrong {number}", Shown(at(BEN + number, 60 + number)))
        assert wrong(ada) == of("Ada", 6)

    @pytest.mark.parametrize("count", [2, 4])
    def test_several_images_of_one_other_person_go(self, count: int, ada: Album) -> None:
        strangers(ada, "Ada", BEN, count)
        assert wrong(ada) == of("Ada", count)

    def test_a_look_alike_goes_where_the_images_fall_into_two_groups(self, ada: Album) -> None:
        like = 0.45 * at(ADA) + 0.55 * at(BEN)
        for number in range(4):
            face = (like + at(CAT, 50 + number, off=0.2) - at(CAT)).astype(np.float32)
            assert np.linalg.norm(face - at(ADA)) < POLICY.far
            ada.add(f"Ada/wrong {number}", Shown(face))
        assert wrong(ada) == of("Ada", 4)
        reason = ada.judge()["Ada/wrong 0"].reason
        assert reason is not None
        assert reason.endswith("to those of somebody else among them")

    def test_one_person_in_other_light_stays(self, ada: Album) -> None:
        for number in range(4):
            vector = at(ADA, 50 + number)
            vector[100] = 0.25
            ada.add(f"Ada/dark {number}", Shown(vector))
        assert ada.left_out() == {}

    def test_nobody_goes_where_two_groups_of_one_size_are_near(self) -> None:
        album = Album()
        between = (0.45 * at(ADA) + 0.55 * at(BEN)).astype(np.float32)
        for number in range(4):
            album.add(f"Ada/{number}", Shown(at(ADA, number)))
            album.add(f"Ada/like {number}", Shown(between + at(CAT, 50 + number) - at(CAT)))
        assert album.left_out() == {}

    def test_a_smaller_group_from_more_sources_is_not_taken_for_another_person(
        self, ada: Album
    ) -> None:
        like = (0.45 * at(ADA) + 0.55 * at(BEN)).astype(np.float32)
        for number in range(4):
            face = Shown(like + at(CAT, 50 + number, off=0.2) - at(CAT))
            ada.add(f"Ada/like {number}", face, source=f"source {number}")
        assert ada.left_out() == {}


class TestPortraits:
    def test_the_portrait_tells_where_wrong_people_are_the_most(self) -> None:
        album = Album()
        strangers(album, "Ada", BEN, 7)
        album.person("Ada", ADA, 3)
        assert wrong(album) == {"Ada/a", "Ada/b", "Ada/c"}
        album.add("Ada/portrait", Shown(at(ADA, 90)), portrait=True)
        assert wrong(album) == of("Ada", 7)

    def test_a_portrait_is_kept_however_far_it_is(self, ada: Album) -> None:
        ada.add("Ada/portrait", Shown(at(BEN, 50)), portrait=True)
        assert ada.statuses()["Ada/portrait"] == "kept"

    def test_of_two_images_the_portrait_judges_the_other(self) -> None:
        for person, status in ((ADA, "kept"), (BEN, "wrong_person")):
            album = Album()
            album.add("Ada/portrait", Shown(at(ADA, 0)), portrait=True)
            album.add("Ada/other", Shown(at(person, 1)))
            assert album.statuses() == {"Ada/portrait": "kept", "Ada/other": status}

    def test_a_class_whose_only_image_is_its_portrait_is_kept(self) -> None:
        album = Album()
        album.add("Ada/portrait", Shown(at(ADA)), portrait=True)
        assert album.left_out() == {}

    def test_among_several_faces_the_one_like_the_portrait_is_meant(self) -> None:
        album = Album()
        strangers(album, "Ada", BEN, 3)
        album.add("Ada/x", Shown(at(BEN, 50), side=90), Shown(at(ADA, 51), side=80))
        assert album.judge()["Ada/x"].face == 0
        album.add("Ada/portrait", Shown(at(ADA, 90)), portrait=True)
        assert album.judge()["Ada/x"].face == 1

    def test_in_a_portrait_the_much_larger_face_is_the_person(self) -> None:
        album = Album()
        strangers(album, "Ada", BEN, 3)
        faces = Shown(at(ADA, 50), side=400), Shown(at(BEN, 51), side=80)
        album.add("Ada/portrait", *faces, portrait=True)
        assert album.judge()["Ada/portrait"].face == 0
        assert wrong(album) == of("Ada", 3)

    @pytest.mark.parametrize("content", ["same", "another"])
    def test_what_is_kept_in_place_of_a_portrait_tells_as_much(self, content: str) -> None:
        album = Album()
        strangers(album, "Ada", BEN, 5)
        album.add("Ada/a", Shown(at(ADA, 0), side=150), content="same")
        album.add("Ada/b", Shown(at(ADA, 0), side=90), content=content, portrait=True)
        statuses = album.statuses()
        assert statuses["Ada/a"] == "kept"
        assert statuses["Ada/b"] in {"duplicate", "near_duplicate"}
        assert wrong(album) == of("Ada", 5)

    def test_a_blurred_portrait_tells_nothing(self, ada: Album) -> None:
        ada.add("Ada/portrait", Shown(at(BEN), sharpness=1), portrait=True)
        assert ada.left_out() == {"Ada/portrait": "blurred"}

    def test_a_photo_under_two_names_stays_with_the_one_whose_portrait_it_is(
        self, ada: Album
    ) -> None:
        ada.add("Ada/x", Shown(at(ADA, 60)))
        ada.add("Ben/portrait", Shown(at(ADA, 60)), portrait=True)
        assert ada.left_out() == {"Ada/x": "other_name"}

    def test_the_order_of_the_images_changes_nothing(self) -> None:
        album = Album()
        strangers(album, "Ada", BEN, 6)
        album.person("Ada", ADA, 4)
        album.add("Ada/portrait", Shown(at(ADA, 90)), portrait=True)
        for seed in range(5):
            assert album.shuffled(seed).statuses() == album.statuses()
