"""The model card: what a model is, how good, for whom, and what it must not be used for."""

from __future__ import annotations

import re
from pathlib import Path

from starlike import reports
from starlike.errors import ModelError, one_line
from starlike.evaluate import comparison, wording
from starlike.files import leaderboard, storage
from starlike.files.leaderboard import Leaderboard
from starlike.metrics.figures import Figures
from starlike.model import store

# Collections that were published for research; their images are nobody's to pass on.
_RESEARCH_COLLECTIONS = frozenset({"vggface", "famousfaces", "glint360k", "bollywood"})

# The figures of the choice that the card tells; the leaderboard has all of them.
_OF_CHOICE = frozenset({"top_1", "top_1_agreement", "train_seconds"})

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&])")


def write_card(
    model_folder: Path, figures: Figures, made_by: str, choice: Path | None = None
) -> None:
    """Write a model's card and its figures into its folder, and seal the folder anew.

    Args:
        model_folder: a model folder; gets `README.md` and `metrics.json`.
        figures: what `evaluate` measured of this model, or of one of the same recipe whose test
            images were kept aside.
        made_by: the command or commands that made the model.
        choice: the folder that `choose` wrote into, to say why the network is as it is.

    Raises:
        ModelError: the folder is no model folder, or the choice was made on another sample.
        TrainError: the choice cannot be read.
        MissingPartError: Jinja is not installed.
    """
    store.verify(model_folder)
    board = _leaderboard(choice, figures.about.sample) if choice else None
    storage.write_text(model_folder / store.CARD, _card(model_folder, figures, made_by, board))
    storage.write_text(model_folder / store.METRICS, figures.to_json())
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


def _card(folder: Path, figures: Figures, made_by: str, board: Leaderboard | None) -> str:
    sources = figures.about.sources
    return reports.render(
        "evaluate/card.md.j2",
        classes=store.read_classes(folder),
        about=figures.about,
        methods=figures.methods,
        lines=comparison.lines(figures),
        over_models=wording.over_models(figures),
        tables=comparison.tables(figures),
        recognised=wording.recognised(figures.recognition),
        fewest=wording.fewest(figures.declared),
        similarities=wording.similarities(figures.similarity),
        explained=wording.explained(figures.similarity),
        research=[name for name in sources if name in _RESEARCH_COLLECTIONS],
        other=[name for name in sources if name not in _RESEARCH_COLLECTIONS],
        made_by=made_by.strip(),
        board=board,
        of_choice=[one for one in board.declared if one.key in _OF_CHOICE] if board else [],
        plain=_plain,
    )


def _plain(text: str) -> str:
    """Text that Markdown and HTML leave as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", one_line(text))
