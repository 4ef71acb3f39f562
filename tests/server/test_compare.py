"""`POST /v1/compare`, asked over HTTP, with the model that ships."""

from __future__ import annotations

import io
from typing import Any

import httpx
import pytest
from PIL import Image, ImageOps

import starlike
from starlike.model import answer
from starlike.server import schemas
from tests.server.conftest import Server, saved
from tests.server.test_match import code


@pytest.fixture(scope="module")
def mirrored(portrait: bytes) -> bytes:
    return saved(ImageOps.mirror(Image.open(io.BytesIO(portrait))), "JPEG", quality=85)


@pytest.fixture(scope="module")
def nobody() -> bytes:
    return saved(Image.new("RGB", (64, 64)), "PNG")


def compare(server: Server, *photos: bytes, **fields: Any) -> httpx.Response:
    files = [("photo", (f"secret-{i}.jpg", data)) for i, data in enumerate(photos)]
    return server.client.post("/v1/compare", files=files, data=fields)


def test_photos_are_compared_as_on_the_command_line(
    server: Server, model: starlike.Model, portrait: bytes, mirrored: bytes
) -> None:
    response = compare(server, portrait, mirrored, portrait, child="true")
    assert response.status_code == 200
    photos = [("1", model.embed(portrait)), ("2", model.embed(mirrored))]
    photos.append(("3", photos[0][1]))
    expected = answer.of_comparison(photos, model.compare_faces(photos, child=True))
    for photo in expected["photos"]:
        photo["size"] = [260, 260]
    assert response.json() == expected
    assert response.headers["cache-control"] == "no-store"
    schemas.Comparison.model_validate(response.json())
    assert expected["child"]["nearest"][0]["photo"] == "3"


def test_the_question_may_stand_in_the_address_and_the_form_takes_precedence(
    server: Server, portrait: bytes
) -> None:
    files = [("photo", ("p", portrait))] * 3
    asked = server.client.post("/v1/compare", params={"child": True}, files=files)
    assert asked.json()["child"]["photo"] == "1"
    both = server.client.post(
        "/v1/compare", params={"child": True}, files=files, data={"child": "false"}
    )
    assert both.json()["child"] is None


def test_a_photo_that_cannot_be_used_is_left_out(
    server: Server, portrait: bytes, nobody: bytes
) -> None:
    before = server.metric('starlike_photos_total{outcome="no_face"}')
    body = compare(server, portrait, nobody, portrait).json()
    assert [photo["error"] and photo["error"]["code"] for photo in body["photos"]] == [
        None,
        "no_face",
        None,
    ]
    assert body["photos"][1]["size"] == [64, 64]
    assert [pair["photos"] for pair in body["pairs"]] == [["1", "3"]]
    assert server.metric('starlike_photos_total{outcome="no_face"}') == before + 1


def test_where_too_few_photos_are_left_it_is_a_problem(
    server: Server, portrait: bytes, nobody: bytes
) -> None:
    assert code(compare(server, portrait, nobody)) == (422, "no_face")
    assert code(compare(server, portrait, b"no photo")) == (415, "not_a_photo")
    assert code(compare(server, nobody, *[portrait] * 3, child="true")) == (422, "no_face")


def test_too_few_or_too_many_photos_are_refused(server: Server, portrait: bytes) -> None:
    assert code(compare(server, portrait)) == (422, "too_few_photos")
    assert code(compare(server, portrait, portrait, child="true")) == (422, "too_few_photos")
    assert code(compare(server, *[portrait] * 5)) == (413, "too_many_photos")
    headers = {"Content-Type": "image/jpeg"}
    alone = server.client.post("/v1/compare", content=portrait, headers=headers)
    assert code(alone) == (422, "too_few_photos")


def test_what_match_asks_is_no_question_here(server: Server, portrait: bytes) -> None:
    assert code(compare(server, portrait, portrait, top="3")) == (422, "invalid")
    assert code(compare(server, portrait, portrait, child="perhaps")) == (422, "invalid")


def test_names_of_files_are_neither_answered_nor_logged(server: Server, portrait: bytes) -> None:
    assert "secret" not in compare(server, portrait, portrait).text
    assert "secret" not in server.log()
