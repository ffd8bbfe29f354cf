"""The name of the folder: what is accepted, and what is refused."""

import re
from importlib import metadata

import pytest
from packaging.requirements import Requirement

from answers.slug import check_slug
from tests.support.baking import TEMPLATE


@pytest.mark.parametrize("slug", ["sales", "sales_app", "app2", "a", "a_1__b", "x" * 56])
def test_an_ordinary_slug_is_accepted(slug: str) -> None:
    assert check_slug(slug) == []


@pytest.mark.parametrize(
    ("slug", "reason"),
    [
        ("Sales", "begin with a lowercase letter"),
        ("2nd", "begin with a lowercase letter"),
        ("_a", "begin with a lowercase letter"),
        ("a-b", "lowercase letters, digits and _"),
        ("a b", "lowercase letters, digits and _"),
        ("über", "lowercase letter"),
        ("../escape", "lowercase letter"),
        ("a/b", "lowercase letters, digits and _"),
        ("a\\b", "lowercase letters, digits and _"),
        ("c:", "lowercase letters, digits and _"),
        ("a.", "lowercase letters, digits and _"),
        ("sales_", "end with a letter or a digit"),
        ("class", "Python keyword"),
        ("con", "reserved Windows name"),
        ("lpt1", "reserved Windows name"),
        ("json", "standard-library module"),
        ("pydantic__settings", "module that the app uses"),
        ("libpass", "module that the app uses"),
        ("streamlit", "module that the app uses"),
        ("x" * 57, "longer than 56 characters"),
    ],
)
def test_a_slug_that_cannot_work_is_refused_by_name(slug: str, reason: str) -> None:
    (problem,) = check_slug(slug)
    assert slug in problem
    assert reason in problem


@pytest.mark.parametrize(
    "name", ["app", "auth", "main", "manage", "migrations", "seeds", "tests", "views"]
)
def test_no_slug_can_shadow_a_module_of_the_project(name: str) -> None:
    (problem,) = check_slug(name)
    assert "module that the app uses" in problem


def test_an_empty_slug_is_refused() -> None:
    (problem,) = check_slug("")
    assert "project_slug is empty" in problem


def test_no_slug_can_shadow_a_module_or_package_that_the_app_installs() -> None:
    names = packages_of_the_app()
    modules = {
        normal(module)
        for module, packages in metadata.packages_distributions().items()
        if names & {normal(package) for package in packages}
    }
    for name in names | modules:
        assert check_slug(name), f"{name} would be accepted"


def packages_of_the_app() -> set[str]:
    """Return the names of all packages that a generated app installs, on any system."""
    text = (TEMPLATE / "{{cookiecutter.project_slug}}" / "pyproject.toml").read_text("utf-8")
    waiting = [Requirement(entry) for entry in re.findall(r'"([\w-]+(?:\[\w+\])?>=[^"]*)"', text)]
    waiting += [Requirement("SQLAlchemy"), Requirement("PyMySQL[rsa]")]
    done = set()
    while waiting:
        requirement = waiting.pop()
        for extra in requirement.extras or {""}:
            if (requirement.name, extra) in done:
                continue
            done.add((requirement.name, extra))
            waiting += needs(requirement.name, extra)
    return {normal(name) for name, _ in done}


def needs(package: str, extra: str) -> list[Requirement]:
    try:
        entries = metadata.requires(package) or []
    except metadata.PackageNotFoundError:  # needed on another system
        return []
    found = [Requirement(entry) for entry in entries]
    return [
        requirement
        for requirement in found
        if requirement.marker is None
        or any(
            requirement.marker.evaluate({"extra": extra, "sys_platform": system})
            for system in ("linux", "darwin", "win32")
        )
    ]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()
