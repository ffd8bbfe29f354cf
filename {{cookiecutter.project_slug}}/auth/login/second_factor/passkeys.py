"""Passkeys: adding one, and proving by one who one is, as a second factor or alone (WebAuthn 3).

A passkey verifies its user, by a finger, a face or a PIN: so it may stand for a password and a
factor together. What fido2 leaves out is checked here: the exact origin, that no other site shows
the page, the sign count, and whose passkey it is.
"""

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from fido2.cose import ES256, RS256, EdDSA
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    CollectedClientData,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from auth import clock, texts
from auth.events import Event, record
from auth.login import credentials, throttle
from auth.login.second_factor import challenges
from auth.login.second_factor.challenges import Challenge, Kind
from auth.login.second_factor.places import Place
from auth.login.throttle import ThrottledError
from auth.records import StoreUnavailableError, UnavailableError, User
from auth.settings import load_settings
from auth.users.factors import kept
from auth.visitor import visiting
from auth.visitor.connections import Connection

_ALGORITHMS: Final = (EdDSA.ALGORITHM, ES256.ALGORITHM, RS256.ALGORITHM)
_MAX_CREDENTIAL: Final = 1500  # bytes of id and public key: an id has 1023 at most
_VERIFIED: Final = UserVerificationRequirement.REQUIRED


class PasskeyRefusedError(Exception):
    """A browser's response does not prove what it was asked for. The message is for the log."""


def ask_for_new(connection: Connection, place: Place, user: User) -> Challenge:
    """Return what a browser is asked in order to add a passkey.

    Args:
        connection: The connection of the browser, from which alone the response may come.
        place: Where the app is open.
        user: Whose passkey it is to be.
    """
    if challenge := challenges.find(connection, Kind.ADD, user.id, place):
        return challenge
    known = _passkeys_of(user)
    options, state = _server(place).register_begin(
        PublicKeyCredentialUserEntity(
            id=known[0][1] if known else secrets.token_bytes(32),
            name=user.username,
            display_name=user.display_name or user.username,
        ),
        [credential for credential, _ in known],
        ResidentKeyRequirement.REQUIRED,
        _VERIFIED,
    )
    return _keep(connection, Kind.ADD, user, place, options.public_key, state)


def ask_for_one(connection: Connection, place: Place, user: User | None = None) -> Challenge:
    """Return what a browser is asked in order to prove by a passkey who somebody is.

    Args:
        connection: The connection of the browser, from which alone the response may come.
        place: Where the app is open.
        user: Whose passkey it has to be, or None if it says who it is.
    """
    user_id = user.id if user else None
    if challenge := challenges.find(connection, Kind.USE, user_id, place):
        return challenge
    known = [credential for credential, _ in _passkeys_of(user)] if user else None
    options, state = _server(place).authenticate_begin(known, _VERIFIED)
    return _keep(connection, Kind.USE, user, place, options.public_key, state)


def add(connection: Connection, user: User, response: Mapping[str, Any]) -> None:
    """Keep the passkey that a browser has made. It is called as the browser, until it is renamed.

    Args:
        connection: The connection that the response came by.
        user: Who is logged in there, and has just proved who they are.
        response: The browser's PublicKeyCredential as JSON, however odd.

    Raises:
        PasskeyRefusedError: It is no response to what this connection was asked for.
    """
    with _refusals_recorded(user):
        challenge = _take(connection, Kind.ADD, user)
        with _oddities_refused():
            made = RegistrationResponse.from_dict(response)
            data = _server(challenge.place).register_complete(challenge.state, made)
            credential = data.credential_data
            if credential is None or credential.public_key.ALGORITHM not in _ALGORITHMS:
                raise ValueError("unknown kind of key")
            if len(credential) > _MAX_CREDENTIAL or credential.credential_id != made.raw_id:
                raise ValueError("odd credential")
            _check_frame(made.response.client_data)
        text = _text(credential, challenge.options["user"]["id"])
        name = visiting.current().user_agent or texts.current().passkey
        if not kept.add_passkey(user, credential.credential_id, text, data.counter, name):
            raise PasskeyRefusedError("somebody else's passkey")


def prove_alone(connection: Connection, response: Mapping[str, Any]) -> User:
    """Return the user who has proved by a passkey who they are, without a password.

    Args:
        connection, response: As of `add`.

    Raises:
        PasskeyRefusedError: As `prove`.
        ThrottledError: There were too many failed logins; the response was not looked at.
    """
    # No user has a name with a space: tries count for the passkey and the place, and for nobody.
    try:
        attempt, _ = throttle.start_attempt(f"passkey {response.get('id')}")
    except ThrottledError as error:
        record(Event.THROTTLED, reason=error.reason)
        raise
    try:
        user = prove(connection, response)
    except StoreUnavailableError:
        throttle.end_attempt_later(attempt)  # An outage is nobody's failure.
        raise
    throttle.end_attempt(attempt)
    return user


