"""What users can be called."""

import pytest

from auth.records import NotAcceptableError
from auth.usernames import acceptable_display_name, acceptable_email


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ann@example.com", "ann@example.com"),
        (" Ann.Smith+app@Sub.Example.COM\n", "ann.smith+app@sub.example.com"),
        ("o'brien_{1}@example", "o'brien_{1}@example"),
        ("a" * 64 + "@" + ".".join(["b" * 63] * 2), "a" * 64 + "@" + ".".join(["b" * 63] * 2)),
        ("", None),
        ("  ", None),
    ],
)
def test_an_address_is_kept_in_lowercase(typed: str, kept: str | None) -> None:
    assert acceptable_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *("ann", "@example.com", "ann@", "ann@@example.com", "a b@example.com", "ann@exa mple"),
        *("ann@example.com, bob@example.com", "Ann <ann@example.com>", "mailto:ann@example.com"),
        *("ann@-example.com", "ann@example.com.", "ann@example..com", "änn@example.com"),
        *("\u212aarl@example.com", "ann@example.com\0", "a" * 65 + "@example.com"),
        "ann@" + ".".join(["b" * 63] * 4),
    ],
)
def test_what_is_no_address_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(NotAcceptableError, match="is no email address"):
        acceptable_email(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ann  Smith ", "Ann Smith"),
        ("Anne-Zoe\u0308", "Anne-Zo\u00eb"),
        ("山田 太郎", "山田 太郎"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("A*n*n <b>", "A*n*n <b>"),
        ("x" * 64, "x" * 64),
        ("\t", None),
    ],
)
def test_a_display_name_is_kept_as_it_is_but_for_spaces(typed: str, kept: str | None) -> None:
    assert acceptable_display_name(typed) == kept


@pytest.mark.parametrize("typed", ["x" * 65, "a\0b", "Ann\u202e", "\x1b[31m", "half \ud83c one"])
def test_a_display_name_that_is_too_long_or_has_what_cannot_be_seen_is_refused(typed: str) -> None:
    with pytest.raises(NotAcceptableError, match="at most 64 characters"):
        acceptable_display_name(typed)
