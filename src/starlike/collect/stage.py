"""The stage from end to end: ask the sources, fetch, write the manifest and the attributions."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from starlike.collect import attribution, ledger
from starlike.collect.crawl import WORK_FOLDER, Aim, ByClass, Crawl, place
from starlike.collect.ledger import Ledger, path_of
from starlike.errors import CollectError
from starlike.files import digest, people, storage
from starlike.files.people import Person
from starlike.progress import Progress, silent
from starlike.web import endpoints, licences, sources
from starlike.web.client import open_client
from starlike.web.image import Limits
from starlike.web.politeness import Manners
from starlike.web.sources import SourceChoice
from starlike.web.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to collect.

    Attributes:
        sources: names of image sources, their classes, or sources themselves, best first; see
            `starlike.web.sources.make`.
        per_class: images of each person, at most.
        licences: codes that are wanted, as `licences.wanted_codes` reads them.
        limits: what an image must be to be of use.
    """

    sources: Sequence[SourceChoice] = sources.DEFAULT
    per_class: int = 50
    licences: str = "any"
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class ClassCount:
    """A class: how many images are kept, and how many were tried in vain, by status."""

    name: str
    kept: int
    others: Counter[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a folder holds after a run.

    Attributes:
        classes: in the order of the people wanted.
        troubles: what sources failed with, by source and class.
        manifest, attribution: the files written.
    """

    classes: tuple[ClassCount, ...]
    troubles: dict[str, dict[str, str]]
    manifest: Path
    attribution: Path

    @property
    def without(self) -> list[str]:
        """Classes that have no image."""
        return [one.name for one in self.classes if not one.kept]

    @property
    def statuses(self) -> Counter[str]:
        """Images by status, over all classes."""
        total: Counter[str] = Counter()
        for one in self.classes:
            total += Counter({Status.KEPT.value: one.kept}) + one.others
        return total


def collect(
    wanted: Sequence[Person],
    out: Path,
    manners: Manners,
    options: Options | None = None,
    *,
    progress: Progress = silent,
    by_class: ByClass = silent,
) -> Summary:
    """Collect images of people into class folders, and write the manifest and the attributions.

    Killed at any moment, the same call goes on where it was; when it ended, it brings what is new.

    Args:
        wanted: whom to look for.
        out: where to write; made where it is missing.
        manners: how to behave towards servers.
        options: what to collect.
        progress: how many images are kept, of how many that may come.
        by_class: a class and how many images it has, whenever that may have changed.

    Raises:
        NamesError: two people would share a folder, or nobody is wanted.
        CollectError: a licence is not known, a source lacks what it needs, the folder cannot be
            written, or another process collects into it.
        PluginError: a source is not known, or is not one.
        MissingPartError: a library that a source needs is not installed.
    """
    options = options or Options()
    wanted = people.check(wanted, "names")
    aim = Aim(options.per_class, licences.wanted_codes(options.licences), options.limits)

    async def crawl(book: Ledger) -> dict[str, dict[str, str]]:
        async with open_client(manners) as client:
            places = endpoints.from_environment()
            made = sources.make(options.sources, client, places, aim.licences)
            run = Crawl(out, book, client, made, aim)
            await run.run(wanted, progress, by_class)
        return run.troubles

    with storage.telling(CollectError, out):
        storage.check_folder(out)
        with ledger.opened(out) as book:
            _make_agree(out, book)
            (out / WORK_FOLDER).mkdir()
            book.begin(aim.licences)
            troubles: dict[str, dict[str, str]] = {}
            try:
                troubles = asyncio.run(crawl(book))
                book.end()
            finally:
                _make_agree(out, book)
                manifest, attributions = attribution.write(out, book)
            return Summary(
                classes=_counts(wanted, book),
                troubles=troubles,
                manifest=manifest,
                attribution=attributions,
            )


def _make_agree(out: Path, book: Ledger) -> None:
    """Bring files and ledger together: a run may end between the two, and files may be removed."""
    work = out / WORK_FOLDER
    kept = [row for row in book.rows() if row["status"] == Status.KEPT]
    for row in kept:
        file = out / path_of(row)
        part = work / str(row["rank"])
        if file.exists():
            continue
        if part.exists() and digest.sha256(part.read_bytes()) == row["sha256"]:
            place(part, file)
        else:
            book.removed(row["rank"])
    shutil.rmtree(work, ignore_errors=True)


def _counts(wanted: Sequence[Person], book: Ledger) -> tuple[ClassCount, ...]:
    statuses: dict[str, Counter[str]] = {person.name: Counter() for person in wanted}
    for row in book.rows():
        if row["class"] in statuses:
            statuses[row["class"]][row["status"]] += 1
    return tuple(
        ClassCount(name, counts.pop(Status.KEPT.value, 0), counts)
        for name, counts in statuses.items()
    )
