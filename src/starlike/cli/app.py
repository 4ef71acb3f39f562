"""The program: its commands, and the one place where errors are shown."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module

import click

from starlike import extras
from starlike.errors import StarlikeError
from starlike.version import __version__

WRONG_USAGE, INTERNAL_ERROR, INTERRUPTED = 2, 3, 130

_PLACES = {
    "match": "starlike.cli.match",
    "compare": "starlike.cli.compare",
    "names": "starlike.cli.names",
    "collect": "starlike.cli.collecting",
    "prepare": "starlike.cli.stages",
    "choose": "starlike.cli.stages",
    "train": "starlike.cli.stages",
    "evaluate": "starlike.cli.stages",
    "portraits": "starlike.cli.portraits",
    "serve": "starlike.cli.serve",
}
"""The module of each command, in which it goes by its own name."""


class _Commands(click.Group):
    """Commands that are imported when they are called, so that none waits for the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_PLACES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _PLACES:
            return None
        command: click.Command = getattr(import_module(_PLACES[cmd_name]), cmd_name)
        return command


@click.group(
    cls=_Commands,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "show_default": True,
        "max_content_width": 100,
    },
)
@click.version_option(__version__, message="starlike %(version)s", help="Show the version.")
def app() -> None:
    """Which celebrity do you look like, how much, and why."""


def main() -> None:
    """Run the program and leave with its exit status: never with a traceback."""
    status = _run()
    # Otherwise Python looks through all that was loaded once more, for a tenth of an answer's time.
    gc.freeze()
    sys.exit(status)


def _run() -> int:
    try:
        status: int | None = app(prog_name="starlike", standalone_mode=False)
    except click.ClickException as error:  # wrong usage
        error.show()
        return error.exit_code
    except StarlikeError as error:
        return _failed(str(error), WRONG_USAGE)
    except ModuleNotFoundError as error:
        return _failed(
            f"this needs {error.name}, which is not installed; "
            f"install every stage with: {extras.command('collect', 'train', 'serve')}",
            WRONG_USAGE,
        )
    except (click.Abort, KeyboardInterrupt):
        return _failed("interrupted", INTERRUPTED)
    except Exception as error:
        if os.environ.get("STARLIKE_DEBUG"):
            raise
        return _failed(
            f"unexpected {type(error).__name__}: {error} (STARLIKE_DEBUG=1 shows where)",
            INTERNAL_ERROR,
        )
    return status or 0


def _failed(message: str, status: int) -> int:
    """Say what went wrong; the status to leave with."""
    from starlike.cli import show  # noqa: PLC0415  an answer as JSON needs none of it

    show.say_error(message)
    return status
