"""What is drawn in place of a page, and around one."""

import base64
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from auth import create_session, texts
from auth.gate import brand, forms
from auth.settings import load_settings
from auth.tests import labels
from auth.tests.conftest import PASSWORD, Configure
from auth.tests.tab import Tab

ODD_TEXT = "<b>*Q&A*</b> :red[x] `$1$`"


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def title_in_browser(tab: Tab) -> str:
    """Return what the browser's tab says."""
    messages = [message.page_config_changed for message in tab.sent]
    return [message.title for message in messages if message.title][-1]


def notices(tab: Tab) -> list[str]:
    """Return the small texts of the main area."""
    return [caption.value for caption in tab.app.main.caption]


def test_the_card_says_which_app_it_is(configure: Configure) -> None:
    configure(app_name=ODD_TEXT, app_description=f"For {ODD_TEXT}")
    tab = Tab().run()
    assert [title.value for title in tab.app.title] == [forms.plain(ODD_TEXT)]
    assert notices(tab)[0] == forms.plain(f"For {ODD_TEXT}")


def test_an_app_without_a_description_has_an_empty_line_nowhere(configure: Configure) -> None:
    configure(app_description="")
    assert notices(Tab().run()) == [texts.DEFAULTS.forgot_password]


def test_what_to_do_without_a_password_is_a_text_or_the_setting_and_can_be_left_out(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert notices(Tab().run())[-1] == "Forgot your password? Ask whoever runs this app."
    help_line = "Forgot your password? Ask [us](mailto:us@example.com)."
    configure(forgot_password=help_line)
    assert notices(Tab().run())[-1] == help_line
    configure(forgot_password="")
    say = replace(texts.DEFAULTS, forgot_password="")
    monkeypatch.setattr(texts, "check", lambda: say)
    assert not any("Forgot" in notice for notice in notices(Tab().run()))


def test_the_logo_is_an_image_and_may_be_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ann: str
) -> None:
    assert ElementTree.parse(next(iter(brand.LOGOS))).getroot().tag.endswith("svg")  # noqa: S314 - our own
    token = create_session(ann)
    assert any(message.logo.image for message in Tab(token).run().sent)
    monkeypatch.setattr(brand, "find_logo", brand.find_logo.__wrapped__)
    monkeypatch.setattr(brand, "LOGOS", {tmp_path / "none.svg": "image/svg+xml"})
    assert Tab().run().shows_login_form
    tab = Tab(token).run()
    assert tab.user == ann
    assert not any(message.logo.image for message in tab.sent)


def test_nothing_of_a_visitors_page_comes_from_another_host(tab: Tab) -> None:
    sent = b"".join(message.SerializeToString() for message in tab.sent)
    assert b"http" not in sent.replace(b"http://www.w3.org", b"")


def test_the_browsers_tab_names_the_page_and_the_app(ann: str) -> None:
    tab = Tab(create_session(ann)).run()
    name = load_settings().app_name
    assert title_in_browser(tab) == f"Private · {name}"
    assert title_in_browser(tab.open_page("open")) == f"Open · {name}"


def test_the_browsers_tab_does_not_name_a_page_that_one_may_not_see(tab: Tab, ann: str) -> None:
    name = load_settings().app_name
    assert title_in_browser(tab) == name
    assert title_in_browser(tab.log_in(ann, PASSWORD).open_page("bosses")) == name


def test_who_is_there_and_the_way_out_stand_together(ann: str) -> None:
    sidebar = Tab(create_session(ann)).run().app.sidebar
    assert sidebar.text[-1].value == f"{labels.SIGNED_IN_AS}{ann}"
    assert sidebar.button[-1].label == labels.LOG_OUT


def test_a_logo_may_be_a_png(tab: Tab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    png = tmp_path / "logo.png"
    png.write_bytes(PNG)
    logos = {tmp_path / "logo.svg": "image/svg+xml", png: "image/png"}
    monkeypatch.setattr(brand, "find_logo", brand.find_logo.__wrapped__)
    monkeypatch.setattr(brand, "LOGOS", logos)
    sent = [message.delta.new_element.html.body for message in tab.run().sent]
    assert any('<img src="data:image/png;base64,' in body for body in sent)
