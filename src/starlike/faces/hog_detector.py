"""dlib's HOG detector, asked as `face_recognition` asks it: the reference road."""

from __future__ import annotations

from typing import Any

from starlike.faces import landmarks
from starlike.records import Box, Face, Photo
from starlike.threads import PerThread

# As `face_locations` enlarges a photo, so that faces are found from 40 pixels on.
_UPSAMPLE = 1


def _make_hog() -> Any:
    import dlib  # noqa: PLC0415  heavy

    return dlib.get_frontal_face_detector()


_hog = PerThread(_make_hog)


class HogDetector:
    """The very boxes of `face_recognition.face_locations`, which looks at every pixel.

    It costs time as a photo has megapixels, does not see faces that are turned or fill the photo,
    and takes some folds of cloth for faces. One object may serve several threads.
    """

    name = "hog"

    def __init__(self, *, threads: int = 1) -> None:
        """Make one; `threads` changes nothing: the detector runs on one."""

    def detect(self, photo: Photo) -> list[Face]:
        """The faces in a photo, largest first; empty where there is none.

        Returns:
            Faces with boxes inside the photo, dlib's five landmarks, and the score of HOG.

        Raises:
            WeightsError: the landmark predictor is missing or damaged.
        """
        rectangles, scores, _ = _hog().run(photo.pixels, _UPSAMPLE, 0.0)
        faces = []
        for rectangle, score in zip(rectangles, scores, strict=True):
            box = Box(
                rectangle.top(), rectangle.right(), rectangle.bottom(), rectangle.left()
            ).within(*photo.size)
            found = landmarks.find(photo.pixels, box)
            faces.append(Face(box=box, detector=self.name, score=score, landmarks=found))
        return sorted(faces, key=lambda face: face.box.area, reverse=True)
