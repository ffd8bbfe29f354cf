"""Passkeys, with a device that makes what real ones make, and with those that attack."""

import gc
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, NoReturn

import pytest
from fido2.cose import UnsupportedKey

from auth import validate_session
from auth.login import by_password, one_time
from auth.login.second_factor import challenges, passkeys, places
from auth.login.second_factor.passkeys import PasskeyRefusedError
from auth.login.second_factor.places import Place
from auth.login.throttle import ThrottledError
from auth.records import StoreUnavailableError, User
from auth.tests.conftest import PASSWORD, Clock, Configure, Log
from auth.tests.login.second_factor.device import ORIGIN, Device
from auth.tests.people import visit
from auth.users import directory
from auth.users.factors import kept
from auth.visitor.connections import Connection

PLACE: Final = Place(ORIGIN, "localhost")


@pytest.fixture
def connection() -> Connection:
    """The connection of Ann's browser."""
    return Connection()


@pytest.fixture
def device(ann: str, connection: Connection) -> Device:
    """Ann's device, which has a passkey."""
    device = Device()
    add(connection, device)
    return device


def add(connection: Connection, device: Device, name: str = "ann") -> None:
    user = directory.get(name)
    asked = passkeys.ask_for_new(connection, PLACE, user)
    passkeys.add(connection, user, device.create(asked.options))


def log_in(connection: Connection, device: Device) -> str:
    asked = passkeys.ask_for_one(connection, PLACE)
    return prove_alone(connection, device.use(asked.options))


def prove_alone(connection: Connection, response: Mapping[str, Any]) -> str:
    """Log in as the gate does, and return the token of the session."""
    return by_password.enter(passkeys.prove_alone(connection, response))


def refused(connection: Connection, response: Mapping[str, Any], user: User | None = None) -> str:
    """Use a passkey in vain, and return why."""
    with pytest.raises(PasskeyRefusedError) as error:
        passkeys.prove(connection, response, user)
    return str(error.value)


# What it is good for


def test_it_logs_in_alone(connection: Connection, device: Device) -> None:
    assert validate_session(log_in(connection, device)) == "ann"
    assert validate_session(log_in(Connection(), device)) == "ann"


def test_it_proves_who_has_given_a_password(connection: Connection, device: Device) -> None:
    ann = directory.get("ann")
    asked = passkeys.ask_for_one(connection, PLACE, ann)
    assert passkeys.prove(connection, device.use(asked.options), ann) == ann
    allowed = [each["id"] for each in asked.options["allowCredentials"]]
    assert allowed == [device.last_id]


def test_the_browser_is_asked_to_verify_the_user_and_to_keep_it(
    ann: str, connection: Connection, device: Device
) -> None:
    new = passkeys.ask_for_new(connection, PLACE, directory.get(ann)).options
    assert new["authenticatorSelection"]["userVerification"] == "required"
    assert new["authenticatorSelection"]["residentKey"] == "required"
    assert new["rp"]["id"] == "localhost"
    assert [each["id"] for each in new["excludeCredentials"]] == [device.last_id]
    use = passkeys.ask_for_one(connection, PLACE).options
    assert use["userVerification"] == "required"
    assert "allowCredentials" not in use
    assert json.loads(json.dumps([new, use])) == [new, use]


def test_what_devices_call_a_user_is_random_and_the_same_for_each(
    ann: str, bob: str, connection: Connection, device: Device
) -> None:
    user, other = directory.get(ann), directory.get(bob)
    first, second = (
        passkeys.ask_for_new(connection, PLACE, each).options["user"] for each in (user, other)
    )
    assert first["id"] == device.passkeys[0].handle != second["id"]
    assert user.id not in first["id"]
    assert first["name"] == "ann"


def test_one_user_fills_no_disk_with_them(ann: str, connection: Connection) -> None:
    device = Device()
    for _ in range(20):
        add(connection, device)
    with pytest.raises(PasskeyRefusedError, match="too many passkeys"):
        add(connection, device)
    assert len(kept.list_of(directory.get(ann))) == 20


