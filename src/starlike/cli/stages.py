"""`starlike prepare`, `choose`, `train` and `evaluate`: one command a stage."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import click

from starlike.cli import bars, show, tables
from starlike.cli.options import ANY_PATH, detector
from starlike.files import recipe as recipes
from starlike.files.recipe import Recipe
from starlike.names import read_names
from starlike.records import EmbedFrom

_sample = click.argument("sample", type=ANY_PATH, help="The folder that prepare wrote.")
_embed_from = click.option(
    "--embed-from",
    type=click.Choice(get_args(EmbedFrom)),
    help="Embed from the whole photo, the crop, or averaged with a mirrored view.",
)

_pairs = click.option(
    "--pairs",
    type=ANY_PATH,
    metavar="FILE",
    help="People who are said to look alike, as CSV, to measure likeness by.",
)


@click.command()
@click.argument("folder", type=ANY_PATH, help="One folder a person, with images inside.")
@click.option(
    "--out",
    type=ANY_PATH,
    required=True,
    metavar="FOLDER",
    help="Where the sample and its report are written.",
)
@click.option(
    "--test",
    type=click.IntRange(min=0),
    default=1,
    help="Images of each person that are kept for testing.",
)
@click.option("--seed", type=int, default=0, help="Chooses the test images.")
@click.option(
    "--workers", type=click.IntRange(min=0), default=0, help="Processes; 0 for one a core."
)
@click.option(
    "--min-face",
    type=click.IntRange(min=1),
    default=20,
    help="Narrower faces, in pixels, are left out.",
)
@detector
@click.option(
    "--encoder",
    default="fast",
    metavar="NAME",
    help="What embeds them: fast, or package.module:name.",
)
@click.option(
    "--rule",
    multiple=True,
    metavar="NAME",
    help="One more cleaning rule, as package.module:name. May be given several times.",
)
def prepare(  # noqa: PLR0913, PLR0917  one parameter an option
    folder: Path,
    out: Path,
    test: int,
    seed: int,
    workers: int,
    min_face: int,
    detector: str,
    encoder: str,
    rule: tuple[str, ...],
) -> None:
    """Stage 2: find, clean and embed the faces of a folder of people."""
    from starlike import prepare as stage  # noqa: PLC0415  heavy

    policy = stage.Policy(min_face=min_face)
    options = stage.Options(
        policy=policy,
        rules=rule,
        test=test,
        seed=seed,
        workers=workers,
        detector=detector,
        encoder=encoder,
    )
    with bars.progress("embedding") as progress:
        summary = stage.prepare(folder, out, options, progress=progress)
    tables.counts("images by status", summary.statuses)
    splits = summary.splits
    show.say(
        f"{summary.classes:,} people; {splits['train']:,} images to train on, "
        f"{splits['test']:,} to test on"
    )
    show.where("report", summary.report)


@click.command()
@_sample
@click.option(
    "--out",
    type=ANY_PATH,
    required=True,
    metavar="FILE",
    help="The recipe to write, with all else beside it.",
)
@click.option("--folds", type=int, default=3, help="How often everything is measured, 2 to 10.")
@click.option("--seed", type=int, help="Chooses folds, first weights and draws.")
@click.option("--quick", is_flag=True, help="A small grid, for a first look or a small sample.")
@_embed_from
@click.option(
    "--recipe",
    type=ANY_PATH,
    metavar="FILE",
    help="The recipe around which networks are varied.",
)
@click.option(
    "--method",
    multiple=True,
    metavar="NAME",
    help="A further method to compare, of an installed package or as package.module:name. "
    "May be given several times.",
)
@_pairs
def choose(  # noqa: PLR0913, PLR0917  one parameter an option
    sample: Path,
    out: Path,
    folds: int,
    seed: int | None,
    quick: bool,
    embed_from: EmbedFrom | None,
    recipe: Path | None,
    method: tuple[str, ...],
    pairs: Path | None,
) -> None:
    """Stage 3: compare methods on the training images, and write the best network's recipe."""
    from starlike import choose as stage  # noqa: PLC0415  heavy

    base = recipes.read(recipe) if recipe else Recipe()
    options = stage.Options(
        folds=folds,
        seed=seed,
        quick=quick,
        embed_from=embed_from,
        recipe=base,
        methods=method,
        pairs=pairs,
    )
    with bars.progress("choosing") as progress:
        board = stage.choose(sample, out, options, progress=progress)
    tables.leaderboard(board)
    show.where("leaderboard and plots", out.absolute().parent)
    show.where("recipe", out)


