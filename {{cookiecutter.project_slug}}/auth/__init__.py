"""Logins: who a user is, and which browser is signed in as whom."""

{% if cookiecutter.store_backend == "mysql" %}
from auth.database import get_db_connection
{% endif %}
from auth.sessions import create_session, destroy_session, validate_session
from auth.users import verify_user

{% if cookiecutter.store_backend == "mysql" %}
__all__ = [
    "create_session",
    "destroy_session",
    "get_db_connection",
    "validate_session",
    "verify_user",
]
{% else %}
__all__ = ["create_session", "destroy_session", "validate_session", "verify_user"]
{% endif %}
