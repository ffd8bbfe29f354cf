"""The gate in front of the pages: who may see one, and the login in between."""

from auth.gate.admission import (
    admit,
    current_user,
    login_required,
    require_recent_login,
    role_required,
)
from auth.gate.recent import recent_login_required

__all__ = [
    "admit",
    "current_user",
    "login_required",
    "recent_login_required",
    "require_recent_login",
    "role_required",
]
