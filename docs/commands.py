"""Write `cli.md`, every command's help: `python docs/commands.py`. A test holds it to be true."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from starlike.cli.app import app

FILE = Path(__file__).parent / "cli.md"
WIDTH = 92

_HEAD = """\
# Every command

What `starlike --help` and `starlike COMMAND --help` say. The exit status is 0 when all went well, 1
when some of what was asked for could not be done, and 2 for wrong usage.
"""


def text() -> str:
    """The whole of `cli.md`."""
    program: Any = typer.main.get_command(app)
    whole = _context(program, "starlike", None)
    contexts = [whole, *(_context(one, name, whole) for name, one in program.commands.items())]
    return "\n".join([_HEAD, *map(_section, contexts)])


def _context(command: Any, name: str, parent: Any) -> Any:
    command.rich_markup_mode = None  # plain text, without frames and colours
    return command.context_class(
        command,
        info_name=name,
        parent=parent,
        terminal_width=WIDTH,
        max_content_width=WIDTH,
        **command.context_settings,
    )


def _section(context: Any) -> str:
    lines = [line.rstrip() for line in context.get_help().splitlines()]
    return "\n".join([f"## {context.command_path}", "", "```text", *lines, "```", ""])


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
