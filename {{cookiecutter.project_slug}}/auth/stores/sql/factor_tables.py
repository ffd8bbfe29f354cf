"""The tables of second factors."""

from dataclasses import fields

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table

from auth.stores.factors.interface import Factor
from auth.stores.sql.databases import chosen
from auth.stores.sql.tables import UtcTime, metadata

second_factors = Table(
    "second_factors",
    metadata,
    Column("factor_id", String(64), primary_key=True),
    Column("user_id", chosen.USER_ID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("name", String(64), nullable=False),
    Column("secret", String(4000), nullable=False),
    Column("counter", BigInteger, nullable=False),
    Column("added_at", UtcTime, nullable=False),
    Column("last_used_at", UtcTime),
    Index("second_factors_by_user", "user_id", "added_at"),
    **chosen.TABLE_OPTIONS,
)
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("user_id", chosen.USER_ID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Index("recovery_codes_by_user", "user_id"),
    **chosen.TABLE_OPTIONS,
)

# What a factor's record is made of.
FACTOR = [second_factors.c[field.name] for field in fields(Factor)]
