"""Which addresses may be asked: those of the public internet, and others only where allowed.

A list of image addresses comes from strangers. Without this it could make this machine ask its own
services or those of the network it stands in (server-side request forgery).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from typing import TypeAlias

from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import AddrInfoType
from yarl import URL

from starlike.errors import CollectError
from starlike.web.status import NotFetchedError, Status

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

# NAT64 carries an IPv4 address inside: RFC 6052.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Networks from texts such as `10.1.0.0/16` or `127.0.0.1`.

    Raises:
        CollectError: one of them is none.
    """
    found = []
    for text in texts:
        try:
            found.append(ipaddress.ip_network(text.strip()))
        except ValueError:
            raise CollectError(f"{text!r} is not a network; write it as 10.1.0.0/16") from None
    return tuple(found)


def host_of(url: str) -> str:
    """The host of an address of the web, in the form in which it is connected to.

    Raises:
        NotFetchedError: it is not an address of the web.
    """
    try:
        parsed = URL(url)
    except ValueError:
        raise NotFetchedError(Status.BAD_ADDRESS, f"{url[:200]} is not an address") from None
    if parsed.scheme not in ("http", "https") or not parsed.raw_host:
        raise NotFetchedError(Status.BAD_ADDRESS, f"{url[:200]} is not an http or https address")
    return parsed.raw_host


class Guard:
    """Lets connections be made to the public internet, and to networks that are allowed."""

    def __init__(self, allowed: Iterable[Network] = ()) -> None:
        self._allowed = tuple(allowed)

    def lets(self, text: str) -> bool:
        """Whether an IP address may be asked; of IPv4 inside IPv6, the inner one decides."""
        address = _inner(ipaddress.ip_address(text.partition("%")[0]))
        if any(address in network for network in self._allowed):
            return True
        return address.is_global and not address.is_multicast and not address.is_reserved

    def socket(self, address: AddrInfoType) -> socket.socket:
        """A socket for an address that is about to be connected to: nothing gets past this.

        Raises:
            NotFetchedError: the address may not be asked.
        """
        family, kind, protocol, _, where = address
        host = str(where[0])
        if not self.lets(host):
            raise NotFetchedError(Status.PRIVATE_ADDRESS, f"leads to {host}, a private address")
        return socket.socket(family, kind, protocol)

    def resolver(self) -> AbstractResolver:
        """Gives those addresses of a name that may be asked."""
        return _Resolver(self)


class _Resolver(AbstractResolver):
    def __init__(self, guard: Guard) -> None:
        self._guard, self._resolver = guard, ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        public = [result for result in found if self._guard.lets(result["host"])]
        if found and not public:
            where = found[0]["host"]
            reason = f"{host} leads to {where}, a private address"
            raise NotFetchedError(Status.PRIVATE_ADDRESS, reason)
        return public

    async def close(self) -> None:
        await self._resolver.close()


def _inner(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
