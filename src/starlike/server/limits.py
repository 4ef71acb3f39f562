"""How often one client may ask, and how much all requests together may hold in memory."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlike.server.problems import ProblemError

_MAX_CLIENTS = 20_000

_LONGEST_ADDRESS = 64

# A client with one IPv6 address has as many as it likes, all with the same first 64 bits.
_IPV6_NETWORK = 64


class Rate:
    """A bucket of tokens for each client, which fills up within a minute.

    So a client who was quiet may make all requests of a minute at once. Of very many clients those
    who asked least recently are forgotten.

    Args:
        a_minute: how many requests; 0 for any number.
        clock: seconds that only grow.
    """

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._a_minute, self._clock = a_minute, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> None:
        """Count a request.

        Args:
            address: the client's IP address.

        Raises:
            ProblemError: rate, with the seconds after which to ask again.
        """
        if not self._a_minute:
            return
        client, now = _client(address), self._clock()
        tokens, since = self._buckets.pop(client, (float(self._a_minute), now))
        tokens = min(self._a_minute, tokens + (now - since) * self._a_minute / 60)
        allowed = tokens >= 1
        self._buckets[client] = (tokens - allowed, now)
        if len(self._buckets) > _MAX_CLIENTS:
            self._buckets.popitem(last=False)
        if not allowed:
            wait = math.ceil((1 - tokens) * 60 / self._a_minute)
            raise ProblemError(
                "rate",
                f"at most {self._a_minute} requests a minute; ask again in {wait} s",
                {"Retry-After": str(wait)},
            )


def _client(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:_LONGEST_ADDRESS]
    if isinstance(parsed, ipaddress.IPv6Address) and not parsed.ipv4_mapped:
        return str(ipaddress.ip_network((parsed, _IPV6_NETWORK), strict=False))
    return address


class Memory:
    """The bytes that all requests together may hold at one time.

    Args:
        limit: how many bytes.

    Attributes:
        held: how many bytes are held now.
    """

    def __init__(self, limit: int) -> None:
        self._limit, self.held = limit, 0

    @contextmanager
    def share(self) -> Iterator[Share]:
        """What one request takes of the memory; all of it is given back when the block ends."""
        share = Share(self)
        try:
            yield share
        finally:
            self.held -= share.taken

    def take(self, size: int) -> None:
        """Take so many bytes.

        Raises:
            ProblemError: busy, because there are not that many left.
        """
        if self.held + size > self._limit:
            raise ProblemError(
                "busy",
                "too many photos are being sent; try again in a moment",
                {"Retry-After": "2"},
            )
        self.held += size


@dataclass(slots=True)
class Share:
    """What one request has taken of the memory, in bytes."""

    memory: Memory
    taken: int = 0

    def take(self, size: int) -> None:
        """Take so many bytes more; see `Memory.take`."""
        self.memory.take(size)
        self.taken += size
