"""Users like those that came with the project."""

from auth import stores
from auth.records import DEMO_HASH
from auth.tests.people import person


def add_demo_user(name: str, *roles: str) -> str:
    """Add a user whose name is the password, and return the name."""
    stores.current().users.add(person(name, DEMO_HASH, roles=roles))
    return name
