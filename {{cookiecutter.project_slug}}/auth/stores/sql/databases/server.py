"""The settings of a database that is a server."""

import time
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal, get_args
from urllib.parse import unquote, urlencode, urlsplit

from pydantic import Field, FilePath, SecretStr, field_validator
from sqlalchemy import URL

from auth.records import StoreUnavailableError
from auth.stores.sql.databases.base import DatabaseSettings
from auth.stores.sql.databases.parameters import parse_parameters, unknown_parameter

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
    # SQLAlchemy's names of the database and the driver.
    DRIVER: ClassVar[str]
    # What an address begins with, the best name first.
    SCHEMES: ClassVar[tuple[str, ...]]
    # Its parameter for the mode of TLS with its values, beside those of DB_SSL_MODE.
    MODE_PARAMETER: ClassVar[str]
    MODES: ClassVar[Mapping[str, TlsMode | None]]
    # Its parameters that are settings too, that can have one value only, and that are the driver's.
    NAMES_IN_URL: ClassVar[Mapping[str, str]]
    FIXED: ClassVar[Mapping[str, str]]
    OF_DRIVER: ClassVar[frozenset[str]]

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
    db_parameters: SecretStr = Field(
        default=SecretStr(""),
        description="What else to tell the driver, as after the ? of an address.",
    )

    @field_validator("db_parameters")
    @classmethod
    def _for_the_driver(cls, parameters: SecretStr) -> SecretStr:
        for name in parse_parameters(parameters.get_secret_value()):
            if name not in cls.OF_DRIVER:
                raise unknown_parameter(name, cls.OF_DRIVER)
        return parameters

    @property
    def parameters(self) -> dict[str, str]:
        """What else to tell the driver."""
        return parse_parameters(self.db_parameters.get_secret_value())

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
            query=self.FIXED,
        )

    @classmethod
    def read_url(cls, url: str) -> dict[str, object]:
        """Return the settings in an address such as SCHEME://USER:PASSWORD@HOST:PORT/NAME.

        The scheme may name a driver as well, and the rest may have parameters.

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
            # They end in the wrong place: what follows may be a part of the password.
            if parts.fragment or "@" in parts.path + parts.query:
                raise ValueError
        except ValueError:
            # Its message quotes a part of the address, and that may be a secret.
            raise ValueError(
                "it cannot be read. Characters such as @ : / ? # % have to be percent-encoded"
            ) from None
        needed = ValueError("it has to name a user, a host and a database")
        if not (settings["db_user"] and settings["db_name"]):
            raise needed
        settings |= cls.read_parameters(parse_parameters(parts.query))
        if not settings["db_host"]:
            raise needed
        return settings

    @classmethod
    def read_parameters(cls, parameters: Mapping[str, object]) -> dict[str, Any]:
        """Return the settings in the parameters of an address. None is left out.

        Raises:
            ValueError: One is not understood.
        """
        settings: dict[str, Any] = {}
        of_driver: dict[str, str] = {}
        of_settings: dict[str, TlsMode | None] = {mode: mode for mode in get_args(TlsMode)}
        modes = of_settings | dict(cls.MODES)
        for name, value in parameters.items():
            known = name.lower().replace("-", "_")
            text = str(value).lower()
            if known == cls.MODE_PARAMETER:
                if text not in modes:
                    best = ", ".join(cls.MODES)
                    raise ValueError(f"its {cls.MODE_PARAMETER} has to be one of {best}")
                settings["db_ssl_mode"] = modes[text]
            elif known in cls.NAMES_IN_URL:
                settings[cls.NAMES_IN_URL[known]] = value
            elif known in cls.FIXED:
                if text.replace("-", "") != cls.FIXED[known]:
                    raise ValueError(f"its {known} has to be {cls.FIXED[known]}")
            elif known in cls.OF_DRIVER:
                of_driver[known] = str(value)
            else:
                those = {cls.MODE_PARAMETER, *cls.NAMES_IN_URL, *cls.FIXED, *cls.OF_DRIVER}
                raise unknown_parameter(name, those)
        return settings | ({"db_parameters": urlencode(of_driver)} if of_driver else {})


def server_of(url: URL) -> str:
    """Return where a server is, to follow "The database"."""
    return f"at {url.host}" if (url.host or "").startswith("/") else f"at {url.host}:{url.port}"


def lock_attempts() -> Iterator[None]:
    """Yield for each attempt to take a lock of the server, which has to be free within half a minute.

    It is asked for again and again: one long wait would not fit into DB_QUERY_SECONDS.

    Raises:
        StoreUnavailableError: Another server keeps the lock for too long.
    """
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        yield
        if time.monotonic() >= deadline:
            raise StoreUnavailableError(
                "The database is busy: another server is changing its tables."
            )
        time.sleep(_LOCK_INTERVAL)


def _decoded(part: str | None) -> str:
    return unquote(part or "", errors="strict")
