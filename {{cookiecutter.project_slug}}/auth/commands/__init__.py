"""The commands of manage.py."""

{% set has_factors = "second_factor" in cookiecutter.accounts %}
{% if cookiecutter.store_backend == "memory" %}
from auth.commands import invitations, memory, moving, {{ "second_factor, " if has_factors }}texts, users

COMMANDS = [
    *(*users.COMMANDS, *invitations.COMMANDS, *moving.COMMANDS),
    *(*memory.COMMANDS, *texts.COMMANDS),
{% else %}
{% if has_factors %}
from auth.commands import (
    audit,
    database,
    invitations,
    moving,
    second_factor,
    sessions,
    texts,
    users,
)
{% else %}
from auth.commands import audit, database, invitations, moving, sessions, texts, users
{% endif %}

COMMANDS = [
    *(*users.COMMANDS, *invitations.COMMANDS, *sessions.COMMANDS, *audit.COMMANDS),
    *(*database.COMMANDS, *moving.COMMANDS, *texts.COMMANDS),
{% endif %}
{% if has_factors %}
    *second_factor.COMMANDS,
{% endif %}
]
