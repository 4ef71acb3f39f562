"""Many downloads at once, in an order that does not depend on which of them ends first.

A class takes its images in the order in which they are found, and a further one is begun only when
all that are on their way could not be enough. So what is kept in the end is the same whatever was
fast or slow, and however often the run was killed and begun again.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import Row
from weakref import WeakValueDictionary

from starlike.collect.ledger import Content, Ledger, Task, facts_of, path_of
from starlike.errors import SourceError
from starlike.files import digest
from starlike.files.people import Person
from starlike.progress import Progress, silent
from starlike.threads import cores
from starlike.web import image
from starlike.web.client import Client, Fetched
from starlike.web.image import Limits
from starlike.web.image_source import OWN, ImageSource, file_of
from starlike.web.status import NotFetchedError, Status
from starlike.web.tasks import side_by_side, stopped

WORK_FOLDER = ".collect"
"""Below the folder of collected images: where files lie while they come."""

ByClass = Callable[[str, int], None]
"""Hears of a class and how many images it has, whenever that may have changed."""

_GIVE_UP = 3


@dataclass(frozen=True, slots=True)
class Aim:
    """What is wanted: so many images a class, of licences of these codes, of use."""

    per_class: int
    licences: frozenset[str]
    limits: Limits = field(default_factory=Limits)


class Crawl:
    """One run over all classes."""

    def __init__(
        self,
        folder: Path,
        ledger: Ledger,
        client: Client,
        sources: Sequence[ImageSource],
        aim: Aim,
    ) -> None:
        self._folder, self._ledger, self._client = folder, ledger, client
        self._sources, self._aim = sources, aim
        self._names = [source.name for source in sources]
        self._slots = asyncio.Semaphore(client.manners.at_once)
        self._urls: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._failures: dict[str, int] = dict.fromkeys(self._names, 0)
        self._threads = ThreadPoolExecutor(cores())
        self.troubles: dict[str, dict[str, str]] = {}

    async def run(
        self, people: Sequence[Person], progress: Progress, by_class: ByClass = silent
    ) -> None:
        """Fill every class, as many classes at a time as there may be downloads.

        Raises:
            OSError: a file cannot be written.
        """
        tally = _Tally(progress, by_class, self._aim.per_class * len(people))
        waiting = iter(people)

        async def work() -> None:
            for person in waiting:
                await self._fill(person, tally)

        try:
            await side_by_side(work() for _ in range(self._client.manners.at_once))
        finally:
            self._threads.shutdown(cancel_futures=True)

    async def _fill(self, person: Person, tally: _Tally) -> None:
        running: set[asyncio.Task[None]] = set()
        done: set[asyncio.Task[None]] = set()
        kept, last = self._ledger.kept(person.name), 0
        tally.kept(person.name, kept, kept)
        try:
            while True:
                while kept + len(running) < self._aim.per_class:
                    task = await self._next(person, last)
                    if task is None:
                        break
                    last = task.rank
                    running.add(asyncio.create_task(self._try(task, person)))
                if not running:
                    break
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for ended in done:
                    ended.result()
                before, kept = kept, self._ledger.kept(person.name)
                tally.kept(person.name, kept, kept - before)
        finally:
            await stopped(running | done)
        tally.missing(self._aim.per_class - kept)

    async def _next(self, person: Person, after: int) -> Task | None:
        """The next image to try, from a further page of a source where none is left."""
        while True:
            if task := self._ledger.next_task(person.name, self._names, after):
                return task
            if not await self._list(person):
                return None

    async def _list(self, person: Person) -> bool:
        """Ask the first source that may have more; whether there was one."""
        for source in self._sources:
            listing = self._ledger.listing(person.name, source.name)
            if listing.ended or self._failures[source.name] >= _GIVE_UP:
                continue
            if person.name in self.troubles.get(source.name, {}):
                continue
            try:
                page = await source.page(person, listing.cursor)
            except SourceError as error:
                self.troubles.setdefault(source.name, {})[person.name] = str(error)
                self._failures[source.name] += 1
                continue
            self._failures[source.name] = 0
            self._ledger.add(person.name, source.name, page)
            return True
        return False

    async def _try(self, task: Task, person: Person) -> None:
        part = self._folder / WORK_FOLDER / str(task.rank)
        async with self._slots, self._alone(task.url):
            try:
                content = await self._fetched(task, part)
            except NotFetchedError as error:
                self._ledger.settle(task, error.status, error.reason)
            else:
                if self._ledger.keep(task, content):
                    place(part, self._folder / person.folder / content.file_name)
            part.unlink(missing_ok=True)

    async def _fetched(self, task: Task, part: Path) -> Content:
        """Fetch an image into a file, unless another class has it already.

        Raises:
            NotFetchedError: it is not to be had, or of no use.
        """
        known = self._ledger.settled(task.url)
        if known is not None and known["status"] not in (Status.KEPT, Status.DUPLICATE):
            raise NotFetchedError(Status(known["status"]), known["reason"])
        if known is not None and self._copied(known, part):
            return facts_of(known)
        fetched = await self._fetch(task, part)
        loop = asyncio.get_running_loop()
        facts = await loop.run_in_executor(self._threads, image.check, part, self._aim.limits)
        return Content(fetched.sha256, fetched.size, facts)

    @asynccontextmanager
    async def _alone(self, url: str) -> AsyncIterator[None]:
        """Nobody else fetches this URL meanwhile: two classes may want the same one."""
        lock = self._urls.setdefault(url, asyncio.Lock())
        async with lock:
            yield

    def _copied(self, known: Row, part: Path) -> bool:
        try:
            shutil.copyfile(self._folder / path_of(known), part)
        except FileNotFoundError:
            return False
        return True

    async def _fetch(self, task: Task, part: Path) -> Fetched:
        if task.source == OWN and task.url.startswith("file:"):
            most = self._client.manners.max_bytes
            return await asyncio.to_thread(_copy, task.url, part, most)
        return await self._client.download(task.url, part)


def place(part: Path, file: Path) -> None:
    """Give a file that came its name in a class folder."""
    file.parent.mkdir(exist_ok=True)
    part.replace(file)


class _Tally:
    """Counts and reports how many images are kept, of how many that may still come."""

    def __init__(self, progress: Progress, by_class: ByClass, total: int) -> None:
        self._progress, self._by_class = progress, by_class
        self._done, self._total = 0, total

    def kept(self, name: str, count: int, more: int) -> None:
        self._done += more
        self._by_class(name, count)
        self._progress(self._done, self._total)

    def missing(self, fewer: int) -> None:
        self._total -= fewer
        self._progress(self._done, self._total)


def _copy(url: str, into: Path, most: int) -> Fetched:
    """Copy a file of this machine.

    Raises:
        NotFetchedError: it cannot be read, or is larger than `most` bytes.
    """
    path = file_of(url)
    try:
        if path.is_file() and path.stat().st_size > most:
            raise NotFetchedError(Status.TOO_LARGE, f"more than {most / 2**20:g} MiB")
        data = path.read_bytes()
    except OSError as error:
        raise NotFetchedError(Status.NOT_FOUND, f"{path}: {error.strerror}") from error
    if not data:
        raise NotFetchedError(Status.EMPTY, "the file is empty")
    into.write_bytes(data)
    return Fetched(digest.sha256(data), len(data))
