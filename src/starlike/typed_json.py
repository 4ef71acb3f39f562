"""Records as JSON and back, with their types: what is read is checked against the annotations."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, SupportsFloat, TypeVar

import msgspec

_Record = TypeVar("_Record")

# msgspec ends its messages with where the fault is: "Expected `int`, got `str` - at `$.a[0].b`".
_PLACE = re.compile(r"(.*) - at `\$\.?(.*)`", re.DOTALL)


class OtherFormatError(ValueError):
    """JSON of another format than the one that is read."""

    def __init__(self, found: object, expected: int) -> None:
        self.found = found
        super().__init__(f"it has format {found}, but format {expected} is read here")


def dump(record: object, version: int) -> str:
    """A record as the text of a JSON file; see `text`."""
    return text(plain(record), version)


def plain(record: object) -> dict[str, Any]:
    """A record's attributes, with all that is in it as what JSON knows."""
    facts: dict[str, Any] = msgspec.to_builtins(record, enc_hook=_number)
    return facts


def text(facts: Mapping[str, Any], version: int) -> str:
    """The text of a JSON file, whose first key is its `format`.

    Raises:
        ValueError: a number is infinite or none.
    """
    whole = {"format": version, **facts}
    return json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def load(data: str | bytes, kind: type[_Record], version: int) -> _Record:
    """The record that `dump` wrote.

    Args:
        data: the content of the file.
        kind: of which record; keys that it does not have are passed over.
        version: the `format` that is read.

    Raises:
        OtherFormatError: it is of another format.
        ValueError: it is no such record. The message is a line that says where.
    """
    facts: Any = json.loads(data)
    if not isinstance(facts, dict):
        raise ValueError("it is not a JSON object")  # noqa: TRY004  as for text that is no JSON
    if facts.get("format") != version:
        raise OtherFormatError(facts.get("format"), version)
    try:
        return msgspec.convert(facts, kind)
    except msgspec.ValidationError as error:
        raise ValueError(_line(str(error))) from error


def _number(number: Any) -> float | int:
    """A number of NumPy's, as a figure from outside may hold it, as Python's own."""
    if isinstance(number, SupportsFloat) and hasattr(number, "item"):
        own: float | int = number.item()
        return own
    raise NotImplementedError(f"{type(number).__name__} cannot be written as JSON")


def _line(message: str) -> str:
    found = _PLACE.fullmatch(message)
    return f"{found[2]}: {found[1]}" if found and found[2] else message
