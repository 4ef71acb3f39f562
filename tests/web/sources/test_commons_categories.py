"""Subcategories of a person on Wikimedia Commons: whose names speak of photos of them."""

from __future__ import annotations

import pytest

from starlike.web.sources import commons_categories


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Ann Lee in 2019", True),
        ("Ann Lee at the 2019 Oscars", True),
        ("Ann Lee (actress) at the 2019 Oscars", True),
        ("Portrait photographs of Ann Lee", True),
        ("Photographs of Ann Lee in 2019", True),
        ("Ann Lee 2019", True),
        ("Ann Lee in art", False),
        ("Ann Lee on stamps", False),
        ("Ann Lee (singer)", False),
        ("Ann Leeds in 2019", False),
        ("Wax figures of Ann Lee", False),
        ("Signatures of Ann Lee", False),
        ("Films directed by Ann Lee", False),
        ("Drawings of Ann Lee", False),
        ("Grave of Ann Lee", False),
        ("Bob Lee", False),
    ],
)
def test_only_photos_of_the_person_are_looked_into(name: str, wanted: bool) -> None:
    found, _ = commons_categories.chosen("Ann Lee (actress)", [f"Category:{name}"])
    assert found == ([name] if wanted else [])


def test_a_person_may_be_called_like_a_work() -> None:
    titles = ["Category:Art Book in 2019", "Category:Art Book in art"]
    assert commons_categories.chosen("Art Book", titles) == (["Art Book in 2019"], [])


def test_what_sorts_others_is_told_apart() -> None:
    titles = ["Category:Ann Lee by year", "Category:Ann Lee at the 2019 Oscars"]
    chosen = commons_categories.chosen("Ann Lee", titles)
    assert chosen == (["Ann Lee at the 2019 Oscars"], ["Ann Lee by year"])


def test_below_what_sorts_the_person_is_the_same() -> None:
    titles = ["Category:Ann Lee in 2019", "Category:Bob Lee in 2019"]
    assert commons_categories.chosen("Ann Lee by year", titles) == (["Ann Lee in 2019"], [])
