"""A multipart form as it comes in, piece by piece: photos and fields, each within its limits."""

from __future__ import annotations

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from starlike.server.problems import ProblemError

PHOTO = "photo"
"""The name of the parts that hold photos."""

_MAX_FIELDS = 64
_MAX_FIELD_BYTES = 1000
_MAX_HEADERS, _MAX_HEADER_BYTES = 8, 4096
_FRAMING = 8192


class Form:
    """Takes a form's bytes with `write`, then `finish`; then `photos` and `fields` hold it.

    Args:
        boundary: what divides its parts.
        max_photos: how many parts may be photos.
        max_bytes: of each photo.

    Raises:
        ProblemError: from each method, where the form is malformed or beyond a limit.
    """

    def __init__(self, boundary: bytes, max_photos: int, max_bytes: int) -> None:
        self._max_photos, self._max_bytes = max_photos, max_bytes
        self.photos: list[bytes] = []
        self.fields: dict[str, list[str]] = {}
        self._header, self._value, self._disposition = bytearray(), bytearray(), b""
        self._name, self._without_file, self._part = "", False, bytearray()
        self._parts, self._ended = 0, False
        if not boundary:
            raise _malformed("its Content-Type has no boundary")
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._header_field,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_end,
                    "on_headers_finished": self._headers_finished,
                    "on_part_data": self._data,
                    "on_part_end": self._part_end,
                    "on_end": self._end,
                },
                max_header_count=_MAX_HEADERS,
                max_header_size=_MAX_HEADER_BYTES,
            )
        except FormParserError:
            raise _malformed("its boundary is too long") from None

    @property
    def longest(self) -> int:
        """The bytes of the longest form that can be within the limits."""
        return self._max_photos * (self._max_bytes + _FRAMING) + _MAX_FIELDS * _FRAMING

    def write(self, data: bytes) -> None:
        """Take the next bytes."""
        try:
            self._parser.write(data)
        except FormParserError:
            raise _malformed("its parts are not divided as they should be") from None

    def finish(self) -> None:
        """Say that no more bytes come."""
        if not self._ended:
            raise _malformed("it is cut off")

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > self._max_photos + _MAX_FIELDS:
            raise _malformed("it has too many parts")
        self._disposition, self._part = b"", bytearray()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._header, self._value = bytearray(), bytearray()

    def _headers_finished(self) -> None:
        kind, options = parse_options_header(self._disposition)
        if kind != b"form-data" or b"name" not in options:
            raise _malformed("a part has no name")
        self._name = options[b"name"].decode("utf-8", "replace")
        # A browser sends such a part where no file was chosen.
        self._without_file = options.get(b"filename") == b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        size = len(self._part) + end - start
        if self._name != PHOTO and size > _MAX_FIELD_BYTES:
            raise ProblemError(
                "invalid", f"a field is too long; photos go into parts named {PHOTO}"
            )
        if self._name == PHOTO and len(self.photos) >= self._max_photos:
            raise _too_many(self._max_photos)
        if size > self._max_bytes:
            raise too_large(self._max_bytes)
        self._part += data[start:end]

    def _part_end(self) -> None:
        if self._name != PHOTO:
            self.fields.setdefault(self._name, []).append(self._part.decode("utf-8", "replace"))
        elif self._part or not self._without_file:
            if len(self.photos) >= self._max_photos:
                raise _too_many(self._max_photos)
            self.photos.append(bytes(self._part))
        self._part = bytearray()

    def _end(self) -> None:
        self._ended = True


def too_large(max_bytes: int) -> ProblemError:
    """The problem of a photo of too many bytes."""
    return ProblemError("too_large", f"a photo may have {max_bytes / 2**20:g} MiB; make it smaller")


def _too_many(max_photos: int) -> ProblemError:
    return ProblemError("too_many_photos", f"send at most {max_photos} photos at once")


def _malformed(reason: str) -> ProblemError:
    return ProblemError("bad_request", f"the form cannot be read: {reason}")
