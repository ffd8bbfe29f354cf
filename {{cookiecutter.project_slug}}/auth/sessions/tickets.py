"""Tickets: secrets that are worth something once, and for a while."""

from datetime import timedelta

from auth import clock, stores
from auth.records import Ticket
from auth.sessions import tokens


def issue(purpose: str, payload: str, lifetime: timedelta, secret: str | None = None) -> str:
    """Return a secret that is worth a payload once.

    The store keeps the payload and only the secret's hash.

    Args:
        purpose: What the secret is for.
        payload: What whoever has the secret gets.
        lifetime: Until when, from now.
        secret: 43 URL-safe characters of 256 random bits; new ones if None.
    """
    secret = secret or tokens.new_secret()
    now = clock.now()
    ticket = Ticket(tokens.hash_token(secret), purpose, payload, now + lifetime)
    stores.current().tickets.add(ticket, now)
    return secret


def redeem(purpose: str, secret: str) -> str | None:
    """Return what a secret is worth, once.

    Args:
        purpose: What the secret has to be for.
        secret: What the browser sent, however odd.

    Returns:
        The payload; None if the secret is made up, used, expired or for something else.
    """
    if not tokens.is_secret(secret):
        return None
    ticket = stores.current().tickets.take(purpose, tokens.hash_token(secret))
    return ticket.payload if ticket and ticket.expires_at > clock.now() else None
