"""The browser's login cookie: who writes it, and how."""

from auth.cookies.{{ cookiecutter.cookie_transport }} import (
    clear,
    cookie_name,
    draw,
    problem,
    read,
    routes,
    start,
    write,
)

__all__ = [
    "clear",
    "cookie_name",
    "draw",
    "problem",
    "read",
    "routes",
    "start",
    "write",
]
