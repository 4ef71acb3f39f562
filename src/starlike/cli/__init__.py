"""The command line: thin, one command a stage."""

from starlike.cli.app import main

__all__ = ["main"]
