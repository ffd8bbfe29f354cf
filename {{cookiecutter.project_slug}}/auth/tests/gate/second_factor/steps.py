"""The steps of a login, as people take them in a tab."""

from auth.tests import labels
from auth.tests.conftest import PASSWORD
from auth.tests.login.second_factor.phone import Phone
from auth.tests.tab import Tab

CODE = labels.SAY.code
RECOVERY_CODE = labels.SAY.recovery_code


def with_password(tab: Tab | None = None, username: str = "ann") -> Tab:
    """Log in with the password, and return the tab, which asks for more."""
    return (tab or Tab().run()).log_in(username, PASSWORD)


def log_in(phone: Phone, tab: Tab | None = None) -> Tab:
    """Log in with the password and the code of an app."""
    return enter(with_password(tab, phone.user.username), phone.code())


def enter(tab: Tab, code: str, label: str = CODE) -> Tab:
    """Type a code, and go on."""
    tab.field(label).input(code)
    return tab.click(labels.CONTINUE)


def asks_for_a_code(tab: Tab, label: str = CODE) -> bool:
    """Tell whether a code is asked for in place of any page."""
    return (
        [field.label for field in tab.app.main.text_input] == [label]
        and (tab.page, tab.user, tab.login) == (None, None, None)
        and not len(tab.app.sidebar)
    )
