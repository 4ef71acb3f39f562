"""`starlike prepare`, `choose`, `train` and `evaluate`: one command a stage."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from starlike.cli import show
from starlike.files import recipe as recipes
from starlike.files.recipe import Recipe
from starlike.names import read_names
from starlike.records import EmbedFrom

Sample = Annotated[Path, typer.Argument(metavar="SAMPLE", help="The folder that prepare wrote.")]


def prepare(  # noqa: PLR0913, PLR0917  one parameter an option
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="One folder a person, with images inside.")
    ],
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where the sample and its report are written.")
    ],
    test: Annotated[
        int, typer.Option(min=0, help="Images of each person that are kept for testing.")
    ] = 1,
    seed: Annotated[int, typer.Option(help="Chooses the test images.")] = 0,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0 for one a core.")] = 0,
    min_face: Annotated[
        int, typer.Option(min=1, help="Narrower faces, in pixels, are left out.")
    ] = 20,
    detector: Annotated[
        str,
        typer.Option(metavar="NAME", help="What finds faces: dlib, or package.module:name."),
    ] = "dlib",
    encoder: Annotated[
        str,
        typer.Option(metavar="NAME", help="What embeds them: fast, or package.module:name."),
    ] = "fast",
    rule: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="One more cleaning rule, as package.module:name. May be given several times.",
        ),
    ] = None,
) -> None:
    """Stage 2: find, clean and embed the faces of a folder of people."""
    from starlike import prepare as stage  # noqa: PLC0415  heavy

    policy = stage.Policy(min_face=min_face)
    options = stage.Options(
        policy=policy,
        rules=rule or (),
        test=test,
        seed=seed,
        workers=workers,
        detector=detector,
        encoder=encoder,
    )
    with show.progress("embedding") as progress:
        summary = stage.prepare(folder, out, options, progress=progress)
    show.counts("images by status", summary.statuses)
    splits = summary.splits
    show.say(
        f"{summary.classes:,} people; {splits['train']:,} images to train on, "
        f"{splits['test']:,} to test on"
    )
    show.where("report", summary.report)


def choose(  # noqa: PLR0913, PLR0917  one parameter an option
    sample: Sample,
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="The recipe to write, with all else beside it.")
    ],
    folds: Annotated[int, typer.Option(help="How often everything is measured, 2 to 10.")] = 3,
    seed: Annotated[
        int | None, typer.Option(help="Chooses folds, first weights and draws.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="A small grid, for a first look or a small sample.")
    ] = False,
    embed_from: Annotated[
        EmbedFrom | None,
        typer.Option(help="Embed from the whole photo, the crop, or averaged over augmentations."),
    ] = None,
    recipe: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The recipe around which networks are varied."),
    ] = None,
    method: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A further method to compare, of an installed package or as package.module:name. "
            "May be given several times.",
        ),
    ] = None,
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
        methods=tuple(method or ()),
    )
    with show.progress("choosing") as progress:
        board = stage.choose(sample, out, options, progress=progress)
    show.leaderboard(board)
    show.where("leaderboard and plots", out.absolute().parent)
    show.where("recipe", out)


def train(  # noqa: PLR0913, PLR0917  one parameter an option
    sample: Sample,
    out: Annotated[Path, typer.Option(metavar="DIR", help="The model folder to write.")],
    recipe: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A recipe, as JSON; options override it.")
    ] = None,
    classes: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Only these people, one name a line.")
    ] = None,
    leave_out: Annotated[
        int, typer.Option(min=0, help="People kept out of the classes, to measure on.")
    ] = 0,
    all_images: Annotated[
        bool, typer.Option("--all", help="Train on the test images too, to ship the model.")
    ] = False,
    resume: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A model folder whose training goes on.")
    ] = None,
    groups: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Groups for --among: a text file of names for each."),
    ] = None,
    embed_from: Annotated[
        EmbedFrom | None,
        typer.Option(help="Embed from the whole photo, the crop, or averaged over augmentations."),
    ] = None,
    layers: Annotated[int | None, typer.Option(help="Hidden layers.")] = None,
    width: Annotated[int | None, typer.Option(help="Units of a hidden layer.")] = None,
    dropout: Annotated[float | None, typer.Option(help="Share that is dropped.")] = None,
    epochs: Annotated[int | None, typer.Option(help="Passes over the images, at most.")] = None,
    seed: Annotated[int | None, typer.Option(help="Chooses the first weights and draws.")] = None,
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
    with show.progress("training") as progress:
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


def evaluate(  # noqa: PLR0913, PLR0917  one parameter an option
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="A model folder.")],
    sample: Sample,
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where figures, plots and report are written.")
    ],
    replicate: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="DIR",
            help="Another model of the same recipe, with other people left out, to see the "
            "spread. May be given several times.",
        ),
    ] = None,
    classes: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Only among these people, one a line.")
    ] = None,
    card: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="A model folder whose card is written from the figures."),
    ] = None,
    choice: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Where choose wrote, for the card to say what it rests on."
        ),
    ] = None,
    made_by: Annotated[
        str, typer.Option(metavar="COMMAND", help="The command that the card says made it.")
    ] = "starlike train SAMPLE --out MODEL",
) -> None:
    """Stage 5: measure a model on images and people that it never saw."""
    from starlike import evaluate as stage  # noqa: PLC0415  heavy

    names = read_names(classes) if classes else None
    with show.progress("evaluating") as progress:
        figures = stage.evaluate(
            model, sample, out, replicates=replicate or (), classes=names, progress=progress
        )
    show.figures(figures)
    show.where("report", out / "report.html")
    if card:
        stage.write_card(card, figures, made_by, choice)
        show.where("model card", card / "README.md")
