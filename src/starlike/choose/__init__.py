"""Stage 3: sample → leaderboard and recipe."""

from starlike.choose.leaderboard import Leaderboard
from starlike.choose.stage import Options, choose

__all__ = ["Leaderboard", "Options", "choose"]
