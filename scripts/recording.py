"""The recording of the README: from the command to a logout, filmed from a running app."""

import base64
import html
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from tests.support.baking import BakedProject, run_cookiecutter
from tests.support.visitor import Tab

MAX_BYTES: Final = 1_000_000
APP_SIZE: Final[ViewportSize] = {"width": 880, "height": 600}
FILM_SIZE: Final[ViewportSize] = {"width": 880, "height": 680}
SECONDS: Final = 1.8  # that a picture stays

FRAME: Final = """
<style>
    * {{ margin: 0; box-sizing: border-box; font-family: system-ui, sans-serif; }}
    body {{ display: flex; flex-direction: column; height: 100vh; background: #e5e7eb; }}
    nav {{ display: flex; gap: 4px; height: 36px; padding: 6px 8px 0; }}
    nav span {{ width: 230px; padding: 5px 12px; border-radius: 8px 8px 0 0; font-size: 13px;
               color: #4b5563; background: #d1d5db; }}
    nav span.open {{ color: #111827; background: #ffffff; }}
    main {{ height: 600px; overflow: hidden; background: #ffffff; }}
    pre {{ height: 600px; padding: 24px; background: #12151c; color: #e8eaf0;
           font: 15px/1.7 ui-monospace, monospace; white-space: pre-wrap; }}
    p {{ height: 44px; padding: 11px; text-align: center; font-size: 16px; color: #ffffff;
         background: #4f46e5; }}
</style>
<nav>{tabs}</nav><main>{picture}</main><p>{caption}</p>
"""


@dataclass
class Film:
    """Pictures that are shown one after the other.

    Attributes:
        stage: The page on which each picture is put together.
    """

    stage: Page
    frames: list[Image.Image] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def show_terminal(self, text: str, caption: str, seconds: float = SECONDS) -> None:
        """Add a picture of a terminal."""
        self._add(f"<pre>{html.escape(text)}</pre>", ["Terminal"], 0, caption, seconds)

    def show(self, tabs: list[Tab], seen: int, caption: str, seconds: float = SECONDS) -> None:
        """Add a picture of a browser's tabs, of which one is seen."""
        picture = base64.b64encode(tabs[seen].page.screenshot()).decode()
        image = f'<img src="data:image/png;base64,{picture}">'
        self._add(image, [tab.page.title() for tab in tabs], seen, caption, seconds)

    def save(self, file: Path) -> None:
        """Write the film as an animated WebP.

        Raises:
            ValueError: It is too large for a README.
        """
        first, *others = self.frames
        film = io.BytesIO()
        milliseconds = [round(1000 * seconds) for seconds in self.seconds]
        options = {"duration": milliseconds, "loop": 0, "lossless": True, "method": 6}
        first.save(film, "WEBP", save_all=True, append_images=others, **options)
        if len(film.getvalue()) > MAX_BYTES:
            raise ValueError(f"{file.name} has {len(film.getvalue())} bytes, over {MAX_BYTES}.")
        file.write_bytes(film.getvalue())

    def _add(self, body: str, titles: list[str], seen: int, caption: str, seconds: float) -> None:
        tabs = "".join(
            f'<span class="{"open" if number == seen else ""}">{html.escape(title)}</span>'
            for number, title in enumerate(titles)
        )
        self.stage.set_content(FRAME.format(tabs=tabs, picture=body, caption=html.escape(caption)))
        self.frames.append(Image.open(io.BytesIO(self.stage.screenshot())).convert("RGB"))
        self.seconds.append(seconds)


def record(browser: Browser, folder: Path, file: Path) -> None:
    """Scaffold, log in, reload, open a second tab, log out everywhere: film it."""
    film = Film(browser.new_context(viewport=FILM_SIZE).new_page())
    project = film_scaffolding(film, folder)
    with project.server() as server:
        context = browser.new_context(viewport=APP_SIZE)
        first = Tab(context.new_page())
        film_login(film, first, server.url)
        first.reload()
        first.sees_user("test1")
        rest(first)
        film.show([first], 0, "Reload: still logged in, on the same page")
        second = Tab(context.new_page()).open(f"{server.url}/about")
        second.sees_user("test1")
        rest(second)
        film.show([first, second], 1, "A second tab: logged in")
        other = Tab(browser.new_context(viewport=APP_SIZE).new_page()).open(server.url)
        other.log_in("test1")
        first.follow("Account")
        first.sees_page("Account")
        rest(first)
        button = first.page.get_by_role("button", name="Log out everywhere else", exact=True)
        button.scroll_into_view_if_needed()
        film.show([first, second], 0, "Log out everywhere …", SECONDS / 2)
        button.click()
        first.sees("You are logged out everywhere else.")
        rest(first)
        film.show([first, second], 0, "Log out everywhere …")
        other.follow("About")
        other.sees_login_form()
        rest(other)
        film.show([other], 0, "… and the other browser is out at its next click")
        first.log_out()
        film.show([first, second], 0, "Log out in one tab …")
        second.follow("Home")
        second.sees_login_form()
        rest(second)
        film.show([first, second], 1, "… and so is the other tab", 2 * SECONDS)
    film.save(file)


def film_scaffolding(film: Film, folder: Path) -> BakedProject:
    """Make a project as a person would, and show what that prints."""
    command = "$ uvx cookiecutter gh:OWNER/cookiecutter-streamlit-auth"
    caption = "One command makes the app"
    film.show_terminal(f"{command}█", caption, SECONDS / 2)
    printed = run_cookiecutter(folder).stdout.strip()
    (project,) = (path.parent for path in folder.glob("*/app.py"))
    printed = printed.replace(str(project), f"~/{project.name}")
    film.show_terminal(f"{command}\n\n{printed}", caption, 2 * SECONDS)
    return BakedProject(project, {})


def film_login(film: Film, tab: Tab, url: str) -> None:
    """Log in, with a picture of each step."""
    tab.open(url).sees_login_form()
    rest(tab)
    film.show([tab], 0, "Its users log in …")
    tab.fill_login("test1", "test1")
    film.show([tab], 0, "Its users log in …", SECONDS / 2)
    tab.log_in("test1")
    rest(tab)
    film.show([tab], 0, "… once")


def rest(tab: Tab) -> None:
    """Wait until nothing moves any more."""
    # The pointer would light up whatever it rests on.
    tab.page.mouse.move(500, 10)
    tab.settles()
    # A chart and a table grow for a moment after the script has ended.
    tab.page.wait_for_timeout(1000)
