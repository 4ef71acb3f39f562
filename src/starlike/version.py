"""Which version this is. It stands alone, so that whoever tells it imports nothing else."""

__version__ = "0.1.0"
