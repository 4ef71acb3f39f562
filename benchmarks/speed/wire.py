"""What the program and its workers say to each other: a line of JSON each, over pipes.

It needs the standard library alone, for a worker may run where nothing else of this project does.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

FACTS = "facts"


def answer_all(open_up: Callable[[], tuple[dict[str, str], Callable[[str], int]]]) -> None:
    """Answer every line on standard input until it ends.

    A line is the path of a photo, answered by how many faces were embedded and the seconds that
    took, or `FACTS`, answered by the versions of what answers.

    Args:
        open_up: imports and makes what is needed; gives the versions, and a function from the path
            of a photo to how many faces were embedded.
    """
    # What libraries print must not get between the answers.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        try:
            facts, answer = open_up()
            for line in sys.stdin:
                asked = json.loads(line)
                _say(out, facts if asked == FACTS else _timed(answer, asked))
        except Exception as error:  # whatever it is, the program tells of it
            _say(out, {"error": " ".join(str(error).split()) or type(error).__name__})


def _timed(answer: Callable[[str], int], photo: str) -> dict[str, float]:
    busy, start = time.process_time(), time.perf_counter()
    faces = answer(photo)
    seconds = time.perf_counter() - start
    return {"faces": faces, "seconds": seconds, "busy": time.process_time() - busy}


def _say(out: Any, what: object) -> None:
    out.write(json.dumps(what) + "\n")
    out.flush()
