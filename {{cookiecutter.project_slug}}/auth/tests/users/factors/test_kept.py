"""A user's second factors: adding, using, renaming, removing, and who has to have one."""

import json

import pytest

from auth import clock as auth_clock
from auth.events import list_audit
from auth.records import NotAcceptableError, SettingsError, UnknownUserError, User
from auth.tests.conftest import Clock, Configure, Log
from auth.tests.second_factors import KEY, SEED
from auth.tests.stores.at_once import at_once
from auth.users import directory
from auth.users.factors import PASSKEY, TOTP, Factor, LastFactorError, kept, recovery

OTHER_KEY = "b" * 43 + "="
CREDENTIAL = b"\x00credential\xff"


def the_factor(user: User) -> Factor:
    (factor,) = kept.list_of(user)
    return factor


def add_passkey(user: User, credential_id: bytes = CREDENTIAL, sign_count: int = 0) -> bool:
    return kept.add_passkey(user, credential_id, "public key", sign_count, "Phone")


def test_an_authenticator_app_is_kept_with_its_seed_encrypted(user: User, clock: Clock) -> None:
    assert not kept.has_any(user)
    kept.add_authenticator(user, SEED, 7)
    factor = the_factor(user)
    assert kept.has_any(user)
    assert (factor.kind, factor.counter) == (TOTP, 7)
    assert factor.added_at == factor.last_used_at == auth_clock.now()
    assert SEED not in factor.secret
    assert kept.seed_of(factor) == SEED


def test_a_user_has_one_authenticator_app_at_most(user: User, other: User) -> None:
    for seed in (SEED, "ANOTHERSEED23456"):
        for each in (user, other):
            kept.add_authenticator(each, seed, 7)
    assert kept.seed_of(the_factor(user)) == kept.seed_of(the_factor(other)) == "ANOTHERSEED23456"


def test_a_step_is_used_once_and_no_older_one_after_it(user: User, clock: Clock) -> None:
    kept.add_authenticator(user, SEED, 7)
    factor = the_factor(user)
    clock.forward(minutes=1)
    assert [kept.use_step(factor, step) for step in (7, 6, 9, 9, 8, 10)] == [
        *(False, False, True),
        *(False, False, True),
    ]
    assert the_factor(user).last_used_at == auth_clock.now()


def test_of_many_who_use_one_step_at_once_one_does(user: User) -> None:
    kept.add_authenticator(user, SEED, 7)
    factor = the_factor(user)
    assert at_once(lambda _: kept.use_step(factor, 8)).count(True) == 1


def test_a_passkey_is_found_by_its_credential(user: User, clock: Clock) -> None:
    assert add_passkey(user)
    factor = kept.find_passkey(CREDENTIAL)
    assert factor == the_factor(user)
    assert factor
    assert (factor.user_id, factor.kind, factor.name) == (user.id, PASSKEY, "Phone")
    assert (factor.secret, factor.counter, factor.last_used_at) == ("public key", 0, None)
    assert kept.find_passkey(b"another") is None


def test_nobody_gets_the_passkey_of_another_user(user: User, other: User) -> None:
    assert add_passkey(user)
    assert not add_passkey(other)
    assert kept.list_of(other) == []
    assert the_factor(user).user_id == user.id


def test_no_passkey_takes_the_place_of_an_authenticator_app(user: User, other: User) -> None:
    kept.add_authenticator(user, SEED, 7)
    for credential in (user.id.encode(), b"owner:" + user.id.encode()):
        assert add_passkey(user, credential)
        assert kept.find_passkey(credential)
    assert len(kept.list_of(user)) == 3
    assert kept.find_passkey(b"user") is None


@pytest.mark.parametrize(
    ("known", "counts", "accepted"),
    [
        (0, [0, 0, 1], [True, True, True]),
        (5, [6, 6, 5, 0, 7], [True, False, False, False, True]),
    ],
)
def test_a_sign_count_has_to_rise_unless_it_is_always_0(
    user: User, known: int, counts: list[int], accepted: list[bool]
) -> None:
    add_passkey(user, sign_count=known)
    factor = the_factor(user)
    assert [kept.use_passkey(factor, count) for count in counts] == accepted


def test_a_factor_gets_another_name_from_its_owner_only(user: User, other: User) -> None:
    add_passkey(user)
    factor_id = the_factor(user).factor_id
    kept.rename(user, factor_id, "  My   phone ")
    kept.rename(other, factor_id, "stolen")
    assert the_factor(user).name == "My phone"
    for name in ("x" * 65, "a\x00b"):
        with pytest.raises(NotAcceptableError):
            kept.rename(user, factor_id, name)
    assert the_factor(user).name == "My phone"


def test_a_factor_is_removed_by_its_owner_only(user: User, other: User) -> None:
    add_passkey(user)
    factor_id = the_factor(user).factor_id
    kept.remove(other, factor_id)
    assert kept.has_any(user)
    kept.remove(user, factor_id)
    assert not kept.has_any(user)
    assert kept.find_passkey(CREDENTIAL) is None
    kept.remove(user, factor_id)


@pytest.mark.parametrize(
    ("required", "is_required"),
    [
        ("", False),
        ("admin", False),
        ("sale", False),
        ("admin, sales", True),
        ("finance ,", True),
        ("*", True),
    ],
)
def test_a_factor_is_required_of_everybody_or_of_roles(
    user: User, configure: Configure, required: str, is_required: bool
) -> None:
    configure(second_factor_required=required)
    assert kept.is_required(user) == is_required
    assert kept.is_missing(user) == is_required
    kept.add_authenticator(user, SEED, 7)
    assert not kept.is_missing(user)


