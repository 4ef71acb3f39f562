"""Asking the MediaWiki API of a Wikimedia wiki, and reading the HTML that it gives."""

from __future__ import annotations

import html
import re
from typing import Any

from bs4 import BeautifulSoup

from starlike.errors import SourceError, one_line
from starlike.web.client import Client, Params

_MAXLAG = 5
"""Seconds by which the copies of the database may lag before the API turns us away, as asked of
programs that nobody waits for: https://www.mediawiki.org/wiki/Manual:Maxlag_parameter"""

_HIDDEN = re.compile(r"display:\s*none")
_SPACE_BEFORE = re.compile(r" ([,.;:)\]])")


async def ask(client: Client, wiki: str, url: str, params: Params) -> dict[str, Any]:
    """What the API of a wiki answers; its warnings are of no concern here.

    Args:
        client: asks for it.
        wiki: what errors call it.
        url: the address of the wiki's `api.php`.
        params: the query.

    Raises:
        SourceError: it does not answer, or with an error.
    """
    manners: Params = {"format": "json", "formatversion": 2, "maxlag": _MAXLAG}
    answer = await client.get_json(url, {**params, **manners})
    if not isinstance(answer, dict):
        raise SourceError(f"{wiki}: not the answer of a MediaWiki API")
    if error := answer.get("error"):
        raise SourceError(f"{wiki}: {error.get('code')}: {one_line(str(error.get('info') or ''))}")
    return answer


def plain_text(text: str | None) -> str | None:
    """HTML as one line of text, without what a browser would not show; None for nothing."""
    text = text or ""
    if "<" not in text:
        return one_line(html.unescape(text)) or None
    soup = BeautifulSoup(text, "html.parser")
    for tag in soup.find_all(["style", "script"]) + soup.find_all(style=_HIDDEN):
        tag.decompose()
    # A space between elements keeps two linked names apart.
    return _SPACE_BEFORE.sub(r"\1", one_line(soup.get_text(" "))) or None
