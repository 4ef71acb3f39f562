"""2,000 uploads made to do harm: each ends in an answer or is refused, and memory stays flat."""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pillow_heif
import pytest
from PIL import Image

from tests.server.conftest import Serve, Server, saved

UPLOADS, WARM_UP = 2000, 300
MEBIBYTE = 2**20
# Either worker may still meet what takes more than all before; a leak would show in 2,000 uploads.
LARGEST_GROWTH = 120 * MEBIBYTE
KINDS = ("JPEG", "PNG", "GIF", "WEBP", "HEIF")
BOUNDARY = "hostile"

Mutation = Callable[[bytearray, random.Random], bytes]


def flipped(data: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 3, 30))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def flipped_in_the_head(data: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 2, 5))):
        data[chance.randrange(min(64, len(data)))] = chance.randrange(256)
    return bytes(data)


def overwritten(data: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    length = chance.randrange(1, 200)
    data[start : start + length] = chance.choice((b"\0", b"\xff", chance.randbytes(1))) * length
    return bytes(data)


def cut(data: bytearray, chance: random.Random) -> bytes:
    return bytes(data[: chance.randrange(len(data))])


def with_a_piece_removed(data: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    del data[start : start + chance.randrange(1, 500)]
    return bytes(data)


def doubled(data: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return bytes(data[:start] + data[max(0, start - 400) :])


def noise(data: bytearray, chance: random.Random) -> bytes:
    return bytes(data[: chance.randrange(40)]) + chance.randbytes(chance.randrange(3000))


MUTATIONS: tuple[Mutation, ...] = (
    flipped,
    flipped_in_the_head,
    overwritten,
    cut,
    with_a_piece_removed,
    doubled,
    noise,
)


@pytest.fixture(scope="module")
def seeds(astronaut: Path) -> list[bytes]:
    """A face of 48 pixels in every format, and mostly one so small that none is looked for.

    What is decoded is much, and looking for faces in it would be most of the time.
    """
    pillow_heif.register_heif_opener()
    with Image.open(astronaut) as image:
        face = image.crop((150, 40, 290, 200)).resize((48, 55))
    tiny = face.resize((40, 15))
    return [saved(seen, kind) for kind in KINDS for seen in (face, *[tiny] * 5)]


def framing(chance: random.Random, photo: bytes) -> bytes:
    """A form around a photo that is malformed in some way, or nearly so."""
    line = b"--" + BOUNDARY.encode()
    name = chance.choice((b"photo", b"top", b"among", b"", b"x" * 300, b"\xff\xfe", b'a"b'))
    disposition = chance.choice((b"form-data", b"form-data;" * 50, b"attachment", b""))
    headers = b"Content-Disposition: " + disposition + b'; name="' + name + b'"; filename="../../x"'
    headers += b"\r\nX: y" * chance.choice((0, 0, 1, 7, 50))
    ending = chance.choice((b"\r\n", b"\n", b"\r", b"", b"\0"))
    part = line + ending + headers + ending + ending + photo + b"\r\n"
    return part * chance.choice((1, 1, 3, 12)) + chance.choice((line + b"--\r\n", line, b"", b"--"))


def send(server: Server, seeds: list[bytes], number: int) -> httpx.Response:
    """The hostile upload of that number, the same one at every run."""
    chance = random.Random(number)
    photo = chance.choice(MUTATIONS)(bytearray(chance.choice(seeds)), chance)
    way = chance.randrange(6)
    if way == 0:
        content, kind = framing(chance, photo), f"multipart/form-data; boundary={BOUNDARY}"
    elif way == 1:
        form = framing(random.Random(0), photo)
        content = chance.choice(MUTATIONS)(bytearray(form), chance)
        kind = f"multipart/form-data; boundary={BOUNDARY}"
    else:
        content, kind = photo, chance.choice(("image/jpeg", "application/octet-stream"))
    body: bytes | Iterator[bytes] = content
    if chance.random() < 0.2:
        stream = io.BytesIO(content)
        body = iter(lambda: stream.read(777), b"")
    address = "/v1/compare" if way < 2 and number % 2 else "/v1/match?top=1"
    return server.client.post(address, content=body, headers={"Content-Type": kind})


def memory(server: Server) -> int:
    """Resident bytes of the server and its workers."""
    return sum(process.memory_info().rss for process in (server.process, *server.workers()))


def searched_in_vain() -> bytes:
    """The most that looking for faces may take within the limits: large, and with nothing found."""
    return saved(Image.new("RGB", (1000, 1000), "grey"), "PNG")


def test_hostile_uploads_end_in_an_answer_or_a_refusal_with_memory_steady(
    serve: Serve, seeds: list[bytes]
) -> None:
    server = serve(workers=2, queue=100, max_bytes="1MiB", max_pixels=1_000_000, max_photos=8)
    workers = server.workers()
    statuses: Counter[int] = Counter()
    with ThreadPoolExecutor(4) as threads:
        most = searched_in_vain()
        assert {r.status_code for r in threads.map(server.match, [most] * 12)} == {422}
        for first, last in ((0, WARM_UP), (WARM_UP, UPLOADS)):
            if first:
                before = memory(server)
            for response in threads.map(lambda n: send(server, seeds, n), range(first, last)):
                statuses[response.status_code] += 1
                assert response.status_code == 200 or 400 <= response.status_code < 500
                assert response.status_code == 200 or response.json()["code"]
    assert memory(server) - before < LARGEST_GROWTH
    assert statuses[200] > 20
    assert {400, 413, 415, 422} <= set(statuses)
    assert server.workers() == workers
    assert "Traceback" not in server.log()
    assert server.match(seeds[0]).status_code == 200
