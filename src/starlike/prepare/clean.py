"""Which images are good to learn from: the rules of the policy, one after the other.

Classes come one at a time, and what was found in their images is let go when the rules that judge
one class have been through. Of the images that are still in, arrays stay for the rules that
compare classes: some 1.2 KB each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from starlike.files.sample import KEPT
from starlike.prepare.images import Candidate, ClassImages, Columns, columns, of_class
from starlike.prepare.policy import PolicyInSpace
from starlike.prepare.rules import RULES, ClassRule, LeftOut, Means, Rule, SampleRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of an image.

    Attributes:
        status: `KEPT`, or the code of what left it out ...
        reason: ... in words.
        face: the number of the face that is meant; None where there is none.
    """

    status: str
    reason: str | None = None
    face: int | None = None


def clean(
    classes: Iterable[Sequence[Candidate]],
    policy: PolicyInSpace,
    rules: Sequence[Rule] = RULES,
) -> list[Verdict]:
    """Judge every image of a sample.

    Args:
        classes: the images of each class; taken up one class after the other.
        policy: the figures to judge by.
        rules: to judge by, in order; those of one class come first.

    Returns:
        A verdict an image, in the order in which they came.
    """
    verdicts: list[Verdict] = []
    names: list[str] = []
    parts: list[dict[str, Any]] = []
    rows: list[int] = []
    for candidates in classes:
        own = _OfClass(candidates)
        for rule in rules:
            if isinstance(rule, ClassRule):
                own.judge(rule, policy)
        if images := own.images():
            rows += [len(verdicts) + n for n in own.still_in]
            parts.append(columns(images, label=len(names)))
        names.append(candidates[0].name)
        verdicts += own.verdicts
    if not parts:
        return verdicts
    still_in, kept = np.array(rows), Columns(tuple(names), parts)
    for sample_rule in rules:
        if not isinstance(sample_rule, SampleRule) or not len(still_in):
            continue
        found = sample_rule.apply(kept.images(), policy)
        for n, left_out in found.items():
            row = still_in[n]
            verdicts[row] = replace(verdicts[row], status=sample_rule.code, reason=left_out.reason)
        stay = np.ones(len(still_in), dtype=np.bool_)
        stay[list(found)] = False
        still_in = still_in[stay]
        kept.narrow(stay)
    return verdicts


class _OfClass:
    """The verdicts on one class's images so far, and who is still in."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._candidates = list(candidates)
        self.verdicts = [_first_verdict(candidate) for candidate in candidates]
        self.still_in = [n for n, verdict in enumerate(self.verdicts) if verdict.status == KEPT]
        self._images: ClassImages | None = None

    def images(self) -> ClassImages | None:
        """Those that are still in, as rules see them; None where there are none."""
        if self.still_in and self._images is None:
            self._images = of_class(
                [self._candidates[n] for n in self.still_in],
                [self.verdicts[n].face or 0 for n in self.still_in],
            )
        return self._images

    def judge(self, rule: ClassRule, policy: PolicyInSpace) -> None:
        """Ask a rule, and note what it says."""
        images = self.images()
        found: Mapping[int, LeftOut | Means] = rule.apply(images, policy) if images else {}
        before, gone = list(self.still_in), set()
        for position, what in found.items():
            n = before[position]
            if isinstance(what, Means):
                self.verdicts[n] = replace(self.verdicts[n], face=what.face)
                continue
            self.verdicts[n] = replace(self.verdicts[n], status=rule.code, reason=what.reason)
            gone.add(n)
            if what.instead is not None and self._candidates[n].portrait:
                instead = before[what.instead]
                self._candidates[instead] = replace(self._candidates[instead], portrait=True)
        if found:
            self.still_in = [n for n in before if n not in gone]
            self._images = None


def _first_verdict(candidate: Candidate) -> Verdict:
    failure = candidate.analysis.failure
    if failure:
        return Verdict(status=failure.code, reason=failure.reason)
    return Verdict(status=KEPT, face=0)
