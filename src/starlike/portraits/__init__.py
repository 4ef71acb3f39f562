"""Portraits for showing: for each class of a model a picture that everybody may use."""

from starlike.portraits.collected import in_folder
from starlike.portraits.online import on_the_web
from starlike.portraits.stage import Options, Summary, portraits

__all__ = ["Options", "Summary", "in_folder", "on_the_web", "portraits"]
