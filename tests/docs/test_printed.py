"""Numbers in documents are compared as numbers, and everything else as it is written."""

from __future__ import annotations

import pytest

from tests.docs.printed import differences

TABLE = """\
me.jpg
      star            similarity                        probability
   1  Joyce DeWitt            61  ━━━━━━━━━━━━               21.3 %
"""
LINE = '{"box": [76, 265], "known": 0.003445, "matches": [["Joyce", 0.085797, 61.3]]}'


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("0.085797", "0.085798"),
        ("0.212592", "0.212580"),
        ("0.0858", "0.085799"),
        ("0.000001", "1e-06"),
        ("21.3 %", "21.4 %"),
        ("-3.25", "-3.26"),
        ("[61.3, 0.5]", "[61.2, 0.500001]"),
    ],
)
def test_the_last_digit_may_differ(shown: str, printed: str) -> None:
    assert differences(shown, printed) == []
    assert differences(printed, shown) == []


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("0.085797", "0.085897"),
        ("0.212592", "0.2131"),
        ("0.003445", "0.003447"),
        ("0.000001", "3e-06"),
        ("21.3 %", "21.5 %"),
        ("21.3 %", "-21.3 %"),
        ("21.3 %", "213 %"),
        ("61 of 100", "62 of 100"),
        ("61.0", "61"),
        ("version 3.1.5", "version 3.1.6"),
        ("0.5", "0.5 0.5"),
    ],
)
def test_another_number_is_another_answer(shown: str, printed: str) -> None:
    assert differences(shown, printed) == [f"shown:   {shown}\nprinted: {printed}"]


def test_what_surrounds_numbers_is_compared_as_text() -> None:
    assert differences(LINE, LINE.replace("0.085797", "0.085798")) == []
    for changed in ("Joyce", "0.003445", "76", "61.3"):
        assert differences(LINE, LINE.replace(changed, "7.0"))
    assert len(differences(TABLE, TABLE.replace("━ ", "  "))) == 1


def test_lines_are_told_one_by_one() -> None:
    assert differences(TABLE, "\n" + TABLE.replace("\n", "  \n\n")) == []
    (missing,) = differences(TABLE, TABLE.partition("\n   1")[0])
    assert "printed: (nothing)" in missing
    (more,) = differences(TABLE, TABLE + "starlike: and something more\n")
    assert "shown:   (nothing)" in more
