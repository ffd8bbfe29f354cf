"""The `session_hours` answer: a number, written out without needless zeros."""

import re
from decimal import Decimal
from typing import Final

from .texts import quote

MAX_HOURS: Final = 8760  # a year


def check_session_hours(answer: str) -> list[str]:
    """Return what is wrong with the `session_hours` answer.

    Valid: `24`, `0.5`, `.5`, `8760`.
    Invalid: ``, `0`, `-1`, `1e3`, `day`, `8761`.
    """
    number = answer.strip()
    if re.fullmatch(r"\d{0,9}\.?\d{1,9}", number, re.ASCII) and 0 < Decimal(number) <= MAX_HOURS:
        return []
    return [f"The session_hours {quote(answer)} has to be a number over 0 and at most {MAX_HOURS}."]


def number_literal(answer: str) -> str:
    """Return a number without zeros that mean nothing.

    >>> number_literal("024.50")
    '24.5'
    """
    text = f"{Decimal(answer.strip()):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
