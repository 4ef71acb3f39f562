"""Stage 2: images → a cleaned, embedded and split sample, with a report to look at."""

from starlike.prepare.policy import Policy
from starlike.prepare.rules import ClassRule, LeftOut, Means, SampleRule
from starlike.prepare.stage import Options, Summary, prepare

__all__ = [
    "ClassRule",
    "LeftOut",
    "Means",
    "Options",
    "Policy",
    "SampleRule",
    "Summary",
    "prepare",
]
