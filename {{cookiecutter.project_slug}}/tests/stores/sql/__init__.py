"""How a test opens a database of this project."""

{% if cookiecutter.store_backend == "sqlite" %}
from tests.stores.sql.in_file import open_empty_database
{% else %}
from tests.stores.sql.in_memory import open_empty_database
{% endif %}

__all__ = ["open_empty_database"]
