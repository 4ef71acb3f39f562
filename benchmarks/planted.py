"""How many planted wrong people the cleaning catches, and how many right images it loses.

    python benchmarks/planted.py ../shared/data/celebrities [--half choosing] [--together 20]
        [--policy '{"far": 1.0}']

Takes a folder of class folders that `prepare` has prepared, so that its cache holds what is in
them. Distances of the policy are multiples of the encoder's `same_person`.

**What is planted.** Of each class at most 40 images are drawn, as they come: all with one usable
face, each photo once, before any wrong person was taken out. Wrong images are added until they
are 5 to 40 % of the class: each of a *different* person, all of *one* other person, or all of one
*look-alike*, who is the person of the nearest class mean among those with so many images. A third
of the classes gives wrong images and takes no part in the judging, so that no wrong person has a
class that would give them away; the classes take turns at that. With a *portrait*, one image of
each class, drawn by lot among those that are kept where nothing is planted (of the trusted ones
where there are any), is marked as showing the person; it is not counted.

**What is counted.** *Caught*: planted images that were left out. *Lost*: images of the class's own
that were left out. Some of these do show others, since the data has wrong labels, so this is more
than the right images that are lost. *Lost, trusted* counts only images that another collection
vouches for: among the means of 1,326 people's images in the other collections, the nearest to the
image is its own class's. A wrong label meets that by chance once in a thousand; how near the mean
is plays no part, so that images that are hard to recognise are counted, too. It can be told where a
class has three images or more of another collection. A last line says how many of the images of
which it can be told are vouched for, of those kept and of those left out where nothing is planted.

Figures were chosen with the classes of one half, `--half choosing`; the others are reported.
`--together` judges so many classes at a time, as a small sample is, where few other people are
there to be nearer to.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np

from starlike.classifiers.nearest_mean import NearestMean
from starlike.draws import order_key
from starlike.embeddings import class_means
from starlike.faces import DEFAULT_DETECTOR
from starlike.files import digest
from starlike.files.sample import KEPT
from starlike.prepare import Policy, work
from starlike.prepare import cache as caching
from starlike.prepare.analysis import Analysis
from starlike.prepare.clean import Verdict, clean
from starlike.prepare.images import Candidate
from starlike.prepare.listing import listing
from starlike.prepare.policy import PolicyInSpace
from starlike.prepare.rules.people import WRONG_PERSON
from starlike.prepare.task import detector_of, encoder_of
from starlike.processes import LocalExecutor
from starlike.progress import silent

RATES = (0.05, 0.1, 0.2, 0.3, 0.4)
KINDS = ("different", "one", "look-alike")
HALVES = ("choosing", "reported")
MOST, FEWEST, MANY = 40, 4, 10
TURNS = 3
VOUCHING = 3


@dataclass(frozen=True, slots=True)
class Image:
    """An image with one face to judge.

    Attributes:
        kept: whether it was kept where nothing is planted.
        told: whether another collection can tell that it shows the person ...
        trusted: ... and does.
    """

    name: str
    path: str
    source: str
    analysis: Analysis
    kept: bool
    told: bool = False
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """What is planted, and how it is judged."""

    kind: str
    rate: float
    portrait: bool
    together: int
    policy: PolicyInSpace


@dataclass(slots=True)
class Tally:
    """Images counted, and those of them that were left out."""

    images: int = 0
    left_out: int = 0

    def add(self, *, left_out: bool) -> None:
        """Count an image."""
        self.images += 1
        self.left_out += left_out

    def __str__(self) -> str:
        return f"{100 * self.left_out / self.images:.1f} %" if self.images else "–"


Tallies = dict[tuple[bool, str], Tally]
"""By whether a class has many images, and by what they are: planted, own, trusted."""


def usable(folder: Path, policy: PolicyInSpace) -> list[Image]:
    """The images of a folder that have a face to judge, each photo once."""
    listed = listing(folder)
    files = [item.file for item in listed]
    cache_file = digest.cache_folder() / "analyses.sqlite"
    with caching.opened(
        cache_file, encoder_of("fast").card, detector_of(DEFAULT_DETECTOR).name
    ) as cache:
        contents = work.analyse_all(
            files,
            cache,
            LocalExecutor(),
            detector=DEFAULT_DETECTOR,
            encoder="fast",
            progress=silent,
        )
        analyses = contents.analyses(files, cache)
    candidates = [
        Candidate(
            name=item.name,
            image=item.image,
            content=contents.of_files.get(item.file, ""),
            analysis=analysis,
            source=item.source,
        )
        for item, analysis in zip(listed, analyses, strict=True)
    ]
    verdicts = judged(candidates, policy)
    return [
        Image(item.name, item.image, item.source, _of_face(analysis, verdict.face or 0), kept)
        for item, analysis, verdict in zip(listed, analyses, verdicts, strict=True)
        if (kept := verdict.status == KEPT) or verdict.status == WRONG_PERSON.code
    ]


def judged(candidates: Sequence[Candidate], policy: PolicyInSpace) -> list[Verdict]:
    """What becomes of images that come class by class."""
    groups = groupby(candidates, key=lambda candidate: candidate.name)
    return clean((list(own) for _, own in groups), policy)


def _of_face(analysis: Analysis, face: int) -> Analysis:
    """The analysis as if the photo showed that face alone."""
    one = slice(face, face + 1)
    return replace(
        analysis,
        found=1,
        faces=analysis.faces[one],
        sharpness=analysis.sharpness[one],
        hashes=analysis.hashes[one],
        embeddings=analysis.embeddings[one],
        crop_embeddings=analysis.crop_embeddings[one],
    )


def trusting(images: Sequence[Image]) -> list[Image]:
    """The same images, with those marked that another collection vouches for."""
    names, labels = np.unique([image.name for image in images], return_inverse=True)
    vectors = np.stack([image.analysis.embeddings[0, 0] for image in images])
    sources = np.array([image.source for image in images])
    told, trusted = np.zeros((2, len(images)), dtype=np.bool_)
    for source in np.unique(sources):
        others, own = sources != source, np.flatnonzero(sources == source)
        nearest = NearestMean(*class_means(vectors[others], labels[others], len(names)))
        told[own] = nearest.images[labels[own]] >= VOUCHING
        trusted[own] = told[own] & (nearest.scores(vectors[own]).argmax(axis=1) == labels[own])
    return [
        replace(image, told=bool(could), trusted=bool(does))
        for image, could, does in zip(images, told, trusted, strict=True)
    ]


def classes_of(images: Sequence[Image], half: str) -> dict[str, list[Image]]:
    """The classes of a half, each with the images that are drawn of it."""
    members: dict[str, list[Image]] = defaultdict(list)
    for image in images:
        if order_key(0, "half", image.name)[0] % 2 == HALVES.index(half):
            members[image.name].append(image)
    return {
        name: sorted(own, key=lambda image: order_key(0, "drawn", image.path))[:MOST]
        for name, own in members.items()
    }


class Planting:
    """The classes of one turn: those that give wrong images and those that take them."""

    def __init__(self, classes: dict[str, list[Image]], turn: int) -> None:
        gives = {name: order_key(0, "turn", name)[0] % TURNS == turn for name in classes}
        self.takers = {n: own for n, own in classes.items() if not gives[n]}
        self.givers = {n: own for n, own in classes.items() if gives[n]}
        self.names = sorted(self.givers)
        means = {
            n: np.mean([i.analysis.embeddings[0, 0] for i in o], 0) for n, o in classes.items()
        }
        self.apart = {
            n: {g: float(np.linalg.norm(means[n] - means[g])) for g in self.names}
            for n in self.takers
        }

    def wrong(self, name: str, kind: str, count: int) -> list[Image]:
        """Images of others for a class; fewer where nobody has so many."""
        order = sorted(self.names, key=lambda giver: order_key(0, name, giver))
        if kind == "different":
            return [
                min(self.givers[g], key=lambda i: order_key(0, name, i.path)) for g in order[:count]
            ]
        fullest = max(len(own) for own in self.givers.values())
        enough = [g for g in order if len(self.givers[g]) >= min(count, fullest)]
        giver = enough[0]
        if kind == "look-alike":
            giver = min(enough, key=self.apart[name].__getitem__)
        return self.givers[giver][:count]


def judge(planting: Planting, setting: Setting, tallies: Tallies) -> None:
    """Plant, clean and count."""
    names = sorted(planting.takers)
    together = setting.together or len(names)
    for start in range(0, len(names), together):
        album = [
            entry
            for name in names[start : start + together]
            for entry in _planted(planting, name, setting)
        ]
        # Near duplicates are out already, and one wrong image may be planted in many classes.
        policy = replace(setting.policy, same_face=0, same_photo=0)
        candidates = [
            Candidate(
                name=owner,
                image=str(number),
                content=str(number),
                analysis=image.analysis,
                source=image.source,
                portrait=portrait,
            )
            for number, (owner, image, portrait) in enumerate(album)
        ]
        verdicts = judged(candidates, policy)
        for (owner, image, portrait), verdict in zip(album, verdicts, strict=True):
            own = len(planting.takers[owner])
            if own < FEWEST or portrait:
                continue
            left_out = verdict.status != KEPT
            tallies[own >= MANY, "own" if owner == image.name else "planted"].add(left_out=left_out)
            if owner == image.name and image.trusted:
                tallies[own >= MANY, "trusted"].add(left_out=left_out)


def _planted(planting: Planting, name: str, setting: Setting) -> Iterator[tuple[str, Image, bool]]:
    """The class, an image, and whether it is the portrait."""
    own = planting.takers[name]
    kept = [image for image in own if image.kept]
    surest = [image for image in kept if image.trusted] or kept
    portrait = min(surest, key=lambda i: order_key(0, "portrait", i.path), default=None)
    for image in own:
        yield name, image, setting.portrait and image is portrait
    if setting.rate and len(own) >= FEWEST:
        count = max(1, round(len(own) * setting.rate / (1 - setting.rate)))
        for image in planting.wrong(name, setting.kind, count):
            yield name, image, False


def vouched(classes: dict[str, list[Image]], *, kept: bool) -> str:
    """How many are vouched for of those images of large classes of which it can be told."""
    told = [
        image
        for own in classes.values()
        if len(own) >= MANY
        for image in own
        if image.told and image.kept == kept
    ]
    return f"{sum(image.trusted for image in told)} of {len(told)}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=HALVES, default="reported")
    parser.add_argument("--rates", type=float, nargs="+", default=RATES)
    parser.add_argument("--together", type=int, default=0)
    parser.add_argument("--policy", type=json.loads, default={})
    asked = parser.parse_args()
    policy = Policy(**asked.policy).in_space(encoder_of("fast").card)
    classes = classes_of(trusting(usable(asked.folder, policy)), asked.half)
    turns = [Planting(classes, turn) for turn in range(TURNS)]
    print("| wrong people | share | portrait | caught | lost | lost, trusted |", end="")
    print(" caught, 4 to 9 | lost, 4 to 9 |\n|---|---:|---|---:|---:|---:|---:|---:|")
    plans = [("none", 0.0), *((kind, rate) for kind in KINDS for rate in asked.rates)]
    for portrait in (False, True):
        for kind, rate in plans:
            tallies: Tallies = defaultdict(Tally)
            for planting in turns:
                setting = Setting(kind, rate, portrait, asked.together, policy)
                judge(planting, setting, tallies)
            keys = [(True, "planted"), (True, "own"), (True, "trusted")]
            cells = [str(tallies[key]) for key in [*keys, (False, "planted"), (False, "own")]]
            shown = "yes" if portrait else "no"
            print(f"| {kind} | {rate:.0%} | {shown} | {' | '.join(cells)} |", flush=True)

    for said, kept in (("kept", True), ("left out", False)):
        print(f"vouched for where nothing is planted, {said}: {vouched(classes, kept=kept)}")


if __name__ == "__main__":
    main()
