"""Files of pairs made by hand, whose pairs are in the half that a test wants."""

from __future__ import annotations

from pathlib import Path

from starlike.files.pairs import CHOOSE, HalfName


def write(file: Path, rows: str, half: HalfName) -> Path:
    """Write up to three pairs, each of other people, beside pairs of nobody that tip the scales.

    Args:
        file: the file to write.
        rows: lines such as `Ada,Ben,lookalike`.
        half: the half that these pairs fall into; the other half has pairs of nobody alone.
    """
    # The longest chain is given away first, to the half to report on; the others follow.
    chains = (4,) if half == CHOOSE else (4, 3, 3)
    file.write_text(f"a,b,kind\n{''.join(map(_chain, chains, 'PQR'))}{rows}", encoding="utf-8")
    return file


def _chain(pairs: int, called: str) -> str:
    kinds = ("lookalike", "kin")
    return "".join(
        f"{called}{kind}{number},{called}{kind}{number + 1},{kind}\n"
        for kind in kinds
        for number in range(pairs)
    )
