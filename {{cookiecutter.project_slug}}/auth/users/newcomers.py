"""People of a list from elsewhere, who become users: all of them or none."""

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from auth import clock
from auth.passwords import foreign, hashing
from auth.passwords.made_up import new_password
from auth.records import NotAcceptableError, User, new_user_id
from auth.usernames import acceptable_display_name, acceptable_email, acceptable_name
from auth.users import directory, roles

_NONE = "!"  # with which Django marks who has no password


class Newcomer(NamedTuple):
    """A person as a list has them, with nothing checked.

    Attributes:
        line: In which line of the list the person begins.
        username: The name.
        email: The address; "" for none.
        display_name: What people call them; "" for none.
        roles: Their roles, in capitals or not.
        password_hash: The hash of their password, of whatever program; "" for none.
        problem: Why the list cannot be read there, in a sentence; "" if it can.
    """

    line: int
    username: str
    email: str = ""
    display_name: str = ""
    roles: tuple[str, ...] = ()
    password_hash: str = ""
    problem: str = ""


def as_users(people: list[Newcomer]) -> list[User]:
    """Return people as new users, of whom those without a password have "" for a hash.

    Raises:
        NotAcceptableError: Some cannot be users. The message has a line for each, and says why.
    """
    owners: dict[str, str] = {}
    for user in directory.list_users():
        owners |= dict.fromkeys(_called(user), f"the user {user.username}, who already exists")
    users: list[User] = []
    problems: list[str] = []
    for person in people:
        try:
            user = _user_of(person)
            for text in _called(user):
                if text in owners:
                    raise NotAcceptableError(f"{text} belongs to {owners[text]}.")
        except NotAcceptableError as error:
            problems.append(f"Line {person.line} ({person.username}): {error}")
        else:
            owners |= dict.fromkeys(_called(user), f"whoever is in line {person.line}")
            users.append(user)
    if problems:
        raise NotAcceptableError("\n".join(problems))
    return users


def give_passwords(users: list[User], lifetime: timedelta) -> tuple[list[User], dict[str, str]]:
    """Return users of whom those without a hash have a one-time password, and these by name.

    Args:
        users: The users, some of whom have "" for a hash.
        lifetime: How long the one-time passwords can be used, once.
    """
    end = clock.now() + lifetime
    passwords = {user.username: new_password() for user in users if not user.password_hash}
    return [
        replace(
            user,
            password_hash=hashing.hash_random(passwords[user.username]),
            password_expires_at=end,
        )
        if user.username in passwords
        else user
        for user in users
    ], passwords


def usable_hash(password_hash: str) -> str:
    """Return a hash of whatever program as it is kept here; "" if it stands for no password.

    Raises:
        NotAcceptableError: No password can be checked against it; the message says why.
    """
    if not password_hash or password_hash.startswith(_NONE):
        return ""
    known = foreign.known_form(password_hash)
    if why := hashing.why_unusable(known):
        raise NotAcceptableError(f"The password hash {why}.")
    return known


def _called(user: User) -> list[str]:
    return [text for text in (user.username, user.email) if text]


def _user_of(person: Newcomer) -> User:
    if person.problem:
        raise NotAcceptableError(person.problem)
    return User(
        new_user_id(),
        acceptable_name(person.username),
        usable_hash(person.password_hash),
        roles=roles.checked(role.lower() for role in person.roles),
        email=acceptable_email(person.email),
        display_name=acceptable_display_name(person.display_name),
    )
