"""The known devices in the database."""

from contextlib import suppress
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Select, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from auth.records import Device, User
from auth.stores.sql.engine import Database
from auth.stores.sql.tables import devices

_FORGOTTEN_AT_ONCE = 100


class SqlDevices:
    """The devices, each in a row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, device: Device, now: datetime, most: int) -> None:
        """Keep a device, or a known one for longer, and forget the expired."""
        this = devices.c.device_hash == device.device_hash
        renewal = update(devices).where(this).values(expires_at=device.expires_at)
        if not self._database.run(lambda connection: connection.execute(renewal).rowcount):
            addition = insert(devices).values(asdict(device))
            # The same one may be logging in in another tab, or the user is gone.
            with suppress(IntegrityError):
                self._database.run(lambda connection: connection.execute(addition))
            self._forget(_first_to_expire(device.user_id, most))
        self._forget(select(devices.c.device_hash).where(devices.c.expires_at <= now))

    def knows(self, user: User, device_hash: str, now: datetime) -> bool:
        """Tell whether a device of a user was added and has not expired."""
        mine = and_(devices.c.device_hash == device_hash, devices.c.user_id == user.id)
        query = select(devices.c.device_hash).where(mine, devices.c.expires_at > now)
        return self._database.run(lambda connection: connection.execute(query).first()) is not None

    def _forget(self, which: Select[tuple[str]]) -> None:
        """Remove a few, found first without a lock and then locked one by one: by primary key."""
        found = which.limit(_FORGOTTEN_AT_ONCE)
        hashes = self._database.run(lambda connection: connection.execute(found).scalars().all())
        if hashes:
            removal = delete(devices).where(devices.c.device_hash.in_(hashes))
            self._database.run(lambda connection: connection.execute(removal))


def _first_to_expire(user_id: str, most: int) -> Select[tuple[str]]:
    """Return the query for all devices of a user except so many."""
    of_user = select(devices.c.device_hash).where(devices.c.user_id == user_id)
    return of_user.order_by(devices.c.expires_at.desc(), devices.c.device_hash).offset(most)
