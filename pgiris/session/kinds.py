"""Kinds: which values a setting takes, how they are read and shown.

In: the text of SET, a startup packet or set_config(). Out: a value (bool, int, float or str), or PgError 22023 in its words.
Numbers are kept in the unit of the setting, as pg_settings shows them.
PostgreSQL: config-setting#CONFIG-SETTING-NAMES-VALUES
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from zoneinfo import ZoneInfo

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.sql.scanner import fold, truncate
from pgiris.types.encoding import find_encoding
from pgiris.types.zones import find_zone

Value = bool | int | float | str

# Unit of a setting -> (unit a client may write, its size in the setting's unit), largest first.
# PostgreSQL: memory_unit_conversion_table and time_unit_conversion_table in src/backend/utils/misc/guc.c
_BYTES = {"TB": 1024**4, "GB": 1024**3, "MB": 1024**2, "kB": 1024, "B": 1}
_MICROSECONDS = {"d": 86_400_000_000, "h": 3_600_000_000, "min": 60_000_000, "s": 1_000_000, "ms": 1000, "us": 1}
_BASES = {
    "B": 1,
    "kB": 1024,
    "MB": 1024**2,
    "8kB": 8192,
    "16MB": 16 * 1024**2,
    "us": 1,
    "ms": 1000,
    "s": 1_000_000,
    "min": 60_000_000,
}
_MEMORY_HINT = 'Valid units for this parameter are "B", "kB", "MB", "GB", and "TB".'
_TIME_HINT = 'Valid units for this parameter are "us", "ms", "s", "min", "h", and "d".'
_INT_MAX = 2**31 - 1

_SPACE = " \t\n\r\f\v"
_INTEGER = re.compile(r"[ \t\n\r\f\v]*([+-]?)(0[xX][0-9A-Fa-f]+|0[0-7]*|[1-9][0-9]*)")
_REAL = re.compile(r"[ \t\n\r\f\v]*[+-]?(?:0[xX][0-9A-Fa-f]+|[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_UNIT = re.compile(r"[ \t\n\r\f\v]*([^ \t\n\r\f\v]*)[ \t\n\r\f\v]*")


class Kind(Protocol):
    """vartype: as pg_settings names it."""

    vartype: str

    def parse(self, name: str, text: str, current: Value) -> Value:
        """The value that text means, by the side of the current one, which only DateStyle looks at. Raises 22023."""
        ...

    def show(self, value: Value) -> str:
        """As SHOW does, with units."""
        ...

    def raw(self, value: Value) -> str:
        """As pg_settings does, without."""
        ...


def invalid(name: str, text: str, hint: str | None = None, detail: str | None = None) -> PgError:
    return PgError(sqlstate.INVALID_PARAMETER_VALUE, f'invalid value for parameter "{name}": "{text}"', hint=hint, detail=detail)


def parse_bool(text: str) -> bool | None:
    """Any unambiguous beginning of true, false, yes, no, on and off, as well as 1 and 0. PostgreSQL: datatype-boolean"""
    word = text.lower()
    if word == "1" or (word and ("true".startswith(word) or "yes".startswith(word) or word == "on")):
        return True
    if word == "0" or (word and ("false".startswith(word) or "no".startswith(word) or word in ("of", "off"))):
        return False
    return None


@dataclass(frozen=True)
class Bool:
    vartype = "bool"

    def parse(self, name: str, text: str, current: Value) -> Value:
        value = parse_bool(text)
        if value is None:
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'parameter "{name}" requires a Boolean value')
        return value

    def show(self, value: Value) -> str:
        return "on" if value else "off"

    raw = show


def _units(unit: str) -> dict[str, float]:
    if not unit:
        return {}
    table = _MICROSECONDS if unit in ("us", "ms", "s", "min") else _BYTES
    return {name: size / _BASES[unit] for name, size in table.items()}


def _number(name: str, text: str, unit: str, whole: bool) -> float:
    """The number that text means, in the setting's unit and not yet rounded to an integer."""
    number, at = _leading_number(text, whole)
    if number is None:
        raise invalid(name, text)
    given = _UNIT.fullmatch(text, at)
    if at == len(text.rstrip(_SPACE)):
        return number
    if not unit:
        raise invalid(name, text)
    size = _units(unit).get(given[1]) if given else None
    if size is None:
        raise invalid(name, text, hint=_TIME_HINT if unit in _MICROSECONDS else _MEMORY_HINT)
    assert given is not None
    return _to_whole_smaller_unit(number, size, unit)


