"""How a test opens the store of this project."""

{% if cookiecutter.store_backend == "memory" %}
from auth.tests.stores.memory.opened import open_empty_store
{% else %}
from auth.tests.stores.sql.opened import open_empty_store
{% endif %}

__all__ = ["open_empty_store"]
