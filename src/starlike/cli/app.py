"""The program: its commands, and the one place where errors are shown."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from starlike.cli import stages
from starlike.cli.collecting import CollectCommand, collect
from starlike.cli.match import match
from starlike.cli.names import names
from starlike.cli.portraits import portraits
from starlike.cli.serve import serve
from starlike.cli.show import say_error
from starlike.errors import StarlikeError
from starlike.version import __version__

WRONG_USAGE, INTERNAL_ERROR, INTERRUPTED = 2, 3, 130

app = typer.Typer(
    name="starlike",
    help="Which celebrity do you look like, how much, and why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(match)
app.command()(names)
app.command(cls=CollectCommand)(collect)
app.command()(stages.prepare)
app.command()(stages.choose)
app.command()(stages.train)
app.command()(stages.evaluate)
app.command()(portraits)
app.command()(serve)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"starlike {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the program and leave with its exit status: never with a traceback.

    Typer itself shows wrong usage, and leaves with 2.
    """
    try:
        app()
    except StarlikeError as error:
        say_error(str(error))
        sys.exit(WRONG_USAGE)
    except ModuleNotFoundError as error:
        say_error(
            f"this needs {error.name}, which is not installed; "
            "install every stage with: pip install 'starlike[collect,train,serve]'"
        )
        sys.exit(WRONG_USAGE)
    except KeyboardInterrupt:
        say_error("interrupted")
        sys.exit(INTERRUPTED)
    except Exception as error:
        if os.environ.get("STARLIKE_DEBUG"):
            raise
        say_error(f"unexpected {type(error).__name__}: {error} (STARLIKE_DEBUG=1 shows where)")
        sys.exit(INTERNAL_ERROR)
