"""The stage from end to end: folds, candidates, leaderboard, learning curves, recipe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from starlike.choose import curve, plots
from starlike.choose.candidates import CLASS_MEAN, Candidate, candidates, outside
from starlike.choose.choice import simplest_of_the_best
from starlike.choose.folds import Fold, folds
from starlike.errors import TrainError
from starlike.files import leaderboard, pairs, sample, storage
from starlike.files.leaderboard import Basis, Leaderboard, Row
from starlike.files.pairs import Half
from starlike.files.recipe import Recipe
from starlike.metrics import catalogue
from starlike.metrics.declaration import Figure
from starlike.progress import Progress, silent
from starlike.records import EmbedFrom, EncoderCard

_FEWEST_FOLDS, _MOST_FOLDS = 2, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is compared, and how.

    Attributes:
        folds: 2 to 10.
        seed: chooses folds, first weights and every draw; by default the base recipe's.
        quick: a small grid and short learning curves, for a first look.
        embed_from: which embedding; by default the base recipe's.
        epochs: at most so many for every network; by default each recipe's own.
        recipe: the base, around which networks are varied.
        methods: further methods to compare, of installed packages or by where they are
            (`package.module:name`); see `classifiers.methods.SCORERS`.
        pairs: a file of people who are said to look alike (see `starlike.files.pairs`); those of
            the half to choose by are asked about on every fold, and decide nothing. By default
            likeness is not measured.
    """

    folds: int = 3
    seed: int | None = None
    quick: bool = False
    embed_from: EmbedFrom | None = None
    epochs: int | None = None
    recipe: Recipe = field(default_factory=Recipe)
    methods: tuple[str, ...] = ()
    pairs: Path | None = None

    def __post_init__(self) -> None:
        """Refuse folds that cannot be compared."""
        if not _FEWEST_FOLDS <= self.folds <= _MOST_FOLDS:
            raise TrainError(
                f"folds must be from {_FEWEST_FOLDS} to {_MOST_FOLDS}, not {self.folds}"
            )

    @property
    def base(self) -> Recipe:
        """The base recipe with what the options override."""
        given = {"seed": self.seed, "embed_from": self.embed_from, "epochs": self.epochs}
        known: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        return replace(self.recipe, **known)

    def candidates(self) -> tuple[Candidate, ...]:
        """What is compared.

        Raises:
            PluginError, TrainError: as `candidates.outside`.
        """
        asked = (*candidates(self.base, quick=self.quick), *outside(self.methods))
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
    figures: Sequence[Figure] = (),
    progress: Progress = silent,
) -> Leaderboard:
    """Compare methods by cross-validation on the training images, and write the best recipe.

    Then learning curves of the best network and of the nearest class mean are measured. Beside the
    recipe it writes `leaderboard.json`, after every candidate and fold and every point of a curve,
    and at the end the plots as PNG. A run that was cut off goes on from there: what was measured
    on the same sample, with the same seed, settings, figures and pairs, is not measured again.

    Args:
        sample_folder: what `prepare` wrote; its test images are not looked at.
        out: the recipe file to write.
        options: what is compared, and how.
        figures: what to measure beside the figures that `starlike.metrics` and installed packages
            declare.
        progress: called after every candidate on every fold, and every point.

    Raises:
        SampleError: there is no sample, or it is too small.
        TrainError: the options cannot work, or the folder of `out` cannot be written or holds what
            was measured of another encoder's embeddings.
        NamesError: the pairs cannot be read, or none of them can be asked about.
        PluginError: a method or a figure from outside cannot be used.
        MissingPartError: Keras or matplotlib is not installed.
    """
    options = options or Options()
    declared = catalogue.declared(figures)
    base = options.base
    opened = sample.read(sample_folder)
    images = sample.select(opened, base.embed_from, split="train")
    half = pairs.read(options.pairs, pairs.CHOOSE) if options.pairs else None
    split = folds(images, options.folds, base.seed)
    basis = Basis(
        sample=sample.identity(opened),
        encoder=opened.card,
        embed_from=base.embed_from,
        seed=base.seed,
        pairs=half.identity if half else None,
    )
    asked = options.candidates()
    rows = tuple(_empty_row(candidate) for candidate in asked)
    board = Leaderboard(
        basis=basis,
        classes=len(images.classes),
        images=len(images),
        folds=len(split),
        declared=tuple(one.declaration for one in declared),
        rows=rows,
        pairs=half.asked(images.classes, images.classes) if half else None,
    )
    folder = out.absolute().parent
    _check_out(out, folder)
    board = board.resumed(_earlier(folder, opened.card))
    sizes = curve.sizes(split[curve.FOLD].learning, quick=options.quick)
    board = replace(board, curve=tuple(point for point in board.curve if point.at_most in sizes))
    steps = _Steps(folder, len(asked) * len(split) + 2 * len(sizes), declared, half, progress)
    with storage.telling(TrainError, folder):
        board = _measure(board, asked, split, steps)
        chosen = simplest_of_the_best(board.rows)
        shown = tuple(c for c in asked if c.name in (chosen.name, CLASS_MEAN))
        board = _measure_curves(board, shown, sizes, split[curve.FOLD], steps)
        board = replace(board, chosen=chosen.name)
        for name, data in plots.draw(board, base).items():
            storage.write_bytes(folder / name, data)
        Recipe(**chosen.settings).write(out)
        board.write(folder)
    return board


