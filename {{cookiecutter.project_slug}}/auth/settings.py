"""Every setting, its default and its environment variable.

A setting's environment variable is its name in capitals: SESSION_HOURS=8.
{% if cookiecutter.store_backend == "mysql" %}
What the environment leaves out of the database's settings may stand in
.streamlit/secrets.toml, under [connections.mysql].
{% endif %}
"""

{% if cookiecutter.store_backend == "mysql" %}
import tomllib
{% endif %}
from functools import cache
from pathlib import Path

{% if cookiecutter.store_backend == "mysql" %}
from pydantic import Field, FilePath, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
{% else %}
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
{% endif %}

PROJECT = Path(__file__).parent.parent
{% if cookiecutter.store_backend == "mysql" %}
SECRETS_FILE = PROJECT / ".streamlit" / "secrets.toml"

# What Streamlit calls them in [connections.mysql].
_NAMES_IN_SECRETS = {
    "host": "db_host",
    "port": "db_port",
    "username": "db_user",
    "password": "db_password",
    "database": "db_name",
    "ssl_ca": "db_ssl_ca",
}
{% endif %}


class SettingsError(Exception):
    """A setting has a value that the app cannot use."""


class Settings(BaseSettings):
    """The values that the app runs with."""

    model_config = SettingsConfigDict(frozen=True)

    session_hours: float = Field(
        default={{ cookiecutter.session_hours | number }},
        gt=0,
        le=8760,
        description="Hours after which a login ends, however busy the user is.",
    )
    session_idle_hours: float | None = Field(
        default=None,
        gt=0,
        le=8760,
        description="Hours without a click after which a login ends; unset means never.",
    )
    cookie_name: str = Field(
        default="{{ cookiecutter.project_slug }}_session",
        pattern=r"^[A-Za-z0-9_-]{1,64}$",
        description="Name of the cookie. Apps on one host need different names.",
    )
{% if cookiecutter.cookie_transport == "http_only" %}
    security_headers: bool = Field(
        default=True,
        description="Whether every answer has security headers; false where a proxy adds them.",
    )
    frame_ancestors: str = Field(
        default="'self'",
        pattern=r"^[ -:<-~]+$",
        description="Who may show the app in a frame, as in Content-Security-Policy.",
    )
{% endif %}
    throttle_failures: int = Field(
        default=5,
        ge=1,
        description="Failed logins that one user name may have from one address "
        "within the time below. Ten times as many count for the name from all "
        "addresses together, and for one address with any names.",
    )
    throttle_minutes: float = Field(
        default=5,
        gt=0,
        description="Minutes after which a failed login is forgotten.",
    )
    users_file: Path = Field(
        default=PROJECT / "seeds" / "users.json",
{% if cookiecutter.store_backend == "mysql" %}
        description="The file of the users that a new database starts with.",
    )
    db_host: str = Field(
        default="localhost",
        description="Name or address of the MySQL server.",
    )
    db_port: int = Field(
        default=3306,
        ge=1,
        le=65535,
        description="Port of the MySQL server.",
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
        description="Name of the database, which has to be there.",
    )
    db_ssl_ca: FilePath | None = Field(
        default=None,
        description="The file of the certificate authority to check the server by. "
        "Set, nothing is sent but through TLS to a server of that name.",
    )
    db_connect_seconds: float = Field(
        default=3,
        gt=0,
        le=60,
        description="Seconds to wait for the server to take a connection, or for one "
        "of the pool to be free.",
    )
    db_answer_seconds: float = Field(
        default=5,
        gt=0,
        le=600,
        description="Seconds to wait for the answer to a query, the app's own included.",
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
        """Ask the environment first, then the file of secrets."""
        return init_settings, env_settings, InitSettingsSource(settings_cls, _read_secrets())
{% else %}
        description="The file of user names and password hashes.",
    )
{% endif %}


@cache
def load_settings() -> Settings:
    """Return the settings, read from the environment at the first call.

    Raises:
        SettingsError: A value is wrong. The message names the variable, the
            rule it breaks and never the value, which may be a secret.
    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"{'_'.join(map(str, problem['loc'])).upper()}: {problem['msg']}"
            for problem in error.errors(include_input=False, include_url=False)
        )
        raise SettingsError(f"A setting has a wrong value. {wrong}.") from None
{% if cookiecutter.store_backend == "mysql" %}


def _read_secrets() -> dict[str, object]:
    """Return the settings in the file of secrets, or none if there is no such file.

    Raises:
        SettingsError: The file cannot be used. The message quotes nothing of it.
    """
    try:
        secrets = tomllib.loads(SECRETS_FILE.read_text(encoding="utf-8"))
        section = secrets.get("connections", {}).get("mysql", {})
        return {_NAMES_IN_SECRETS[key]: section[key] for key in _NAMES_IN_SECRETS & section.keys()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        raise SettingsError(
            f"{SECRETS_FILE} cannot be read as TOML with a table [connections.mysql] "
            f"({type(error).__name__})."
        ) from None
{% endif %}
