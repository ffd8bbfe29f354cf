"""Proving again who one is: what matters asks for a login of the last minutes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from auth import clock, cookies, texts
from auth.events import Event, record
from auth.gate import choosing, claims, forms, refusals
from auth.login import one_time
from auth.records import NotAcceptableError, UnavailableError, UnknownUserError
from auth.sessions import sessions, tokens
from auth.settings import load_settings
from auth.visitor import handshake

_P = ParamSpec("_P")
_R = TypeVar("_R")


def is_recent() -> bool:
    """Tell whether the user of this tab has proved who they are within the last minutes.

    The store is asked, as for `current_user`: nothing in session_state counts.
    """
    try:
        return is_within_limit(claims.ask().proved_at)
    except UnavailableError as error:
        record(Event.STORE_UNAVAILABLE, reason=error)
        return False


def is_within_limit(proved_at: datetime | None) -> bool:
    """Tell whether a proof of the password is recent enough.

    Raises:
        SettingsError: A setting has a wrong value.
    """
    limit = timedelta(minutes=load_settings().recent_login_minutes)
    return proved_at is not None and clock.now() - proved_at < limit


def recent_login_required(function: Callable[_P, _R]) -> Callable[_P, _R | None]:
    """Let a widget's callback run only if the login is recent.

    A call that is not let through does nothing and returns None. If the page calls
    `require_recent_login`, it asks for the password next. Whoever has to do something before
    they are anybody here is not let through either.

    Args:
        function: The callback.
    """

    @wraps(function)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R | None:
        may_call = is_recent() and claims.ask().user.is_logged_in
        return function(*args, **kwargs) if may_call else None

    return guarded


def renew(prove: Callable[[claims.Finding], str | None], wrong: str | None = None) -> str | None:
    """Replace this tab's session by a new one, and keep the page.

    Args:
        prove: Called with who is there. Returns the token of a new session, or None if that
            has to wait; or raises as `by_password.log_in`, NotAcceptableError, or
            UnknownUserError if they are gone.
        wrong: What to say of a wrong password.

    Returns:
        None, or a sentence that says why there is no new session.
    """
    # Whose form it was: another connection may take the session over during the check.
    connection = handshake.connection()
    try:
        old = claims.ask()
        if old.login is None:
            return texts.current().login_ended
        token = prove(old)
    except refusals.REFUSALS as error:
        return refusals.explain(error, wrong, texts.current().unchecked)
    except NotAcceptableError as error:
        return str(error)
    except UnknownUserError:
        return texts.current().login_ended
    if token is None:
        return None
    claims.hold(tokens.hash_token(token), connection)
    try:
        cookies.write(token, connection)
        sessions.log_out(old.login)
    except UnavailableError as error:
        record(Event.STORE_UNAVAILABLE, reason=error)
    return None


def choose_password() -> None:
    """Set the password that somebody chose in place of a one-time one. Runs as a callback."""
    password, repeated = choosing.typed()

    def choose(who: claims.Finding) -> str:
        if who.unfinished is None or not who.unfinished.has_one_time_password:
            raise UnknownUserError
        return one_time.choose_password(who.unfinished, password)

    if problem := forms.find_problem(password, repeated) or renew(choose):
        choosing.refuse(problem)
