"""What `choose` ends in and `train` takes: every figure that decides what network comes out."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from math import inf
from pathlib import Path
from typing import Any, Literal, get_args

from starlike.errors import TrainError
from starlike.files import storage
from starlike.records import EmbedFrom, EncoderCard

_SEEDS = 2**31


Start = Literal["random", "class means"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train a network.

    Attributes:
        embed_from: which embedding it is trained on, and asked with.
        layers: hidden layers, each Dense, Batch Normalization, ELU and Dropout.
        width: units of a hidden layer.
        dropout: share of units that are dropped in training.
        start: `random`, or `class means`: hidden layers at random, and a last layer that answers
            with the nearest class mean.
        learning_rate: of Adam at the start; it falls along a cosine.
        batch: images a step.
        epochs: at most so many passes over the images.
        patience: epochs without a better validation loss after which training stops.
        validation: share of the training images that early stopping looks at.
        refit: whether, once early stopping has told the number of epochs, the network is trained
            anew for as long on all training images.
        augment: probability that an image is replaced by a changed view of it, or, where embeddings
            are averaged over augmentations, by an average over some drawn anew.
        borrow: probability that an image is replaced by the mean of its class, moved as another
            class's image lies from its own mean. Source: Yin et al., "Feature Transfer Learning
            for Face Recognition with Under-Represented Data", CVPR 2019.
        mix: probability that an image is replaced by a point between two people, whose label is
            resemblance alone: so the network is taught about faces of nobody it knows, too.
            Source: Zhang et al., "mixup: Beyond Empirical Risk Minimization", ICLR 2018.
        noise: standard deviation of noise added to an embedding's numbers.
        balance: how far rare classes are lifted: an image weighs as its class's number of images
            to the power of minus this, 0 to 1.
        resemblance: share of each label that is spread over the classes by how near their means
            are to the embedding, as `exp(-focus * distance²)`. It teaches who looks like whom, and
            keeps a network that has seen few images of a person from inventing it.
        focus: how fast resemblance falls with distance, where 1 is the distance that the card of
            the encoder draws the line at: of two classes, one whose squared distance is larger by
            `1 / focus` has e times less of it. See `focus_in`.
        max_false_agreement: how often photos of two different unknown people may get the same
            first star, 0 to 1. Two photos of one unknown person agree more often, the higher it
            is; 0 leaves unknown people to the network. See `classifiers.likeness`.
        seed: chooses the first weights and every draw.
    """

    embed_from: EmbedFrom = "augmented"
    layers: int = 1
    width: int = 512
    dropout: float = 0.3
    start: Start = "class means"
    learning_rate: float = 0.0005
    batch: int = 256
    epochs: int = 16
    patience: int = 5
    validation: float = 0.05
    refit: bool = True
    augment: float = 0.5
    borrow: float = 0.5
    mix: float = 0.2
    noise: float = 0.01
    balance: float = 0.5
    resemblance: float = 0.7
    focus: float = 10.8
    max_false_agreement: float = 0.005
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse figures that no network can be trained with."""
        shares = ("dropout", "validation", "augment", "borrow", "mix", "balance", "resemblance")
        for name in (*shares, "max_false_agreement"):
            below_one = name in ("dropout", "validation")
            value = getattr(self, name)
            if not 0 <= value <= 1 or (below_one and value == 1):
                raise TrainError(f"{name} must be from 0 to 1, not {value}")
        for name in ("width", "batch", "epochs", "patience"):
            if getattr(self, name) < 1:
                raise TrainError(f"{name} must be at least 1, not {getattr(self, name)}")
        if self.layers < 0 or not 0 <= self.noise < inf or not 0 <= self.focus < inf:
            raise TrainError("layers, noise and focus must not be negative")
        if not 0 < self.learning_rate < inf:
            raise TrainError(f"learning_rate must be above 0, not {self.learning_rate}")
        if not 0 <= self.seed < _SEEDS:
            raise TrainError(f"seed must be from 0 to {_SEEDS - 1}, not {self.seed}")
        if self.embed_from not in get_args(EmbedFrom):
            raise TrainError(
                f"embed_from must be one of {', '.join(get_args(EmbedFrom))}, not {self.embed_from}"
            )
        if self.start not in get_args(Start):
            raise TrainError(f"start must be random or class means, not {self.start}")

    def focus_in(self, card: EncoderCard) -> float:
        """The focus as an inverse squared distance between embeddings of an encoder."""
        return self.focus / card.same_person**2

    def to_dict(self) -> dict[str, Any]:
        """The figures by name."""
        return asdict(self)

    def write(self, file: Path) -> None:
        """Write the recipe as JSON."""
        storage.write_text(file, json.dumps(self.to_dict(), indent=1) + "\n")


def read(file: Path) -> Recipe:
    """Read a recipe; what it does not name has its default.

    Raises:
        TrainError: it cannot be read, or names or holds something unknown.
    """
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrainError(f"{file}: the recipe cannot be read; it must be a JSON object") from error
    kinds = {item.name: type(item.default) for item in fields(Recipe)}
    if not isinstance(values, dict) or (unknown := sorted(set(values) - set(kinds))):
        wrong = f"unknown: {', '.join(unknown)}" if isinstance(values, dict) else "no JSON object"
        raise TrainError(f"{file}: this is no recipe ({wrong}); known are {', '.join(kinds)}")
    for name, value in values.items():
        if kinds[name] is float and type(value) is int:
            values[name] = float(value)
        elif type(value) is not kinds[name]:
            raise TrainError(f"{file}: {name} must be a {kinds[name].__name__}, not {value!r}")
    return Recipe(**values)