def _earlier(folder: Path, card: EncoderCard) -> Leaderboard | None:
    """The leaderboard of an earlier run, which must be of the same encoder."""
    board = leaderboard.read(folder)
    if board and not board.basis.encoder.fits(card):
        raise TrainError(
            f"{folder}: what was measured there are embeddings of {board.basis.encoder}, and the "
            f"sample holds those of {card}; write the recipe into another folder"
        )
    return board


def _empty_row(candidate: Candidate) -> Row:
    return Row(candidate.name, candidate.kind, candidate.about, candidate.settings)


def _check_out(out: Path, folder: Path) -> None:
    if out.name == leaderboard.FILE_NAME or out.is_dir():
        raise TrainError(f"{out}: the recipe must be a file of another name, as recipe.json")
    with storage.telling(TrainError, folder):
        storage.check_folder(folder)


@dataclass(frozen=True, slots=True)
class _Steps:
    """What is measured in each of so many steps, and where the leaderboard is written after it."""

    folder: Path
    total: int
    figures: Sequence[Figure]
    pairs: Half | None
    progress: Progress

    def begin(self, board: Leaderboard) -> None:
        self.progress(board.measured, self.total)

    def done(self, board: Leaderboard) -> None:
        board.write(self.folder)
        self.progress(board.measured, self.total)


def _measure(
    board: Leaderboard, asked: tuple[Candidate, ...], split: tuple[Fold, ...], steps: _Steps
) -> Leaderboard:
    """Measure what is not measured yet."""
    from starlike.choose.measure import measured  # noqa: PLC0415  heavy

    steps.begin(board)
    for candidate in asked:
        for number, fold in enumerate(split):
            row = board.row(candidate.name)
            if any(result.fold == number for result in row.results):
                continue
            result = measured(candidate, fold, number, board.basis.seed, steps.figures, steps.pairs)
            board = board.with_row(row.with_result(result))
            steps.done(board)
    return board


def _measure_curves(
    board: Leaderboard,
    shown: tuple[Candidate, ...],
    sizes: tuple[int | None, ...],
    fold: Fold,
    steps: _Steps,
) -> Leaderboard:
    """Measure the points that are not measured yet; those of all images are results already."""
    from starlike.choose.measure import measured  # noqa: PLC0415  heavy

    names = {candidate.name for candidate in shown}
    board = replace(board, curve=tuple(point for point in board.curve if point.name in names))
    known = {(point.name, point.at_most) for point in board.curve}
    for at_most in sizes:
        part = curve.part(fold, at_most, board.basis.seed)
        for candidate in shown:
            if (candidate.name, at_most) in known:
                continue
            if at_most is None:
                results = board.row(candidate.name).results
                result = next(result for result in results if result.fold == curve.FOLD)
            else:
                result = measured(
                    candidate, part, curve.FOLD, board.basis.seed, steps.figures, steps.pairs
                )
            board = board.with_point(curve.point(candidate.name, at_most, part, result))
            steps.done(board)
    return board
