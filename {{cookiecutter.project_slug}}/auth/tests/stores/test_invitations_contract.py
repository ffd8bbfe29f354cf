"""What every store makes of invitations: of many who use one at once, one gets in."""

from auth import validate_session, verify_user
from auth.login import by_password, invitations
from auth.records import NotAcceptableError, User
from auth.stores.interface import Store
from auth.tests.conftest import Configure
from auth.tests.invited import code_in
from auth.tests.stores.at_once import THREADS, at_once
from auth.users import directory


def test_of_many_who_use_an_invitation_at_once_one_gets_in(
    store: Store, configure: Configure
) -> None:
    configure(throttle_failures=1000)
    code = code_in(invitations.invite("carol", ["sales"]))

    def accept(number: int) -> User | None:
        try:
            return invitations.accept(code, f"a password of {number}")
        except invitations.InvitationRefusedError:
            return None

    got = at_once(accept)
    ((winner, user),) = [(number, user) for number, user in enumerate(got) if user]
    assert validate_session(by_password.enter(user)) == "carol"
    assert [
        number for number in range(THREADS) if verify_user("carol", f"a password of {number}")
    ] == [winner]


def test_of_many_new_invitations_at_once_each_is_whole_and_the_last_one_works(
    store: Store, configure: Configure
) -> None:
    configure(throttle_failures=1000)
    invitations.invite("carol")

    def invite(_: int) -> str | None:
        try:
            return code_in(invitations.invite("carol"))
        except NotAcceptableError:
            return None

    codes = [code for code in at_once(invite, 8) if code]
    works = [code for code in codes if _is_accepted(code)]
    assert len(works) == 1
    assert directory.get("carol").password_expires_at is None


def test_an_invitation_comes_back_from_the_store_with_the_roles(store: Store) -> None:
    invitations.invite("carol", ["sales", "finance", "sales"])
    carol = directory.get("carol")
    assert carol.is_invited
    assert carol.roles == ("sales", "finance")
    assert store.users.list_by_hash(carol.password_hash) == [carol]


def _is_accepted(code: str) -> bool:
    try:
        return bool(invitations.accept(code, "staple of a new one"))
    except invitations.InvitationRefusedError:
        return False
