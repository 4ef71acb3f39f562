"""Licences of images: what sources call them → one short code, and what must be said of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlike.errors import CollectError, one_line


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence of an image.

    Attributes:
        code: one of `CODES`.
        label: as people read it, such as CC BY-SA 4.0, with its version and country.
        url: its text.
    """

    code: str
    label: str
    url: str | None = None


UNKNOWN = Licence("unknown", "rights: unknown")

_CC = ("cc-by", "cc-by-sa", "cc-by-nd", "cc-by-nc", "cc-by-nc-sa", "cc-by-nc-nd")
CODES = ("cc0", "pd", *_CC, "gfdl", "fal", "other", "unknown")
"""Every code. `pd` is the public domain, also by a museum's word that it knows of no rights;
`other` is a licence that has a name but none of these."""

OPEN = frozenset({"cc0", "pd", "cc-by", "cc-by-sa"})
"""Codes of licences that allow every use and every change, asking at most that the author is named
and that what is made of it stays as free."""

_GROUPS = {
    "open": OPEN,
    "commercial": OPEN | {"cc-by-nd", "gfdl", "fal"},
    "any": frozenset(CODES),
}

_CC_HOME = "https://creativecommons.org/"
_CC_NAME = re.compile(
    r"(?P<cc>cc[ -])?by(?P<parts>([ -](nc|nd|sa)\b)*)"
    r"([ -](?P<version>\d\.\d)([ -](?P<port>[a-z]{2}|igo|scotland)(?![a-z]))?)?(?P<rest>.*)"
)
_CC_URL = re.compile(
    r"creativecommons\.org/(?:licenses/(by(?:-(?:nc|nd|sa))*)|publicdomain/(zero|mark))"
    r"(?:/(\d\.\d)(?:/([a-z]+))?)?"
)
# Further conditions that are written in an unusual way: such a name is not guessed at.
_CONDITIONS = re.compile(r"\b(nc\w*|nd\w*|non\w*|sa|no|not|only)\b")
_OTHERS = (
    (re.compile(r"cc[ -]?(0|zero)\b"), "cc0", "CC0", "publicdomain/zero/1.0/"),
    (
        re.compile(r"pdm\b|public domain mark"),
        "pd",
        "Public Domain Mark 1.0",
        "publicdomain/mark/1.0/",
    ),
    (re.compile(r"no (known )?(copyright )?restrictions\b"), "pd", None, None),
    (re.compile(r"(pd|cc[ -]pd|public ?domain)\b"), "pd", "Public domain", None),
    (re.compile(r"(gfdl|gnu free documentation)\b"), "gfdl", None, None),
    (re.compile(r"(fal|free art licen[cs]e|licence art libre)\b"), "fal", "Free Art License", None),
)
_LONG_NAMES = (
    (re.compile(r"creative commons"), "cc"),
    (re.compile(r"(?<=^cc )attribution"), "by"),
    (re.compile(r"non[ -]?commercial"), "nc"),
    (re.compile(r"no[ -]?deriv(ative)?s?( works)?"), "nd"),
    (re.compile(r"share-?[ ]?alike"), "sa"),
)
_NOTHING = frozenset({"", "unknown", UNKNOWN.label})


def parse(text_or_code: str, url: str | None = None) -> Licence:
    """The licence that a source names.

    Args:
        text_or_code: what Wikimedia Commons or Openverse call it: CC BY-SA 3.0 de, cc-by-4.0, pd,
            by-nc 2.0, pdm 1.0, GFDL …; or nothing.
        url: where the source says its text is.
    """
    text = one_line(text_or_code)
    url = _https(url)
    named = _named(text, url)
    if named is None or named.code == "other":
        return _at(url) or named or UNKNOWN
    return named