def _leading_number(text: str, whole: bool) -> tuple[float | None, int]:
    match = _INTEGER.match(text) if whole else None
    if match is not None and text[match.end() : match.end() + 1] not in (".", "e", "E"):
        digits = match[2]
        base = 16 if digits[:2] in ("0x", "0X") else 8 if digits[0] == "0" else 10
        return float(int(digits, base) * (-1 if match[1] == "-" else 1)), match.end()
    match = _REAL.match(text)
    if match is None:
        return None, 0
    return (float.fromhex if "x" in match[0].lower() else float)(match[0]), match.end()


def _to_whole_smaller_unit(number: float, size: float, unit: str) -> float:
    """30.1GB is rounded to a multiple of MB."""
    value = number * size
    if not number.is_integer():
        smaller = max((other for other in _units(unit).values() if other < size), default=None)
        if smaller is not None:
            value = round(value / smaller) * smaller
    return value


def _shown_with_unit(value: float, unit: str) -> str:
    for name, size in _units(unit).items():
        amount = value / size
        if (amount >= 1 - 1e-9 and abs(round(amount) / amount - 1) <= 1e-8) or size == min(_units(unit).values()):
            return f"{amount:g}{name}" if isinstance(value, float) else f"{round(amount)}{name}"
    return f"{value:g}"


@dataclass(frozen=True)
class Int:
    """unit: ``ms``, ``kB`` ... or empty."""

    minimum: int
    maximum: int
    unit: str = ""
    vartype = "integer"

    def parse(self, name: str, text: str, current: Value) -> Value:
        number = _number(name, text, self.unit, whole=True)
        if not -_INT_MAX - 1 <= number <= _INT_MAX:
            raise invalid(name, text, hint="Value exceeds integer range.")
        value = round(number)
        if not self.minimum <= value <= self.maximum:
            raise _out_of_range(name, str(value), self.unit, str(self.minimum), str(self.maximum))
        return value

    def show(self, value: Value) -> str:
        assert isinstance(value, int)
        return _shown_with_unit(value, self.unit) if self.unit and value > 0 else str(value)

    def raw(self, value: Value) -> str:
        return str(value)


@dataclass(frozen=True)
class FileMode(Int):
    """Shown in octal."""

    def show(self, value: Value) -> str:
        return f"{value:04o}"

    raw = show


@dataclass(frozen=True)
class Real:
    minimum: float
    maximum: float
    unit: str = ""
    vartype = "real"

    def parse(self, name: str, text: str, current: Value) -> Value:
        value = _number(name, text, self.unit, whole=False)
        if math.isinf(value):
            raise invalid(name, text)
        if not self.minimum <= value <= self.maximum:
            raise _out_of_range(name, f"{value:g}", self.unit, f"{self.minimum:g}", f"{self.maximum:g}")
        return value

    def show(self, value: Value) -> str:
        assert isinstance(value, (int, float))
        return _shown_with_unit(float(value), self.unit) if self.unit and value > 0 else f"{value:g}"

    def raw(self, value: Value) -> str:
        assert isinstance(value, (int, float))
        return f"{value:g}"


@dataclass(frozen=True)
class Secret(Real):
    """seed: cannot be read back."""

    def show(self, value: Value) -> str:
        return "unavailable"

    raw = show


def _out_of_range(name: str, value: str, unit: str, minimum: str, maximum: str) -> PgError:
    shown = f"{value} {unit}" if unit else value
    return PgError(
        sqlstate.INVALID_PARAMETER_VALUE,
        f'{shown} is outside the valid range for parameter "{name}" ({minimum} .. {maximum})',
    )


class _Text:
    """What kinds with str values have in common."""

    vartype = "string"

    def show(self, value: Value) -> str:
        return str(value)

    def raw(self, value: Value) -> str:
        return str(value)


