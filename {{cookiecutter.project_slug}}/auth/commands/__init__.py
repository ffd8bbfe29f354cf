"""The commands of manage.py."""

{% if cookiecutter.store_backend == "memory" %}
from auth.commands import memory, moving, texts, users

COMMANDS = [*users.COMMANDS, *moving.COMMANDS, *memory.COMMANDS, *texts.COMMANDS]
{% else %}
from auth.commands import audit, database, moving, sessions, texts, users

COMMANDS = [
    *(*users.COMMANDS, *sessions.COMMANDS, *audit.COMMANDS, *database.COMMANDS),
    *(*moving.COMMANDS, *texts.COMMANDS),
]
{% endif %}
