"""Sessions: how they begin, and each way in which they end."""

from typing import NoReturn

import pytest

from auth import create_session, destroy_session, stores, validate_session
from auth.login import by_password
from auth.records import StoreUnavailableError
from auth.sessions import sessions
from auth.sessions.tokens import hash_token, new_token
from auth.stores.interface import Store
from auth.tests.conftest import NEW_PASSWORD, PASSWORD, Clock, Configure, Log
from auth.tests.people import visit
from auth.tests.stores.at_once import at_once
from auth.users import directory

ODD_TOKENS = ["", "x", "A" * 85, "A" * 86, "A" * 87, "A" * 85 + "\n", "ü" * 86, "' OR 1=1 --", "\0"]


def test_a_token_stands_for_its_user(ann: str) -> None:
    assert validate_session(create_session(ann)) == ann


def test_every_token_is_new_and_safe_in_a_cookie(ann: str) -> None:
    tokens = {create_session(ann) for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == 86 and token.isascii() for token in tokens)
    assert all(token.replace("-", "").replace("_", "").isalnum() for token in tokens)


@pytest.mark.parametrize("token", ODD_TOKENS)
@pytest.mark.usefixtures("ann")
def test_what_no_session_has_is_nobody(token: str) -> None:
    assert validate_session(token) is None


def test_no_token_that_is_made_up_is_a_session(ann: str) -> None:
    token = create_session(ann)
    assert not any(validate_session(new_token()) for _ in range(100))
    assert validate_session(token) == ann


@pytest.mark.parametrize("token", ODD_TOKENS)
def test_ending_what_no_session_has_is_fine(token: str) -> None:
    destroy_session(token)


def test_the_hash_of_a_token_is_no_token(ann: str) -> None:
    assert validate_session(hash_token(create_session(ann))) is None


def test_a_session_is_found_by_the_hash_of_its_token_where_only_that_is_known(ann: str) -> None:
    token = create_session(ann)
    found = sessions.find_alive(hash_token(token))
    assert found == sessions.find(hash_token(token))
    assert found.user == directory.get(ann)
    destroy_session(token)
    assert sessions.find_alive(hash_token(token)).user is None


def test_an_ended_session_is_over_and_no_other_is(ann: str) -> None:
    ended, other = create_session(ann), create_session(ann)
    destroy_session(ended)
    assert validate_session(ended) is None
    assert validate_session(other) == ann


def test_a_session_ends_after_its_hours_however_busy(
    ann: str, clock: Clock, configure: Configure
) -> None:
    configure(session_hours=2)
    token = create_session(ann)
    for _ in range(3):
        clock.forward(minutes=39)
        assert validate_session(token) == ann
    clock.forward(minutes=3)
    assert validate_session(token) is None


def test_a_session_without_an_idle_limit_waits(
    ann: str, clock: Clock, configure: Configure
) -> None:
    configure(session_hours=48, session_idle_hours=0)
    token = create_session(ann)
    clock.forward(hours=47)
    assert validate_session(token) == ann


def test_an_idle_session_ends_and_a_used_one_goes_on(
    ann: str, clock: Clock, configure: Configure
) -> None:
    configure(session_hours=10, session_idle_hours=1)
    idle, used = create_session(ann), create_session(ann)
    clock.forward(minutes=40)
    assert validate_session(used) == ann
    clock.forward(minutes=40)
    assert validate_session(used) == ann
    assert [session.token_hash for session, _ in sessions.list_sessions()] == [hash_token(used)]
    assert validate_session(idle) is None


def test_a_used_session_goes_on_however_short_the_idle_limit(
    ann: str, clock: Clock, configure: Configure
) -> None:
    configure(session_idle_hours=0.01)
    token = create_session(ann)
    for _ in range(20):
        clock.forward(seconds=10)
        assert validate_session(token) == ann
    clock.forward(seconds=37)
    assert validate_session(token) is None


def test_a_session_ends_with_its_user(ann: str) -> None:
    token = create_session(ann)
    directory.remove_user(ann)
    assert validate_session(token) is None


def test_a_session_ends_when_its_user_is_disabled_and_does_not_come_back(ann: str) -> None:
    token = create_session(ann)
    directory.disable_user(ann)
    assert validate_session(token) is None
    directory.enable_user(ann)
    assert validate_session(token) is None


