from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from starlike.errors import ModelError
from starlike.evaluate import evaluate, write_card
from starlike.faces.dlib_card import DLIB_RESNET
from starlike.files.leaderboard import Basis, Leaderboard, Result, Row
from starlike.metrics import Share, catalogue
from starlike.metrics.figures import Figures, read
from starlike.model import store


@pytest.fixture
def figures(model_folder: Path, sample_folder: Path, tmp_path: Path) -> Figures:
    return evaluate(model_folder, sample_folder, tmp_path / "evaluation")


def _card(folder: Path) -> str:
    return (folder / "README.md").read_text(encoding="utf-8")


def test_a_card_gives_figures_with_intervals_beside_the_class_mean(
    model_folder: Path, figures: Figures
) -> None:
    write_card(model_folder, figures, "starlike train sample --out model")
    card = _card(model_folder)
    assert "| measure | network | nearest class mean |" in card
    assert "| Right first answers (top-1) | 100.0 % (51.0 to 100.0 %) | 100.0 %" in card
    assert "| album | 4 | 100.0 % (51.0 to 100.0 %) | 100.0 %" in card
    assert "No group is more than three points below the average." in card
    assert "not known, so not measured" in card
    assert "    starlike train sample --out model" in card


def test_every_table_of_a_card_has_as_many_cells_in_each_row(
    model_folder: Path, figures: Figures
) -> None:
    write_card(model_folder, figures, "made")
    tables: list[list[str]] = [[]]
    for line in _card(model_folder).splitlines():
        if line.startswith("|"):
            tables[-1].append(line)
        elif tables[-1]:
            tables.append([])
    filled = [table for table in tables if table]
    # The methods, similarities, and groups by source, training images, face size and sharpness.
    assert [len(table) > 2 for table in filled] == [True] * 6
    assert all(len({line.count("|") for line in table}) == 1 for table in filled)


def test_a_card_says_what_similarities_mean_on_real_pairs(
    model_folder: Path, figures: Figures
) -> None:
    found = figures.similarity.one_person
    assert found is not None
    similarity = replace(figures.similarity, one_person=replace(found, reach_90=0.321))
    write_card(model_folder, replace(figures, similarity=similarity), "made")
    assert "A similarity of 90 or more is reached by two photos of one person in 32.1 %" in _card(
        model_folder
    )


def test_a_card_names_the_groups_that_fare_worse(model_folder: Path, figures: Figures) -> None:
    by_source = figures.groupings[0]
    half = Share(value=0.5, low=0.15, high=0.85, hits=2, images=4)
    network, *others = by_source.groups[0].methods
    album = replace(by_source.groups[0], methods=({**network, "top_1": half}, *others))
    changed = replace(by_source, groups=(album, *by_source.groups[1:]))
    write_card(model_folder, replace(figures, groupings=(changed, *figures.groupings[1:])), "made")
    card = _card(model_folder)
    assert "- album: right first answers 50.0 % of 4 images (15.0 to 85.0 %)" in card
    assert "50.0 points below the average of 100.0 %" in card


def test_a_folder_with_its_card_still_opens_and_holds_the_figures(
    model_folder: Path, figures: Figures
) -> None:
    write_card(model_folder, figures, "made")
    store.open_folder(model_folder)
    sealed = (model_folder / store.SUMS).read_text(encoding="utf-8")
    assert "README.md" in sealed
    assert "metrics.json" in sealed
    assert read(model_folder / "metrics.json") == figures


def test_a_card_says_where_research_images_came_from_and_what_that_means(
    model_folder: Path, figures: Figures
) -> None:
    about = replace(figures.about, sources={"bollywood": 10, "vggface": 20})
    write_card(model_folder, replace(figures, about=about), "made")
    card = _card(model_folder)
    assert "research collections (bollywood, vggface)" in card
    assert "not ours to pass on" in card
    assert "images of a free licence instead: `starlike collect --licence open`" in card
    assert "as free as those who gathered them" not in card


def test_a_card_claims_no_research_collection_for_other_images(
    model_folder: Path, figures: Figures
) -> None:
    write_card(model_folder, figures, "made")
    assert "research collections" not in _card(model_folder)
    assert "(album, crawl) are as free as those who gathered them" in _card(model_folder)


def test_a_model_trained_on_all_images_says_that_a_replicate_was_measured(
    make_model: Callable[..., Path], figures: Figures
) -> None:
    folder = make_model(trained_on="all")
    write_card(folder, figures, "made")
    assert "figures are those of a replicate" in _card(folder)


def test_names_cannot_put_markup_into_a_card(model_folder: Path, figures: Figures) -> None:
    about = replace(figures.about, sources={"<b>|[x](y)\n# z": 1})
    write_card(model_folder, replace(figures, about=about), "made")
    assert r"\<b\>\|\[x\](y) \# z" in _card(model_folder)
    assert "<b>" not in _card(model_folder)


def test_a_damaged_folder_gets_no_card_that_would_seal_the_damage(
    model_folder: Path, figures: Figures
) -> None:
    (model_folder / store.CLASSIFIER).write_bytes(b"damaged")
    with pytest.raises(ModelError, match="damaged"):
        write_card(model_folder, figures, "made")


def _choice(folder: Path, sample: str, chosen: str | None = "network, 1 × 16") -> Path:
    """A folder in which two networks and the class mean were compared on two folds."""
    tops = {"network, 1 × 16": (0.9, 0.92), "network, 2 × 16": (0.9, 0.9), "mean": (0.8, 0.82)}
    rows = tuple(
        Row(
            name,
            "class mean" if name == "mean" else "network",
            "",
            {},
            tuple(
                Result(
                    fold=fold,
                    images=100,
                    figures={"top_1": top_1, "top_1_agreement": 0.25, "train_seconds": 12.0},
                )
                for fold, top_1 in enumerate(top)
            ),
        )
        for name, top in tops.items()
    )
    Leaderboard(
        basis=Basis(sample=sample, encoder=DLIB_RESNET, embed_from="photo", seed=0),
        classes=4,
        images=40,
        folds=2,
        declared=tuple(one.declaration for one in catalogue.built_in()),
        rows=rows,
        chosen=chosen,
    ).write(folder)
    return folder


def test_a_card_says_what_the_choice_of_the_network_rests_on(
    model_folder: Path, figures: Figures, tmp_path: Path
) -> None:
    write_card(model_folder, figures, "made", _choice(tmp_path, figures.about.sample))
    card = _card(model_folder)
    assert "compared 3 methods on 2 folds" in card
    assert "| **network, 1 × 16** | 91.0 ± 1.4 % | 25.0 ± 0.0 % | 12.0 ± 0.0 s |" in card
    assert "| network, 2 × 16 | 90.0 ± 0.0 % |" in card
    assert "one standard error of the best: network, 1 × 16." in card


def test_a_choice_on_another_sample_is_refused_and_the_card_stays(
    model_folder: Path, figures: Figures, tmp_path: Path
) -> None:
    before = {file.name: file.read_bytes() for file in model_folder.iterdir()}
    with pytest.raises(ModelError, match="on another sample"):
        write_card(model_folder, figures, "made", _choice(tmp_path, "other"))
    assert {file.name: file.read_bytes() for file in model_folder.iterdir()} == before


def test_a_choice_that_was_not_made_is_refused(
    model_folder: Path, figures: Figures, tmp_path: Path
) -> None:
    sample = figures.about.sample
    for folder in (tmp_path / "nowhere", _choice(tmp_path, sample, chosen=None)):
        with pytest.raises(ModelError, match="no choice was made there"):
            write_card(model_folder, figures, "made", folder)
