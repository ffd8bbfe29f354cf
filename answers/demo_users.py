"""The `demo_users` answer: names, each of which is also its own password."""

import re
from collections import Counter

from .texts import quote, split_list


def check_demo_users(answer: str) -> list[str]:
    """Return what is wrong with the `demo_users` answer.

    Valid: ``, `test1, test2`, `ann@example.com`.
    Invalid: `a b`, `ann,`, `ann, ann`, a name of more than 64 characters.
    """
    names = split_list(answer)
    problems = [
        f"The demo user {quote(name)} has to be 1 to 64 letters, digits or any of _ . @ and -."
        for name in names
        if not re.fullmatch(r"[A-Za-z0-9._@-]{1,64}", name)
    ]
    problems += [
        f"The demo user {quote(name)} is listed {times} times."
        for name, times in Counter(names).items()
        if times > 1 and name
    ]
    return problems
