"""What every HTML report shares: one look, safe templates, and small pictures in the page itself.

A report's template lies beside the module that fills it and extends `reports/base.html.j2`.
"""

from __future__ import annotations

import base64
import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from starlike import photo
from starlike.errors import MissingPartError, PhotoError
from starlike.records import Box
from starlike.version import __version__

if TYPE_CHECKING:
    import jinja2

_MARGIN = 0.3
_JPEG_QUALITY = 82


def render(template: str, **values: object) -> str:
    """Fill a template of this package.

    Values are escaped in every template but Markdown's (`.md.j2`), which escapes for itself. A
    name that the template asks for and that has no value is an error.

    Args:
        template: its path below the package, with forward slashes: `prepare/report.html.j2`.
        values: what the template names.

    Raises:
        MissingPartError: Jinja is not installed.
    """
    return _environment().get_template(template).render(values)


@cache
def _environment() -> jinja2.Environment:
    try:
        import jinja2  # noqa: PLC0415  only reports need it
    except ImportError:
        raise MissingPartError(
            "reports need Jinja; install it with: pip install 'starlike[train]'"
        ) from None

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("starlike", ""),
        autoescape=_escaped,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(number=_number, percent=_percent)
    environment.globals["version"] = __version__
    return environment


def _escaped(template: str | None) -> bool:
    return template is None or not template.endswith(".md.j2")


def _number(value: int) -> str:
    return f"{value:,}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def picture(file: Path, box: Box | None, side: int) -> str:
    """An image as a small JPEG inside a `data:` URI.

    Args:
        file: the image.
        box: a face box in its upright pixels, cut out with a margin; None for the whole image.
        side: longest side of the picture in pixels; smaller ones are not enlarged.

    Returns:
        The URI, or an empty text where the image cannot be opened.
    """
    try:
        pixels = photo.open(file).pixels
    except PhotoError:
        return ""
    if box is not None:
        square = _around(box, pixels.shape[0], pixels.shape[1])
        pixels = pixels[square.top : square.bottom, square.left : square.right]
    image = Image.fromarray(pixels)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return data_uri(stream.getvalue(), "image/jpeg")


def data_uri(data: bytes, kind: str) -> str:
    """Bytes of a media type as a URI that holds them."""
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


def _around(box: Box, height: int, width: int) -> Box:
    """A square around a face with a margin, moved and, where it must be, cut to fit the image."""
    longest = max(box.bottom - box.top, box.right - box.left)
    side = min(round(longest * (1 + 2 * _MARGIN)), height, width)
    top = (box.top + box.bottom - side) // 2
    left = (box.left + box.right - side) // 2
    top = max(0, min(top, height - side))
    left = max(0, min(left, width - side))
    return Box(top, left + side, top + side, left)
