"""The `demo_users` answer: names, each of which is also its own password, and their roles."""

import re
from collections import Counter
from typing import NamedTuple

from .roles import check_roles, split_marks
from .texts import quote, split_list


class DemoUser(NamedTuple):
    """A user that a new project has.

    Attributes:
        name: The username, in lower case, and the password.
        roles: What the user may do beyond logging in.
    """

    name: str
    roles: tuple[str, ...]


def parse_demo_users(answer: str) -> list[DemoUser]:
    """Return the demo users of an answer without mistakes.

    >>> parse_demo_users("Ann @admin, ben")
    [DemoUser(name='ann', roles=('admin',)), DemoUser(name='ben', roles=())]
    """
    return [parse_demo_user(entry) for entry in split_list(answer)]


def parse_demo_user(entry: str) -> DemoUser:
    """Read one entry of the `demo_users` answer, whatever it is."""
    name, roles = split_marks(entry)
    return DemoUser(name.lower(), roles)


def check_demo_users(answer: str) -> list[str]:
    """Return what is wrong with the `demo_users` answer.

    Valid: ``, `test1 @admin, test2`, `ann@example.com`.
    Invalid: `a b`, `ann,`, `ann, Ann`, `ann @Sales`, a name of more than 64 characters.
    """
    entries = split_list(answer)
    users = [parse_demo_user(entry) for entry in entries]
    problems = []
    for entry, user in zip(entries, users, strict=True):
        what = f"The demo user {quote(entry)}"
        if not re.fullmatch(r"[A-Za-z0-9._@-]{1,64}", split_marks(entry)[0]):
            problems.append(
                f"{what} has to be 1 to 64 letters, digits or any of _ . @ and -, "
                "and then a space and @role for each role."
            )
        else:
            problems += check_roles(what, user.roles)
    problems += [
        f"The demo user {quote(name)} is listed {times} times."
        for name, times in Counter(user.name for user in users).items()
        if times > 1 and name
    ]
    return problems
