"""Texts written out: each is the same text again when it is read."""

import ast
import re
import tomllib
from xml.etree import ElementTree

import pytest

from answers.literals import (
    initials,
    json_literal,
    markdown_text,
    python_call,
    python_literal,
    xml_text,
)
from tests.support.awkward import TITLES, random_texts

TEXTS = [*TITLES, *random_texts(500)]


def test_a_python_literal_is_the_text_again() -> None:
    for text in TEXTS:
        assert ast.literal_eval(python_literal(text)) == text


def test_a_toml_or_json_literal_is_the_text_again() -> None:
    for text in TEXTS:
        assert tomllib.loads(f"text = {json_literal(text)}") == {"text": text}


def test_xml_has_the_initials_again() -> None:
    for text in TEXTS:
        letters = initials(text)
        assert 1 <= len(letters) <= 2
        assert ElementTree.fromstring(f"<a>{xml_text(letters)}</a>").text == letters


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Sales", "S"),
        ("the sales app", "TS"),
        ("🎈 O'Brien's", "O"),
        ("Q&A <b>", "QB"),
        ("日本語", "日"),
        ("e\u0301te\u0301 \u00df", "ÉS"),
        ("100 %", "1"),
        ("🎈", "🎈"),
        ("<&>", "<"),
        ("\u200b", "•"),
    ],
)
def test_the_initials_are_the_first_letters_of_the_first_words(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_markdown_shows_the_text_again() -> None:
    for text in TEXTS:
        shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown_text(text))
        assert shown == text


@pytest.mark.parametrize(("length", "lines"), [(84, 1), (85, 4)])
def test_a_call_stands_in_one_line_if_it_fits(length: int, lines: int) -> None:
    call = python_call("f", ["x" * length, "y=1"], after=": z,", indent=4)
    assert len(call.splitlines()) == lines
    assert call.endswith("): z,")