def wanted_codes(text: str) -> frozenset[str]:
    """The codes that a list such as `cc0,cc-by` names.

    Beside the codes it may hold `open` (see `OPEN`), `commercial` (those that allow use for money,
    though not all of them changes) and `any`.

    Raises:
        CollectError: it names none, or one that is not known.
    """
    words = [word.strip().lower() for word in text.split(",") if word.strip()]
    wrong = [word for word in words if word not in CODES and word not in _GROUPS]
    if wrong or not words:
        what = f"{wrong[0]!r} is not a licence" if wrong else "no licence was given"
        raise CollectError(f"{what}; known are {', '.join((*CODES, *_GROUPS))}")
    return frozenset().union(*(_GROUPS.get(word, {word}) for word in words))


def is_open(licence: Licence) -> bool:
    """Whether an image may be used and changed by all who name its author."""
    return licence.code in OPEN


def attribution(
    title: str | None, author: str | None, licence: Licence, page_url: str | None
) -> str:
    """The line to be shown with an image: its title, author, licence and source.

    That is what licences ask for ("TASL"), see
    https://wiki.creativecommons.org/wiki/Recommended_practices_for_attribution. Where none is
    needed, as in the public domain, it is a courtesy.
    """
    work = f"“{one_line(title)}”" if title else "Image"
    by = f" by {one_line(author)}" if author else ""
    terms = f"{licence.label} ({licence.url})" if licence.url else licence.label
    return ", ".join([work + by, terms, *([page_url] if page_url else [])])


def _named(text: str, url: str | None) -> Licence | None:
    """The licence of a name: `other` for one that is not known, None for no name at all."""
    name = text.lower().replace("_", " ")
    if name in _NOTHING:
        return None
    for pattern, short in _LONG_NAMES:
        name = pattern.sub(short, name)
    match = _CC_NAME.match(name)
    # What follows in the name of a CC licence (-migrated, further versions) does not change it.
    # Without the letters CC, as Openverse writes it, nothing may follow: "by" is a word as well.
    if match and not (match["rest"][:1].isalpha() if match["cc"] else match["rest"]):
        kind = f"by{match['parts']}".replace(" ", "-")
        if _CONDITIONS.search(match["rest"]):
            return Licence("other", text, url)
        return _creative_commons(kind, match["version"], match["port"], url)
    label = text.upper() if name.startswith("gfdl") else text[:1].upper() + text[1:]
    for pattern, code, usual, path in _OTHERS:
        if pattern.match(name):
            return Licence(code, usual or label, url or (path and _CC_HOME + path))
    return Licence("other", label, url)


def _creative_commons(kind: str, version: str | None, port: str | None, url: str | None) -> Licence:
    """One of the six licences, `kind` being such as by-nc-sa."""
    parts = set(kind.split("-"))
    code = "-".join(["cc", *(part for part in ("by", "nc", "nd", "sa") if part in parts)])
    if code not in _CC:
        return Licence("other", f"CC {code.removeprefix('cc-').upper()}", url)
    known = _CC_URL.search(url or "")
    if known and known[1] == code.removeprefix("cc-"):
        version, port = version or known[3], port or known[4]
    name = code.removeprefix("cc-")
    label = " ".join(["CC", name.upper(), *(part for part in (version, port) if part)])
    if url is None and version:
        url = f"{_CC_HOME}licenses/{name}/{version}/" + (f"{port}/" if port else "")
    return Licence(code, label, url)


def _at(url: str | None) -> Licence | None:
    """The licence whose text is at an address of Creative Commons."""
    found = _CC_URL.search(url or "")
    if not found:
        return None
    kind, tool, version, port = found.groups()
    if tool:
        return _named("cc0" if tool == "zero" else "pdm", url)
    return _creative_commons(kind, version, port, url)


def _https(url: str | None) -> str | None:
    """An address as a link can hold it; Commons gives some without a scheme."""
    url = (url or "").strip()
    if url.startswith("//"):
        return f"https:{url}"
    if url.startswith("http://creativecommons.org/"):
        return f"https{url[4:]}"
    return url if url.startswith(("http://", "https://")) else None
