"""What a login takes of users who have a second factor, or have to have one."""

from collections.abc import Callable

import streamlit as st

from auth import texts
from auth.gate import claims, logins, one_step, recent, refusals
from auth.gate import forms as login_forms
from auth.gate.second_factor import finishing, forms, notices, passkey, setting_up
from auth.login import by_password
from auth.login.second_factor import between, remembered
from auth.records import UnavailableError, UnknownUserError, User
from auth.users import directory
from auth.users.factors import kept
from auth.visitor import handshake
from auth.visitor.connections import Connection


def go_on(user: User, connection: Connection, old: str | None) -> None:
    """Have a connection go on as a user, or wait for their second factor.

    Args:
        user, connection, old: As of `one_step.go_on`.

    Raises:
        UnavailableError: The store cannot be reached.
    """
    factors = kept.list_of(user)
    if not factors:
        finishing.enter(user, connection, old)
    elif remembered.is_known(user, factors):
        # Whoever finds it open, with the password in it, has not proved the factor.
        finishing.enter(user, connection, old, "remembered browser", is_recent=False)
    else:
        between.start(connection, user, factors, old)
        connection.sees_public = False


def draw_form(on_back: Callable[[], None] | None) -> None:
    """Draw the login form.

    Args:
        on_back: As `forms.draw_login` takes it.
    """
    field = "username webauthn" if passkey.place() else "username"
    one_step.draw_form(on_back, go_on, autocomplete=field, draw_more=passkey.draw_login)


def draw_unfinished(found: claims.Finding) -> bool:
    """Draw what comes before a page, and tell whether there is anything in its place.

    Args:
        found: Who is there.
    """
    cancel = texts.current().log_out, logins.log_out
    waiting = between.find(handshake.connection())
    if waiting and not waiting.is_again:
        with login_forms.card():
            forms.draw(waiting)
        return True
    if one_step.draw_unfinished(found):
        return True
    if found.unfinished and not recent.is_within_limit(found.proved_at):
        with login_forms.card():
            draw_again()
            st.button(cancel[0], type="tertiary", width="stretch", on_click=cancel[1])
        return True
    if setting_up.draw_unfinished(found, cancel, passkey.draw_adding):
        return True
    if found.user.is_logged_in:
        notices.draw()
    return False


def draw_again(why: str | None = None) -> None:
    """Draw what somebody who is logged in proves once more who they are with.

    Args:
        why: The sentence that asks for the password; None for the usual one.
    """
    waiting = between.find(handshake.connection())
    if waiting and waiting.is_again and waiting.old == claims.ask().login:
        forms.draw(waiting)
    else:
        login_forms.draw_password(_log_in_again, why)


def why_no_new_password() -> str | None:
    """Return what has to come before users change their password, as a sentence, or None.

    It takes a recent login of those who have a second factor: the password alone would start a
    new session.
    """
    say = texts.current()
    try:
        if recent.is_recent() or not kept.has_any(directory.get(claims.ask().user.name)):
            return None
    except UnavailableError as error:
        return refusals.explain(error, outage=say.unchecked)
    except UnknownUserError:
        return say.login_ended
    return say.confirm_for_password


def _log_in_again() -> None:
    """Check the password that was typed, and ask for the second factor. Runs as a callback."""
    # Whose form it was: another connection may take the session over during the check.
    connection, say = handshake.connection(), texts.current()
    password = login_forms.typed_password()
    if not password:
        login_forms.refuse_password(say.enter_password)
        return

    def prove(who: claims.Finding) -> str | None:
        name = who.unfinished.username if who.unfinished else who.user.name
        user = by_password.prove(name, password)
        if not (factors := kept.list_of(user)):
            return by_password.enter(user)
        between.start(connection, user, factors, who.login, is_again=True)
        return None

    if problem := recent.renew(prove, say.wrong_password):
        login_forms.refuse_password(problem)
