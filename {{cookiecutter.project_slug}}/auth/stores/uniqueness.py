"""What no two users share: a name, an address, or a name that is the other's address."""

from collections.abc import Collection

from auth.records import EmailTakenError, User, UserExistsError


def check_unique(users: Collection[User]) -> None:
    """Accept users who can be told apart by whatever they log in with.

    Raises:
        UserExistsError: Two have one name.
        EmailTakenError: Two have one address, or one's address is another's name.
    """
    owners: dict[str, str] = {}
    for user in users:
        if owners.setdefault(user.username, user.id) != user.id:
            raise UserExistsError(user.username)
    for user in users:
        if user.email and owners.setdefault(user.email, user.id) != user.id:
            raise EmailTakenError(user.email)
