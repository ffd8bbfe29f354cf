"""Every sentence and label that people read. `texts.toml` in the project replaces any of them.

The log, which is for whoever runs the app, stays in English.
"""

# ruff: noqa: S105  # these are about passwords, and are none

import tomllib
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from string import Formatter

from auth.records import SettingsError
from auth.settings import PROJECT

FILE = PROJECT / "texts.toml"


@dataclass(frozen=True)
class Texts:
    """The texts, with their places for what they are about: {name}, {wait} and so on."""

    language: str = "en"  # of all of them, as a browser knows it (BCP 47)

    # The login form, and what stands in place of a page
    username: str = "Username"
    password: str = "Password"
    log_in: str = "Log in"
    logging_in: str = "Logging in…"
    log_out: str = "Log out"
    back: str = "Back"
    try_again: str = "Try again"
    signed_in_as: str = "Signed in as {name}"
    enter_both: str = "Enter your username and password."
    forgot_password: str = "Forgot your password? Ask whoever runs this app."  # Markdown
    wrong_login: str = "Wrong username or password."
    too_many_failures: str = "Too many failed logins. Please try again in {wait}."
    no_access: str = "You do not have access to this page."
    login_ended: str = "Your login has ended. Please log in again."
    was_idle: str = (
        "You were logged out because you had not used the app for {time}. Please log in again."
    )
    outage: str = "Logging in is not possible right now. Please try again in a moment."
    unchecked: str = "The app cannot check your login right now. Please try again in a moment."
    not_saved: str = "This app cannot save changes to its users: their file cannot be written."
    not_kept: str = (
        "You are logged in, but this browser could not keep the login: "
        "after a reload it will ask you again."
    )
    no_server: str = "Please start this app by: streamlit run app.py"
    broken_app: str = "The app has an error. Its log says where."
    minute: str = "{number} minute"
    minutes: str = "{number} minutes"
    hour: str = "{number} hour"
    hours: str = "{number} hours"

    # Asked for the password again, or for a new one
    enter_password_again: str = "Enter your password again to continue."
    continue_: str = "Continue"
    enter_password: str = "Enter your password."
    wrong_password: str = "Wrong password."
    choose_password: str = "Choose a password"
    one_time_used: str = "Your one-time password has been used. Nobody else knows the new one."
    new_password: str = "New password"
    repeat_new_password: str = "Repeat new password"
    save: str = "Save"
    enter_all: str = "Fill in every field."
    passwords_differ: str = "The passwords do not match."
    given_password: str = "This is the password that you were given. Please choose your own."
    password_length: str = (
        "Passwords have {least} to {most} characters. Any characters are allowed."
    )
    password_rules: str = "{least} to {most} characters, of any kind. The most common are refused."
    password_common: str = "This password is one of the most common ones. Please choose another."
    password_is_username: str = "This password is the username. Please choose another."
    password_is_app: str = (
        "This password is the name of the app or of one of its pages. Please choose another."
    )

    # The page Account
    account: str = "Account"
    about_you: str = "Who you are in this app, and how you log in."
    about_password: str = "A new password logs you out everywhere else."
    current_password: str = "Current password"
    change_password: str = "Change password"
    wrong_current_password: str = "The current password is wrong."
    password_changed: str = (
        "Your password has been changed, and you are logged out everywhere else."
    )
    display_name: str = "Display name"
    email: str = "Email"
    save_display_name: str = "Save display name"
    save_email: str = "Save email"
    display_name_saved: str = "Your display name has been saved."
    email_saved: str = "Your email address has been saved."
    confirm_on_account: str = (
        "To change your email address or to end logins, enter your password again."
    )
    where_logged_in: str = "Where you are logged in"
    about_logins: str = "If you do not know one of these, end it and change your password."
    since_and_last_used: str = "Logged in {since}, last used {last_used}"
    unknown_browser: str = "Unknown browser"
    this_one: str = "This one"
    end: str = "End"
    log_out_elsewhere: str = "Log out everywhere else"
    session_ended: str = "That login has been ended."
    logged_out_elsewhere: str = "You are logged out everywhere else."
    just_now: str = "just now"
    minute_ago: str = "{number} minute ago"
    minutes_ago: str = "{number} minutes ago"
    hour_ago: str = "{number} hour ago"
    hours_ago: str = "{number} hours ago"
    day_ago: str = "{number} day ago"
    days_ago: str = "{number} days ago"

    # The page Users
    users: str = "Users"
    about_users: str = "Who can log in, and what they may do. Choose somebody to change that."
    not_now: str = "This is not possible right now. Please try again in a moment."
    demo_cannot: str = "There are demo users, who cannot log in here: {names}."
    demo_can: str = (
        "Anybody can log in with these names, each of which is its own password: {names}."
    )
    demo_remove: str = "Remove demo users"
    demo_remove_question: str = "Remove all demo users?"
    add_a_user: str = "Add a user"
    about_adding: str = (
        "You get a password for their first login, or the link of an invitation, to hand over."
    )
    new_username: str = "New username"
    add_user: str = "Add user"
    search: str = "Search"
    no_such_user: str = "There is no such user."
    previous: str = "Previous"
    next: str = "Next"
    user: str = "User"
    roles: str = "Roles"
    choose_roles: str = "Choose, or type new ones"
    state: str = "State"
    last_seen: str = "Last seen"
    never: str = "never"
    disabled: str = "Disabled"
    demo_user: str = "Demo user"
    one_time: str = "One-time password"
    one_time_expired: str = "One-time password expired"
    has_invitation: str = "Invited"
    invitation_expired: str = "Invitation expired"
    one_time_over: str = "needs a new password: the one-time password was used or has expired"
    one_time_open: str = "has not chosen a password yet"
    save_roles: str = "Save roles"
    rename: str = "Rename"
    rename_to: str = "Rename to"
    enable: str = "Enable"
    disable: str = "Disable"
    unlock: str = "Unlock"
    end_sessions: str = "End sessions"
    reset_password: str = "Reset password"
    remove: str = "Remove"
    remove_question: str = "Remove this user?"
    removal_means: str = "{name}: logged out everywhere, and gone. This cannot be undone."
    yes_remove: str = "Yes, remove"
    hand_over: str = (
        "Hand this password over now: it is shown once. It is valid for one login within "
        "24 hours, at which its user chooses another."
    )
    added: str = "Added {name}."
    password_was_reset: str = "Reset the password of {name} and ended their sessions."
    password_was_changed: str = (
        "Somebody else has changed this password at the same moment, and nothing was done."
    )
    roles_saved: str = "Saved the roles of {name}."
    was_renamed: str = "Renamed {name} to {new_name}."
    was_disabled: str = "Disabled {name} and ended their sessions."
    was_enabled: str = "Enabled {name}."
    was_unlocked: str = "Forgot the failed logins of {name}."
    sessions_were_ended: str = "Ended the sessions of {name}."
    was_removed: str = "Removed {name} and ended their sessions."
    demo_none: str = "There are no demo users."
    were_removed: str = "Removed {names}."
    stays_own: str = "{name} stays: it is your own account."
    stays_last: str = "{name} stays: it is the last administrator who can log in."
    own_account: str = "You cannot do this to yourself. Another administrator can."
    last_administrator: str = (
        "{name} is the last administrator who can log in. Make someone else an administrator first."
    )
    user_is_gone: str = "{name} no longer exists."
    user_exists: str = "The user {name} already exists."
    another_was_chosen: str = "Another user was chosen meanwhile, and nothing was done."
    roles_were_changed: str = "Somebody else has changed the roles meanwhile, and nothing was done."
    username_rule: str = (
        "A username has 1 to 64 characters: the letters a to z without accents, digits, and . _ @ -"
    )
    email_rule: str = "This is no email address. It has the form name@example.com."
    email_taken: str = "Another user has the address {email}, or has it as their username."
    display_name_rule: str = (
        "A display name has at most {most} characters, and none that cannot be seen."
    )
    role_rule: str = (
        "The role {role} cannot exist: a role is a lowercase letter, then at most 31 lowercase "
        "letters, digits, _ or -, and not public, which needs no role."
    )
    too_many_roles: str = "A user has at most {most} roles."

    # Invitations: on the page Users, and the page that their link opens
    invite: str = "Invite"
    invited: str = "Invited {name}."
    hand_over_link: str = (
        "Hand this link over now: it is shown once. It is valid for 72 hours and one person, who "
        "chooses a password with it. A new invitation replaces it."
    )
    no_app_url: str = (
        "The app does not know its own address, with which the link begins. Set APP_URL, such as "
        "to https://app.example.com, and try again."
    )
    invitation_open: str = "invited, and has not chosen a password yet"
    invitation_over: str = "needs a new invitation: the last one has ended"
    welcome: str = "Welcome"
    you_are_invited: str = "You have been invited. Choose a password to log in with."
    invited_while_logged_in: str = (
        "You are logged in as {name}. When you save a password here, this browser logs out and is "
        "logged in as the person who was invited."
    )
    invitation_code: str = "Invitation code"
    invitation_missing: str = "Follow the link of your invitation again, or enter its code."
    invitation_refused: str = (
        "This invitation cannot be used: it was used or replaced, or it has expired. Ask for a "
        "new one."
    )
    event_invited: str = "User invited"
    event_invitation_used: str = "Invitation used"
    event_invitation_refused: str = "Invitation refused"
{% if "second_factor" in cookiecutter.accounts %}

    # Second factor: on the pages Account and Users, and where one is set up
    second_factor: str = "Second factor"
    about_second_factor: str = (
        "With it, your password alone lets nobody in: a login also takes a code of an app, or a "
        "passkey."
    )
    confirm_for_second_factor: str = "To change it, enter your password again below."
    authenticator_app: str = "Authenticator app"
    factor_added: str = "Added {ago}"
    passkey_added: str = "Passkey, added {ago}"
    factor_last_used: str = "last used {ago}"
    set_up_authenticator: str = "Set up an authenticator app"
    turn_off: str = "Turn off"
    passkey_name: str = "Name"
    factor_removed: str = "{name} has been removed."
    last_factor: str = "You need a second factor. Add another one before you remove this one."
    recovery_codes: str = "Recovery codes"
    codes_left: str = "{number} left"
    new_recovery_codes: str = "New recovery codes"
    keep_recovery_codes: str = (
        "Each of these codes lets you in once, if you lose your second factor. Keep them in a safe "
        "place: they are shown only now, and earlier ones have ended."
    )
    recovery_codes_of: str = "Recovery codes of {name} for {app}. Each can be used once."
    download_codes: str = "Download"
    codes_are_kept: str = "I have saved them"
    set_up_second_factor: str = "Set up a second factor"
    second_factor_required: str = "This app asks you for more than a password."
    scan_this: str = "Scan this with an authenticator app, and enter the code that it shows."
    picture_of_key: str = "The key as a QR code"
    or_enter_this: str = "Or enter this key there:"
    code: str = "Code"
    confirm: str = "Confirm"
    wrong_first_code: str = (
        "This code is wrong or has expired. Enter the newest one. If none is right, check the "
        "clock of your phone."
    )
    reset_second_factor: str = "Reset second factor"
    second_factor_was_reset: str = (
        "Reset the second factor of {name} and ended their sessions. Until they set up a new one, "
        "the password alone lets them in."
    )
    event_second_factor_added: str = "Second factor added"
    event_second_factor_removed: str = "Second factor removed"
    event_second_factor_reset: str = "Second factor reset"
    event_second_factor_failed: str = "Wrong second factor"
    event_recovery_codes_made: str = "Recovery codes made"
    event_recovery_code_used: str = "Recovery code used"

    # Passkeys
    passkey: str = "Passkey"
    log_in_with_passkey: str = "Log in with a passkey"
    use_passkey: str = "Use a passkey"
    prove_by_passkey: str = "Use your passkey to continue."
    add_passkey: str = "Add a passkey"
    passkey_refused: str = "This passkey was not accepted. Please try again."
    passkey_not_used: str = "No passkey was used. Please try again."
    passkey_exists: str = "This device already has a passkey of yours for this app."
    passkeys_elsewhere: str = (
        "Passkeys work only over HTTPS, at the address that whoever runs this app has set for it."
    )

    # Asked for the second factor, and told of it after a login
    enter_code: str = "Enter the code that your authenticator app shows."
    wrong_code: str = "Wrong code. Each code works once: if you have used it, wait for the next."
    use_recovery_code: str = "Use a recovery code"
    recovery_code: str = "Recovery code"
    enter_recovery_code: str = "Enter one of your recovery codes. Each works once."
    wrong_recovery_code: str = "This is none of your recovery codes, or it has been used."
    too_many_codes: str = "Too many wrong codes. Please log in again."
    continue_and_remember: str = "Continue, and do not ask this browser for {days} days"
    recovery_code_used: str = "You have used a recovery code. You have {number} left."
    confirm_for_password: str = "To change your password, enter the current one again below first."
    since_last_login: str = (
        "Since your last login: {event}, {time} UTC. If that was not you, change your password and "
        "tell whoever runs this app."
    )
    close_notices: str = "Close"
    event_second_factor_throttled: str = "Too many wrong codes"
{% endif %}

    # What happened: on Users all of it, on Account one's own
    recent_activity: str = "Recent activity"
    about_activity: str = "What happened to logins and users, newest first."
    about_own_activity: str = "What happened to your login, newest first."
    filter_by_user: str = "Filter by user"
    filter_by_event: str = "Filter by event"
    everything: str = "Everything"
    nothing_found: str = "Nothing found."
    nothing_yet: str = "Nothing yet."
    download: str = "Download as CSV"
    time: str = "Time (UTC)"
    when: str = "When"
    event: str = "Event"
    by: str = "By"
    from_: str = "From"
    session: str = "Session"
    times: str = "{event} ({number} times)"
    all_users: str = "all users"
    event_login: str = "Logged in"
    event_login_failed: str = "Wrong password"
    event_logout: str = "Logged out"
    event_session_expired: str = "Login expired"
    event_session_revoked: str = "Login ended by its user"
    event_oldest_session_ended: str = "Oldest of too many logins ended"
    event_access_denied: str = "Page or action refused"
    event_user_added: str = "User added"
    event_user_imported: str = "User imported"
    event_password_changed: str = "Password changed"
    event_password_reset: str = "Password reset"
    event_user_disabled: str = "User disabled"
    event_user_enabled: str = "User enabled"
    event_user_unlocked: str = "User unlocked"
    event_user_renamed: str = "User renamed"
    event_email_changed: str = "Email address changed"
    event_display_name_changed: str = "Display name changed"
    event_user_removed: str = "User removed"
    event_roles_granted: str = "Roles given"
    event_roles_revoked: str = "Roles taken away"
    event_sessions_ended: str = "Logged out everywhere"

    def of_event(self, text: str) -> str:
        """Return what people read of an event that the audit has."""
        return str(getattr(self, f"event_{text.replace(' ', '_')}", text))


