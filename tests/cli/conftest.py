"""What the tests of the command line share: the program, run as its users run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest


@dataclass(frozen=True)
class Run:
    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Starlike = Callable[..., Run]


@pytest.fixture(scope="session")
def starlike(tmp_path_factory: pytest.TempPathFactory) -> Starlike:
    """The program with a cache of its own, so that what it knows is no other test's doing."""
    cache = str(tmp_path_factory.mktemp("cache"))

    def run(*words: object, stdin: bytes = b"", env: dict[str, str] | None = None) -> Run:
        done = subprocess.run(
            [sys.executable, "-m", "starlike", *map(str, words)],
            input=stdin,
            capture_output=True,
            env={**os.environ, "COLUMNS": "200", "STARLIKE_CACHE": cache, **(env or {})},
            timeout=300,
            check=False,
        )
        run = Run(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in run.err
        return run

    return run