def test_it_is_called_as_the_browser_that_made_it(ann: str, connection: Connection) -> None:
    visit(user_agent="Firefox on Linux")
    add(connection, Device())
    (factor,) = kept.list_of(directory.get(ann))
    assert (factor.name, factor.counter) == ("Firefox on Linux", 2)


def test_a_device_without_a_sign_count_is_fine(ann: str, connection: Connection) -> None:
    device = Device(count=None)
    add(connection, device)
    for _ in range(2):
        assert validate_session(log_in(connection, device)) == "ann"


def test_a_browser_may_leave_out_whom_it_was_told(connection: Connection, device: Device) -> None:
    ann = directory.get("ann")
    asked = passkeys.ask_for_one(connection, PLACE, ann)
    response = device.use(asked.options)
    del response["response"]["userHandle"]
    assert passkeys.prove(connection, response, ann) == ann
    asked = passkeys.ask_for_one(connection, PLACE)
    response = device.use(asked.options)
    del response["response"]["userHandle"]
    assert refused(connection, response) == "somebody else's handle"


# Challenges


def test_a_challenge_is_used_once(connection: Connection, device: Device) -> None:
    asked = passkeys.ask_for_one(connection, PLACE)
    response = device.use(asked.options)
    assert prove_alone(connection, response)
    assert refused(connection, response).startswith("no challenge")
    second = passkeys.ask_for_one(connection, PLACE)
    assert refused(connection, response) == "Wrong challenge in response."
    assert refused(connection, device.use(second.options)).startswith("no challenge")


def test_a_challenge_for_a_new_passkey_is_used_once(ann: str, connection: Connection) -> None:
    user, device = directory.get(ann), Device()
    response = device.create(passkeys.ask_for_new(connection, PLACE, user).options)
    passkeys.add(connection, user, response)
    with pytest.raises(PasskeyRefusedError):
        passkeys.add(connection, user, response)


def test_each_is_another_and_none_is_short(connection: Connection) -> None:
    asked = {passkeys.ask_for_one(Connection(), PLACE).options["challenge"] for _ in range(20)}
    assert len(asked) == 20
    assert all(len(each) == 43 for each in asked)


def test_a_challenge_lasts_ten_minutes_and_is_renewed_before(
    connection: Connection, device: Device, clock: Clock
) -> None:
    asked = passkeys.ask_for_one(connection, PLACE)
    clock.forward(minutes=8)
    assert passkeys.ask_for_one(connection, PLACE) is asked
    assert asked.seconds == 61
    clock.forward(minutes=1, seconds=59)
    assert prove_alone(connection, device.use(asked.options))
    asked = passkeys.ask_for_one(connection, PLACE)
    clock.forward(minutes=9)
    again = passkeys.ask_for_one(connection, PLACE)
    assert again.options["challenge"] != asked.options["challenge"]
    clock.forward(minutes=10)
    assert refused(connection, device.use(again.options)).startswith("no challenge")


def test_a_challenge_is_for_one_connection(connection: Connection, device: Device) -> None:
    response = device.use(passkeys.ask_for_one(connection, PLACE).options)
    other = Connection()
    assert refused(other, response).startswith("no challenge")
    passkeys.ask_for_one(other, PLACE)
    assert refused(other, response) == "Wrong challenge in response."
    assert prove_alone(connection, response)


def test_a_challenge_is_for_one_user_and_purpose(
    ann: str, bob: str, connection: Connection, device: Device
) -> None:
    user = directory.get(ann)
    response = device.use(passkeys.ask_for_one(connection, PLACE, directory.get(bob)).options)
    assert refused(connection, response, user).startswith("no challenge")
    response = device.use(passkeys.ask_for_one(connection, PLACE, user).options)
    assert refused(connection, response).startswith("no challenge")
    asked = passkeys.ask_for_new(connection, PLACE, user)
    response = device.use({**asked.options, "rpId": "localhost"})
    assert refused(connection, response, user).startswith("no challenge")


