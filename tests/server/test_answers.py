"""Everything but the answers to photos: the model, operations, headers and problems."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

import starlike
from starlike.files import portrait_folder
from starlike.files.portrait_folder import Portrait
from starlike.model import store
from starlike.server.problems import KINDS
from starlike.server.settings import PREFIX, Settings
from tests.server.conftest import Serve, Server

SECURED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.fixture(scope="module")
def shown(serve: Serve, tmp_path_factory: pytest.TempPathFactory, astronaut: Path) -> Server:
    """A server with a portrait of the third class, which pages of another origin may ask."""
    folder = tmp_path_factory.mktemp("portraits")
    shutil.copy(astronaut, folder / "astronaut.jpg")
    name = store.read_classes(store.default_folder()).names[2]
    portrait = Portrait(
        name=name,
        image="astronaut.jpg",
        licence="CC0",
        licence_url="https://example.org/cc0",
        author=None,
        page_url=None,
        attribution="by NASA",
    )
    portrait_folder.write_index(folder, [portrait])
    return serve(portraits=folder, cors_origins="https://example.org")


def test_everybody_whom_the_model_knows_is_named(server: Server, model: starlike.Model) -> None:
    body = server.client.get("/v1/classes", params={"limit": 1000}).json()
    rest = server.client.get("/v1/classes", params={"limit": 1000, "cursor": body["next"]}).json()
    assert rest["next"] is None
    body["classes"] += rest["classes"]
    assert [item["name"] for item in body["classes"]] == list(model.classes.names)
    assert {group["name"]: group["people"] for group in body["groups"]} == {
        name: len(names) for name, names in model.classes.groups.items()
    }
    of_group = {item["name"] for item in body["classes"] if "well-known" in item["groups"]}
    assert of_group == set(model.classes.groups["well-known"])
    assert all(item["portrait"] is None for item in body["classes"])


def test_people_are_named_page_by_page(server: Server, model: starlike.Model) -> None:
    seen: list[str] = []
    parameters: dict[str, str | int] = {"q": "an", "limit": 40}
    while True:
        page = server.client.get("/v1/classes", params=parameters).json()
        seen += [item["name"] for item in page["classes"]]
        assert len(page["classes"]) == 40 or page["next"] is None
        if page["next"] is None:
            break
        parameters["cursor"] = page["next"]
    assert seen == [name for name in model.classes.names if "an" in name.casefold()]
    assert len(seen) > 80


def test_people_are_found_by_a_part_of_their_name(server: Server) -> None:
    def found(query: str) -> list[str]:
        body = server.client.get("/v1/classes", params={"q": query}).json()
        return [item["name"] for item in body["classes"]]

    assert found("joyce dewitt") == found("JOYCE DE") == found(" Joyce DeWitt ") == ["Joyce DeWitt"]
    assert found("nobody atall") == []
    assert len(found("")) == 100


@pytest.mark.parametrize(
    "parameters", [{"limit": 0}, {"limit": 1001}, {"cursor": -1}, {"cursor": "x"}, {"page": 1}]
)
def test_a_page_that_cannot_be_is_a_problem(
    server: Server, parameters: dict[str, str | int]
) -> None:
    response = server.client.get("/v1/classes", params=parameters)
    assert (response.status_code, response.json()["code"]) == (422, "invalid")


def test_beyond_the_last_person_there_is_nobody(server: Server) -> None:
    body = server.client.get("/v1/classes", params={"cursor": 2**53}).json()
    assert (body["classes"], body["next"]) == ([], None)


def test_portraits_are_shown_with_their_attribution(shown: Server, astronaut: Path) -> None:
    classes = shown.client.get("/v1/classes").json()["classes"]
    (portrait,) = [item["portrait"] for item in classes if item["portrait"]]
    assert classes[2]["portrait"] == portrait
    assert portrait["attribution"] == "by NASA"
    picture = shown.client.get(portrait["url"])
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.content == astronaut.read_bytes()
    for other in ("/v1/portraits/1.jpg", "/v1/portraits/-1.jpg", "/v1/portraits/99999.jpg"):
        assert shown.client.get(other).json()["code"] == "not_found"


def test_the_model_is_shown_with_its_card_and_figures(server: Server) -> None:
    body = server.client.get("/v1/model").json()
    folder = store.default_folder()
    assert body["version"] == starlike.__version__
    assert body["card"] == (folder / store.CARD).read_text(encoding="utf-8")
    assert body["figures"] == json.loads((folder / store.METRICS).read_text(encoding="utf-8"))


def test_metrics_can_be_read_by_prometheus(server: Server, portrait: bytes) -> None:
    server.match(portrait)
    server.match(b"no photo")
    text = server.client.get("/metrics")
    assert text.headers["content-type"].startswith("text/plain")
    families = {item.name: item for item in text_string_to_metric_families(text.text)}
    routes = {
        (sample.labels["route"], sample.labels["status"])
        for sample in families["starlike_requests"].samples
    }
    assert {("/v1/match", "200"), ("/v1/match", "415")} <= routes
    outcomes = {item.labels["outcome"]: item.value for item in families["starlike_photos"].samples}
    assert outcomes["answered"] >= 1
    assert outcomes["not_a_photo"] >= 1
    assert families["starlike_workers_ready"].samples[0].value == 1
    assert "starlike_request_seconds" in families
    assert families["process_resident_memory_bytes"].samples[0].value > 0


def test_addresses_that_do_not_exist_are_counted_as_one(server: Server) -> None:
    for number in range(3):
        assert server.client.get(f"/nowhere/{number}").status_code == 404
    assert "/nowhere" not in server.client.get("/metrics").text


@pytest.mark.parametrize(
    "path", ["/v1/classes", "/v1/model", "/healthz", "/readyz", "/metrics", "/openapi.json", "/"]
)
def test_head_is_answered_as_get_without_the_body(server: Server, path: str) -> None:
    response = server.client.head(path)
    assert response.status_code == 200
    assert response.content == b""
    assert response.headers["content-type"] == server.client.get(path).headers["content-type"]


@pytest.mark.parametrize(
    "path", ["/", "/compare", "/v1/classes", "/v1/match", "/nowhere", "/openapi.json"]
)
def test_every_response_is_secured(server: Server, path: str) -> None:
    headers = server.client.get(path).headers
    assert SECURED.items() <= dict(headers).items()
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "camera=(self)" in headers["permissions-policy"]
    assert "server" not in headers
    assert "access-control-allow-origin" not in headers


def test_pages_of_other_origins_may_ask_only_where_they_are_let_in(shown: Server) -> None:
    def allowed(origin: str) -> object:
        response = shown.client.get("/v1/model", headers={"Origin": origin})
        return response.headers.get("access-control-allow-origin")

    assert allowed("https://example.org") == "https://example.org"
    assert allowed("https://example.com") is None


def test_an_unknown_address_and_a_wrong_method_are_problems(server: Server) -> None:
    for path in ("/nowhere", "/v1/match/", "/v1", "/docs"):
        response = server.client.get(path)
        assert response.status_code == 404
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["code"] == "not_found"
    response = server.client.delete("/v1/classes")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD"
    assert response.json()["code"] == "not_allowed"
    assert server.client.get("/v1/match").headers["allow"] == "POST"


def test_a_fault_of_the_server_is_a_problem_without_a_traceback(
    serve: Serve, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(store.default_folder(), folder)
    server = serve(model=folder)
    (folder / store.METRICS).write_text("no JSON")
    response = server.client.get("/v1/model")
    assert response.status_code == 500
    assert response.json()["code"] == "internal"
    assert "JSON" not in response.text
    assert SECURED.items() <= dict(response.headers).items()
    assert "Traceback" in server.log()


def test_the_type_of_a_problem_leads_to_its_meaning(server: Server) -> None:
    for code, kind in KINDS.items():
        body = server.client.get(f"/problems/{code}").json()
        assert body == {"code": code, "title": kind.title, "status": kind.status}
    assert server.client.get("/problems/none").status_code == 404


def test_every_problem_is_explained_in_the_docs() -> None:
    docs = Path(__file__).parents[2] / "docs" / "operations.md"
    text = docs.read_text(encoding="utf-8")
    for code, kind in KINDS.items():
        assert f"| `{code}` | {kind.status} |" in text


def test_every_setting_is_explained_in_the_docs() -> None:
    docs = Path(__file__).parents[2] / "docs" / "operations.md"
    text = docs.read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"| `{PREFIX}{name.upper()}` |" in text
