"""Where passkeys work: at the app's own address, and on localhost in development."""

from ipaddress import ip_address
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from auth.settings import load_settings

_PORTS: Final = {"http": 80, "https": 443}


class Place(NamedTuple):
    """An origin, and the name that its passkeys are for.

    Attributes:
        origin: The one origin from which a response may come, as browsers write it.
        name: The host's name: WebAuthn's RP ID.
    """

    origin: str
    name: str


def find(origin: str | None) -> Place | None:
    """Return where the app is open, or None if passkeys do not work there.

    Browsers have them for names, over HTTPS or on localhost (WebAuthn 3, 5.1.3 and 13.4.9). A
    proxy may make any name lead here, so the name has to be that of the setting.

    Args:
        origin: The Origin header of the connection.
    """
    settings, place = load_settings(), _read(origin or "")
    if place is None:
        return None
    is_local = place.name == "localhost"
    if not (is_local or place.origin.startswith("https:")):
        return None
    is_own = place == _read(settings.app_url)
    return place if is_own or (is_local and settings.app_env == "development") else None


def _read(address: str) -> Place | None:
    """Return the place of an address, or None if its host has no name."""
    try:
        url = urlsplit(address)
        scheme, name, port = url.scheme, url.hostname, url.port
    except ValueError:
        return None
    if scheme not in _PORTS or not name or _is_number(name):
        return None
    ending = "" if port in (None, _PORTS[scheme]) else f":{port}"
    return Place(f"{scheme}://{name}{ending}", name)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
