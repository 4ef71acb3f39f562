"""The part of a photo that shows a face: inside the photo, of one shape, with the face in it."""

from __future__ import annotations

import pytest

from starlike.faces.framing import Frame
from starlike.portraits import picture
from starlike.records import Box
from starlike.reports import FRAME as REPORT
from starlike.server.page.view_model import FRAME as PAGE

SIZE = WIDTH, HEIGHT = 600, 400
FRAMES = {"portraits": picture.FRAME, "reports": REPORT, "page": PAGE}
BOXES = {
    "middle": Box(150, 350, 250, 250),
    "top left": Box(0, 100, 100, 0),
    "bottom right": Box(300, 600, 400, 500),
    "large": Box(50, 450, 350, 150),
    "small": Box(200, 241, 240, 201),
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
def test_it_lies_in_the_photo_and_holds_the_face(frame: Frame, box: Box) -> None:
    part = frame.around(box, SIZE)
    width, height = part.right - part.left, part.bottom - part.top
    assert width == pytest.approx(frame.aspect * height, abs=1)
    assert 0 <= part.top <= box.top
    assert box.bottom <= part.bottom <= HEIGHT
    assert 0 <= part.left <= box.left
    assert box.right <= part.right <= WIDTH


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_where_there_is_room_the_face_is_in_its_middle(frame: Frame) -> None:
    box = BOXES["middle"]
    part = frame.around(box, SIZE)
    assert part.bottom - part.top == frame.height(box) == round(100 * frame.room)
    assert (part.left + part.right) / 2 == 300


def test_how_much_of_the_room_lies_above_the_face_is_asked_for() -> None:
    box = BOXES["middle"]
    for above, top in ((0.0, 150), (0.5, 100), (1.0, 50)):
        assert Frame(room=2.0, above=above).around(box, SIZE).top == top


def test_a_face_as_high_as_the_photo_gets_all_of_its_height() -> None:
    assert Frame(room=2.4).around(Box(0, 500, 400, 100), SIZE) == Box(0, 500, 400, 100)


def test_a_face_taller_than_the_photo_is_wide_gets_all_of_its_width() -> None:
    assert picture.FRAME.around(Box(0, 100, 180, 0), (100, 200)) == Box(36, 100, 136, 0)


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (2, 300), (300, 2)])
@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_in_a_tiny_photo_it_is_still_a_part_of_it(frame: Frame, size: tuple[int, int]) -> None:
    part = frame.around(Box(0, size[0], size[1], 0), size)
    assert 0 <= part.left < part.right <= size[0]
    assert 0 <= part.top < part.bottom <= size[1]
