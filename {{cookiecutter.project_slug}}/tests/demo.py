"""Users like those that came with the project."""

import base64
import hashlib

from auth import stores
from auth.settings import DEMO_SALT
from auth.stores.base import User


def add_demo_user(name: str, *roles: str) -> str:
    """Add a user whose name is the password, and return the name."""
    salt = hashlib.sha256(f"{DEMO_SALT}/{name}".encode()).digest()[:16]
    digest = hashlib.scrypt(name.encode(), salt=salt, n=2, r=1, p=1, dklen=32)
    parts = (base64.b64encode(part).decode().rstrip("=") for part in (salt, digest))
    password_hash = f"$scrypt$ln=1,r=1,p=1${'$'.join(parts)}"
    stores.current().users.add(User(name, password_hash, roles=roles))
    return name
