"""Demo users: who is one, and where they can log in."""

import json

import pytest

from auth import create_session, demo, passwords, sessions, users, validate_session, verify_user
from auth.login import WrongPasswordError, log_in
from auth.settings import PROJECT
from auth.stores.base import User
from auth.stores.interface import Store
from tests import labels
from tests.conftest import NEW_PASSWORD, PASSWORD, Configure, Log
from tests.demo import add_demo_user
from tests.tab import Tab

REFUSED = 'event="demo user refused" reason="in production"'


@pytest.fixture
def tess() -> str:
    """The name and the password of a demo user."""
    return add_demo_user("tess")


@pytest.fixture
def _in_production(configure: Configure) -> None:
    """Run the app for real people."""
    configure(app_env="production")


def test_whose_name_is_the_password_is_a_demo_user(tess: str, ann: str) -> None:
    assert demo.is_one(users.get(tess))
    assert not demo.is_one(users.get(ann))


def test_whoever_has_a_new_password_is_none_any_more(tess: str) -> None:
    users.set_password(tess, NEW_PASSWORD)
    assert not demo.is_one(users.get(tess))


@pytest.mark.parametrize("password_hash", ["", "$", "$scrypt$", "$scrypt$ln=1", "scrypt", "x$y$z"])
def test_a_hash_that_cannot_be_one_is_no_demo_user_s(password_hash: str) -> None:
    assert not demo.is_one(User("tess", password_hash))


def test_a_hash_under_another_name_is_no_demo_user_s(tess: str) -> None:
    assert not demo.is_one(User("uma", users.get(tess).password_hash))


def test_a_login_in_development_leaves_a_demo_user_one(tess: str) -> None:
    assert verify_user(tess, tess)
    assert demo.is_one(users.get(tess))


def test_the_hash_of_somebody_else_is_still_replaced_by_a_better_one(store: Store) -> None:
    old = passwords._context.handler("scrypt").hash(PASSWORD)
    store.users.add(User("old", old))
    upgraded: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            type(store.users),
            "upgrade_password_hash",
            lambda self, user, password_hash: upgraded.append(password_hash),
        )
        assert verify_user("old", PASSWORD)
    assert len(upgraded) == 1


@pytest.mark.usefixtures("_in_production")
def test_in_production_nobody_logs_in_as_a_demo_user(tess: str, log: Log) -> None:
    assert not verify_user(tess, tess)
    with pytest.raises(WrongPasswordError):
        log_in(tess, tess, "192.0.2.1")
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
def test_in_production_the_hash_of_a_demo_user_is_not_looked_at(
    tess: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # To check it, and to find it right, takes another time than to find it wrong.
    checked: list[str | None] = []
    check = passwords.check_password

    def note(password: str, password_hash: str | None, kinds: set[str]) -> object:
        checked.append(password_hash)
        return check(password, password_hash, kinds)

    monkeypatch.setattr(passwords, "check_password", note)
    assert not verify_user(tess, tess)
    assert not verify_user("nobody", "nobody")
    assert checked == [None, None]


def test_a_name_as_password_is_refused_in_production_whatever_the_hash(
    store: Store, configure: Configure, log: Log
) -> None:
    store.users.add(User("test-one", passwords.hash_password("test-one")))
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
    users.set_password(tess, NEW_PASSWORD)
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
    (session,) = sessions.list_sessions(tess)
    assert sessions.find_user_by_hash(session.token_hash) is None


def test_every_user_that_came_with_the_project_is_one() -> None:
    seeds = json.loads((PROJECT / "seeds" / "users.json").read_text(encoding="utf-8"))
    kept = {name: user["password_hash"] for name, user in seeds.items()}
    first = {name: text for name, text in kept.items() if text.startswith("$scrypt$")}
    assert [name for name, text in first.items() if not demo.is_one(User(name, text))] == []
