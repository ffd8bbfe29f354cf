"""The commands of manage.py."""

{% if cookiecutter.store_backend == "memory" %}
from auth.commands import invitations, memory, texts, users

COMMANDS = [*users.COMMANDS, *invitations.COMMANDS, *memory.COMMANDS, *texts.COMMANDS]
{% else %}
from auth.commands import audit, database, invitations, sessions, texts, users

COMMANDS = [
    *(*users.COMMANDS, *invitations.COMMANDS, *sessions.COMMANDS, *audit.COMMANDS),
    *(*database.COMMANDS, *texts.COMMANDS),
]
{% endif %}
