"""Logins: who a user is, and which browser is signed in as whom."""

from auth.sessions import create_session, destroy_session, validate_session
from auth.users import verify_user

__all__ = ["create_session", "destroy_session", "validate_session", "verify_user"]
