"""What options take: how each kind of value is read from the file, from texts, and shown.

In: what TOML gives, or the text of a variable or flag. Out: the value, or a ValueError that says what would be right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from pgiris.auth.rules import Rule, parse_line, parse_rule

T = TypeVar("T")
N = TypeVar("N", int, float)


@dataclass(frozen=True)
class Kind(Generic[T]):
    """What an option takes. Both readers raise ValueError that says what would be right.

    separator: between the parts of a value that has several; its flag may be repeated. table: its own table in the file.
    """

    right: str  # "an integer from 0 to 65535"
    from_text: Callable[[str], T]
    from_toml: Callable[[Any], T]
    separator: str = ""
    table: bool = False
    show: Callable[[Any], str] = str  # a default, for the documentation


_INT_MAX = 2**31 - 1


def integer(low: int, high: int = _INT_MAX, unit: str = "") -> Kind[int]:
    return _number(f"an integer{unit and ' of ' + unit} {_range(low, high)}", low, high, int, (int,))


def seconds(low: float = 0) -> Kind[float]:
    """Up to a day."""
    return _number(f"a number of seconds {_range(low, 86400)}", low, 86400, float, (int, float))


def _range(low: float, high: float) -> str:
    return f"not below {low}" if high == _INT_MAX else f"from {low} to {high}"


def _number(right: str, low: float, high: float, make: Callable[[Any], N], types: tuple[type, ...]) -> Kind[N]:
    def from_toml(value: Any) -> N:
        if type(value) not in types or not low <= value <= high:
            raise ValueError(f"{_quoted(value)} is not {right}")
        return make(value)

    def from_text(text: str) -> N:
        try:
            return from_toml(make(text))
        except ValueError:
            raise ValueError(f'"{text}" is not {right}') from None

    return Kind(right, from_text, from_toml, show=lambda value: f"{value:g}" if make is float else str(value))


_SIZE = re.compile(r"(\d+)\s*(B|kB|MB|GB)?")
_SIZE_UNITS = {"B": 1, "kB": 2**10, "MB": 2**20, "GB": 2**30}


def size(low: int, high: int) -> Kind[int]:
    """Bytes, as a number or in PostgreSQL's units: ``64kB``. PostgreSQL: config-setting#CONFIG-SETTING-NAMES-VALUES"""
    right = f"a size from {show_size(low)} to {show_size(high)}, in bytes or with a unit of B, kB, MB, GB"

    def read(value: Any) -> int:
        match = _SIZE.fullmatch(str(value).strip())
        number = int(match[1]) * _SIZE_UNITS[match[2] or "B"] if match else -1
        if not low <= number <= high:
            raise ValueError(f'"{value}" is not {right}')
        return number

    return Kind(right, read, read, show=show_size)


def show_size(value: int) -> str:
    for unit, factor in reversed(_SIZE_UNITS.items()):
        if value and value % factor == 0:
            return f"{value // factor}{unit}"
    return str(value)


def choice(*words: str) -> Kind[str]:
    right = f"one of {', '.join(words)}" if len(words) > 1 else words[0]

    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(f"{_quoted(value)} is not {right}{meant(str(value), words)}")
        return str(value)

    return Kind(right, read, read)


_TRUTH = {"true": True, "on": True, "yes": True, "1": True, "false": False, "off": False, "no": False, "0": False}


def _boolean_text(text: str) -> bool:
    if text.lower() not in _TRUTH:
        raise ValueError(f'"{text}" is not true or false')
    return _TRUTH[text.lower()]


def _typed(type_: type[T], right: str) -> Callable[[Any], T]:
    def check(value: Any) -> T:
        if not isinstance(value, type_):
            raise ValueError(f"{_quoted(value)} is not {right}")
        return value

    return check


BOOLEAN = Kind("true or false", _boolean_text, _typed(bool, "true or false"), show=lambda value: str(value).lower())


