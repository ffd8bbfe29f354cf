"""What is drawn in place of a page: the login form, and why there is none."""

import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Final, Literal

import streamlit as st

from auth import texts
from auth.gate import brand
from auth.passwords import rules
from auth.records import SettingsError
from auth.settings import load_settings
from auth.visitor.internals import hidden

_USERNAME = hidden("auth_username")
_PASSWORD = hidden("auth_password")
_LOG_IN = hidden("auth_log_in")
_BACK = hidden("auth_back")
_TRY_AGAIN = hidden("auth_try_again")
_AGAIN = hidden("auth_password_again")
_CONTINUE = hidden("auth_clicked@again")
_AGAIN_NOTICE = hidden("auth_notice_again")
_NOTICE = hidden("auth_notice")
_TIMER: Final = timedelta(minutes=10)
_DRAW: Final[Mapping[str, Callable[[str], object]]] = {
    "error": st.error,
    "info": st.info,
    "hint": lambda text: st.markdown(f":red[{plain(text)}]"),
}
# Streamlit cannot focus a field. It draws one a moment after the script has come.
_FOCUS = """<script>
(function focus(frames) {
    const fields = document.querySelectorAll('.st-key-auth_card input[autocomplete~="KIND"]');
    if (fields.length < COUNT && frames) {
        requestAnimationFrame(() => focus(frames - 1));
    } else if (!document.activeElement.matches(".st-key-auth_card input")) {
        fields[0]?.focus();
    }
})(300); // RUN
</script>"""


