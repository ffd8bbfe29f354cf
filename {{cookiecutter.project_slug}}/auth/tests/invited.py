"""Invitations, as those who get one see them."""

from urllib.parse import parse_qs, urlsplit


def code_in(link: str) -> str:
    """Return the code in the link of an invitation."""
    return parse_qs(urlsplit(link).fragment)["invite"][0]
