"""What people read on the screen. Whoever changes a text in auth/ changes it here: no test repeats one."""

from typing import Final

USERNAME: Final = "Username"
PASSWORD: Final = "Password"
LOG_IN: Final = "Log in"
LOG_OUT: Final = "Log out"
BACK: Final = "Back"
TRY_AGAIN: Final = "Try again"
SIGNED_IN_AS: Final = "Signed in as "  # the username follows

CONTINUE: Final = "Continue"

CHOOSE_A_PASSWORD: Final = "Choose a password"
NEW_PASSWORD: Final = "New password"
REPEAT_NEW_PASSWORD: Final = "Repeat new password"
SAVE: Final = "Save"
DIFFERENT_PASSWORDS: Final = "The two passwords are not the same."
GIVEN_PASSWORD: Final = "This is the password that you were given. Please choose your own."

WRONG_PASSWORD: Final = "Wrong username or password."
EMPTY: Final = "Please type your username and your password."
TOO_MANY_FAILURES: Final = "Too many failed logins."  # how long to wait follows
NO_ACCESS: Final = "You do not have access to this page."
WRONG_PASSWORD_AGAIN: Final = "Wrong password."
IDLE: Final = "You were logged out because you had not used the app for "  # how long follows
ENDED: Final = "Your login has ended. Please log in again."
OUTAGE: Final = "Logging in is not possible right now. Please try again in a moment."
UNCHECKED: Final = "The app cannot check your login right now. Please try again in a moment."
NOT_SAVED: Final = "This app cannot save changes to its users: their file cannot be written."
NOT_KEPT: Final = (
    "You are logged in, but this browser could not keep the login: "
    "after a reload it will ask you again."
)
