"""Stage 1: from names to images, each with where it came from and its licence."""

from starlike.collect.addresses import networks
from starlike.collect.image import Limits
from starlike.collect.manners import Manners
from starlike.collect.people import Person
from starlike.collect.people import read as read_people
from starlike.collect.stage import Options, Summary, collect

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
