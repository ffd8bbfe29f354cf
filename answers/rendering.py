"""What Jinja gets: the filters, and a check of the answers before anything is rendered."""

import io
import sys
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, Final
from weakref import WeakKeyDictionary

from cookiecutter.exceptions import FailedHookException
from jinja2 import Environment, Template

from .again import command_to_finish, command_with_answers
from .checks import CHECKS, TO_FILL_IN, find_problems
from .choices import CHOICES, name_choice, unwanted_paths
from .demo_users import parse_demo_users
from .hours import number_literal
from .literals import initials, json_literal, markdown_text, python_literal, xml_text
from .origin import CRUFT_FILE, cruft_state, note_origin
from .pages import parse_pages
from .views import page_row, rule_names, view_sources


def unwanted(answers: Mapping[str, str]) -> list[str]:
    """Return the files and folders that are rendered, and do not belong into the project."""
    return sorted([*unwanted_paths(answers), *([] if answers.get("_origin") else [CRUFT_FILE])])


FILTERS: Final[Mapping[str, Callable[..., object]]] = {
    "command_to_finish": command_to_finish,
    "cruft_state": cruft_state,
    "demo_users": parse_demo_users,
    "initials": initials,
    "json": json_literal,
    "markdown": markdown_text,
    "number": number_literal,
    "page_row": page_row,
    "pages": parse_pages,
    "python": python_literal,
    "rule_names": rule_names,
    "toml": json_literal,
    "unwanted": unwanted,
    "views": view_sources,
    "xml": xml_text,
}


class WrongAnswersError(FailedHookException, SystemExit):  # type: ignore[misc]  # untyped
    """The answers cannot be used. What is wrong with them stands on standard error.

    Cookiecutter's command ends without a traceback at its own kind of exception,
    any other program, such as cruft, at a SystemExit.
    """

    def __init__(self, command: str) -> None:
        message = "Nothing was generated."
        if command:
            message += (
                " This command has your good answers; write others in the places of "
                f"{TO_FILL_IN}:\n\n  {command}\n"
            )
        super().__init__(message)
        self.code = 1


class CheckedTemplate(Template):
    """A Jinja template that is rendered only with answers that can be used.

    The first thing to be rendered with all answers is the name of the project's
    folder. So a wrong answer ends it before anything is written, whichever way
    the answer came: from a prompt, the command line, a config file, a replay
    file or cruft. A hook would be too late for that: it runs in the folder.
    """

    def render(self, *args: Any, **kwargs: Any) -> str:
        """Check the answers, then render the template.

        Raises:
            WrongAnswersError: An answer cannot be used.
        """
        answers = kwargs.get("cookiecutter", {})
        # While the questions are being asked, some answers are missing. Each file is a template.
        if answers.keys() >= CHECKS.keys() and _asked(answers) != _right.get(self.environment):
            stop_if_wrong(answers)
            name_choices(answers)
            note_origin(answers)
            _right[self.environment] = _asked(answers)
        return super().render(*args, **kwargs)


# The answers that were found right, for each bake.
_right: WeakKeyDictionary[Environment, dict[str, object]] = WeakKeyDictionary()


def _asked(answers: Mapping[str, object]) -> dict[str, object]:
    """Return the answers to the questions, as they are now."""
    return {question: answers[question] for question in CHECKS}


def extend(environment: Environment) -> None:
    """Give an environment the filters and the check."""
    environment.filters.update(FILTERS)
    environment.template_class = CheckedTemplate
    let_the_console_show_any_character()


def stop_if_wrong(answers: Mapping[str, object]) -> None:
    """Print what is wrong with the answers, and stop if anything is.

    Raises:
        WrongAnswersError: An answer cannot be used.
    """
    problems = find_problems(answers)
    for sentences in problems.values():
        for sentence in sentences:
            print(f"ERROR: {sentence}", file=sys.stderr)
    if problems:
        raise WrongAnswersError(command_with_answers(answers, problems))


def name_choices(answers: MutableMapping[str, str]) -> None:
    """Replace the numbers of choices by their names: cookiecutter renders this very mapping."""
    for question in CHOICES:
        answers[question] = name_choice(question, answers[question])


def let_the_console_show_any_character() -> None:
    """Keep the prompts from failing on a console that has no emoji."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
