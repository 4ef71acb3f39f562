"""Wikimedia Commons: what it is asked, in which order, and on bad days."""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path

import pytest

from starlike.errors import SourceError
from starlike.files.people import Person
from starlike.web.image_source import ImagePage
from starlike.web.responses import Responses
from starlike.web.sources.commons import Commons
from tests.web.stand_in import commons as stand_in
from tests.web.stand_in import mediawiki
from tests.web.stand_in.commons_asked import all_of, asking, next_page, titles
from tests.web.stand_in.commons_files import File
from tests.web.stand_in.server import StandIn


def test_the_portrait_comes_first_then_the_category_its_subcategories_and_what_depicts() -> None:
    names = ("Portrait", "A", "B", "In 2019", "Oscars", "Elsewhere")
    wiki = stand_in.Commons(
        [File(f"{name}.jpg") for name in names],
        categories={
            "Ann Lee": ["B.jpg", "A.jpg", "Category:Ann Lee in 2019", "Category:Films of Ann Lee"],
            "Ann Lee in 2019": ["In 2019.jpg", "Category:Ann Lee in 2019 in art"],
            "Films of Ann Lee": ["Oscars.jpg"],
        },
        depicts={"Q42": ["Elsewhere.jpg", "A.jpg"]},
    )
    person = Person("Ann Lee", wikidata="Q42", portrait="Portrait.jpg", category="Ann Lee")
    with StandIn(wiki.routes()) as server:
        found = all_of(server, person)
    assert titles(found[:1]) == ["Portrait"]
    assert [candidate.portrait for candidate in found] == [True] + [False] * 5
    assert set(titles(found[1:3])) == {"A", "B"}
    assert titles(found[3:]) == ["In 2019", "Elsewhere", "A"]


def test_what_was_found_first_by_the_search_comes_first() -> None:
    order = [f"Photo {number}.jpg" for number in (7, 3, 9, 1, 5)]
    wiki = stand_in.Commons([File(title) for title in sorted(order)], depicts={"Q42": order})
    with StandIn(wiki.routes()) as server:
        found = all_of(server, Person("Ann Lee", wikidata="Q42", category="Nothing there"))
    assert [f"{title}.jpg" for title in titles(found)] == order


def test_large_categories_and_searches_are_read_to_their_end() -> None:
    files = [File(f"Photo {number:03}.jpg") for number in range(260)]
    names = [file.title for file in files]
    wiki = stand_in.Commons(files, {"Ann Lee": names[:130]}, {"Q42": names[130:]})
    with StandIn(wiki.routes()) as server:
        found = all_of(server, Person("Ann Lee", wikidata="Q42", category="Ann Lee"))
    assert sorted(f"{title}.jpg" for title in titles(found)) == names


def test_files_that_an_answer_had_no_room_for_come_with_the_next() -> None:
    files = [File(f"Photo {number:02}.jpg") for number in range(70)]
    names = [file.title for file in files]
    wiki = stand_in.Commons(files, {"Ann Lee": names}, at_once=8)
    with StandIn(wiki.routes()) as server:
        found = all_of(server, Person("Ann Lee"))
    assert sorted(f"{title}.jpg" for title in titles(found)) == names


def test_a_cursor_is_all_that_another_process_needs() -> None:
    wiki = stand_in.Commons(
        [File("Portrait.jpg"), File("A.jpg")],
        {"Lee, Ann": ["A.jpg"]},
        items={"Q42": {"P18": "Portrait.jpg", "P373": "Lee, Ann"}},
    )
    with StandIn(wiki.routes()) as server:
        first = next_page(server, Person("Ann Lee", wikidata="Q42"))
        second = next_page(server, Person("Ann Lee"), first.cursor)
    assert titles([*first.candidates, *second.candidates]) == ["Portrait", "A"]
    assert server.counts["/wikidata/w/api.php"] == 1


@pytest.mark.parametrize("cursor", ["", "7", "{}", '{"steps": [["x", "y"]], "continue": {}}'])
def test_a_cursor_of_something_else_is_told(cursor: str) -> None:
    wiki = stand_in.Commons()
    with StandIn(wiki.routes()) as server, pytest.raises(SourceError, match="not a cursor"):
        asking(server, lambda source: source.page(Person("Ann Lee"), cursor or "{"))


