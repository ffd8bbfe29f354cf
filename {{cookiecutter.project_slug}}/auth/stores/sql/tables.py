"""The tables of the database. Times are UTC; names are compared exactly."""

from dataclasses import fields
from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    String,
    Table,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from auth.records import User
from auth.stores.sql.databases import chosen

metadata = MetaData()


class UtcTime(TypeDecorator[datetime]):
    """A time with its zone in Python, in UTC without a zone in the database."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        return dialect.type_descriptor(chosen.TIME)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.replace(tzinfo=UTC)


class Roles(TypeDecorator[tuple[str, ...]]):
    """Roles, separated by spaces: no role has a space in its name."""

    impl = String(1000)
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:
        return " ".join(value or ())

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        return tuple((value or "").split())


# The columns are in the order of the fields of the records in records.py, whatever stands between.
users = Table(
    "users",
    metadata,
    Column("id", chosen.USER_ID, primary_key=True),
    Column("username", chosen.NAME, nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("roles", Roles, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("unlocks", BigInteger, nullable=False),
    Column("password_expires_at", UtcTime),
    Column("email", String(254)),
    Column("display_name", String(64)),
    # Without case, for the search: databases have different ideas of that.
    Column("searched_name", String(192)),
    Index("users_by_username", "username", unique=True),
    Index("users_by_email", "email", unique=True),
    Index("users_by_password_hash", "password_hash"),  # for demo users and invitations
    **chosen.TABLE_OPTIONS,
)
sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", chosen.USER_ID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("address", String(64), nullable=False),
    Column("user_agent", String(64), nullable=False),
    Index("sessions_by_expires_at", "expires_at"),
    Index("sessions_by_user", "user_id", "created_at"),
    **chosen.TABLE_OPTIONS,
)
tickets = Table(
    "tickets",
    metadata,
    Column("ticket_hash", String(64), primary_key=True),
    Column("purpose", String(32), nullable=False),
    Column("payload", String(1000), nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Index("tickets_by_expires_at", "expires_at"),
    **chosen.TABLE_OPTIONS,
)
attempts = Table(
    "attempts",
    metadata,
    Column("attempt_id", String(32), primary_key=True),
    Column("pair", String(64), nullable=False),
    Column("pair_number", BigInteger, nullable=False),
    Column("name", String(64), nullable=False),
    Column("name_number", BigInteger, nullable=False),
    Column("address", String(64), nullable=False),
    Column("address_number", BigInteger, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Index("attempts_by_pair", "pair", "pair_number", unique=True),
    Index("attempts_by_name", "name", "name_number", unique=True),
    Index("attempts_by_address", "address", "address_number", unique=True),
    Index("attempts_by_expires_at", "expires_at"),
    **chosen.TABLE_OPTIONS,
)
devices = Table(
    "devices",
    metadata,
    Column("device_hash", String(64), primary_key=True),
    Column("user_id", chosen.USER_ID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Index("devices_by_expires_at", "expires_at"),
    Index("devices_by_user", "user_id", "expires_at"),
    **chosen.TABLE_OPTIONS,
)
audit = Table(
    "audit",
    metadata,
    # SQLite numbers rows by itself only if the type is this one; and an identity, unlike a
    # sequence, asks for no right but that to add rows.
    Column("audit_id", BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("event", String(32), nullable=False),
    Column("user_id", chosen.USER_ID),
    Column("username", chosen.NAME),
    Column("actor", String(64)),
    Column("address", String(64)),
    Column("session", String(64)),
    Column("count", Integer, nullable=False),
    Index("audit_by_user", "user_id", "at"),
    Index("audit_by_username", "username", "at"),
    Index("audit_by_at", "at"),
    **chosen.TABLE_OPTIONS,
)

# What a user's record is made of.
USER = [users.c[field.name] for field in fields(User)]
