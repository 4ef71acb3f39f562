"""The documents as the tests read them: their blocks of code, their commands, their links."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"

_BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.M | re.S)
_INLINE = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
# Settings before the program, and where it lies, do not matter here.
_STARLIKE = re.compile(r"^(?:\$ )?(?:\w+=\S+ )*(?:\.venv/bin/)?starlike (.*)$")


@dataclass(frozen=True)
class Block:
    """A block of code: the word after its fence, and its text."""

    language: str
    text: str


def all_documents() -> list[Path]:
    """What people read, but for what is made by a program."""
    return [
        README,
        CONTRIBUTING,
        *(file for file in sorted(DOCS.rglob("*.md")) if file.name != "cli.md"),
    ]


def blocks(document: Path, language: str | None = None) -> list[Block]:
    """The blocks of a document, or those of a language."""
    found = [Block(*parts) for parts in _BLOCK.findall(document.read_text("utf-8"))]
    return [block for block in found if language is None or block.language == language]


def prose(document: Path) -> str:
    """A document without its blocks."""
    return _BLOCK.sub("", document.read_text("utf-8"))


def inline(document: Path) -> list[str]:
    """Code within sentences."""
    return [" ".join(code.split()) for code in _INLINE.findall(prose(document))]


def links(document: Path) -> list[str]:
    """Where the links and pictures of a document lead."""
    return _LINK.findall(re.sub(r"`[^`\n]*`", "", prose(document)))


def commands_in_blocks(document: Path) -> list[str]:
    """What stands behind `starlike` in the blocks of a document."""
    lines: list[str] = []
    for block in blocks(document):
        joined = re.sub(r"\s*\\\n\s*", " ", block.text)
        # A line that is indented far goes on with what can be left out.
        lines += re.sub(r"\n {6,}", " ", joined).splitlines()
    return _commands(lines)


def all_commands(document: Path) -> list[str]:
    """The same, and in sentences, where the rest of a command may be left out."""
    return [*commands_in_blocks(document), *_commands(inline(document))]


def _commands(lines: Sequence[str]) -> list[str]:
    return [found[1] for line in lines if (found := _STARLIKE.match(line.strip()))]


def words(command: str) -> list[str]:
    """The words of a command, without what marks them as optional or repeated, and comments."""
    return [word.strip("[]…") for word in shlex.split(command, comments=True)]


def is_pattern(command: str) -> bool:
    """Whether it shows what may be given, and is not to be typed as it is."""
    return any(mark in command for mark in "[]…|")
