"""The keys that encrypt what is kept of second factors."""

import os
import re
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from auth.records import SettingsError
from auth.settings import PROJECT, load_settings

_FILE: Final = PROJECT / ".secret_keys"  # which git leaves out
_KEY: Final = re.compile("[A-Za-z0-9_-]{43}=")
_MAKE: Final = (
    'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
)


def check() -> None:
    """Accept the keys that there are.

    Raises:
        SettingsError: There are none in production, or one is not a key.
    """
    if keys := load_settings().secret_keys.get_secret_value().strip():
        _parse(keys)
    elif load_settings().app_env == "production":
        raise SettingsError(
            "SECRET_KEYS is not set: it encrypts what is kept of second factors. Make a key with "
            f"the command `{_MAKE}`, and keep it where the other secrets of the app are."
        )


def encrypt(text: str) -> str:
    """Return a text in a form that nobody can read without the keys."""
    return _load().encrypt(text.encode()).decode()


def decrypt(secret: str) -> str:
    """Return what `encrypt` was given, or raise SettingsError if no key can read it."""
    try:
        return _load().decrypt(secret).decode()
    except InvalidToken:
        raise _unreadable() from None


def encrypt_again(secret: str) -> str:
    """Return a secret encrypted with the first key, or raise SettingsError as `decrypt`."""
    try:
        return _load().rotate(secret).decode()
    except InvalidToken:
        raise _unreadable() from None


def _load() -> MultiFernet:
    check()
    return _parse(load_settings().secret_keys.get_secret_value().strip() or _of_development())


def _parse(text: str) -> MultiFernet:
    keys = [key.strip() for key in text.split(",")]
    if not all(_KEY.fullmatch(key) for key in keys):
        raise SettingsError(
            "A setting has a wrong value. SECRET_KEYS: keys are separated by commas, and each is "
            f"what this command prints: `{_MAKE}`."
        )
    return MultiFernet(map(Fernet, keys))


def _of_development() -> str:
    """Return the key in the file, which is made at the first call: of two at once, one makes it."""
    try:
        if not _FILE.exists():
            descriptor, name = mkstemp(dir=_FILE.parent)  # which only this user may read
            with open(descriptor, "wb") as stream:
                stream.write(Fernet.generate_key())
            with suppress(FileExistsError):
                os.link(name, _FILE)
            Path(name).unlink()
        return _FILE.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(
            f"The file {_FILE}, which has the key of development, cannot be used "
            f"({type(error).__name__}). Set SECRET_KEYS: `{_MAKE}` makes a key."
        ) from None


def _unreadable() -> SettingsError:
    return SettingsError(
        "A second factor was encrypted with a key that SECRET_KEYS does not have. Add that key "
        "to the end of SECRET_KEYS, or reset the second factor."
    )
