"""The settings of a database that is a server."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Literal, get_args
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import Field, FilePath, SecretStr
from sqlalchemy import URL, Connection, TextClause

from auth.records import StoreUnavailableError
from auth.stores.sql.databases.base import DatabaseSettings

_LOCK_SECONDS = 30
_LOCK_INTERVAL = 0.1

TlsMode = Literal["disable", "require", "verify-ca", "verify-full"]


class ServerSettings(DatabaseSettings):
    """Where the database server is, and who the app is there."""

    NAMES_IN_SECRETS: ClassVar = {
        "host": "db_host",
        "port": "db_port",
        "username": "db_user",
        "password": "db_password",
        "database": "db_name",
        "ssl_ca": "db_ssl_ca",
    }
    # SQLAlchemy's names of the database and the driver, and what else stands in its address.
    DRIVER: ClassVar[str]
    QUERY: ClassVar[Mapping[str, str]] = {}
    # What an address begins with, the best name first.
    SCHEMES: ClassVar[tuple[str, ...]]
    # Its parameters for TLS: the file of the authority, and the mode with its values, beside
    # those of DB_SSL_MODE.
    CA_PARAMETER: ClassVar[str]
    MODE_PARAMETER: ClassVar[str]
    MODES: ClassVar[Mapping[str, TlsMode | None]]

    db_host: str = Field(
        default="localhost",
        min_length=1,
        description="Name or address of the database server.",
    )
    db_port: int = Field(
        ge=1,
        le=65535,
        description="Port of the database server.",
    )
    db_user: str = Field(
        default="app",
        description="Name of the database user.",
    )
    db_password: SecretStr = Field(
        default=SecretStr(""),
        description="Password of the database user.",
    )
    db_name: str = Field(
        default="{{ cookiecutter.project_slug }}",
        min_length=1,
        description="Name of the database, which has to exist.",
    )
    db_ssl_ca: FilePath | None = Field(
        default=None,
        description="The file of the certificate authority to check the server by. "
        "Set, nothing is sent except through TLS to a server of that name.",
    )
    db_ssl_mode: TlsMode | None = Field(
        default=None,
        description="How far to trust the server: require only encrypts, verify-ca checks its "
        "certificate, verify-full its name as well. Unset means verify-full with DB_SSL_CA.",
    )

    @property
    def tls_mode(self) -> TlsMode | None:
        """The mode of TLS, or None if it is left to the driver."""
        return self.db_ssl_mode or ("verify-full" if self.db_ssl_ca else None)

    def url(self) -> URL:
        """Return the address of the database, with the driver to use."""
        return URL.create(
            self.DRIVER,
            username=self.db_user,
            password=self.db_password.get_secret_value(),
            host=self.db_host,
            port=self.db_port,
            database=self.db_name,
            query=self.QUERY,
        )

    @classmethod
    def read_url(cls, url: str) -> dict[str, object]:
        """Return the settings in an address such as SCHEME://USER:PASSWORD@HOST:PORT/NAME.

        The scheme may name a driver as well, and the rest may have parameters for TLS.
        Any other parameter is ignored.

        Raises:
            ValueError: It is not such an address.
        """
        scheme = url.partition(":")[0].partition("+")[0].lower()
        if scheme not in cls.SCHEMES:
            raise ValueError(f"it has to begin with {cls.SCHEMES[0]}://")
        try:
            parts = urlsplit(url)
            settings: dict[str, object] = {
                "db_host": parts.hostname or "",
                "db_port": parts.port or cls.model_fields["db_port"].default,
                "db_user": _decoded(parts.username),
                "db_password": _decoded(parts.password),
                "db_name": _decoded(parts.path.removeprefix("/")),
            }
        except ValueError:
            # Its message quotes a part of the address, and that may be a secret.
            raise ValueError(
                "it cannot be read. Characters such as @ : / ? # % have to be percent-encoded "
                "in the user and in the password"
            ) from None
        if not (settings["db_host"] and settings["db_user"] and settings["db_name"]):
            raise ValueError("it has to name a user, a host and a database")
        return settings | cls._read_tls(dict(parse_qsl(parts.query, keep_blank_values=True)))

    @classmethod
    def read_secrets(cls, section: Mapping[str, object]) -> dict[str, Any]:
        """Return the settings in the table of the secrets file, besides its address.

        The parameters of an address stand there too, or in a table `query`, as Streamlit has them.

        Raises:
            ValueError: It has a parameter for TLS that is not understood.
        """
        query = section.get("query")
        parameters = (query if isinstance(query, dict) else {}) | {
            key: value for key, value in section.items() if key not in cls.NAMES_IN_SECRETS
        }
        return cls._read_tls(parameters) | super().read_secrets(section)

    @classmethod
    def _read_tls(cls, parameters: Mapping[str, object]) -> dict[str, Any]:
        """Return the settings for TLS. What is not understood is refused, never left out."""
        settings: dict[str, Any] = {}
        of_settings: dict[str, TlsMode | None] = {mode: mode for mode in get_args(TlsMode)}
        modes = of_settings | dict(cls.MODES)
        for name, value in parameters.items():
            known = name.lower().replace("-", "_")
            if known == cls.CA_PARAMETER:
                settings["db_ssl_ca"] = value
            elif known == cls.MODE_PARAMETER:
                mode = str(value).lower()
                if mode not in modes:
                    best = ", ".join(cls.MODES)
                    raise ValueError(f"its {cls.MODE_PARAMETER} has to be one of {best}")
                settings["db_ssl_mode"] = modes[mode]
            elif known.startswith(("ssl", "tls")):
                raise ValueError(
                    f"of the parameters for TLS this app knows only {cls.CA_PARAMETER} "
                    f"and {cls.MODE_PARAMETER}"
                )
        return settings


def server_of(url: URL) -> str:
    """Return where a server is, to follow "The database"."""
    return f"at {url.host}:{url.port}"


@contextmanager
def polled_lock(connection: Connection, take: TextClause, release: TextClause) -> Iterator[None]:
    """Keep a lock of the server, which has to be free within half a minute.

    It is asked for again and again: one long wait would not fit into DB_QUERY_SECONDS.

    Args:
        connection: Whose lock it is; a connection that is lost gives it back.
        take: Takes the lock if it is free, and returns whether it was.
        release: Gives it back.

    Raises:
        StoreUnavailableError: Another server keeps the lock for too long.
    """
    deadline = time.monotonic() + _LOCK_SECONDS
    while not connection.execute(take).scalar():
        if time.monotonic() >= deadline:
            raise StoreUnavailableError(
                "The database is busy: another server is changing its tables."
            )
        time.sleep(_LOCK_INTERVAL)
    try:
        yield
    finally:
        if not connection.invalidated:
            connection.execute(release)


def _decoded(part: str | None) -> str:
    return unquote(part or "", errors="strict")
