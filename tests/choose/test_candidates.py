from __future__ import annotations

from dataclasses import replace

import pytest

from starlike.choose.candidates import CLASSIC, candidates, plain
from starlike.files.recipe import Recipe


@pytest.mark.parametrize("quick", [False, True])
@pytest.mark.parametrize("layers", [0, 1, 3, 8])
def test_every_candidate_has_a_name_of_its_own_and_a_description(quick: bool, layers: int) -> None:
    grid = candidates(Recipe(layers=layers), quick=quick)
    assert len({candidate.name for candidate in grid}) == len(grid)
    assert len({str((c.kind, c.settings)) for c in grid}) == len(grid)
    assert all(candidate.about.endswith(".") for candidate in grid)


def test_the_grid_goes_over_depth_width_and_dropout() -> None:
    base = Recipe(layers=1, width=512, dropout=0.3)
    recipes = [c.recipe for c in candidates(base) if c.recipe and c.recipe.start == base.start]
    assert {recipe.layers for recipe in recipes} == set(range(7))
    assert {recipe.width for recipe in recipes} == {128, 256, 512, 1024}
    assert {recipe.dropout for recipe in recipes} == {0.1, 0.3, 0.5}
    assert base in recipes


def test_classic_methods_are_compared_with_networks() -> None:
    kinds = {candidate.kind for candidate in candidates(Recipe())}
    assert kinds == {"network"} | {candidate.kind for candidate in CLASSIC}
    assert len(CLASSIC) == 9


def test_plain_networks_learn_from_images_and_labels_as_they_are() -> None:
    base = Recipe(seed=5, embed_from="crop")
    found = [c.recipe for c in candidates(base) if c.recipe and c.recipe.start == "random"]
    assert [recipe.layers for recipe in found] == [1, 2, 3]
    for recipe in found:
        assert (recipe.seed, recipe.embed_from) == (5, "crop")
        assert not recipe.augment + recipe.borrow + recipe.mix + recipe.resemblance
        assert recipe.max_false_agreement == 0
        assert replace(recipe, layers=base.layers) == plain(base)


def test_a_quick_grid_is_part_of_the_whole_one() -> None:
    quick, whole = candidates(Recipe(), quick=True), candidates(Recipe())
    assert set(map(str, quick)) < set(map(str, whole))
    assert {candidate.recipe.layers for candidate in quick if candidate.recipe} == {0, 1, 2}
    assert len(quick) == 6
