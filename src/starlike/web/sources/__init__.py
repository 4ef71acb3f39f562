"""Where images are found: each source is one module behind the interface of `source`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from starlike.errors import CollectError
from starlike.web.client import Client
from starlike.web.endpoints import Endpoints
from starlike.web.source import OWN, Source

_KNOWN = "commons, openverse, web and own:PATH (a folder or a CSV list)"


def make(
    names: Sequence[str],
    client: Client,
    endpoints: Endpoints,
    licences: Collection[str] | None = None,
) -> list[Source]:
    """Sources by their names, in that order; what is named twice comes once.

    Args:
        names: `commons`, `openverse`, `web`, or `own:` and a folder or a CSV list.
        client: asks for them.
        endpoints: where they answer.
        licences: codes of the licences that are wanted; None for all.

    Raises:
        CollectError: a name is not known, or one's own images are not where they are said to be.
        MissingPartError: a library that a source needs is not installed.
    """
    if not names:
        raise CollectError(f"no source is named; known are {_KNOWN}")
    places = [_place(name) for name in names if name.partition(":")[0] == OWN]
    makers: dict[str, Callable[[], Source]] = {
        "commons": lambda: _commons(client, endpoints),
        "openverse": lambda: _openverse(client, endpoints, licences),
        "web": lambda: _web(client, endpoints),
        OWN: lambda: _own(places),
    }
    asked = dict.fromkeys(OWN if name.startswith(f"{OWN}:") else name for name in names)
    if unknown := [name for name in asked if name not in makers]:
        raise CollectError(f"{unknown[0]!r} is no source; known are {_KNOWN}")
    return [makers[name]() for name in asked]


def _place(name: str) -> Path:
    path = name.partition(":")[2].strip()
    if not path:
        raise CollectError("own: say where one's own images are: own:FOLDER or own:LIST.csv")
    return Path(path).expanduser()


def _commons(client: Client, endpoints: Endpoints) -> Source:
    from starlike.web.sources.commons import Commons  # noqa: PLC0415  only where asked for

    return Commons(client, endpoints)


def _openverse(client: Client, endpoints: Endpoints, licences: Collection[str] | None) -> Source:
    from starlike.web.sources.openverse import Openverse  # noqa: PLC0415

    return Openverse(client, endpoints, licences)


def _own(places: Sequence[Path]) -> Source:
    from starlike.web.sources.own import Own  # noqa: PLC0415

    return Own(places)


def _web(client: Client, endpoints: Endpoints) -> Source:
    from starlike.web.sources.web import Web  # noqa: PLC0415

    return Web(client, endpoints)
