"""The marks at the end of a page or of a demo user: ` @role` each."""

import re
from typing import Final

from .texts import quote

PUBLIC: Final = "public"  # a mark that is no role
MAX_ROLES: Final = 20


def split_marks(entry: str) -> tuple[str, tuple[str, ...]]:
    """Return an entry without the marks at its end, and the marks without their @.

    >>> split_marks("📈 Sales @sales @finance")
    ('📈 Sales', ('sales', 'finance'))
    >>> split_marks("ann@example.com"), split_marks("@ann")
    (('ann@example.com', ()), ('@ann', ()))
    """
    marks: list[str] = []
    while True:
        rest, _, word = entry.rpartition(" ")
        if not (rest and word.startswith("@")):
            return entry, tuple(reversed(marks))
        marks.append(word[1:])
        entry = rest.rstrip()


def check_roles(what: str, roles: tuple[str, ...]) -> list[str]:
    """Return what is wrong with the roles of an entry.

    Valid: `sales`, `team-1`, `key_account`.
    Invalid: ``, `Sales`, `1st`, `public`, a role twice, more than 32 characters.
    """
    problems = []
    if len(roles) > MAX_ROLES:
        problems.append(f"{what} has {len(roles)} roles; at most {MAX_ROLES} are possible.")
    for role in dict.fromkeys(roles):
        if role == PUBLIC:
            problems.append(f"{what} has @{PUBLIC}, which is not a role.")
        elif not re.fullmatch(r"[a-z][a-z0-9_-]{0,31}", role):
            problems.append(
                f"{what} has the role {quote(role)}, which has to be a lowercase letter, "
                "then at most 31 lowercase letters, digits, _ or -."
            )
        if roles.count(role) > 1:
            problems.append(f"{what} has the role {quote(role)} more than once.")
    return problems
