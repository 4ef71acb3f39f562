"""The documentation site, built as it is published, and the documents as they lie here."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import starlike
from tests.docs.documents import DOCS, all_documents, links

# Of Colab; the notebook has it as well.
BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
REFERENCE = ("api", "api-stages", "api-files")


class Page(HTMLParser):
    """What a page links to, what it loads, and the places that may be linked to."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.places: set[str] = set()
        self.feed(file.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.places.add(given["id"])
        if "src" in given or (tag == "link" and "stylesheet" in given.get("rel", "")):
            self.loaded.append(given.get("src") or given["href"])
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site; every warning is an error."""
    folder = tmp_path_factory.mktemp("site")
    arguments = ["-W", "--keep-going", "-q", "-E", "-b", "html", "-d", str(folder / "doctrees")]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *arguments, DOCS, folder / "html"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "html"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {file: Page(file) for file in sorted(site.rglob("*.html"))}


def test_every_document_has_its_page(site: Path) -> None:
    documents = [file.relative_to(DOCS).with_suffix(".html") for file in DOCS.rglob("*.md")]
    assert len(documents) > 20
    assert not [page for page in documents if not (site / page).exists()]
    assert (site / "index.html").exists()


def test_no_link_leads_nowhere(site: Path, pages: dict[Path, Page]) -> None:
    broken = [
        f"{file.relative_to(site)}: {link}"
        for file, page in pages.items()
        for link in page.links + page.loaded
        if not leads_somewhere(file, link, pages)
    ]
    assert not broken


def leads_somewhere(file: Path, link: str, pages: dict[Path, Page]) -> bool:
    target = urlsplit(link)
    if target.scheme or target.netloc:
        return True
    place = (file.parent / unquote(target.path)).resolve() if target.path else file
    if place not in pages:
        return place.is_file()
    return not target.fragment or unquote(target.fragment) in pages[place].places


def test_nothing_is_loaded_from_elsewhere(pages: dict[Path, Page]) -> None:
    loaded = [address for page in pages.values() for address in page.loaded]
    assert loaded
    assert {address for address in loaded if urlsplit(address).netloc} <= {BADGE}


def test_the_reference_holds_the_public_library(pages: dict[Path, Page], site: Path) -> None:
    places = set().union(*(pages[site / f"{name}.html"].places for name in REFERENCE))
    names = {name for name in starlike.__all__ if name != "errors"}
    documented = {place.rpartition(".")[2] for place in places if place.startswith("starlike.")}
    assert names <= documented


def test_each_error_is_listed_with_its_code(site: Path) -> None:
    text = (site / "api.html").read_text("utf-8")
    listed = re.findall(r'Code: <code[^>]*><span class="pre">(\w+)</span>', text)
    assert {"no_face", "too_large", "model", "portraits"} <= set(listed)
    assert len(listed) == len(set(listed))


def headings(document: Path) -> Iterator[str]:
    """The anchors of a document's headings, as they are made where the repository is browsed."""
    for heading in re.findall(r"^#+ (.*)$", document.read_text("utf-8"), re.M):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("document", all_documents(), ids=lambda file: file.name)
def test_links_lead_somewhere_in_the_repository_too(document: Path) -> None:
    broken = []
    for link in links(document):
        target = urlsplit(link)
        if target.scheme:
            continue
        file = (document.parent / target.path).resolve() if target.path else document
        known = file.exists() and (not target.fragment or target.fragment in headings(file))
        if not known:
            broken.append(link)
    assert not broken
