"""The icons: exactly those that Streamlit knows."""

import unicodedata

import pytest
from streamlit.emojis import ALL_EMOJIS
from streamlit.material_icon_names import ALL_MATERIAL_ICONS
from streamlit.string_util import is_emoji, validate_icon_or_emoji

from answers.icons import EMOJI, MATERIAL_NAMES
from answers.pages import Page, check_pages, parse_page
from tests.support.sweep import first_of


def test_the_lists_of_icons_are_those_of_streamlit() -> None:
    assert {emoji.replace("\ufe0f", "") for emoji in ALL_EMOJIS} == EMOJI
    assert ALL_MATERIAL_ICONS == MATERIAL_NAMES


def test_every_emoji_that_streamlit_knows_is_an_icon_in_all_its_spellings() -> None:
    for emoji in ALL_EMOJIS:
        plain = emoji.replace("\ufe0f", "")
        for icon in {emoji, plain, f"{plain}\ufe0f"}:
            assert is_emoji(icon)
            assert parse_page(f"{icon} Title") == Page("title", "Title", icon)


def test_every_material_icon_that_streamlit_knows_is_an_icon() -> None:
    for name in ALL_MATERIAL_ICONS:
        icon = f":material/{name}:"
        assert validate_icon_or_emoji(icon) == icon
        assert parse_page(f"{icon} Title") == Page("title", "Title", icon)


@pytest.mark.parametrize(
    "codes",
    first_of([range(0x2600, 0x2800), range(0x20000)]),  # above are letters only
    ids=["symbols", "all"],
)
def test_no_other_character_is_taken_for_an_icon(codes: range) -> None:
    every_char = map(chr, codes)
    for char in (char for char in every_char if unicodedata.category(char)[0] not in "LC"):
        for start in (char, f"{char}\ufe0e", f"{char}\u20e3"):
            entry = f"{start} Title"
            page = None if check_pages(entry) else parse_page(entry.strip())
            if page and page.icon:
                assert is_emoji(page.icon), entry
                assert page.title == "Title", entry
            elif page:
                assert page.title == entry.strip()
