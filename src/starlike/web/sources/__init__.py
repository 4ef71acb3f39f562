"""Where images are found: each source is one module, and comes in by one door."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TypeAlias, cast

from starlike.doors import Door
from starlike.errors import CollectError, PluginError
from starlike.web.client import Client
from starlike.web.endpoints import Endpoints
from starlike.web.image_source import ImageSource, SourceContext, SourceKind

DOOR = Door(
    group="starlike.sources",
    thing="image source",
    inside={
        "commons": "starlike.web.sources.commons:Commons",
        "openverse": "starlike.web.sources.openverse:Openverse",
        "web": "starlike.web.sources.web:Web",
        "own": "starlike.web.sources.own:Own",
    },
)
DEFAULT = ("commons", "openverse")

SourceChoice: TypeAlias = str | ImageSource | type[ImageSource]
"""The name of a source, a source, or its class: see `make`."""


def make(
    wanted: Sequence[SourceChoice],
    client: Client,
    endpoints: Endpoints,
    licences: Collection[str] | None = None,
) -> list[ImageSource]:
    """Sources by their names, in that order; what is named twice comes once.

    Args:
        wanted: names that the door knows, `own:` and other names with an argument behind a colon,
            `package.module:name` of a `SourceKind`, such a class itself, or sources that are made
            already.
        client: asks for them.
        endpoints: where they answer.
        licences: codes of the licences that are wanted; None for all.

    Raises:
        CollectError: no source is named, one lacks what it needs, or two have the same name.
        PluginError: a name is not known, or what it leads to is not a source.
        MissingPartError: a library that a source needs is not installed.
    """
    if not wanted:
        raise CollectError(f"no source is named; known are {', '.join(DOOR.names())}")
    split = [_split(one) if isinstance(one, str) else (one, None) for one in wanted]
    once: list[SourceChoice] = []
    for one, _ in split:
        if one not in once:
            once.append(one)
    sources = []
    for one in once:
        context = SourceContext(
            client=client,
            endpoints=endpoints,
            licences=licences,
            arguments=tuple(given for name, given in split if name == one and given is not None),
        )
        sources.append(_made(one, context))
    names = [source.name for source in sources]
    if twice := [name for name in names if names.count(name) > 1]:
        raise CollectError(f"two image sources have the name {twice[0]}; leave one out")
    return sources


def usages() -> Iterator[tuple[str, str]]:
    """How each source that the door knows is named, and what it is, for a help.

    Of one that cannot be used here, such as for a library that is missing, that is said.
    """
    for name in DOOR.names():
        try:
            kind = _kind(name)
        except PluginError:
            yield name, "cannot be used here"
        else:
            yield f"{name}:{kind.argument}" if kind.argument else name, kind.help


def _split(text: str) -> tuple[str, str | None]:
    """The name of a source, and its argument where there is one."""
    name, colon, argument = text.partition(":")
    return (name, argument.strip()) if colon and name in DOOR.names() else (text, None)


def _kind(choice: str | type[ImageSource]) -> SourceKind:
    kind = DOOR.open(choice) if isinstance(choice, str) else choice
    if not all(hasattr(kind, attribute) for attribute in ("name", "help", "argument", "make")):
        raise PluginError(
            f"the image source {choice} has not all of name, help, argument and make; "
            "see docs/howto/add-an-image-source.md"
        )
    return cast("SourceKind", kind)


def _made(choice: SourceChoice, context: SourceContext) -> ImageSource:
    if not isinstance(choice, str | type):
        return choice
    kind = _kind(choice)
    if kind.argument is None and context.arguments:
        raise CollectError(f"{kind.name}: nothing may follow the name of this image source")
    return kind.make(context)
