"""The icon before a page's title: only what Streamlit knows, or every visitor sees an error."""

import json
import re
import unicodedata
from pathlib import Path
from typing import Final

from .texts import AnswerError, quote

# scripts/update_icons.py writes the file.
_NAMES: Final = json.loads(Path(__file__).with_name("icons.json").read_text(encoding="utf-8"))
EMOJI: Final[frozenset[str]] = frozenset(_NAMES["emoji"])
MATERIAL_NAMES: Final[frozenset[str]] = frozenset(_NAMES["material"])
MAX_EMOJI: Final = max(map(len, EMOJI))
VARIATION_SELECTOR: Final = "\N{VARIATION SELECTOR-16}"


def split_icon(entry: str) -> tuple[str | None, str]:
    """Separate the icon of a page's entry from its title.

    Raises:
        AnswerError: The entry begins like an icon, but Streamlit knows none of that name.
    """
    if named := re.match(r":([^\s:]*):", entry):
        prefix, _, name = named[1].rpartition("/")
        if prefix != "material" or name not in MATERIAL_NAMES:
            raise AnswerError(
                f"The page {quote(entry)} begins with {named[0]}, which is not an icon that "
                "Streamlit knows: write an emoji, or :material/name: with a name from "
                "Material Symbols."
            )
        return named[0], entry[named.end() :].strip()
    length = _length_of_emoji(entry)
    title = entry[length:].strip()
    # What joins an emoji or changes it makes another symbol of it.
    no_start = {"Mn", "Me", "Cf", "Sk"} if length else {"So", "Sk", "Cn"}
    if title and unicodedata.category(title[0]) in no_start:
        raise AnswerError(
            f"The page {quote(entry)} begins with a symbol that is not an emoji, "
            "so it cannot be an icon."
        )
    return entry[:length] or None, title


def _length_of_emoji(entry: str) -> int:
    """Return how many characters the longest emoji at the start of an entry has."""
    longest = 0
    plain = ""
    for position, char in enumerate(entry, start=1):
        if char != VARIATION_SELECTOR:
            plain += char
        if len(plain) > MAX_EMOJI:
            break
        if plain in EMOJI:
            longest = position
    return longest
