"""Collecting is tested with what the tests of the web have."""

from tests.web.conftest import images, manners, server

__all__ = ["images", "manners", "server"]
