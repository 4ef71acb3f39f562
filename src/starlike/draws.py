"""Draws that depend on a seed and on names alone, not on what else there is or in which order."""

from __future__ import annotations

import hashlib


def order_key(seed: int, *words: str) -> bytes:
    """What to sort by: a number that a seed gives to some words, the same on every machine."""
    return hashlib.sha256("/".join([str(seed), *words]).encode()).digest()