def test_a_connection_has_one_and_takes_it_with_it(ann: str, bob: str) -> None:
    gc.collect()
    before, connection = len(challenges._open), Connection()
    for name in (ann, bob):
        passkeys.ask_for_new(connection, PLACE, directory.get(name))
        passkeys.ask_for_one(connection, PLACE, directory.get(name))
        passkeys.ask_for_one(connection, PLACE)
    assert len(challenges._open) == before + 1
    del connection
    gc.collect()
    assert len(challenges._open) == before


# Attacks


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"origin": "https://localhost:8501"}, "Invalid origin in CollectedClientData."),
        ({"origin": "http://localhost:8502"}, "Invalid origin in CollectedClientData."),
        ({"origin": "http://evil.localhost:8501"}, "Invalid origin in CollectedClientData."),
        ({"origin": f"{ORIGIN}/"}, "Invalid origin in CollectedClientData."),
        ({"origin": [ORIGIN]}, "Invalid origin in CollectedClientData."),
        ({"crossOrigin": True}, "page of another site"),
        ({"crossOrigin": "x"}, "page of another site"),
        ({"topOrigin": "https://evil.example"}, "page of another site"),
        ({"type": "webauthn.other"}, "Incorrect type in CollectedClientData."),
        ({"challenge": "A" * 43}, "Wrong challenge in response."),
        ({"challenge": None}, "Error parsing field client_data"),
    ],
)
def test_another_page_or_another_challenge_is_refused(
    change: dict[str, Any], reason: str, ann: str, connection: Connection, device: Device
) -> None:
    user = directory.get(ann)
    device.client = change
    response = device.use(passkeys.ask_for_one(connection, PLACE).options)
    assert refused(connection, response).startswith(reason)
    response = device.create(passkeys.ask_for_new(connection, PLACE, user).options)
    with pytest.raises(PasskeyRefusedError, match=reason):
        passkeys.add(connection, user, response)
    assert len(kept.list_of(user)) == 1


def test_a_device_that_does_not_verify_its_user_is_refused(
    ann: str, connection: Connection, device: Device
) -> None:
    device.verifies = False
    response = device.use(passkeys.ask_for_one(connection, PLACE).options)
    assert refused(connection, response).startswith("User verification required")
    with pytest.raises(PasskeyRefusedError, match="User verification required"):
        add(connection, device)


def test_a_passkey_for_another_name_is_refused(connection: Connection, device: Device) -> None:
    asked = passkeys.ask_for_one(connection, PLACE)
    response = device.use({**asked.options, "rpId": "evil.example"})
    assert refused(connection, response) == "Wrong RP ID hash in response."


def test_one_of_another_user_is_refused(
    ann: str, bob: str, connection: Connection, device: Device, log: Log
) -> None:
    user = directory.get(bob)
    asked = passkeys.ask_for_one(connection, PLACE, user)
    reason = "unknown passkey, or somebody else's"
    assert refused(connection, device.use(asked.options), user) == reason
    assert "user=bob" in log.lines[-1]


def test_whoever_claims_to_be_another_by_the_handle_is_refused(
    ann: str, bob: str, connection: Connection, device: Device
) -> None:
    others = Device()
    add(connection, others, "bob")
    device.passkeys[0].handle = others.passkeys[0].handle
    response = device.use(passkeys.ask_for_one(connection, PLACE).options)
    assert refused(connection, response) == "somebody else's handle"


def test_nobody_takes_the_passkey_of_another_over(
    ann: str, bob: str, connection: Connection, device: Device
) -> None:
    user = directory.get(bob)
    asked = passkeys.ask_for_new(connection, PLACE, user)
    response = Device().create(asked.options, credential_id=device.passkeys[0].credential_id)
    with pytest.raises(PasskeyRefusedError, match="somebody else's passkey"):
        passkeys.add(connection, user, response)
    assert kept.list_of(user) == []
    assert validate_session(log_in(connection, device)) == "ann"


def test_another_signature_is_refused(connection: Connection, device: Device) -> None:
    strangers = Device()
    strangers.create(passkeys.ask_for_new(connection, PLACE, directory.get("ann")).options)
    forged = replace(device.passkeys[0], key=strangers.passkeys[0].key)
    asked = passkeys.ask_for_one(connection, PLACE)
    assert refused(connection, device.use(asked.options, forged)) == "Invalid signature."


