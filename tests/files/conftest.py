from __future__ import annotations

from tests.leaderboards import make_board, make_result, network_row

__all__ = ["make_board", "make_result", "network_row"]
