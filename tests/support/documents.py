"""What a document has between its fences: files to write and commands to run."""

import re
from pathlib import Path

from tests.support.baking import TEMPLATE

DOCUMENTS = [*TEMPLATE.glob("*.md"), *TEMPLATE.glob("docs/*.md")]

# A file that the reader is told to write, a line to add, or a block of commands.
_STEP = re.compile(
    r"^(?:[^\n]*\bWrite `(?P<file>[\w./]+)`:\n\n```\w+\n(?P<text>.*?)^```$"
    r"|[^\n]*\bAdd its line to `PAGES` in `(?P<list>[\w./]+)`:\n\n```\w+\n"
    r"(?P<line>    st\.Page\(.*?\n)```$"
    r"|```sh\n(?P<commands>.*?)^```$)",
    re.DOTALL | re.MULTILINE,
)


def name_of(document: Path) -> str:
    return document.relative_to(TEMPLATE).as_posix()


def section(document: str, heading: str = "") -> str:
    """Return the part of a document below a heading, or all of it."""
    text = (TEMPLATE / document).read_text(encoding="utf-8")
    if not heading:
        return text
    level = heading.split()[0]
    _, found, rest = f"\n{text}".partition(f"\n{heading}\n")
    assert found, f"{document} has no heading {heading}"
    return re.split(rf"^#{{1,{len(level)}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def commands_in(text: str) -> list[str]:
    """Return every command of a text, without what is said about it."""
    lines = "".join(match["commands"] or "" for match in _STEP.finditer(text)).splitlines()
    return [line.split("  #")[0].strip() for line in lines if line.strip()]


def files_in_text(text: str) -> dict[str, str]:
    """Return the files that the reader is told to write."""
    return {match["file"]: match["text"] for match in _STEP.finditer(text) if match["file"]}


def lines_to_add(text: str) -> dict[str, str]:
    """Return the files whose list of pages gets a line, with the line."""
    return {match["list"]: match["line"] for match in _STEP.finditer(text) if match["list"]}


def steps_in(text: str) -> list[str]:
    """Return what a reader does, in order, as commands."""
    steps = []
    for match in _STEP.finditer(text):
        if match["file"]:
            steps.append(f"cat > {match['file']} <<'END_OF_FILE'\n{match['text']}END_OF_FILE")
        elif match["list"]:
            line = match["line"].rstrip("\n").replace("\\", "\\\\")
            steps.append(f"sed -i 's|^}}|{line}\\n}}|' {match['list']}")
        else:
            steps += commands_in(match[0])
    return steps


def events_in(text: str) -> dict[str, tuple[str, bool]]:
    """Return every event that a table names, with its level and whether it is in the audit."""
    rows = re.findall(r"^\| `([a-z ]+)` \| ([A-Z]+) \| (yes|no) \|", text, re.MULTILINE)
    assert len({row[0] for row in rows}) == len(rows)
    return {event: (level, is_audited == "yes") for event, level, is_audited in rows}