@dataclass(frozen=True)
class Enum(_Text):
    """hidden: further spellings, and the value that each stands for."""

    values: tuple[str, ...]
    hidden: Mapping[str, str] = field(default_factory=dict)
    vartype = "enum"

    def parse(self, name: str, text: str, current: Value) -> Value:
        word = text.lower()
        for value in self.values:
            if word == value.lower():
                return value
        if word in self.hidden:
            return self.hidden[word]
        raise invalid(name, text, hint=f"Available values: {', '.join(self.values)}.")


@dataclass(frozen=True)
class String(_Text):
    def parse(self, name: str, text: str, current: Value) -> Value:
        return text


@dataclass(frozen=True)
class AsciiName(_Text):
    """application_name and cluster_name: at most 63 bytes, other bytes than printable ASCII as ``\\xhh``."""

    def parse(self, name: str, text: str, current: Value) -> Value:
        if text.isascii() and text.isprintable():
            return truncate(text)
        kept = (chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}" for byte in truncate(text).encode("utf-8", "replace"))
        return truncate("".join(kept))


@dataclass(frozen=True)
class Locale(_Text):
    """lc_monetary and kin: only what formats as C does."""

    def parse(self, name: str, text: str, current: Value) -> Value:
        if text in ("", "C", "POSIX") or re.fullmatch(r"(?:C|en_[A-Z]{2})(?:\.UTF-?8|\.utf-?8)?", text):
            return text
        raise invalid(name, text)


@dataclass(frozen=True)
class ClientEncoding(_Text):
    def parse(self, name: str, text: str, current: Value) -> Value:
        encoding = find_encoding(text)
        if encoding is None:
            raise invalid(name, text)
        return text if text == "UNICODE" else encoding  # which old JDBC drivers want to see again


@dataclass(frozen=True)
class NameList(_Text):
    """search_path: kept as written, read by split_names()."""

    def parse(self, name: str, text: str, current: Value) -> Value:
        if split_names(text) is None:
            raise invalid(name, text, detail="List syntax is invalid.")
        return text


_LIST_NAME = re.compile(r'[ \t\n\r\f\v]*(?:"((?:[^"]|"")*)"|([^\s,"][^\s,]*))[ \t\n\r\f\v]*(,|$)')


def split_names(text: str) -> tuple[str, ...] | None:
    """The identifiers of a comma separated list; None when it is none. PostgreSQL: SplitIdentifierString()"""
    names: list[str] = []
    at = 0
    while text.strip(_SPACE):
        match = _LIST_NAME.match(text, at)
        if match is None:
            return None
        quoted, plain, comma = match.groups()
        names.append(fold(plain) if quoted is None else truncate(quoted.replace('""', '"')))
        at = match.end()
        if not comma:
            break
    return tuple(names)


_STYLES = {"iso": "ISO", "sql": "SQL", "german": "German"}
_ORDERS = {"ymd": "YMD", "dmy": "DMY", "mdy": "MDY", "us": "MDY"}
_ORDER_BEGINNINGS = {"euro": "DMY", "noneuro": "MDY"}


@dataclass(frozen=True)
class DateStyle(_Text):
    """Style and order of fields; each may be given alone. PostgreSQL: datatype-datetime#DATATYPE-DATETIME-OUTPUT"""

    def parse(self, name: str, text: str, current: Value) -> Value:
        style, order = str(current).split(", ")
        new_style = new_order = None
        words = split_names(text)
        if words is None:
            raise invalid(name, text, detail="List syntax is invalid.")
        for word in words:
            if (as_style := _style(word)) is not None:
                conflict, new_style = new_style not in (None, as_style), as_style
            elif (as_order := _order(word)) is not None:
                conflict, new_order = new_order not in (None, as_order), as_order
            elif word.lower() == "default":
                default_style, default_order = DEFAULT_DATE_STYLE.split(", ")
                new_style, new_order, conflict = new_style or default_style, new_order or default_order, False
            else:
                raise invalid(name, text, detail=f'Unrecognized key word: "{word}".')
            if conflict:
                raise invalid(name, text, detail='Conflicting "datestyle" specifications.')
        if new_style == "German" and new_order is None:
            new_order = "DMY"
        return f"{new_style or style}, {new_order or order}"


