"""How to behave towards the servers of others: who asks, how often, and how long to wait."""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from starlike.errors import CollectError
from starlike.version import __version__
from starlike.web.addresses import Network
from starlike.web.status import NotFetchedError, Status

_PROJECT = "https://github.com/starlike/starlike"
_OPT_OUTS = frozenset({"noindex", "noimageindex", "noai", "noimageai", "none"})
_FIRST_WAIT = 0.5


@dataclass(frozen=True, slots=True)
class Manners:
    """Limits of what is asked of others. Times are in seconds.

    Attributes:
        contact: an address where whoever runs a server can reach us.
        rate: requests a second to one host, 0 for no limit.
        per_host: connections to one host at a time.
        at_once: downloads at a time, over all hosts.
        silence: how long a server may send nothing.
        deadline: how long one answer may take in all.
        tries: how often a request that failed is made.
        patience: the longest wait that a server may ask for; one that asks for a longer one is not
            asked again in this run.
        max_bytes: of one image.
        allow_private: networks that may be asked although they are not of the public internet.
    """

    contact: str
    _: KW_ONLY
    rate: float = 5.0
    per_host: int = 4
    at_once: int = 16
    silence: float = 20.0
    deadline: float = 120.0
    tries: int = 4
    patience: float = 60.0
    max_bytes: int = 25 * 2**20
    allow_private: tuple[Network, ...] = ()

    def __post_init__(self) -> None:
        contact = self.contact.strip()
        if not contact or not contact.isascii() or not contact.isprintable():
            raise CollectError(
                "servers are told who asks: give an e-mail address or a web page with --contact, "
                "or in STARLIKE_CONTACT"
            )

    @property
    def user_agent(self) -> str:
        """Who asks, as Wikimedia's policy wants it: program, version, project, contact."""
        return f"starlike/{__version__} (+{_PROJECT}; {self.contact.strip()})"

    def backoff(self, tried: int) -> float:
        """How long to wait after so many tries: twice as long each time, and by chance.

        "Full jitter" as in M. Brooker, Exponential Backoff And Jitter, AWS 2015.
        """
        longest = min(self.patience, _FIRST_WAIT * 2**tried)
        return random.uniform(longest / 2, longest)


class Pace:
    """Takes turns at each host: so many at a time, so many a second, and none while it rests."""

    def __init__(self, manners: Manners) -> None:
        self._patience = manners.patience
        self._interval = 1 / manners.rate if manners.rate > 0 else 0.0
        self._next: defaultdict[str, float] = defaultdict(float)
        self._places: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(manners.per_host)
        )

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn at a host, and hold a place there.

        Raises:
            NotFetchedError: the host asked to be left alone for longer than we wait.
        """
        async with self._places[host]:
            while (wait := self._next[host] - time.monotonic()) > 0:
                if wait > self._patience:
                    reason = f"{host} asks to wait for {wait:.0f} seconds"
                    raise NotFetchedError(Status.RATE_LIMITED, reason)
                await asyncio.sleep(wait)
            self._next[host] = time.monotonic() + self._interval
            yield

    def rest(self, host: str, seconds: float) -> None:
        """Let a host rest: nobody gets a turn there before it is over."""
        self._next[host] = max(self._next[host], time.monotonic() + seconds)


def retry_after(value: str | None) -> float | None:
    """The seconds that a `Retry-After` header asks for (RFC 9110, 10.2.3), or None."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def opted_out(tags: list[str]) -> str | None:
    """What in an answer's `X-Robots-Tag` headers asks us not to use it, or None.

    A tag may be meant for one robot alone, as in `otherbot: noindex`; that is no matter of ours,
    unless the robot is starlike.
    """
    for tag in tags:
        robot = "starlike"
        for part in tag.lower().split(","):
            name, colon, rest = part.partition(":")
            if colon and name.strip() not in ("unavailable_after", "max-snippet"):
                robot, part = name.strip(), rest  # noqa: PLW2901  it holds for the parts that follow
            if robot == "starlike" and part.strip() in _OPT_OUTS:
                return part.strip()
    return None