def prove(connection: Connection, response: Mapping[str, Any], claimed: User | None = None) -> User:
    """Return the user who has proved by a passkey who they are.

    Args:
        connection, response: As of `add`.
        claimed: Who has to prove it, or None if the passkey says who it is.

    Raises:
        PasskeyRefusedError: It is no response to what this connection was asked for, the passkey
            is unknown or somebody else's, there is a copy of it, or its user may not log in.
    """
    with _refusals_recorded(claimed):
        challenge = _take(connection, Kind.USE, claimed)
        with _oddities_refused():
            used = AuthenticationResponse.from_dict(response)
        factor = kept.find_passkey(used.raw_id)
        user = claimed or (kept.owner_of(factor) if factor else None)
        if factor is None or user is None or factor.user_id != user.id:
            raise PasskeyRefusedError("unknown passkey, or somebody else's")
    with _refusals_recorded(user), _oddities_refused():
        credential, handle = _read(factor.secret)
        _server(challenge.place).authenticate_complete(challenge.state, [credential], used)
        _check_frame(used.response.client_data)
        # Without it the browser has been told whose passkey to use (WebAuthn 3, 7.2, 6).
        if used.response.user_handle != handle and (used.response.user_handle or not claimed):
            raise ValueError("somebody else's handle")
        if not credentials.may_log_in(user):
            raise ValueError("the user may not log in")
        if not kept.use_passkey(factor, used.response.authenticator_data.counter):
            raise ValueError("old sign count: there may be a copy of the passkey")
    return user


def _server(place: Place) -> Fido2Server:
    """Return what checks responses from a place. fido2 itself takes any subdomain and port."""
    app = PublicKeyCredentialRpEntity(id=place.name, name=load_settings().app_name)
    server = Fido2Server(app, verify_origin=lambda origin: origin == place.origin)
    server.allowed_algorithms = [
        PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=algorithm)
        for algorithm in _ALGORITHMS
    ]
    return server


def _keep(
    connection: Connection,
    kind: Kind,
    user: User | None,
    place: Place,
    options: Mapping[str, Any],
    state: dict[str, Any],
) -> Challenge:
    as_json = json.loads(json.dumps(options, default=dict))
    as_json["timeout"] = int(challenges.LIFETIME.total_seconds() * 1000)
    user_id, expires_at = user.id if user else None, clock.now() + challenges.LIFETIME
    challenge = Challenge(kind, user_id, place, as_json, state, expires_at)
    challenges.keep(connection, challenge)
    return challenge


def _take(connection: Connection, kind: Kind, user: User | None) -> Challenge:
    challenge = challenges.take(connection, kind, user.id if user else None)
    if challenge is None:
        raise PasskeyRefusedError("no challenge, or a used or old one")
    return challenge


def _check_frame(client: CollectedClientData) -> None:
    """Refuse what was signed in a frame of another site's page."""
    if client.cross_origin is not False or "topOrigin" in json.loads(client):
        raise ValueError("page of another site")


def _passkeys_of(user: User) -> list[tuple[AttestedCredentialData, bytes]]:
    factors = kept.list_of(user)
    return [_read(factor.secret) for factor in factors if factor.kind == kept.PASSKEY]


def _text(credential: AttestedCredentialData, handle: str) -> str:
    """Return what is kept of a passkey. The handle is what its browser calls the user: random."""
    return json.dumps({"credential": websafe_encode(credential), "handle": handle})


def _read(text: str) -> tuple[AttestedCredentialData, bytes]:
    parts = json.loads(text)
    return AttestedCredentialData(websafe_decode(parts["credential"])), websafe_decode(
        parts["handle"]
    )


@contextmanager
def _oddities_refused() -> Iterator[None]:
    """Refuse what fido2 cannot read or does not accept: of odd bytes, it raises anything."""
    try:
        yield
    except UnavailableError:
        raise
    except Exception as error:
        reason = str(error) if type(error) is ValueError else "odd response"
        raise PasskeyRefusedError(reason) from None


@contextmanager
def _refusals_recorded(user: User | None) -> Iterator[None]:
    try:
        yield
    except PasskeyRefusedError as error:
        record(Event.FACTOR_FAILED, reason=f"passkey: {error}", user=user)
        raise
