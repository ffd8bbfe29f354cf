"""The commands of manage.py."""

{% if cookiecutter.store_backend == "memory" %}
from auth.commands import sessions, users

COMMANDS = [*users.COMMANDS, *sessions.COMMANDS]
{% else %}
from auth.commands import database, sessions, users

COMMANDS = [*users.COMMANDS, *sessions.COMMANDS, *database.COMMANDS]
{% endif %}
