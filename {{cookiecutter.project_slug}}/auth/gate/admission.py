"""The gate in front of the pages: who may see one, and the login in between."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, NoReturn, ParamSpec, TypeVar

import streamlit as st

from auth import cookies, texts
from auth.access import NOBODY, CurrentUser, Rule, logged_in, roles
from auth.events import Event, record
from auth.gate import brand, claims, forms, logins, recent, refusals, style, way_in, welcome
from auth.records import UnavailableError
from auth.sessions import tokens
from auth.settings import load_settings
from auth.visitor import elements, handshake, internals

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

_WANT_LOGIN = internals.hidden("auth_want_login")
_WANTS_LOGIN = internals.hidden("auth_wants_login")  # on which public page

_P = ParamSpec("_P")
_R = TypeVar("_R")


def admit(page: "StreamlitPage", pages: Mapping["StreamlitPage", Rule]) -> CurrentUser:
    """Return who is there, and draw the sidebar, if they may see a page; otherwise draw why not.

    Call it once in every run, after st.navigation, in the main area. The store is asked
    every time, so a session that ended elsewhere ends here. Whoever may not see the landing
    page goes on to the first page that they may see.

    Args:
        page: The page that Streamlit has found for the address.
        pages: Who may see each page.
    """
    say = texts.current()
    style.draw()
    if problem := cookies.problem():
        forms.draw_problem(problem)
        st.stop()
    try:
        _configure_page()
        found = claims.ask()
    except UnavailableError as error:
        record(Event.STORE_UNAVAILABLE, reason=error)
        forms.draw_outage(say.unchecked if claims.is_known() else say.outage)
        st.stop()
    if found.ended:
        label = tokens.session_label(found.ended)
        record(Event.SESSION_ENDED, user=found.ended_user, session=label)
        claims.release()
        forms.notify(refusals.explain_idle() if found.was_idle else say.login_ended, "info")
    cookies.draw(found.login)
    if not found.login:
        forms.ask_again()
    if welcome.is_asked_for():
        welcome.draw(found.user)
        st.stop()
    if way_in.draw_unfinished(found):
        st.stop()
    user, may_see = found.user, pages[page](found.user)
    wants_login = st.session_state.get(_WANTS_LOGIN) == internals.page_hash()
    if not user.is_logged_in and (wants_login or not may_see):
        way_in.draw_form(_go_back if may_see else None)
        st.stop()
    if not may_see:
        _refuse(page, pages, user)
    st.session_state.pop(_WANTS_LOGIN, None)
    handshake.connection().sees_public = not user.is_logged_in
    _name_page()
    _draw_sidebar(pages, user)
    return user


def _refuse(
    page: "StreamlitPage", pages: Mapping["StreamlitPage", Rule], user: CurrentUser
) -> NoReturn:
    """Draw why a user sees no page, or go on to one that they may see if they asked for none."""
    seen = next((other for other, rule in pages.items() if rule(user)), None)
    if seen and not page.url_path:
        st.switch_page(seen)
    record(Event.ACCESS_DENIED, user=user, page=internals.page_title())
    forms.draw_problem(texts.current().no_access)
    _draw_sidebar(pages, user)
    st.stop()


def _draw_sidebar(pages: Mapping["StreamlitPage", Rule], user: CurrentUser) -> None:
    """Draw who is there, and links to the pages that they may see."""
    say = texts.current()
    with st.sidebar:
        brand.draw(forms.plain(load_settings().app_name))
        for page, rule in pages.items():
            if rule(user):
                st.page_link(page, label=forms.plain(page.title))
        with st.container(key="auth_footer"):
            if user.is_logged_in:
                st.text(say.signed_in_as.format(name=user.name))
                _draw_logout()
            else:
                st.button(say.log_in, key=_WANT_LOGIN, width="stretch", on_click=_want_login)


def current_user() -> CurrentUser:
    """Return who is there: in a page, a fragment or a callback.

    Nobody is there, and `name` is "", on a public page without a login, after a
    login has ended, and while the store cannot be reached.
    """
    try:
        return claims.ask().user
    except UnavailableError as error:
        record(Event.STORE_UNAVAILABLE, reason=error)
        return NOBODY


def login_required(function: Callable[_P, _R]) -> Callable[_P, _R | None]:
    """Let a widget's callback or a fragment run only for a user who is logged in.

    Streamlit runs callbacks before the script and fragments without it, so
    neither goes through `admit`. A call that is not let through does nothing and
    returns None.

    Args:
        function: The callback, or the function below `@st.fragment`.
    """
    return _guarded(function, logged_in)


def role_required(*names: str) -> Callable[[Callable[_P, _R]], Callable[_P, _R | None]]:
    """Let a widget's callback or a fragment run only for a user who has one of the roles.

    Use it as `login_required`: `@role_required("sales", "finance")`.

    Args:
        names: The roles, as `roles` takes them.
    """
    rule = roles(*names)
    return lambda function: _guarded(function, rule)


def require_recent_login() -> None:
    """Go on if the user has logged in within the last minutes; otherwise ask for the password.

    Call it in a page, before anything that somebody at an unlocked computer must not reach:
    what comes after it is neither run nor drawn until then. Callbacks run before
    it, so guard them by `recent_login_required`.
    """
    if not recent.is_recent():
        way_in.draw_again()
        st.stop()


def _guarded(function: Callable[_P, _R], rule: Rule) -> Callable[_P, _R | None]:
    @wraps(function)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R | None:
        user = current_user()
        if rule(user):
            return function(*args, **kwargs)
        if user.is_logged_in:
            name = function.__qualname__
            record(Event.ACCESS_DENIED, user=user, function=name)
        return None

    return guarded


def _configure_page() -> None:
    internals.check()
    texts.check()
    st.set_page_config(page_title=load_settings().app_name, menu_items={"About": None})
    if logo := brand.find_logo():
        elements.set_icon(logo)


def _name_page() -> None:
    """Tell the browser what a page is called, to somebody who may see it."""
    settings = load_settings()
    st.set_page_config(
        page_title=f"{internals.page_title()} · {settings.app_name}",
        menu_items={"About": forms.plain(settings.app_description)},
    )


def _draw_logout() -> None:
    st.button(texts.current().log_out, width="stretch", on_click=logins.log_out)


def _want_login() -> None:
    """Show the login form in place of a public page. Runs as a callback."""
    st.session_state[_WANTS_LOGIN] = internals.page_hash()


def _go_back() -> None:
    """Show the public page again. Runs as a callback."""
    st.session_state.pop(_WANTS_LOGIN, None)
    forms.forget_notice()
