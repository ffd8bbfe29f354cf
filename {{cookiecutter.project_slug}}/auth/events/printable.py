"""Texts from elsewhere, for a terminal."""


def printable(text: str) -> str:
    r"""Return a text without what a terminal would obey: each such character is written out.

    That is every character that Python calls unprintable, such as line breaks, the
    controls C0 and C1, and those that turn the direction of a text.

    >>> printable("a\x9b31m"), printable("ä 日\u202e")
    ('a\\u009b31m', 'ä 日\\u202e')
    """
    return "".join(
        character if character.isprintable() else _escape(character) for character in text
    )


def _escape(character: str) -> str:
    """Return a character as Python, JSON and TOML write it in quotes."""
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
