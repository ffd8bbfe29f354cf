"""What a user is told of their second factor when they log in."""

from auth import clock as auth_clock
from auth import create_session, stores
from auth.events import Event
from auth.login.second_factor import news, proving
from auth.login.second_factor.proving import WrongCodeError
from auth.login.throttle import ThrottledError
from auth.records import AuditEntry
from auth.tests.conftest import Clock
from auth.tests.login.second_factor.phone import Phone
from auth.users.factors import kept, recovery


def told(phone: Phone) -> list[str]:
    return [entry.event for entry in news.since_last_login(phone.user)]


def note(event: Event, phone: Phone) -> None:
    """Have the audit know of something."""
    stores.current().audit.add(AuditEntry(auth_clock.now(), event.text, phone.user.id))


def test_every_change_since_the_last_login_is_told_the_oldest_first(
    phone: Phone, clock: Clock
) -> None:
    clock.forward(seconds=1)
    recovery.make_codes(phone.user)
    clock.forward(seconds=1)
    kept.remove_all(phone.user)
    expected = ["second factor added", "recovery codes made", "second factor reset"]
    assert told(phone) == expected


def test_what_was_told_is_not_told_again(phone: Phone, clock: Clock) -> None:
    clock.forward(seconds=1)
    create_session("ann")
    assert told(phone) == []
    clock.forward(seconds=1)
    recovery.make_codes(phone.user)
    assert told(phone) == ["recovery codes made"]


def test_too_many_wrong_codes_are_told_and_a_few_are_not(phone: Phone, clock: Clock) -> None:
    clock.forward(seconds=1)
    create_session("ann")
    clock.forward(seconds=1)
    for number in range(11):
        try:
            proving.by_code(phone.user, phone.wrong())
        except WrongCodeError:
            assert told(phone) == []
        except ThrottledError:
            assert number == 10
    assert told(phone) == ["second factor throttled"]


def test_no_number_of_failed_logins_keeps_a_change_from_being_told(
    phone: Phone, clock: Clock
) -> None:
    clock.forward(seconds=1)
    recovery.make_codes(phone.user)
    for _ in range(100):
        clock.forward(minutes=1)
        note(Event.LOGIN_FAILED, phone)
    assert "recovery codes made" in told(phone)


def test_too_many_wrong_codes_are_told_once_however_often(phone: Phone, clock: Clock) -> None:
    create_session("ann")
    for _ in range(3):
        clock.forward(minutes=15)
        note(Event.FACTOR_THROTTLED, phone)
    clock.forward(minutes=1)
    recovery.make_codes(phone.user)
    assert told(phone) == ["second factor throttled", "recovery codes made"]
