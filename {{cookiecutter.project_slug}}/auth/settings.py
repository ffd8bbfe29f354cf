"""Every setting of the login, its default and its environment variable.

A setting's environment variable is its name in capitals: SESSION_HOURS=8.
"""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, {% if "second_factor" in cookiecutter.accounts %}SecretStr, {% endif %}ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from auth.records import SettingsError

PROJECT = Path(__file__).parent.parent

_Header = Annotated[str, Field(pattern=r"^[ -~]*$")]  # the value of one; none if it is empty

_Settings = TypeVar("_Settings", bound=BaseSettings)


class Settings(BaseSettings):
    """The values that the app runs with."""

    model_config = SettingsConfigDict(frozen=True, allow_inf_nan=False)

    app_env: Literal["development", "production"] = Field(
        default="development",
        description="What the app is run for: in production demo users cannot log in.",
    )
    app_name: str = Field(
        default={{ cookiecutter.project_name | python }},
        min_length=1,
        description="Name of the app, over the login form and in the browser's tab.",
    )
    app_description: str = Field(
        default={{ cookiecutter.description | python }},
        description="What the app is, in one line, on the login form and in the About dialog.",
    )
    app_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s/?#@\"'<>\\]+(/[^\s?#\"'<>\\]*)?)?$",
        description="Address at which people open the app, such as https://app.example.com: links "
        "for them begin with it.",
    )
    forgot_password: str = Field(
        default="",
        description="Line under the login form for people who cannot log in, in Markdown; empty for the text.",
    )
    session_hours: float = Field(
        default={{ cookiecutter.session_hours | number }},
        gt=0,
        le=8760,
        description="Hours after which a login ends, however busy the user is.",
    )
    session_idle_hours: float = Field(
        default=12,
        ge=0,
        le=8760,
        description="Hours without a click after which a login ends; 0 means never.",
    )
    sessions_per_user: int = Field(
        default=20,
        ge=1,
        le=1000,
        description="Logins that a user may have at one time; a new one ends the oldest.",
    )
    recent_login_minutes: float = Field(
        default=10,
        gt=0,
        le=525_600,
        description="Minutes after a login in which it is not asked for the password again.",
    )
    password_words: str = Field(
        default={{ cookiecutter.pages | pages | map(attribute="title") | join(", ") | python }},
        description="What no password may be, separated by commas, such as the titles of pages; "
        "the app's name is one without being here.",
    )
    cookie_name: str = Field(
        default="{{ cookiecutter.project_slug }}_session",
        pattern=r"^[A-Za-z0-9_-]{1,64}$",
        description="Name of the cookie. Apps on one host need different names.",
    )
    security_headers: bool = Field(
        default=True,
        description="Whether responses have the security headers below; false if a proxy adds them.",
    )
    frame_ancestors: str = Field(
        default="'self'",
        pattern=r"^[ -:<-~]*$",
        description="Who may show the app in a frame, as in Content-Security-Policy.",
    )
    content_security_policy: _Header = Field(
        default="",
        description="More directives of that header, such as object-src 'none' if no page embeds PDF files.",
    )
    referrer_policy: _Header = Field(
        default="strict-origin-when-cross-origin",
        description="What other sites learn of the page that links to them or embeds them.",
    )
    cross_origin_opener_policy: _Header = Field(
        default="same-origin-allow-popups",
        description="Whether a page that opens the app in a window can reach into it.",
    )
    x_content_type_options: _Header = Field(
        default="nosniff", description="Whether browsers may guess what a response is."
    )
    strict_transport_security: _Header = Field(
        default="max-age=31536000; includeSubDomains",
        description="For how long browsers use HTTPS only; sent over HTTPS.",
    )
    throttle_failures: int = Field(
        default=5,
        ge=1,
        le=1_000_000,
        description="Failed logins that one username may have from one address within the "
        "time below. Ten times as many count for the name from all addresses together, "
        "and for one address with any names.",
    )
    throttle_minutes: float = Field(
        default=5,
        gt=0,
        le=525_600,
        description="Minutes after which a failed login is forgotten.",
    )
    audit_days: float = Field(
        default=180,
        gt=0,
        le=36500,
        description="Days after which the audit forgets what happened to whom.",
    )
{% if "second_factor" in cookiecutter.accounts %}
    secret_keys: SecretStr = Field(
        default=SecretStr(""),
        description="Keys that encrypt what is kept of second factors, separated by commas. The "
        "first encrypts, all decrypt. In development one is made and kept in .secret_keys.",
    )
    second_factor_required: str = Field(
        default="",
        pattern=r"^(\*|( *[a-z][a-z0-9_-]{0,31} *(,|$))*)$",
        description="Roles whose users need a second factor, separated by commas; * for everybody.",
    )
    totp_tolerance: int = Field(
        default=0,
        ge=0,
        le=10,
        description="Steps of 30 seconds that a code of an authenticator app may be early or late.",
    )
{% if cookiecutter.cookie_transport == "http_only" %}
    remember_browser_days: float = Field(
        default=0,
        ge=0,
        le=365,
        description="Days in which a browser is not asked for the second factor again; 0 means never.",
    )
{% endif %}
{% endif %}
    users_file: Path = Field(
        default=PROJECT / "seeds" / "users.json",
        description="The users file, which has the first users in it.",
    )

    @field_validator("users_file")
    @classmethod
    def _from_the_project(cls, file: Path) -> Path:
        """Take a relative path from the project's folder, wherever the app is started."""
        return PROJECT / file


@cache
def load_settings() -> Settings:
    """Return the settings, read from the environment at the first call.

    Raises:
        SettingsError: A value is wrong.
    """
    return checked(Settings)


def checked(kind: type[_Settings]) -> _Settings:
    """Return settings of a kind, read and checked.

    Raises:
        SettingsError: A value is wrong. The message names the variable, the
            rule it breaks and never the value, which may be a secret.
    """
    try:
        return kind()
    except ValidationError as error:
        wrong = "; ".join(
            f"{'_'.join(map(str, problem['loc'])).upper()}: {problem['msg']}"
            for problem in error.errors(include_input=False, include_url=False)
        )
        raise SettingsError(f"A setting has a wrong value. {wrong}.") from None
