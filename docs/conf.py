"""How the documentation site is built: `sphinx-build -W --keep-going -b html docs build/docs`."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import starlike
from starlike.errors import StarlikeError

sys.path.insert(0, str(Path(__file__).parent))
import figures

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
REPOSITORY = next(
    PROJECT["urls"][name].partition("#")[0]
    for name in ("Repository", "Source", "Documentation")
    if name in PROJECT["urls"]
)

project = PROJECT["name"]
author = PROJECT["authors"][0]["name"]
project_copyright = author
version = release = starlike.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
]
exclude_patterns = ["_build", "**/README.md"]
# What stands in single backticks in a docstring links to what it names, where that is documented.
default_role = "py:obj"

myst_enable_extensions = ["attrs_block", "colon_fence", "substitution"]
myst_substitutions = figures.read()
myst_heading_anchors = 3
highlight_language = "text"

autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autodoc_default_options = {"members": True}
autodoc_typehints_format = "short"
autodoc_type_aliases = {
    name: name
    for name in (
        "AskedAmong",
        "Counts",
        "EmbedFrom",
        "Floats",
        "Labels",
        "OpenProvider",
        "Pixels",
        "Progress",
        "Source",
        "SourceChoice",
    )
}
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
copybutton_prompt_text = "$ "

html_theme = "furo"
html_title = "starlike"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_favicon = "_static/star.svg"
html_show_sphinx = False
html_copy_source = False
html_theme_options: dict[str, Any] = {
    "light_css_variables": {
        "color-brand-primary": "#8a1d4c",
        "color-brand-content": "#8a1d4c",
        "color-brand-visited": "#6b2c86",
    },
    "dark_css_variables": {
        "color-brand-primary": "#ffc65c",
        "color-brand-content": "#ffc65c",
        "color-brand-visited": "#e0a6d8",
    },
}

_ALIAS = re.compile(r"TypeAliasForwardRef\('(\w+)'\)")
_ARRAY = re.compile(r"ndarray\[tuple\[Any, \.\.\.\], dtype\[(\w+)\]\]")
_LINK_UP = re.compile(r"\]\(((?:\.\./)+)([^)\s]*)\)")


def _link_outside(_app: object, page: str, source: list[str]) -> None:
    """Point links that leave the folder of the docs, as they work in the repository, there.

    The model card is a page of the site, so links to it stay.
    """
    source[0] = source[0].replace("](../src/starlike/default_model/README.md", "](model-card.md")
    root = "../" * (page.count("/") + 1)

    def elsewhere(found: re.Match[str]) -> str:
        return f"]({REPOSITORY}/blob/main/{found[2]})" if found[1] == root else found[0]

    source[0] = _LINK_UP.sub(elsewhere, source[0])


def _keep_whole(
    _app: object, what: str, _name: str, _documented: object, _options: object, lines: list[str]
) -> None:
    """Keep Napoleon from taking what stands before a colon for the type of a property."""
    if what == "property" and lines:
        lines[0] = f": {lines[0]}"


def _readable(
    _app: object,
    _what: str,
    _name: str,
    _documented: object,
    _options: object,
    signature: str | None,
    returned: str | None,
) -> tuple[str | None, str | None]:
    """Write names of types in unions, and made defaults, as one would."""

    def clear(text: str | None) -> str | None:
        if text is None:
            return None
        named = _ARRAY.sub(r"NDArray[\1]", _ALIAS.sub(r"\1", text))
        return named.replace("<factory>", "...")

    return clear(signature), clear(returned)


def _tell_code(
    _app: object, _what: str, _name: str, documented: object, _options: object, lines: list[str]
) -> None:
    """Add its stable code to what is said of an error."""
    if isinstance(documented, type) and issubclass(documented, StarlikeError):
        lines += ["", f"Code: ``{documented.code}``"]


def setup(app: Any) -> None:
    """Connect what the site needs beside Sphinx's own."""
    app.connect("source-read", _link_outside)
    app.connect("autodoc-process-docstring", _keep_whole, priority=100)
    app.connect("autodoc-process-docstring", _tell_code)
    app.connect("autodoc-process-signature", _readable)