def _path(value: Any) -> Path:
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError(f"{_quoted(value)} is not a path")
    return Path(value).expanduser()


PATH = Kind("a path", _path, _path)


_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?")


def _host(value: Any) -> str:
    if isinstance(value, str):
        if value == "*" or _HOST.fullmatch(value):
            return value
        try:
            return str(ip_address(value.strip("[]")))
        except ValueError:
            pass
    raise ValueError(f"{_quoted(value)} is not an address, a host name or *")


def _server(value: Any) -> str:
    host, colon, port = str(value).rpartition(":")
    if not isinstance(value, str) or not colon or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"{_quoted(value)} is not an address with a port, as in localhost:1972")
    return f"{_host(host)}:{port}" if ":" not in _host(host) else f"[{_host(host)}]:{port}"


def _servers(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list) or not value:
        raise ValueError(f"{_quoted(value)} is not a list of addresses")
    return tuple(map(_server, value))


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(f"{_quoted(value)} is not a string")
    return value


def _hosts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list):
        raise ValueError(f"{_quoted(value)} is not a list of addresses")
    return tuple(_host(part) for part in value)


HOST = Kind("an address or a host name", _host, _host)
HOSTS = Kind("addresses or host names, * for all", _hosts, _hosts, separator=",", show=lambda value: ", ".join(value))


SERVERS = Kind("addresses with ports", _servers, _servers, separator=",", show=lambda value: ", ".join(value))
TEXT = Kind("a string", _text, _text, show=lambda value: value or "none")


def _version(value: Any) -> tuple[int, int]:
    match = re.fullmatch(r"(20\d\d)\.(\d)", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'{_quoted(value)} is not a version of IRIS as in "2026.1"')
    return int(match[1]), int(match[2])


VERSION = Kind("a version of IRIS as in 2026.1", _version, _version, show=lambda value: f"{value[0]}.{value[1]}")


def pairs(right: str) -> Kind[Mapping[str, str]]:
    """Names and values: a table in the file, ``name=value; name=value`` elsewhere."""

    def from_toml(value: Any) -> Mapping[str, str]:
        if not isinstance(value, dict):
            raise ValueError(f"{_quoted(value)} is not a table of {right}")
        for key, item in value.items():
            if isinstance(item, bool) or not isinstance(item, str | int | float):
                raise ValueError(f'the value of "{key}" is not a string or a number')
        return MappingProxyType({key: str(item) for key, item in value.items()})

    def from_text(text: str) -> Mapping[str, str]:
        found = {}
        for part in filter(None, (part.strip() for part in text.split(";"))):
            name, equals, value = part.partition("=")
            if not equals or not name.strip():
                raise ValueError(f'"{part}" is not {right}, as in name=value')
            found[name.strip()] = value.strip()
        return MappingProxyType(found)

    def show(value: Mapping[str, str]) -> str:
        return "; ".join(f"{key}={item}" for key, item in value.items()) or "none"

    return Kind(right, from_text, from_toml, separator=";", table=True, show=show)


def _rules_text(text: str) -> tuple[Rule, ...]:
    return tuple(parse_line(line) for line in re.split(r"[;\n]", text) if line.strip())


def _rules_toml(value: Any) -> tuple[Rule, ...]:
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise ValueError("rules are written as [[auth]] tables")
    rules = []
    for number, table in enumerate(value, 1):
        try:
            rules.append(parse_rule(table))
        except ValueError as error:
            raise ValueError(f"rule {number}: {error}") from None
    return tuple(rules)


RULES = Kind(
    "rules as in pg_hba.conf, separated by ;",
    _rules_text,
    _rules_toml,
    separator=";",
    table=True,
    show=lambda value: "; ".join(map(str, value)),
)


def _quoted(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else repr(value)


def meant(word: str, words: Sequence[str]) -> str:
    close = get_close_matches(word, words, n=1) if word.isidentifier() else []
    return f'; did you mean "{close[0]}"?' if close else ""
