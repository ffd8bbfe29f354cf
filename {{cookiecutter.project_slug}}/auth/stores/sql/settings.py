"""The settings of the database.

What the environment leaves out may stand in .streamlit/secrets.toml, under
[connections.{{ cookiecutter.store_backend }}], as Streamlit's own connections have it.
"""

import tomllib
from functools import cache

from pydantic import Field, FilePath, SecretStr
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from auth.settings import PROJECT, SettingsError, checked

SECRETS_FILE = PROJECT / ".streamlit" / "secrets.toml"

_SECTION = "{{ cookiecutter.store_backend }}"
# What Streamlit calls them there.
_NAMES_IN_SECRETS = {
    "host": "db_host",
    "port": "db_port",
    "username": "db_user",
    "password": "db_password",
    "database": "db_name",
    "ssl_ca": "db_ssl_ca",
}


class DatabaseSettings(BaseSettings):
    """Where the database is, and how long to wait for it."""

    model_config = SettingsConfigDict(frozen=True)

    db_host: str = Field(
        default="localhost",
        description="Name or address of the database server.",
    )
    db_port: int = Field(
        default={{ {"mysql": 3306}.get(cookiecutter.store_backend) }},
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
    db_connect_seconds: float = Field(
        default=3,
        gt=0,
        le=60,
        description="Seconds to wait for the server to take a connection, or for one "
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

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Ask the environment first, then the secrets file."""
        return init_settings, env_settings, InitSettingsSource(settings_cls, _read_secrets())


@cache
def load_database_settings() -> DatabaseSettings:
    """Return the settings, read from the environment and the secrets file at the first call.

    Raises:
        SettingsError: A value is wrong, or the secrets file cannot be used.
    """
    return checked(DatabaseSettings)


def _read_secrets() -> dict[str, object]:
    """Return the settings in the secrets file, or none if there is no such file.

    Raises:
        SettingsError: The file cannot be used. The message quotes nothing of it.
    """
    try:
        secrets = tomllib.loads(SECRETS_FILE.read_text(encoding="utf-8"))
        section = secrets.get("connections", {}).get(_SECTION, {})
        return {_NAMES_IN_SECRETS[key]: section[key] for key in _NAMES_IN_SECRETS & section.keys()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        raise SettingsError(
            f"{SECRETS_FILE} cannot be read as TOML with a table [connections.{_SECTION}] "
            f"({type(error).__name__})."
        ) from None
