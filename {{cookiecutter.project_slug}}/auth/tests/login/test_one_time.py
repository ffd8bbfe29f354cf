"""One-time passwords."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from auth import create_session, validate_session, verify_user
from auth.login import by_password, one_time
from auth.login.by_password import WrongPasswordError
from auth.passwords.made_up import new_password
from auth.records import LastUserError, NotAcceptableError, UnknownUserError
from auth.sessions import sessions
from auth.tests import labels
from auth.tests.conftest import NEW_PASSWORD, PASSWORD, Clock, Log
from auth.tests.people import visit
from auth.tests.tab import Tab
from auth.users import directory, roles
from auth.visitor.visiting import acting_as


@pytest.fixture
def password() -> str:
    """The one-time password of Carol, who is new."""
    return one_time.add_user("Carol")


def test_each_is_another_and_can_be_typed(password: str) -> None:
    others = {one_time.reset_password("carol") for _ in range(20)}
    assert len(others | {password}) == 21
    for other in others:
        groups = other.split("-")
        assert [len(group) for group in groups] == [5] * 4
        assert not set("".join(groups)) - set("abcdefghjkmnpqrstuvwxyz23456789")


def test_a_login_with_it_asks_for_a_password_before_anything_else(password: str, tab: Tab) -> None:
    tab.log_in("carol", password)
    assert_asks_for_a_password(tab)
    for page in ("open", "bosses"):
        assert_asks_for_a_password(tab.open_page(page))


def test_the_password_that_was_chosen_is_the_one_from_then_on(password: str, tab: Tab) -> None:
    choose(tab.log_in("carol", password), NEW_PASSWORD)
    assert (tab.user, tab.page) == ("carol", "Private")
    assert verify_user("carol", NEW_PASSWORD)
    assert not verify_user("carol", password)
    assert tab.run().user == "carol"


def test_it_is_good_for_one_login(password: str, tab: Tab) -> None:
    tab.log_in("carol", password)
    other = Tab().run().log_in("carol", password)
    assert other.error == labels.WRONG_PASSWORD
    assert_asks_for_a_password(tab.run())


def test_of_many_who_use_it_at_once_one_gets_in_and_the_others_are_logged(
    password: str, log: Log
) -> None:
    def log_in(number: int) -> bool:
        try:
            visit(f"192.0.2.{number}")
            by_password.log_in("carol", password)
        except WrongPasswordError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(log_in, range(8))) == 1
    logged = [line.split(" user=carol")[0] for line in log.lines]
    assert sorted(logged) == [*['event="login failed"'] * 7, "event=login"]
    (login_line,) = (line for line in log.lines if line.startswith("event=login "))
    assert ' proof="one-time password" ' in login_line


def test_it_ends_after_a_day(password: str, tab: Tab, clock: Clock) -> None:
    password = one_time.reset_password("carol")
    clock.forward(hours=24)
    assert tab.log_in("carol", password).error == labels.WRONG_PASSWORD


def test_whoever_has_used_it_has_to_choose_within_that_day(
    tab: Tab, clock: Clock, ann: str
) -> None:
    password = one_time.reset_password(ann)
    clock.forward(hours=23)
    tab.log_in(ann, password)
    clock.forward(hours=1)
    choose(tab, NEW_PASSWORD)
    assert tab.shows_login_form
    assert not verify_user(ann, NEW_PASSWORD)


def test_it_is_no_password_for_the_public_functions(password: str) -> None:
    assert not verify_user("carol", password)
    assert validate_session(create_session("carol")) is None
    assert validate_session(by_password.log_in("carol", password)) is None


def test_a_session_without_a_password_passes_no_wall(password: str) -> None:
    token = by_password.log_in("carol", password)
    ((session, _),) = sessions.list_sessions(directory.get("carol"))
    assert validate_session(token) is None
    found = sessions.find(session.token_hash).user
    assert found is not None
    assert found.has_one_time_password


def test_callbacks_and_fragments_do_not_run_before_a_password_is_chosen(
    password: str, tab: Tab
) -> None:
    tab.log_in("carol", password)
    assert [button.label for button in tab.app.button] == [labels.SAVE, labels.LOG_OUT]
    assert "called" not in tab.app.session_state


@pytest.mark.parametrize(
    ("new", "repeated", "said"),
    [
        (NEW_PASSWORD, "another one", labels.DIFFERENT_PASSWORDS),
        ("short", "short", "8 to 1,024"),
        ("password", "password", "most common"),
        ("", "", labels.SAY.enter_all),
    ],
)
def test_what_is_wrong_is_said_and_the_form_stays(
    password: str, tab: Tab, new: str, repeated: str, said: str
) -> None:
    choose(tab.log_in("carol", password), new, repeated)
    assert tab.error is not None
    assert said in tab.error
    assert_asks_for_a_password(tab.run())
    assert tab.error is None


def test_it_cannot_be_chosen_itself(password: str, tab: Tab) -> None:
    choose(tab.log_in("carol", password), password)
    assert tab.error == labels.GIVEN_PASSWORD
    assert_asks_for_a_password(tab)


def test_whoever_does_not_want_to_choose_can_log_out(password: str, tab: Tab) -> None:
    tab.log_in("carol", password).click(labels.LOG_OUT)
    assert tab.shows_login_form
    assert sessions.list_sessions(directory.get("carol")) == []


def test_a_reset_logs_out_and_the_old_password_is_gone(ann: str, log: Log) -> None:
    token = create_session(ann)
    visit("192.0.2.9")
    with acting_as("boss"):
        one_time.reset_password(ann)
    assert validate_session(token) is None
    assert not verify_user(ann, PASSWORD)
    (line,) = (line for line in log.lines if "password reset" in line)
    assert {"user=ann", "actor=boss", "address=192.0.2.9"} <= set(line.split())


def test_a_second_reset_ends_the_login_with_the_first_password(password: str, tab: Tab) -> None:
    tab.log_in("carol", password)
    second = one_time.reset_password("carol")
    choose(tab, NEW_PASSWORD)
    assert tab.shows_login_form
    assert not verify_user("carol", NEW_PASSWORD)
    assert_asks_for_a_password(Tab().run().log_in("carol", second))


def test_a_reset_while_a_password_is_chosen_wins(password: str) -> None:
    by_password.log_in("carol", password)
    before = directory.get("carol")
    one_time.reset_password("carol")
    with pytest.raises(UnknownUserError):
        one_time.choose_password(before, NEW_PASSWORD)
    assert not verify_user("carol", NEW_PASSWORD)


def test_a_reset_is_refused_if_the_password_was_changed_since_it_began(
    ann: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = new_password

    def make_after_another() -> str:
        monkeypatch.setattr(one_time, "new_password", make)
        others.append(one_time.reset_password(ann))
        return make()

    others: list[str] = []
    monkeypatch.setattr(one_time, "new_password", make_after_another)
    with pytest.raises(NotAcceptableError, match="Somebody else has changed this password"):
        one_time.reset_password(ann)
    assert by_password.log_in(ann, others[0])


def test_two_administrators_cannot_lock_each_other_out(admin: str, ann: str) -> None:
    roles.grant(ann, ["admin"])
    with acting_as(admin):
        one_time.reset_password(ann)
    with acting_as(ann), pytest.raises(LastUserError):
        one_time.reset_password(admin)
    assert verify_user(admin, PASSWORD)


def test_nothing_secret_is_logged(password: str, tab: Tab, log: Log) -> None:
    choose(tab.log_in("carol", password), NEW_PASSWORD)
    one_time.reset_password("carol")
    assert not any(password in line or NEW_PASSWORD in line for line in log.lines)


def assert_asks_for_a_password(tab: Tab) -> None:
    assert [title.value for title in tab.app.main.subheader] == [labels.CHOOSE_A_PASSWORD]
    fields = [field.label for field in tab.app.main.text_input]
    assert fields == [labels.NEW_PASSWORD, labels.REPEAT_NEW_PASSWORD]
    assert (tab.page, tab.texts, tab.user) == (None, [], None)


def choose(tab: Tab, new: str, repeated: str | None = None) -> None:
    tab.field(labels.NEW_PASSWORD).input(new)
    tab.field(labels.REPEAT_NEW_PASSWORD).input(new if repeated is None else repeated)
    tab.click(labels.SAVE)
