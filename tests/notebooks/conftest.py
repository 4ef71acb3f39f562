"""Running the notebook as its readers do, from the first cell, in a kernel of its own."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import starlike

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "train_on_colab.ipynb"
OUT = "my-stars"
"""What the notebook's parameter of that name says."""

_STYLES = re.compile(r"\x1b\[[\d;]*m")


def opened() -> Any:
    """The notebook, as nbformat reads it."""
    return nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]


def written(cell: Any) -> str:
    """What a cell that was run has written, as plain text."""
    texts = [out.get("text") or out.get("data", {}).get("text/plain", "") for out in cell.outputs]
    return _STYLES.sub("", "\n".join(texts))


@dataclass(frozen=True)
class Ran:
    """A run: the folder that it ran in, and its cells with what they wrote, by id."""

    place: Path
    cells: dict[str, Any]

    @property
    def model(self) -> Path:
        return self.place / OUT / "model"


Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A function that runs the notebook in a fresh kernel, up to a cell, with some parameters."""

    def ran(last: str = "ask", env: dict[str, str] | None = None, **parameters: object) -> Ran:
        place = tmp_path_factory.mktemp("notebook")
        notebook = opened()
        end = [cell.id for cell in notebook.cells].index(last)
        notebook.cells = notebook.cells[: end + 1]
        given = {f"STARLIKE_NOTEBOOK_{name}": str(value) for name, value in parameters.items()}
        folders = {"IPYTHONDIR": str(place / "ipython"), "JUPYTER_RUNTIME_DIR": str(place)}
        here = {"PYTHONPATH": str(Path(starlike.__file__).parents[1])}
        client = NotebookClient(
            notebook,
            timeout=300,
            kernel_name="python3",
            resources={"metadata": {"path": str(place)}},
        )
        client.execute(env=os.environ | folders | here | given | (env or {}))
        return Ran(place, {cell.id: cell for cell in notebook.cells if cell.cell_type == "code"})

    return ran
