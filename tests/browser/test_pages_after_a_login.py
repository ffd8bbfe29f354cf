"""After a login the page is there, whatever it does and whatever the server is at."""

from collections.abc import Iterator

import pytest

from tests.conftest import Bake, OpenBrowser
from tests.support.servers import AppServer
from tests.support.sweep import first_of, swept
from tests.support.visitor import Tab

# What each page does; all take long enough for the browser to keep the login meanwhile.
PAGES = {
    "plain": 'st.title("Here")',
    "switch": 'st.switch_page("views/plain.py")',
    "rerun": """
if "ran" not in st.session_state:
    st.session_state.ran = True
    st.rerun()
st.title("Here")""",
    "stop": 'st.title("Here")\nst.stop()',
    "state": """
st.write(dict(st.session_state))
for key in st.session_state:
    st.session_state[key] = st.session_state[key]
st.session_state.clear()
st.title("Here")""",
}
# A server that is busy in the moment in which it gets what a browser sends by itself: it looks
# at the message when the run that was going on is over.
BUSY = """
import time

from streamlit.proto.BackMsg_pb2 import BackMsg


class Busy:
    def __init__(self, app):
        self._app = app

    async def __call__(self, scope, receive, send):
        async def receive_late():
            message = await receive()
            if message.get("bytes"):
                widgets = BackMsg.FromString(message["bytes"]).rerun_script.widget_states.widgets
                if widgets and not any(widget.trigger_value for widget in widgets):
                    time.sleep(3)
            return message

        await self._app(scope, receive_late if scope["type"] == "websocket" else receive, send)
"""


@pytest.fixture(scope="module", params=first_of(["component", "http_only"]))
def busy_server(
    bake: Bake, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AppServer]:
    """An app with all of the pages, on a busy server that has been used before."""
    answers = {"cookie_transport": request.param, "pages": ", ".join(map(str.title, PAGES))}
    project = bake(**answers).copy(tmp_path_factory.mktemp("busy"))
    for name, page in PAGES.items():
        start = "import time\n\nimport streamlit as st\n\ntime.sleep(1)\n"
        project.write(f"views/{name}.py", f"{start}{page}\n")
    project.write("busy.py", BUSY)
    project.edit("app.py", "import streamlit", "import busy\nimport streamlit")
    busy = "middleware=[*server.MIDDLEWARE, server.Middleware(busy.Busy)]"
    project.edit("app.py", "middleware=server.MIDDLEWARE", busy)
    with project.server() as server:
        yield server


@pytest.mark.parametrize("page", [*swept(["plain"]), *list(PAGES)[1:]])
def test_a_page_shows_and_stays(busy_server: AppServer, tab: Tab, page: str) -> None:
    path = "" if page == "plain" else page  # the landing page's address
    tab.open(f"{busy_server.url}/{path}").sees_login_form()
    tab.settles()
    tab.log_in("test1")
    tab.settles()
    tab.sees_page("Here")
    assert tab.token
    assert tab.token not in tab.page.inner_text("body")
    tab.reload()
    tab.sees_page("Here")


def test_a_login_takes_one_run_of_the_script(server: AppServer, open_browser: OpenBrowser) -> None:
    tab = open_browser()().open(f"{server.url}/about")
    tab.sees_login_form()
    tab.settles()
    tab.received.clear()
    tab.log_in("test1")
    tab.sees_page("About")
    assert tab.script_runs == 1
