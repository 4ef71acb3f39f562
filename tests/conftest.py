"""What the tests share: a public photo, real photos where there are any, and caches."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pytest
from PIL import Image
from xdist.scheduler.loadscope import LoadScopeScheduling

import starlike
from starlike.faces import make_encoder
from starlike.records import Photo, Pixels

QUICKLY_COMPILED = ("--xla_backend_optimization_level=0", "--xla_cpu_use_fusion_emitters=false")
SOURCES = ("vggface", "famousfaces", "glint360k", "bollywood")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Tests of one room share what is slow to make: they run in one process, in their order."""

    class Rooms(LoadScopeScheduling):  # type: ignore[misc]  # it comes without types
        def _split_scope(self, nodeid: str) -> str:
            file = PurePosixPath(nodeid.partition("::")[0])
            return str(file if file.parent.name == "tests" else file.parent)

    return Rooms(config, log)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this session share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session", autouse=True)
def cache(shared_folder: Path) -> Iterator[Path]:
    """The folder that STARLIKE_CACHE names, shared by all tests of a session."""
    folder = shared_folder / "cache"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STARLIKE_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def compiled(shared_folder: Path) -> Iterator[None]:
    """Every network is compiled once a session, however many processes train it, and quickly.

    Networks here are so small and learn for so few steps that making their code good takes many
    times longer than running it.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XLA_FLAGS", " ".join(QUICKLY_COMPILED))
        patch.setenv("JAX_COMPILATION_CACHE_DIR", str(shared_folder / "compiled"))
        patch.setenv("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
        patch.setenv("JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES", "-1")
        yield


@pytest.fixture(scope="session", autouse=True)
def interrupts() -> None:
    """Programs that tests start can be interrupted.

    Not so where a shell runs the tests in the background: it makes them ignore interrupts, and
    whatever they start inherits that.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def astronaut() -> Path:
    """A portrait of one person, 512x512."""
    return Path(__file__).parent / "photos" / "astronaut.jpg"


@pytest.fixture(scope="session")
def astronaut_pixels(astronaut: Path) -> Pixels:
    with Image.open(astronaut) as image:
        return np.asarray(image.convert("RGB"))


@pytest.fixture(scope="session")
def astronaut_photo(astronaut_pixels: Pixels) -> Photo:
    return Photo(astronaut_pixels, "astronaut")


@pytest.fixture(scope="session")
def face_recognition() -> Any:
    """The library itself, imported as the reference encoder imports it."""
    make_encoder("reference")
    return importlib.import_module("face_recognition")


@pytest.fixture(scope="session")
def run_python() -> Callable[..., subprocess.CompletedProcess[str]]:
    """A function that runs code in an interpreter of its own, which finds this very `starlike`.

    Packages in the folders given as `before` come before all that are installed.
    """

    def run(
        code: str, *arguments: str, before: Sequence[Path] = ()
    ) -> subprocess.CompletedProcess[str]:
        folders = [*before, Path(starlike.__file__).parents[1]]
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, folders))},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of real photos: STARLIKE_DATA, or `shared/data` beside the repository."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("STARLIKE_DATA", beside))
    if not (folder / "celebrities").is_dir():
        pytest.skip("no real photos here: set STARLIKE_DATA to a folder that holds `celebrities`")
    return folder


@pytest.fixture(scope="session")
def real_photos(data_folder: Path) -> Callable[[int], list[Path]]:
    """A function that gives so many real photos, the same each time, from all sources in turn."""
    by_source = [sorted(data_folder.glob(f"celebrities/*/{source}_*")) for source in SOURCES]

    def spread(count: int) -> list[Path]:
        each = -(-count // len(SOURCES))
        picked = [
            [photos[place * len(photos) // each] for place in range(each)] for photos in by_source
        ]
        return list(chain.from_iterable(zip(*picked, strict=True)))[:count]

    return spread
