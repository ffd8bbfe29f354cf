"""What people read on the page Account."""

from typing import Final

ACCOUNT: Final = "Account"
CURRENT_PASSWORD: Final = "Current password"
NEW_PASSWORD: Final = "New password"
REPEAT_NEW_PASSWORD: Final = "Repeat new password"
CHANGE_PASSWORD: Final = "Change password"
END: Final = "End"
THIS_ONE: Final = "This one"
LOG_OUT_ELSEWHERE: Final = "Log out everywhere else"
WRONG_CURRENT_PASSWORD: Final = "The current password is wrong."
DIFFERENT_PASSWORDS: Final = "The two new passwords are not the same."
PASSWORD_CHANGED: Final = "Your password is changed, and you are logged out everywhere else."
LOGIN_ENDED: Final = "That login is ended."
OTHERS_ENDED: Final = "You are logged out everywhere else."
