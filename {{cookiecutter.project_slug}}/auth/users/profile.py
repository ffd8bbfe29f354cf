"""What users are called besides their username: their address, and the name that people use."""

from auth import stores
from auth.events import Event, record
from auth.usernames import acceptable_display_name, acceptable_email
from auth.users import directory


def set_email(username: str, text: str) -> None:
    """Give a user another address, with which they log in as with their name.

    Args:
        username: Whose address it is.
        text: The address, however it is written; "" for none.

    Raises:
        NotAcceptableError: It is no address; the message says what one is.
        EmailTakenError: Another user has it, or has it as their name.
        UnknownUserError: There is no such user.
    """
    user, email = directory.get(username), acceptable_email(text)
    if email != user.email:
        stores.current().users.set_email(user, email)
        record(Event.EMAIL_CHANGED, user=user)


def set_display_name(username: str, text: str) -> None:
    """Give a user another display name.

    Args:
        username: Whose it is.
        text: The display name; "" for none.

    Raises:
        NotAcceptableError: It is too long, or has a character that cannot be seen.
        UnknownUserError: There is no such user.
    """
    user, display_name = directory.get(username), acceptable_display_name(text)
    if display_name != user.display_name:
        stores.current().users.set_display_name(user, display_name)
        record(Event.DISPLAY_NAME_CHANGED, user=user)
