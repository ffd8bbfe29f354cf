"""The browser's login cookie: who writes it, and how."""

{% if cookiecutter.cookie_transport == "component" %}
from auth.cookies.component import clear, cookie_name, draw, problem, read, routes, start, write
{% else %}
from auth.cookies.http_only import clear, cookie_name, draw, problem, read, routes, start, write
{% endif %}

__all__ = ["clear", "cookie_name", "draw", "problem", "read", "routes", "start", "write"]
