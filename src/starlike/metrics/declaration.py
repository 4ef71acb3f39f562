"""How a figure is declared: on the function that computes it, with all that is to be said of it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from starlike.metrics.answered import Answered
from starlike.metrics.shown import Shown
from starlike.metrics.values import Number, Value

Better = Literal["higher", "lower"]
HIGHER: Better = "higher"
LOWER: Better = "lower"

Compute = Callable[[Answered], Value | float | None]

_KEY = re.compile(r"[a-z][a-z0-9_]*")
# Where a docstring goes on to what is no description.
_SECTION = re.compile(r"\n\s*\n(?=Returns:|Raises:|Source:|Args:)")


@dataclass(frozen=True, slots=True)
class InGroups:
    """That a figure is measured of every group of images and people, too.

    Attributes:
        fewest: from how many on it is measured: of fewer, chance alone decides.
        of: test images, or unknown people.
        every_method: whether it is shown of all methods, and not of the network alone.
    """

    fewest: int = 1
    of: Literal["images", "people"] = "images"
    every_method: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What is to be said of a figure; it is written beside the values.

    Attributes:
        key: its name in JSON: small letters, digits and underscores.
        title: its plain name, such as "right first answers".
        term: the field's name for it, such as "top-1"; the same as `title` where it has none.
        meaning: a sentence or two for people.
        better: whether higher or lower is better; None for neither.
        shown_as: how values are written.
        headline: whether it is among the few that a report begins with.
        repeatable: whether the same seed gives the same value; times do not.
        in_groups: how it is measured of groups; None for not at all.
    """

    key: str
    title: str
    term: str
    meaning: str
    better: Better | None
    shown_as: Shown
    headline: bool = False
    repeatable: bool = True
    in_groups: InGroups | None = None

    @property
    def heading(self) -> str:
        """The plain name, as it begins a line."""
        return self.title[:1].upper() + self.title[1:]

    @property
    def label(self) -> str:
        """Plain name and term."""
        return self.heading if self.term == self.title else f"{self.heading} ({self.term})"

    @property
    def explained(self) -> str:
        """What it means, and that lower is better where it is."""
        return self.meaning + (" Lower is better." if self.better == LOWER else "")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: what is to be said of it, and the function that computes it."""

    declaration: Declaration
    compute: Compute

    @property
    def key(self) -> str:
        """Its name in JSON."""
        return self.declaration.key

    @property
    def computed(self) -> str:
        """How it is computed: the second paragraph of the function's docstring, or the only one."""
        text = _SECTION.split(inspect.getdoc(self.compute) or "", maxsplit=1)[0]
        paragraphs = text.split("\n\n")
        return " ".join(paragraphs[min(1, len(paragraphs) - 1)].split())

    def __call__(self, answered: Answered) -> Value | None:
        """The value; None where it cannot be measured."""
        found = self.compute(answered)
        if found is None or isinstance(found, Value):
            return found
        return Number(value=float(found))


def figure(  # noqa: PLR0913  one argument a thing that is to be said
    *,
    key: str,
    title: str,
    meaning: str,
    better: Better | None,
    shown_as: Shown,
    term: str | None = None,
    headline: bool = False,
    repeatable: bool = True,
    in_groups: InGroups | None = None,
) -> Callable[[Compute], Figure]:
    """Declare a figure; see `Declaration`.

    The function gets what was answered. It returns a value, with its interval where it has one,
    or None where it cannot be measured.

    Raises:
        ValueError: the key is none.
    """
    if not _KEY.fullmatch(key):
        raise ValueError(f"{key!r}: a key has small letters, digits and underscores alone")
    declaration = Declaration(
        key=key,
        title=title,
        term=term or title,
        meaning=meaning,
        better=better,
        shown_as=shown_as,
        headline=headline,
        repeatable=repeatable,
        in_groups=in_groups,
    )
    return lambda compute: Figure(declaration, compute)
