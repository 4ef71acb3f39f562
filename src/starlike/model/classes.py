"""Whom a model can name, and how it is asked: `classes.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from starlike.errors import ModelError
from starlike.records import EmbedFrom, EncoderCard

FORMAT_VERSION = 3
"""The `format` of the file, and so of a model folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """The class dictionary.

    Attributes:
        names: K names, in the order of the scores.
        images: how many images each class was trained on.
        card: which network's embeddings this model takes.
        embed_from: where a face must be embedded to ask this model.
        trained_on: `train` where test images were kept aside, `all` where none were.
        sample: SHA-256 that identifies the sample it was trained on.
        nobody_below: a similarity; a first match below it is like few people's, and too poor to
            be called a resemblance.
        groups: names of classes by the name of a group, such as `well-known`.
    """

    names: tuple[str, ...]
    images: tuple[int, ...]
    card: EncoderCard
    embed_from: EmbedFrom
    trained_on: str
    sample: str
    nobody_below: float = 0.0
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def to_json(self) -> str:
        """The text of `classes.json`."""
        facts = {
            "format": FORMAT_VERSION,
            "encoder": self.card.to_dict(),
            "embed_from": self.embed_from,
            "trained_on": self.trained_on,
            "sample": self.sample,
            "nobody_below": self.nobody_below,
            "groups": self.groups,
            "classes": [
                {"name": name, "images": count}
                for name, count in zip(self.names, self.images, strict=True)
            ],
        }
        return json.dumps(facts, ensure_ascii=False, indent=1) + "\n"


def parse(data: bytes, file: Path) -> Classes:
    """Read a class dictionary.

    Args:
        data: what is in it.
        file: where it lies, as messages show it.

    Raises:
        ModelError: it cannot be read or is of another format version.
    """
    try:
        facts = json.loads(data)
        version = facts["format"]
        if version != FORMAT_VERSION:
            raise ModelError(
                f"{file.parent}: a model of format {version}, but format {FORMAT_VERSION} is read "
                "here; train it again with this version of starlike"
            )
        if facts["embed_from"] not in get_args(EmbedFrom):
            raise ModelError(
                f"{file.parent}: embed_from must be one of {', '.join(get_args(EmbedFrom))}"
            )
        names = tuple(str(item["name"]) for item in facts["classes"])
        return Classes(
            names=names,
            images=tuple(int(item["images"]) for item in facts["classes"]),
            card=EncoderCard.from_dict(facts["encoder"]),
            embed_from=facts["embed_from"],
            trained_on=str(facts["trained_on"]),
            sample=str(facts["sample"]),
            nobody_below=float(facts["nobody_below"]),
            groups=_groups(facts.get("groups", {}), names),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{file}: the class dictionary cannot be read") from error


def _groups(facts: dict[str, list[str]], classes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Groups as the file has them; ValueError where one names nobody, or nobody known."""
    known = frozenset(classes)
    groups = {str(group): tuple(names) for group, names in dict(facts).items()}
    if not all(names and known.issuperset(names) for names in groups.values()):
        raise ValueError("a group without a class")
    return groups