@pytest.mark.parametrize("required", ["**", "*, admin", "Admin", "ad min", ",", "a;b"])
def test_a_wrong_requirement_is_refused_at_the_start(configure: Configure, required: str) -> None:
    configure(second_factor_required=required)
    with pytest.raises(SettingsError, match="SECOND_FACTOR_REQUIRED: "):
        kept.is_required(User("0" * 32, "ann", "x"))


def test_that_somebody_has_a_factor_is_asked_once_a_minute_and_for_each_epoch(
    user: User, configure: Configure, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[User] = []
    ask = kept.has_any

    def note(user: User) -> bool:
        asked.append(user)
        return ask(user)

    monkeypatch.setattr(kept, "has_any", note)
    assert not kept.is_missing(user)
    assert len(asked) == 0
    configure(second_factor_required="*")
    assert kept.is_missing(user)
    assert kept.is_missing(user)
    assert len(asked) == 2
    kept.add_authenticator(user, SEED, 7)
    for _ in range(5):
        assert not kept.is_missing(user)
    assert len(asked) == 3
    clock.forward(minutes=1)
    assert not kept.is_missing(user)
    assert len(asked) == 4
    kept.remove_all(user)
    assert kept.is_missing(directory.get(user.username))


def test_what_is_remembered_is_limited(
    user: User, other: User, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_MAX_REMEMBERED", 1)
    configure(second_factor_required="*")
    for each in (user, other):
        kept.add_authenticator(each, SEED, 7)
        assert not kept.is_missing(each)
    assert [*kept._until] == [(other.id, other.epoch)]


def test_whoever_removes_their_last_factor_is_not_taken_for_having_one(
    user: User, configure: Configure
) -> None:
    configure(second_factor_required="*")
    kept.add_authenticator(user, SEED, 7)
    assert not kept.is_missing(user)
    configure(second_factor_required="")
    kept.remove(user, the_factor(user).factor_id)
    configure(second_factor_required="*")
    assert kept.is_missing(user)


def test_the_last_factor_of_somebody_who_has_to_have_one_stays(
    user: User, configure: Configure
) -> None:
    configure(second_factor_required="sales")
    kept.add_authenticator(user, SEED, 7)
    add_passkey(user)
    first, second = kept.list_of(user)
    kept.remove(user, first.factor_id)
    with pytest.raises(LastFactorError):
        kept.remove(user, second.factor_id)
    assert kept.list_of(user) == [second]


def test_the_last_factor_takes_the_recovery_codes_along(user: User) -> None:
    kept.add_authenticator(user, SEED, 7)
    (code, *_) = recovery.make_codes(user)
    kept.remove(user, the_factor(user).factor_id)
    assert recovery.codes_left(user) == 0
    assert not recovery.use_code(user, code)


def test_a_reset_takes_everything_and_ends_sessions(user: User, other: User) -> None:
    for each in (user, other):
        kept.add_authenticator(each, SEED, 7)
        recovery.make_codes(each)
    add_passkey(user)
    kept.remove_all(user)
    assert kept.list_of(user) == []
    assert recovery.codes_left(user) == 0
    assert directory.get(user.username).epoch == user.epoch + 1
    assert kept.has_any(other)
    assert recovery.codes_left(other) == 10


def test_whoever_was_removed_meanwhile_is_unknown(user: User) -> None:
    directory.remove_user(user.username, force=True)
    for work in (
        lambda: kept.add_authenticator(user, SEED, 7),
        lambda: add_passkey(user),
        lambda: recovery.make_codes(user),
        lambda: kept.remove_all(user),
    ):
        with pytest.raises(UnknownUserError):
            work()


def test_new_keys_take_over_all_seeds(user: User, other: User, configure: Configure) -> None:
    for each in (user, other):
        kept.add_authenticator(each, SEED, 7)
    add_passkey(user)
    configure(secret_keys=f"{OTHER_KEY},{KEY}")
    assert kept.rotate_keys() == 2
    configure(secret_keys=OTHER_KEY)
    for each in (user, other):
        factor = next(each for each in kept.list_of(each) if each.kind == TOTP)
        assert kept.seed_of(factor) == SEED
        assert kept.use_step(factor, 8)


def test_a_seed_that_no_key_can_read_stops_a_rotation(user: User, configure: Configure) -> None:
    kept.add_authenticator(user, SEED, 7)
    configure(secret_keys=OTHER_KEY)
    with pytest.raises(SettingsError, match="Add that key to the end of SECRET_KEYS"):
        kept.rotate_keys()
    configure(secret_keys=KEY)
    assert kept.seed_of(the_factor(user)) == SEED


def test_every_change_is_in_the_audit_and_nothing_secret_is(user: User, log: Log) -> None:
    kept.add_authenticator(user, SEED, 7)
    add_passkey(user)
    codes = recovery.make_codes(user)
    assert recovery.use_code(user, codes[0])
    kept.remove(user, kept.list_of(user)[0].factor_id)
    kept.remove_all(user)
    told = [entry.event for entry in list_audit(user.username)]
    assert sorted(told) == [
        "recovery code used",
        "recovery codes made",
        "second factor added",
        "second factor added",
        "second factor removed",
        "second factor reset",
    ]
    said = json.dumps([*log.lines, str(list_audit())])
    secrets = [SEED, KEY, "public key", *codes, *(code.replace("-", "") for code in codes)]
    assert [secret for secret in secrets if secret in said] == []