DEFAULT_DATE_STYLE = "ISO, MDY"


def _style(word: str) -> str | None:
    return "Postgres" if word.lower().startswith("postgres") else _STYLES.get(word.lower())


def _order(word: str) -> str | None:
    low = word.lower()
    return _ORDERS.get(low) or next((o for start, o in _ORDER_BEGINNINGS.items() if low.startswith(start)), None)


_OWN_ZONES = {
    zone.lower(): zone for zone in ("UTC", "GMT", "Zulu", "UCT", "Universal", "Greenwich", "Etc/UTC", "Etc/GMT", "GMT0")
}
_INTERVAL = re.compile(r"\s*interval\s*'(.*)'\s*", re.IGNORECASE | re.DOTALL)
_CLOCK = re.compile(r"\s*([+-]?)\s*([0-9]+)(?::([0-5]?[0-9])(?::([0-5]?[0-9]))?)?\s*(?:(hours?|hrs?|h)\b)?\s*", re.IGNORECASE)
_MAX_ZONE_S = 167 * 3600  # PostgreSQL: pg_tzset_offset() refuses 168 hours and more


@dataclass(frozen=True)
class TimeZone(_Text):
    """Shown as PostgreSQL does: a name in its own spelling, hours as ``<+05>-05``, a POSIX specification in upper case."""

    def parse(self, name: str, text: str, current: Value) -> Value:
        interval = _INTERVAL.fullmatch(text)
        if interval is not None:
            return _offset_zone(name, text, _interval_s(name, text, interval[1]))
        hours = _hours(text)
        if hours is not None:
            return _offset_zone(name, text, round(hours * 3600))
        zone = find_zone(text)
        if zone is None:
            raise invalid(name, text)
        if text.lower() in _OWN_ZONES:
            return _OWN_ZONES[text.lower()]
        return zone.key if isinstance(zone, ZoneInfo) else text.upper()


def _hours(text: str) -> float | None:
    try:
        return float(text) if not text.endswith((" ", "\n")) and text.strip("+-.0123456789eE") in ("", " ") else None
    except ValueError:
        return None


def _interval_s(name: str, text: str, interval: str) -> int:
    match = _CLOCK.fullmatch(interval)
    if match is None:
        low = interval.lower()
        if "mon" in low or "year" in low:
            raise invalid(name, text, detail="Cannot specify months in time zone interval.")
        if "day" in low or "week" in low:
            raise invalid(name, text, detail="Cannot specify days in time zone interval.")
        raise PgError(sqlstate.INVALID_DATETIME_FORMAT, f'invalid input syntax for type interval: "{interval}"')
    sign, first, minutes, seconds, hours_word = match.groups()
    whole = int(first) * (3600 if minutes is not None or hours_word else 1) + int(minutes or 0) * 60 + int(seconds or 0)
    return -whole if sign == "-" else whole


def _offset_zone(name: str, text: str, east_s: int) -> str:
    if abs(east_s) > _MAX_ZONE_S:
        raise invalid(name, text, detail="UTC timezone offset is out of range.")
    sign, opposite = ("-", "+") if east_s < 0 else ("+", "-")
    clock = f"{abs(east_s) // 3600:02}"
    if east_s % 3600:
        clock += f":{abs(east_s) % 3600 // 60:02}"
    if east_s % 60:
        clock += f":{abs(east_s) % 60:02}"
    return f"<{sign}{clock}>{opposite}{clock}"


@dataclass(frozen=True)
class Words(_Text):
    """A list of words out of a closed set."""

    words: tuple[str, ...]

    def parse(self, name: str, text: str, current: Value) -> Value:
        self._check(name, text, split_names(text))
        return text

    def _check(self, name: str, text: str, given: Iterable[str] | None) -> None:
        if given is None:
            raise invalid(name, text, detail="List syntax is invalid.")
        for word in given:
            if word.lower() not in self.words:
                raise invalid(name, text, detail=f'Unrecognized key word: "{word}".')
