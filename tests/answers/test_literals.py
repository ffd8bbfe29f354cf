"""Texts written out: each is the same text again when it is read."""

import ast
import re
import tomllib

import pytest

from answers.literals import json_literal, markdown_text, python_call, python_literal
from tests.support.awkward import TITLES, random_texts

TEXTS = [*TITLES, *random_texts(500)]


def test_a_python_literal_is_the_text_again() -> None:
    for text in TEXTS:
        assert ast.literal_eval(python_literal(text)) == text


def test_a_toml_or_json_literal_is_the_text_again() -> None:
    for text in TEXTS:
        assert tomllib.loads(f"text = {json_literal(text)}") == {"text": text}


def test_markdown_shows_the_text_again() -> None:
    for text in TEXTS:
        shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown_text(text))
        assert shown == text


@pytest.mark.parametrize(("length", "lines"), [(84, 1), (85, 4)])
def test_a_call_stands_in_one_line_if_it_fits(length: int, lines: int) -> None:
    call = python_call("f", ["x" * length, "y=1"], after=": z,", indent=4)
    assert len(call.splitlines()) == lines
    assert call.endswith("): z,")
