"""Stage 4: sample and recipe → a Keras network and its model folder."""

from starlike.train.stage import Options, Summary, train

__all__ = ["Options", "Summary", "train"]
