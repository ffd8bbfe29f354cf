"""Texts from elsewhere, for a terminal."""

import pytest

from auth.events.printable import printable


@pytest.mark.parametrize(
    "character",
    [
        *("\n", "\r", "\t", "\x1b", "\x7f"),
        *("\x85", "\x9b", "\u2028", "\u2029"),
        *("\u202e", "\u2066", "\u200b", "\ufeff", "\ud800", "\U000e0001"),
    ],
    ids=ascii,
)
def test_what_a_terminal_would_obey_is_written_out(character: str) -> None:
    shown = printable(f"a{character}b")
    assert shown.isprintable()
    assert shown.encode().decode("unicode_escape") == f"a{character}b"


def test_what_people_read_stays_as_it_is() -> None:
    text = "Zoë (日本, 🎈): 100 % \\n"
    assert printable(text) == text == printable(printable(text))
