"""Write `cli.md`, every command's help: `python docs/commands.py`. A test holds it to be true."""

from __future__ import annotations

from pathlib import Path

import click

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
    whole = _context(app, "starlike", None)
    names = app.list_commands(whole)
    commands = [(name, app.get_command(whole, name)) for name in names]
    contexts = [whole, *(_context(one, name, whole) for name, one in commands if one)]
    return "\n".join([_HEAD, *map(_section, contexts)])


def _context(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    settings = {**command.context_settings, "max_content_width": WIDTH, "terminal_width": WIDTH}
    return click.Context(command, parent, info_name=name, **settings)


def _section(context: click.Context) -> str:
    lines = [line.rstrip() for line in context.get_help().splitlines()]
    return "\n".join([f"## {context.command_path}", "", "```text", *lines, "```", ""])


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
