"""Demo users: they come with the project, and each has the name as password."""

import base64
import hashlib

from auth.settings import DEMO_SALT, load_settings
from auth.stores.base import User

SCHEME = "$scrypt$"  # Passwords that are set later have hashes of another kind.


def is_one(user: User) -> bool:
    """Tell whether a user has the hash that came with the project, by its salt.

    No hash is computed, so that this can be asked at every click.
    """
    if not user.password_hash.startswith(SCHEME):
        return False
    return user.password_hash.split("$")[3:4] == [_salt_of(user.username)]


def is_refused(user: User, password: str | None = None) -> bool:
    """Tell whether a user cannot log in because this is no place to try the app out.

    Args:
        user: Who wants to log in, or has.
        password: Their password, if it is known. If it is the name, no hash has to tell: nobody
            can choose such a one.
    """
    if not is_production():
        return False
    return is_one(user) or password == user.username


def is_production() -> bool:
    """Tell whether the app is for real people, and not to try it out."""
    return load_settings().app_env == "production"


def _salt_of(username: str) -> str:
    digest = hashlib.sha256(f"{DEMO_SALT}/{username}".encode()).digest()
    return base64.b64encode(digest[:16]).decode().rstrip("=")
