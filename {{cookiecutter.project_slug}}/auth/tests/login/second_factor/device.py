"""A device with passkeys, without the browser: it makes the bytes that a real one makes."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256, CoseKey
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
)

ORIGIN = "http://localhost:8501"
_FLAG = AuthenticatorData.FLAG


@dataclass
class Passkey:
    """What a device keeps of a passkey."""

    credential_id: bytes
    key: EllipticCurvePrivateKey
    handle: str


@dataclass
class Device:
    """Somebody's device, in a browser that shows a page.

    Attributes:
        origin: The origin of the page.
        verifies: Whether the device asks for a finger, a face or a PIN.
        count: The sign count of the next use; None for a device that has none.
        client: What the browser says besides, or instead.
        passkeys: What the device has.
    """

    origin: str = ORIGIN
    verifies: bool = True
    count: int | None = 1
    client: dict[str, Any] = field(default_factory=dict)
    passkeys: list[Passkey] = field(default_factory=list)

    def create(
        self,
        options: Mapping[str, Any],
        public_key: CoseKey | None = None,
        credential_id: bytes | None = None,
    ) -> dict[str, Any]:
        """Make a passkey, and return what a browser makes of it in JSON."""
        key = generate_private_key(SECP256R1())
        passkey = Passkey(credential_id or secrets.token_bytes(32), key, options["user"]["id"])
        self.passkeys.append(passkey)
        public_key = public_key or _cose_key(key)
        credential = AttestedCredentialData.create(
            bytes(Aaguid.NONE), passkey.credential_id, public_key
        )
        data = AuthenticatorData.create(
            sha256(options["rp"]["id"].encode()), self._flags | _FLAG.AT, self._next(), credential
        )
        client = self._client("webauthn.create", options)
        attestation = AttestationObject.create("none", data, {})
        return _as_json(passkey.credential_id, clientDataJSON=client, attestationObject=attestation)

    def use(self, options: Mapping[str, Any], passkey: Passkey | None = None) -> dict[str, Any]:
        """Use a passkey, the last one by default, and return what a browser makes of that."""
        passkey = passkey or self.passkeys[-1]
        data = AuthenticatorData.create(sha256(options["rpId"].encode()), self._flags, self._next())
        client = self._client("webauthn.get", options)
        signature = passkey.key.sign(data + sha256(client), ECDSA(SHA256()))
        return _as_json(
            passkey.credential_id,
            clientDataJSON=client,
            authenticatorData=data,
            signature=signature,
            userHandle=websafe_decode(passkey.handle),
        )

    @property
    def last_id(self) -> str:
        """What the last passkey is called in a request."""
        return websafe_encode(self.passkeys[-1].credential_id)

    @property
    def _flags(self) -> Any:
        return _FLAG.UP | (_FLAG.UV if self.verifies else 0)

    def _next(self) -> int:
        if self.count is None:
            return 0
        self.count += 1
        return self.count

    def _client(self, kind: str, options: Mapping[str, Any]) -> bytes:
        said = {
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": False,
        }
        return json.dumps(said | self.client).encode()


def _cose_key(key: EllipticCurvePrivateKey) -> CoseKey:
    """Return the public half of a key as devices write it (RFC 9053)."""
    kind: Any = ES256
    public_key: CoseKey = kind.from_cryptography_key(key.public_key())
    return public_key


def _as_json(credential_id: bytes, **response: bytes) -> dict[str, Any]:
    name = websafe_encode(credential_id)
    texts = {key: websafe_encode(value) for key, value in response.items()}
    return {
        "id": name,
        "rawId": name,
        "type": "public-key",
        "authenticatorAttachment": "platform",
        "clientExtensionResults": {},
        "response": texts,
    }
