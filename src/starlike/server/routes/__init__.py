"""One module a resource."""

from fastapi import APIRouter

from starlike.server.routes import classes, compare, health, match, model, problem

ROUTERS: tuple[APIRouter, ...] = (
    match.router,
    compare.router,
    classes.router,
    model.router,
    health.router,
    problem.router,
)

__all__ = ["ROUTERS"]
