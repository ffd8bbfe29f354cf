"""Invitations: who gets one, what it is good for, and what ends it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final, NoReturn

import pytest

from auth import create_session, stores, validate_session, verify_user
from auth.login import by_password, invitations, one_time
from auth.login.by_password import WrongPasswordError
from auth.login.invitations import InvitationRefusedError
from auth.login.throttle import ThrottledError
from auth.records import NotAcceptableError, StoreUnavailableError, UserExistsError
from auth.stores.interface import Store
from auth.tests.conftest import NEW_PASSWORD, PASSWORD, Clock, Configure, Log, run_command
from auth.tests.invited import code_in
from auth.tests.people import visit
from auth.users import administrators, directory, transfer
from auth.visitor.visiting import acting_as


def disable_and_enable() -> None:
    directory.disable_user("carol")
    directory.enable_user("carol")


def remove_and_invite() -> None:
    directory.remove_user("carol")
    invitations.invite("carol")


# What ends an invitation before its time.
ENDS: Final[dict[str, Callable[[], object]]] = {
    "a new invitation": lambda: invitations.invite("carol"),
    "a password that was set": lambda: directory.set_password(directory.get("carol"), PASSWORD),
    "a one-time password": lambda: one_time.reset_password("carol"),
    "disabling": lambda: directory.disable_user("carol"),
    "disabling that was taken back": disable_and_enable,
    "the end of all sessions": lambda: directory.end_sessions(),
    "removal": lambda: directory.remove_user("carol"),
    "removal, and another of the name": remove_and_invite,
}


@pytest.fixture
def code() -> str:
    """The code of Carol's invitation, who is new."""
    return code_in(invitations.invite("Carol", ["sales"]))


# What it is good for


def test_whoever_has_it_chooses_a_password_and_is_in_with_the_roles(code: str) -> None:
    user = invitations.accept(code, NEW_PASSWORD)
    assert validate_session(by_password.enter(user)) == "carol"
    assert verify_user("carol", NEW_PASSWORD)
    assert directory.get("carol").roles == ("sales",)


def test_it_can_be_used_once(code: str) -> None:
    invitations.accept(code, NEW_PASSWORD)
    with pytest.raises(InvitationRefusedError):
        invitations.accept(code, PASSWORD)
    assert verify_user("carol", NEW_PASSWORD)


def test_it_lasts_72_hours(clock: Clock) -> None:
    first, second = (code_in(invitations.invite(name)) for name in ("carol", "dave"))
    clock.forward(hours=71, minutes=59)
    assert invitations.accept(first, NEW_PASSWORD)
    clock.forward(minutes=1)
    with pytest.raises(InvitationRefusedError):
        invitations.accept(second, NEW_PASSWORD)


@pytest.mark.parametrize("end", ENDS.values(), ids=list(ENDS))
def test_it_ends_before_its_time_by(end: Callable[[], object], code: str, log: Log) -> None:
    end()
    with pytest.raises(InvitationRefusedError):
        invitations.accept(code, NEW_PASSWORD)
    assert log.lines[-1].startswith('event="invitation refused"')
    assert not verify_user("carol", NEW_PASSWORD)


def test_whoever_is_disabled_by_hand_has_no_use_of_it(code: str, store: Store) -> None:
    store.users.put(replace(directory.get("carol"), disabled=True))
    with pytest.raises(InvitationRefusedError):
        invitations.accept(code, NEW_PASSWORD)


def test_an_import_ends_it_and_another_name_does_not(code: str, tmp_path: Path) -> None:
    directory.rename_user("carol", "caroline")
    exported = tmp_path / "exported.json"
    exported.write_text(transfer.export_users())
    assert invitations.accept(code, NEW_PASSWORD).username == "caroline"
    transfer.carry_out(transfer.prepare(exported, timedelta(days=1)))
    with pytest.raises(InvitationRefusedError):
        invitations.accept(code, NEW_PASSWORD)


@pytest.mark.parametrize(
    "change",
    [
        lambda code: "",
        lambda code: code[:-1],
        lambda code: f"{code}0",
        lambda code: code[:43],
        lambda code: f"{code[:43]}0{code[43:]}",
        lambda code: f"{code[:43]}٣",
        lambda code: code.swapcase(),
        lambda code: f" {code}",
        lambda code: f"{code}\n",
        lambda code: f"{'A' * 43}{code[43:]}",
        lambda code: "\ud800",
        lambda code: "carol",
        lambda code: "%" * 100_000,
    ],
)
def test_anything_else_is_none(change: Callable[[str], str], code: str) -> None:
    with pytest.raises(InvitationRefusedError):
        invitations.accept(change(code), NEW_PASSWORD)
    assert invitations.accept(code, NEW_PASSWORD)


