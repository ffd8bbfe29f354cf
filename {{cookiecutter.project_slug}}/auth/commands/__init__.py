"""The commands of manage.py."""

{% if cookiecutter.store_backend == "memory" %}
from auth.commands import invitations, memory, moving, texts, users

COMMANDS = [
    *(*users.COMMANDS, *invitations.COMMANDS, *moving.COMMANDS),
    *(*memory.COMMANDS, *texts.COMMANDS),
]
{% else %}
from auth.commands import audit, database, invitations, moving, sessions, texts, users

COMMANDS = [
    *(*users.COMMANDS, *invitations.COMMANDS, *sessions.COMMANDS, *audit.COMMANDS),
    *(*database.COMMANDS, *moving.COMMANDS, *texts.COMMANDS),
]
{% endif %}
