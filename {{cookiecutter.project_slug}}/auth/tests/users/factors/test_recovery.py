"""Recovery codes: how they look, and that each works once."""

import re

from auth.records import User
from auth.tests.conftest import Log
from auth.tests.stores.at_once import at_once
from auth.users.factors import recovery


def test_there_are_ten_of_25_letters_in_groups_of_five(user: User) -> None:
    codes = recovery.make_codes(user)
    assert len({*codes}) == 10
    for code in codes:
        assert re.fullmatch("[A-HJ-NP-Z]{5}(-[A-HJ-NP-Z]{5}){4}", code)
    assert recovery.codes_left(user) == 10


def test_they_are_new_each_time_and_end_the_old_ones(user: User) -> None:
    old = recovery.make_codes(user)
    new = recovery.make_codes(user)
    assert not {*old} & {*new}
    assert not recovery.use_code(user, old[0])
    assert recovery.codes_left(user) == 10
    assert recovery.use_code(user, new[0])


def test_each_works_once_and_for_its_owner_only(user: User, other: User) -> None:
    code, another, *_ = recovery.make_codes(user)
    recovery.make_codes(other)
    assert not recovery.use_code(other, code)
    assert recovery.use_code(user, code)
    assert not recovery.use_code(user, code)
    assert recovery.codes_left(user) == 9
    assert recovery.use_code(user, another)
    assert recovery.codes_left(other) == 10


def test_of_many_who_use_one_at_once_one_does(user: User) -> None:
    code, *_ = recovery.make_codes(user)
    assert at_once(lambda _: recovery.use_code(user, code)).count(True) == 1
    assert recovery.codes_left(user) == 9


def test_case_spaces_and_hyphens_do_not_matter(user: User) -> None:
    codes = recovery.make_codes(user)
    typed = [
        codes[0].lower(),
        codes[1].replace("-", ""),
        f"  {codes[2]}\n",
        codes[3].replace("-", " "),
        " - ".join(codes[4].split("-")),
        codes[5].replace("-", "\u2013"),
    ]
    assert [text for text in typed if not recovery.use_code(user, text)] == []


def test_anything_else_is_refused(user: User, log: Log) -> None:
    code, another, *_ = recovery.make_codes(user)
    wrong = [
        *("", " ", "A" * 25, code[:-1], code + "A", f"{code}{another}"),
        *(code[::-1], "é" * 25, "\x00", "1" * 25, "A" * 100_000),
    ]
    assert [text for text in wrong if recovery.use_code(user, text)] == []
    assert recovery.codes_left(user) == 10
