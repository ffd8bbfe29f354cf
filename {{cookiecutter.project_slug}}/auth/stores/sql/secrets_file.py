"""Streamlit's secrets file, where an app may keep the address of its database."""

import tomllib

from auth.records import SettingsError
from auth.settings import PROJECT

SECRETS_FILE = PROJECT / ".streamlit" / "secrets.toml"


def read_section(name: str) -> dict[str, object]:
    """Return the table [connections.NAME] of the secrets file; empty if there is none.

    Raises:
        SettingsError: The file cannot be used. The message quotes nothing of it.
    """
    try:
        secrets = tomllib.loads(SECRETS_FILE.read_text(encoding="utf-8"))
        return dict(secrets.get("connections", {}).get(name, {}).items())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        raise SettingsError(
            f"{SECRETS_FILE} cannot be read as TOML with a table [connections.{name}] "
            f"({type(error).__name__})."
        ) from None