@pytest.mark.parametrize("step", [0, 1])
def test_a_copy_with_an_older_count_is_refused(
    step: int, connection: Connection, device: Device
) -> None:
    log_in(connection, device)
    assert device.count is not None
    device.count -= 1 + step
    response = device.use(passkeys.ask_for_one(connection, PLACE).options)
    assert refused(connection, response).startswith("old sign count")


def test_a_device_does_not_lose_its_count(connection: Connection, device: Device) -> None:
    device.count = None
    response = device.use(passkeys.ask_for_one(connection, PLACE).options)
    assert refused(connection, response).startswith("old sign count")


def test_whoever_is_disabled_is_refused(connection: Connection, device: Device) -> None:
    directory.disable_user("ann")
    response = device.use(passkeys.ask_for_one(connection, PLACE).options)
    assert refused(connection, response) == "the user may not log in"


def test_whoever_is_gone_is_refused(connection: Connection, device: Device) -> None:
    directory.remove_user("ann")
    response = device.use(passkeys.ask_for_one(connection, PLACE).options)
    assert refused(connection, response) == "unknown passkey, or somebody else's"
    directory.add_user("ann", PASSWORD)
    response = device.use(passkeys.ask_for_one(connection, PLACE).options)
    assert refused(connection, response) == "unknown passkey, or somebody else's"


def test_whoever_has_a_one_time_password_that_has_expired_is_refused(
    connection: Connection, device: Device, clock: Clock
) -> None:
    one_time.reset_password("ann")
    clock.forward(hours=25)
    response = device.use(passkeys.ask_for_one(connection, PLACE).options)
    assert refused(connection, response) == "the user may not log in"


def test_a_key_of_a_kind_that_cannot_be_checked_is_refused(
    ann: str, connection: Connection
) -> None:
    user = directory.get(ann)
    odd = UnsupportedKey({1: 2, 3: -999})
    response = Device().create(passkeys.ask_for_new(connection, PLACE, user).options, odd)
    with pytest.raises(PasskeyRefusedError, match="unknown kind of key"):
        passkeys.add(connection, user, response)


def test_a_long_credential_is_refused(ann: str, connection: Connection) -> None:
    user = directory.get(ann)
    asked = passkeys.ask_for_new(connection, PLACE, user)
    response = Device().create(asked.options, credential_id=b"x" * 3000)
    with pytest.raises(PasskeyRefusedError, match="odd credential"):
        passkeys.add(connection, user, response)


def cut(response: dict[str, Any], part: str, value: object) -> dict[str, Any]:
    return {**response, "response": {**response["response"], part: value}}


ODD: Final[list[Callable[[dict[str, Any]], Any]]] = [
    lambda response: {},
    lambda response: {**response, "id": "x"},
    lambda response: {**response, "id": {}, "rawId": {}},
    lambda response: {**response, "rawId": None},
    lambda response: {**response, "rawId": ""},
    lambda response: {**response, "response": None},
    lambda response: {**response, "response": []},
    lambda response: cut(response, "clientDataJSON", ""),
    lambda response: cut(response, "clientDataJSON", "W10"),
    lambda response: cut(response, "clientDataJSON", "bnVsbA"),
    lambda response: cut(response, "clientDataJSON", "\ud800"),
    lambda response: cut(response, "clientDataJSON", 1),
]
ODD_NEW: Final = [
    *ODD,
    lambda response: cut(response, "attestationObject", "gYGB" * 20_000),
    lambda response: cut(response, "attestationObject", "oA"),
    lambda response: cut(response, "attestationObject", None),
]
ODD_USED: Final = [
    *ODD,
    lambda response: cut(response, "authenticatorData", "AAAA"),
    lambda response: cut(response, "authenticatorData", "_" * 100_000),
    lambda response: cut(response, "signature", ""),
    lambda response: cut(response, "signature", None),
    lambda response: cut(response, "signature", "%"),
    lambda response: cut(response, "userHandle", ["x"]),
]


