"""The policy, one rule after the other, and on real photos with a case of each planted."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from starlike.faces.augment import AUGMENTATIONS
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.prepare.analysis import Analysis, Failure
from starlike.prepare.clean import Verdict, clean
from starlike.prepare.images import Candidate
from starlike.prepare.policy import Policy, PolicyInSpace
from starlike.prepare.rules import RULES, Rule
from starlike.records import Box, Face, Floats
from tests.prepare.conftest import STATUSES, Prepared

POLICY = Policy().in_space(DLIB_RESNET)
ADA, BEN, CAT = range(3)
"""Three people, whose embeddings lie 0.71 from each other: see `at`."""


def at(person: int, step: int | None = None, *, off: float = 0.25) -> Floats:
    """The embedding of a person, moved by `off` in a direction of its own for every `step`.

    Two images of one person that lie `off` from its centre lie √2 times as far from each other.
    """
    vector = np.zeros(128, dtype=np.float32)
    vector[person] = 0.5
    if step is not None:
        vector[10 + step] = off
    return vector


@dataclass(frozen=True)
class Shown:
    """A face in an image: where it lies in the space of embeddings, and how well it is seen."""

    vector: Floats
    side: int = 100
    sharpness: float = 200.0
    bits: Sequence[int] | None = None
    views: Floats | None = None

    def embeddings(self) -> Floats:
        """Of the face itself, then of its views."""
        views = self.vector if self.views is None else self.views
        return np.stack([self.vector, *[views] * AUGMENTATIONS])


class Album:
    """Images that were analysed to what a test wants, and what the policy says of them."""

    def __init__(self) -> None:
        self.candidates: list[Candidate] = []

    def add(
        self,
        image: str,
        *faces: Shown,
        content: str | None = None,
        found: int = 0,
        portrait: bool = False,
        source: str = "folder",
    ) -> None:
        """An image, called by its class and name: `Ada/1`."""
        analysis = _analysis(faces, found, seed=len(self.candidates))
        self.put(image, analysis, content, portrait=portrait, source=source)

    def put(
        self,
        image: str,
        analysis: Analysis,
        content: str | None = None,
        *,
        portrait: bool = False,
        source: str = "folder",
    ) -> None:
        name = image.split("/", maxsplit=1)[0]
        candidate = Candidate(
            name=name,
            image=image,
            content=content or image,
            analysis=analysis,
            source=source,
            portrait=portrait,
        )
        self.candidates.append(candidate)

    def person(self, name: str, person: int, count: int = 4) -> None:
        """So many good images of a person, called by letters."""
        for number in range(count):
            letter = "abcdefgh"[number]
            self.add(f"{name}/{letter}", Shown(at(person, 10 * person + number)))

    def shuffled(self, seed: int) -> Album:
        album = Album()
        album.candidates = random.Random(seed).sample(self.candidates, len(self.candidates))
        return album

    def judge(
        self, policy: PolicyInSpace = POLICY, rules: Sequence[Rule] = RULES
    ) -> dict[str, Verdict]:
        classes: dict[str, list[Candidate]] = defaultdict(list)
        for candidate in self.candidates:
            classes[candidate.name].append(candidate)
        judged = [candidate for own in classes.values() for candidate in own]
        verdicts = clean(classes.values(), policy, rules)
        return {c.image: verdict for c, verdict in zip(judged, verdicts, strict=True)}

    def statuses(self, policy: PolicyInSpace = POLICY) -> dict[str, str]:
        return {image: verdict.status for image, verdict in self.judge(policy).items()}

    def left_out(self) -> dict[str, str]:
        return {image: status for image, status in self.statuses().items() if status != "kept"}


def _analysis(faces: Sequence[Shown], found: int, seed: int) -> Analysis:
    chance = np.random.default_rng(seed).random((len(faces), 64)) < 0.5
    hashes = np.array(
        [chance[i] if f.bits is None else np.isin(range(64), f.bits) for i, f in enumerate(faces)]
    )
    vectors = np.stack([face.embeddings() for face in faces])
    return Analysis(
        size=(1000, 1000),
        found=found or len(faces),
        faces=tuple(Face(box=Box(0, face.side, face.side, 0), detector="hog") for face in faces),
        sharpness=tuple(face.sharpness for face in faces),
        hashes=hashes,
        embeddings=vectors,
        crop_embeddings=vectors[:, 0],
    )


@pytest.fixture
def album() -> Album:
    """Four good images of Ada, Ben and Cat each."""
    album = Album()
    for name, person in (("Ada", ADA), ("Ben", BEN), ("Cat", CAT)):
        album.person(name, person)
    return album


def test_good_images_are_kept_and_their_only_face_is_meant(album: Album) -> None:
    for verdict in album.judge().values():
        assert verdict == Verdict(status="kept", face=0)


def test_nothing_is_judged_to_nothing() -> None:
    assert Album().judge() == {}


def test_every_image_has_its_verdict_whatever_the_order(album: Album) -> None:
    album.add("Ada/blurred", Shown(at(ADA, 60), sharpness=1))
    album.add("Ada/stranger", Shown(at(7)))
    album.add("Ben/a of Ada", Shown(at(ADA, 0)))
    album.add("Cat/nearly a", Shown(at(CAT, 20, off=0.2), side=60))
    album.put("Cat/broken", Analysis(failure=Failure("broken", "cut off")))
    expected = album.statuses()
    assert len(set(expected.values())) == 6
    for seed in range(5):
        assert album.shuffled(seed).statuses() == expected


class TestUnopened:
    def test_what_could_not_be_opened_keeps_its_own_code_and_words(self, album: Album) -> None:
        album.put("Ada/words", Analysis(failure=Failure("not_a_photo", "no image")))
        assert album.judge()["Ada/words"] == Verdict(status="not_a_photo", reason="no image")

    def test_the_same_broken_file_twice_is_broken_twice(self, album: Album) -> None:
        for name in ("x", "y"):
            album.put(f"Ada/{name}", Analysis(failure=Failure("broken", "cut off")), content="same")
        assert album.left_out() == {"Ada/x": "broken", "Ada/y": "broken"}

    def test_a_class_of_nothing_but_broken_files_disturbs_no_other(self, album: Album) -> None:
        album.put("Nobody/x", Analysis(failure=Failure("broken", "cut off")))
        assert album.left_out() == {"Nobody/x": "broken"}


class TestSameFiles:
    def test_the_first_of_the_same_files_in_a_class_stays(self, album: Album) -> None:
        for name in ("x", "y", "z"):
            album.add(f"Ada/{name}", Shown(at(ADA, 50)), content="same")
        assert album.left_out() == {"Ada/y": "duplicate", "Ada/z": "duplicate"}
        assert album.judge()["Ada/z"].reason == "the same file as Ada/x"

    def test_the_same_file_under_another_name_is_no_duplicate(self, album: Album) -> None:
        for name in ("Ada", "Ben"):
            album.add(f"{name}/x", Shown(at(ADA, 50)), content="same")
        assert album.left_out() == {"Ben/x": "other_name"}

    def test_a_second_copy_of_a_blurred_file_is_a_duplicate(self, album: Album) -> None:
        for name in ("x", "y"):
            album.add(f"Ada/{name}", Shown(at(ADA, 50), sharpness=1), content="same")
        assert album.left_out() == {"Ada/x": "blurred", "Ada/y": "duplicate"}


class TestSeveralFaces:
    def test_the_face_that_is_like_the_class_is_meant_however_small(self, album: Album) -> None:
        album.add("Ada/x", Shown(at(CAT, 50), side=400), Shown(at(ADA, 51), side=40))
        assert album.judge()["Ada/x"] == Verdict(status="kept", face=1)

    def test_of_two_that_are_like_the_class_the_likest_is_meant(self, album: Album) -> None:
        near, nearer = Shown(at(ADA, 50, off=0.4)), Shown(at(ADA, 51))
        album.add("Ada/x", near, nearer)
        assert album.judge()["Ada/x"].face == 1

    def test_strangers_of_one_size_are_left_out_and_counted(self, album: Album) -> None:
        album.add("Ada/x", Shown(at(7)), Shown(at(8)), found=6)
        verdict = album.judge()["Ada/x"]
        assert verdict.status == "several_faces"
        assert verdict.reason == "6 faces, none of them clearly the person"

    def test_alone_in_its_class_a_face_much_larger_than_the_next_is_meant(
        self, album: Album
    ) -> None:
        large = math.ceil(100 * math.sqrt(POLICY.main_face))
        album.add("Eve/x", Shown(at(7), side=large), Shown(at(8)), Shown(at(9)))
        assert album.judge()["Eve/x"] == Verdict(status="kept", face=0)

    def test_alone_in_its_class_a_face_not_much_larger_is_not_told_from_others(
        self, album: Album
    ) -> None:
        large = math.floor(100 * math.sqrt(POLICY.main_face))
        album.add("Eve/x", Shown(at(7), side=large), Shown(at(8)))
        assert album.left_out() == {"Eve/x": "several_faces"}

    def test_how_near_a_face_of_its_own_must_be_is_the_policys_to_say(self, album: Album) -> None:
        album.add("Ada/x", Shown(at(ADA, 50, off=0.4)), Shown(at(8)))
        assert album.statuses()["Ada/x"] == "kept"
        assert album.statuses(replace(POLICY, own_face=0.3))["Ada/x"] == "several_faces"

    def test_images_of_several_faces_do_not_vouch_for_each_other(self) -> None:
        album = Album()
        for number in range(3):
            stranger = Shown(at(40 + number))
            album.add(f"Eve/{number}", Shown(at(ADA, number)), stranger)
        assert set(album.statuses().values()) == {"several_faces"}

    def test_several_faces_come_before_a_poor_one(self, album: Album) -> None:
        album.add("Ada/x", Shown(at(7), side=10, sharpness=1), Shown(at(8), side=10))
        assert album.left_out() == {"Ada/x": "several_faces"}

    def test_it_is_the_face_meant_whose_quality_counts(self, album: Album) -> None:
        album.add("Ada/x", Shown(at(7)), Shown(at(ADA, 50), side=POLICY.min_face - 1))
        album.add("Ada/y", Shown(at(7), sharpness=1), Shown(at(ADA, 51)))
        assert album.left_out() == {"Ada/x": "small_face"}


class TestPoorFaces:
    @pytest.mark.parametrize(("side", "status"), [(20, "kept"), (19, "small_face")])
    def test_a_face_below_the_smallest_side_is_tiny(
        self, side: int, status: str, album: Album
    ) -> None:
        album.add("Ada/x", Shown(at(ADA, 50), side=side))
        assert album.statuses()["Ada/x"] == status

    def test_the_reason_names_both_sides(self, album: Album) -> None:
        album.add("Ada/x", Shown(at(ADA, 50), side=12))
        assert album.judge()["Ada/x"].reason == "the face is 12 pixels wide, fewer than 20"

    @pytest.mark.parametrize(("sharpness", "status"), [(15.0, "kept"), (14.9, "blurred")])
    def test_a_face_below_the_least_sharpness_is_blurred(
        self, sharpness: float, status: str, album: Album
    ) -> None:
        album.add("Ada/x", Shown(at(ADA, 50), sharpness=sharpness))
        assert album.statuses()["Ada/x"] == status

    def test_a_face_tiny_and_blurred_is_tiny(self, album: Album) -> None:
        album.add("Ada/x", Shown(at(ADA, 50), side=10, sharpness=1))
        assert album.left_out() == {"Ada/x": "small_face"}

    def test_a_blurred_stranger_is_blurred(self, album: Album) -> None:
        album.add("Ada/x", Shown(at(7), sharpness=1))
        assert album.left_out() == {"Ada/x": "blurred"}

    def test_a_blurred_near_duplicate_takes_no_good_image_with_it(self, album: Album) -> None:
        album.add("Ada/x", Shown(at(ADA, 0), side=150, sharpness=1))
        assert album.left_out() == {"Ada/x": "blurred"}


class TestNearDuplicatesInAClass:
    """`Ada/a` lies at step 0, 0.25 from the centre, with a face of 100 pixels."""

    def test_an_embedding_so_near_is_the_same_photo_whatever_its_hash(self, album: Album) -> None:
        album.add("Ada/x", Shown(at(ADA, 0, off=0.25 - 0.19), side=60))
        assert album.left_out() == {"Ada/x": "near_duplicate"}
        assert album.judge()["Ada/x"].reason == "nearly the same as Ada/a"

    @pytest.mark.parametrize(
        ("apart", "bits", "status"),
        [(0.29, 12, "near_duplicate"), (0.29, 13, "kept"), (0.31, 0, "kept"), (0.21, 13, "kept")],
    )
    def test_an_embedding_less_near_needs_nearly_the_same_hash(
        self, apart: float, bits: int, status: str, album: Album
    ) -> None:
        album.add("Ada/x", Shown(at(ADA, 50), bits=()))
        album.add("Ada/y", Shown(at(ADA, 50, off=0.25 - apart), side=60, bits=range(bits)))
        assert album.statuses()["Ada/y"] == status

    def test_the_largest_face_stays(self, album: Album) -> None:
        album.add("Ada/x", Shown(at(ADA, 0), side=120, sharpness=50))
        album.add("Ada/y", Shown(at(ADA, 0), side=60, sharpness=500))
        assert album.left_out() == {"Ada/a": "near_duplicate", "Ada/y": "near_duplicate"}

    def test_among_large_faces_the_sharpest_stays(self, album: Album) -> None:
        album.add("Ada/x", Shown(at(ADA, 50), side=150, sharpness=300))
        album.add("Ada/y", Shown(at(ADA, 50), side=400, sharpness=100))
        assert album.left_out() == {"Ada/y": "near_duplicate"}

    def test_a_chain_of_near_duplicates_counts_as_one_photo(self, album: Album) -> None:
        for number, side in enumerate((110, 120, 110)):
            album.add(f"Ada/{number}", Shown(at(ADA, 50, off=0.3 - 0.15 * number), side=side))
        assert album.left_out() == {"Ada/0": "near_duplicate", "Ada/2": "near_duplicate"}

    def test_two_photos_of_one_strange_person_are_told_apart_by_rule(self, album: Album) -> None:
        album.add("Ada/x", Shown(at(7)))
        album.add("Ada/y", Shown(at(7), side=60))
        assert album.left_out() == {"Ada/x": "wrong_person", "Ada/y": "near_duplicate"}


class TestNearDuplicatesAcrossClasses:
    def test_a_photo_stays_with_the_class_that_it_is_like(self, album: Album) -> None:
        album.add("Ben/x", Shown(at(ADA, 0), side=300, sharpness=999))
        assert album.left_out() == {"Ben/x": "other_name"}
        reason = album.judge()["Ben/x"].reason
        assert reason == "nearly the same as Ada/a, which has another name"

    def test_a_photo_under_three_names_stays_with_one(self, album: Album) -> None:
        for name in ("Ben", "Cat"):
            album.add(f"{name}/x", Shown(at(ADA, 0)))
        assert album.left_out() == {"Ben/x": "other_name", "Cat/x": "other_name"}

    def test_a_photo_that_is_like_neither_class_stays_with_none(self, album: Album) -> None:
        for name in ("Ada", "Ben"):
            album.add(f"{name}/x", Shown(at(7)))
        assert album.left_out() == {"Ada/x": "other_name", "Ben/x": "other_name"}

    def test_the_only_image_of_a_class_gives_way_to_one_that_is_vouched_for(
        self, album: Album
    ) -> None:
        album.add("Eve/x", Shown(at(ADA, 0)))
        assert album.left_out() == {"Eve/x": "other_name"}

    def test_one_photo_that_is_all_of_two_classes_is_kept_in_neither(self, album: Album) -> None:
        for name in ("Eve", "Fay"):
            album.add(f"{name}/x", Shown(at(7)))
        assert album.left_out() == {"Eve/x": "other_name", "Fay/x": "other_name"}

    def test_two_faces_of_one_photo_may_be_two_classes(self, album: Album) -> None:
        both = Shown(at(ADA, 50)), Shown(at(BEN, 51))
        for name in ("Ada", "Ben"):
            album.add(f"{name}/x", *both, content="same")
        assert album.left_out() == {}
        verdicts = album.judge()
        assert (verdicts["Ada/x"].face, verdicts["Ben/x"].face) == (0, 1)


class TestWrongPeople:
    def test_a_face_far_from_its_class_is_of_another_person(self, album: Album) -> None:
        album.add("Ada/x", Shown(at(7)))
        assert album.left_out() == {"Ada/x": "wrong_person"}

    def test_the_reason_tells_how_far_and_who_is_nearer(self, album: Album) -> None:
        album.add("Ada/x", Shown(at(BEN, 50)))
        assert album.judge()["Ada/x"].reason == (
            "distance 0.76 to the class's other images, 0.28 to Ben"
        )

    def test_the_reason_names_no_class_where_none_is_nearer(self, album: Album) -> None:
        album.add("Ada/x", Shown(at(7, 50)))
        reason = album.judge()["Ada/x"].reason
        assert reason == "distance 0.76 to the class's other images"

    def test_a_doubtful_face_stays_where_no_other_class_is_nearer(self, album: Album) -> None:
        album.add("Ada/x", Shown(at(ADA, 50, off=0.44)))
        assert album.left_out() == {}
        assert album.statuses(replace(POLICY, far=POLICY.doubtful))["Ada/x"] == "wrong_person"

    def test_a_class_without_a_good_image_is_nearer_to_nobody(self) -> None:
        album = Album()
        album.person("Ada", ADA)
        album.add("Nobody/x", Shown(at(7), sharpness=1))
        far = at(ADA)
        far[ADA] = 0.05
        album.add("Ada/x", Shown(far))
        assert album.left_out() == {"Nobody/x": "blurred"}

    def test_a_doubtful_face_goes_where_another_class_is_nearer(self, album: Album) -> None:
        between = (0.36 * at(ADA) + 0.64 * at(BEN)).astype(np.float32)
        album.add("Ada/x", Shown(between))
        own = float(np.linalg.norm(between - at(ADA)))
        assert POLICY.doubtful < own < POLICY.far
        assert album.left_out() == {"Ada/x": "wrong_person"}

    def test_a_face_nearer_to_another_class_stays_where_it_is_not_doubtful(
        self, album: Album
    ) -> None:
        between = (0.45 * at(ADA) + 0.55 * at(BEN)).astype(np.float32)
        album.add("Ada/x", Shown(between))
        assert album.left_out() == {}

    def test_a_class_whose_images_are_all_alike_is_judged_more_strictly(self) -> None:
        for usual, status in ((0.15, "wrong_person"), (0.25, "kept")):
            album = Album()
            for number in range(8):
                album.add(f"Ada/{number}", Shown(at(ADA, number, off=usual)))
            album.add("Ada/x", Shown(at(ADA, 50, off=0.42)))
            assert album.statuses()["Ada/x"] == status

    def test_a_class_whose_images_lie_far_apart_excuses_nobody(self) -> None:
        album = Album()
        for number in range(8):
            album.add(f"Ada/{number}", Shown(at(ADA, number, off=0.4)))
        album.add("Ada/x", Shown(at(ADA, 50, off=0.52)))
        assert album.left_out() == {"Ada/x": "wrong_person"}

    def test_people_are_told_by_the_mean_of_a_face_and_its_views(self, album: Album) -> None:
        for image, alone, views in (
            ("x", at(ADA, 50, off=1), at(ADA, 50)),
            ("y", at(ADA, 51), at(ADA, 51, off=1)),
        ):
            album.add(f"Ada/{image}", Shown(alone, views=views))
        assert album.left_out() == {"Ada/y": "wrong_person"}

    @pytest.mark.parametrize("count", [1, 2])
    def test_a_class_of_one_or_two_is_left_alone(self, count: int, album: Album) -> None:
        for number in range(count):
            album.add(f"Eve/{number}", Shown(at(7 + number)))
        assert album.left_out() == {}

    def test_of_three_images_the_stranger_goes_and_two_stay(self, album: Album) -> None:
        album.person("Eve", 7, 2)
        album.add("Eve/x", Shown(at(8)))
        assert album.left_out() == {"Eve/x": "wrong_person"}

    def test_those_left_are_judged_without_the_farthest(self, album: Album) -> None:
        album.person("Eve", 7, 2)
        for name, person in (("x", BEN), ("y", CAT)):
            far = at(person)
            far[person] = 0.9
            album.add(f"Eve/{name}", Shown(far))
        assert album.left_out() == {"Eve/x": "wrong_person", "Eve/y": "wrong_person"}

    def test_good_images_are_not_dragged_out_by_a_stranger(self, album: Album) -> None:
        far = at(9)
        far[9] = 3.0
        album.add("Ada/x", Shown(far))
        assert album.left_out() == {"Ada/x": "wrong_person"}


def test_every_planted_image_has_the_status_that_the_policy_gives_it(prepared: Prepared) -> None:
    assert {image: prepared.rows[image]["status"] for image in STATUSES} == STATUSES


def test_every_real_photo_beside_them_is_kept(prepared: Prepared) -> None:
    others = {image for image in prepared.rows if image not in STATUSES}
    assert {prepared.rows[image]["status"] for image in others} == {"kept"}
    assert len(others) == 36


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        ("Colin Firth/twin.jpg", "Colin Firth/famousfaces_001.jpg"),
        ("Emma Stone/smaller.jpg", "Emma Stone/famousfaces_003.jpg"),
        ("Helen Mirren/misnamed.jpg", "Jeremy Renner/famousfaces_003.jpg"),
        ("Will Forte/stranger.jpg", "to Helen Mirren"),
        ("Zoe Saldana/two_strangers.jpg", "2 faces"),
        ("Jeremy Renner/tiny.png", "pixels wide"),
        ("Helen Mirren/blurred.jpg", "sharpness"),
    ],
)
def test_a_reason_says_what_the_image_was_judged_by(
    image: str, reason: str, prepared: Prepared
) -> None:
    assert reason in prepared.rows[image]["reason"]


def test_beside_another_person_the_classs_own_face_is_taken(prepared: Prepared) -> None:
    row = prepared.rows["Emma Stone/with_colin.jpg"]
    assert row["faces"] == 2
    assert row["left"] > 256
