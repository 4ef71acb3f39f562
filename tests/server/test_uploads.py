"""What is refused while it is read, and what becomes of it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.server.conftest import Serve, Server

BOUNDARY = "x"


@pytest.fixture(scope="module")
def strict(serve: Serve) -> Server:
    """Little time to send something, few requests, and a proxy that is believed."""
    return serve(
        upload_timeout=1, rate=3, trusted_proxies="127.0.0.0/8", memory="3MiB", max_bytes="2MiB"
    )


@contextmanager
def connected(server: Server, *lines: str) -> Iterator[socket.socket]:
    """A connection over which these lines were sent."""
    address = (server.client.base_url.host, server.client.base_url.port)
    with socket.create_connection(address, timeout=60) as connection:
        connection.sendall("".join(f"{line}\r\n" for line in lines).encode())
        yield connection


def heard(connection: socket.socket) -> str:
    """Everything that the server still says before it closes the connection."""
    pieces = []
    while piece := connection.recv(65536):
        pieces.append(piece)
    return b"".join(pieces).decode()


def head(length: int, client: str = "1.1.1.1") -> tuple[str, ...]:
    return (
        "POST /v1/match HTTP/1.1",
        "Host: localhost",
        f"X-Forwarded-For: {client}",
        "Content-Type: image/jpeg",
        f"Content-Length: {length}",
        "",
    )


def parts(*bodies: str) -> str:
    return "".join(f"--{BOUNDARY}\r\n{body}\r\n" for body in bodies) + f"--{BOUNDARY}--\r\n"


def field(name: str, value: str) -> str:
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'


MALFORMED = {
    "nothing": "",
    "no boundary in it": "no form at all",
    "cut off": parts(field("photo", "x"))[:-8],
    "a part without a name": parts("Content-Disposition: form-data\r\n\r\nx"),
    "a part that is no field": parts('Content-Disposition: attachment; name="photo"\r\n\r\nx'),
    "a part without headers": parts("\r\nx"),
    "a huge header": parts(f"X-Header: {'x' * 5000}\r\n\r\nx"),
    "very many headers": parts("X-Header: x\r\n" * 20 + "\r\nx"),
    "very many fields": parts(*[field("among", "well-known")] * 200),
    "a line that is no header": parts("no header here\r\n\r\nx"),
    "only the last boundary": f"--{BOUNDARY}--\r\n",
}


@pytest.mark.parametrize("what", MALFORMED)
def test_a_malformed_form_is_refused(server: Server, what: str) -> None:
    response = server.client.post(
        "/v1/match",
        content=MALFORMED[what].encode(),
        headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
    )
    assert 400 <= response.status_code < 500
    assert response.json()["code"] in {"bad_request", "no_photo"}


@pytest.mark.parametrize("boundary", ["", "; boundary=", f"; boundary={'x' * 1000}", "; boundary"])
def test_a_form_needs_a_boundary(server: Server, boundary: str) -> None:
    response = server.client.post(
        "/v1/match", content=b"x", headers={"Content-Type": f"multipart/form-data{boundary}"}
    )
    assert response.status_code == 400
    assert response.json()["code"] == "bad_request"


def test_a_field_may_be_only_so_long(server: Server) -> None:
    response = server.client.post(
        "/v1/match",
        content=parts(field("among", "x" * 2000)).encode(),
        headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
    )
    assert (response.status_code, response.json()["code"]) == (422, "invalid")


def test_a_request_that_comes_too_slowly_is_ended(strict: Server) -> None:
    with connected(strict, *head(1000)) as connection:
        connection.sendall(b"\xff\xd8\xff")
        answer = heard(connection)
    assert answer.startswith("HTTP/1.1 408 ")
    assert '"code": "upload_timeout"' in answer


def test_headers_that_never_end_are_not_waited_for(strict: Server) -> None:
    with connected(strict, "GET /healthz HTTP/1.1", "Host: localhost") as connection:
        assert heard(connection) == ""


def test_a_request_that_is_cut_off_leaves_the_server_as_it_was(
    strict: Server, portrait: bytes
) -> None:
    with connected(strict, *head(len(portrait), "1.1.1.2")) as connection:
        connection.sendall(portrait[:1000])
    for _ in strict.patiently("bytes given back"):
        if strict.metric("starlike_upload_bytes") == 0:
            break
    assert strict.client.get("/readyz").status_code == 200


def test_more_bytes_than_all_requests_may_hold_are_refused(strict: Server) -> None:
    with connected(strict, *head(2 * 2**20, "1.1.1.3")) as connection:
        connection.sendall(bytes(2 * 2**20 - 1))
        for _ in strict.patiently("bytes held"):
            if strict.metric("starlike_upload_bytes") == 2 * 2**20 - 1:
                break
        files = {"photo": bytes(2**20 + 2**19)}
        headers = {"X-Forwarded-For": "1.1.1.4"}
        refused = strict.client.post("/v1/match", files=files, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (503, "busy")
        assert refused.headers["retry-after"]


def test_a_client_may_ask_only_so_often(strict: Server) -> None:
    def ask(client: str) -> int:
        headers = {"X-Forwarded-For": client, "Content-Type": "image/png"}
        response = strict.client.post("/v1/match", content=b"x", headers=headers)
        if response.status_code == 429:
            assert response.json()["code"] == "rate"
            assert int(response.headers["retry-after"]) >= 1
        return response.status_code

    assert [ask("2.2.2.2") for _ in range(5)] == [415, 415, 415, 429, 429]
    assert ask("2.2.2.3") == 415


def test_neither_photos_nor_names_of_files_are_logged_or_kept(
    server: Server, portrait: bytes
) -> None:
    padded = portrait + bytes(2**20 + 2**19)
    response = server.form(padded, padded, padded)
    assert response.status_code == 200
    assert server.match(portrait, among="Nobody Atall").status_code == 422
    assert server.client.get("/secret-place?secret=1").status_code == 404
    log = server.log()
    assert "POST /v1/match 200" in log
    assert "secret" not in log
    assert "Nobody" not in log
    assert "127.0.0.1" not in log.partition("listening on")[2].partition("\n")[2]
    assert list(server.temporary.iterdir()) == []


def test_photos_may_have_the_most_bytes_that_are_allowed(server: Server, portrait: bytes) -> None:
    assert server.match(portrait.ljust(2 * 2**20, b"\0")).status_code == 200
