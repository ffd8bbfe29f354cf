"""What a login takes: from the form to the page, and to prove once more who one is."""

{% if "second_factor" in cookiecutter.accounts %}
from auth.gate.second_factor.two_steps import (
    draw_again,
    draw_form,
    draw_unfinished,
    go_on,
    why_no_new_password,
)
{% else %}
from auth.gate.one_step import (
    draw_again,
    draw_form,
    draw_unfinished,
    go_on,
    why_no_new_password,
)
{% endif %}

__all__ = [
    "draw_again",
    "draw_form",
    "draw_unfinished",
    "go_on",
    "why_no_new_password",
]
