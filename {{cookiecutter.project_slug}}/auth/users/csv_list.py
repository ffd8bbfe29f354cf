"""A list of people as a CSV file, such as Excel writes."""

import csv
import io
import re
from itertools import zip_longest
from pathlib import Path

from auth.records import NotAcceptableError
from auth.users.newcomers import Newcomer

_COLUMNS = ["username", "email", "name", "roles", "password_hash"]
_ALL = ", ".join(_COLUMNS)


def read(file: Path) -> list[Newcomer]:
    """Return the people of a list: UTF-8, with commas, semicolons or tabs between the columns.

    The first line names the columns, in any order. Only the username is needed, or in its place
    the address. Roles have commas or spaces between them.

    Raises:
        FileNotFoundError: There is no such file.
        NotAcceptableError: It is no such list; the message says why.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise NotAcceptableError(
            f'{file} is not in UTF-8. In Excel, save it as "CSV UTF-8".'
        ) from None
    header, *rows = _rows_of(text) or [(1, [])]
    columns = [cell.strip().lower() for cell in header[1]]
    _check(columns, file)
    return [_newcomer(line, columns, row) for line, row in rows]


def _rows_of(text: str) -> list[tuple[int, list[str]]]:
    """Return the rows that are not empty, each with the number of its first line."""
    first = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True
    )
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for row in reader:
            if any(map(str.strip, row)):
                rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        raise NotAcceptableError(f"Line {line} cannot be read as CSV: {error}.") from None
    return rows


def _check(columns: list[str], file: Path) -> None:
    """Raise NotAcceptableError if the first line of a list does not name its columns."""
    named = [column for column in columns if column]
    unknown = [column for column in named if column not in _COLUMNS]
    if not {"username", "email"} & set(named):
        why = "has no column username and no column email"
    elif unknown:
        why = f"has columns that this app does not know: {', '.join(unknown)}"
    elif len(set(named)) < len(named):
        why = "has two columns of one name"
    else:
        return
    raise NotAcceptableError(f"The first line of {file} {why}. It may have {_ALL}.")


def _newcomer(line: int, columns: list[str], row: list[str]) -> Newcomer:
    cells = {column: cell.strip() for column, cell in zip(columns, row, strict=False) if column}
    email = cells.get("email", "")
    nameless = [cell for cell, column in zip_longest(row, columns) if cell and not column]
    return Newcomer(
        line,
        cells.get("username") or email,
        email,
        cells.get("name", ""),
        tuple(filter(None, re.split(r"[\s,;]+", cells.get("roles", "")))),
        cells.get("password_hash", ""),
        f"{nameless[0]} is in no column that has a name." if nameless else "",
    )
