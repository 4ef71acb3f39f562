"""A model folder: open it, verify it, rank embeddings with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from starlike import onnx_model
from starlike.errors import ModelError
from starlike.files import digest, storage
from starlike.model import ranking
from starlike.model.among import Among
from starlike.records import EmbedFrom, EncoderCard, Floats, Ranking

FORMAT_VERSION = 3
CLASSIFIER, CLASSES, KERAS, TRAINING, METRICS, CARD, SUMS = (
    "classifier.onnx",
    "classes.json",
    "model.keras",
    "training.json",
    "metrics.json",
    "README.md",
    "SHA256SUMS",
)
INPUT, PHOTOS = "embeddings", "photos"
PROBABILITIES, DISTANCES, KNOWN = "probabilities", "distances", "known_probability"

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Answers:
    """What the classifier says of N embeddings.

    Attributes:
        probabilities: (N, K) float32, each row adds up to 1.
        distances: (N, K) float32, Euclidean, from each embedding to each class's mean embedding.
        known: (N,) float32, the chance that the face is that of a class, and not of a stranger
            who merely resembles one.
    """

    probabilities: Floats
    distances: Floats
    known: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """The class dictionary, `classes.json`.

    Attributes:
        names: K names, in the order of the softmax.
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


class Classifier:
    """An opened model folder: embeddings in, answers out."""

    def __init__(self, folder: Path, classes: Classes, session: Any) -> None:
        self.folder, self.classes, self._session = folder, classes, session

    def answer(self, embeddings: Floats, photos: Counts | None = None) -> Answers:
        """Ask about embeddings.

        Args:
            embeddings: (N, D) float32.
            photos: (N,) of how many photos of a person each is the mean; by default of one.
        """
        asked = np.ascontiguousarray(embeddings, dtype=np.float32)
        asked = asked.reshape(-1, self.classes.card.dimensions)
        counts = np.ones(len(asked)) if photos is None else photos
        probabilities, distances, known = self._session.run(
            [PROBABILITIES, DISTANCES, KNOWN],
            {INPUT: asked, PHOTOS: np.asarray(counts, dtype=np.float32).reshape(-1, 1)},
        )
        return Answers(probabilities, distances, known[:, 0])

    def rank(
        self,
        embeddings: Floats,
        top: int,
        *,
        photos: Counts | None = None,
        among: Among | None = None,
    ) -> list[Ranking]:
        """Rank the classes by each embedding.

        Args:
            embeddings: (N, D) float32.
            top: how many classes are named.
            photos: (N,) of how many photos of a person each is the mean; by default of one.
            among: the classes that may be named, between which probabilities are shared out; by
                default all.

        Returns:
            N rankings, most probable first; of equally probable classes the nearest.
        """
        return self.rank_answers(self.answer(embeddings, photos), top, photos=photos, among=among)

    def rank_answers(
        self,
        answers: Answers,
        top: int,
        *,
        photos: Counts | None = None,
        among: Among | None = None,
    ) -> list[Ranking]:
        """Rank the classes by what `answer` said; see `rank`."""
        counts = np.ones(len(answers.known), dtype=np.int64) if photos is None else photos
        labels = np.arange(len(self.classes.names)) if among is None else among.labels
        names = [self.classes.names[label] for label in labels]
        rows = zip(
            answers.probabilities[:, labels],
            similarity(answers.distances[:, labels], self.classes.card),
            answers.known.tolist(),
            counts.tolist(),
            strict=True,
        )
        return [ranking.of_face(names, *row, top, self.classes.nobody_below) for row in rows]


def similarity(distances: Floats, card: EncoderCard) -> Floats:
    """Distances between embeddings as 0 to 100, falling throughout.

    50 where the line is drawn between one person and two, 90 at what is usual between two photos
    of one person: for dlib's network at 0.6 and at 0.35.

    Args:
        distances: of any shape, float32.
        card: of the network whose embeddings they lie between.
    """
    slope = float(np.log(9.0)) / (card.same_person - card.usual_same)
    return np.asarray(100.0 / (1.0 + np.exp(slope * (distances - card.same_person))))


