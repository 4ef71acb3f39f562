"""All figures that there are: those declared here, and those of other packages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import ModuleType

from starlike.doors import Door
from starlike.errors import PluginError
from starlike.metrics import costs, known, likeness, unknown
from starlike.metrics.answered import Answered
from starlike.metrics.declaration import Figure
from starlike.metrics.values import Value

DOOR = Door("starlike.figures", "figure")
"""Where other packages declare theirs; those here are found in the modules they are declared in."""


def built_in() -> tuple[Figure, ...]:
    """The figures declared here, in the order of tables."""
    return tuple(one for module in (known, unknown, likeness, costs) for one in of_module(module))


def of_module(module: ModuleType) -> tuple[Figure, ...]:
    """The figures that a module declares, in its order."""
    return tuple(one for one in vars(module).values() if isinstance(one, Figure))


def declared(further: Iterable[Figure] = ()) -> tuple[Figure, ...]:
    """All figures in the order of tables: built in, of installed packages, and further ones.

    Raises:
        PluginError: what a package declares is no figure or cannot be imported, or two figures
            share a key.
    """
    outside = [(f"the figure {name}", DOOR.open(name)) for name in DOOR.names()]
    given = [*outside, *((f"the figure {getattr(one, 'key', one)}", one) for one in further)]
    found = {one.key: one for one in built_in()}
    for called, one in given:
        if not isinstance(one, Figure):
            raise PluginError(f"{called} is none; declare it with @starlike.metrics.figure(...)")
        if one.key in found:
            raise PluginError(f"{called} has the key {one.key}, which another has; rename it")
        found[one.key] = one
    return tuple(found.values())


def measure(answered: Answered, figures: Sequence[Figure]) -> dict[str, Value]:
    """Each figure's value by its key, without those that cannot be measured."""
    values = ((one.key, one(answered)) for one in figures)
    return {key: value for key, value in values if value is not None}
