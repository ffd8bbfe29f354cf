"""How a test opens a database of this project."""

{% if cookiecutter.store_backend == "sqlite" %}
from auth.tests.stores.sql.in_file import open_empty_database, open_empty_tables
{% else %}
import os

if os.environ.get("TEST_DATABASE_URL"):
    from auth.tests.stores.sql.on_server import open_empty_database, open_empty_tables
else:
    from auth.tests.stores.sql.in_memory import open_empty_database, open_empty_tables
{% endif %}

__all__ = ["open_empty_database", "open_empty_tables"]
