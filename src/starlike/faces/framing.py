"""Which part of a photo to show of a face: the face with some room around it."""

from __future__ import annotations

from dataclasses import dataclass

from starlike.records import Box


@dataclass(frozen=True, slots=True)
class Frame:
    """How a face is framed.

    Attributes:
        room: the height of the part that is shown, in sides of the face box.
        above: which share of the height that is not face lies above it, 0 to 1.
        aspect: width of the part by its height.
    """

    room: float
    above: float = 0.5
    aspect: float = 1.0

    def height(self, box: Box) -> int:
        """The height that the part has where the photo is large enough, in pixels."""
        return round(self.room * max(box.bottom - box.top, box.right - box.left))

    def around(self, box: Box, size: tuple[int, int]) -> Box:
        """The part of a photo that shows a face.

        Where the photo is too small for it the part is smaller, of the same shape; where it would
        leave the photo it is moved.

        Args:
            box: the face, in pixels of the upright photo.
            size: width and height of the upright photo in pixels.
        """
        width, height = size
        high = min(self.height(box), height, round(width / self.aspect))
        wide = min(round(high * self.aspect), width)
        top = box.top - round(self.above * (high - (box.bottom - box.top)))
        left = (box.left + box.right - wide) // 2
        top = min(max(top, 0), height - high)
        left = min(max(left, 0), width - wide)
        return Box(top, left + wide, top + high, left)
