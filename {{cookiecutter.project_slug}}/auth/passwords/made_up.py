"""Passwords that nobody chose."""

import secrets

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_GROUPS, _LENGTH = 4, 5  # 99 random bits


def new_password() -> str:
    """Return a password of random letters and digits, in groups with hyphens."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)