def default_folder() -> Path:
    """The folder of the model that ships."""
    return Path(str(resources.files("starlike") / "default_model"))


def open_folder(folder: Path, *, threads: int = 1) -> Classifier:
    """Open and verify a model folder.

    Raises:
        ModelError: it is missing, damaged, incomplete, or of another format version.
    """
    verify(folder)
    classes = read_classes(folder)
    try:
        session = onnx_model.open_session(folder / CLASSIFIER, threads=threads)
    except Exception as error:  # ONNX Runtime's errors share no base that it makes public
        raise ModelError(f"{folder / CLASSIFIER}: the classifier cannot be loaded") from error
    taken = session.get_inputs()[0].shape[-1]
    if taken != classes.card.dimensions:
        raise ModelError(
            f"{folder}: the classifier takes {taken} numbers but {CLASSES} names an encoder that "
            f"gives {classes.card.dimensions}; train or copy the model again"
        )
    width = session.get_outputs()[0].shape[-1]
    if width != len(classes.names):
        raise ModelError(
            f"{folder}: the classifier has {width} classes but {CLASSES} names "
            f"{len(classes.names)}; train or copy the model again"
        )
    return Classifier(folder, classes, session)


def read_classes(folder: Path) -> Classes:
    """Read `classes.json`.

    Raises:
        ModelError: it cannot be read or is of another format version.
    """
    try:
        facts = json.loads((folder / CLASSES).read_text(encoding="utf-8"))
        version = facts["format"]
        if version != FORMAT_VERSION:
            raise ModelError(
                f"{folder}: a model of format {version}, but format {FORMAT_VERSION} is read "
                "here; train it again with this version of starlike"
            )
        if facts["embed_from"] not in get_args(EmbedFrom):
            raise ModelError(
                f"{folder}: embed_from must be one of {', '.join(get_args(EmbedFrom))}"
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
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder / CLASSES}: the class dictionary cannot be read") from error


def _groups(facts: dict[str, list[str]], classes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Groups as `classes.json` has them; ValueError where one names nobody, or nobody known."""
    known = frozenset(classes)
    groups = {str(group): tuple(names) for group, names in dict(facts).items()}
    if not all(names and known.issuperset(names) for names in groups.values()):
        raise ValueError("a group without a class")
    return groups


def seal(folder: Path) -> None:
    """Write `SHA256SUMS` over every other file of the folder, as `sha256sum` would."""
    files = sorted(file for file in folder.iterdir() if file.is_file() and not _unsealed(file.name))
    lines = [f"{digest.sha256(file.read_bytes())}  {file.name}\n" for file in files]
    storage.write_text(folder / SUMS, "".join(lines))


def _unsealed(name: str) -> bool:
    return name == SUMS or name.startswith(".")


def verify(folder: Path) -> None:
    """Check a model folder against its `SHA256SUMS`.

    Raises:
        ModelError: the folder or a file is missing, or a file is not what was sealed.
    """
    if not folder.is_dir():
        raise ModelError(f"{folder}: there is no such model folder; train one: starlike train")
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ModelError(f"{folder}: this is no model folder ({SUMS} is missing)") from None
    sums = {name: sha for sha, _, name in (line.partition("  ") for line in lines)}
    for name in (CLASSIFIER, CLASSES):
        if name not in sums:
            raise ModelError(f"{folder}: {SUMS} does not name {name}; train or copy it again")
    for name, sha in sums.items():
        try:
            data = (folder / name).read_bytes()
        except (OSError, ValueError):  # a damaged list may name what cannot be a file
            raise ModelError(f"{folder / name}: missing; train or copy the model again") from None
        if digest.sha256(data) != sha:
            raise ModelError(
                f"{folder / name}: damaged (its checksum differs); train or copy the model again"
            )