@pytest.mark.parametrize("change", ODD_NEW)
def test_whatever_a_browser_sends_as_new_is_refused_and_no_more(
    change: Callable[[dict[str, Any]], Any], ann: str, connection: Connection
) -> None:
    user = directory.get(ann)
    response = Device().create(passkeys.ask_for_new(connection, PLACE, user).options)
    with pytest.raises(PasskeyRefusedError):
        passkeys.add(connection, user, change(response))
    assert kept.list_of(user) == []


@pytest.mark.parametrize("change", ODD_USED)
def test_whatever_a_browser_sends_as_used_is_refused_and_no_more(
    change: Callable[[dict[str, Any]], Any], connection: Connection, device: Device
) -> None:
    response = device.use(passkeys.ask_for_one(connection, PLACE).options)
    refused(connection, change(response))


def test_an_outage_is_nobodys_failure(
    connection: Connection, device: Device, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> NoReturn:
        raise StoreUnavailableError("no answer")

    configure(throttle_failures=1)
    for name in ("find_passkey", "use_passkey"):
        response = device.use(passkeys.ask_for_one(connection, PLACE).options)
        with monkeypatch.context() as patch:
            patch.setattr(kept, name, fail)
            with pytest.raises(StoreUnavailableError):
                prove_alone(connection, response)
    assert log_in(connection, device)


def test_tries_are_limited_by_place(
    connection: Connection, device: Device, configure: Configure, log: Log
) -> None:
    configure(throttle_failures=1)
    visit("192.0.2.1")
    for number in range(10):
        passkeys.ask_for_one(connection, PLACE)
        with pytest.raises(PasskeyRefusedError):
            prove_alone(connection, {"id": str(number)})
    with pytest.raises(ThrottledError):
        log_in(connection, device)
    assert log.lines[-1].startswith("event=throttled")
    visit("192.0.2.2")
    assert log_in(connection, device)


def test_what_fails_is_recorded_and_nothing_that_was_sent(
    connection: Connection, device: Device, log: Log
) -> None:
    device.client = {"origin": "https://evil.example"}
    response = device.use(passkeys.ask_for_one(connection, PLACE).options)
    refused(connection, response)
    assert log.lines[-1] == (
        'event="second factor failed" reason="passkey: Invalid origin in CollectedClientData." '
        "user=ann"
    )
    assert "evil" not in "".join(log.lines)


# Where it works


@pytest.mark.parametrize(
    ("settings", "origin", "name"),
    [
        ({}, "http://localhost:8501", "localhost"),
        ({}, "https://localhost", "localhost"),
        ({}, "http://127.0.0.1:8501", None),
        ({}, "http://[::1]:8501", None),
        ({}, "http://app.example.com", None),
        ({}, "https://app.example.com", None),
        ({}, None, None),
        ({}, "null", None),
        ({}, "https://[", None),
        ({}, "https://localhost:x", None),
        ({"app_env": "production"}, "http://localhost:8501", None),
        ({"app_url": "https://app.example.com"}, "https://app.example.com", "app.example.com"),
        (
            {"app_url": "https://app.example.com:443/a"},
            "https://app.example.com",
            "app.example.com",
        ),
        ({"app_url": "https://app.example.com"}, "https://app.example.com:8443", None),
        ({"app_url": "https://app.example.com"}, "https://evil.app.example.com", None),
        ({"app_url": "https://app.example.com"}, "https://example.com", None),
        ({"app_url": "https://app.example.com"}, "http://app.example.com", None),
        ({"app_url": "http://app.example.com"}, "http://app.example.com", None),
        ({"app_url": "https://10.0.0.1"}, "https://10.0.0.1", None),
        ({"app_url": "https://app.example.com"}, "http://localhost:8501", "localhost"),
        (
            {"app_url": "http://localhost:8501", "app_env": "production"},
            "http://localhost:8501",
            "localhost",
        ),
    ],
)
def test_it_works_at_the_address_of_the_app_and_on_localhost_in_development(
    settings: dict[str, str], origin: str | None, name: str | None, configure: Configure
) -> None:
    configure(**settings)
    place = places.find(origin)
    assert (place.name if place else None) == name
    assert place is None or place.origin == origin
