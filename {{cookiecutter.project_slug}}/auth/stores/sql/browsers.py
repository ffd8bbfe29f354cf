"""The known browsers in the database."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from auth.stores.sql.engine import Database
from auth.stores.sql.tables import browsers

_FORGOTTEN_AT_ONCE = 100


class SqlBrowsers:
    """The browsers, each in a row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, browser_hash: str, expires_at: datetime, now: datetime) -> None:
        """Keep a browser until a time, or a known one for longer, and forget the expired."""
        this = browsers.c.browser_hash == browser_hash
        renewal = update(browsers).where(this).values(expires_at=expires_at)
        if not self._database.run(lambda connection: connection.execute(renewal).rowcount):
            row = {"browser_hash": browser_hash, "expires_at": expires_at}
            addition = insert(browsers).values(row)
            # The same browser may be logging in in another tab.
            with suppress(IntegrityError):
                self._database.run(lambda connection: connection.execute(addition))
        self._forget_expired(now)

    def knows(self, browser_hash: str, now: datetime) -> bool:
        """Tell whether a browser was added and has not expired."""
        known = and_(browsers.c.browser_hash == browser_hash, browsers.c.expires_at > now)
        query = select(browsers.c.browser_hash).where(known)
        return self._database.run(lambda connection: connection.execute(query).first()) is not None

    def _forget_expired(self, now: datetime) -> None:
        """Remove a few, found first without a lock and then locked one by one: by primary key."""
        expired = browsers.c.expires_at <= now
        found = select(browsers.c.browser_hash).where(expired).limit(_FORGOTTEN_AT_ONCE)
        hashes = self._database.run(lambda connection: connection.execute(found).scalars().all())
        if hashes:
            removal = delete(browsers).where(browsers.c.browser_hash.in_(hashes))
            self._database.run(lambda connection: connection.execute(removal))
