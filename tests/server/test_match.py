"""`POST /v1/match`, asked over HTTP, with the model that ships."""

from __future__ import annotations

import io
from pathlib import Path

import httpx
import pillow_heif
import pytest
from PIL import Image

import starlike
from starlike.model import answer
from starlike.server import schemas
from tests.server.conftest import Server, saved


@pytest.fixture(scope="module")
def image(portrait: bytes) -> Image.Image:
    return Image.open(io.BytesIO(portrait)).convert("RGB")


def names(response: httpx.Response) -> list[str]:
    assert response.status_code == 200, response.text
    (photo,) = response.json()["photos"]
    return [match["name"] for match in photo["faces"][0]["matches"]]


def code(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert list(problem) == ["type", "title", "status", "detail", "code"]
    assert problem["status"] == response.status_code
    assert problem["type"] == f"/problems/{problem['code']}"
    return response.status_code, problem["code"]


def test_a_photo_is_answered_as_on_the_command_line(
    server: Server, model: starlike.Model, astronaut: Path
) -> None:
    data = astronaut.read_bytes()
    response = server.match(data, top=3)
    assert response.status_code == 200
    expected = answer.of_photo("1", model.match(data, top=3)) | {"size": [512, 512]}
    assert response.json() == {"photos": [expected], "together": None}
    assert response.headers["cache-control"] == "no-store"


def test_a_photo_in_a_form_is_answered_as_a_photo_as_it_is(server: Server, portrait: bytes) -> None:
    assert server.form(portrait).json() == server.match(portrait).json()


def test_a_body_without_a_told_length_is_read_to_its_end(server: Server, portrait: bytes) -> None:
    pieces = (portrait[start : start + 1000] for start in range(0, len(portrait), 1000))
    headers = {"Content-Type": "image/jpeg"}
    response = server.client.post("/v1/match", content=pieces, headers=headers)
    assert response.json() == server.match(portrait).json()


def test_five_stars_are_named_unless_asked_otherwise(server: Server, portrait: bytes) -> None:
    assert len(names(server.match(portrait))) == 5
    assert names(server.match(portrait, top=2)) == names(server.match(portrait))[:2]


def test_only_those_asked_for_are_named(
    server: Server, model: starlike.Model, portrait: bytes
) -> None:
    asked = ["well-known", model.classes.names[0]]
    expected = [match.name for match in model.match(portrait, among=asked)[0].matches]
    assert names(server.match(portrait, among=asked)) == expected
    assert names(server.form(portrait, among=asked)) == expected


def test_the_forms_fields_count_before_the_address(server: Server, portrait: bytes) -> None:
    response = server.client.post(
        "/v1/match?top=4", files={"photo": portrait}, data={"top": "2", "among": ""}
    )
    assert len(names(response)) == 2


def test_several_photos_are_answered_in_order_whatever_one_of_them_is(
    server: Server, portrait: bytes
) -> None:
    response = server.form(portrait, b"no photo", portrait)
    assert response.status_code == 200
    photos = response.json()["photos"]
    assert [photo["photo"] for photo in photos] == ["1", "2", "3"]
    assert [photo["error"] and photo["error"]["code"] for photo in photos] == [
        None,
        "not_a_photo",
        None,
    ]
    assert photos[1]["size"] is None
    assert photos[0]["faces"] == photos[2]["faces"]


def test_photos_of_one_person_are_answered_together(
    server: Server, model: starlike.Model, portrait: bytes
) -> None:
    response = server.form(portrait, b"no photo", portrait, together="true", top=2)
    embedding = model.embed(portrait)[0]
    expected = answer.of_several(["1", "3"], model.rank_together([embedding, embedding], top=2))
    assert response.json()["together"] == expected


def test_an_answer_has_the_shape_that_is_documented(server: Server, portrait: bytes) -> None:
    body = server.form(portrait, b"no photo", together="true").json()
    assert schemas.Answer.model_validate(body).model_dump(mode="json") == body


def test_photos_without_faces_have_no_answer_together(server: Server) -> None:
    empty = saved(Image.new("RGB", (64, 64)), "PNG")
    together = server.form(empty, empty, together="true").json()["together"]
    assert together["faces"] == []
    assert together["error"]["code"] == "no_face"


def test_every_face_is_answered_with_its_box(server: Server, image: Image.Image) -> None:
    both = Image.new("RGB", (2 * image.width, image.height))
    both.paste(image, (0, 0))
    both.paste(image, (image.width, 0))
    (photo,) = server.match(saved(both, "JPEG")).json()["photos"]
    assert photo["size"] == [2 * image.width, image.height]
    lefts = sorted(face["box"][3] for face in photo["faces"])
    assert len(lefts) == 2
    assert lefts[0] < image.width < lefts[1]


@pytest.mark.parametrize("kind", ["HEIF", "PNG", "WEBP", "TIFF", "BMP"])
def test_a_photo_may_come_in_any_known_format(
    server: Server, image: Image.Image, portrait: bytes, kind: str
) -> None:
    pillow_heif.register_heif_opener()
    assert names(server.match(saved(image, kind)))[0] in names(server.match(portrait))


def test_a_photo_turned_by_the_camera_is_answered_upright(
    server: Server, image: Image.Image
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = image.crop((0, 0, 260, 240)).rotate(90, expand=True)
    (photo,) = server.match(saved(turned, "JPEG", exif=exif)).json()["photos"]
    assert photo["size"] == [260, 240]
    assert len(photo["faces"]) == 1


@pytest.mark.parametrize("mode", ["CMYK", "L", "RGBA", "P"])
def test_a_photo_may_have_any_colours(server: Server, image: Image.Image, mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert len(names(server.match(saved(image.convert(mode), kind)))) == 5


def test_the_first_picture_of_an_animation_is_answered(server: Server, image: Image.Image) -> None:
    black = Image.new("RGB", image.size)
    animation = saved(image, "GIF", save_all=True, append_images=[black])
    assert len(names(server.match(animation))) == 5


def test_a_photo_without_a_face_is_told_so(server: Server) -> None:
    assert code(server.match(saved(Image.new("RGB", (64, 64)), "PNG"))) == (422, "no_face")


def test_what_is_no_photo_is_told_so(server: Server, portrait: bytes) -> None:
    page = b"<!doctype html><title>not a photo</title>"
    headers = {"Content-Type": "image/jpeg"}
    response = server.client.post("/v1/match", content=page, headers=headers)
    assert code(response) == (415, "not_a_photo")
    assert code(server.match(portrait[:2000])) == (422, "broken")
    assert code(server.match(b"")) == (422, "empty")
    assert code(server.form(b"")) == (422, "empty")


def test_a_photo_beyond_the_limits_is_refused(server: Server) -> None:
    bomb = saved(Image.new("1", (4000, 4000)), "PNG")
    assert len(bomb) < 10_000
    assert code(server.match(bomb)) == (413, "too_large")
    assert code(server.match(bytes(2 * 2**20 + 1))) == (413, "too_large")
    assert code(server.form(bytes(2 * 2**20 + 1))) == (413, "too_large")


def test_a_body_that_does_not_tell_its_length_is_refused_as_it_grows(server: Server) -> None:
    pieces = (bytes(64 * 1024) for _ in range(33))
    headers = {"Content-Type": "image/png"}
    response = server.client.post("/v1/match", content=pieces, headers=headers)
    assert code(response) == (413, "too_large")


def test_more_photos_than_the_limit_are_refused(server: Server, portrait: bytes) -> None:
    assert code(server.form(*[portrait] * 5)) == (413, "too_many_photos")


@pytest.mark.parametrize(
    "parameters", [{"top": 0}, {"top": "five"}, {"top": 101}, {"together": "perhaps"}, {"tpo": 3}]
)
def test_a_wrong_parameter_is_told_in_the_address_and_in_the_form(
    server: Server, portrait: bytes, parameters: dict[str, object]
) -> None:
    for response in (server.match(portrait, **parameters), server.form(portrait, **parameters)):
        assert code(response) == (422, "invalid")
        assert next(iter(parameters)) in response.json()["detail"]


def test_people_who_are_not_known_cannot_be_asked_for(server: Server, portrait: bytes) -> None:
    response = server.match(portrait, among=["well-known", "Nobody Atall"])
    assert code(response) == (422, "names")
    assert "Nobody Atall" in response.json()["detail"]
    assert "well-known" in response.json()["detail"]


def test_a_form_in_which_no_photo_was_chosen_is_told_so(server: Server) -> None:
    chosen_none = (
        b'--x\r\nContent-Disposition: form-data; name="photo"; filename=""\r\n\r\n\r\n--x--'
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    response = server.client.post("/v1/match", content=chosen_none, headers=headers)
    assert code(response) == (422, "no_photo")


@pytest.mark.parametrize("kind", ["", "text/html", "application/json", "x"])
def test_a_body_of_another_kind_is_refused(server: Server, portrait: bytes, kind: str) -> None:
    response = server.client.post("/v1/match", content=portrait, headers={"Content-Type": kind})
    assert code(response) == (415, "media_type")


def test_a_compressed_body_is_refused(server: Server, portrait: bytes) -> None:
    headers = {"Content-Type": "image/jpeg", "Content-Encoding": "gzip"}
    response = server.client.post("/v1/match", content=portrait, headers=headers)
    assert code(response) == (415, "media_type")
