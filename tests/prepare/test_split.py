"""Test images are chosen class by class, by the seed and the images' content alone."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from starlike.prepare.split import split

Image = tuple[str, str]

IMAGES: list[Image] = [
    (f"person {person}", f"{person}/{number}") for person in range(40) for number in range(5)
]


def chosen(images: list[Image], *, test: int = 1, seed: int = 0) -> dict[Image, str]:
    names, contents = zip(*images, strict=True)
    return dict(zip(images, split(names, contents, test=test, seed=seed), strict=True))


def for_testing(images: list[Image], *, test: int = 1, seed: int = 0) -> set[Image]:
    return {image for image, part in chosen(images, test=test, seed=seed).items() if part == "test"}


def test_every_image_is_in_one_of_the_two_splits() -> None:
    assert set(chosen(IMAGES).values()) == {"train", "test"}
    assert len(chosen(IMAGES)) == len(IMAGES)


@pytest.mark.parametrize("test", [1, 2, 4])
def test_so_many_images_of_every_class_are_tested_on(test: int) -> None:
    per_class = Counter(name for name, _ in for_testing(IMAGES, test=test))
    assert set(per_class.values()) == {test}
    assert len(per_class) == 40


def test_the_same_seed_chooses_the_same_images() -> None:
    assert for_testing(IMAGES, seed=7) == for_testing(IMAGES, seed=7)


def test_another_seed_chooses_others() -> None:
    shared = for_testing(IMAGES, seed=1) & for_testing(IMAGES, seed=2)
    assert len(shared) < 20


def test_no_place_in_a_class_is_preferred() -> None:
    places = Counter(content.split("/")[1] for _, content in for_testing(IMAGES))
    assert len(places) == 5


def test_the_order_of_the_images_changes_nothing() -> None:
    shuffled = random.Random(3).sample(IMAGES, len(IMAGES))
    assert chosen(shuffled) == chosen(IMAGES)


def test_other_classes_change_nothing() -> None:
    alone = [image for image in IMAGES if image[0] == "person 7"]
    assert for_testing(alone) == {image for image in for_testing(IMAGES) if image[0] == "person 7"}


def test_a_new_image_moves_no_other_one_from_test_to_train_but_the_one_it_replaces() -> None:
    before = for_testing(IMAGES)
    after = for_testing([*IMAGES, ("person 7", "7/new")])
    assert len(before ^ after) in {0, 2}
    assert {name for name, _ in before ^ after} <= {"person 7"}


@pytest.mark.parametrize("test", [1, 3, 5, 100])
def test_one_image_of_every_class_is_left_to_train_on(test: int) -> None:
    left = Counter(name for (name, _), part in chosen(IMAGES, test=test).items() if part == "train")
    assert len(left) == 40
    assert min(left.values()) == max(1, 5 - test)


def test_the_only_image_of_a_class_is_never_tested_on() -> None:
    assert chosen([("alone", "a")]) == {("alone", "a"): "train"}


def test_a_class_of_two_is_split_in_two() -> None:
    assert sorted(chosen([("two", "a"), ("two", "b")]).values()) == ["test", "train"]


def test_without_test_images_all_are_trained_on() -> None:
    assert for_testing(IMAGES, test=0) == set()


def test_nothing_is_split_into_nothing() -> None:
    assert split([], [], test=1, seed=0) == []
