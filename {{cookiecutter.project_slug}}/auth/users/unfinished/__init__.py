"""Who has logged in and is nobody here yet, because something comes first."""

from auth.records import User
{% if "second_factor" in cookiecutter.accounts %}
from auth.users.factors import kept


def is_unfinished(user: User) -> bool:
    """Tell whether a user has to choose a password or set up a second factor first."""
    return user.has_one_time_password or kept.is_missing(user)
{% else %}


def is_unfinished(user: User) -> bool:
    """Tell whether a user has to choose a password first."""
    return user.has_one_time_password
{% endif %}
