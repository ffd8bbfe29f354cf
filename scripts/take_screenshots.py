"""Take the pictures of the README and the tutorial from running apps: make screenshots."""

import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
sys.path.insert(0, str(ROOT / "tests"))

from app_server import running  # noqa: E402
from baking import bake_into  # noqa: E402
from documents import commands_in, files_in_text, lines_to_add, section  # noqa: E402
from playwright.sync_api import Browser, ViewportSize  # noqa: E402
from visitor import Tab, chromium  # noqa: E402

SIZE: ViewportSize = {"width": 960, "height": 540}


def take(tab: Tab, name: str) -> None:
    """Take a picture when nothing moves any more."""
    # The pointer would light up whatever it rests on.
    tab.page.mouse.move(500, 10)
    tab.settles()
    # A chart and a table grow for a moment after the script has ended.
    tab.page.wait_for_timeout(1000)
    tab.page.screenshot(path=IMAGES / f"{name}.png")


def take_those_of_the_readme(browser: Browser, folder: Path) -> None:
    """Bake the default project, log in as a person would, and look twice."""
    with running(bake_into(folder)) as server:
        tab = Tab(browser.new_context(viewport=SIZE).new_page())
        tab.open(server.url).sees_login_form()
        take(tab, "login")
        tab.log_in("test1")
        take(tab, "page")


def take_those_of_the_tutorial(browser: Browser, folder: Path) -> None:
    """Do what the tutorial says, with its own files, and look where it has a picture."""
    tutorial = section("docs/tutorial.md")
    files = files_in_text(tutorial)
    answers = dict(re.findall(r'(\w+)="(.*?)"', commands_in(tutorial)[0]))
    project = bake_into(folder, **answers)
    with running(project) as server:
        tab = Tab(browser.new_context(viewport=SIZE).new_page())
        tab.open(server.url).sees_login_form()
        take(tab, "tutorial_login")
        tab.log_in("ann")
        write(project, files, "views/sales.py")
        reload_until(tab, "This week")
        take(tab, "tutorial_page")
        write(project, files, "views/orders.py")
        for file, line in lines_to_add(tutorial).items():
            text = (project / file).read_text(encoding="utf-8")
            (project / file).write_text(text.replace("\n]\n", f"\n{line}]\n"), encoding="utf-8")
        reload_until(tab, "Orders")
        tab.follow("Orders")
        tab.sees_page("🧾 Orders")
        take(tab, "tutorial_added")


def reload_until(tab: Tab, text: str) -> None:
    """Reload until Streamlit has noticed a changed file, which may take it a second."""

    def shows() -> bool:
        tab.reload()
        tab.settles()
        return tab.page.get_by_text(text, exact=True).count() > 0

    tab.waits_until(shows)


def write(project: Path, files: dict[str, str], name: str) -> None:
    """Write a file of the tutorial."""
    (project / name).write_text(files[name], encoding="utf-8")


def main() -> None:
    """Take all of them."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        take_those_of_the_readme(browser, Path(folder) / "readme")
        take_those_of_the_tutorial(browser, Path(folder) / "tutorial")


if __name__ == "__main__":
    main()
