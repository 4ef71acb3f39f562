"""The configuration of nginx in the documents, run before a real server on the loopback network."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests.docs.documents import DOCS, blocks

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
HOW_TO = DOCS / "howto" / "serve-behind-a-proxy.md"
RATE = 2
PATIENCE = 60

pytestmark = pytest.mark.skipif(
    not (Path(NGINX).exists() and shutil.which("openssl")), reason="no nginx here, or no openssl"
)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _certificate(folder: Path) -> tuple[Path, Path]:
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    return key, certificate


def _configuration(folder: Path, secure: int, plain: int, server: int) -> Path:
    """The document's configuration with ports, names and files that can be had here."""
    (block,) = blocks(HOW_TO, "nginx")
    key, certificate = _certificate(folder)
    text = block.text
    for pattern, ours in (
        (r"listen 80;", f"listen 127.0.0.1:{plain};"),
        (r"listen 443 ssl", f"listen 127.0.0.1:{secure} ssl"),
        (r"server 127\.0\.0\.1:8000;", f"server 127.0.0.1:{server};"),
        (r"server_name \S+;", "server_name localhost;"),
        (r"ssl_certificate \S+;", f"ssl_certificate {certificate};"),
        (r"ssl_certificate_key \S+;", f"ssl_certificate_key {key};"),
    ):
        text, count = re.subn(pattern, ours, text)
        assert count, pattern
    kept = folder / "kept"
    kept.mkdir()
    places = "".join(
        f"{name}_temp_path {kept};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = folder / "nginx.conf"
    file.write_text(
        f"daemon off; master_process off; error_log {folder}/errors; pid {folder}/pid;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{places}{text}\n}}\n"
    )
    return file


class Proxied:
    """A server behind nginx: a client of it, and what nginx laid down in files."""

    def __init__(self, folder: Path, secure: int, plain: int) -> None:
        tls = ssl.create_default_context(cafile=str(folder / "certificate.pem"))
        self.client = httpx.Client(
            base_url=f"https://localhost:{secure}", verify=tls, timeout=PATIENCE
        )
        self.plain = f"http://localhost:{plain}"
        self.errors, self.kept = folder / "errors", folder / "kept"

    def match(self, photo: bytes, **headers: str) -> httpx.Response:
        given = {"Content-Type": "image/jpeg", **headers}
        return self.client.post("/v1/match", content=photo, headers=given)


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[Proxied]:
    folder = tmp_path_factory.mktemp("proxy")
    secure, plain, port = _free_port(), _free_port(), _free_port()
    configuration = _configuration(folder, secure, plain, port)
    ours = {
        "STARLIKE_CACHE": str(cache),
        "STARLIKE_PORT": str(port),
        "STARLIKE_WORKERS": "1",
        "STARLIKE_RATE": str(RATE),
        "STARLIKE_TRUSTED_PROXIES": "127.0.0.1",
    }
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "starlike", "serve"], env=os.environ | ours, stderr=log
        )
    with _ended(server), _ended(subprocess.Popen([NGINX, "-c", str(configuration)])):
        found = Proxied(folder, secure, plain)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(httpx.TransportError):
                if found.client.get("/readyz").status_code == 200:
                    break
            time.sleep(0.1)
        else:
            pytest.fail((folder / "log").read_text())
        yield found
        found.client.close()


def test_pages_come_over_tls_with_the_headers_of_both(proxied: Proxied) -> None:
    start = proxied.client.get("/")
    assert start.status_code == 200
    assert "Which <em>star</em>" in start.text
    assert start.headers["strict-transport-security"] == "max-age=31536000"
    assert "default-src 'self'" in start.headers["content-security-policy"]


def test_who_comes_without_tls_is_sent_there(proxied: Proxied) -> None:
    moved = httpx.get(proxied.plain + "/about")
    assert moved.status_code == 301
    assert moved.headers["location"] == "https://localhost/about"


def test_metrics_are_for_those_inside(proxied: Proxied) -> None:
    assert proxied.client.get("/metrics").status_code == 404


def test_clients_are_told_apart_by_where_they_come_from_and_not_by_what_they_say(
    proxied: Proxied, astronaut: Path
) -> None:
    photo = astronaut.read_bytes()
    answers = [
        proxied.match(photo, **{"X-Forwarded-For": f"10.0.0.{number}"})
        for number in range(RATE + 1)
    ]
    assert [answer.status_code for answer in answers] == [200] * RATE + [429]
    assert answers[0].json()["photos"][0]["faces"]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_a_large_body_passes_and_nothing_is_laid_down(proxied: Proxied) -> None:
    # 20 MiB are beyond the limit of a photo, and not beyond that of a request: the server says so.
    refused = proxied.match(b"\xff\xd8\xff" + bytes(20 * 2**20))
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["code"] in ("too_large", "rate")
    assert not [file for file in proxied.kept.rglob("*") if file.is_file()]
    assert "buffered to a temporary file" not in proxied.errors.read_text()
