"""What the store asks of a database, whichever it is."""

import os
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, ClassVar, Protocol

from pydantic import Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from sqlalchemy import URL, ColumnElement, Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import TypeEngine

from auth.records import SettingsError
from auth.stores.sql.secrets_file import read_section

URL_VARIABLE = "DATABASE_URL"
# What else Streamlit's own connections have in their table.
_OF_STREAMLIT = {"create_engine_kwargs", "dialect", "driver", "query", "type", "url"}


class DatabaseSettings(BaseSettings):
    """Where a database is, and how long to wait for it.

    DATABASE_URL says where, or else the variables of the settings do. What the environment
    leaves out may stand in .streamlit/secrets.toml, as Streamlit's own connections have it.
    """

    model_config = SettingsConfigDict(frozen=True, allow_inf_nan=False)

    # Its table in the secrets file is [connections.SECTION].
    SECTION: ClassVar[str]
    # What the settings are called there.
    NAMES_IN_SECRETS: ClassVar[Mapping[str, str]]

    database_url: SecretStr = Field(
        default=SecretStr(""),
        description="Address of the database in one line, which wins over the settings that "
        "say the same.",
    )
    db_connect_seconds: float = Field(
        default=3,
        gt=0,
        le=60,
        description="Seconds to wait for the database to take a connection, or for one "
        "of the pool to be free.",
    )
    db_query_seconds: float = Field(
        default=5,
        gt=0,
        le=600,
        description="Seconds to wait for the result of a query, the app's own included.",
    )
    db_pool_size: int = Field(
        default=10,
        ge=1,
        le=1000,
        description="Connections that one process of the app has at most.",
    )

    @abstractmethod
    def url(self) -> URL:
        """Return the address of the database, with the driver to use."""

    @abstractmethod
    def engine_arguments(self) -> dict[str, Any]:
        """Return what else SQLAlchemy needs to connect.

        Raises:
            SettingsError: A file that a setting names cannot be used.
        """

    @classmethod
    @abstractmethod
    def read_url(cls, url: str) -> dict[str, object]:
        """Return the settings that stand in the address of a database.

        Raises:
            ValueError: It is not one. The message follows "DATABASE_URL: ", and quotes nothing of
                it but the name of a parameter.
        """

    @classmethod
    @abstractmethod
    def read_parameters(cls, parameters: Mapping[str, object]) -> dict[str, Any]:
        """Return the settings in the parameters of an address.

        Raises:
            ValueError: One is not understood. The message names it, and quotes no value.
        """

    @classmethod
    def read_secrets(cls, section: Mapping[str, object]) -> dict[str, Any]:
        """Return the settings in the table of the secrets file, besides its address.

        The parameters of an address stand there too, or in a table `query`, as Streamlit has them.

        Raises:
            ValueError: As `read_parameters`.
        """
        names = cls.NAMES_IN_SECRETS
        query = section.get("query")
        parameters = {
            key: value
            for key, value in section.items()
            if key not in names and key not in _OF_STREAMLIT
        }
        return cls.read_parameters(parameters | (query if isinstance(query, dict) else {})) | {
            names[key]: section[key] for key in names.keys() & section.keys()
        }

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Ask the environment first, then the secrets file; in each, the address wins."""
        section, place = read_section(cls.SECTION), f"[connections.{cls.SECTION}]"
        with _naming(place):
            values = cls.read_secrets(section)
        return (
            init_settings,
            InitSettingsSource(
                settings_cls, cls._split(URL_VARIABLE, os.environ.get(URL_VARIABLE, ""))
            ),
            env_settings,
            InitSettingsSource(settings_cls, cls._split(f"url in {place}", section.get("url", ""))),
            InitSettingsSource(settings_cls, values),
        )

    @classmethod
    def _split(cls, name: str, url: object) -> dict[str, Any]:
        """Return the settings in an address, or none if it is empty."""
        with _naming(name):
            if not isinstance(url, str):
                raise ValueError("it is not text")
            return cls.read_url(url.strip()) if url.strip() else {}


@contextmanager
def as_one(connection: Connection, begin: str) -> Iterator[None]:
    """Have all statements of a with block done as one, on a connection where each stands alone.

    Args:
        connection: The connection.
        begin: The statement that begins a transaction.
    """
    connection.exec_driver_sql(begin)
    try:
        yield
    except BaseException:
        if not connection.invalidated:
            connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")


@contextmanager
def _naming(place: str) -> Iterator[None]:
    """Say where a wrong value stands."""
    try:
        yield
    except ValueError as error:
        raise SettingsError(f"A setting has a wrong value. {place}: {error}.") from None


class DatabaseModule(Protocol):
    """The names that the module of a database has, and what they are."""

    # The level of the app's own transactions.
    ISOLATION: str
    # Options of every table.
    TABLE_OPTIONS: dict[str, Any]

    @property
    def Settings(self) -> type[DatabaseSettings]:
        """Where the database is."""

    @property
    def TIME(self) -> TypeEngine[Any]:
        """The type of a time in UTC, to the microsecond."""

    @property
    def NAME(self) -> TypeEngine[str]:
        """The type of a username, which is compared and sorted exactly."""

    @property
    def USER_ID(self) -> TypeEngine[str]:
        """The type of a user's id, and of every column that refers to it."""

    def exactly(self, name: ColumnElement[str], value: str) -> ColumnElement[bool]:
        """Return the condition that a name is a value, to the letter."""

    def place(self, url: URL) -> str:
        """Return where the database is, to follow "The database"."""

    def error_code(self, error: SQLAlchemyError) -> int | str | None:
        """Return what the database calls an error, or None."""

    def reason(self, error: SQLAlchemyError) -> str | None:
        """Return what an error means, to follow the place, or None if that is not known."""

    def may_pass(self, error: SQLAlchemyError) -> bool:
        """Tell whether the same statement may succeed at once, without a new connection."""

    def is_outdated(self, error: SQLAlchemyError) -> bool:
        """Tell whether the same statement may succeed on a new connection."""

    def schema_lock(self, connection: Connection, /) -> AbstractContextManager[None]:
        """Keep other processes from changing the tables.

        Raises:
            StoreUnavailableError: Another one keeps the lock for too long.
        """
