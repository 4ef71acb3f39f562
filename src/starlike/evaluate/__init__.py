"""Stage 5: model and sample → held-out figures, plots, a report, and the model card."""

from starlike.evaluate.answers import Scored, evaluate_answers
from starlike.evaluate.card import write_card
from starlike.evaluate.figures import Figures
from starlike.evaluate.stage import evaluate

__all__ = ["Figures", "Scored", "evaluate", "evaluate_answers", "write_card"]
