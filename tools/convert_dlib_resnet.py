"""Convert dlib's face ResNet to ONNX, and put it and dlib's smaller networks into the package.

    python -m tools.convert_dlib_resnet [FOLDER]

Needs the packages `face_recognition_models`, whose files these are, and `onnx`. The same files give
the same bytes.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from starlike.errors import WeightsError
from starlike.faces import dlib_files, weights
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.files import digest, storage
from tools import dlib_weights, resnet_graph


def convert(source: Path) -> bytes:
    """Dlib's file of the network as a serialised ONNX model.

    Raises:
        WeightsError: it is not the file that the card of the network names.
    """
    data = source.read_bytes()
    if digest.sha256(data) != DLIB_RESNET.sha256:
        raise WeightsError(f"{source}: this is not the network whose SHA-256 its card names")
    return resnet_graph.build(dlib_weights.read(data))


def write(folder: Path) -> None:
    """Write the networks and their checksums into a folder."""
    storage.write_bytes(folder / weights.RESNET, convert(dlib_files.path(dlib_files.RESNET)))
    copied = {
        weights.LANDMARKS: dlib_files.LANDMARKS_5,
        weights.CNN_DETECTOR: dlib_files.CNN_DETECTOR,
    }
    for name, source in copied.items():
        shutil.copyfile(dlib_files.path(source), folder / name)
    names = sorted([weights.RESNET, *copied])
    lines = [f"{digest.sha256((folder / name).read_bytes())}  {name}\n" for name in names]
    storage.write_text(folder / weights.SUMS, "".join(lines))


def main() -> None:
    """Write into the package, or into another folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=weights.FOLDER)
    write(parser.parse_args().folder)


if __name__ == "__main__":
    main()