@pytest.mark.parametrize("password", ["short", "password", "carol", "Sales figures", "\ud800" * 9])
def test_a_password_against_the_rules_is_refused_and_it_can_be_used_again(
    password: str, code: str, configure: Configure
) -> None:
    configure(throttle_failures=1)
    for _ in range(3):
        with pytest.raises(NotAcceptableError):
            invitations.accept(code, password)
    assert invitations.accept(code, NEW_PASSWORD)


def test_it_is_no_password_and_no_session(code: str, log: Log) -> None:
    for password in ("", code, code[:43], directory.get("carol").password_hash, "carol"):
        with pytest.raises(WrongPasswordError):
            by_password.log_in("carol", password)
        assert not verify_user("carol", password)
    assert validate_session(create_session("carol")) is None
    assert not any("unusable" in line for line in log.lines)


def test_who_has_not_chosen_a_password_is_no_administrator_yet() -> None:
    code = code_in(invitations.invite("carol", ["admin"]))
    assert not administrators.is_one(directory.get("carol"))
    invitations.accept(code, NEW_PASSWORD)
    assert administrators.is_one(directory.get("carol"))


# Who gets one


def test_each_is_another_and_nobody_can_guess_it(code: str, store: Store) -> None:
    codes = {code_in(invitations.invite("carol")) for _ in range(20)} | {code}
    assert len({each[:43] for each in codes}) == 21
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}[0-9]+", each) for each in codes)


def test_the_store_has_only_the_hash(code: str) -> None:
    kept = f"{directory.get('carol')} {transfer.export_users()}"
    assert code[:43] not in kept


def test_whoever_has_a_password_is_not_invited(ann: str) -> None:
    with pytest.raises(UserExistsError, match="ann"):
        invitations.invite("Ann ", ["sales"])
    assert verify_user(ann, PASSWORD)
    assert directory.get(ann).roles == ()


def test_whoever_is_disabled_is_not_invited(code: str) -> None:
    directory.disable_user("carol")
    with pytest.raises(UserExistsError):
        invitations.invite("carol")


def test_an_invitation_takes_the_place_of_a_one_time_password_with_more_roles(code: str) -> None:
    password = one_time.reset_password("carol")
    new = code_in(invitations.invite("carol", ["finance"]))
    with pytest.raises(WrongPasswordError):
        by_password.log_in("carol", password)
    assert invitations.accept(new, NEW_PASSWORD)
    assert directory.get("carol").roles == ("sales", "finance")


@pytest.mark.parametrize(
    ("name", "roles"), [("a b", []), ("carol", ["Sales"]), ("carol", ["public"])]
)
def test_a_name_or_a_role_that_cannot_be_invites_nobody(name: str, roles: list[str]) -> None:
    with pytest.raises(NotAcceptableError):
        invitations.invite(name, roles)
    assert directory.list_users() == []


