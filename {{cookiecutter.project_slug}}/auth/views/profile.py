"""The part of the page Account about what people are called: their display name and address."""

from collections.abc import Callable

import streamlit as st

from auth import gate, texts
from auth.gate import claims, forms, recent, refusals
from auth.records import EmailTakenError, NotAcceptableError, UnavailableError, UnknownUserError
from auth.users import profile
from auth.visitor.internals import hidden

# Called with a sentence that says what went wrong, or None, and what was done otherwise.
_Notify = Callable[[str | None, str], None]


def draw(notify: _Notify) -> None:
    """Draw it. The address takes a recent login: it is a way to log in.

    Args:
        notify: Has the page say how a change went.
    """
    say, user = texts.current(), gate.current_user()
    st.subheader(say.profile)
    with st.form("auth_change_display_name"):
        shown = "" if user.display_name == user.name else user.display_name
        key = hidden(f"auth_display_name_{shown}")
        st.text_input(say.display_name, shown, key=key, autocomplete="name")
        st.form_submit_button(
            say.save_display_name, on_click=_save_display_name, args=[key, notify]
        )
    if not recent.is_recent():
        st.text(say.your_email.format(email=user.email or "–"))
        return
    with st.form("auth_change_email"):
        key = hidden(f"auth_email_{user.email}")
        st.text_input(say.email, user.email, key=key, autocomplete="email")
        st.form_submit_button(say.save_email, on_click=_save_email, args=[key, notify])


@gate.login_required
def _save_display_name(key: str, notify: _Notify) -> None:
    """Change the display name as it was typed. Runs before the script, as a callback."""
    problem = _problem_with(lambda name: profile.set_display_name(name, forms.typed_text(key)))
    notify(problem, texts.current().display_name_saved)


@gate.recent_login_required
def _save_email(key: str, notify: _Notify) -> None:
    """Change the address as it was typed. Runs as a callback."""
    problem = _problem_with(lambda name: profile.set_email(name, forms.typed_text(key)))
    notify(problem, texts.current().email_saved)


def _problem_with(change: Callable[[str], None]) -> str | None:
    """Change something about whoever is there, and return why that was not possible, or None."""
    say = texts.current()
    try:
        change(gate.current_user().name)
        claims.forget()
    except NotAcceptableError as error:
        return str(error)
    except EmailTakenError as error:
        return say.email_taken.format(email=error)
    except UnknownUserError:
        return say.login_ended
    except UnavailableError as error:
        return refusals.explain(error, outage=say.unchecked)
    return None
