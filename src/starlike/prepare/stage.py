"""The stage from end to end: list, analyse, clean, split, write, report."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from starlike.errors import SampleError
from starlike.files import digest, sample, storage
from starlike.files.sample import KEPT
from starlike.prepare import cache as caching
from starlike.prepare import report, work
from starlike.prepare.analysis import Analysis
from starlike.prepare.clean import clean
from starlike.prepare.listing import Listed, listing
from starlike.prepare.policy import Candidate, Policy, Verdict
from starlike.prepare.split import split
from starlike.progress import Progress, silent
from starlike.records import Box


@dataclass(frozen=True, slots=True)
class Options:
    """How to prepare: the cleaning policy, test images a class, seed, and worker processes."""

    policy: Policy = field(default_factory=Policy)
    test: int = 1
    seed: int = 0
    workers: int = 0


@dataclass(frozen=True, slots=True)
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

    Args:
        folder: one folder a person, with images inside.
        out: where to write; made where it is missing.
        options: how.
        progress: told how many images are done.

    Raises:
        SampleError: the folder holds no images, the result cannot be written, or worker processes
            died again and again.
    """
    options = options or Options()
    listed = listing(folder)
    with storage.telling(SampleError, out):
        storage.check_folder(out)
    contents = [work.content_of(item.file) or "" for item in listed]
    files = [(c, item.file) for c, item in zip(contents, listed, strict=True) if c]
    cache_file = digest.cache_folder() / "analyses.sqlite"
    with caching.opened(cache_file) as cache:
        deadly = work.analyse_all(files, cache, workers=options.workers, progress=progress)
        known = cache.get(sorted(set(contents) - {""})) | deadly
    known[""] = Analysis(error=("unreadable", "the file cannot be read"))
    analyses = [known[content] for content in contents]
    candidates = [
        Candidate(item.name, item.image, content, analysis, item.source, item.portrait)
        for item, content, analysis in zip(listed, contents, analyses, strict=True)
    ]
    verdicts = clean(candidates, options.policy)
    rows = [_row(*parts) for parts in zip(listed, contents, analyses, verdicts, strict=True)]
    _split(rows, options)
    facts = {"policy": json.dumps(asdict(options.policy)), "seed": str(options.seed)}
    with storage.telling(SampleError, out):
        sample.write(out, rows, facts)
        page = report.write(out, rows, {item.image: item.file for item in listed}, options.policy)
    return _summary(rows, page)


def _row(listed: Listed, content: str, analysis: Analysis, verdict: Verdict) -> dict[str, Any]:
    row: dict[str, Any] = {
        "class": listed.name,
        "image": listed.image,
        "source": listed.source,
        "sha256": content,
        "status": verdict.status,
        "reason": verdict.reason,
        "width": analysis.size[0],
        "height": analysis.size[1],
        "faces": analysis.found,
    }
    if not analysis.faces:
        return row
    number = verdict.face or 0
    face = analysis.faces[number]
    return row | {
        **dict(zip(Box._fields, face.box, strict=True)),
        "detector": face.detector,
        "face_px": face.box.side,
        "sharpness": analysis.sharpness[number],
        "photo": analysis.photo[number, 0],
        "augmented_embeddings": analysis.photo[number, 1:].ravel(),
        "crop": analysis.crop[number],
    }


def _split(rows: Sequence[dict[str, Any]], options: Options) -> None:
    kept = [row for row in rows if row["status"] == KEPT]
    names, contents = [row["class"] for row in kept], [row["sha256"] for row in kept]
    splits = split(names, contents, test=options.test, seed=options.seed)
    for row, chosen in zip(kept, splits, strict=True):
        row["split"] = chosen


def _summary(rows: Sequence[dict[str, Any]], page: Path) -> Summary:
    return Summary(
        statuses=Counter(row["status"] for row in rows),
        splits=Counter(row["split"] for row in rows if row.get("split")),
        classes=len({row["class"] for row in rows if row["status"] == KEPT}),
        report=page,
    )
