"""Security: each requirement of the chapters that a login touches, and each event, is told once."""

import json
import re
from typing import NamedTuple

from tests.conftest import Bake
from tests.support.documents import events_in, section

# ASVS 5.0.0: V3.4, V3.5, V4.4, V6, V7, V8 and V16.
LEVELS = {
    1: """
        3.4.1 3.4.2 3.5.1 3.5.2 3.5.3 4.4.1 6.1.1 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7
        6.2.8 6.3.1 6.3.2 6.4.1 6.4.2 7.2.1 7.2.2 7.2.3 7.2.4 7.4.1 7.4.2 8.1.1 8.2.1 8.2.2
        8.3.1
    """,
    2: """
        3.4.3 3.4.4 3.4.5 3.4.6 3.5.4 3.5.5 4.4.2 4.4.3 4.4.4 6.1.2 6.1.3 6.2.9 6.2.10
        6.2.11 6.2.12 6.3.3 6.3.4 6.4.3 6.4.4 6.5.1 6.5.2 6.5.3 6.5.4 6.5.5 6.6.1 6.6.2
        6.6.3 6.8.1 6.8.2 6.8.3 6.8.4 7.1.1 7.1.2 7.1.3 7.3.1 7.3.2 7.4.3 7.4.4 7.4.5 7.5.1
        7.5.2 7.6.1 7.6.2 8.1.2 8.2.3 8.4.1 16.1.1 16.2.1 16.2.2 16.2.3 16.2.4 16.2.5 16.3.1
        16.3.2 16.3.3 16.3.4 16.4.1 16.4.2 16.4.3 16.5.1 16.5.2 16.5.3
    """,
}
CHAPTERS = re.compile(r"(3\.[45]|4\.4|6|7|8|16)\.")
MET = {"yes", "partly", "no", "you", "n/a"}
EVENTS = """
import json, logging
from auth.events import Event
print(json.dumps({e.text: (logging.getLevelName(e.level), e.is_audited) for e in Event}))
"""


class Row(NamedTuple):
    """A requirement, as the document has it."""

    number: str
    level: int
    asks: str
    met: str
    here: str


def rows() -> list[Row]:
    found = re.findall(
        r"^\| (\d+\.\d+\.\d+) \| ([123]) \| (.+?) \| (.+?) \| (.+) \|$",
        section("docs/security.md"),
        re.MULTILINE,
    )
    return [Row(number, int(level), *rest) for number, level, *rest in found]


def test_every_requirement_of_the_first_two_levels_is_there_once() -> None:
    for level, numbers in LEVELS.items():
        told = [row.number for row in rows() if row.level == level and CHAPTERS.match(row.number)]
        assert sorted(told) == sorted(numbers.split())


def test_no_requirement_is_unmet() -> None:
    assert {row.met for row in rows()} <= MET - {"no"}


def test_every_event_is_there_with_its_level_and_whether_it_is_in_the_audit(bake: Bake) -> None:
    in_code = json.loads(bake(accounts="second_factor").python("-c", EVENTS).stdout)
    events = {text: tuple(rest) for text, rest in in_code.items()}
    assert events_in(section("docs/security.md", "## V16 Logging and errors")) == events
