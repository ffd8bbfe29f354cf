"""What administrators do by a click on the page Users, and what the page says of it."""

from collections.abc import Callable
from functools import wraps
from typing import NamedTuple

import streamlit as st

from auth import actor, administrators, forms, gate, handshake, refusals
from auth.administrators import OwnAccountError
from auth.settings import SettingsError
from auth.stores.base import (
    LastUserError,
    StoreUnavailableError,
    UnknownUserError,
    UserExistsError,
)

OUTAGE = "This is not possible right now. Please try again in a moment."

_NOTICE = "auth_users_notice"


class Notice(NamedTuple):
    """What the page says once: what was done or why not, and a password that was made up."""

    text: str
    is_problem: bool = False
    password: str | None = None


def draw_notice() -> None:
    """Draw what the last click did, once."""
    notice: Notice | None = st.session_state.pop(_NOTICE, None)
    if notice is None:
        return
    (st.error if notice.is_problem else st.success)(forms.plain(notice.text))
    if notice.password:
        st.code(notice.password, language=None)
        st.caption(
            "Hand this password over now: it is shown once. It is good for one login within "
            "24 hours, at which its user chooses another."
        )


def administrators_only(action: Callable[..., str | Notice]) -> Callable[..., None]:
    """Have a callback run for administrators only, as themselves, and the page say how it went.

    Args:
        action: Called with the arguments of the callback. Returns what was done.
    """

    @gate.role_required(administrators.ROLE)
    @gate.recent_login_required
    @wraps(action)
    def act(*arguments: str) -> None:
        with actor.acting_as(gate.current_user().name, handshake.address()):
            try:
                done = action(*arguments)
            except OwnAccountError:
                problem = "You cannot do this to yourself. Another administrator can."
            except LastUserError as error:
                problem = f"{error} is the last administrator who may log in: make another first."
            except UnknownUserError as error:
                problem = f"There is no user {error} any more."
            except UserExistsError as error:
                problem = f"The user {error} already exists."
            except ValueError as error:
                problem = str(error)
            except (SettingsError, StoreUnavailableError) as error:
                problem = refusals.explain(error, outage=OUTAGE)
            else:
                st.session_state[_NOTICE] = Notice(done) if isinstance(done, str) else done
                return
        st.session_state[_NOTICE] = Notice(problem, is_problem=True)

    return act
