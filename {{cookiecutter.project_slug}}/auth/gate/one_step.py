"""What a login takes: a password, and another one if that was for once."""

from collections.abc import Callable
from functools import partial
from typing import Any

from auth import texts
from auth.gate import choosing, claims, forms, logins, recent, refusals
from auth.login import by_password
from auth.records import User
from auth.visitor import handshake
from auth.visitor.connections import Connection

# What comes after a password or an invitation that was right.
Next = Callable[[User, Connection, str | None], None]


def go_on(user: User, connection: Connection, old: str | None) -> None:
    """Have a connection go on as a user who has just proved who they are.

    Args:
        user: The user, as they are after that.
        connection: Whose form it was.
        old: The hash of the token of the session that the new one replaces, or None.

    Raises:
        UnavailableError: The store cannot be reached.
    """
    logins.begin(by_password.enter(user), connection, old)


def draw_form(on_back: Callable[[], None] | None, after: Next = go_on, **more: Any) -> None:
    """Draw the login form.

    Args:
        on_back: As `forms.draw_login` takes it.
        after: Called when the password is right, as `go_on`.
        more: What else `forms.draw_login` takes.
    """
    forms.draw_login(partial(_log_in, after), on_back, **more)


def draw_unfinished(found: claims.Finding) -> bool:
    """Draw what somebody has to do before they are anybody here, and tell whether there is anything."""
    say, user = texts.current(), found.unfinished
    if user is None or not user.has_one_time_password:
        return False
    cancel = say.log_out, logins.log_out
    choosing.draw(say.choose_password, say.one_time_used, recent.choose_password, cancel)
    return True


def draw_again(why: str | None = None) -> None:
    """Draw what somebody who is logged in proves once more who they are with.

    Args:
        why: The sentence that asks; None for the usual one.
    """
    forms.draw_password(_log_in_again, why)


def why_no_new_password() -> str | None:
    """Return what has to come before users change their password, as a sentence, or None."""
    return None


def _log_in(after: Next) -> None:
    """Check what was typed into the form. Runs before the script, as a callback."""
    # Whose form it was: another connection may take the session over during the check.
    connection = handshake.connection()
    username, password = forms.typed()
    if not (username and password):
        forms.notify(texts.current().enter_both, "hint")
        return
    try:
        old = claims.ask().login
        after(by_password.prove(username, password), connection, old)
    except refusals.REFUSALS as error:
        forms.notify(refusals.explain(error))


def _log_in_again() -> None:
    """Check the password that was typed, and start a new session. Runs as a callback."""
    password = forms.typed_password()
    if not password:
        forms.refuse_password(texts.current().enter_password)
        return
    wrong = texts.current().wrong_password
    if problem := recent.renew(lambda who: by_password.log_in(who.user.name, password), wrong):
        forms.refuse_password(problem)
