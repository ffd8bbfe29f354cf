"""The settings of every database: from the environment, and from the secrets file."""

from pathlib import Path

import pytest

from auth.records import SettingsError
from auth.stores.sql.databases import chosen
from auth.stores.sql.settings import load_database_settings
from auth.tests.numbers import NO_NUMBERS

SECRET = "hidden-word"
SECTION = chosen.Settings.SECTION
NUMBERS = [
    name for name, field in chosen.Settings.model_fields.items() if field.annotation in (int, float)
]


def test_every_setting_has_a_default_and_says_what_it_is() -> None:
    load_database_settings()
    assert all(field.description for field in chosen.Settings.model_fields.values())


def test_a_secrets_file_about_something_else_changes_nothing(secrets_file: Path) -> None:
    defaults = load_database_settings()
    load_database_settings.cache_clear()
    secrets_file.write_text('[connections.other]\nhost = "db.example.com"', encoding="utf-8")
    assert load_database_settings() == defaults


@pytest.mark.parametrize(
    "text",
    [
        f'password = "{SECRET}',
        f"connections = '{SECRET}'",
        f"[connections]\n{SECTION} = '{SECRET}'",
        f"[connections.{SECTION}]\nurl = ['{SECRET}']",
        f"[connections.{SECTION}]\nurl = '{SECRET}'",
    ],
)
def test_a_secrets_file_that_cannot_be_used_is_named_and_not_quoted(
    secrets_file: Path, text: str
) -> None:
    secrets_file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"secrets\.toml|url in \[connections\.") as caught:
        load_database_settings()
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("url", ["", " ", "\n"])
def test_an_empty_address_is_none(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    usual = load_database_settings().url()
    monkeypatch.setenv("DATABASE_URL", url)
    load_database_settings.cache_clear()
    assert load_database_settings().url() == usual


@pytest.mark.parametrize("url", [SECRET, f"paper://app:{SECRET}@host/name", f"://{SECRET}"])
def test_an_address_of_something_else_is_one_sentence_that_quotes_nothing(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(
        SettingsError, match=r"A setting has a wrong value\. DATABASE_URL: it has to begin with"
    ) as caught:
        load_database_settings()
    assert SECRET not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("value", ["0", *NO_NUMBERS])
@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_that_means_nothing_or_overflows_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    variable = name.upper()
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=f"A setting has a wrong value. {variable}: "):
        load_database_settings()
