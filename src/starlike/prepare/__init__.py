"""Stage 2: images → a cleaned, encoded and split sample, with a report to look at."""

from starlike.prepare.policy import Policy
from starlike.prepare.stage import Options, Summary, prepare

__all__ = ["Options", "Policy", "Summary", "prepare"]
