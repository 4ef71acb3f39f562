"""The stage from end to end: list, analyse, clean, split, write, report."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby
from pathlib import Path

from starlike.errors import SampleError
from starlike.faces import DEFAULT_DETECTOR
from starlike.files import digest, sample_writer, storage
from starlike.files.sample import KEPT, Split
from starlike.files.sample_writer import MeantFace, Row
from starlike.prepare import cache as caching
from starlike.prepare import report, work
from starlike.prepare.analysis import Analysis
from starlike.prepare.cache import Cache
from starlike.prepare.clean import Verdict, clean
from starlike.prepare.images import Candidate
from starlike.prepare.listing import Listed, listing
from starlike.prepare.policy import Policy
from starlike.prepare.report import Judged
from starlike.prepare.rules import Rule, with_more
from starlike.prepare.split import split
from starlike.prepare.task import MakesDetector, MakesEncoder, detector_of, encoder_of
from starlike.prepare.work import Contents
from starlike.processes import Executor, LocalExecutor
from starlike.progress import Progress, silent
from starlike.records import EncoderCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to prepare.

    Attributes:
        policy: the figures that images are judged by.
        rules: cleaning rules beside those that come with the program, or their names or places.
        test: images of a class to test on.
        seed: chooses them.
        workers: processes of this machine; 0 for one a core.
        executor: where images are analysed, if not there.
        detector: the name of what finds faces, or what makes one in each process that works.
        encoder: the same of what embeds them.
    """

    policy: Policy = field(default_factory=Policy)
    rules: Sequence[str | Rule] = ()
    test: int = 1
    seed: int = 0
    workers: int = 0
    executor: Executor | None = None
    detector: MakesDetector = DEFAULT_DETECTOR
    encoder: MakesEncoder = "fast"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was done: images by status, kept images by split, and classes with a kept image."""

    statuses: Counter[str]
    splits: Counter[str]
    classes: int
    report: Path


def prepare(
    folder: Path,
    out: Path,
    options: Options | None = None,
    *,
    progress: Progress = silent,
) -> Summary:
    """Prepare a folder of class folders: write `sample.parquet` and `report.html` into `out`.

    What was found in the images goes through memory class by class.

    Args:
        folder: one folder a person, with images inside.
        out: where to write; made where it is missing.
        options: how.
        progress: told how many images are done.

    Raises:
        SampleError: the folder holds no images, the result cannot be written, or worker processes
            died again and again.
        PluginError: a detector, encoder or rule is not there, or does not fit.
        WeightsError: the weights of detector or encoder are missing or damaged.
    """
    options = options or Options()
    rules = with_more(options.rules)
    listed = listing(folder)
    with storage.telling(SampleError, out):
        storage.check_folder(out)
    detector, card = detector_of(options.detector).name, encoder_of(options.encoder).card
    with caching.opened(digest.cache_folder() / "analyses.sqlite", card, detector) as cache:
        contents = work.analyse_all(
            [item.file for item in listed],
            cache,
            options.executor or LocalExecutor(options.workers),
            detector=options.detector,
            encoder=options.encoder,
            progress=progress,
        )
        classes = _Classes(listed, contents, cache)
        policy = options.policy.in_space(card)
        verdicts = clean(classes.candidates(), policy, rules)
        splits = _splits(listed, contents, verdicts, options)
        with storage.telling(SampleError, out):
            judged = _write(out, classes, verdicts, splits, _about(options, card, detector))
    with storage.telling(SampleError, out):
        page = report.write(out, judged, policy, rules)
    return Summary(
        statuses=Counter(verdict.status for verdict in verdicts),
        splits=Counter(chosen for chosen in splits if chosen),
        classes=len({item.name for item in judged if item.status == KEPT}),
        report=page,
    )


class _Classes:
    """The images of each class with what was found in them, read from the cache as needed."""

    def __init__(self, listed: Sequence[Listed], contents: Contents, cache: Cache) -> None:
        self._listed, self._contents, self._cache = listed, contents, cache

    def __iter__(self) -> Iterator[list[tuple[Listed, str, Analysis]]]:
        """Of each image what is listed, its SHA-256 or nothing, and its analysis."""
        for _, images in groupby(self._listed, key=lambda item: item.name):
            own = list(images)
            analyses = self._contents.analyses([item.file for item in own], self._cache)
            yield [
                (item, self._contents.of_files.get(item.file, ""), analysis)
                for item, analysis in zip(own, analyses, strict=True)
            ]

    def candidates(self) -> Iterator[list[Candidate]]:
        """The same as what there is to judge."""
        for own in self:
            yield [
                Candidate(
                    name=item.name,
                    image=item.image,
                    content=content,
                    analysis=analysis,
                    source=item.source,
                    portrait=item.portrait,
                )
                for item, content, analysis in own
            ]


def _splits(
    listed: Sequence[Listed], contents: Contents, verdicts: Sequence[Verdict], options: Options
) -> list[Split | None]:
    """The split of each image; None of those that were left out."""
    kept = [n for n, verdict in enumerate(verdicts) if verdict.status == KEPT]
    chosen = split(
        [listed[n].name for n in kept],
        [contents.of_files[listed[n].file] for n in kept],
        test=options.test,
        seed=options.seed,
    )
    splits: list[Split | None] = [None] * len(listed)
    for n, own in zip(kept, chosen, strict=True):
        splits[n] = own
    return splits


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What stands in the sample beside its rows."""

    card: EncoderCard
    detector: str
    facts: dict[str, str]


def _about(options: Options, card: EncoderCard, detector: str) -> _About:
    facts = {"policy": json.dumps(asdict(options.policy)), "seed": str(options.seed)}
    return _About(card=card, detector=detector, facts=facts)


def _write(
    out: Path,
    classes: _Classes,
    verdicts: Sequence[Verdict],
    splits: Sequence[Split | None],
    about: _About,
) -> list[Judged]:
    """Write the sample, and tell what the report shows of each image."""
    judged: list[Judged] = []
    results = zip(verdicts, splits, strict=True)
    with sample_writer.writing(
        out, card=about.card, detector=about.detector, facts=about.facts
    ) as writer:
        for own in classes:
            rows = []
            for item, content, analysis in own:
                verdict, chosen = next(results)
                row = _row(item, content, analysis, verdict, chosen)
                rows.append(row)
                judged.append(Judged.of(row, item.file))
            writer.add(rows)
    return judged


def _row(
    item: Listed, content: str, analysis: Analysis, verdict: Verdict, chosen: Split | None
) -> Row:
    return Row(
        name=item.name,
        image=item.image,
        source=item.source,
        sha256=content,
        status=verdict.status,
        reason=verdict.reason,
        split=chosen,
        size=analysis.size,
        faces=analysis.found,
        face=_meant_face(analysis, verdict.face or 0) if analysis.faces else None,
    )


def _meant_face(analysis: Analysis, number: int) -> MeantFace:
    return MeantFace(
        box=analysis.faces[number].box,
        detector=analysis.faces[number].detector,
        sharpness=analysis.sharpness[number],
        embedding=analysis.embeddings[number, 0],
        crop_embedding=analysis.crop_embeddings[number],
        augmented=analysis.embeddings[number, 1:],
    )
