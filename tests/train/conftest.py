"""Training is tested with what the tests of the classifiers have."""

from tests.classifiers.conftest import sample_folder, train_into, trained

__all__ = ["sample_folder", "train_into", "trained"]
