"""Browsers that are not asked for the second factor again."""

{% if cookiecutter.cookie_transport == "http_only" %}
from auth.login.second_factor.remembered.by_device import days, is_known, remember
{% else %}
from auth.login.second_factor.remembered.never import days, is_known, remember
{% endif %}

__all__ = ["days", "is_known", "remember"]
