"""Proving by a code who one is, after the password."""

from collections.abc import Iterator
from contextlib import contextmanager

from auth import clock
from auth.events import Event, record
from auth.login.second_factor import codes, throttle
from auth.records import User
from auth.users.factors import TOTP, Factor, kept, recovery


class WrongCodeError(Exception):
    """A code is wrong, too old or used."""


def by_code(user: User, code: str) -> None:
    """Use up the code of a user's authenticator app.

    Args:
        user: Who has given their password.
        code: What was typed.

    Raises:
        WrongCodeError: It is not the code of this moment, or it was used.
        ThrottledError: There were too many wrong ones; it was not looked at.
    """
    with _counted(user):
        if not any(_is_right(factor, code) for factor in kept.list_of(user)):
            raise WrongCodeError


def by_recovery_code(user: User, code: str) -> None:
    """Use up a user's recovery code.

    Args:
        user, code: As of `by_code`.

    Raises:
        WrongCodeError: It is none of theirs, or it was used or replaced.
        ThrottledError: As `by_code`.
    """
    with _counted(user):
        if not recovery.use_code(user, code):
            raise WrongCodeError


def _is_right(factor: Factor, code: str) -> bool:
    if factor.kind != TOTP:
        return False
    step = codes.find_step(kept.seed_of(factor), code, clock.now())
    return step is not None and kept.use_step(factor, step)


@contextmanager
def _counted(user: User) -> Iterator[None]:
    try:
        with throttle.counted(user):
            yield
    except WrongCodeError:
        record(Event.FACTOR_FAILED, user=user)
        raise
