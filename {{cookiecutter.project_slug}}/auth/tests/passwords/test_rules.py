"""What a new password may be."""

import pytest

from auth.passwords.rules import check
from auth.records import NotAcceptableError
from auth.tests.conftest import PASSWORD, Configure, run_command
from auth.users import directory


@pytest.mark.parametrize(
    "password", [PASSWORD, "vwkqzjxh", "x" * 1024, "ÄÖÜ äöü ß", "日本語日本語日本", "        "]
)
def test_length_is_all_that_a_password_needs(password: str) -> None:
    check(password, "ann")


@pytest.mark.parametrize("password", ["", "x" * 7, "x" * 1025, "password\0", "\ud800" * 8])
def test_a_password_of_another_length_is_refused(password: str) -> None:
    with pytest.raises(NotAcceptableError, match="8 to 1,024 characters"):
        check(password, "ann")


def test_a_character_counts_once_however_it_is_typed() -> None:
    check("e\u0301" * 8, "ann")
    with pytest.raises(NotAcceptableError, match="8 to 1,024 characters"):
        check("e\u0301" * 7, "ann")


@pytest.mark.parametrize(
    "password", ["password", "12345678", "PassWord1", "qwertyui", "i love you"]
)
def test_a_common_password_is_refused(password: str) -> None:
    with pytest.raises(NotAcceptableError, match="most common"):
        check(password, "ann")


@pytest.mark.parametrize("password", ["ann@example.com", "Ann@Example.Com", "ann @ example.com"])
def test_the_username_is_refused(password: str) -> None:
    with pytest.raises(NotAcceptableError, match="is the username"):
        check(password, "ann@example.com")


@pytest.mark.parametrize("password", ["A good app", "agoodapp", "sales figures", "SALESFIGURES"])
def test_the_names_of_the_app_and_its_pages_are_refused(
    password: str, configure: Configure
) -> None:
    configure(app_name="A good app", password_words="Home, Sales figures")
    with pytest.raises(NotAcceptableError, match="name of the app or of one of its pages"):
        check(password, "ann")


def test_the_rules_are_those_of_every_new_password(ann: str) -> None:
    with pytest.raises(NotAcceptableError, match="most common"):
        directory.add_user("bob", "password")
    with pytest.raises(NotAcceptableError, match="most common"):
        directory.set_password(directory.get(ann), "password")


def test_the_terminal_says_which_rule_it_is() -> None:
    result = run_command("add-user", "ann", "--password-stdin", typed="password1\n")
    assert "most common" in result.output
    assert result.exit_code != 0
