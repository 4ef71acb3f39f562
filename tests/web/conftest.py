"""What the tests of collecting share: manners without waiting, and the servers that play others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from starlike.web.addresses import networks
from starlike.web.politeness import Manners
from tests.web.stand_in.images import Images
from tests.web.stand_in.server import StandIn


@pytest.fixture
def manners() -> Manners:
    """As quick as can be, and allowed to ask this machine."""
    return Manners(
        "tests@example.org",
        rate=0,
        per_host=16,
        silence=0.5,
        deadline=2,
        tries=3,
        patience=0.05,
        max_bytes=2**20,
        allow_private=networks(["127.0.0.1"]),
    )


@pytest.fixture(scope="session")
def images() -> Images:
    return Images()


@pytest.fixture(scope="session")
def server(images: Images) -> Iterator[StandIn]:
    """A server of images, well and badly behaved."""
    with StandIn(images.routes()) as stand_in:
        yield stand_in
