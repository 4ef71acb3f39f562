"""What all HTML shares, that of reports and of the web page: templates that are safe to fill.

A template lies beside the module that fills it; that of a report extends `reports/base.html.j2`.
Reports hold small pictures in themselves.
"""

from __future__ import annotations

import base64
import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from starlike import extras, photo
from starlike.errors import MissingPartError, PhotoError
from starlike.faces.framing import Frame
from starlike.records import Box
from starlike.version import __version__

if TYPE_CHECKING:
    import jinja2

FRAME = Frame(room=1.6)
"""The square around a face in a report."""

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
            "reports and the page need Jinja; install it with: " + extras.command("train", "serve")
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
        opened = photo.open(file)
    except PhotoError:
        return ""
    image = Image.fromarray(opened.pixels)
    if box is not None:
        square = FRAME.around(box, opened.size)
        image = image.crop((square.left, square.top, square.right, square.bottom))
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return data_uri(stream.getvalue(), "image/jpeg")


def data_uri(data: bytes, kind: str) -> str:
    """Bytes of a media type as a URI that holds them."""
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