def test_a_session_of_a_disabled_user_is_nobodys_and_stays_so(ann: str) -> None:
    directory.disable_user(ann)
    token = create_session(ann)
    assert validate_session(token) is None
    directory.enable_user(ann)
    assert validate_session(token) is None


def test_a_session_does_not_pass_to_whoever_gets_the_name_again(ann: str) -> None:
    token, before = create_session(ann), directory.get(ann)
    directory.remove_user(ann)
    directory.add_user(ann, PASSWORD)
    assert validate_session(token) is None
    assert validate_session(sessions.start(before)) is None
    assert sessions.list_sessions() == []


def test_a_login_forgets_sessions_that_have_expired(
    ann: str, clock: Clock, configure: Configure
) -> None:
    configure(session_hours=2, session_idle_hours=0)
    create_session(ann)
    clock.forward(hours=2)
    create_session(ann)
    assert sessions.purge() == 0


def test_a_login_that_was_being_checked_while_the_password_changed_is_over(ann: str) -> None:
    checked = by_password.prove(ann, PASSWORD)
    directory.set_password(directory.get(ann), NEW_PASSWORD)
    assert validate_session(sessions.start(checked)) is None


def test_a_session_of_a_user_who_does_not_exist_is_nobodys() -> None:
    assert validate_session(create_session("nobody")) is None


def test_a_last_use_that_cannot_be_kept_logs_nobody_out(
    ann: str, clock: Clock, store: Store, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    def fail(token_hash: str, last_seen_at: object) -> NoReturn:
        raise StoreUnavailableError("no answer")

    token = create_session(ann)
    clock.forward(minutes=2)
    monkeypatch.setattr(type(store.sessions), "touch", lambda _, *given: fail(*given))
    assert validate_session(token) == ann
    label = hash_token(token)[:8]
    assert log.lines[-1] == f'event="last use not recorded" reason="no answer" session={label}'


def test_a_user_has_so_many_sessions_and_the_oldest_gives_way(
    ann: str, bob: str, clock: Clock, configure: Configure, log: Log
) -> None:
    configure(sessions_per_user=3)
    of_bob = create_session(bob)
    started = []
    for _ in range(5):
        started.append(create_session(ann))
        clock.forward(minutes=1)
    assert [validate_session(token) for token in started] == [None, None, ann, ann, ann]
    assert validate_session(of_bob) == bob
    label = hash_token(started[1])[:8]
    assert log.lines[-1] == f'event="oldest session ended" user={ann} session={label}'


def test_many_who_log_in_at_once_leave_a_user_no_more_sessions_than_allowed(
    ann: str, bob: str
) -> None:
    of_bob = create_session(bob)
    pairs = at_once(lambda _: [create_session(ann), create_session(ann)])
    living = [token for pair in pairs for token in pair if validate_session(token)]
    assert len(living) == len(sessions.list_sessions(directory.get(ann))) == 20
    assert validate_session(of_bob) == bob


def test_a_new_session_lives_also_beside_others_of_the_same_moment(
    ann: str, clock: Clock, configure: Configure
) -> None:
    configure(sessions_per_user=1)
    for _ in range(10):
        assert validate_session(create_session(ann)) == ann


def test_what_is_known_of_a_session_says_when_it_was_proved(ann: str, clock: Clock) -> None:
    started = clock.now()
    token = create_session(ann)
    clock.forward(hours=1)
    assert sessions.find(hash_token(token)).proved_at == started
    assert sessions.find(hash_token("A" * 86)).proved_at is None


def test_an_idle_session_is_told_from_one_that_expired(
    ann: str, clock: Clock, configure: Configure
) -> None:
    configure(session_hours=2, session_idle_hours=1)
    idle, expired = create_session(ann), create_session(ann)
    clock.forward(minutes=90)
    assert sessions.find_alive(hash_token(idle)).user is None
    assert sessions.find(hash_token(idle)).was_idle
    assert not sessions.find(hash_token(idle)).was_idle
    clock.forward(minutes=30)
    assert not sessions.find(hash_token(expired)).was_idle


def test_any_text_fits_as_the_address_of_a_session(ann: str, clock: Clock) -> None:
    visit("x" * 10_000)
    sessions.start(directory.get(ann))
    ((session, _),) = stores.current().sessions.list_all(clock.now())
    assert session.address == "x" * 64
