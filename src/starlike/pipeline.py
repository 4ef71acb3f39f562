"""The answering road in one place: photo → faces → embeddings → ranked classes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from starlike import photo
from starlike.embeddings import distances
from starlike.errors import ModelError, NoFaceError, PluginError
from starlike.faces import (
    DEFAULT_DETECTOR,
    Detector,
    Encoder,
    make_detector,
    make_encoder,
)
from starlike.model import among, comparing, ranking, store
from starlike.model.among import Among
from starlike.model.classes import Classes
from starlike.model.scorer import Scorer
from starlike.photo import DEFAULT_LIMITS, Limits, Source
from starlike.records import (
    Box,
    Comparison,
    Embedding,
    Face,
    FaceMatches,
    Floats,
    Photo,
    Ranking,
)

AskedAmong = Among | Sequence[str] | None
"""Whom an answer may name: what `Model.among` gave, or what it takes; None for everybody."""


class Model:
    """A trained model with its pipeline. Make one with `load_model`; one a thread."""

    def __init__(
        self, scorer: Scorer, detector: Detector, encoder: Encoder, limits: Limits
    ) -> None:
        self._scorer, self._limits = scorer, limits
        self._detector, self._encoder = detector, encoder

    @property
    def classes(self) -> Classes:
        """The class dictionary: the names this model knows, and how it was trained."""
        return self._scorer.classes

    def open(self, source: Source, *, name: str | None = None) -> Photo:
        """Open a photo within the limits of this model, to ask about it more than once.

        Raises:
            PhotoError: it cannot be opened; see `starlike.photo.open`.
        """
        return photo.open(source, name=name, limits=self._limits)

    def embed(self, source: Source | Photo, *, name: str | None = None) -> list[Embedding]:
        """Find and embed the faces in a photo.

        Args:
            source: a path, bytes, binary stream, Pillow image or array of pixels; or a photo that
                was opened before.
            name: what the photo is called in errors; by default its path.

        Returns:
            One embedding a face, largest face first, embedded where this model wants it.

        Raises:
            NoFaceError: there is no face in the photo.
            PhotoError: the photo cannot be opened; see `starlike.photo.open`.
        """
        opened = source if isinstance(source, Photo) else self.open(source, name=name)
        faces = self._detector.detect(opened)
        if not faces:
            raise NoFaceError(
                f"{opened.name}: no face was found; try a photo with the face seen from the front"
            )
        return self._encoder.embed(opened, faces, self.classes.embed_from)

    def warm_up(self) -> None:
        """Ask every part of the pipeline once, so that the first photo is answered at once."""
        blank = Photo(np.full((96, 96, 3), 128, dtype=np.uint8), "blank")
        self._detector.detect(blank)
        face = Face(box=Box(16, 80, 80, 16), detector="blank")
        self.rank_faces(self._encoder.embed(blank, [face], self.classes.embed_from))

    def among(self, asked: Sequence[str]) -> Among:
        """Whom answers may name; to be found once and given to many answers.

        Args:
            asked: groups of this model, and names of people it knows, in upper or lower case. Who
                is in any of the groups or has any of the names may be named.

        Raises:
            NamesError: nothing is asked for, or what is neither a group nor anybody known.
        """
        return among.among(asked, self.classes.names, self.classes.groups)

    def match(
        self,
        source: Source | Photo,
        *,
        top: int = 5,
        name: str | None = None,
        among: AskedAmong = None,
    ) -> list[FaceMatches]:
        """The celebrities that each face in a photo resembles.

        Args:
            source: as for `embed`.
            top: how many matches a face, at least 1.
            name: what the photo is called in errors; by default its path.
            among: whom the answer may name, by default everybody: what `among` gave or takes.

        Returns:
            One record a face, largest face first.

        Raises:
            ValueError: `top` is below 1.
            NamesError: as for `among`.
            PhotoError: as for `embed`.
        """
        _check_top(top)
        chosen = self._chosen(among)
        return self.rank_faces(self.embed(source, name=name), top=top, among=chosen)

    def rank_faces(
        self, embeddings: Sequence[Embedding], *, top: int = 5, among: AskedAmong = None
    ) -> list[FaceMatches]:
        """Rank embeddings that `embed` gave, each by itself, in the same order.

        Raises:
            ValueError: `top` is below 1.
            NamesError: as for `among`.
        """
        _check_top(top)
        chosen = self._chosen(among)
        if not embeddings:
            return []
        vectors = np.stack([item.vector for item in embeddings])
        ranked = ranking.rank(self._scorer, vectors, top, among=chosen)
        return [
            FaceMatches(
                matches=one.matches,
                known_probability=one.known_probability,
                verdict=one.verdict,
                photos=one.photos,
                box=found.face.box,
            )
            for found, one in zip(embeddings, ranked, strict=True)
        ]

    def rank_together(
        self, embeddings: Sequence[Embedding], *, top: int = 5, among: AskedAmong = None
    ) -> Ranking:
        """One answer for embeddings of one person in several photos; see `combine`.

        Raises:
            ValueError: there is no embedding, or `top` is below 1.
            NamesError: as for `among`.
        """
        _check_top(top)
        if not embeddings:
            raise ValueError("rank_together needs at least one embedding")
        vector, photos = combine(
            np.stack([item.vector for item in embeddings]), self.classes.card.same_person
        )
        ranked = ranking.rank(
            self._scorer,
            vector[None],
            top,
            photos=np.array([photos]),
            among=self._chosen(among),
        )
        return ranked[0]

    def compare(self, sources: Sequence[Source | Photo], *, child: bool = False) -> Comparison:
        """How alike the people in two photos or more are, by the largest face of each.

        Args:
            sources: as for `embed`, each.
            child: whether to tell whom of the others the first resembles; then three or more.

        Raises:
            TooFewPhotosError: there are fewer.
            PhotoError: as for `embed`, of the first photo that cannot be used.
        """
        comparing.check(len(sources), child=child)
        found = []
        for source in sources:
            opened = source if isinstance(source, Photo) else self.open(source)
            found.append((opened.name, self.embed(opened)))
        return self.compare_faces(found, child=child)

    def compare_faces(
        self, photos: Sequence[comparing.Photo], *, child: bool = False
    ) -> Comparison:
        """The same for photos whose faces `embed` gave, each by its name.

        Raises:
            TooFewPhotosError: there are fewer.
        """
        return comparing.compare(photos, self.classes.card, child=child)

    def _chosen(self, among: AskedAmong) -> Among | None:
        return among if among is None or isinstance(among, Among) else self.among(among)


def combine(vectors: Floats, limit: float) -> tuple[Floats, int]:
    """One embedding for several photos of one person: the mean of those that agree.

    A photo of somebody else among them would pull the mean away. So only photos count whose
    embeddings lie within `limit` of the middle one, which is the one that most others are near to;
    unless these are half of the photos or fewer, where nothing tells which are right.

    Args:
        vectors: (P, D) float32, one a photo; P at least 1.
        limit: a distance between embeddings: that of the encoder's card between one person and
            two.

    Returns:
        (D,) float32, and of how many photos it is the mean.

    What else was measured is in `docs/together.md`.
    """
    apart = distances(vectors, vectors)
    near = apart <= limit
    # Of equally many neighbours, nearer ones decide, so that the order of photos does not.
    middle = np.lexsort((apart.sum(axis=1), -near.sum(axis=1)))[0]
    agreeing = near[middle]
    if 2 * agreeing.sum() <= len(vectors):
        agreeing = np.ones(len(vectors), dtype=bool)
    return vectors[agreeing].mean(axis=0), int(agreeing.sum())


def _check_top(top: int) -> None:
    if top < 1:
        raise ValueError("top must be at least 1")


def load_model(
    folder: str | Path | None = None,
    *,
    scorer: Scorer | None = None,
    detector: str | Detector = DEFAULT_DETECTOR,
    encoder: str | Encoder = "fast",
    threads: int = 1,
    limits: Limits = DEFAULT_LIMITS,
) -> Model:
    """Open a model with its pipeline.

    Args:
        folder: a model folder; by default the model that ships.
        scorer: who answers instead of a model folder.
        detector: a name or place, as `starlike.faces.make_detector` takes it, or an object.
        encoder: the same for `starlike.faces.make_encoder`: `fast`, or `reference` for
            `face_recognition` itself. It must run the network that the model, or the scorer,
            was made with.
        threads: threads that a single answer may use.
        limits: photos beyond these are refused.

    Raises:
        ModelError: the folder is missing, damaged or of another format version, or made with
            another network than the encoder's.
        PluginError: there is no such detector or encoder, or what should answer is no scorer.
        EncoderError, WeightsError: the encoder or the detector cannot be used here.
        ValueError: both a folder and a scorer were given.
    """
    if scorer is None:
        folder = store.default_folder() if folder is None else Path(folder)
        scorer = store.open_folder(folder, threads=threads)
    elif folder is not None:
        raise ValueError("a model is opened from a folder or made of a scorer, not both")
    if not isinstance(scorer, Scorer):
        raise PluginError(
            f"a {type(scorer).__name__} cannot answer; see starlike.model.scorer.Scorer, and for a "
            "method that scores every class starlike.classifiers.from_scores.FromScores"
        )
    embedding = make_encoder(encoder, threads=threads)
    expected = scorer.classes.card
    if not expected.fits(embedding.card):
        raise ModelError(
            f"{folder or type(scorer).__name__}: this model takes embeddings of {expected}, and "
            f"this encoder gives those of {embedding.card}; open it with the encoder that it was "
            "trained with"
        )
    return Model(scorer, make_detector(detector, threads=threads), embedding, limits)
