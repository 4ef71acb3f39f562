"""The stage from end to end: for each class find images, judge them, and keep the best."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from starlike.errors import SourceError
from starlike.files import portrait_folder
from starlike.files.people import Person
from starlike.model import store
from starlike.portraits import picture
from starlike.portraits.choose import ENOUGH, Judge, Judged, UnfitError
from starlike.portraits.portrait_writer import PortraitWriter
from starlike.portraits.provider import (
    AmbiguousError,
    NobodyError,
    OpenProvider,
    Provider,
    candidates,
)
from starlike.progress import Progress, silent
from starlike.web import licences
from starlike.web.image_source import ImageCandidate
from starlike.web.status import NotFetchedError
from starlike.web.tasks import side_by_side

NO_IMAGE = "no image found"
NO_LICENCE = "no openly licensed image"
NOT_FETCHED = "the image is not to be had"
NO_ANSWER = "the source did not answer"

_AT_ONCE = 4
_GIVE_UP = 5


@dataclass(frozen=True, slots=True)
class Options:
    """How to look for portraits.

    Attributes:
        size: side of the pictures in pixels.
        again: whether classes that have a portrait get another one.
        candidates: images of a person that are looked at, at most.
    """

    size: int = 512
    again: bool = False
    candidates: int = 12


@dataclass(kw_only=True)
class Summary:
    """What came of it.

    Attributes:
        folder: where the portraits lie.
        portraits: how many it holds now.
        found: how many of them were found in this run.
        classes: how many the model has.
        none: how many classes have none, by the reason.
        ambiguous: the classes whose names several people bear.
    """

    folder: Path
    portraits: int = 0
    found: int = 0
    classes: int = 0
    none: Counter[str] = field(default_factory=Counter)
    ambiguous: list[str] = field(default_factory=list)


def portraits(
    folder: Path,
    where: OpenProvider,
    *,
    out: Path | None = None,
    options: Options | None = None,
    progress: Progress = silent,
) -> Summary:
    """Find a portrait of each class of a model and write the model's portraits.

    Interrupted or killed at any moment, the folder is whole, and the next call goes on.

    Args:
        folder: the model folder.
        where: where to look, as `in_folder` and `on_the_web` give it.
        out: the folder of portraits; by default `portraits` in the model folder.
        options: how.
        progress: how many classes are done.

    Raises:
        ModelError: the model cannot be opened.
        PortraitsError: the portraits cannot be written.
        SourceError: the source failed for several people one after the other.
    """
    options = options or Options()
    classifier = store.open_folder(folder)
    names = classifier.classes.names
    place = out or folder / portrait_folder.FOLDER
    writer = PortraitWriter(place, names)
    wanted = [name for name in names if options.again or name not in writer]
    summary = Summary(folder=place, classes=len(names))
    judge = Judge(classifier, size=options.size)
    try:
        asyncio.run(_Search(judge, writer, options, summary).run(where, wanted, progress))
    finally:
        writer.close()
        summary.portraits = len(writer)
    return summary


class _Search:
    """One run over the classes, some at a time: while one is judged, others are asked for."""

    def __init__(
        self, judge: Judge, writer: PortraitWriter, options: Options, summary: Summary
    ) -> None:
        self._judge, self._writer, self._options = judge, writer, options
        self._summary = summary
        self._done = self._failures = 0

    async def run(self, where: OpenProvider, wanted: Sequence[str], progress: Progress) -> None:
        """Look for all of them."""
        waiting = iter(wanted)

        async def work(provider: Provider, part: Path) -> None:
            for name in waiting:
                await self._look_for(name, provider, part)
                self._done += 1
                progress(self._done, len(wanted))

        with (
            tempfile.TemporaryDirectory(prefix="starlike-") as folder,
            ThreadPoolExecutor(1) as self._thread,
        ):
            async with where as provider:
                progress(0, len(wanted))
                parts = [Path(folder) / str(number) for number in range(_AT_ONCE)]
                await side_by_side(work(provider, part) for part in parts)

    async def _look_for(self, name: str, provider: Provider, part: Path) -> None:
        """Find one class's portrait, or count why there is none."""
        try:
            person = await provider.identify(name)
            judged, candidate = await self._best(name, person, provider, part)
        except NobodyError as nobody:
            self._summary.none[nobody.reason] += 1
            if isinstance(nobody, AmbiguousError):
                self._summary.ambiguous.append(name)
        except SourceError:
            self._summary.none[NO_ANSWER] += 1
            self._failures += 1
            if self._failures >= _GIVE_UP:
                raise
            return
        else:
            self._writer.add(name, picture.jpeg(judged.picture), candidate)
            self._summary.found += 1
        self._failures = 0

    async def _best(
        self, name: str, person: Person, provider: Provider, part: Path
    ) -> tuple[Judged, ImageCandidate]:
        """The best of a person's images, and where it comes from.

        Raises:
            NobodyError: none of them could be shown.
            SourceError: the source does not answer.
        """
        best: tuple[Judged, ImageCandidate] | None = None
        unfit: Counter[str] = Counter()
        try:
            async for candidate in self._open(provider, person, unfit):
                try:
                    await provider.fetch(candidate, part)
                    judged = await self._judged(part, name)
                except NotFetchedError:
                    unfit[NOT_FETCHED] += 1
                except UnfitError as error:
                    unfit[error.reason.value] += 1
                else:
                    if best is None or judged.score > best[0].score:
                        best = judged, candidate
                    if judged.score >= ENOUGH:
                        break
        except SourceError:
            if best is None:
                raise
        if best is None:
            raise NobodyError(_why(unfit))
        return best

    async def _open(
        self, provider: Provider, person: Person, unfit: Counter[str]
    ) -> AsyncIterator[ImageCandidate]:
        """The first openly licensed candidates; the others are counted."""
        given = 0
        async for candidate in candidates(provider.source, person):
            if not licences.is_open(candidate.licence):
                unfit[NO_LICENCE] += 1
                continue
            yield candidate
            given += 1
            if given >= self._options.candidates:
                return

    async def _judged(self, part: Path, name: str) -> Judged:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._judge.judge, part, name)


def _why(unfit: Counter[str]) -> str:
    """The most common reason, of images that could be looked at where there are any."""
    looked_at = unfit - Counter({NO_LICENCE: unfit[NO_LICENCE]})
    reasons = looked_at or unfit
    return reasons.most_common(1)[0][0] if reasons else NO_IMAGE
