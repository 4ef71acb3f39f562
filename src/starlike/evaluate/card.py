"""The model card: what a model is, how good, for whom, and what it must not be used for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from starlike import model, page, storage
from starlike.errors import ModelError
from starlike.evaluate import comparison
from starlike.evaluate.figures import FORMAT_VERSION, to_json

# Collections that were published for research; their images are nobody's to pass on.
_RESEARCH_COLLECTIONS = frozenset({"vggface", "famousfaces", "glint360k", "bollywood"})

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&])")


def write_card(model_folder: Path, figures: dict[str, Any], made_by: str) -> None:
    """Write a model's card and its figures into its folder, and seal the folder anew.

    Args:
        model_folder: a model folder; gets `README.md` and `metrics.json`.
        figures: the content of `metrics.json` as `evaluate` gave it, for this model or for one of
            the same recipe whose test images were kept aside.
        made_by: the command or commands that made the model.

    Raises:
        ModelError: the folder is no model folder, or the figures are of another format.
        MissingPartError: Jinja is not installed.
    """
    model.verify(model_folder)
    if figures.get("format") != FORMAT_VERSION:
        raise ModelError(
            f"figures of format {figures.get('format')}, but {FORMAT_VERSION} is read here; "
            "evaluate the model again"
        )
    storage.write_text(model_folder / model.CARD, _card(model_folder, figures, made_by))
    storage.write_text(model_folder / model.METRICS, to_json(figures))
    model.seal(model_folder)


def _card(folder: Path, figures: dict[str, Any], made_by: str) -> str:
    sources, methods = figures["about"]["sources"], figures["methods"]
    return page.render(
        "evaluate/card.md.j2",
        classes=model.read_classes(folder),
        about=figures["about"],
        methods=methods,
        lines=comparison.lines(methods),
        by_source=comparison.by_group(methods, "by_source"),
        by_images=comparison.by_group(methods, "by_images"),
        research=[name for name in sources if name in _RESEARCH_COLLECTIONS],
        other=[name for name in sources if name not in _RESEARCH_COLLECTIONS],
        made_by=made_by.strip(),
        plain=_plain,
    )


def _plain(text: str) -> str:
    """Text that Markdown and HTML leave as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
