"""A recipe comes back as it was written, and one that cannot be cooked is refused in a line."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from starlike.errors import TrainError
from starlike.files import recipe
from starlike.files.recipe import Recipe

NO_FIGURES = (-0.1, float("nan"), float("inf"))
NAMES = [item.name for item in fields(Recipe)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "recipe.json"


def made(**figures: Any) -> Recipe:
    return Recipe(**figures)


def read(file: Path, text: str) -> Recipe:
    file.write_text(text, encoding="utf-8")
    return recipe.read(file)


def other(name: str) -> Any:
    """Another allowed value of a figure."""
    value = getattr(Recipe(), name)
    if isinstance(value, str):
        return next(word for word in get_args(get_type_hints(Recipe)[name]) if word != value)
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else value / 2 + 0.125


def test_a_recipe_comes_back_as_it_was_written(file: Path) -> None:
    changed = replace(Recipe(), **{name: other(name) for name in NAMES})
    assert all(getattr(changed, name) != getattr(Recipe(), name) for name in NAMES)
    for written in (Recipe(), changed):
        written.write(file)
        assert recipe.read(file) == written


def test_every_figure_is_written_by_name(file: Path) -> None:
    Recipe().write(file)
    assert json.loads(file.read_text(encoding="utf-8")) == Recipe().to_dict()
    assert list(Recipe().to_dict()) == NAMES


def test_what_is_not_named_has_its_default(file: Path) -> None:
    assert read(file, "{}") == Recipe()
    assert read(file, '{"layers": 3}') == Recipe(layers=3)


def test_a_whole_number_will_do_for_a_share(file: Path) -> None:
    whole = read(file, '{"dropout": 0, "noise": 1}')
    assert (whole.dropout, whole.noise) == (0.0, 1.0)
    assert isinstance(whole.dropout, float)


def test_a_missing_file_is_refused(file: Path) -> None:
    with pytest.raises(TrainError, match=r"recipe\.json: the recipe cannot be read"):
        recipe.read(file)


@pytest.mark.parametrize("data", [b"", b"{", b"layers: 3", b"\xff\xfe{}", b"{'layers': 3}"])
def test_what_is_no_json_is_refused(data: bytes, file: Path) -> None:
    file.write_bytes(data)
    with pytest.raises(TrainError, match="cannot be read; it must be a JSON object"):
        recipe.read(file)


@pytest.mark.parametrize("text", ["[]", "3", "null", '"layers"', '[{"layers": 3}]'])
def test_json_that_is_no_object_is_refused(text: str, file: Path) -> None:
    with pytest.raises(TrainError, match=r"this is no recipe \(no JSON object\)"):
        read(file, text)


def test_names_that_are_not_known_are_told_with_those_that_are(file: Path) -> None:
    with pytest.raises(TrainError) as caught:
        read(file, '{"layer": 3, "Width": 5, "layers": 1}')
    message = str(caught.value)
    assert "unknown: Width, layer)" in message
    assert all(name in message for name in NAMES)
    assert "\n" not in message


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("layers", "true", "int"),
        ("layers", "2.0", "int"),
        ("layers", '"2"', "int"),
        ("layers", "null", "int"),
        ("dropout", "false", "float"),
        ("dropout", '"0.5"', "float"),
        ("dropout", "[0.5]", "float"),
        ("refit", "1", "bool"),
        ("refit", '"False"', "bool"),
        ("embed_from", "1", "str"),
    ],
)
def test_a_value_of_another_kind_is_refused(name: str, value: str, kind: str, file: Path) -> None:
    with pytest.raises(TrainError, match=f"{name} must be a {kind}"):
        read(file, f'{{"{name}": {value}}}')


@pytest.mark.parametrize(
    "name",
    ["dropout", "validation", "augment", "borrow", "balance", "resemblance", "max_false_agreement"],
)
@pytest.mark.parametrize("value", [-0.01, 1.01, float("nan"), float("inf")])
def test_a_share_outside_0_to_1_is_refused(name: str, value: float) -> None:
    with pytest.raises(TrainError, match=f"^{name} must be from 0 to 1"):
        made(**{name: value})


@pytest.mark.parametrize("name", ["dropout", "validation"])
def test_these_shares_leave_something(name: str) -> None:
    with pytest.raises(TrainError, match=f"^{name} must be from 0 to 1"):
        made(**{name: 1.0})


@pytest.mark.parametrize("name", ["augment", "balance", "resemblance", "max_false_agreement"])
def test_these_shares_may_be_whole(name: str) -> None:
    assert getattr(made(**{name: 1.0}), name) == 1.0


@pytest.mark.parametrize("name", ["width", "batch", "epochs", "patience"])
def test_these_counts_are_at_least_1(name: str) -> None:
    assert getattr(made(**{name: 1}), name) == 1
    with pytest.raises(TrainError, match=f"^{name} must be at least 1, not 0"):
        made(**{name: 0})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("layers", -1),
        *((name, value) for name in ("noise", "focus") for value in NO_FIGURES),
    ],
)
def test_these_figures_must_not_be_negative(name: str, value: float) -> None:
    with pytest.raises(TrainError, match="layers, noise and focus must not be negative"):
        made(**{name: value})


@pytest.mark.parametrize("value", [0.0, *NO_FIGURES])
def test_a_learning_rate_that_teaches_nothing_is_refused(value: float) -> None:
    with pytest.raises(TrainError, match="learning_rate must be above 0"):
        made(learning_rate=value)


def test_a_network_without_hidden_layers_is_allowed() -> None:
    assert Recipe(layers=0, noise=0.0).layers == 0


@pytest.mark.parametrize("seed", [-1, 2**31])
def test_a_seed_that_no_generator_takes_is_refused(seed: int) -> None:
    with pytest.raises(TrainError, match="seed must be from 0 to 2147483647"):
        Recipe(seed=seed)


def test_an_embedding_that_does_not_exist_is_refused(file: Path) -> None:
    with pytest.raises(
        TrainError, match="embed_from must be one of photo, crop, augmented, not face"
    ):
        read(file, '{"embed_from": "face"}')


def test_values_out_of_range_are_refused_when_read(file: Path) -> None:
    with pytest.raises(TrainError, match="must not be negative"):
        read(file, '{"noise": NaN}')


def test_the_seed_recipe_leaves_unknown_people_to_the_network() -> None:
    seed = recipe.read(Path(__file__).parents[2] / "recipes" / "seed.json")
    assert seed.max_false_agreement == 0
    assert (seed.embed_from, seed.start) == ("crop", "random")
