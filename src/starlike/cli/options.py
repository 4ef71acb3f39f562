"""Kinds of values that several commands take, and options that they share."""

from __future__ import annotations

from pathlib import Path

import click

from starlike.faces import DEFAULT_DETECTOR

ANY_PATH = click.Path(path_type=Path)
"""A path, whatever is there: who opens it says what is wrong with it."""

detector = click.option(
    "--detector",
    default=DEFAULT_DETECTOR,
    metavar="NAME",
    help="What finds faces: cnn, cnn-wide for small faces beside large ones, hog for the boxes of "
    "face_recognition, or package.module:name.",
)
encoder = click.option(
    "--encoder",
    default="fast",
    metavar="NAME",
    help="What embeds them: fast, reference for face_recognition itself, or package.module:name.",
)
contact = click.option(
    "--contact",
    default="",
    envvar="STARLIKE_CONTACT",
    show_envvar=True,
    show_default=False,
    metavar="ADDRESS",
    help="An e-mail address or web page, sent to every server that is contacted.",
)
allow_private = click.option(
    "--allow-private",
    multiple=True,
    envvar="STARLIKE_ALLOW_PRIVATE",
    show_envvar=True,
    metavar="NETWORK",
    help="A private network that may be asked, such as 10.1.0.0/16. May be given several times.",
)
