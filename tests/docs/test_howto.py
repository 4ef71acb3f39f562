"""The pages on adding a part of one's own: what people are to save works when plugged in."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from starlike.classifiers import methods
from starlike.faces import make_detector, make_encoder
from starlike.metrics import Answered, Number
from starlike.metrics.catalogue import declared, measure
from starlike.prepare.images import Candidate, of_class
from starlike.prepare.rules import with_more
from starlike.prepare.task import analyse
from starlike.records import Photo
from tests.classifiers.conftest import crowd
from tests.docs import documents
from tests.docs.documents import CONTRIBUTING, DOCS, ROOT

HOWTO = DOCS / "howto"
_SAVED = re.compile(r"[Ss]ave (?:it|this) as\s`(\w+)\.py`")


def test_the_map_leads_to_what_is_there() -> None:
    rows = [line for line in CONTRIBUTING.read_text("utf-8").splitlines() if line.startswith("| ")]
    named = {word for row in rows for word in re.findall(r"`([\w./]+(?:/|\.py|\.md))`", row)}
    assert len(named) > 30
    rooms = (ROOT, ROOT / "src" / "starlike")
    missing = {
        word
        for word in named
        if not any((room / word.replace("NAME.py", "")).exists() for room in rooms)
        and "NAME_" not in word
    }
    assert not missing


def saved(page: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Save the first piece of Python of a page where it says; the name of the module."""
    document = HOWTO / page
    found = _SAVED.search(document.read_text("utf-8"))
    assert found is not None
    (folder / f"{found[1]}.py").write_text(documents.blocks(document, "python")[0].text, "utf-8")
    monkeypatch.syspath_prepend(folder)
    return found[1]


def test_the_detector_finds_the_face(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, astronaut_photo: Photo
) -> None:
    module = saved("add-a-detector.md", tmp_path, monkeypatch)
    faces = make_detector(f"{module}:PlainHog").detect(astronaut_photo)
    (known, _) = make_detector("hog").detect(astronaut_photo)
    assert faces[0].box.overlap(known.box) > 0.9
    assert faces[0].detector == "plain-hog-1"


def test_the_encoder_embeds_the_face_in_every_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, astronaut_photo: Photo
) -> None:
    module = saved("add-an-encoder.md", tmp_path, monkeypatch)
    encoder = make_encoder(f"{module}:GreyEncoder")
    faces = make_detector("cnn").detect(astronaut_photo)
    for embed_from in ("photo", "crop", "augmented"):
        (found,) = encoder.embed(astronaut_photo, faces, embed_from)
        assert found.vector.shape == (encoder.card.dimensions,)
        assert np.isfinite(found.vector).all()


@pytest.mark.parametrize(
    ("page", "printed"),
    [("add-a-detector.md", "Joyce DeWitt"), ("add-an-encoder.md", "open it with the encoder")],
)
def test_it_is_used_as_is_shown(
    page: str, printed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, astronaut: Path
) -> None:
    saved(page, tmp_path, monkeypatch)
    (tmp_path / "me.jpg").write_bytes(astronaut.read_bytes())
    code = documents.blocks(HOWTO / page, "python")[1].text
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert printed in done.stdout, done.stderr


def test_the_figure_is_one_and_counts_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = import_module(saved("add-a-figure.md", tmp_path, monkeypatch))
    answered = Answered(
        scores=np.array([[3.0, 2.0, 1.0], [3.0, 2.0, 1.0]], dtype=np.float32),
        labels=np.array([0, 2]),
        probabilities=False,
        unknown_scores=np.zeros((0, 3), dtype=np.float32),
        unknown_people=np.zeros(0, dtype=np.int64),
        of_two_scores=np.zeros((0, 3), dtype=np.float32),
        of_two_people=np.zeros(0, dtype=np.int64),
    )
    figures = declared([module.mean_rank])
    assert measure(answered, figures)["mean_rank"] == Number(value=2.0)


def test_the_method_answers_with_its_own_images(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = saved("add-a-method.md", tmp_path, monkeypatch)
    images: Any = crowd([3, 4, 5], seed=0)
    fitted = methods.fit(f"{module}:medoids", images, {}, 0)
    scores = fitted.scores(images.embeddings)
    assert (scores.argmax(axis=1) == images.labels).mean() > 0.9


def test_the_cleaning_rule_leaves_out_crowds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, astronaut: Path
) -> None:
    module = import_module(saved("add-a-cleaning-rule.md", tmp_path, monkeypatch))
    alone = analyse(
        astronaut.read_bytes(), 0, detector=make_detector("hog"), encoder=make_encoder("fast")
    )
    images = of_class(
        [
            Candidate(name="Ada", image=f"Ada/{n}", content=str(n), analysis=analysis)
            for n, analysis in enumerate((alone, replace(alone, found=3)))
        ],
        meant=[0, 0],
    )
    left_out = module.CROWDED.apply(images, None)
    assert {place: out.reason for place, out in left_out.items()} == {1: "3 faces, more than 2"}
    assert "crowded" in {rule.code for rule in with_more([f"{module.__name__}:CROWDED"])}
