"""Stage 3: sample → leaderboard and recipe."""

from starlike.choose.stage import Options, choose
from starlike.files.leaderboard import Leaderboard

__all__ = ["Leaderboard", "Options", "choose"]
