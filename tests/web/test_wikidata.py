"""Asking Wikidata: in batches, page after page, and on bad days."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from aiohttp import web

from starlike.errors import SourceError
from starlike.web import wikidata
from starlike.web.politeness import Manners
from tests.web.stand_in import mediawiki
from tests.web.stand_in import wikidata as stand_in
from tests.web.stand_in.wikidata import Asking

ACTOR = "Q33999"


@pytest.fixture
def ask(manners: Manners) -> Iterator[Asking]:
    with stand_in.asking(manners) as ask:
        yield ask


def test_merged_items_have_their_new_id_and_missing_ones_are_left_out(ask: Asking) -> None:
    found = ask(lambda it: it.entities(["Q900000010", "Q999999999", "Q42"]))
    assert {asked: one.id for asked, one in found.items()} == {
        "Q900000010": "Q2263",
        "Q42": "Q42",
    }


def test_many_are_asked_for_in_batches_and_told(
    ask: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wikidata, "_MOST_ITEMS", 2)
    told: list[tuple[int, int]] = []
    ids = ["Q42", "Q635", "Q42", "Q2263", "Q9535", "Q9557"]
    found = ask(lambda it: it.entities(ids, lambda *counts: told.append(counts)))
    assert set(found) == set(ids)
    assert ask.server.counts["/api"] == 3
    assert told[-1] == (5, 5)


def test_labels_fall_back_to_other_languages(ask: Asking) -> None:
    labels = ask(lambda it: it.labels([ACTOR, "Q190162", "Q900000001", "Q999999999"]))
    assert labels == {ACTOR: "actor", "Q190162": "Zoe Saldaña", "Q900000001": "Q900000001"}


def test_namesakes_are_found_page_after_page(ask: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wikidata, "_MOST_HITS", 1)
    hits = ask(lambda it: it.search("Michael Jackson"))
    assert [hit.id for hit in hits] == ["Q2831", "Q167877"]
    assert ask.server.counts["/api"] == 2


def test_pages_end_where_namesakes_do(ask: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wikidata, "_MOST_HITS", 1)
    ask(lambda it: it.search("Tom"))
    assert ask.server.counts["/api"] == 1


def test_maxlag_is_waited_for(ask: Asking) -> None:
    ask.played.troubles.append(lambda: mediawiki.maxlag(0))
    assert ask(lambda it: it.labels([ACTOR])) == {ACTOR: "actor"}
    assert ask.server.counts["/api"] == 2


def test_an_error_of_the_api_is_told(ask: Asking) -> None:
    ask.played.troubles.append(lambda: mediawiki.error_answer("readonly", "The wiki is read-only"))
    with pytest.raises(SourceError, match="readonly: The wiki is read-only"):
        ask(lambda it: it.labels([ACTOR]))


@pytest.mark.parametrize("content", ["[]", "{}", '{"entities": []}', '{"search": 1}', "1"])
def test_an_answer_of_another_form_is_told(ask: Asking, content: str) -> None:
    def other() -> web.Response:
        return web.Response(text=content, content_type="application/json")

    for question in (
        lambda it: it.entities([ACTOR]),
        lambda it: it.search("x"),
        lambda it: it.select("x"),
    ):
        ask.played.troubles.append(other)
        with pytest.raises(SourceError, match="Wikidata"):
            ask(question)
