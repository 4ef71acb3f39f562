"""The model card: what a model is, how good, for whom, and what it must not be used for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from starlike import reports
from starlike.errors import ModelError, one_line
from starlike.evaluate import comparison, groups, wording
from starlike.files import leaderboard, storage
from starlike.files.leaderboard import Leaderboard
from starlike.metrics.figures import FORMAT_VERSION, to_json
from starlike.model import store

# Collections that were published for research; their images are nobody's to pass on.
_RESEARCH_COLLECTIONS = frozenset({"vggface", "famousfaces", "glint360k", "bollywood"})

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&])")


def write_card(
    model_folder: Path, figures: dict[str, Any], made_by: str, choice: Path | None = None
) -> None:
    """Write a model's card and its figures into its folder, and seal the folder anew.

    Args:
        model_folder: a model folder; gets `README.md` and `metrics.json`.
        figures: the content of `metrics.json` as `evaluate` gave it, for this model or for one of
            the same recipe whose test images were kept aside.
        made_by: the command or commands that made the model.
        choice: the folder that `choose` wrote into, to say why the network is as it is.

    Raises:
        ModelError: the folder is no model folder, the figures are of another format, or the
            choice was made on another sample.
        TrainError: the choice cannot be read.
        MissingPartError: Jinja is not installed.
    """
    store.verify(model_folder)
    if figures.get("format") != FORMAT_VERSION:
        raise ModelError(
            f"figures of format {figures.get('format')}, but {FORMAT_VERSION} is read here; "
            "evaluate the model again"
        )
    board = _leaderboard(choice, figures["about"]["sample"]) if choice else None
    storage.write_text(model_folder / store.CARD, _card(model_folder, figures, made_by, board))
    storage.write_text(model_folder / store.METRICS, to_json(figures))
    store.seal(model_folder)


def _leaderboard(folder: Path, sample: str) -> Leaderboard:
    board = leaderboard.read(folder)
    if board is None or board.chosen is None:
        raise ModelError(f"{folder}: no choice was made there; make one with: starlike choose")
    if board.basis.sample != sample:
        raise ModelError(
            f"{folder}: the choice was made on another sample than the figures; choose again"
        )
    return board


def _card(folder: Path, figures: dict[str, Any], made_by: str, board: Leaderboard | None) -> str:
    sources = figures["about"]["sources"]
    return reports.render(
        "evaluate/card.md.j2",
        classes=store.read_classes(folder),
        about=figures["about"],
        methods=figures["methods"],
        lines=comparison.lines(figures),
        over_models=wording.over_models(figures),
        tables=comparison.tables(figures),
        recognised=wording.recognised(figures["recognition"]),
        fewest_calibrated=groups.FEWEST_CALIBRATED,
        fewest_people=groups.FEWEST_PEOPLE,
        similarities=wording.similarities(figures["similarity"]),
        explained=wording.explained(figures["similarity"]),
        research=[name for name in sources if name in _RESEARCH_COLLECTIONS],
        other=[name for name in sources if name not in _RESEARCH_COLLECTIONS],
        made_by=made_by.strip(),
        board=board,
        plain=_plain,
    )


def _plain(text: str) -> str:
    """Text that Markdown and HTML leave as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", one_line(text))
