"""Password hashes that other programs made: how they are written here, and what one may cost.

What Django and Werkzeug write differs from what the library reads in form only: salt and digest
stay as they are.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any, Final

SCHEMES: Final = [
    *("bcrypt", "bcrypt_sha256", "django_bcrypt_sha256"),
    *("pbkdf2_sha1", "pbkdf2_sha256", "pbkdf2_sha512", "scrypt"),
]
BCRYPT_BYTES: Final = 72  # that bcrypt looks at; what comes after them does not count

_KIB, _MIB = 1024, 1024**2
# What one check may take: up to two seconds, and half a gigabyte where four go on at once.
_MAX_MEMORY = 128 * _MIB
_MAX_WORK = 1024 * _MIB  # memory, as often as it is gone through
_MAX_PARALLELISM = 16
_MAX_BCRYPT_ROUNDS = 14
_MAX_PBKDF2_ROUNDS = 5_000_000

_SCRYPT_DIGEST = 32  # bytes: the first of a longer one are the digest of that length (RFC 7914, 6)


def known_form(password_hash: str) -> str:
    """Return a hash as the library reads it, or as it is if it is none of Django's or Werkzeug's.

    >>> known_form("argon2$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$ZGlnZXN0")
    '$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$ZGlnZXN0'
    """
    text = password_hash.strip()
    for pattern, rewrite in _FORMS:
        if match := re.fullmatch(pattern, text):
            try:
                return rewrite(**match.groupdict())
            except ValueError:
                return text
    return text


def is_too_costly(parsed: Any) -> bool:
    """Tell whether the check of a hash would keep everybody else waiting, or take the memory.

    Args:
        parsed: The hash, as the library's `from_string` returns it.
    """
    scheme, rounds = parsed.name, parsed.rounds
    if scheme == "argon2":
        memory, passes, lanes = parsed.memory_cost * _KIB, rounds, parsed.parallelism
    elif scheme == "scrypt":
        memory, passes = 128 * 2**rounds * parsed.block_size, parsed.parallelism
        lanes = passes
    elif "bcrypt" in scheme:
        return bool(rounds > _MAX_BCRYPT_ROUNDS)
    else:
        return bool(rounds > _MAX_PBKDF2_ROUNDS)
    return bool(memory > _MAX_MEMORY or memory * passes > _MAX_WORK or lanes > _MAX_PARALLELISM)


def _pbkdf2(name: str, rounds: str, salt: str, **digest: str) -> str:
    scheme = "pbkdf2" if name == "sha1" else f"pbkdf2-{name}"
    # As the library writes them: a full stop is a plus sign.
    texts = (_base64(part).replace("+", ".") for part in (salt.encode(), _bytes(**digest)))
    return "$".join(["", scheme, str(int(rounds)), *texts])


def _scrypt(n: str, r: str, p: str, salt: str, **digest: str) -> str:
    work, found = int(n), _bytes(**digest)
    if work < 2 or work & (work - 1) or len(found) < _SCRYPT_DIGEST:
        raise ValueError
    costs = f"ln={work.bit_length() - 1},r={int(r)},p={int(p)}"
    return f"$scrypt${costs}${_base64(salt.encode())}${_base64(found[:_SCRYPT_DIGEST])}"


def _base64(value: bytes) -> str:
    return b64encode(value).rstrip(b"=").decode()


def _bytes(base64: str = "", hexadecimal: str = "") -> bytes:
    return b64decode(base64) if base64 else bytes.fromhex(hexadecimal)


_SALT = r"\$(?P<salt>[^$]+)\$"
_BASE64 = r"(?P<base64>[A-Za-z0-9+/]+={0,2})"
_HEXADECIMAL = "(?P<hexadecimal>[0-9a-f]+)"
_FORMS: Final[list[tuple[str, Callable[..., str]]]] = [
    # Django's
    (r"(argon2|bcrypt\$)(?P<rest>\$.+)", lambda rest: rest),
    (rf"pbkdf2_(?P<name>sha1|sha256)\$(?P<rounds>[0-9]+){_SALT}{_BASE64}", _pbkdf2),
    (rf"scrypt\$(?P<n>[0-9]+){_SALT}(?P<r>[0-9]+)\$(?P<p>[0-9]+)\${_BASE64}", _scrypt),
    # Werkzeug's
    (rf"pbkdf2:(?P<name>sha(?:1|256|512)):(?P<rounds>[0-9]+){_SALT}{_HEXADECIMAL}", _pbkdf2),
    (rf"scrypt:(?P<n>[0-9]+):(?P<r>[0-9]+):(?P<p>[0-9]+){_SALT}{_HEXADECIMAL}", _scrypt),
]
