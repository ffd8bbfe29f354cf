"""Texts written out: as Python, as JSON, TOML or YAML, and as Markdown."""

import json
import re
import unicodedata
from typing import Final
from xml.sax.saxutils import escape

LINE_WIDTH: Final = 100  # of the generated projects
MAX_COLUMNS: Final = 3  # that one character takes


def python_literal(text: str) -> str:
    """Return a Python string literal, quoted as the formatter would quote it.

    >>> print(python_literal("O'Brien"), python_literal('a "b"'))
    "O'Brien" 'a "b"'
    """
    quote = "'" if text.count('"') > text.count("'") else '"'
    escaped = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode()
        for char in text.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    )
    return f"{quote}{escaped}{quote}"


def python_call(function: str, arguments: list[str], after: str = "", indent: int = 0) -> str:
    """Return a call in one line, or with a line for each argument if it may be too long for that.

    The formatter leaves both alone: the first fits, and the second has a comma
    after its last argument.

    Args:
        function: The name of the function.
        arguments: The arguments, as they stand in Python.
        after: What follows the call in its last line.
        indent: How far the first line is indented.
    """
    line = f"{function}({', '.join(arguments)}){after}"
    if fits(line, indent):
        return line
    margin = " " * indent
    inner = "".join(f"{margin}    {argument},\n" for argument in arguments)
    return f"{function}(\n{inner}{margin}){after}"


def fits(line: str, indent: int = 0) -> bool:
    """Tell whether the formatter surely leaves a line of Python whole."""
    return indent + sum(1 if char.isascii() else MAX_COLUMNS for char in line) <= LINE_WIDTH


def json_literal(value: object) -> str:
    """Return JSON that keeps every character: also a TOML or YAML string."""
    return json.dumps(value, ensure_ascii=False)


def markdown_text(text: str) -> str:
    r"""Return text that Markdown shows as it is, in a heading or a line of its own.

    >>> print(markdown_text(r"Q&A_1 in C:\new, {{ 7*7 }}"))
    Q&A\_1 in C:\new, {{ 7\*7 }}
    """
    special = r"[`*_\[\]<>#~$]|\\(?=[!-/:-@\[-`{-~]|$)|&(?=#?\w+;)"
    if re.search(r":[\w+/-]+[:\[]", text):
        special += "|:"
    return re.sub(f"({special})", r"\\\1", text)


def initials(name: str) -> str:
    """Return what stands in the logo of an app: the first letters of its first two words.

    >>> initials("Streamlit Auth App"), initials("o'brien's"), initials("🎈")
    ('SA', 'O', '🎈')
    """
    words = [re.findall(r"[^\W_]", word) for word in unicodedata.normalize("NFC", name).split()]
    letters = [found[0].upper()[0] for found in words if found]
    return "".join(letters[:2]) or next(filter(_is_sign, name), "•")


def xml_text(text: str) -> str:
    """Return text as it stands in XML.

    >>> xml_text("Q&A")
    'Q&amp;A'
    """
    return escape(text)


def _is_sign(char: str) -> bool:
    return unicodedata.category(char)[0] in "SP"
