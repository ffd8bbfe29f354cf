"""The known devices in the database."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from auth.stores.sql.engine import Database
from auth.stores.sql.tables import devices

_FORGOTTEN_AT_ONCE = 100


class SqlDevices:
    """The devices, each in a row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, device_hash: str, expires_at: datetime, now: datetime) -> None:
        """Keep a device until a time, or a known one for longer, and forget the expired."""
        this = devices.c.device_hash == device_hash
        renewal = update(devices).where(this).values(expires_at=expires_at)
        if not self._database.run(lambda connection: connection.execute(renewal).rowcount):
            row = {"device_hash": device_hash, "expires_at": expires_at}
            addition = insert(devices).values(row)
            # The same one may be logging in in another tab.
            with suppress(IntegrityError):
                self._database.run(lambda connection: connection.execute(addition))
        self._forget_expired(now)

    def knows(self, device_hash: str, now: datetime) -> bool:
        """Tell whether a device was added and has not expired."""
        known = and_(devices.c.device_hash == device_hash, devices.c.expires_at > now)
        query = select(devices.c.device_hash).where(known)
        return self._database.run(lambda connection: connection.execute(query).first()) is not None

    def _forget_expired(self, now: datetime) -> None:
        """Remove a few, found first without a lock and then locked one by one: by primary key."""
        expired = devices.c.expires_at <= now
        found = select(devices.c.device_hash).where(expired).limit(_FORGOTTEN_AT_ONCE)
        hashes = self._database.run(lambda connection: connection.execute(found).scalars().all())
        if hashes:
            removal = delete(devices).where(devices.c.device_hash.in_(hashes))
            self._database.run(lambda connection: connection.execute(removal))
