"""The end of a login of two steps: the session, and what its user has to be told."""

from contextlib import suppress
from datetime import UTC

from auth import texts
from auth.gate import claims, forms, logins, recent
from auth.gate.second_factor import notices
from auth.login import by_password
from auth.login.second_factor import between, news, remembered
from auth.login.second_factor.between import Between
from auth.records import AuditEntry, StoreUnavailableError, UnknownUserError, User
from auth.users.factors import kept, recovery
from auth.visitor.connections import Connection


def enter(
    user: User,
    connection: Connection,
    old: str | None,
    proof: str | None = None,
    *,
    is_recent: bool = True,
) -> None:
    """Have a connection go on as a user who has proved all that is asked of them.

    Args:
        user, connection, old: As of `one_step.go_on`.
        proof: What they have proved it by besides the password, for the log.
        is_recent: As of `sessions.start`.

    Raises:
        UnavailableError: The store cannot be reached.
    """
    told = _news_of(user)
    logins.begin(by_password.enter(user, proof, is_recent=is_recent), connection, old)
    notices.forget(connection)
    notices.keep(connection, *told)


def finish(
    waiting: Between, connection: Connection, proof: str, *, remember: bool = False
) -> str | None:
    """Let somebody in who has proved by a second factor who they are.

    Args:
        waiting: The login that waited for that.
        connection: Whose form it was.
        proof: What they have used: "code", "recovery code" or "passkey".
        remember: Whether this browser need not be asked the next time.

    Returns:
        None, or a sentence that says why there is no new session.

    Raises:
        UnavailableError: As `enter`.
    """
    user, problem = waiting.user, None
    if waiting.is_again:
        told = _news_of(user)
        problem = recent.renew(lambda who: _renew(who, waiting, proof))
        notices.keep(connection, *told)
    else:
        enter(user, connection, waiting.old, proof)
    between.end(waiting)
    with suppress(StoreUnavailableError):
        if remember:
            remembered.remember(user, kept.list_of(user))
        if proof == "recovery code":
            left = recovery.codes_left(user)
            notices.keep(connection, texts.current().recovery_code_used.format(number=left))
    return problem


def _renew(who: claims.Finding, waiting: Between, proof: str) -> str:
    if who.login != waiting.old:
        raise UnknownUserError(waiting.user.username)
    return by_password.enter(waiting.user, proof)


def _news_of(user: User) -> list[str]:
    return [_as_sentence(entry) for entry in news.since_last_login(user)]


def _as_sentence(entry: AuditEntry) -> str:
    say = texts.current()
    at = f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M}"
    return forms.plain(say.since_last_login.format(event=say.of_event(entry.event), time=at))
