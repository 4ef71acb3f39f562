"""The images themselves, and every way in which a server of images may misbehave."""

from __future__ import annotations

import asyncio
import io
import struct
import zlib
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from aiohttp import web
from PIL import Image

SVG = b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg' width='900' height='900'/>"
PAGE = b"<!DOCTYPE html><html><body>Please enable JavaScript</body></html>"


def jpeg(seed: int = 0, side: int = 96) -> bytes:
    """A small valid image that no other seed gives."""
    stream = io.BytesIO()
    colour = (seed % 256, seed // 256 % 256, seed // 65536 % 256)
    Image.new("RGB", (side, side), colour).save(stream, "JPEG", comment=str(seed).encode())
    return stream.getvalue()


def animation() -> bytes:
    """A GIF of three frames."""
    frames = [Image.new("RGB", (96, 96), colour) for colour in ("red", "green", "blue")]
    stream = io.BytesIO()
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:], duration=100)
    return stream.getvalue()


def bomb(side: int = 60_000) -> bytes:
    """A PNG of a few bytes that says it has 3,600 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        summed = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + summed

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1_000_000)
    chunks = [chunk(b"IHDR", header), chunk(b"IDAT", pixels), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@cache
def zipped() -> bytes:
    """64 MiB of zeros, packed by gzip."""
    packer = zlib.compressobj(wbits=31)
    return b"".join(packer.compress(bytes(2**20)) for _ in range(64)) + packer.flush()


class Images:
    """Serves bytes by name below `/images/`, and misbehaves below `/bad/`."""

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self.files: dict[str, bytes] = dict(files or {})
        self.good = jpeg(7)
        self.sent = 0
        """How many bytes of the huge body went out."""
        self._tries: defaultdict[str, int] = defaultdict(int)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/images/{name:.+}", self._image),
            web.get("/bad/{name:.+}", self._bad),
        ]

    async def _image(self, request: web.Request) -> web.StreamResponse:
        data = self.files.get(request.match_info["name"])
        if data is None:
            raise web.HTTPNotFound
        return web.Response(body=data, content_type="image/jpeg")

    async def _bad(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        self._tries[name] += 1
        answer = getattr(self, "_" + name.partition(".")[0].replace("-", "_"))
        response: web.StreamResponse = await answer(request, self._tries[name])
        return response

    def _as_jpeg(self, data: bytes) -> web.Response:
        return web.Response(body=data, content_type="image/jpeg")

    async def _busy_once(self, _: web.Request, tried: int) -> web.Response:
        if tried == 1:
            return web.Response(status=429, headers={"Retry-After": "0"})
        return self._as_jpeg(jpeg(429))

    async def _busy_for_an_hour(self, _request: web.Request, _tried: int) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": "3600"})

    async def _always_busy(self, _request: web.Request, _tried: int) -> web.Response:
        return web.Response(status=429)

    async def _fails(self, _request: web.Request, _tried: int) -> web.Response:
        return web.Response(status=500)

    async def _fails_twice(self, _: web.Request, tried: int) -> web.Response:
        return web.Response(status=502) if tried <= 2 else self._as_jpeg(jpeg(502))

    async def _gone(self, _request: web.Request, _tried: int) -> web.Response:
        return web.Response(status=410)

    async def _forbidden(self, _request: web.Request, _tried: int) -> web.Response:
        return web.Response(status=403)

    async def _teapot(self, _request: web.Request, _tried: int) -> web.Response:
        return web.Response(status=418)

    async def _silent(self, _request: web.Request, _tried: int) -> web.Response:
        await asyncio.sleep(30)
        return web.Response()

    async def _slow(self, request: web.Request, _tried: int) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "image/jpeg"})
        await response.prepare(request)
        for byte in self.good * 100:
            await response.write(bytes([byte]))
            await asyncio.sleep(0.05)
        return response

    async def _cut(self, request: web.Request, _tried: int) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "image/jpeg"})
        response.content_length = len(self.good)
        await response.prepare(request)
        await response.write(self.good[: len(self.good) // 2])
        assert request.transport is not None
        request.transport.close()
        return response

    async def _truncated(self, _request: web.Request, _tried: int) -> web.Response:
        whole = jpeg(3, side=400)
        return self._as_jpeg(whole[: len(whole) // 2])

    async def _circle(self, _request: web.Request, _tried: int) -> web.Response:
        raise web.HTTPFound("/bad/circle-back")

    async def _circle_back(self, _request: web.Request, _tried: int) -> web.Response:
        raise web.HTTPFound("/bad/circle")

    async def _endless(self, request: web.Request, _tried: int) -> web.Response:
        number = int(request.query.get("n", "0"))
        raise web.HTTPFound(f"/bad/endless?n={number + 1}")

    async def _moved(self, _request: web.Request, _tried: int) -> web.Response:
        raise web.HTTPMovedPermanently("/bad/here")

    async def _here(self, _request: web.Request, _tried: int) -> web.Response:
        return self._as_jpeg(jpeg(301))

    async def _to(self, request: web.Request, _tried: int) -> web.Response:
        raise web.HTTPFound(request.query["url"])

    async def _page(self, _request: web.Request, _tried: int) -> web.Response:
        return self._as_jpeg(PAGE)

    async def _json(self, _request: web.Request, _tried: int) -> web.Response:
        return self._as_jpeg(b'{"error": "no such image"}')

    async def _huge(self, request: web.Request, _tried: int) -> web.StreamResponse:
        """Two gigabytes, without a word of how much it will be."""
        response = web.StreamResponse(headers={"Content-Type": "image/jpeg"})
        await response.prepare(request)
        piece = self.good + bytes(2**16)
        try:
            while self.sent < 2 * 2**30:
                await response.write(piece)
                self.sent += len(piece)
        except ConnectionError:
            pass
        return response

    async def _huge_by_its_word(self, request: web.Request, _tried: int) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "image/jpeg"})
        response.content_length = 2 * 2**30
        await response.prepare(request)
        return response

    async def _drawing(self, _request: web.Request, _tried: int) -> web.Response:
        return web.Response(body=SVG, content_type="image/svg+xml")

    async def _animated(self, _request: web.Request, _tried: int) -> web.Response:
        return self._as_jpeg(animation())

    async def _bomb(self, _request: web.Request, _tried: int) -> web.Response:
        return web.Response(body=bomb(), content_type="image/png")

    async def _zipped(self, _request: web.Request, _tried: int) -> web.Response:
        return web.Response(
            body=zipped(), headers={"Content-Encoding": "gzip", "Content-Type": "image/jpeg"}
        )

    async def _empty(self, _request: web.Request, _tried: int) -> web.Response:
        return self._as_jpeg(b"")

    async def _tiny(self, _request: web.Request, _tried: int) -> web.Response:
        return self._as_jpeg(jpeg(1, side=20))

    async def _noai(self, _request: web.Request, _tried: int) -> web.Response:
        return web.Response(body=self.good, headers={"X-Robots-Tag": "noai"})

    async def _noindex(self, _request: web.Request, _tried: int) -> web.Response:
        return web.Response(body=self.good, headers={"X-Robots-Tag": "nofollow, NOINDEX"})

    async def _other_robot(self, _request: web.Request, _tried: int) -> web.Response:
        return web.Response(body=jpeg(11), headers={"X-Robots-Tag": "otherbot: noindex"})
