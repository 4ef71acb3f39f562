"""What documents show beside what programs print: numbers are compared as numbers.

The last digits of a network's numbers differ from processor to processor.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from itertools import zip_longest

RELATIVE = 1e-4
"""What answers may differ by, as a share of a number."""

# Counts, places and versions have no fraction of their own: they stay text.
_NUMBER = re.compile(r"(?<![\w.])-?(?:\d+\.\d+(?:e[+-]?\d+)?|\d+e[+-]?\d+)(?![\w.]*\w)", re.I)


def differences(shown: str, printed: str) -> list[str]:
    """The lines in which what is printed is not what is shown; none if it is the same.

    Empty lines and blanks at the ends of lines do not count. A number with decimals may differ by
    one unit of its last digit (JSON leaves out zeros at the end: the finer of both counts), or by
    `RELATIVE`; everything else, whole numbers too, must be the same.
    """
    return [
        f"shown:   {one}\nprinted: {other}"
        for one, other in zip_longest(_lines(shown), _lines(printed), fillvalue="(nothing)")
        if not _same(one, other)
    ]


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def _same(shown: str, printed: str) -> bool:
    if _NUMBER.split(shown) != _NUMBER.split(printed):
        return False
    pairs = zip(_NUMBER.findall(shown), _NUMBER.findall(printed), strict=True)
    return all(_near(Decimal(one), Decimal(other)) for one, other in pairs)


def _near(shown: Decimal, printed: Decimal) -> bool:
    unit = 10.0 ** min(_exponent(shown), _exponent(printed))
    return math.isclose(shown, printed, rel_tol=RELATIVE, abs_tol=1.01 * unit)


def _exponent(number: Decimal) -> int:
    """The power of ten of the last digit that is written."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int), "the pattern lets neither infinity nor NaN through"
    return exponent
