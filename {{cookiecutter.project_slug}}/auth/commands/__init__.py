"""The commands of manage.py."""

{% if cookiecutter.store_backend == "memory" %}
from auth.commands import memory, users

COMMANDS = [*users.COMMANDS, *memory.COMMANDS]
{% else %}
from auth.commands import audit, database, sessions, users

COMMANDS = [*users.COMMANDS, *sessions.COMMANDS, *audit.COMMANDS, *database.COMMANDS]
{% endif %}
