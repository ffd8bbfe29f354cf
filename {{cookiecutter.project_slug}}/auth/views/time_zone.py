"""The visitor's time zone, as far as the browser says it."""

from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import streamlit as st


def current() -> tzinfo:
    """Return the visitor's time zone: UTC if the browser names none that there is.

    A machine that does not know the zone has the browser's distance from UTC, as it is today.
    """
    try:
        return ZoneInfo(st.context.timezone or "")
    except (LookupError, ValueError, OSError):
        pass
    try:
        return timezone(timedelta(minutes=-(st.context.timezone_offset or 0)))
    except (OverflowError, ValueError):
        return UTC
