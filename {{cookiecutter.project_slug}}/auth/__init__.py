"""Logins: who a user is, and which browser is logged in as whom."""

{% if cookiecutter.store_backend != "memory" %}
from auth.login.credentials import verify_user
from auth.sessions.sessions import create_session, destroy_session, validate_session
from auth.stores.sql.engine import get_db_connection

__all__ = [
    "create_session",
    "destroy_session",
    "get_db_connection",
    "validate_session",
    "verify_user",
]
{% else %}
from auth.login.credentials import verify_user
from auth.sessions.sessions import create_session, destroy_session, validate_session

__all__ = ["create_session", "destroy_session", "validate_session", "verify_user"]
{% endif %}
