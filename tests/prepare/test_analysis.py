"""What is said of one image: faces, quality and embeddings, or why there are none."""

from __future__ import annotations

import io
import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from starlike import photo
from starlike.faces import Encoder, make_detector, quality
from starlike.faces.augment import AUGMENTATIONS
from starlike.prepare.analysis import Analysis, Failure
from starlike.prepare.task import MAX_FACES, analyse
from starlike.records import Pixels

DETECTOR = make_detector()


@pytest.fixture(scope="module")
def head(astronaut_pixels: Pixels) -> Image.Image:
    """The astronaut's head, 256x256, and no other face."""
    return Image.fromarray(astronaut_pixels[:256, 100:356])


@pytest.fixture(scope="module")
def portrait(head: Image.Image) -> bytes:
    return png(head)


@pytest.fixture(scope="module")
def analysed(portrait: bytes, encoder: Encoder) -> Analysis:
    return analyse(portrait, 1, DETECTOR, encoder)


@pytest.fixture(scope="module")
def crowd(head: Image.Image, encoder: Encoder) -> Analysis:
    """Six heads, each a little smaller than the one before."""
    canvas = Image.new("RGB", (780, 520), (120, 120, 120))
    for number in range(6):
        side = 256 - 12 * number
        canvas.paste(head.resize((side, side)), (260 * (number % 3), 260 * (number // 3)))
    return analyse(png(canvas), 1, DETECTOR, encoder)


def png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def assert_same(one: Analysis, other: Analysis) -> None:
    for name in ("failure", "size", "found", "faces", "sharpness"):
        assert getattr(one, name) == getattr(other, name), name
    for name in ("hashes", "embeddings", "crop_embeddings"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
        assert getattr(one, name).dtype == getattr(other, name).dtype


def test_a_face_has_one_of_everything(analysed: Analysis) -> None:
    assert (analysed.failure, analysed.size, analysed.found) == (None, (256, 256), 1)
    assert len(analysed.faces) == len(analysed.sharpness) == 1
    assert analysed.hashes.shape == (1, 64)
    assert analysed.embeddings.shape == (1, 1 + AUGMENTATIONS, 128)
    assert analysed.crop_embeddings.shape == (1, 128)


def test_the_face_is_found_and_encoded_as_when_answering(
    analysed: Analysis, portrait: bytes, encoder: Encoder
) -> None:
    opened = photo.open(portrait)
    faces = DETECTOR.detect(opened)
    assert list(analysed.faces) == faces
    assert analysed.sharpness[0] == pytest.approx(quality.sharpness(opened, faces[0].box))
    (in_photo,) = encoder.embed(opened, faces, "photo")
    (in_crop,) = encoder.embed(opened, faces, "crop")
    np.testing.assert_allclose(analysed.embeddings[0, 0], in_photo.vector, atol=1e-5)
    np.testing.assert_allclose(analysed.crop_embeddings[0], in_crop.vector, atol=1e-5)


def test_views_are_encoded_each_to_another_point_near_the_face(analysed: Analysis) -> None:
    plain, changed = analysed.embeddings[0, 0], analysed.embeddings[0, 1:]
    apart = np.linalg.norm(changed - plain, axis=1)
    assert ((apart > 0.001) & (apart < 0.6)).all()
    assert len(np.unique(changed, axis=0)) == AUGMENTATIONS


def test_the_seed_changes_the_views_and_nothing_else(
    analysed: Analysis, portrait: bytes, encoder: Encoder
) -> None:
    assert_same(analyse(portrait, 1, DETECTOR, encoder), analysed)
    other = analyse(portrait, 2, DETECTOR, encoder)
    assert other.faces == analysed.faces
    np.testing.assert_allclose(other.embeddings[:, 0], analysed.embeddings[:, 0], atol=1e-5)
    assert not np.allclose(other.embeddings[:, 1:], analysed.embeddings[:, 1:], atol=1e-3)


def test_the_hash_stays_when_the_photo_is_compressed_again(
    analysed: Analysis, head: Image.Image, encoder: Encoder
) -> None:
    stream = io.BytesIO()
    head.save(stream, "JPEG", quality=60)
    again = analyse(stream.getvalue(), 1, DETECTOR, encoder)
    assert (again.hashes != analysed.hashes).sum() <= 12
    mirrored = analyse(png(ImageOps.mirror(head)), 1, DETECTOR, encoder)
    assert (mirrored.hashes != analysed.hashes).sum() > 12


def test_of_many_faces_the_largest_are_encoded_and_all_are_counted(crowd: Analysis) -> None:
    assert crowd.found == 6
    assert len(crowd.faces) == len(crowd.sharpness) == MAX_FACES
    assert crowd.hashes.shape == (MAX_FACES, 64)
    assert crowd.embeddings.shape == (MAX_FACES, 1 + AUGMENTATIONS, 128)
    assert crowd.crop_embeddings.shape == (MAX_FACES, 128)
    areas = [item.box.area for item in crowd.faces]
    assert areas == sorted(areas, reverse=True)


def test_an_image_without_a_face_says_so(encoder: Encoder) -> None:
    nobody = analyse(png(Image.new("RGB", (80, 60), "teal")), 1, DETECTOR, encoder)
    assert nobody.failure == Failure("no_face", "no face was found")
    assert nobody.size == (80, 60)
    assert (nobody.found, nobody.faces, nobody.sharpness) == (0, (), ())
    assert len(nobody.embeddings) == len(nobody.crop_embeddings) == 0


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"just words", "not_a_photo"),
        (b"\xff\xd8\xff\xe0 the beginning of a JPEG", "broken"),
    ],
)
def test_what_cannot_be_opened_is_told_by_code_and_in_words(
    data: bytes, code: str, encoder: Encoder
) -> None:
    refused = analyse(data, 1, DETECTOR, encoder)
    assert refused.failure is not None
    assert refused.failure.code == code
    assert len(refused.failure.reason) > 10


def test_a_photo_that_is_cut_off_is_broken(astronaut: Path, encoder: Encoder) -> None:
    data = astronaut.read_bytes()
    refused = analyse(data[: len(data) // 2], 1, DETECTOR, encoder)
    assert refused.failure is not None
    assert refused.failure.code == "broken"


def test_every_kind_of_analysis_comes_back_from_its_bytes(
    analysed: Analysis, crowd: Analysis, encoder: Encoder
) -> None:
    failed = [
        analyse(data, 1, DETECTOR, encoder) for data in (b"", png(Image.new("RGB", (20, 20))))
    ]
    for made in (analysed, crowd, *failed, Analysis()):
        assert_same(Analysis.from_bytes(made.to_bytes()), made)


def test_an_error_in_any_script_comes_back_from_its_bytes() -> None:
    made = Analysis(failure=Failure("broken", 'Größe — "写真"\n'))
    assert Analysis.from_bytes(made.to_bytes()).failure == made.failure


def test_bytes_that_are_damaged_or_cut_off_are_refused(analysed: Analysis) -> None:
    data = analysed.to_bytes()
    dice = random.Random(1)
    for _ in range(200):
        damaged = bytearray(data)
        damaged[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        for wrong in (bytes(damaged), data[: dice.randrange(len(data))]):
            with pytest.raises(ValueError, match="an analysis is"):
                Analysis.from_bytes(wrong)
