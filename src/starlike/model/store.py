"""A model folder on disk: what lies in it, and that what is read of it is whole."""

from __future__ import annotations

from pathlib import Path

from starlike.errors import ModelError
from starlike.files import digest, storage
from starlike.model import classes
from starlike.model.classes import Classes
from starlike.model.classifier import Classifier

CLASSIFIER, CLASSES, KERAS, TRAINING, METRICS, CARD, SUMS = (
    "classifier.onnx",
    "classes.json",
    "model.keras",
    "training.json",
    "metrics.json",
    "README.md",
    "SHA256SUMS",
)


def default_folder() -> Path:
    """The folder of the model that ships."""
    return Path(__file__).parents[1] / "default_model"


def open_folder(folder: Path, *, threads: int = 1) -> Classifier:
    """Open a model folder to be asked: its classifier and its classes, and nothing else in it.

    Args:
        folder: the folder.
        threads: that one question may use.

    Raises:
        ModelError: it is missing or of another format version; or what answers is missing,
            damaged, or does not belong together.
    """
    sums = _sums(folder)
    known = classes.parse(_read(folder, CLASSES, sums), folder / CLASSES)
    network = _read(folder, CLASSIFIER, sums)
    try:
        opened = Classifier(network, folder, known, threads=threads)
    except Exception as error:  # ONNX Runtime's errors share no base that it makes public
        raise ModelError(f"{folder / CLASSIFIER}: the classifier cannot be loaded") from error
    if opened.dimensions != known.card.dimensions:
        raise ModelError(
            f"{folder}: the classifier takes {opened.dimensions} numbers but {CLASSES} names an "
            f"encoder that gives {known.card.dimensions}; train or copy the model again"
        )
    if opened.width != len(known.names):
        raise ModelError(
            f"{folder}: the classifier has {opened.width} classes but {CLASSES} names "
            f"{len(known.names)}; train or copy the model again"
        )
    return opened


def read_classes(folder: Path) -> Classes:
    """Read the class dictionary of a model folder.

    Raises:
        ModelError: it is missing, damaged, or of another format version.
    """
    return classes.parse(_read(folder, CLASSES, _sums(folder)), folder / CLASSES)


def seal(folder: Path) -> None:
    """Write `SHA256SUMS` over every other file of the folder, as `sha256sum` would."""
    files = sorted(file for file in folder.iterdir() if file.is_file() and not _unsealed(file.name))
    lines = [f"{digest.sha256(file.read_bytes())}  {file.name}\n" for file in files]
    storage.write_text(folder / SUMS, "".join(lines))


def _unsealed(name: str) -> bool:
    return name == SUMS or name.startswith(".")


def verify(folder: Path) -> None:
    """Check every file of a model folder against its `SHA256SUMS`.

    Raises:
        ModelError: the folder or a file is missing, or a file is not what was sealed.
    """
    sums = _sums(folder)
    for name in sums:
        _read(folder, name, sums)


def _sums(folder: Path) -> dict[str, str]:
    """What `SHA256SUMS` says, by the names of files."""
    if not folder.is_dir():
        raise ModelError(f"{folder}: there is no such model folder; train one: starlike train")
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ModelError(f"{folder}: this is no model folder ({SUMS} is missing)") from None
    sums = {name: sha for sha, _, name in (line.partition("  ") for line in lines)}
    for name in (CLASSIFIER, CLASSES):
        if name not in sums:
            raise ModelError(f"{folder}: {SUMS} does not name {name}; train or copy it again")
    return sums


def _read(folder: Path, name: str, sums: dict[str, str]) -> bytes:
    try:
        data = (folder / name).read_bytes()
    except (OSError, ValueError):  # a damaged list may name what cannot be a file
        raise ModelError(f"{folder / name}: missing; train or copy the model again") from None
    if digest.sha256(data) != sums[name]:
        raise ModelError(
            f"{folder / name}: damaged (its checksum differs); train or copy the model again"
        )
    return data
