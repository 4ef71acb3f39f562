"""After an answer in this process, processes that come of it answer, too, and so do threads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import starlike

ANSWER = """
import asyncio, multiprocessing, sys
import starlike

how, threads, photo = sys.argv[1:]
model = starlike.load_model(threads=int(threads))
model.match(photo, top=1)


def first(photo):
    return model.match(photo, top=1)[0].matches[0].name


async def gathered():
    return await asyncio.gather(*(asyncio.to_thread(first, photo) for _ in range(4)))


if __name__ == "__main__":
    if how == "asyncio":
        names = asyncio.run(gathered())
    else:
        with multiprocessing.get_context(how).Pool(2) as pool:
            names = pool.map_async(first, [photo] * 4).get(100)
    assert names == [first(photo)] * 4, names
    print(names[0])
"""


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("how", ["fork", "forkserver", "spawn", "asyncio"])
def test_whoever_comes_of_a_process_that_answered_answers(
    how: str, threads: int, astronaut: Path, tmp_path: Path
) -> None:
    script = tmp_path / "answer.py"
    script.write_text(ANSWER)
    ran = subprocess.run(
        [sys.executable, script, how, str(threads), astronaut],
        env=os.environ | {"PYTHONPATH": str(Path(starlike.__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() in starlike.load_model().classes.names
