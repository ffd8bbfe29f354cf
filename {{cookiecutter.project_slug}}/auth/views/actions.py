"""What administrators do by a click on the page Users, and what the page says of it."""

from collections.abc import Callable
from functools import wraps
from typing import NamedTuple

import streamlit as st

from auth import gate, texts
from auth.gate import forms, refusals
from auth.records import (
    EmailTakenError,
    LastUserError,
    NotAcceptableError,
    UnavailableError,
    UnknownUserError,
    UserExistsError,
)
from auth.users import administrators
from auth.users.administrators import OwnAccountError
from auth.visitor import visiting
from auth.visitor.internals import hidden

_NOTICE = hidden("auth_users_notice")


class Notice(NamedTuple):
    """What the page says once: what was done or why not, and what is to be handed over."""

    text: str
    is_problem: bool = False
    password: str | None = None
    link: str | None = None


def draw_notice() -> None:
    """Draw what the last click did, once."""
    notice: Notice | None = st.session_state.pop(_NOTICE, None)
    if notice is None:
        return
    (st.error if notice.is_problem else st.success)(forms.plain(notice.text))
    if notice.password:
        st.code(notice.password, language=None)
        st.caption(texts.current().hand_over)
    if notice.link:
        st.code(notice.link, language=None, wrap_lines=True)
        st.caption(texts.current().hand_over_link)


def administrators_only(action: Callable[..., str | Notice]) -> Callable[..., None]:
    """Have a callback run for administrators only, as themselves, and the page say how it went.

    Args:
        action: Called with the arguments of the callback. Returns what was done.
    """

    @gate.role_required(administrators.ROLE)
    @gate.recent_login_required
    @wraps(action)
    def act(*arguments: str) -> None:
        say = texts.current()
        with visiting.acting_as(gate.current_user().name):
            try:
                done = action(*arguments)
            except OwnAccountError:
                problem = say.own_account
            except LastUserError as error:
                problem = say.last_administrator.format(name=error)
            except UnknownUserError as error:
                problem = say.user_is_gone.format(name=error)
            except UserExistsError as error:
                problem = say.user_exists.format(name=error)
            except EmailTakenError as error:
                problem = say.email_taken.format(email=error)
            except NotAcceptableError as error:
                problem = str(error)
            except UnavailableError as error:
                problem = refusals.explain(error, outage=say.not_now)
            else:
                st.session_state[_NOTICE] = Notice(done) if isinstance(done, str) else done
                return
        st.session_state[_NOTICE] = Notice(problem, is_problem=True)

    return act
