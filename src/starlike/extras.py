"""The parts of the program that answering does without, and how whoever lacks one gets it."""

from __future__ import annotations

import sys
from pathlib import Path


def command(*names: str, package: Path | None = None) -> str:
    """What to type to install extras of this program, by the way in which it was installed itself.

    Args:
        names: of extras, as `pyproject.toml` has them.
        package: the folder of the program's modules, by default that of this one.
    """
    clone = (package or Path(__file__).parent).parents[1]
    wanted = f"[{','.join(names)}]"
    if not (clone / "pyproject.toml").is_file():
        return f"pip install 'starlike{wanted}'"
    if (clone / ".venv").exists() and (clone / ".venv").samefile(sys.prefix):
        return "make stages" if Path.cwd() == clone else f"make -C '{clone}' stages"
    return f"pip install --editable '{clone}{wanted}'"
