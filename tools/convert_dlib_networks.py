"""Convert dlib's face ResNet and face detector to ONNX, and put them into the package.

    python -m tools.convert_dlib_networks [FOLDER]

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
from tools import detector_graph, dlib_weights, resnet_graph

DETECTOR_SHA256 = "4cb19393e2fbaf2b1609a9319ad5386618c886a6234ec1b971f3e87c85d87fe6"
"""Of dlib's file of the detector as it was published, unpacked."""


def convert(source: Path) -> bytes:
    """Dlib's file of the face ResNet as a serialised ONNX model.

    Raises:
        WeightsError: it is not the file that the card of the network names.
    """
    return resnet_graph.build(dlib_weights.read(_read(source, DLIB_RESNET.sha256)))


def convert_detector(source: Path) -> bytes:
    """Dlib's file of the face detector as a serialised ONNX model.

    Raises:
        WeightsError: it is not the file that was published.
    """
    return detector_graph.build(dlib_weights.read_detector(_read(source, DETECTOR_SHA256)))


def _read(source: Path, sha256: str) -> bytes:
    data = source.read_bytes()
    if digest.sha256(data) != sha256:
        raise WeightsError(f"{source}: this is not the network that was published")
    return data


def write(folder: Path) -> None:
    """Write the networks and their checksums into a folder."""
    detector = convert_detector(dlib_files.path(dlib_files.CNN_DETECTOR))
    storage.write_bytes(folder / weights.RESNET, convert(dlib_files.path(dlib_files.RESNET)))
    storage.write_bytes(folder / weights.CNN_DETECTOR, detector)
    shutil.copyfile(dlib_files.path(dlib_files.LANDMARKS_5), folder / weights.LANDMARKS)
    names = sorted([weights.RESNET, weights.CNN_DETECTOR, weights.LANDMARKS])
    lines = [f"{digest.sha256((folder / name).read_bytes())}  {name}\n" for name in names]
    storage.write_text(folder / weights.SUMS, "".join(lines))


def main() -> None:
    """Write into the package, or into another folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=weights.FOLDER)
    write(parser.parse_args().folder)


if __name__ == "__main__":
    main()
