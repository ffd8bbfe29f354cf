"""What a setting can be."""

from pathlib import Path
from typing import Any, Literal

import pytest

from auth.fields import BaseSettings, Field, FilePath, SecretStr
from auth.records import SettingsError


class Sample(BaseSettings):
    """A setting of each type."""

    text: str = Field(default="a", min_length=1, pattern="[a-z]*", description="Letters.")
    number: int = Field(default=1, ge=1, le=10, description="A few.")
    share: float = Field(default=0.5, gt=0, le=1, description="A part.")
    switch: bool = Field(default=True, description="On or off.")
    place: Path = Field(default=Path("here"), description="Where.")
    file: FilePath | None = Field(description="A file.")
    kind: Literal["one", "two"] | None = Field(description="Which.")
    secret: SecretStr = Field(default=SecretStr(""), description="Hidden.")


class Other(Sample):
    """The same with another default, and where a place is."""

    number: int = Field(default=7, ge=1, le=10, description="A few.")

    @classmethod
    def refine(cls, name: str, value: Any) -> Any:
        """Refuse one place."""
        if value == Path("nowhere"):
            raise ValueError("there is no such place")
        return value


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("TEXT", "abc", "abc"),
        ("NUMBER", "10", 10),
        ("SHARE", "1", 1.0),
        *(("SWITCH", word, False) for word in ("false", "False", "0", "no", "off")),
        *(("SWITCH", word, True) for word in ("true", "TRUE", "1", "yes", "on")),
        ("PLACE", "there", Path("there")),
        ("FILE", __file__, Path(__file__)),
        ("KIND", "two", "two"),
        ("SECRET", "x", SecretStr("x")),
    ],
)
def test_a_variable_is_read_as_the_type_of_its_setting(
    variable: str, value: str, expected: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    assert getattr(Sample(), variable.lower()) == expected


WRONG: list[tuple[str, Any]] = [
    *(("text", value) for value in ("", "aB", "a\n", 1, None)),
    *(("number", value) for value in ("0", "11", "2.5", "x", "", 2.5, None)),
    *(("share", value) for value in ("0", "1.1", "nan", "inf", "x", "", None)),
    *(("switch", value) for value in ("", "maybe", 2)),
    ("place", 1),
    *(("file", value) for value in ("nowhere", 1)),
    *(("kind", value) for value in ("three", "")),
    ("secret", 5),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_what_is_none_is_refused_by_the_name_of_the_variable(name: str, value: object) -> None:
    with pytest.raises(SettingsError, match=rf"^A setting has a wrong value\. {name.upper()}: "):
        Sample(**{name: value})


def test_a_given_value_wins_over_the_environment_and_that_over_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert (Sample().number, Other().number) == (1, 7)
    monkeypatch.setenv("NUMBER", "3")
    assert (Sample().number, Other(number=4).number) == (3, 4)


def test_a_kind_of_settings_may_have_rules_of_its_own() -> None:
    assert Sample(place="nowhere").place == Path("nowhere")
    with pytest.raises(SettingsError, match="PLACE: there is no such place"):
        Other(place="nowhere")


def test_a_secret_is_not_shown() -> None:
    settings = Sample(secret="hidden-word")
    assert "hidden-word" not in f"{settings} {settings!r}"
    assert settings.secret.get_secret_value() == "hidden-word"


def test_settings_do_not_change() -> None:
    with pytest.raises(AttributeError):
        Sample().number = 2
