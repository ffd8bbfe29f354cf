"""Why somebody was not let in, as a sentence for the form."""

import math

from auth.events import Event, record
from auth.login.by_password import WrongPasswordError
from auth.login.throttle import ThrottledError
from auth.records import StoreReadOnlyError, UnavailableError
from auth.settings import load_settings

WRONG_LOGIN = "Wrong username or password."
OUTAGE = "Logging in is not possible right now. Please try again in a moment."
UNCHECKED = "The app cannot check your login right now. Please try again in a moment."
EMPTY = "Please type your username and your password."
NOT_SAVED = "This app cannot save changes to its users: their file cannot be written."
ENDED = "Your login has ended. Please log in again."

# What a login may raise.
REFUSALS = (WrongPasswordError, ThrottledError, UnavailableError)


def explain(error: Exception, wrong: str = WRONG_LOGIN, outage: str = OUTAGE) -> str:
    """Return why a login was refused, and record it if the app is to blame.

    Args:
        error: One of REFUSALS.
        wrong: What to say of a wrong password.
        outage: What to say if the store cannot be reached, or a setting is wrong. Of a store
            that cannot be written, nobody is told to try again.
    """
    if isinstance(error, WrongPasswordError):
        return wrong
    if isinstance(error, ThrottledError):
        return f"Too many failed logins. Please try again in {error.wait}."
    record(Event.STORE_UNAVAILABLE, reason=error)
    return NOT_SAVED if isinstance(error, StoreReadOnlyError) else outage


def explain_idle() -> str:
    """Return why a login ended that was not used for too long."""
    hours = load_settings().session_idle_hours
    time = f"{hours:g} hours" if hours > 1 and hours.is_integer() else _minutes(hours * 60)
    return f"You were logged out because you had not used the app for {time}. Please log in again."


def _minutes(minutes: float) -> str:
    whole = max(1, math.ceil(minutes))
    return f"{whole} minute" if whole == 1 else f"{whole} minutes"
