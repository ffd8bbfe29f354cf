"""What the tests share: baked projects, running apps and a browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from app_server import AppServer, running
from baking import bake_into
from playwright.sync_api import Browser
from visitor import Tab, chromium


@pytest.fixture(scope="session", params=["component", "http_only"])
def answers(request: pytest.FixtureRequest) -> dict[str, str]:
    """The answers that make a project another one, each combination in turn."""
    return {"cookie_transport": request.param}


@pytest.fixture(scope="session")
def project(answers: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A baked project. Read it, run it, but do not change it."""
    return bake_into(tmp_path_factory.mktemp("project"), **answers)


@pytest.fixture(scope="session")
def server(project: Path) -> Iterator[AppServer]:
    """The default project, running for the whole session: only for tests that leave no trace."""
    with running(project) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def new_browser(browser: Browser) -> Iterator[Callable[..., Callable[[], Tab]]]:
    """Return a function that opens a new browser: itself a function that opens its tabs."""
    contexts = []

    def open_browser(**options: object) -> Callable[[], Tab]:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        return lambda: Tab(context.new_page())

    yield open_browser
    for context in contexts:
        context.close()


@pytest.fixture
def tab(new_browser: Callable[..., Callable[[], Tab]]) -> Tab:
    """A tab of a browser that has never been here before."""
    return new_browser()()
