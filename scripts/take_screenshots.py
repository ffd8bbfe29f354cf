"""Take the pictures of the README from a running app: make screenshots."""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
sys.path.insert(0, str(ROOT / "tests"))

from app_server import running  # noqa: E402
from baking import bake_into  # noqa: E402
from visitor import Tab, chromium  # noqa: E402


def main() -> None:
    """Bake the default project, log in as a person would, and look twice."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(bake_into(Path(folder))) as server,
        chromium() as browser,
    ):
        context = browser.new_context(viewport={"width": 960, "height": 540})
        tab = Tab(context.new_page())
        tab.open(server.url).sees_login_form()
        tab.settles()
        tab.page.screenshot(path=IMAGES / "login.png")
        tab.log_in("test1")
        # The pointer would light up whatever it rests on.
        tab.page.mouse.move(700, 500)
        tab.settles()
        tab.page.screenshot(path=IMAGES / "page.png")


if __name__ == "__main__":
    main()
