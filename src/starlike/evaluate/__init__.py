"""Stage 5: model and sample → held-out figures, plots, a report, and the model card."""

from starlike.evaluate.card import write_card
from starlike.evaluate.stage import evaluate
from starlike.metrics.figures import Figures

__all__ = ["Figures", "evaluate", "write_card"]
