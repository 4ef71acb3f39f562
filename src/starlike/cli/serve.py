"""`starlike serve`: the API and the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from starlike.cli.options import ANY_PATH


@click.command()
@click.option("--host", help="Address to listen on; by default 127.0.0.1.")
@click.option("--port", type=int, help="Port to listen on, 0 for any; by default 8000.")
@click.option("--model", type=ANY_PATH, metavar="DIR", help="A model folder of your own.")
@click.option(
    "--portraits",
    type=ANY_PATH,
    metavar="DIR",
    help="A folder of portraits; by default portraits in the model.",
)
@click.option("--workers", type=int, help="Processes that answer; by default one a core.")
def serve(
    host: str | None,
    port: int | None,
    model: Path | None,
    portraits: Path | None,
    workers: int | None,
) -> None:
    """Answer photos over HTTP, with a page for people.

    Everything else is set by the environment: see docs/operations.md.
    """
    from starlike.server import signals  # noqa: PLC0415  it must come before what is heavy

    signals.leave_when_told()
    from starlike.server import run, settings  # noqa: PLC0415  heavy

    options: dict[str, Any] = {
        "host": host,
        "port": port,
        "model": model,
        "portraits": portraits,
        "workers": workers,
    }
    given = {name: value for name, value in options.items() if value is not None}
    run.run(settings.read(**given))