def test_who_invites_at_the_same_moment_is_told(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    find = directory.find
    others: list[str] = []

    def find_and_be_overtaken(name: str) -> object:
        user = find(name)
        monkeypatch.setattr(directory, "find", find)
        others.append(invitations.invite("carol"))
        return user

    monkeypatch.setattr(directory, "find", find_and_be_overtaken)
    with pytest.raises(NotAcceptableError, match="Somebody else has changed this password"):
        invitations.invite("carol")
    assert invitations.accept(code_in(others[0]), NEW_PASSWORD)


def test_what_is_left_of_it_is_said(code: str, clock: Clock) -> None:
    invitations.invite("dave")
    assert one_time.describe(directory.get("dave")) == "invited, and has not chosen a password yet"
    directory.end_sessions("dave")
    over = "needs a new invitation: the last one has ended"
    assert one_time.describe(directory.get("dave")) == over
    clock.forward(hours=100)
    assert one_time.describe(directory.get("carol")) == over
    listed = run_command("list-users").output
    assert listed == f"carol (the role sales, {over})\ndave ({over})\n"


# Where the link goes


@pytest.mark.parametrize(
    ("settings", "address", "base"),
    [
        ({}, None, "http://localhost:8501"),
        ({}, "https://seen.example.com/base", "https://seen.example.com/base"),
        ({"app_url": "https://app.example.com/"}, None, "https://app.example.com"),
        ({"app_url": "https://app.example.com"}, "http://10.0.0.1", "https://app.example.com"),
        ({"app_env": "production"}, "https://seen.example.com", "https://seen.example.com"),
    ],
)
def test_the_link_begins_with_the_setting_or_with_what_the_browser_shows(
    settings: dict[str, str], address: str | None, base: str, configure: Configure
) -> None:
    configure(**settings)
    link = invitations.invite("carol", address=address)
    assert link.partition("#")[0] == f"{base}/?auth=invitation"


def test_in_production_nobody_is_invited_to_an_unknown_address(configure: Configure) -> None:
    configure(app_env="production")
    result = run_command("invite", "carol")
    assert result.exit_code == 1
    assert "Set APP_URL" in result.output
    assert directory.list_users() == []


@pytest.mark.parametrize("url", ["app.example.com", "https://a?b", "javascript:x", "https://a#b"])
def test_a_setting_that_is_no_address_is_refused(url: str, configure: Configure) -> None:
    configure(app_url=url)
    result = run_command("invite", "carol")
    assert result.exit_code == 1
    assert "APP_URL" in result.output


def test_the_command_prints_the_link_and_gives_the_roles() -> None:
    result = run_command("invite", "Carol", "--role", "sales", "--role", "finance")
    said, link = result.output.splitlines()
    assert said == "Invited carol."
    assert invitations.accept(code_in(link.split()[-1]), NEW_PASSWORD)
    assert directory.get("carol").roles == ("sales", "finance")
    again = run_command("invite", "carol")
    assert (again.exit_code, again.output) == (1, "Error: The user carol already exists.\n")


def test_the_command_gives_an_address_and_a_name_and_keeps_them_without_another() -> None:
    called = ["--email", "Carol@example.com", "--name", "Carol Jones"]
    assert run_command("invite", "carol", *called).exit_code == 0
    user = directory.get("carol")
    assert (user.email, user.display_name) == ("carol@example.com", "Carol Jones")
    assert run_command("invite", "carol").exit_code == 0
    assert run_command("invite", "carol", "--email", "c.jones@example.com").exit_code == 0
    user = directory.get("carol")
    assert (user.email, user.display_name) == ("c.jones@example.com", "Carol Jones")


@pytest.mark.parametrize("invited_before", [False, True])
def test_nobody_is_invited_with_the_address_of_another(invited_before: bool) -> None:
    run_command("invite", "dave", "--email", "dave@example.com")
    codes = [code_in(invitations.invite("carol"))] if invited_before else []
    result = run_command("invite", "carol", "--email", "Dave@example.com")
    assert result.exit_code == 1
    assert "Another user has the address dave@example.com" in result.output
    assert [directory.find("carol") is not None] == [invited_before]
    for code in codes:  # which is still good
        assert invitations.accept(code, NEW_PASSWORD)


# Limits, outages and the log


def test_tries_are_limited_by_place(code: str, configure: Configure) -> None:
    configure(throttle_failures=1)
    visit("192.0.2.1")
    for number in range(10):
        with pytest.raises(InvitationRefusedError):
            invitations.accept(f"{'A' * 43}{number}", NEW_PASSWORD)
    with pytest.raises(ThrottledError):
        invitations.accept(code, NEW_PASSWORD)
    with pytest.raises(ThrottledError):
        by_password.log_in("carol", PASSWORD)
    visit("192.0.2.2")
    assert invitations.accept(code, NEW_PASSWORD)


def test_tries_from_elsewhere_keep_nobody_out(code: str, configure: Configure) -> None:
    configure(throttle_failures=1)
    for number in range(200):
        visit(f"192.0.2.{number}")
        with pytest.raises(InvitationRefusedError):
            invitations.accept(f"{'A' * 43}{number}", NEW_PASSWORD)
    visit("198.51.100.1")
    assert invitations.accept(code, NEW_PASSWORD)


def test_tries_count_for_no_user(ann: str, configure: Configure) -> None:
    configure(throttle_failures=1)
    visit("192.0.2.1")
    for text in (ann, f"invitation {ann}"):
        with pytest.raises(InvitationRefusedError):
            invitations.accept(text, NEW_PASSWORD)
    assert by_password.log_in(ann, PASSWORD)


def test_an_outage_is_nobodys_failure_and_uses_nothing_up(
    code: str, store: Store, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **options: object) -> NoReturn:
        raise StoreUnavailableError("no answer")

    configure(throttle_failures=1)
    with monkeypatch.context() as patch:
        patch.setattr(type(store.users), "set_password", fail)
        for _ in range(2):
            with pytest.raises(StoreUnavailableError):
                invitations.accept(code, NEW_PASSWORD)
    assert stores.current() is store
    assert invitations.accept(code, NEW_PASSWORD)


def test_what_happens_is_recorded_and_nothing_secret_with_it(code: str, log: Log) -> None:
    with acting_as("boss"):
        second = code_in(invitations.invite("dave", ["sales"]))
        third = code_in(invitations.invite("dave"))
    visit("192.0.2.9")
    for each in (second, code):
        try:
            invitations.accept(each, NEW_PASSWORD)
        except InvitationRefusedError:
            continue
    events = [line.partition(" address=")[0] for line in log.lines]
    assert events == [
        'event="user added" user=dave actor=boss',
        'event="roles granted" user=dave roles=sales actor=boss',
        "event=invited user=dave actor=boss",
        'event="invitation refused" reason="unknown, replaced or used"',
        'event="password changed" user=carol',
        'event="invitation used" user=carol',
    ]
    hashes = [directory.get(name).password_hash for name in ("carol", "dave")]
    secret = [*(each[:43] for each in (code, second, third)), NEW_PASSWORD, *hashes]
    assert not any(each in line for each in secret for line in log.lines)
