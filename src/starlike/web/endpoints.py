"""Where the sources answer: their public addresses, unless the environment names others.

Others are mirrors, proxies of one's own, and the servers that the tests start.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields

from starlike.errors import CollectError
from starlike.web import addresses
from starlike.web.status import NotFetchedError

_PREFIX = "STARLIKE_URL_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """The addresses of the sources' interfaces.

    Attributes:
        sparql: the Wikidata Query Service.
        wikidata: its MediaWiki API.
        commons: that of Wikimedia Commons, https://www.mediawiki.org/wiki/API:Main_page.
        openverse: Openverse's, https://api.openverse.org/v1/.
        web: the image search.
    """

    sparql: str = "https://query.wikidata.org/sparql"
    wikidata: str = "https://www.wikidata.org/w/api.php"
    commons: str = "https://commons.wikimedia.org/w/api.php"
    openverse: str = "https://api.openverse.org/v1/images/"
    web: str = "https://www.bing.com"


def from_environment() -> Endpoints:
    """The addresses, those from the environment first: `STARLIKE_URL_COMMONS` and so on.

    Raises:
        CollectError: one of them is not an address of the web.
    """
    given = {}
    for field in fields(Endpoints):
        variable = _PREFIX + field.name.upper()
        if url := os.environ.get(variable):
            try:
                addresses.host_of(url)
            except NotFetchedError as error:
                raise CollectError(f"{variable}: {error.reason}") from None
            given[field.name] = url
    return Endpoints(**given)