def test_wikidata_tells_what_is_not_known_and_outdated_statements_do_not_count() -> None:
    wiki = stand_in.Commons(
        [File("Portrait.jpg"), File("Old.jpg"), File("A.jpg")],
        {"Lee (actor)": ["A.jpg"], "Ann Lee": ["Old.jpg"]},
        items={"Q42": {"P18": "Portrait.jpg", "sitelink": "Category:Lee (actor)"}},
    )
    with StandIn(wiki.routes()) as server:
        found = all_of(server, Person("Ann Lee", wikidata="Q42"))
    assert titles(found) == ["Portrait", "A"]


@pytest.mark.parametrize("items", [{}, {"Q42": {}}, {"Q42": {"sitelink": "Ann Lee"}}])
def test_a_known_person_without_a_category_gets_nobody_elses(
    items: dict[str, dict[str, str]],
) -> None:
    wiki = stand_in.Commons([File("A.jpg")], {"Ann Lee": ["A.jpg"]}, items=items)
    with StandIn(wiki.routes()) as server:
        assert all_of(server, Person("Ann Lee", wikidata="Q42")) == []


def test_of_a_mere_name_the_category_of_that_name_is_tried() -> None:
    wiki = stand_in.Commons([File("A.jpg")], {"安室奈美恵": ["A.jpg"]})
    with StandIn(wiki.routes()) as server:
        assert titles(all_of(server, Person("安室奈美恵"))) == ["A"]
        assert all_of(server, Person("Nobody")) == []
        asked = len(server.asked)
        assert all_of(server, Person("Ann Lee [actor]")) == []
        assert len(server.asked) == asked


def test_a_portrait_that_was_moved_is_found_and_one_that_is_gone_is_not() -> None:
    wiki = stand_in.Commons([File("New name.jpg")], redirects={"Old name.jpg": "New name.jpg"})
    with StandIn(wiki.routes()) as server:
        moved = all_of(server, Person("Ann Lee", portrait="old_name.jpg", category="None"))
        gone = all_of(server, Person("Ann Lee", portrait="Deleted.jpg", category="None"))
    assert titles(moved) == ["New name"]
    assert gone == []


def test_a_category_that_sorts_others_is_looked_through_once() -> None:
    wiki = stand_in.Commons(
        [File("A.jpg"), File("B.jpg")],
        {
            "Art Lee": ["Category:Art Lee by year"],
            "Art Lee by year": ["Category:Art Lee in 2019", "Category:Art Lee by year"],
            "Art Lee in 2019": ["A.jpg", "Category:Art Lee in May 2019"],
            "Art Lee in May 2019": ["B.jpg"],
        },
    )
    with StandIn(wiki.routes()) as server:
        assert titles(all_of(server, Person("Art Lee"))) == ["A"]


def test_a_busy_wiki_is_asked_again_when_it_says() -> None:
    bad_days = deque([mediawiki.maxlag(0), mediawiki.too_many_requests(0), mediawiki.maxlag(0)])
    wiki = stand_in.Commons([File("A.jpg")], {"Ann Lee": ["A.jpg"]}, troubles=bad_days)
    with StandIn(wiki.routes()) as server:
        with pytest.raises(SourceError, match="answered maxlag"):
            next_page(server, Person("Ann Lee"))
        assert titles(all_of(server, Person("Ann Lee"))) == ["A"]
    assert all(asked.query["maxlag"] == "5" for asked in server.asked)


def test_an_error_of_the_api_is_told_in_one_line() -> None:
    with StandIn(stand_in.Commons().routes()) as server:
        with pytest.raises(SourceError, match="gcminvalidcategory: The category name") as told:
            next_page(server, Person("Ann Lee", category="Ann|Lee"))
        with pytest.raises(SourceError, match="no-such-entity"):
            next_page(server, Person("Ann Lee", wikidata="Q4x"))
    assert "\n" not in str(told.value)


def test_an_answer_is_asked_for_once(tmp_path: Path) -> None:
    wiki = stand_in.Commons([File("A.jpg")], {"Ann Lee": ["A.jpg"]})
    responses = Responses(tmp_path / "responses.sqlite")

    async def twice(source: Commons) -> list[ImagePage]:
        return [await source.page(Person("Ann Lee"), None) for _ in range(2)]

    with StandIn(wiki.routes()) as server:
        first, second = asking(server, twice, responses)
    assert first == second
    assert server.counts["/w/api.php"] == 1


def test_cursors_hold_names_that_people_can_read() -> None:
    wiki = stand_in.Commons([File("A.jpg")], {"安室奈美恵": ["A.jpg"]})
    with StandIn(wiki.routes()) as server:
        cursor = next_page(server, Person("安室奈美恵")).cursor
    assert cursor is not None
    assert json.loads(cursor)["steps"] == [["below", "安室奈美恵"]]
    assert "安室奈美恵" in cursor
