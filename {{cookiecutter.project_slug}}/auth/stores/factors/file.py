"""The file of second factors: {"factors": [FACTOR], "recovery_codes": {USER ID: [HASH]}}."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from auth.records import StoreUnavailableError
from auth.stores.factors.interface import Factor

NAME: Final = "second_factors.json"  # beside the users file
_TIMES: Final = ("added_at", "last_used_at")


@dataclass
class Kept:
    """What is in the file: factors by their id, and the hashes of recovery codes by their owner."""

    factors: dict[str, Factor] = field(default_factory=dict)
    codes: dict[str, list[str]] = field(default_factory=dict)


def read_factors(file: Path) -> Kept:
    """Return what is in a file.

    Raises:
        FileNotFoundError: There is no such file.
        StoreUnavailableError: It cannot be read, or does not have the expected form.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        factors = [_parse(record) for record in content["factors"]]
        codes = {owner: list(hashes) for owner, hashes in content["recovery_codes"].items()}
        return Kept({factor.factor_id: factor for factor in factors}, codes)
    except FileNotFoundError:
        raise
    except (AttributeError, KeyError, OSError, TypeError, ValueError) as error:
        raise StoreUnavailableError(
            f"The file of second factors {file} cannot be read ({type(error).__name__})."
        ) from None


def write_factors(kept: Kept) -> str:
    """Return the text of a file."""
    factors = [asdict(factor) for factor in kept.factors.values()]
    content = {"factors": factors, "recovery_codes": kept.codes}
    return json.dumps(content, indent=2, default=datetime.isoformat) + "\n"


def _parse(record: dict[str, Any]) -> Factor:
    times = {name: record[name] and datetime.fromisoformat(record[name]) for name in _TIMES}
    return Factor(**record | times)
