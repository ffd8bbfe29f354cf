"""How long a person waits: for a reload and for a login, against apps without what we add.

Prints medians as ratios within this run. Run it: uv run python -m benchmarks.browser
"""

import shutil
import statistics
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser

from tests.support.baking import BakedProject, bake_into
from tests.support.servers import AppServer
from tests.support.visitor import Tab, chromium

RELOADS = 20
LOGINS = 20
TRANSPORTS = ["component", "http_only"]
STORES = ["memory", "sqlite"]
WITHOUT = "no login, Streamlit's defaults"
BY_HAND = "a form that keeps nobody logged in"
# As in the Dockerfile.
DEPLOYED = {"STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none"}

# The page itself notes when something is visible: whoever asks it from outside asks now and
# then only. A hidden element has no innerText. It ends when it has seen all there is to see,
# because every open tab would take the processor from the one that is measured.
NOTE_TIMES = """
    window.shown = {};
    window.addEventListener("click", () => { window.clicked = performance.now() }, true);
    const note = () => {
        const sidebar = document.querySelector('[data-testid="stSidebar"]');
        const heading = document.querySelector('[data-testid="stMain"] h1');
        if (heading?.innerText === "About") window.shown.about ??= performance.now();
        if (sidebar?.innerText.includes("Signed in as")) window.shown.user ??= performance.now();
        if (!window.shown.about || !window.shown.user) requestAnimationFrame(note);
    };
    note();
"""
# The same pages, two of which are the login's. Nothing is imported from auth/.
PAGES = """import streamlit as st


def account() -> None:
    st.title("Account")


def users() -> None:
    st.title("Users")


PAGES = [
    st.Page("views/home.py", title="Home", icon="🏠"),
    st.Page("views/about.py", title="About", icon="ℹ️"),
    st.Page(account, title="Account", icon="👤"),
    st.Page(users, title="Users", icon="👥"),
]
page = st.navigation(PAGES, position="hidden")
"""
# What many apps have in place of a login: it keeps nobody logged in.
HOMEMADE = """
if "name" not in st.session_state:
    with st.form("login"):
        name = st.text_input("Username", autocomplete="username")
        password = st.text_input("Password", type="password", autocomplete="current-password")
        if st.form_submit_button("Log in") and name == password:
            st.session_state["name"] = name
            st.rerun()
    st.stop()
with st.sidebar:
    st.text(f"Signed in as {st.session_state['name']}")
    for link in PAGES:
        st.page_link(link)
    st.button("Log out")
page.run()
"""
WITHOUT_LOGIN = """
with st.sidebar:
    st.text("Signed in as nobody")
    for link in PAGES:
        st.page_link(link)
    st.button("Log out")
page.run()
"""


def main() -> None:
    """Measure in turns, so that what else the machine does hits all alike."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        apps = {
            f"{transport}, {store}": project_with_users(Path(folder), transport, store)
            for transport in TRANSPORTS
            for store in STORES
        }
        component, http_only = apps["component, memory"], apps["http_only, memory"]
        equal = without_login(component, Path(folder) / "equal")
        without = at_the_defaults(equal, Path(folder) / "without")
        homemade = without_login(component, Path(folder) / "homemade", HOMEMADE)

        def serve(project: BakedProject, environment: dict[str, str]) -> AppServer:
            return stack.enter_context(project.server(environment))

        reloaded = {
            WITHOUT: serve(without, {}),
            "no login, our settings, in development": serve(equal, {}),
            "no login, our settings, deployed": serve(equal, DEPLOYED),
        }
        for name, project in apps.items():
            reloaded[f"{name}, in development"] = serve(project, {})
            reloaded[f"{name}, deployed"] = serve(project, DEPLOYED)
        browser = stack.enter_context(chromium())
        measure_reloads(browser, reloaded)
        logged_in = {BY_HAND: homemade, "component": component, "http_only": http_only}
        measure_logins(
            browser, {name: serve(project, DEPLOYED) for name, project in logged_in.items()}
        )


def measure_reloads(browser: Browser, servers: dict[str, AppServer]) -> None:
    """Print how long a reload takes until the page is there."""
    tabs = {name: new_tab(browser) for name in servers}
    for name, tab in tabs.items():
        tab.open(servers[name].url)
        if name.startswith(tuple(TRANSPORTS)):
            tab.log_in("test1")
        # Whatever the login imports, Home's chart has pandas imported for all of them.
        tab.sees_page("Home")
        tab.settles()
        tab.open(f"{servers[name].url}/about")

    def reload(name: str) -> float:
        tabs[name].reload()
        tabs[name].sees_page("About")
        tabs[name].settles()
        return float(tabs[name].page.evaluate("window.shown.about"))

    report("Reload to content", WITHOUT, list(servers), RELOADS, reload)
    for tab in tabs.values():
        tab.page.context.close()


def measure_logins(browser: Browser, servers: dict[str, AppServer]) -> None:
    """Print how long it takes from the click on Log in to the page."""

    def log_in(name: str) -> float:
        tab = new_tab(browser).open(servers[name].url)
        tab.sees_login_form()
        tab.settles()
        tab.fill_login("test1", "test1")
        tab.click("Log in")
        tab.sees_user("test1")
        milliseconds = float(tab.page.evaluate("window.shown.user - window.clicked"))
        tab.page.context.close()
        return milliseconds

    report("Click on Log in to page", BY_HAND, list(servers), LOGINS, log_in)


def new_tab(browser: Browser) -> Tab:
    """Return a tab of a new browser that notes when its pages show."""
    tab = Tab(browser.new_context().new_page())
    tab.page.add_init_script(NOTE_TIMES)
    return tab


def report(
    title: str, baseline: str, names: list[str], times: int, measure: Callable[[str], float]
) -> None:
    """Measure each in turn, many times, and print the medians against the baseline's."""
    for name in names:
        measure(name)
    milliseconds: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(times):
        for name in names:
            milliseconds[name].append(measure(name))
    medians = {name: statistics.median(values) for name, values in milliseconds.items()}
    print(f"\n{title}, medians of {times}\n\n| app | ratio | ms |\n|---|---|---|")
    for name in names:
        ratio = medians[name] / medians[baseline]
        print(f"| {name} | {ratio:.2f} | {medians[name]:.0f} |")


def without_login(
    project: BakedProject, folder: Path, instead: str = WITHOUT_LOGIN
) -> BakedProject:
    """Return the same app with no login of ours: one that Streamlit serves by itself."""
    copy = project.copy(folder)
    copy.write("main.py", PAGES + instead)
    shutil.rmtree(copy / "auth")
    copy.write("app.py", 'import streamlit as st\n\napp = st.App("main.py")\n')
    copy.edit("views/home.py", "from auth.gate import current_user\n\n", "")
    copy.edit("views/home.py", "{current_user().name}", "nobody")
    copy.edit("views/about.py", "from auth.settings import load_settings\n\n", "")
    copy.edit("views/about.py", "load_settings().app_description", '"What the app is"')
    return copy


def at_the_defaults(project: BakedProject, folder: Path) -> BakedProject:
    """Return the same app with Streamlit's defaults in place of what we set for speed."""
    copy = project.copy(folder)
    copy.edit(".streamlit/config.toml", "postScriptGC = false\n", "")
    return copy


def project_with_users(folder: Path, transport: str, store: str) -> BakedProject:
    """Return a project that its demo users can log in to."""
    answers = {"cookie_transport": transport, "store_backend": store}
    project = bake_into(folder / transport / store, **answers)
    if store != "memory":
        project.manage("import-users", "seeds/users.json")
    return project


if __name__ == "__main__":
    main()
