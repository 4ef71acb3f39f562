"""What is compared: networks by depth, width and dropout, classic methods, and any from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from inspect import getdoc
from typing import Any

from starlike.classifiers import methods
from starlike.errors import TrainError
from starlike.files.recipe import Recipe
from starlike.names import listed

CLASS_MEAN = "nearest class mean"

_DEPTHS, _WIDTHS, _DROPOUTS = range(7), (128, 256, 1024), (0.1, 0.5)
_QUICK_DEPTHS = range(3)
_PLAIN_DEPTHS = range(1, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One way of answering that is measured.

    Attributes:
        name: what it is called; no two candidates share one.
        kind: which method; a name or place that `classifiers.methods.SCORERS` opens.
        about: a line for people.
        recipe: of a network; None for the others.
        figures: what the other methods can be set to.
    """

    name: str
    kind: str
    about: str
    recipe: Recipe | None = None
    figures: Mapping[str, float] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, Any]:
        """All that decides what comes out, but the images and the seed of the folds."""
        return self.recipe.to_dict() if self.recipe else dict(self.figures)


def _classic(name: str, kind: str, about: str, **figures: float) -> Candidate:
    return Candidate(name=name, kind=kind, about=about, figures=figures)


CLASSIC: tuple[Candidate, ...] = (
    _classic(CLASS_MEAN, methods.CLASS_MEAN, "The class whose mean embedding is nearest."),
    _classic("nearest image", "nearest images", "The class of the nearest image.", k=1),
    _classic(
        "5 nearest images",
        "nearest images",
        "Votes of the five nearest images, the nearer the heavier.",
        k=5,
    ),
    _classic(
        "logistic regression",
        "logistic regression",
        "One linear layer with softmax; every class weighs the same.",
        C=10.0,
        iterations=200,
    ),
    _classic(
        "linear SVM",
        "linear SVM",
        "One class against all others, on at most ten images a class.",
        C=0.1,
        images=10,
        iterations=200,
    ),
    _classic(
        "LDA", "LDA", "Normal distributions with one covariance for all classes.", shrinkage=0.1
    ),
    _classic(
        "LDA, cosine to class mean",
        "LDA, cosine",
        "The class whose mean lies in the nearest direction, after LDA.",
        shrinkage=0.1,
    ),
    *(
        _classic(
            f"PLDA, {dimensions} dimensions",
            "PLDA",
            "Class means along the axes of LDA, shrunk by how many images they rest on.",
            shrinkage=0.1,
            dimensions=dimensions,
        )
        for dimensions in (50, 80)
    ),
)

_QUICK_CLASSIC = (CLASS_MEAN, "5 nearest images", "LDA")


def candidates(base: Recipe, *, quick: bool = False) -> tuple[Candidate, ...]:
    """The grid, fast methods first.

    Args:
        base: its depth, width and dropout are the middle of the grid of networks, and the rest of
            it holds for all of them; only its embedding, seed and refitting for plain ones.
        quick: networks of 0 to 2 hidden layers and three classic methods alone.
    """
    if quick:
        classic = [candidate for candidate in CLASSIC if candidate.name in _QUICK_CLASSIC]
        return (*classic, *_networks(depths(base, _QUICK_DEPTHS)))
    recipes = depths(base, _DEPTHS)
    if base.layers:
        recipes += [replace(base, width=width) for width in _WIDTHS]
        recipes += [replace(base, dropout=dropout) for dropout in _DROPOUTS]
    recipes = list(dict.fromkeys(recipes))
    plain_ones = [replace(plain(base), layers=layers) for layers in _PLAIN_DEPTHS]
    return (*CLASSIC, *_networks(recipes), *_networks(plain_ones, "plain network"))


def outside(names: Sequence[str]) -> tuple[Candidate, ...]:
    """Further methods, each with its own settings.

    Args:
        names: of installed methods, or their places; see `classifiers.methods.SCORERS`.

    Raises:
        PluginError: there is no such method.
        TrainError: a method is one of those that come with the program.
    """
    if inside := [name for name in names if name in methods.SCORERS.inside]:
        raise TrainError(
            f"{listed(inside)}: this comes with starlike and is compared anyway; name a method of "
            "another package, or where it is: package.module:name"
        )
    return tuple(
        Candidate(name=name, kind=name, about=_about(methods.open_method(name)))
        for name in dict.fromkeys(names)
    )


def _about(fit: methods.Fit) -> str:
    """A line for people: the first of what fits says of itself."""
    first = (getdoc(fit) or "").partition("\n")[0].strip()
    return first or "A method from outside."


def depths(base: Recipe, layers: Sequence[int]) -> list[Recipe]:
    """The base recipe at its own depth and at others, shallow first."""
    return [replace(base, layers=number) for number in sorted({*layers, base.layers})]


def plain(base: Recipe) -> Recipe:
    """A recipe that trains a network as the seed recipe does: on images and labels as they are."""
    return replace(
        base,
        width=512,
        dropout=0.5,
        start="random",
        learning_rate=0.002,
        batch=128,
        epochs=100,
        patience=15,
        validation=0.1,
        augment=0.0,
        borrow=0.0,
        mix=0.0,
        noise=0.0,
        balance=0.0,
        resemblance=0.0,
        max_false_agreement=0.0,
    )


def _networks(recipes: Sequence[Recipe], what: str = "network") -> list[Candidate]:
    return [
        Candidate(
            name=f"{what}, {_built(recipe)}",
            kind=methods.NETWORK,
            about=_trained(recipe),
            recipe=recipe,
        )
        for recipe in recipes
    ]


def _built(recipe: Recipe) -> str:
    if not recipe.layers:
        return "no hidden layer"
    return f"{recipe.layers} × {recipe.width}, dropout {recipe.dropout:g}"


def _trained(recipe: Recipe) -> str:
    layers = "1 hidden layer" if recipe.layers == 1 else f"{recipe.layers} hidden layers"
    if recipe.start == "random":
        return f"{layers}; starts at random, at most {recipe.epochs} epochs."
    return f"{layers}; starts at the class means, at most {recipe.epochs} epochs."
