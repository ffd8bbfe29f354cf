"""Everything that a store is asked about one user, session, ticket, attempt or entry."""

import hashlib
from datetime import datetime, timedelta

from tests.support.modules import App


def ask_for_one_thing_each(app: App, now: datetime) -> None:
    """Have a store with many users, `user1` and so on, do each thing that is about one.

    Args:
        app: The modules of a project.
        now: The time, UTC.
    """
    store, record = app.stores.current(), app.load("auth.records")
    later = now + timedelta(hours=1)
    user = store.users.find("user1")
    store.users.upgrade_password_hash(user, "better")
    store.users.set_password(user, "new")
    store.users.set_password(store.users.find("user1"), "made up", later, same_epoch=True)
    store.users.use_one_time_password(store.users.find("user1"), now)
    user = store.users.find("user1")
    store.users.set_disabled(user, False)
    store.users.set_roles(user, ("sales", "finance"))
    store.users.rename(user, "renamed")
    store.users.rename(user, "user1")
    store.users.unlock(user)
    store.users.end_sessions(store.users.find("user2"))
    store.users.remove(store.users.find("user3"))
    store.users.list_by_hash("demo")
    user = store.users.find("user1")
    store.sessions.add(record.Session("a" * 64, user.id, user.epoch, now, later, now))
    store.sessions.find("a" * 64)
    store.sessions.touch("a" * 64, now)
    store.sessions.list_all(now, store.users.find("user4"))
    store.sessions.purge(now, 10)
    store.sessions.remove("a" * 64)
    store.tickets.add(record.Ticket("a" * 64, "test", "payload", later), now - timedelta(hours=3))
    store.tickets.take("test", "a" * 64)
    store.attempts.end([hashlib.md5(b"1").hexdigest()], now)
    store.attempts.clear(hashlib.sha256(b"1").hexdigest(), now)
    store.attempts.purge(now - timedelta(hours=1), 10)
    store.devices.knows(user, hashlib.sha256(b"1").hexdigest(), now)
    store.devices.add(record.Device("a" * 64, user.id, later), now - timedelta(hours=3), 20)
    store.audit.list_newest("user1")
    store.audit.list_newest_of(user.id)
    store.audit.purge(now - timedelta(hours=49), 10)
