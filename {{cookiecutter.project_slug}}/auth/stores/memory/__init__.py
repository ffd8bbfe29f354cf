"""The store in the memory of this process: users from a file, sessions until it stops."""

from pathlib import Path

from auth.settings import load_settings
from auth.stores.interface import Store
from auth.stores.memory.attempts import MemoryAttempts
from auth.stores.memory.audit import MemoryAudit
from auth.stores.memory.devices import MemoryDevices
from auth.stores.memory.sessions import MemorySessions
from auth.stores.memory.tickets import MemoryTickets
from auth.stores.memory.users import MemoryUsers


def open_store(users_file: Path | None = None) -> Store:
    """Return a new store.

    Args:
        users_file: The users file; the one of the settings if None.
    """
    users = MemoryUsers(users_file or load_settings().users_file)
    return Store(
        users,
        MemorySessions(users),
        MemoryTickets(),
        MemoryAttempts(),
        MemoryDevices(users),
        MemoryAudit(),
    )