@click.command()
@_sample
@click.option(
    "--out", type=ANY_PATH, required=True, metavar="DIR", help="The model folder to write."
)
@click.option(
    "--recipe", type=ANY_PATH, metavar="FILE", help="A recipe, as JSON; options override it."
)
@click.option(
    "--classes", type=ANY_PATH, metavar="FILE", help="Only these people, one name a line."
)
@click.option(
    "--leave-out",
    type=click.IntRange(min=0),
    default=0,
    help="People kept out of the classes, to measure on.",
)
@click.option(
    "--all",
    "all_images",
    is_flag=True,
    help="Train on the test images too, to ship the model.",
)
@click.option(
    "--resume", type=ANY_PATH, metavar="DIR", help="A model folder whose training goes on."
)
@click.option(
    "--groups",
    type=ANY_PATH,
    metavar="DIR",
    help="Groups for --among: a text file of names for each.",
)
@_embed_from
@click.option("--layers", type=int, help="Hidden layers.")
@click.option("--width", type=int, help="Units of a hidden layer.")
@click.option("--dropout", type=float, help="Share that is dropped.")
@click.option("--epochs", type=int, help="Passes over the images, at most.")
@click.option("--seed", type=int, help="Chooses the first weights and draws.")
def train(  # noqa: PLR0913, PLR0917  one parameter an option
    sample: Path,
    out: Path,
    recipe: Path | None,
    classes: Path | None,
    leave_out: int,
    all_images: bool,
    resume: Path | None,
    groups: Path | None,
    embed_from: EmbedFrom | None,
    layers: int | None,
    width: int | None,
    dropout: float | None,
    epochs: int | None,
    seed: int | None,
) -> None:
    """Stage 4: train the network and write a model folder."""
    from starlike import train as stage  # noqa: PLC0415  heavy

    chosen = recipes.read(recipe) if recipe else Recipe()
    given: dict[str, Any] = {
        "embed_from": embed_from,
        "layers": layers,
        "width": width,
        "dropout": dropout,
        "epochs": epochs,
        "seed": seed,
    }
    chosen = replace(chosen, **{name: value for name, value in given.items() if value is not None})
    options = stage.Options(
        classes=read_names(classes) if classes else None,
        leave_out=leave_out,
        all_images=all_images,
        resume=resume,
        groups=groups,
    )
    with bars.progress("training") as progress:
        summary = stage.train(sample, out, chosen, options, progress=progress)
    show.say(f"{summary.classes:,} people, {summary.images:,} images, {summary.epochs} epochs")
    if summary.validation_accuracy is not None:
        show.say(
            f"validation accuracy {100 * summary.validation_accuracy:.1f} % "
            f"at epoch {summary.best_epoch}"
        )
    for group, names in summary.not_classes.items():
        show.say(f"group {group}: {len(names):,} of its names are no class")
    show.say(f"ONNX differs from Keras by at most {summary.export_difference:.1e}")
    show.where("model", out)


@click.command()
@click.argument("model", type=ANY_PATH, help="A model folder.")
@_sample
@click.option(
    "--out",
    type=ANY_PATH,
    required=True,
    metavar="FOLDER",
    help="Where figures, plots and report are written.",
)
@click.option(
    "--replicate",
    type=ANY_PATH,
    multiple=True,
    metavar="DIR",
    help="Another model of the same recipe, with other people left out, to see the spread. "
    "May be given several times.",
)
@click.option(
    "--classes", type=ANY_PATH, metavar="FILE", help="Only among these people, one a line."
)
@_pairs
@click.option(
    "--card",
    type=ANY_PATH,
    metavar="DIR",
    help="A model folder whose card is written from the figures.",
)
@click.option(
    "--choice",
    type=ANY_PATH,
    metavar="DIR",
    help="Where choose wrote, for the card to say what it rests on.",
)
@click.option(
    "--made-by",
    default="starlike train SAMPLE --out MODEL",
    metavar="COMMAND",
    help="The command that the card says made it.",
)
def evaluate(  # noqa: PLR0913, PLR0917  one parameter an option
    model: Path,
    sample: Path,
    out: Path,
    replicate: tuple[Path, ...],
    classes: Path | None,
    pairs: Path | None,
    card: Path | None,
    choice: Path | None,
    made_by: str,
) -> None:
    """Stage 5: measure a model on images and people that it never saw."""
    from starlike import evaluate as stage  # noqa: PLC0415  heavy

    names = read_names(classes) if classes else None
    with bars.progress("evaluating") as progress:
        figures = stage.evaluate(
            model,
            sample,
            out,
            replicates=replicate,
            classes=names,
            pairs=pairs,
            progress=progress,
        )
    tables.figures(figures)
    show.where("report", out / "report.html")
    if card:
        stage.write_card(card, figures, made_by, choice)
        show.where("model card", card / "README.md")
