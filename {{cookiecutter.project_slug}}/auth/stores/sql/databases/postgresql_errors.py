"""What the errors of PostgreSQL mean, and those of a pooler in front of it."""

import re

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from auth.stores.sql.databases import refusals

_DEADLOCK = "40P01"
_READ_ONLY = "25006"
_REASONS = {
    _READ_ONLY: refusals.READ_ONLY,
    "28000": refusals.LOCKED_OUT,
    "28P01": "refuses the password in DB_PASSWORD, or knows no user of the name in DB_USER",
    "3D000": refusals.NO_DATABASE,
    "3F000": "has no schema for the tables: its search_path names none",
    _DEADLOCK: refusals.DEADLOCK,
    "42501": refusals.NO_RIGHT,
    "42P01": refusals.NO_TABLES,
    "53100": refusals.DISK_FULL,
    "53200": refusals.MEMORY_FULL,
    "53300": refusals.NO_CONNECTION_LEFT,
    "55P03": refusals.LOCKED,
    "57014": refusals.NO_RESPONSE,
    "57P01": refusals.CLOSED,
    "57P02": refusals.CLOSED,
    "57P03": "is starting or shutting down: it will be back in a moment",
}
# A connection that fails has no code, and a pooler one for everything. So these are known by what
# they say. The first that fits counts: where TLS is tried first and then none, there are two.
_SENTENCES = {
    "no password supplied": "asks for a password, and DB_PASSWORD is empty",
    "(password|SASL) authentication failed|no such user": _REASONS["28P01"],
    'role ".*" does not exist': _REASONS["28P01"],
    "not permitted to log in": refusals.LOCKED_OUT,
    "pg_hba.conf rejects": "has a rule against this user, from this machine or without TLS",
    "no pg_hba.conf entry.* no encryption": "has no rule for this user without TLS from this "
    "machine: set DB_SSL_MODE, or add one to its pg_hba.conf",
    "no pg_hba.conf entry": "has no rule for this user from this machine in its pg_hba.conf",
    "permission denied for database": "does not let the user in DB_USER into the database in DB_NAME",
    "not currently accepting connections": "takes no connections to the database in DB_NAME",
    'database ".*" does not exist|no such database': refusals.NO_DATABASE,
    "too many (connections|clients)|remaining connection slots": refusals.NO_CONNECTION_LEFT,
    "no more connections allowed|query_wait_timeout": refusals.NO_CONNECTION_LEFT,
    "the database system is": _REASONS["57P03"],
    "cannot connect to server|server login|server conn": "is behind a pooler that gets no "
    "connection to it: the pooler's log says why",
    "statement pooling mode": "is behind a pooler in statement mode: set it to transaction or "
    "session mode",
    "unsupported startup parameter": "is behind a pooler that does not take `options`: leave them "
    "out of its address",
    "client certificate": "wants a certificate of the app: name it by sslcert and sslkey",
    "channel binding": "offers no channel binding, which its address asks for, or not the TLS for it",
    "session is (not )?read-|server is (not )?in hot": "is not of the kind that "
    "target_session_attrs asks for",
    "authentication method requirement": "offers no way to log in that require_auth allows",
    "configuration parameter|command-line argument": "refuses the `options` of its address",
    "does not support SSL": refusals.NO_TLS,
    "root certificate": "is not asked: DB_SSL_CA has to name the file to check the server by",
    "does not match host name": refusals.CERTIFICATE_NAME,
    "certificate verify failed": refusals.CERTIFICATE_AUTHORITY,
    "SSL error": refusals.TLS_FAILS,
    "response to SSL|authentication request from": "is none of PostgreSQL: look at DB_HOST and "
    "DB_PORT",
    "invalid .*value|weak sslmode|GSSAPI": "is not asked: the driver refuses a parameter of its "
    "address",
    "timeout expired|in time": refusals.NO_RESPONSE,
    "failed to resolve": refusals.NO_HOST,
    "[Rr]efused|[Uu]nreachable|No route|No such file|the server running": refusals.UNREACHABLE,
    "closed|terminat|lost|EOF|reset by peer": refusals.CLOSED,
}
_HOST = re.compile(r'server at "[^"]*"|Multiple connection attempts.*', re.DOTALL)
# A server of another language is known by the severity before its words: "FATAL" and two spaces.
_SEVERITY = re.compile(r" failed: [^:\n]+:  ")
_REFUSED = "refuses the connection, in words that this app does not know: they are in its log"


def error_code(error: SQLAlchemyError) -> str | None:
    """Return PostgreSQL's code of an error (SQLSTATE), or None."""
    return getattr(getattr(error, "orig", None), "sqlstate", None)


def reason(error: SQLAlchemyError) -> str | None:
    """Return what an error means, to follow its place, or None if that is not known."""
    if known := _REASONS.get(error_code(error) or ""):
        return known
    cause = getattr(error, "orig", None)
    if not isinstance(cause, psycopg.OperationalError):
        return None
    said = _HOST.sub("", str(cause))
    for sentence, meaning in _SENTENCES.items():
        if re.search(sentence, said):
            return meaning
    return _REFUSED if _SEVERITY.search(said) else None


def may_pass(error: SQLAlchemyError) -> bool:
    """Tell whether the same statement may succeed at once, without a new connection."""
    return error_code(error) == _DEADLOCK


def is_outdated(error: SQLAlchemyError) -> bool:
    """Tell whether a new connection may do what this one cannot: reach the new primary."""
    return error_code(error) == _READ_ONLY
