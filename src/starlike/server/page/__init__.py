"""The page for people: its addresses, what it shows, and the files it is made of."""

from fastapi import APIRouter

from starlike.server.page import compare, routes

router = APIRouter()
router.include_router(routes.router)
router.include_router(compare.router)

__all__ = ["router"]
