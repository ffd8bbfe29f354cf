"""Demo users: who is one, and where they can log in."""

import pytest

from auth import create_session, texts, validate_session, verify_user
from auth.login.by_password import WrongPasswordError, log_in
from auth.passwords import hashing
from auth.sessions import sessions
from auth.stores.interface import Store
from auth.tests import labels
from auth.tests.conftest import NEW_PASSWORD, PASSWORD, Configure, Log
from auth.tests.demo import add_demo_user
from auth.tests.people import person
from auth.tests.tab import Tab
from auth.users import demo, directory
from auth.visitor.visiting import acting_as

REFUSED = 'event="demo user refused" reason="in production"'


@pytest.fixture
def tess() -> str:
    """The name and the password of a demo user."""
    return add_demo_user("tess")


@pytest.fixture
def _in_production(configure: Configure) -> None:
    """Run the app for real people."""
    configure(app_env="production")


def test_whoever_has_a_new_password_is_none_any_more(tess: str) -> None:
    assert directory.get(tess).is_demo
    directory.set_password(directory.get(tess), NEW_PASSWORD)
    assert not directory.get(tess).is_demo


def test_the_name_is_the_password_and_nothing_else_is(tess: str, ann: str) -> None:
    assert verify_user(tess, tess)
    assert not verify_user(tess, "demo")
    assert not verify_user(tess, "TESS")
    assert not verify_user(ann, ann)
    assert directory.get(tess).is_demo


def test_a_demo_user_who_is_disabled_cannot_log_in(tess: str) -> None:
    directory.disable_user(tess)
    assert not verify_user(tess, tess)


@pytest.mark.usefixtures("_in_production")
def test_in_production_nobody_logs_in_as_a_demo_user(tess: str, log: Log) -> None:
    assert not verify_user(tess, tess)
    with pytest.raises(WrongPasswordError):
        log_in(tess, tess)
    assert log.lines[0] == f"{REFUSED} user=tess"
    assert log.levels[0] == "WARNING"


@pytest.mark.usefixtures("_in_production")
def test_however_often_it_is_tried_the_log_says_so_once_in_a_while(tess: str, log: Log) -> None:
    for _ in range(20):
        assert not verify_user(tess, tess)
    assert sum("demo user refused" in line for line in log.lines) == 1


@pytest.mark.usefixtures("_in_production")
def test_in_production_a_visitor_reads_what_everybody_with_a_wrong_password_does(
    tess: str, tab: Tab
) -> None:
    tab.log_in(tess, tess)
    assert tab.error == labels.WRONG_PASSWORD
    assert tab.shows_login_form


@pytest.mark.usefixtures("_in_production")
def test_a_demo_user_takes_as_long_as_nobody(tess: str, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str | None] = []
    check = hashing.check_password

    def note(password: str, password_hash: str | None) -> object:
        checked.append(password_hash)
        return check(password, password_hash)

    monkeypatch.setattr(hashing, "check_password", note)
    assert not verify_user(tess, tess)
    assert not verify_user("nobody", "nobody")
    assert checked == [None, None]


def test_a_name_as_password_is_refused_in_production_whatever_the_hash(
    store: Store, configure: Configure, log: Log
) -> None:
    store.users.add(person("test-one", hashing.hash_password("test-one")))
    assert verify_user("test-one", "test-one")
    configure(app_env="production")
    assert not verify_user("test-one", "test-one")
    assert f"{REFUSED} user=test-one" in log.lines


@pytest.mark.usefixtures("_in_production")
def test_in_production_everybody_else_logs_in(ann: str, log: Log) -> None:
    assert verify_user(ann, PASSWORD)
    assert not verify_user(ann, ann)
    assert not any("demo user refused" in line for line in log.lines)


@pytest.mark.usefixtures("_in_production")
def test_a_demo_user_who_gets_a_password_logs_in_in_production(tess: str) -> None:
    directory.set_password(directory.get(tess), NEW_PASSWORD)
    assert verify_user(tess, NEW_PASSWORD)


def test_a_login_from_development_is_worth_nothing_in_production(
    tess: str, ann: str, configure: Configure
) -> None:
    of_tess, of_ann = create_session(tess), create_session(ann)
    tab = Tab(of_tess).run()
    assert tab.user == tess
    configure(app_env="production")
    assert validate_session(of_tess) is None
    assert validate_session(of_ann) == ann
    assert tab.run().shows_login_form
    ((session, _),) = sessions.list_sessions(directory.get(tess))
    assert sessions.find_alive(session.token_hash).user is None


@pytest.fixture
def _two(ann: str) -> None:
    """A store with two demo users, one of them an administrator, and somebody else."""
    add_demo_user("tess", "admin")
    add_demo_user("uma")


@pytest.mark.usefixtures("_two")
def test_all_but_the_last_administrator_are_removed_and_logged_out() -> None:
    token = create_session("uma")
    kept = {"tess": texts.current().stays_last}
    assert demo.remove_all() == (["uma"], kept)
    assert validate_session(token) is None
    assert [user.username for user in directory.list_users()] == ["ann", "tess"]


@pytest.mark.usefixtures("_two")
def test_whoever_forces_it_has_none_left() -> None:
    assert demo.remove_all(force=True) == (["tess", "uma"], {})
    assert [user.username for user in directory.list_users()] == ["ann"]


@pytest.mark.usefixtures("_two")
def test_whoever_removes_them_stays() -> None:
    add_demo_user("vera", "admin")
    with acting_as("vera"):
        done = demo.remove_all()
    assert done == (["tess", "uma"], {"vera": texts.current().stays_own})
    assert str(done) == "Removed tess, uma. vera stays: it is your own account."


@pytest.mark.usefixtures("_two")
def test_one_who_is_gone_meanwhile_is_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    found = directory.list_demo()
    monkeypatch.setattr(directory, "list_demo", lambda: found)
    directory.remove_user("uma")
    assert demo.remove_all(force=True).removed == ["tess"]


@pytest.mark.usefixtures("_two")
def test_many_are_named_in_part() -> None:
    for name in ("vera", "wanda", "xenia"):
        add_demo_user(name)
    assert demo.name_some(directory.list_demo()) == "tess, uma, vera and 2 more"
