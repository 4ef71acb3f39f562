"""Training is tested with what the tests of the classifiers have."""

from tests.classifiers.conftest import held_out, images, sample_folder, train_into, trained

__all__ = ["held_out", "images", "sample_folder", "train_into", "trained"]
