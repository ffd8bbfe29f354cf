"""Where users and sessions live."""

from threading import Lock

from auth.stores.interface import Store
{% if cookiecutter.store_backend == "memory" %}
from auth.stores.memory import open_store
{% else %}
from auth.stores.sql import open_store
{% endif %}

_lock = Lock()
_opened: list[Store] = []


def current() -> Store:
    """Return the store, the same one for every connection of this process.

    Raises:
        SettingsError: A setting of the store has a wrong value.
        StoreUnavailableError: The store cannot be opened now. The next call tries again.
    """
    if not _opened:
        store = open_store()
        with _lock:
            if not _opened:
                _opened.append(store)
    return _opened[0]
