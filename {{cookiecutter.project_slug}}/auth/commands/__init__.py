"""The commands of manage.py."""

{% if cookiecutter.store_backend == "memory" %}
from auth.commands import memory, texts, users

COMMANDS = [*users.COMMANDS, *memory.COMMANDS, *texts.COMMANDS]
{% else %}
from auth.commands import audit, database, sessions, texts, users

COMMANDS = [
    *(*users.COMMANDS, *sessions.COMMANDS, *audit.COMMANDS, *database.COMMANDS),
    *texts.COMMANDS,
]
{% endif %}
