"""Where second factors are kept: beside the users, in the store that is open."""

from auth import stores
{% if cookiecutter.store_backend == "memory" %}
from auth.stores.factors.interface import Factors
from auth.stores.memory import factors as opened
{% else %}
from auth.stores import sql as opened
from auth.stores.factors.interface import Factors
{% endif %}


def current() -> Factors:
    """Return the second factors of the open store.

    Raises:
        SettingsError, StoreUnavailableError: As `stores.current`.
    """
    return opened.factors_of(stores.current())
