"""Ended in the middle, the folder of portraits is whole, and the next run completes it."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from starlike.files import portrait_folder
from tests.portraits.conftest import NAMES, Local, run, tree

End = Callable[[Path, int, int], int]


@pytest.fixture
def end(
    run_python: Callable[..., subprocess.CompletedProcess[str]], images: Mapping[str, Path]
) -> End:
    """A function that runs the stage in a process that gets a signal; gives its status."""
    code = """
import sys
from pathlib import Path
from starlike import portraits
sys.path.insert(0, sys.argv[1])
from tests.portraits.conftest import Local, candidate
names, files = sys.argv[5::2], map(Path, sys.argv[6::2])
place = Local(
    {name: [candidate(file)] for name, file in zip(names, files)},
    lives_for=int(sys.argv[3]),
    signal=int(sys.argv[4]),
)
options = portraits.Options(size=96)
portraits.portraits(Path(sys.argv[2]), place.opened(), options=options)
"""
    root = str(Path(__file__).parents[2])
    people = [text for name, file in images.items() for text in (name, str(file))]

    def end(folder: Path, lives_for: int, sent: int) -> int:
        words = (root, str(folder), str(lives_for), str(sent), *people)
        return run_python(code, *words).returncode

    return end


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT], ids=["killed", "Ctrl-C"])
def test_at_any_moment(
    sent: signal.Signals,
    end: End,
    model_folder: Path,
    local: Local,
    tmp_path: Path,
) -> None:
    undisturbed = shutil.copytree(model_folder, tmp_path / "undisturbed")
    run(undisturbed, local)
    for lives_for in (0, 4):
        assert end(model_folder, lives_for, sent) == -sent
        opened = portrait_folder.opened(model_folder / portrait_folder.FOLDER)
        shown = [portrait for name in NAMES if (portrait := opened.portrait(name))]
        assert len(shown) == len(opened)
    run(model_folder, local)
    left, wanted = (tree(folder / portrait_folder.FOLDER) for folder in (model_folder, undisturbed))
    assert left == wanted


def test_what_was_found_before_ctrl_c_is_kept(end: End, model_folder: Path) -> None:
    assert end(model_folder, 5, signal.SIGINT) == -signal.SIGINT
    assert 1 <= len(portrait_folder.opened(model_folder / portrait_folder.FOLDER)) < len(NAMES)
