"""How values are written for people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One way of writing values.

    Attributes:
        unit: what stands behind the number; empty for none.
        scale: what a value is multiplied by.
        decimals: digits behind the point.
        finer_below: values between 0 and this get one digit more, lest they look like none.
    """

    unit: str = ""
    scale: float = 1.0
    decimals: int = 1
    finer_below: float = 0.0

    def text(self, value: float) -> str:
        """A value with its unit."""
        return self._with_unit(self._number(value, self._digits(value)))

    def interval(self, low: float, high: float) -> str:
        """Both ends of an interval."""
        return f"{self._number(low, self.decimals)} to {self.text(high)}"

    def around(self, mean: float, deviation: float) -> str:
        """A mean and its standard deviation, with as many digits as the mean has."""
        digits = self._digits(mean)
        return self._with_unit(f"{self._number(mean, digits)} ± {self._number(deviation, digits)}")

    def _digits(self, value: float) -> int:
        return self.decimals + (0 < value < self.finer_below)

    def _number(self, value: float, digits: int) -> str:
        return f"{self.scale * value:,.{digits}f}"

    def _with_unit(self, number: str) -> str:
        return f"{number} {self.unit}" if self.unit else number


percent = Shown(unit="%", scale=100.0, finer_below=0.01)
"""A share from 0 to 1."""

similarity = Shown(decimals=0)
"""0 to 100, as users see it."""

number = Shown()
"""Any number, with one digit behind the point."""

fraction = Shown(decimals=3)
"""A number from 0 to 1, as it is."""

seconds = Shown(unit="s")

milliseconds = Shown(unit="ms", decimals=2)

size = Shown(unit="MB", scale=1e-6, decimals=2)
"""Bytes, in megabytes."""
