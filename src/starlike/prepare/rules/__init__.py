"""The written policy: the rules that images are judged by, in order.

The first that applies decides. To add one, write a `ClassRule` or a `SampleRule`; `RULES` is where
those that come with the program are registered, and packages may declare theirs as entry points of
the group `starlike.cleaning_rules`.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlike.doors import Door
from starlike.errors import PluginError
from starlike.prepare.rules.base import (
    KEPT_STATUS,
    UNUSABLE,
    ClassRule,
    LeftOut,
    Means,
    Rule,
    SampleRule,
    Status,
)
from starlike.prepare.rules.copies import DUPLICATE, NEAR_DUPLICATE, OTHER_NAME
from starlike.prepare.rules.people import SEVERAL_FACES, WRONG_PERSON
from starlike.prepare.rules.quality import BLURRED, SMALL_FACE

RULES: tuple[Rule, ...] = (
    DUPLICATE,
    SEVERAL_FACES,
    SMALL_FACE,
    BLURRED,
    NEAR_DUPLICATE,
    OTHER_NAME,
    WRONG_PERSON,
)

DOOR = Door("starlike.cleaning_rules", "cleaning rule")

__all__ = [
    "DOOR",
    "KEPT_STATUS",
    "RULES",
    "ClassRule",
    "LeftOut",
    "Means",
    "Rule",
    "SampleRule",
    "Status",
    "statuses",
    "with_more",
]


def with_more(added: Sequence[str | Rule]) -> tuple[Rule, ...]:
    """The rules with others among them, those of one class before those that compare classes.

    Args:
        added: rules, or their names or places.

    Raises:
        PluginError: there is none of that name, it is no rule, its code is taken, or it wants to
            come before one that there is not.
    """
    rules = list(RULES)
    for given in added:
        rule = DOOR.open(given) if isinstance(given, str) else given
        if not isinstance(rule, ClassRule | SampleRule):
            raise PluginError(f"{given}: not a ClassRule or SampleRule of starlike.prepare.rules")
        if rule.code in {status.code for status in statuses(rules)}:
            raise PluginError(f"the code {rule.code} of a cleaning rule is taken; choose another")
        rules.insert(_place(rule, rules), rule)
    return (
        *(rule for rule in rules if isinstance(rule, ClassRule)),
        *(rule for rule in rules if isinstance(rule, SampleRule)),
    )


def _place(rule: Rule, rules: Sequence[Rule]) -> int:
    if rule.before is None:
        return len(rules)
    codes = [other.code for other in rules]
    if rule.before not in codes:
        raise PluginError(
            f"the cleaning rule {rule.code} comes before {rule.before}, which is none of "
            f"{', '.join(codes)}"
        )
    return codes.index(rule.before)


def statuses(rules: Sequence[Rule] = RULES) -> tuple[Status, ...]:
    """All that can become of an image: kept, left out by a rule, or nothing a rule can judge."""
    return (KEPT_STATUS, *rules, *UNUSABLE)
