"""Stage 1: from names to images, each with where it came from and its licence."""

from starlike.collect.stage import Options, Summary, collect
from starlike.files.people import Person
from starlike.files.people import read as read_people
from starlike.web.addresses import networks
from starlike.web.image import Limits
from starlike.web.politeness import Manners

__all__ = [
    "Limits",
    "Manners",
    "Options",
    "Person",
    "Summary",
    "collect",
    "networks",
    "read_people",
]
