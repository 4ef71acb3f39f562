"""Doors: where what others wrote comes in, by name.

A door is a protocol with implementations: a detector, an encoder, a scorer, a source of images, a
figure, a rule of cleaning. An implementation is known by its name here, by the name under which
an installed package declares it (an entry point of the door's group), or by where it is:
`package.module:name`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from starlike.errors import PluginError, one_line

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints


@dataclass(frozen=True, slots=True)
class Door:
    """One kind of thing that can be added.

    Attributes:
        group: the group of entry points under which packages declare theirs, such as
            `starlike.detectors`.
        thing: what it is called in messages, such as `detector`.
        inside: where those that come with the program are, by name: `package.module:name`.
    """

    group: str
    thing: str
    inside: Mapping[str, str] = field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        """The names of all that can be opened: those that come with the program first."""
        outside = {point.name for point in _declared(self.group)}
        return (*self.inside, *sorted(outside - set(self.inside)))

    def open(self, name: str) -> Any:
        """What has that name, or is at that place.

        Raises:
            PluginError: there is nothing of that name, or it cannot be imported.
        """
        place = self._place(name)
        module, _, attribute = place.partition(":")
        try:
            return attrgetter(attribute)(import_module(module))
        except (ImportError, AttributeError) as error:
            reason = one_line(str(error))
            raise PluginError(f"the {self.thing} {name} cannot be imported ({reason})") from error

    def _place(self, name: str) -> str:
        if name in self.inside:
            return self.inside[name]
        for point in _declared(self.group):
            if point.name == name:
                return point.value
        module, colon, attribute = name.partition(":")
        if not (module and colon and attribute):
            raise PluginError(
                f"there is no {self.thing} {name}; known are {', '.join(self.names())}, or say "
                "where one is: package.module:name"
            )
        return name


def _declared(group: str) -> EntryPoints:
    """What installed packages declare; looked up only for what does not come with the program."""
    from importlib.metadata import entry_points  # noqa: PLC0415  heavy

    return entry_points(group=group)
