"""The network as one of the methods that are compared: exported, and asked with one thread."""

from __future__ import annotations

from dataclasses import replace

from starlike.classifiers.export import to_onnx
from starlike.classifiers.fit import fit as fit_network
from starlike.classifiers.methods import Settings
from starlike.classifiers.network import load_keras
from starlike.files.recipe import Recipe
from starlike.files.sample import Labelled
from starlike.model.classifier import Exported
from starlike.progress import silent


def fit(images: Labelled, settings: Settings, _seed: int) -> Exported:
    """Train the network of a recipe, by the recipe's own seed.

    Args:
        images: of K classes.
        settings: what `Recipe.to_dict` gave.

    Raises:
        MissingPartError: Keras is not installed.
    """
    # Networks are compared by themselves: what unknown people are told is joined to each alike.
    fitted = fit_network(images, replace(Recipe(**settings), max_false_agreement=0.0), silent)
    exported = to_onnx(fitted.network, fitted.unknown)
    # Some twenty networks follow each other in one process; what Keras keeps of each would add up.
    load_keras().utils.clear_session()
    return Exported(exported)
