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

from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    CollectedClientData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from auth import texts
from auth.events import Event, record
from auth.login import credentials, tries
from auth.login.second_factor import challenges
from auth.login.second_factor.challenges import Challenge, Kind
from auth.login.second_factor.places import Place
from auth.records import UnavailableError, User
from auth.settings import load_settings
from auth.users.factors import PASSKEY, kept
from auth.visitor import visiting
from auth.visitor.connections import Connection

_MAX_CREDENTIAL: Final = 2800  # bytes of an id, 1023 at most, and a public key
_MAX_PASSKEYS: Final = 20  # of one user: a program in place of a browser makes them at will
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

    def make() -> Mapping[str, Any]:
        known = _passkeys_of(user)
        named = PublicKeyCredentialUserEntity(
            id=known[0][1] if known else secrets.token_bytes(32),
            name=user.username,
            display_name=user.display_name or user.username,
        )
        others, kept_there = [each for each, _ in known], ResidentKeyRequirement.REQUIRED
        asked, _ = _server(place).register_begin(named, others, kept_there, _VERIFIED)
        return _as_json(asked.public_key)

    return challenges.find(connection, "create", user, place, make)


def ask_for_one(connection: Connection, place: Place, user: User | None = None) -> Challenge:
    """Return what a browser is asked in order to prove by a passkey who somebody is.

    Args:
        connection, place: As of `ask_for_new`.
        user: Whose passkey it has to be, or None if it says who it is.
    """

    def make() -> Mapping[str, Any]:
        theirs = [each for each, _ in _passkeys_of(user)] if user else None
        asked, _ = _server(place).authenticate_begin(theirs, _VERIFIED)
        return _as_json(asked.public_key)

    return challenges.find(connection, "get", user, place, make)


def add(connection: Connection, user: User, response: Mapping[str, Any]) -> None:
    """Keep the passkey that a browser has made. It is called as the browser, until it is renamed.

    Args:
        connection: The connection that the response came by.
        user: Who is logged in there, and has just proved who they are.
        response: The browser's PublicKeyCredential as JSON, however odd.

    Raises:
        PasskeyRefusedError: It is no response to what this connection was asked for, or the user
            has too many.
    """
    with _refusals_recorded(user):
        challenge, state = _take(connection, "create", user)
        with _oddities_refused():
            made = RegistrationResponse.from_dict(response)
            data = _server(challenge.place).register_complete(state, made)
            credential = data.credential_data
            known = CoseKey.supported_algorithms()
            if credential is None or credential.public_key.ALGORITHM not in known:
                raise ValueError("unknown kind of key")
            if len(credential) > _MAX_CREDENTIAL or credential.credential_id != made.raw_id:
                raise ValueError("odd credential")
            _check_frame(made.response.client_data)
        if len(_passkeys_of(user)) >= _MAX_PASSKEYS:
            raise PasskeyRefusedError("too many passkeys")
        # The handle is what devices call the user: random, so that it tells them nothing.
        handle = challenge.options["user"]["id"]
        text = json.dumps({"credential": websafe_encode(credential), "handle": handle})
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
    with tries.counted(f"passkey {response.get('id')}"):
        return prove(connection, response)


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
        challenge, state = _take(connection, "get", claimed)
        with _oddities_refused():
            used = AuthenticationResponse.from_dict(response)
        factor = kept.find_passkey(used.raw_id)
        user = claimed or (kept.owner_of(factor) if factor else None)
        if factor is None or user is None or factor.user_id != user.id:
            raise PasskeyRefusedError("unknown passkey, or somebody else's")
    with _refusals_recorded(user), _oddities_refused():
        credential, handle = _read(factor.secret)
        _server(challenge.place).authenticate_complete(state, [credential], used)
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
    return Fido2Server(app, verify_origin=lambda origin: origin == place.origin)


def _as_json(options: Mapping[str, Any]) -> dict[str, Any]:
    asked: dict[str, Any] = json.loads(json.dumps(options, default=dict))
    return asked | {"timeout": int(challenges.LIFETIME.total_seconds() * 1000)}


def _take(
    connection: Connection, kind: Kind, user: User | None
) -> tuple[Challenge, dict[str, Any]]:
    """Return the challenge of a connection, and what fido2 checks a response by."""
    challenge = challenges.take(connection, kind, user)
    if challenge is None:
        raise PasskeyRefusedError("no challenge, or a used or old one")
    state = {"challenge": challenge.options["challenge"], "user_verification": _VERIFIED}
    return challenge, state


def _check_frame(client: CollectedClientData) -> None:
    """Refuse what was signed in a frame of another site's page."""
    if client.cross_origin is not False or "topOrigin" in json.loads(client):
        raise ValueError("page of another site")


def _passkeys_of(user: User) -> list[tuple[AttestedCredentialData, bytes]]:
    factors = kept.list_of(user)
    return [_read(factor.secret) for factor in factors if factor.kind == PASSKEY]


def _read(text: str) -> tuple[AttestedCredentialData, bytes]:
    parts = {name: websafe_decode(value) for name, value in json.loads(text).items()}
    return AttestedCredentialData(parts["credential"]), parts["handle"]


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
