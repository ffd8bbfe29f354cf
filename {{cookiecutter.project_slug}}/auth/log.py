"""The log of auth events: one line each, UTC, key=value."""

import json
import logging
import re
import sys
import time

_logger = logging.getLogger("auth")


def log_event(event: str, *, level: int = logging.INFO, **details: object) -> None:
    """Write one line.

    Args:
        event: What happened, in a few words.
        level: How grave it is, as in the logging module.
        details: What else to say. None is left out. Never a password, a token or
            a hash of either; a session is named by `session_label`.
    """
    if not _logger.handlers:
        _add_handler()
    fields = {"event": event, **details}
    _logger.log(
        level,
        " ".join(f"{key}={_quote(value)}" for key, value in fields.items() if value is not None),
    )


def session_label(token_hash: str) -> str:
    """Return the name of a session in the log: enough to tell it, too little to use."""
    return token_hash[:8]


def _quote(value: object) -> str:
    """Return a value that cannot be taken for two, nor start a line of its own."""
    text = str(value)
    return text if re.fullmatch(r"[\w.@:/+-]+", text, re.ASCII) else json.dumps(text)


def _add_handler() -> None:
    """Write to standard error at INFO, beside whatever else the process logs."""
    formatter = logging.Formatter(
        "time=%(asctime)sZ level=%(levelname)s logger=%(name)s %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S",
    )
    formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    _logger.addHandler(handler)
    _logger.setLevel(logging.INFO)
