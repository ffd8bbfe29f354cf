"""Lists of people as CSV files."""

from pathlib import Path

import pytest

from auth.records import NotAcceptableError
from auth.users.csv_list import read
from auth.users.newcomers import Newcomer

ANN = Newcomer(2, "Ann", "ann@example.com", "Ann Smith", ("sales", "Admin"))
BEN = Newcomer(3, "ben", "", "Bén", ())


def people(tmp_path: Path, text: str, encoding: str = "utf-8") -> list[Newcomer]:
    file = tmp_path / "people.csv"
    file.write_bytes(text.encode(encoding))
    return read(file)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "text",
    [
        'username,email,name,roles\nAnn,ann@example.com,Ann Smith,"sales, Admin"\nben,,Bén,\n',
        "username;email;name;roles\nAnn;ann@example.com;Ann Smith;sales, Admin\nben;;Bén;\n",
        "username\temail\tname\troles\nAnn\tann@example.com\tAnn Smith\tsales Admin\nben\t\tBén\n",
        ' Roles ,NAME,Username,EMail,\nsales  Admin, Ann Smith ,"Ann",ann@example.com,\n,Bén,ben,,\n',
    ],
)
def test_a_list_is_read_as_excel_and_others_write_it(
    tmp_path: Path, text: str, end: str, encoding: str
) -> None:
    assert people(tmp_path, text.replace("\n", end), encoding) == [ANN, BEN]


def test_who_has_no_username_logs_in_with_the_address(tmp_path: Path) -> None:
    assert people(tmp_path, "email\nann@example.com\n") == [
        Newcomer(2, "ann@example.com", "ann@example.com")
    ]


def test_empty_lines_are_left_out_and_lines_are_counted_as_an_editor_does(tmp_path: Path) -> None:
    found = people(tmp_path, 'username,name\n\nann,"Ann\nSmith"\n,\nben,\n')
    assert [(person.line, person.username) for person in found] == [(3, "ann"), (6, "ben")]


def test_a_hash_is_taken_as_it_is(tmp_path: Path) -> None:
    (ann,) = people(tmp_path, 'username,password_hash\nann,"$argon2id$v=19$m=8,t=1,p=1$x$y"\n')
    assert ann.password_hash == "$argon2id$v=19$m=8,t=1,p=1$x$y"


def test_a_cell_beside_the_columns_is_a_problem_of_its_line(tmp_path: Path) -> None:
    (ann,) = people(tmp_path, "username,roles\nann,sales,admin\n")
    assert ann.problem == "admin is in no column that has a name."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no column username and no column email"),
        ("ann,ann@example.com\n", "has no column username and no column email"),
        ("username,phone,rolles\nann,1,x\n", "does not know: phone, rolles"),
        ("username,username\nann,ben\n", "has two columns of one name"),
        ('username,name\nann,"Ann\n', "Line 2 cannot be read as CSV"),
        ('username,name\nann,Ann\nben,"Ben" x\n', "Line 3 cannot be read as CSV"),
    ],
)
def test_what_is_no_list_of_people_is_said(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(NotAcceptableError, match=said):
        people(tmp_path, text)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_list_in_another_encoding_is_said_with_the_way_out(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(NotAcceptableError, match='save it as "CSV UTF-8"'):
        people(tmp_path, "username,name\nben,Bén\n", encoding)
