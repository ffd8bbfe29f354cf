"""The part of the page Users about the user who is chosen, and what can be done with them."""

from collections.abc import Callable, Iterable
from functools import wraps

import streamlit as st

from auth import texts
from auth.access import known_roles
from auth.gate import forms
from auth.login import one_time
from auth.records import NotAcceptableError, UnknownUserError, User
from auth.users import directory, roles
from auth.visitor.internals import hidden

from auth.views import asking, badges, listing, tables
from auth.views.actions import Notice, administrators_only
from auth.views.listing import Listing


def draw(
    user: User, shown: Listing, asked: str | None, draw_action: Callable[[User], None]
) -> None:
    """Draw it.

    Args:
        user: Who is chosen.
        shown: Who is shown beside them.
        asked: The id of whom the page is to ask about before they are removed, or None.
        draw_action: Draws what else can be done about them.
    """
    say, about = texts.current(), [user.id, user.username]
    with st.container(border=True, key=f"auth_person_{user.id}"):
        known = (badges.of(user), *map(tables.pale, listing.called(user)))
        st.html(tables.heading(user.username, *known))
        with st.form(f"auth_roles_form_{user.id}", border=False):
            had = " ".join(user.roles)
            key = hidden(f"auth_roles_{user.id}_{had}")
            draw_roles(key, shown.roles, user.roles)
            save, arguments = hidden(f"auth_save_roles_{user.id}"), [*about, key, had]
            st.form_submit_button(say.save_roles, key=save, on_click=_set_roles, args=arguments)
        with st.form(f"auth_rename_form_{user.id}", border=False):
            new = hidden(f"auth_rename_{user.id}_{user.username}")
            st.text_input(say.rename_to, user.username, key=new, autocomplete="off")
            save = hidden(f"auth_save_name_{user.id}")
            st.form_submit_button(say.rename, key=save, on_click=_rename, args=[*about, new])
        with st.container(horizontal=True, key="auth_person_actions"):
            switch = (say.enable, _enable) if user.disabled else (say.disable, _disable)
            for label, action in (
                switch,
                (say.unlock, _unlock),
                (say.end_sessions, _end_sessions),
                (say.reset_password, _reset_password),
            ):
                st.button(label, key=_key(label, user), on_click=action, args=about)
            draw_action(user)
        with st.container(key="auth_danger_user"):
            st.button(say.remove, key=_key(say.remove, user), on_click=_ask_removal, args=about)
    if asked == user.id:
        means = say.removal_means.format(name=user.username)
        asking.draw(say.remove_question, means, _remove, *about)


def draw_roles(key: str, options: Iterable[str], chosen: Iterable[str] = ()) -> None:
    """Draw a field for roles.

    Args:
        key: The field's.
        options: The roles to choose from. Others can be typed.
        chosen: Those that are in it at first.
    """
    say, at_first = texts.current(), list(chosen)
    st.multiselect(
        say.roles,
        sorted({*options, *at_first, *known_roles()}),
        at_first or None,
        key=key,
        accept_new_options=True,
        placeholder=say.choose_roles,
    )


def _key(label: str, user: User) -> str:
    return hidden(f"auth_{label}_{user.id}")


def action_on_user(action: Callable[..., str | Notice]) -> Callable[..., None]:
    """Have a callback act on the user who is chosen, as `administrators_only`.

    What was chosen or typed may have changed since the page was drawn: then the click was
    meant for somebody else than the callback knows. And the name may be somebody else's by now.
    """

    @wraps(action)
    def act(user_id: str, name: str, *arguments: str) -> str | Notice:
        if listing.chosen_id() != user_id:
            raise NotAcceptableError(texts.current().another_was_chosen)
        if directory.get(name).id != user_id:
            raise UnknownUserError(name)
        return action(name, *arguments)

    return administrators_only(act)


@action_on_user
def _reset_password(name: str) -> Notice:
    password = one_time.reset_password(name)
    done = texts.current().password_was_reset.format(name=name)
    return Notice(done, password=password)


@action_on_user
def _set_roles(name: str, key: str, had: str) -> str:
    roles.replace(name, forms.typed_list(key), had.split())
    return texts.current().roles_saved.format(name=name)


@action_on_user
def _rename(name: str, key: str) -> str:
    new_name = directory.rename_user(name, forms.typed_text(key))
    return texts.current().was_renamed.format(name=name, new_name=new_name)


@action_on_user
def _disable(name: str) -> str:
    directory.disable_user(name)
    return texts.current().was_disabled.format(name=name)


@action_on_user
def _enable(name: str) -> str:
    directory.enable_user(name)
    return texts.current().was_enabled.format(name=name)


@action_on_user
def _unlock(name: str) -> str:
    directory.unlock(name)
    return texts.current().was_unlocked.format(name=name)


@action_on_user
def _end_sessions(name: str) -> str:
    directory.end_sessions(name)
    return texts.current().sessions_were_ended.format(name=name)


@action_on_user
def _remove(name: str) -> str:
    directory.remove_user(name)
    return texts.current().was_removed.format(name=name)


def _ask_removal(user_id: str, _: str) -> None:
    asking.ask(user_id)
