"""Who answers: the best classes by scores of all, and answers by someone from outside."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from starlike import load_model
from starlike.errors import ModelError, PluginError
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.model.among import Among
from starlike.model.classes import Classes
from starlike.model.scorer import Counts, Scorer, Top, best
from starlike.records import Floats

NAMES = ("Ada", "Bo", "Cy")


def found(
    probabilities: tuple[float, ...],
    distances: tuple[float, ...] = (0.3, 0.2, 0.5),
    k: int = 3,
    among: tuple[int, ...] | None = None,
) -> Top:
    """The best of three classes for one face."""
    row = np.array([probabilities], dtype=np.float32)
    apart = np.array([distances], dtype=np.float32)
    some = None if among is None else Among(np.array(among, dtype=np.int64))
    return best(row, apart, row, k, among=some)


class TestBest:
    def test_the_highest_scores_come_first(self) -> None:
        top = found((0.2, 0.7, 0.1))
        assert top.labels.tolist() == [[1, 0, 2]]
        assert top.scores[0] == pytest.approx([0.7, 0.2, 0.1])
        assert top.distances[0] == pytest.approx([0.2, 0.3, 0.5])
        assert top.known is None

    @pytest.mark.parametrize(("k", "given"), [(1, 1), (2, 2), (3, 3), (100, 3)])
    def test_so_many_are_given_as_there_are(self, k: int, given: int) -> None:
        assert found((0.2, 0.7, 0.1), k=k).labels.shape == (1, given)

    def test_of_equal_scores_the_nearest_comes_first_and_then_the_first(self) -> None:
        assert found((0.25, 0.25, 0.5), (0.9, 0.8, 0.99)).labels.tolist() == [[2, 1, 0]]
        assert found((0.25, 0.25, 0.5), (0.9, 0.9, 0.99)).labels.tolist() == [[2, 0, 1]]

    def test_only_those_that_may_be_named_are(self) -> None:
        top = found((0.02, 0.9, 0.06), among=(0, 2))
        assert top.labels.tolist() == [[2, 0]]
        assert top.probabilities[0] == pytest.approx([0.06, 0.02])
        assert top.shares[0] == pytest.approx([0.75, 0.25])

    def test_shares_add_up_to_one_over_all_that_may_be_named(self) -> None:
        assert found((0.02, 0.06, 0.0), k=1).shares[0] == pytest.approx([0.75])
        assert found((1e-36, 3e-36, 0.0)).shares[0] == pytest.approx([0.75, 0.25, 0])

    def test_people_of_no_probability_at_all_are_told_by_distance(self) -> None:
        top = found((0.0, 0.0, 0.0))
        assert top.labels.tolist() == [[1, 0, 2]]
        assert top.shares[0] == pytest.approx([1 / 3] * 3)

    def test_every_face_has_classes_of_its_own(self) -> None:
        scores = np.array([[0.1, 0.9], [0.9, 0.1]], dtype=np.float32)
        assert best(scores, scores, scores, 1).labels.tolist() == [[1], [0]]

    def test_no_face_has_none(self) -> None:
        none = np.zeros((0, 3), dtype=np.float32)
        assert best(none, none, none, 2).labels.shape == (0, 2)


class Index:
    """As an index of many people answers: it looks at some, and has no score of the others."""

    def __init__(self, people: Floats) -> None:
        self.people = people
        self.classes = Classes(
            names=tuple(f"Person {number}" for number in range(len(people))),
            images=(1,) * len(people),
            card=DLIB_RESNET,
            embed_from="photo",
            trained_on="all",
            sample="",
            groups={"even": tuple(f"Person {number}" for number in range(0, len(people), 2))},
        )

    def top(
        self,
        embeddings: Floats,
        k: int,
        *,
        photos: Counts | None = None,
        among: Among | None = None,
    ) -> Top:
        assert photos is None or len(photos) == len(embeddings)
        looked_at = np.arange(len(self.people)) if among is None else among.labels
        labels = np.stack([self.nearest(one, looked_at, k) for one in embeddings])
        apart = np.linalg.norm(embeddings[:, None] - self.people[labels], axis=2)
        shares = 1 / apart / (1 / apart).sum(axis=1, keepdims=True)
        return Top(
            labels=labels,
            scores=-apart,
            distances=apart,
            probabilities=shares,
            shares=shares,
            known=None,
        )

    def nearest(
        self, one: Floats, looked_at: npt.NDArray[np.int64], k: int
    ) -> npt.NDArray[np.int64]:
        apart = np.linalg.norm(self.people[looked_at] - one, axis=1)
        found: npt.NDArray[np.int64] = looked_at[np.argsort(apart)[:k]]
        return found


class TestFromOutside:
    def test_photos_are_answered_by_any_scorer(self, astronaut: Path) -> None:
        (embedding,) = load_model().embed(astronaut)
        away = np.random.default_rng(0).normal(0, 0.1, 128)
        moves = 0.02 * np.arange(1, 9)[:, None] * away
        model = load_model(scorer=Index(embedding.vector + moves.astype(np.float32)))
        (face,) = model.match(astronaut, top=3)
        assert [match.name for match in face.matches] == ["Person 0", "Person 1", "Person 2"]
        assert face.known_probability is None
        assert face.verdict == "resembles"
        (among_some,) = model.match(astronaut, top=2, among=["even"])
        assert [match.name for match in among_some.matches] == ["Person 0", "Person 2"]
        together = model.rank_together(model.embed(astronaut) * 2, top=1)
        assert (together.matches[0].name, together.photos) == ("Person 0", 2)

    def test_it_fits_by_what_it_can_do(self) -> None:
        assert isinstance(Index(np.zeros((2, 128), dtype=np.float32)), Scorer)

    def test_a_scorer_of_another_network_is_refused_in_one_line(self) -> None:
        index = Index(np.zeros((2, 128), dtype=np.float32))
        index.classes = replace(index.classes, card=replace(DLIB_RESNET, name="another"))
        with pytest.raises(ModelError, match="Index: this model takes embeddings of another"):
            load_model(scorer=index)

    def test_what_cannot_answer_is_refused_in_one_line(self) -> None:
        with pytest.raises(PluginError, match="a str cannot answer; see starlike") as refused:
            load_model(scorer="nearest")  # type: ignore[arg-type]
        assert "\n" not in str(refused.value)

    def test_a_folder_and_a_scorer_are_one_too_many(self, tmp_path: Path) -> None:
        index = Index(np.zeros((2, 128), dtype=np.float32))
        with pytest.raises(ValueError, match="not both"):
            load_model(tmp_path, scorer=index)
