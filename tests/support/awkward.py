"""Texts that a template is likely to break on."""

import random

TITLES = [
    *("Calendar", "Email", "Profile", "Statistics", "Class", "Import", "None", "__init__"),
    *('Sales & "Margin"', "Über uns", "日本語", "Q&A", "O'Brien", "C:\\new", "{{ 7*7 }}"),
    *("'''", '"""x', "\\", "a\\", "{% raw %}", "{# a #}", "$x$ `y` *z* [a](b)", "1", "2024", "0_1"),
    *("#1", "<b>bold</b>", ":red[x]", "9" * 100, "x" * 100, "e\u0301te", "a\u200bb", "100 %"),
]


def random_texts(count: int) -> list[str]:
    """Return texts of awkward characters, the same ones in every run."""
    generator = random.Random(20)
    chars = [*"ab Z9'\"\\{}%#$é日🏠*_[]<>&`~:", "\u0301", "\u200b", "\u202e", "\u00a0", "\\N{x}"]
    return [
        "".join(generator.choices(chars, k=generator.randint(0, 110)))[:99].strip()
        for _ in range(count)
    ]