def plain(text: str) -> str:
    """Return text that Streamlit shows as it is, and not as Markdown."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def draw_login(
    on_submit: Callable[[], None],
    on_back: Callable[[], None] | None = None,
    autocomplete: str = "username",
    draw_more: Callable[[], None] = lambda: None,
) -> None:
    """Draw the login form.

    Args:
        on_submit: Called before the next script run, when somebody submits it.
        on_back: Called likewise, when somebody wants the page instead; None where they
            may not see it.
        autocomplete: What the browser offers in the first field.
        draw_more: Draws what else there is to log in with.
    """
    settings, say = load_settings(), texts.current()
    with card():
        with st.container():  # Also without a notice, so that the form stays where it is.
            _draw_notice("error", "info")
        with st.form("auth_login", border=False):
            st.text_input(say.username, key=_USERNAME, autocomplete=autocomplete)
            st.text_input(
                say.password,
                key=_PASSWORD,
                type="password",
                autocomplete="current-password",
                placeholder=" ",  # By this, the style knows whether there is a password.
            )
            _draw_notice("hint")
            st.form_submit_button(
                say.log_in, key=_LOG_IN, type="primary", width="stretch", on_click=on_submit
            )
        draw_more()
        if way_back := settings.forgot_password or say.forgot_password:
            st.caption(way_back, text_alignment="center")
        if on_back:
            st.button(say.back, key=_BACK, type="tertiary", width="stretch", on_click=on_back)
    focus("current-password" if _text(_USERNAME) else "username")


def ask_again() -> None:
    """Have Streamlit's page ask for a run when it connects again.

    It does so only if it has a timer. A session without a login is never resumed, and until a run
    the new one knows no callback: what is typed and clicked first would be lost. With a login, a
    timer would keep it from its idle limit.
    """
    st.fragment(lambda: None, run_every=_TIMER)()


def typed() -> tuple[str, str]:
    """Return what was typed into the login form, username and password, and empty the password."""
    return _text(_USERNAME).strip(), typed_password(_PASSWORD)


def draw_password(on_submit: Callable[[], None], why: str | None = None) -> None:
    """Draw the form that asks somebody who is logged in for the password again.

    Args:
        on_submit: Called before the next script run, when it is submitted.
        why: The sentence that asks; None for the usual one.
    """
    say = texts.current()
    with st.form("auth_again"):
        st.write(why or say.enter_password_again)
        st.text_input(say.password, key=_AGAIN, type="password", autocomplete="current-password")
        st.form_submit_button(say.continue_, key=_CONTINUE, type="primary", on_click=on_submit)
    if notice := st.session_state.pop(_AGAIN_NOTICE, None):
        st.error(notice)


def draw_new_password(key: str, key_of_repeated: str) -> None:
    """Draw the fields of a new password, and what it may be, before one that may not is refused."""
    say = texts.current()
    with st.container(gap="xxsmall"):
        st.text_input(say.new_password, key=key, type="password", autocomplete="new-password")
        st.caption(rules.in_words())
    st.text_input(
        say.repeat_new_password, key=key_of_repeated, type="password", autocomplete="new-password"
    )


def typed_text(key: str) -> str:
    """Return what was typed into a field, without spaces around it."""
    return _text(key).strip()


def typed_list(key: str) -> list[str]:
    """Return what was chosen and typed into a field for several texts."""
    values = st.session_state.get(key, [])
    return [str(value).strip() for value in values]


def typed_password(key: str = _AGAIN) -> str:
    """Return what was typed into a password field, and empty it.

    Args:
        key: The field's; that of the form that asks for the password again by default.
    """
    password = _text(key)
    st.session_state[key] = ""
    return password


def find_problem(password: str, repeated: str, *others: str) -> str | None:
    """Return why no password has been chosen, before anything is asked of it, or None.

    Args:
        password, repeated: What was typed as the new one, twice.
        others: What else has to be typed into the form.
    """
    say = texts.current()
    if not all((password, repeated, *others)):
        return say.enter_all
    return None if password == repeated else say.passwords_differ


def refuse_password(notice: str) -> None:
    """Have the form that asks for the password again show a notice."""
    st.session_state[_AGAIN_NOTICE] = notice


def notify(notice: str, kind: Literal["error", "info", "hint"] = "error") -> None:
    """Have the login form show a notice.

    Args:
        notice: A sentence.
        kind: Whether something went wrong, is only to be known, or is to be done: a hint
            stands between the fields and the button.
    """
    st.session_state[_NOTICE] = kind, notice


def forget_notice() -> None:
    """Have the login form show no notice."""
    st.session_state.pop(_NOTICE, None)


def draw_outage(sentence: str) -> None:
    """Draw that logins cannot be checked, and a button that tries again."""
    with card():
        st.error(sentence)
        st.button(texts.current().try_again, key=_TRY_AGAIN, width="stretch")


def draw_problem(sentence: str) -> None:
    """Draw why there is no page."""
    with card():
        st.error(sentence)


@contextmanager
def card() -> Iterator[None]:
    """Have what is drawn in a with block stand below the app's name, in place of a page."""
    center = st.container(horizontal_alignment="center")
    with center.container(border=True, key="auth_card", width=400):
        _draw_heading()
        yield


def _draw_heading() -> None:
    """Draw logo, name and description. With a wrong setting nobody knows the name."""
    if picture := brand.picture():
        st.html(picture)
    with suppress(SettingsError):
        settings = load_settings()
        st.title(plain(settings.app_name), anchor=False, text_alignment="center")
        if settings.app_description:
            st.caption(plain(settings.app_description), text_alignment="center")


def _draw_notice(*kinds: str) -> None:
    """Draw the notice, if there is one of these kinds."""
    kind, notice = st.session_state.get(_NOTICE, ("", ""))
    if kind in kinds:
        _DRAW[kind](notice)


def focus(autocomplete: str, count: int = 1) -> None:
    """Put the cursor into the first field of a kind, unless it is in one already.

    Args:
        autocomplete: The kind.
        count: How many fields of it there are. The browser may draw a later one first.
    """
    st.html(_focus_script(autocomplete, count), unsafe_allow_javascript=True)


def _focus_script(autocomplete: str, count: int) -> str:
    # A script that was there before would not run again.
    words = {"KIND": autocomplete, "COUNT": str(count), "RUN": secrets.token_hex(4)}
    return re.sub("KIND|COUNT|RUN", lambda word: words[word[0]], _FOCUS)


def _text(key: str) -> str:
    """Return what a field holds. Browsers send text: what else is sent is neither empty nor right."""
    value = st.session_state.get(key, "")
    return value if isinstance(value, str) else "\0"
