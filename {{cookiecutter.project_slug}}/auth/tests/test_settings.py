"""Settings: from the environment, checked, with sentences for what is wrong."""

from pathlib import Path

import pytest

from auth.records import SettingsError
from auth.settings import PROJECT, Settings, load_settings
from auth.tests.numbers import NO_NUMBERS


def test_the_defaults_are_right() -> None:
    assert load_settings() == Settings()


def test_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SESSION_HOURS", "1.5")
    load_settings.cache_clear()
    assert load_settings().session_hours == 1.5


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("APP_ENV", ""),
        ("APP_ENV", "Production"),
        ("SESSION_HOURS", "0"),
        ("SESSION_HOURS", "8761"),
        ("COOKIE_NAME", ""),
        ("COOKIE_NAME", "a b"),
        ("COOKIE_NAME", "a;b"),
        ("SESSIONS_PER_USER", "0"),
        ("RECENT_LOGIN_MINUTES", "0"),
        ("THROTTLE_FAILURES", "0"),
        ("THROTTLE_FAILURES", "2.5"),
        ("THROTTLE_MINUTES", "0"),
    ],
)
def test_a_wrong_value_is_named_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    load_settings.cache_clear()
    with pytest.raises(SettingsError, match=f"A setting has a wrong value. {variable}: ") as error:
        load_settings()
    assert f"'{value}'" not in str(error.value)


NUMBERS = [
    name for name, field in Settings.model_fields.items() if field.annotation in (int, float)
]


@pytest.mark.parametrize("value", NO_NUMBERS)
@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_that_means_nothing_or_overflows_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    variable = name.upper()
    monkeypatch.setenv(variable, value)
    load_settings.cache_clear()
    with pytest.raises(SettingsError, match=f"A setting has a wrong value. {variable}: "):
        load_settings()


def test_every_wrong_value_is_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SESSION_HOURS", "0")
    monkeypatch.setenv("THROTTLE_MINUTES", "0")
    load_settings.cache_clear()
    with pytest.raises(SettingsError, match=r"SESSION_HOURS: .*; THROTTLE_MINUTES: "):
        load_settings()


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_a_relative_file_begins_in_the_folder_of_the_project(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("USERS_FILE", "seeds/others.json")
    load_settings.cache_clear()
    assert load_settings().users_file == PROJECT / "seeds" / "others.json"
    monkeypatch.setenv("USERS_FILE", str(tmp_path / "users.json"))
    load_settings.cache_clear()
    assert load_settings().users_file == tmp_path / "users.json"
