"""The part of the page Account about who one is, and what one is called."""

from collections.abc import Callable

import streamlit as st

from auth import gate, texts
from auth.gate import claims, forms, recent, refusals
from auth.records import EmailTakenError, NotAcceptableError, UnavailableError, UnknownUserError
from auth.users import profile
from auth.visitor.internals import hidden

from auth.views import notices, tables

_SAVE_NAME = hidden("auth_save_display_name")
_SAVE_EMAIL = hidden("auth_save_email")
_NOTICE = hidden("auth_profile_notice")


def draw() -> None:
    """Draw it. The address takes a recent login: it is a way to log in."""
    say, user, may_change = texts.current(), gate.current_user(), recent.is_recent()
    st.caption(say.about_you)
    notices.draw(_NOTICE)
    with st.container(border=True):
        roles = tables.join(*map(tables.badge, sorted(user.roles)))
        address = "" if may_change else user.email
        known = [(say.username, user.name), (say.email, address), (say.roles, roles)]
        st.html(tables.facts(known))
        left, right = st.columns(2)
        with left.form("auth_change_display_name", border=False):
            shown = "" if user.display_name == user.name else user.display_name
            key = hidden(f"auth_display_name_{shown}")
            st.text_input(say.display_name, shown, key=key, autocomplete="name")
            st.form_submit_button(
                say.save_display_name, key=_SAVE_NAME, on_click=_save_display_name, args=[key]
            )
        if may_change:
            with right.form("auth_change_email", border=False):
                key = hidden(f"auth_email_{user.email}")
                st.text_input(say.email, user.email, key=key, autocomplete="email")
                st.form_submit_button(
                    say.save_email, key=_SAVE_EMAIL, on_click=_save_email, args=[key]
                )


@gate.login_required
def _save_display_name(key: str) -> None:
    """Change the display name as it was typed. Runs before the script, as a callback."""
    problem = _problem_with(lambda name: profile.set_display_name(name, forms.typed_text(key)))
    notices.keep(_NOTICE, problem, texts.current().display_name_saved)


@gate.recent_login_required
def _save_email(key: str) -> None:
    """Change the address as it was typed. Runs as a callback."""
    problem = _problem_with(lambda name: profile.set_email(name, forms.typed_text(key)))
    notices.keep(_NOTICE, problem, texts.current().email_saved)


def _problem_with(change: Callable[[str], None]) -> str | None:
    """Change something about whoever is there, and return why that was not possible, or None."""
    say = texts.current()
    try:
        change(gate.current_user().name)
        claims.forget()
    except NotAcceptableError as error:
        return str(error)
    except EmailTakenError as error:
        return say.email_taken.format(email=forms.plain(str(error)))
    except UnknownUserError:
        return say.login_ended
    except UnavailableError as error:
        return refusals.explain(error, outage=say.unchecked)
    return None
