from __future__ import annotations

import pytest

from starlike.metrics import milliseconds, number, percent, seconds, similarity, size


@pytest.mark.parametrize(
    ("share", "written"),
    [(0.966, "96.6 %"), (0.0014, "0.14 %"), (0.0, "0.0 %"), (1.0, "100.0 %")],
)
def test_shares_below_one_per_cent_get_a_further_digit(share: float, written: str) -> None:
    assert percent.text(share) == written


def test_an_interval_has_its_unit_once() -> None:
    assert percent.interval(0.51, 1.0) == "51.0 to 100.0 %"
    assert percent.interval(0.0, 0.0046) == "0.0 to 0.46 %"


def test_mean_and_deviation_have_the_digits_of_the_mean() -> None:
    assert percent.around(0.973, 0.001) == "97.3 ± 0.1 %"
    assert percent.around(0.004, 0.0008) == "0.40 ± 0.08 %"
    assert similarity.around(84.2, 3.1) == "84 ± 3"


def test_other_units() -> None:
    assert size.text(1_530_000) == "1.53 MB"
    assert seconds.text(12) == "12.0 s"
    assert milliseconds.text(0.125) == "0.12 ms"
    assert similarity.text(83.9) == "84"
    assert number.text(1234.56) == "1,234.6"
