"""The stage from end to end: folds, candidates, leaderboard, recipe."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from starlike import sample, storage
from starlike.choose import leaderboard, plots
from starlike.choose.candidates import Candidate, candidates
from starlike.choose.choice import simplest_of_the_best
from starlike.choose.folds import Fold, folds
from starlike.choose.leaderboard import Basis, Leaderboard
from starlike.errors import TrainError
from starlike.progress import Progress, silent
from starlike.recipe import Recipe
from starlike.records import EncodeIn

_FEWEST_FOLDS, _MOST_FOLDS = 2, 10


@dataclass(frozen=True, slots=True)
class Options:
    """What is compared, and how.

    Attributes:
        folds: 2 to 10.
        seed: chooses folds, first weights and every draw; by default the base recipe's.
        quick: a small grid, for a first look.
        encode_in: which encoding; by default the base recipe's.
        epochs: at most so many for every network; by default each recipe's own.
        recipe: the base, around which networks are varied.
    """

    folds: int = 3
    seed: int | None = None
    quick: bool = False
    encode_in: EncodeIn | None = None
    epochs: int | None = None
    recipe: Recipe = field(default_factory=Recipe)

    def __post_init__(self) -> None:
        """Refuse folds that cannot be compared."""
        if not _FEWEST_FOLDS <= self.folds <= _MOST_FOLDS:
            raise TrainError(
                f"folds must be from {_FEWEST_FOLDS} to {_MOST_FOLDS}, not {self.folds}"
            )

    @property
    def base(self) -> Recipe:
        """The base recipe with what the options override."""
        given = {"seed": self.seed, "encode_in": self.encode_in, "epochs": self.epochs}
        known: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        return replace(self.recipe, **known)

    def candidates(self) -> tuple[Candidate, ...]:
        """What is compared."""
        asked = candidates(self.base, quick=self.quick)
        return tuple(_shortened(candidate, self.epochs) for candidate in asked)


def _shortened(candidate: Candidate, epochs: int | None) -> Candidate:
    if epochs is None or candidate.recipe is None:
        return candidate
    return replace(candidate, recipe=replace(candidate.recipe, epochs=epochs))


def choose(
    sample_folder: Path,
    out: Path,
    options: Options | None = None,
    *,
    progress: Progress = silent,
) -> Leaderboard:
    """Compare methods by cross-validation on the training images, and write the best recipe.

    Beside the recipe it writes `leaderboard.json`, after every candidate and fold, and at the end
    the plots as PNG. A run that was cut off goes on from there: what was measured on the same
    sample, with the same seed and settings, is not measured again.

    Args:
        sample_folder: what `prepare` wrote; its test images are not looked at.
        out: the recipe file to write.
        options: what is compared, and how.
        progress: told of every candidate on every fold.

    Raises:
        SampleError: there is no sample, or it is too small.
        TrainError: the options cannot work, or the folder of `out` cannot be written.
        MissingPartError: Keras or matplotlib is not installed.
    """
    options = options or Options()
    base = options.base
    table = sample.read(sample_folder)
    images = sample.select(table, base.encode_in, split="train")
    split = folds(images, options.folds, base.seed)
    basis = Basis(sample.identity(table), base.encode_in, base.seed)
    asked = options.candidates()
    rows = tuple(leaderboard.empty_row(candidate) for candidate in asked)
    board = Leaderboard(basis, len(images.classes), len(images), len(split), rows)
    folder = out.absolute().parent
    _check_out(out, folder)
    board = board.resumed(leaderboard.read(folder))
    with storage.telling(TrainError, folder):
        board = _measure(board, asked, split, folder, progress)
        chosen = simplest_of_the_best(board.rows)
        board = replace(board, chosen=chosen.name)
        for name, data in plots.draw(board, base).items():
            storage.write_bytes(folder / name, data)
        Recipe(**chosen.settings).write(out)
        board.write(folder)
    return board


def _check_out(out: Path, folder: Path) -> None:
    if out.name == leaderboard.FILE_NAME or out.is_dir():
        raise TrainError(f"{out}: the recipe must be a file of another name, as recipe.json")
    with storage.telling(TrainError, folder):
        storage.check_folder(folder)


def _measure(
    board: Leaderboard,
    asked: tuple[Candidate, ...],
    split: tuple[Fold, ...],
    folder: Path,
    progress: Progress,
) -> Leaderboard:
    """Measure what is not measured yet, and write the leaderboard after each step."""
    from starlike.choose.measure import measured  # noqa: PLC0415  heavy

    done, total = sum(len(row.results) for row in board.rows), len(asked) * len(split)
    progress(done, total)
    for candidate in asked:
        for number, fold in enumerate(split):
            row = board.row(candidate.name)
            if any(result.fold == number for result in row.results):
                continue
            result = measured(candidate, fold, number, board.basis.seed)
            board = board.with_row(row.with_result(result))
            board.write(folder)
            done += 1
            progress(done, total)
    return board
