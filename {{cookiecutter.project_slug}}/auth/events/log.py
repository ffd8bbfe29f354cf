"""The log: one line an event, on standard error, however the process logs otherwise."""

import json
import logging
import re
import sys
import time
from threading import Lock

from auth.events.kinds import Event
from auth.events.printable import printable

_logger = logging.getLogger("auth")
_lock = Lock()


def write(event: Event, details: dict[str, object]) -> None:
    """Write the line of an event: `key=value`, without what is not known."""
    with _lock:
        _prepare()
    fields = {"event": event.text, **details}
    _logger.log(
        event.level,
        " ".join(f"{key}={_quote(value)}" for key, value in fields.items() if value is not None),
    )


def _prepare() -> None:
    """Have each line written once, whatever was done to logging since the last one.

    The handlers of the root logger would write it again. `logging.config` switches off what it
    does not know. Where the logger `auth` has a handler of the owner's, that one writes.
    """
    _logger.propagate = _logger.disabled = False
    if not _logger.level:
        _logger.setLevel(logging.INFO)
    own = [handler for handler in _logger.handlers if isinstance(handler, _Handler)]
    if not _logger.handlers:
        _logger.addHandler(_Handler())
    elif len(own) < len(_logger.handlers):
        for handler in own:
            _logger.removeHandler(handler)


class _Handler(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to standard error, in UTC."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        formatter = logging.Formatter(
            "time=%(asctime)sZ level=%(levelname)s logger=%(name)s %(message)s",
            datefmt="%Y-%m-%dT%H:%M:%S",
        )
        formatter.converter = time.gmtime
        self.setFormatter(formatter)


def _quote(value: object) -> str:
    """Return a value that cannot be taken for two, nor start a line of its own."""
    text = str(value)
    if re.fullmatch(r"[\w.@:/+-]+", text, re.ASCII):
        return text
    return printable(json.dumps(text))
