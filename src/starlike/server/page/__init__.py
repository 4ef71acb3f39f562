"""The page for people: its addresses, what it shows, and the files it is made of."""

from starlike.server.page.routes import router

__all__ = ["router"]
