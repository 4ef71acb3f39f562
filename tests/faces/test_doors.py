"""Detectors and encoders come in by name, by place or as objects, and only with their own kind."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import starlike
from starlike import ModelError, NoFaceError, photo
from starlike.errors import PluginError
from starlike.faces import Detector, Encoder, landmarks, make_detector, make_encoder
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.faces.landmarks import EYES_NOSE_MOUTH
from starlike.files import storage
from starlike.model import store
from starlike.model.classes import Classes
from starlike.records import EncoderCard, Floats, Photo, Pixels
from tests.faces import plugged_in
from tests.faces.plugged_in import Colours, WholePhoto, YuNet
from tests.small_classifier import nearest_mean

OUTSIDE = "tests.faces.plugged_in"
NAMES = ("Red", "Green", "Blue")


def coloured(number: int) -> Pixels:
    """A photo in which one colour is strong."""
    pixels = np.full((80, 100, 3), 40, dtype=np.uint8)
    pixels[..., number] = 220
    return pixels


@pytest.fixture
def colour_model(tmp_path: Path) -> Path:
    """A model folder whose classes are colours, made with an encoder of 48 dimensions."""
    opened = [Photo(coloured(number), name) for number, name in enumerate(NAMES)]
    detector, encoder = WholePhoto(), Colours()
    means = [encoder.embed(item, detector.detect(item), "augmented")[0].vector for item in opened]
    folder = tmp_path / "colours"
    classes = Classes(
        names=NAMES,
        images=(1, 1, 1),
        card=Colours.card,
        embed_from="augmented",
        trained_on="all",
        sample="f" * 64,
    )
    storage.write_bytes(folder / store.CLASSIFIER, nearest_mean(np.stack(means)))
    storage.write_text(folder / store.CLASSES, classes.to_json())
    store.seal(folder)
    return folder


@pytest.fixture(scope="module")
def yunet() -> YuNet:
    network = Path(__file__).parents[3] / "shared/networks/face_detection_yunet_2026may.onnx"
    if not network.is_file():
        pytest.skip("its network is not here")
    return YuNet(network)


class TestFromOutside:
    @pytest.mark.parametrize(
        ("detector", "encoder"),
        [
            (WholePhoto(), Colours()),
            (f"{OUTSIDE}:WholePhoto", f"{OUTSIDE}:Colours"),
            (WholePhoto(), f"{OUTSIDE}:Colours"),
        ],
        ids=["objects", "places", "both"],
    )
    @pytest.mark.parametrize("number", range(3))
    def test_a_detector_and_an_encoder_of_other_dimensions_answer(
        self, number: int, detector: Any, encoder: Any, colour_model: Path
    ) -> None:
        model = starlike.load_model(colour_model, detector=detector, encoder=encoder)
        (face,) = model.match(coloured(number), top=3)
        assert face.matches[0].name == NAMES[number]
        assert face.matches[0].similarity > 90
        assert face.box == (10, 90, 70, 10)
        assert model.embed(coloured(number))[0].vector.shape == (48,)

    def test_the_distances_of_its_card_are_what_similarity_goes_by(
        self, colour_model: Path
    ) -> None:
        model = starlike.load_model(colour_model, detector=WholePhoto(), encoder=Colours())
        (embedding,) = model.embed(coloured(0))
        step = np.zeros(48, dtype=np.float32)
        step[0] = 1
        for apart, expected in ((1.0, 90), (2.0, 50)):
            moved = replace(embedding, vector=embedding.vector + apart * step)
            shown = {item.name: item.similarity for item in model.rank_faces([moved])[0].matches}
            assert shown["Red"] == pytest.approx(expected, abs=0.01)

    def test_several_photos_agree_within_the_distance_of_its_card(self, colour_model: Path) -> None:
        model = starlike.load_model(colour_model, detector=WholePhoto(), encoder=Colours())
        (embedding,) = model.embed(coloured(0))
        step = np.zeros(48, dtype=np.float32)
        step[0] = 1
        for apart, agreeing in ((1.9, 3), (2.1, 2)):
            other = replace(embedding, vector=embedding.vector + apart * step)
            assert model.rank_together([embedding, embedding, other]).photos == agreeing

    def test_what_it_finds_no_face_in_has_no_answer(self, colour_model: Path) -> None:
        model = starlike.load_model(colour_model, detector=WholePhoto(), encoder=Colours())
        with pytest.raises(NoFaceError):
            model.match(np.zeros((50, 50, 3), np.uint8))

    def test_a_detector_serves_the_model_that_ships(self, astronaut: Path) -> None:
        model = starlike.load_model(detector=WholePhoto())
        (face,) = model.match(astronaut)
        assert face.box == (10, 502, 502, 10)

    @pytest.mark.parametrize("threads", [1, 2])
    def test_they_are_told_how_many_threads_they_may_use(self, threads: int) -> None:
        detector = make_detector(f"{OUTSIDE}:WholePhoto", threads=threads)
        encoder = make_encoder(f"{OUTSIDE}:Colours", threads=threads)
        assert isinstance(detector, WholePhoto)
        assert isinstance(encoder, Colours)
        assert detector.threads == encoder.threads == threads

    def test_the_command_line_takes_them(
        self, colour_model: Path, astronaut: Path, run_python: Callable[..., Any]
    ) -> None:
        done = run_python(
            "from starlike.cli import main; main()",
            "match",
            str(astronaut),
            *("--model", str(colour_model), "--json"),
            *("--detector", f"{OUTSIDE}:WholePhoto", "--encoder", f"{OUTSIDE}:Colours"),
            before=[Path(__file__).parents[2]],
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["faces"][0]["box"] == [10, 502, 502, 10]


class TestInstalled:
    """Another package that declares a detector and an encoder under names of its own."""

    @pytest.fixture
    def installed(self, tmp_path: Path) -> Path:
        folder = tmp_path / "packages"
        about = folder / "colours-1.0.dist-info"
        about.mkdir(parents=True)
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: colours\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text(
            f"[starlike.detectors]\nwhole = {OUTSIDE}:WholePhoto\n"
            f"[starlike.encoders]\ncolours = {OUTSIDE}:Colours\n"
        )
        return folder

    def test_its_names_are_known_and_open(
        self,
        installed: Path,
        colour_model: Path,
        astronaut: Path,
        run_python: Callable[..., Any],
    ) -> None:
        done = run_python(
            "import sys, starlike\n"
            "from starlike.faces import DETECTORS, ENCODERS\n"
            "print(*DETECTORS.names(), *ENCODERS.names())\n"
            "model = starlike.load_model(sys.argv[1], detector='whole', encoder='colours')\n"
            "print(len(model.match(sys.argv[2])))\n",
            str(colour_model),
            str(astronaut),
            before=[installed, Path(__file__).parents[2]],
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == ["cnn cnn-wide hog whole fast reference colours", "1"]


class TestYuNet:
    def test_it_fits(self, yunet: YuNet) -> None:
        assert make_detector(yunet) is yunet

    def test_its_points_are_of_another_scheme_so_the_encoder_finds_its_own(
        self, yunet: YuNet, astronaut_photo: Photo
    ) -> None:
        face = yunet.detect(astronaut_photo)[0]
        assert face.landmarks is not None
        assert face.landmarks.scheme == EYES_NOSE_MOUTH
        used = landmarks.of(astronaut_photo, face)
        assert used == landmarks.find(astronaut_photo.pixels, face.box)
        eyes, own = np.array(face.landmarks.points)[:2], np.array(used.points)[:4]
        assert np.abs(own[[2, 3]].mean(axis=0) - eyes[0]).max() < 4
        assert np.abs(own[[0, 1]].mean(axis=0) - eyes[1]).max() < 4

    def test_embeddings_are_near_those_by_the_own_detector(
        self, yunet: YuNet, real_photos: Callable[[int], list[Path]]
    ) -> None:
        own, encoder = make_detector(), make_encoder()
        apart = []
        for file in real_photos(40):
            opened = photo.open(file)
            pair = [found.detect(opened)[:1] for found in (own, yunet)]
            if all(pair) and pair[0][0].box.overlap(pair[1][0].box) > 0.3:
                one, other = (encoder.embed(opened, faces, "photo")[0].vector for faces in pair)
                apart.append(np.linalg.norm(one - other))
        assert len(apart) >= 30
        assert np.median(apart) < DLIB_RESNET.usual_same
        assert np.max(apart) < DLIB_RESNET.same_person

    def test_the_model_that_ships_answers_with_it(
        self, yunet: YuNet, real_photos: Callable[[int], list[Path]]
    ) -> None:
        model = starlike.load_model(detector=yunet)
        right = found = 0
        for file in real_photos(40):
            try:
                faces = model.match(file, top=1)
            except NoFaceError:
                continue
            found += 1
            right += faces[0].matches[0].name == file.parent.name
        assert found >= 36
        assert right >= 0.9 * found


class TestRefused:
    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"name": "another"}, "another"),
            ({"sha256": "0" * 64}, "00000000"),
            ({"dimensions": 512}, "512"),
        ],
    )
    def test_a_model_of_another_network(
        self, changes: dict[str, Any], told: str, colour_model: Path
    ) -> None:
        encoder = Colours()
        encoder.card = replace(Colours.card, **changes)
        with pytest.raises(ModelError, match="open it with the encoder") as raised:
            starlike.load_model(colour_model, detector=WholePhoto(), encoder=encoder)
        assert str(colour_model) in str(raised.value)
        assert told in str(raised.value)
        assert len(str(raised.value).splitlines()) == 1

    def test_the_encoder_that_ships_for_a_model_of_another(self, colour_model: Path) -> None:
        with pytest.raises(ModelError, match=r"colours .*dlib_face_recognition_resnet_model_v1"):
            starlike.load_model(colour_model)

    def test_other_distances_of_the_same_network_are_no_reason(self, colour_model: Path) -> None:
        encoder = Colours()
        encoder.card = replace(Colours.card, same_person=3.0, usual_same=0.1)
        assert starlike.load_model(colour_model, encoder=encoder)

    @pytest.mark.parametrize("make", [make_detector, make_encoder])
    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ("nowhere", "there is no (detector|encoder) nowhere"),
            ("no_such_package.module:Thing", "cannot be imported"),
            (f"{OUTSIDE}:Missing", "cannot be imported"),
            (f"{OUTSIDE}:YuNet", "must take threads=1"),
            (f"{OUTSIDE}:NO_MAKER", "must take threads=1"),
            (f"{OUTSIDE}:nothing", "is no (detector|encoder)"),
        ],
    )
    def test_a_name_or_place_without_any(
        self, make: Callable[[str], object], given: str, told: str
    ) -> None:
        with pytest.raises(PluginError, match=told) as raised:
            make(given)
        assert len(str(raised.value).splitlines()) == 1

    @pytest.mark.parametrize("given", [None, 7, WholePhoto, Colours, Colours()])
    def test_an_object_that_is_no_detector(self, given: Any) -> None:
        with pytest.raises(PluginError, match="is no detector"):
            make_detector(given)

    @pytest.mark.parametrize("given", [None, 7, WholePhoto, Colours, WholePhoto()])
    def test_an_object_that_is_no_encoder(self, given: Any) -> None:
        with pytest.raises(PluginError, match="is no encoder"):
            make_encoder(given)


class TestCard:
    def test_it_comes_back_from_plain_values(self) -> None:
        assert EncoderCard.from_dict(json.loads(json.dumps(DLIB_RESNET.to_dict()))) == DLIB_RESNET

    def test_what_is_built_in_fits(self) -> None:
        assert isinstance(make_detector(), Detector)
        assert isinstance(make_encoder(), Encoder)
        assert make_encoder().card.fits(DLIB_RESNET)

    def test_text_names_the_network(self) -> None:
        assert str(DLIB_RESNET).startswith("dlib_face_recognition_resnet_model_v1 (128 dimensions")


def test_vectors_keep_their_kind(astronaut_photo: Photo) -> None:
    (embedding,) = Colours().embed(astronaut_photo, WholePhoto().detect(astronaut_photo), "crop")
    vector: Floats = embedding.vector
    assert vector.dtype == np.float32
    assert len(vector) == plugged_in.SIDE**2 * 3
