"""Texts in a style sheet."""

_SPECIAL = {each: f"\\{ord(each):x} " for each in '"\\<\n'}


def quote(text: str) -> str:
    """Return a text as CSS quotes it, fit for a style element of a page."""
    return '"' + "".join(_SPECIAL.get(each, each) for each in text) + '"'
