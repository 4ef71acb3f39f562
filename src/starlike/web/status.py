"""What became of a URL: the statuses that the manifest knows, each with what it means."""

from __future__ import annotations

from enum import StrEnum

from starlike.errors import one_line


class Status(StrEnum):
    """The status of an image that was tried."""

    KEPT = "kept"
    DUPLICATE = "duplicate"
    REMOVED = "removed"
    LICENCE = "licence"
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    REFUSED = "refused"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    CUT_OFF = "cut_off"
    BAD_ADDRESS = "bad_address"
    PRIVATE_ADDRESS = "private_address"
    REDIRECTS = "redirects"
    OPTED_OUT = "opted_out"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    EMPTY = "empty"
    NOT_AN_IMAGE = "not_an_image"
    DRAWING = "drawing"
    ANIMATED = "animated"
    BROKEN = "broken"

    @property
    def may_pass(self) -> bool:
        """Whether the next run should try again: what failed may work then."""
        return self in _MAY_PASS


_MAY_PASS = frozenset(
    {
        Status.RATE_LIMITED,
        Status.SERVER_ERROR,
        Status.TIMEOUT,
        Status.UNREACHABLE,
        Status.CUT_OFF,
    }
)

MEANINGS = {
    Status.KEPT: "in its class folder",
    Status.DUPLICATE: "the same bytes as an image of the class that was found before",
    Status.REMOVED: "was kept, and its file was taken away since; not fetched again",
    Status.LICENCE: "not tried, because its licence is not wanted",
    Status.NOT_FOUND: "the server has no such image (404, 410)",
    Status.FORBIDDEN: "the server does not give it to us (401, 403, 451)",
    Status.REFUSED: "another answer between 400 and 499, or one that is not valid",
    Status.RATE_LIMITED: "the server asked to wait for longer than we do (429, 503)",
    Status.SERVER_ERROR: "the server failed each time (500 to 599)",
    Status.TIMEOUT: "no answer, or not all of it, in time",
    Status.UNREACHABLE: "no connection: unknown host, refused, or a bad certificate",
    Status.CUT_OFF: "the answer ended before its end each time",
    Status.BAD_ADDRESS: "not an address of the web or of a file here",
    Status.PRIVATE_ADDRESS: "leads to this machine or to a private network",
    Status.REDIRECTS: "redirected in a circle, or too often",
    Status.OPTED_OUT: "its X-Robots-Tag does not want it used (noindex, noai)",
    Status.TOO_LARGE: "more bytes or more pixels than the limits",
    Status.TOO_SMALL: "fewer pixels than are of use",
    Status.EMPTY: "no bytes",
    Status.NOT_AN_IMAGE: "its bytes are not an image of a known kind, whatever it is called",
    Status.DRAWING: "a vector drawing",
    Status.ANIMATED: "more than one frame",
    Status.BROKEN: "begins as an image but cannot be decoded",
}


class NotFetchedError(Exception):
    """A URL that gave no image: caught where images are fetched, where it becomes a status."""

    def __init__(self, status: Status, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, one_line(reason)
