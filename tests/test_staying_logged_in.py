"""Scenarios in a real browser, against a really started app."""

from app_server import AppServer
from visitor import Tab


def test_a_login_survives_a_reload_on_the_same_page(server: AppServer, tab: Tab) -> None:
    tab.open(f"{server.url}/about").log_in("test1")
    tab.sees_page("About")
    tab.reload()
    tab.sees_user("test1")
    tab.sees_page("About")
    assert tab.path == "/about"
