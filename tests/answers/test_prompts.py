"""The questions as a person meets them, at a terminal."""

import errno
import os
import pty
import re
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.baking import files_in, isolated_environment
from tests.support.small_template import make_small_template

ANSWER_SECONDS = 30
QUESTIONS = [
    ("Name of the app, shown as its title", "Streamlit Auth App"),
    ("Folder to create (lowercase letters, digits and _)", "streamlit_auth_app"),
    ("What the app is, in one line", "A Streamlit app with logins."),
    ("Pages, separated by commas: an optional icon, then a title", "🏠 Home, ℹ️ About"),
    ("Where users and logins are kept", "memory"),
    (
        "Who writes the login cookie: 1 if you deploy on Streamlit Community Cloud, else 2",
        "component",
    ),
    ("What comes with the login, separated by commas", "pages"),
    (
        "Demo users, separated by commas; each name is its own password (a space for none)",
        "test1 @admin, test2",
    ),
    ("Hours that a login lasts", "24"),
]


class Terminal:
    """A cookiecutter that believes that a person sits in front of it."""

    def __init__(self, template: Path, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.screen = ""
        self._seen = 0
        self._line, inner = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cookiecutter", str(template)],
            cwd=folder,
            env={**isolated_environment(folder.parent), "COLUMNS": "200", **environment},
            stdin=inner,
            stdout=inner,
            stderr=inner,
            start_new_session=True,
            # Ctrl-C is ignored by what a shell has started in the background.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        os.close(inner)

    def wait_for_question(self, label: str) -> str:
        """Wait until a question stands there, and return the line up to where one types."""
        end = re.compile(rf"{re.escape(label)}[^\0]*\): $")
        while not (match := end.search(self.screen, self._seen)):
            if not self._read():
                raise AssertionError(f"{label!r} was not asked:\n{self.screen}")
        self._seen = len(self.screen)
        return match[0]

    def type(self, text: str) -> None:
        os.write(self._line, f"{text}\n".encode())

    def press_ctrl_c(self) -> int:
        """Press it until the end. Python misses one in the moment before it waits for a line."""
        for _ in range(5):
            os.killpg(self._process.pid, signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(ANSWER_SECONDS / 5)
                break
        return self.wait_for_end()

    def answer(self, **answers: str) -> "Terminal":
        """Answer every question: by its number, as q1, or else with the Enter key."""
        for number, (label, _) in enumerate(QUESTIONS, start=1):
            self.wait_for_question(label)
            self.type(answers.get(f"q{number}", ""))
        return self

    def wait_for_end(self) -> int:
        while self._read():
            pass
        return self._process.wait(ANSWER_SECONDS)

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._line)

    def _read(self) -> bool:
        """Take in what is new on the screen; False if the end is reached."""
        ready, _, _ = select.select([self._line], [], [], ANSWER_SECONDS)
        if not ready:
            raise AssertionError(f"nothing happens any more:\n{self.screen}")
        try:
            data = os.read(self._line, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return False
        text = data.decode("utf-8", "replace")
        self.screen += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text).replace("\r\n", "\n")
        return bool(data)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_small_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def open_terminal(template: Path, tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Return a function that starts cookiecutter in an empty folder."""
    terminals = []

    def open_terminal(**environment: str) -> Terminal:
        folder = tmp_path / "work"
        folder.mkdir(exist_ok=True)
        terminals.append(Terminal(template, folder, environment))
        return terminals[-1]

    yield open_terminal
    for terminal in terminals:
        terminal.close()


@pytest.fixture
def terminal(open_terminal: Callable[..., Terminal]) -> Terminal:
    return open_terminal()


def test_every_question_has_a_label_and_a_default_in_a_sensible_order(terminal: Terminal) -> None:
    for number, (label, default) in enumerate(QUESTIONS, start=1):
        asked = terminal.wait_for_question(label)
        assert asked.endswith(f"({default}): ")
        assert f"[{number}/{len(QUESTIONS)}] {label}" in terminal.screen
        terminal.type("")
    assert terminal.wait_for_end() == 0
    assert "    1 - memory      a users file" in terminal.screen
    assert "    2 - http_only  the app's server" in terminal.screen
    assert "    1 - pages          Account, for people's passwords and logins," in terminal.screen
    assert "    2 - second_factor  codes of an authenticator app and passkeys" in terminal.screen
    assert "    A number or a name (component): " in terminal.screen
    assert f"Your app is in {terminal.folder / 'streamlit_auth_app'}" in terminal.screen
    assert (terminal.folder / "streamlit_auth_app" / "views" / "about.py").exists()


def test_what_is_typed_is_kept_as_it_is(terminal: Terminal) -> None:
    terminal.answer(q1='{{ 7*7 }} "ä" 🎈', q2="typed", q4="{{ 7*7 }}, :material/home: Q&A")
    assert terminal.wait_for_end() == 0
    main = (terminal.folder / "typed" / "main.py").read_text(encoding="utf-8")
    assert """NAME = '{{ 7*7 }} "ä" 🎈'""" in main
    assert 'title="{{ 7*7 }}"' in main
    assert 'title="Q&A", icon=":material/home:"' in main


def test_a_wrong_answer_is_named_and_leaves_nothing(terminal: Terminal) -> None:
    terminal.answer(q2="json", q4="Home, :nope: X", q5="7", q9="day")
    assert terminal.wait_for_end() == 1
    assert 'ERROR: The project_slug "json" is the name of a standard-library' in terminal.screen
    assert 'ERROR: The page ":nope: X" begins with :nope:' in terminal.screen
    assert (
        'ERROR: The store_backend "7" has to be memory, sqlite, mysql or postgresql.'
        in terminal.screen
    )
    assert 'ERROR: The session_hours "day" has to be a number' in terminal.screen
    assert "Traceback" not in terminal.screen
    assert files_in(terminal.folder) == set()
    command = terminal.screen.rstrip().splitlines()[-1]
    assert "project_name='Streamlit Auth App' project_slug='???' description=" in command
    assert "pages='???' store_backend='???' cookie_transport=component" in command
    assert command.endswith("session_hours='???'")


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ("3", "mysql"),
        ("mysql", "mysql"),
        ("", "memory"),
        ("mariadb", "mysql"),
        ("sqlite3", "sqlite"),
    ],
)
def test_a_choice_is_made_by_number_or_by_name(typed: str, chosen: str, terminal: Terminal) -> None:
    terminal.answer(q5=typed)
    assert terminal.wait_for_end() == 0
    project = terminal.folder / "streamlit_auth_app"
    assert f'STORE = "{chosen}"' in (project / "main.py").read_text(encoding="utf-8")
    assert (project / "compose.yaml").exists() == (chosen != "memory")


@pytest.mark.parametrize("answered", [0, 3, 7])
def test_ctrl_c_leaves_nothing(answered: int, terminal: Terminal) -> None:
    for label, _ in QUESTIONS[:answered]:
        terminal.wait_for_question(label)
        terminal.type("")
    terminal.wait_for_question(QUESTIONS[answered][0])
    assert terminal.press_ctrl_c() == 1
    assert "Aborted!" in terminal.screen
    assert "Traceback" not in terminal.screen
    assert files_in(terminal.folder) == set()


def test_a_space_for_the_demo_users_means_none(terminal: Terminal) -> None:
    terminal.answer(q8=" ")
    assert terminal.wait_for_end() == 0
    users = terminal.folder / "streamlit_auth_app" / "seeds" / "users.json"
    assert users.read_text(encoding="utf-8") == "{}\n"


def test_spaces_are_no_answer_to_the_other_questions(terminal: Terminal) -> None:
    terminal.answer(q1="  ", q2=" ", q3=" ", q4="   ", q9=" ")
    assert terminal.wait_for_end() == 1
    assert "ERROR: The project_name is empty" in terminal.screen
    assert "ERROR: The project_slug is empty" in terminal.screen
    assert "ERROR: There has to be at least one page." in terminal.screen
    assert 'ERROR: The session_hours "" has to be a number' in terminal.screen
    assert "ERROR: The description" not in terminal.screen
    assert files_in(terminal.folder) == set()


def test_a_console_without_emoji_shows_their_numbers_instead(
    open_terminal: Callable[..., Terminal],
) -> None:
    terminal = open_terminal(
        PYTHONUTF8="0", PYTHONIOENCODING="cp1252", PYTHONLEGACYWINDOWSSTDIO="1"
    )
    for label, _ in QUESTIONS:
        terminal.wait_for_question(label)
        terminal.type("")
    assert terminal.wait_for_end() == 0
    assert "\\U0001f3e0 Home" in terminal.screen
    main = (terminal.folder / "streamlit_auth_app" / "main.py").read_text(encoding="utf-8")
    assert 'icon="🏠"' in main


def test_a_console_without_emoji_names_a_wrong_page(open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal(PYTHONUTF8="0", PYTHONIOENCODING="cp1252")
    terminal.answer(q2="con", q4="")
    assert terminal.wait_for_end() == 1
    assert 'ERROR: The project_slug "con"' in terminal.screen
    assert "Traceback" not in terminal.screen


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_bake_without_questions_works_on_a_console_without_emoji(
    encoding: str, template: Path, tmp_path: Path
) -> None:
    environment = isolated_environment(tmp_path) | {"PYTHONUTF8": "0", "PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", "cookiecutter", str(template), "--no-input"]
    folder = tmp_path / "日本語 🎈"
    good = subprocess.run(
        [*command, "--output-dir", str(folder)], env=environment, capture_output=True, check=False
    )
    assert good.returncode == 0, good.stderr
    assert b"Your app is in " in good.stdout
    bad = subprocess.run(
        [*command, "--output-dir", str(folder), "pages=🎈"],
        env=environment,
        capture_output=True,
        check=False,
    )
    assert bad.returncode == 1
    assert b'ERROR: The page "\\U0001f388" has no title.' in bad.stderr
    assert b"Traceback" not in bad.stderr
