"""What a setting can be: its type, its limits, its default, and what it says of itself.

It is only what the settings of this app need: a library that does it for everybody takes longer
to import than all the rest of the login.
"""

import math
import os
import re
from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import NoneType
from typing import Any, ClassVar, Final, Literal, NewType, get_args, get_origin

from auth.records import SettingsError

FilePath = NewType("FilePath", Path)  # of a file that exists


class SecretStr:
    """A text that is not shown where the settings are."""

    def __init__(self, value: str) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretStr) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return f"SecretStr({str(self)!r})"

    def __str__(self) -> str:
        return "**********" if self._value else ""

    def get_secret_value(self) -> str:
        """Return the text."""
        return self._value


@dataclass(frozen=True)
class FieldInfo:
    """A setting. What its options mean stands at `Field`."""

    default: Any
    description: str
    gt: float | None
    ge: float | None
    le: float | None
    min_length: int
    pattern: str
    annotation: Any = None

    def read(self, value: object) -> Any:
        """Return a value as its type.

        Raises:
            ValueError: It is none. The message does not repeat it: it may be a secret.
        """
        kinds = [kind for kind in _parts(self.annotation) if kind is not NoneType]
        if value is None and len(kinds) < len(_parts(self.annotation)):
            return None
        (kind,) = kinds
        if get_origin(kind) is Literal:
            if value not in get_args(kind):
                raise ValueError(f"it has to be one of {', '.join(get_args(kind))}")
            return value
        found = _READERS[kind](value)
        if self.gt is not None and found <= self.gt:
            raise ValueError(f"it has to be more than {self.gt}")
        if self.ge is not None and found < self.ge:
            raise ValueError(f"it has to be {self.ge} or more")
        if self.le is not None and found > self.le:
            raise ValueError(f"it has to be {self.le} or less")
        if self.min_length and len(found) < self.min_length:
            raise ValueError("it must not be empty")
        if self.pattern and not re.fullmatch(self.pattern, found):
            raise ValueError(f"it has to match {self.pattern}")
        return found


def Field(
    *,
    default: Any = None,
    description: str,
    gt: float | None = None,
    ge: float | None = None,
    le: float | None = None,
    min_length: int = 0,
    pattern: str = "",
) -> Any:
    """Describe a setting.

    Args:
        default: The value that it has if nothing gives it another.
        description: What it is, in a sentence.
        gt: What it has to be more than.
        ge: What it is at least.
        le: What it is at most.
        min_length: How many characters it has at least.
        pattern: What all of it has to match.
    """
    return FieldInfo(default, description, gt, ge, le, min_length, pattern)


class BaseSettings:
    """Settings: a field for each, which an environment variable of its name in capitals sets.

    Raises:
        SettingsError: Values are wrong. The message names each variable and the rule that it
            breaks, and never a value, which may be a secret.
    """

    model_fields: ClassVar[dict[str, FieldInfo]] = {}

    def __init_subclass__(cls) -> None:
        own = {
            name: replace(field, annotation=cls.__annotations__[name])
            for name, field in vars(cls).items()
            if isinstance(field, FieldInfo)
        }
        cls.model_fields = cls.model_fields | own

    def __init__(self, **given: object) -> None:
        values = ChainMap(dict(given), *map(dict, self.sources()))
        problems = []
        for name, field in self.model_fields.items():
            self.__dict__[name] = field.default
            try:
                if name in values:
                    self.__dict__[name] = self.refine(name, field.read(values[name]))
            except ValueError as error:
                problems.append(f"{name.upper()}: {error}")
        if problems:
            raise SettingsError(f"A setting has a wrong value. {'; '.join(problems)}.")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("settings do not change")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.__dict__ == self.__dict__

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.__dict__})"

    @classmethod
    def sources(cls) -> list[Mapping[str, object]]:
        """Return values by the names of their settings; what is named twice counts where it is first."""
        names = {name: name.upper() for name in cls.model_fields}
        return [{name: os.environ[key] for name, key in names.items() if key in os.environ}]

    @classmethod
    def refine(cls, name: str, value: Any) -> Any:
        """Return the value of a setting as the app uses it.

        Raises:
            ValueError: It cannot be used. The message does not repeat it.
        """
        return value


def _parts(annotation: Any) -> tuple[Any, ...]:
    """Return the types of a union, or the only one."""
    is_union = NoneType in get_args(annotation)
    return get_args(annotation) if is_union else (annotation,)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("it has to be text")
    return value


def _number(kind: type[int] | type[float], words: str) -> Callable[[object], float]:
    def read(value: object) -> float:
        try:
            number = kind(value) if isinstance(value, str | int) else float("nan")
            if not math.isfinite(number):
                raise ValueError
        except (OverflowError, ValueError):
            raise ValueError(f"it has to be {words}") from None
        return number

    return read


def _switch(value: object) -> bool:
    word = str(value).lower()
    if word not in _SWITCHES:
        raise ValueError("it has to be true or false")
    return _SWITCHES[word]


def _file(value: object) -> Path:
    path = _path(value)
    if not path.is_file():
        raise ValueError("there is no such file")
    return path


def _path(value: object) -> Path:
    return value if isinstance(value, Path) else Path(_text(value))


_SWITCHES: Final = {
    **dict.fromkeys(("true", "1", "yes", "y", "on", "t"), True),
    **dict.fromkeys(("false", "0", "no", "n", "off", "f"), False),
}
_READERS: Final[Mapping[Any, Callable[[Any], Any]]] = {
    str: _text,
    int: _number(int, "a whole number"),
    float: _number(float, "a number"),
    bool: _switch,
    Path: _path,
    FilePath: _file,
    SecretStr: lambda value: value if isinstance(value, SecretStr) else SecretStr(_text(value)),
}