DEFAULTS = Texts()


def current() -> Texts:
    """Return the texts of the project. If its file is wrong, `check` says so, and these are ours."""
    try:
        return check()
    except SettingsError:
        return DEFAULTS


@cache
def check() -> Texts:
    """Return the texts of the project, read at the first call.

    Raises:
        SettingsError: The file cannot be read, or has what is no text of ours, or a text
            without one of its places.
    """
    try:
        own = tomllib.loads(FILE.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return DEFAULTS
    except (OSError, ValueError) as error:
        raise SettingsError(f"{FILE} cannot be read as TOML ({type(error).__name__}).") from None
    for name, text in own.items():
        _check_text(name, text)
    return replace(DEFAULTS, **own)


def as_toml() -> str:
    """Return every text of the project as the text of its file."""
    texts = asdict(current())
    return "".join(f"{name} = {_quote(text)}\n" for name, text in texts.items())


def _check_text(name: str, text: object) -> None:
    known = {field.name for field in fields(Texts)}
    if name not in known:
        raise SettingsError(
            f"{FILE} has {name}, which is no text of this app. `python manage.py texts` prints "
            "all that there are."
        )
    if not isinstance(text, str):
        raise SettingsError(f"{FILE}: {name} has to be a text in quotes.")
    try:
        places = _places(text)
    except ValueError:
        places = None
    expected = _places(getattr(DEFAULTS, name))
    if places != expected:
        needed = " and ".join(f"{place} in braces" for place in sorted(expected)) or "no braces"
        raise SettingsError(f"{FILE}: {name} has to have {needed}, as in `python manage.py texts`.")


def _places(text: str) -> set[str]:
    """Return the names in braces of a text, or raise ValueError if it has broken ones."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _quote(text: str) -> str:
    """Return a text as TOML quotes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
