"""The browsers of visitors, in words."""

import pytest

from auth.visitor.user_agents import describe

X11 = "Mozilla/5.0 (X11; Linux x86_64{})"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64{})"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (f"{X11.format('; rv:140.0')} Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (f"{WINDOWS.format('')} {WEBKIT} Chrome/140.0.0.0 Safari/537.36", "Chrome on Windows"),
        (
            f"{WINDOWS.format('')} {WEBKIT} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) "
            + WEBKIT
            + " SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
            "Samsung Internet on Android",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.0 Safari/605.1.15",
            "Safari on macOS",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1",
            "Chrome on iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) Konqueror", "Linux"),
        ("Chrome/140.0", "Chrome"),
        ("curl/8.0", ""),
        ("", ""),
        ("<script>\n\x1b[2J" * 1000, ""),
    ],
)
def test_a_browser_is_named_as_people_know_it(user_agent: str, expected: str) -> None:
    assert describe(user_agent) == expected
