"""Codec of interval. A value is its text in IntervalStyle ``postgres``: IRIS has no intervals and keeps the text.

PostgreSQL: datatype-datetime#DATATYPE-INTERVAL-INPUT, #DATATYPE-INTERVAL-OUTPUT
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from struct import Struct

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types import invalid
from pgiris.types.codec import Codec, Context, Decode, Encode, Value
from pgiris.types.dateparse import CORE_WORDS
from pgiris.types.encoding import text_decoder
from pgiris.types.scalar import Shown, always_in, as_is

_BINARY = Struct("!qii")
_INT4_LIMIT, _INT8_LIMIT = 1 << 31, 1 << 63
HOUR_US, MINUTE_US, SECOND_US, DAY_US = 3_600_000_000, 60_000_000, 1_000_000, 86_400_000_000


@dataclass(frozen=True)
class Interval:
    months: int = 0
    days: int = 0
    us: int = 0


class BadFormat(Exception):
    """The text is no interval."""


class Overflow(Exception):
    """A part of the interval is too large."""


# Output.


# Fields of an interval type: masks of its typmod. PostgreSQL: src/include/utils/timestamp.h (INTERVAL_MASK), datetime.h
FULL_RANGE, FULL_PRECISION = 0x7FFF, 0xFFFF
_YEAR, _MONTH, _DAY, _HOUR, _MINUTE, _SECOND = 1 << 2, 1 << 1, 1 << 3, 1 << 10, 1 << 11, 1 << 12
FIELDS = {
    "year": _YEAR,
    "month": _MONTH,
    "day": _DAY,
    "hour": _HOUR,
    "minute": _MINUTE,
    "second": _SECOND,
    "year to month": _YEAR | _MONTH,
    "day to hour": _DAY | _HOUR,
    "day to minute": _DAY | _HOUR | _MINUTE,
    "day to second": _DAY | _HOUR | _MINUTE | _SECOND,
    "hour to minute": _HOUR | _MINUTE,
    "hour to second": _HOUR | _MINUTE | _SECOND,
    "minute to second": _MINUTE | _SECOND,
}
NAMES_OF_FIELDS = {mask: name for name, mask in FIELDS.items()}


def _parts(value: Interval) -> tuple[int, int, int, int, int, int, int]:
    """years, months, days, hours, minutes, seconds, microseconds: each with the sign of its own part."""
    sign = -1 if value.months < 0 else 1
    years, months = divmod(abs(value.months), 12)
    time_sign = -1 if value.us < 0 else 1
    seconds, us = divmod(abs(value.us), 1_000_000)
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    return (
        *(sign * years, sign * months, value.days),
        *(time_sign * hours, time_sign * minutes, time_sign * seconds, time_sign * us),
    )


def _seconds(seconds: int, us: int, width: int) -> str:
    text = f"{abs(seconds):0{width}}"
    return f"{text}.{abs(us):06}".rstrip("0") if us else text


def as_postgres(value: Interval) -> str:
    """``1 year 2 mons -3 days +04:05:06``: a sign is written where it differs from the one before."""
    years, months, days, hours, minutes, seconds, us = _parts(value)
    words: list[str] = []
    negative = False
    for number, unit in ((years, "year"), (months, "mon"), (days, "day")):
        if number:
            words.append(f"{'+' if negative and number > 0 else ''}{number} {unit}{'' if number == 1 else 's'}")
            negative = number < 0
    if value.us or not words:
        sign = "-" if value.us < 0 else "+" if negative else ""
        words.append(f"{sign}{abs(hours):02}:{abs(minutes):02}:{_seconds(seconds, us, 2)}")
    return " ".join(words)


def _as_verbose(value: Interval) -> str:
    years, months, days, hours, minutes, seconds, us = _parts(value)
    words: list[str] = []
    ago = False
    for number, unit in ((years, "year"), (months, "mon"), (days, "day"), (hours, "hour"), (minutes, "min")):
        if number:
            if not words:
                ago = number < 0
            shown = -number if ago else number
            words.append(f"{shown} {unit}{'' if abs(number) == 1 and shown == 1 else 's'}")
    if seconds or us:
        if not words:
            ago = value.us < 0
        shown_sign = "-" if (value.us < 0) != ago else ""
        single = abs(seconds) == 1 and not us
        words.append(f"{shown_sign}{_seconds(seconds, us, 1)} sec{'' if single else 's'}")
    return f"@ {' '.join(words) or '0'}{' ago' if ago else ''}"


def _as_iso_8601(value: Interval) -> str:
    years, months, days, hours, minutes, seconds, us = _parts(value)
    date = "".join(f"{number}{unit}" for number, unit in ((years, "Y"), (months, "M"), (days, "D")) if number)
    time = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M")) if number)
    if seconds or us:
        time += f"{'-' if value.us < 0 else ''}{_seconds(seconds, us, 1)}S"
    if not date and not time:
        return "PT0S"
    return f"P{date}{'T' if time else ''}{time}"


def _as_sql_standard(value: Interval) -> str:
    years, months, days, hours, minutes, seconds, us = _parts(value)
    numbers = (value.months, value.days, value.us)
    if not any(numbers):
        return "0"
    mixed = any(n < 0 for n in numbers) and any(n > 0 for n in numbers)
    if mixed or (value.months and (value.days or value.us)):
        signs = ["-" if number < 0 else "+" for number in numbers]
        clock = f"{abs(hours)}:{abs(minutes):02}:{_seconds(seconds, us, 2)}"
        return f"{signs[0]}{abs(years)}-{abs(months)} {signs[1]}{abs(days)} {signs[2]}{clock}"
    sign = "-" if any(n < 0 for n in numbers) else ""
    if value.months:
        return f"{sign}{abs(years)}-{abs(months)}"
    clock = f"{abs(hours)}:{abs(minutes):02}:{_seconds(seconds, us, 2)}"
    return f"{sign}{abs(days)} {clock}" if value.days else f"{sign}{clock}"


_STYLES: dict[str, Callable[[Interval], str]] = {
    "postgres": as_postgres,
    "postgres_verbose": _as_verbose,
    "iso_8601": _as_iso_8601,
    "sql_standard": _as_sql_standard,
}


def _interval_out(context: Context, typmod: int) -> Encode:
    style = _STYLES[context.interval_style]
    if style is as_postgres:
        return as_is
    return Shown(lambda value: style(parse(value)))


def _interval_binary_out(context: Context, typmod: int) -> Encode:
    def binary(value: Value) -> bytes:
        interval = parse(value)
        return _BINARY.pack(interval.us, interval.days, interval.months)

    return binary


# Input.


def _interval_in(context: Context) -> Decode:
    decode, style = text_decoder(context.client_encoding), context.interval_style

    def from_text(raw: bytes) -> str:
        return as_postgres(parsed(decode(raw), style))

    return from_text


def _interval_from_binary(raw: bytes) -> str:
    if len(raw) != 16:
        raise invalid.wrong_length(raw, 16)
    us, days, months = _BINARY.unpack(raw)
    return as_postgres(Interval(months, days, us))


INTERVAL = Codec(_interval_out, _interval_binary_out, _interval_in, always_in(_interval_from_binary))

# Units: (names, months, days, microseconds of one).
_UNITS: dict[str, tuple[int, int, int]] = {
    name: amounts
    for names, amounts in {
        "millennium millennia millenniums mil mils": (12000, 0, 0),
        "century centuries cent c": (1200, 0, 0),
        "decade decades dec decs": (120, 0, 0),
        "year years yr yrs y": (12, 0, 0),
        "month months mon mons": (1, 0, 0),
        "week weeks w": (0, 7, 0),
        "day days d": (0, 1, 0),
        "hour hours hr hrs h": (0, 0, HOUR_US),
        "minute minutes min mins m": (0, 0, MINUTE_US),
        "second seconds sec secs s": (0, 0, SECOND_US),
        "millisecond milliseconds msec msecs msecond mseconds ms": (0, 0, 1000),
        "microsecond microseconds usec usecs usecond useconds us": (0, 0, 1),
    }.items()
    for name in names.split()
}
_SINGULAR = {_UNITS[name]: name for name in ("millennium", "century", "decade", "year", "month", "week", "day", "hour", "minute")}
_SINGULAR |= {_UNITS[name]: name for name in ("second", "millisecond", "microsecond")}
_SECOND_UNITS = {"second", "millisecond", "microsecond"}
_CLOCK_UNITS = {"hour", "minute", *_SECOND_UNITS}
_ISO_DATE_UNITS = {"Y": "year", "M": "month", "W": "week", "D": "day"}
_ISO_TIME_UNITS = {"H": "hour", "M": "minute", "S": "second"}
_TOKEN = re.compile(
    r"""\s*(?: (?P<clock> [+-]?\s*[0-9]+ : [0-9]+ (?: :[0-9]+ )? (?:\.[0-9]*)? )
             | (?P<years> [+-]?\s*[0-9]+-[0-9]+ (?![0-9-]) )
             | (?P<number> [+-]?\s*(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+) )
             | (?P<word> [A-Za-z]+ )
             | (?P<blank> [@,;]+ ) )""",
    re.VERBOSE,
)


class _Sum:
    """The interval so far. Exact: fractions of a unit flow into the smaller ones as PostgreSQL has them flow."""

    def __init__(self) -> None:
        self.years = self.months = self.days = self.us = 0

    def add(self, number: str, unit: str) -> None:
        sign, whole, fraction = _split(number)
        months, days, us = _UNITS[unit]
        self.years += sign * whole * (months // 12)
        self.months += sign * whole * (months % 12)
        self.days += sign * whole * days
        self.us += sign * whole * us
        if not fraction:
            return
        part = float(f"0.{fraction}")
        if months:
            self._add_months(sign * part * months, months)
        elif days:
            self._add_days(sign * part * days)
        else:
            self.us += sign * round(part * us)

    def _add_months(self, number: float, unit: int) -> None:
        """A fraction of a year rounds to months, a fraction of a month flows into days of a 30 day month."""
        if unit > 1:
            self.months += round(number)
            return
        self._add_days(number * 30)

    def _add_days(self, number: float) -> None:
        self.days += int(number)
        self.us += round((number - int(number)) * DAY_US)

    def interval(self) -> Interval:
        if not all(-_INT4_LIMIT <= number < _INT4_LIMIT for number in (self.years, self.months, self.days)):
            raise Overflow
        if not -_INT8_LIMIT <= self.us < _INT8_LIMIT:
            raise Overflow
        months = self.years * 12 + self.months
        if not -_INT4_LIMIT <= months < _INT4_LIMIT:
            raise PgError(sqlstate.DATETIME_VALUE_OUT_OF_RANGE, "interval out of range")
        return Interval(months, self.days, self.us)


def _split(number: str) -> tuple[int, int, str]:
    """Sign, digits before the point, digits behind it."""
    whole, _, fraction = number.lstrip("+-").partition(".")
    return _sign(number), int(whole or 0), fraction


def parse(text: str, style: str = "postgres", fields: int = FULL_RANGE) -> Interval:
    """Any form that PostgreSQL takes. fields: of its type, as DAY TO HOUR. Raises BadFormat or Overflow."""
    stripped = text.strip()
    if stripped[:1] == "P":
        return _parse_iso_8601(stripped)
    return _parse_words(stripped, style, fields)


def parsed(text: str, style: str, fields: int = FULL_RANGE) -> Interval:
    """parse with PostgreSQL's errors."""
    try:
        return parse(text, style, fields)
    except BadFormat:
        message = f'invalid input syntax for type interval: "{text}"'
        raise PgError(sqlstate.INVALID_DATETIME_FORMAT, message) from None
    except Overflow:
        message = f'interval field value out of range: "{text}"'
        raise PgError(sqlstate.INTERVAL_FIELD_OVERFLOW, message) from None


def _parse_words(text: str, style: str, fields: int) -> Interval:
    tokens = _tokens(text)
    ago = tokens[-1:] == [("word", "ago")]
    if ago:
        tokens.pop()
    if not tokens:
        raise BadFormat
    # In style sql_standard a leading sign holds for all fields (runtime-config-client, intervalstyle).
    negative = style == "sql_standard" and text[0] == "-" and not any(token[0] in "+-" for _, token in tokens[1:])
    interval = _Words(tokens, negative, fields).read()
    return Interval(-interval.months, -interval.days, -interval.us) if ago else interval


class _Words:
    """Tokens being read from the right, since a number's unit follows it."""

    def __init__(self, tokens: list[tuple[str, str]], negative: bool, fields: int) -> None:
        self._tokens, self._negative = tokens, negative
        self._sum = _Sum()
        self._used: set[str] = set()
        self._is_short_clock = fields == FIELDS["minute to second"]
        smallest = NAMES_OF_FIELDS.get(fields, "second").split()[-1]
        self._unit = smallest  # of a number that none follows

    def read(self) -> Interval:
        kinds = ["", *(kind for kind, _ in self._tokens)]
        for index in range(len(self._tokens) - 1, -1, -1):
            kind, token = self._tokens[index]
            if kind == "word":
                self._unit = token.lower()
                if self._unit not in _UNITS or kinds[index] != "number":
                    raise BadFormat
            else:
                token = re.sub(r"\s", "", token)
                _WORD_READERS[kind](self, "-" + token.lstrip("+-") if self._negative else token)
        return self._sum.interval()

    def _use(self, units: set[str]) -> None:
        if self._used & units:
            raise BadFormat
        self._used |= units

    def number(self, token: str) -> None:
        unit = _SINGULAR[_UNITS[self._unit]]
        self._use(_SECOND_UNITS if unit == "second" and token.partition(".")[2].strip("0") else {unit})
        self._sum.add(token, self._unit)
        if unit == "hour":
            self._unit = "day"

    def clock(self, token: str) -> None:
        self._use(_CLOCK_UNITS)
        sign, whole, fraction = _sign(token), *token.lstrip("+-").partition(".")[::2]
        numbers = [int(part) for part in whole.split(":")]
        if len(numbers) == 2 and ("." in token or self._is_short_clock):
            numbers = [0, *numbers]
        hours, minutes, seconds = (*numbers, 0)[:3]
        if minutes > 59 or seconds > 60:
            raise Overflow
        us = ((hours * 60 + minutes) * 60 + seconds) * SECOND_US + round(float(f"0.{fraction or 0}") * 1e6)
        self._sum.us += sign * us
        self._unit = "day"

    def years(self, token: str) -> None:
        """years-months"""
        self._use({"years and months"})
        years, months = token.lstrip("+-").split("-")
        if int(months) > 11:
            raise Overflow
        self._sum.months += _sign(token) * (int(years) * 12 + int(months))


_WORD_READERS: dict[str, Callable[[_Words, str], None]] = {"number": _Words.number, "clock": _Words.clock, "years": _Words.years}


def _sign(token: str) -> int:
    return -1 if token[0] == "-" else 1


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadFormat
        at = match.end()
        kind = match.lastgroup or ""
        if kind == "word" and match[kind].lower() not in CORE_WORDS and text[at : at + 1].isdigit():
            raise BadFormat
        if kind != "blank":
            tokens.append((kind, match[kind]))
    return tokens


_ISO_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_ISO_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_ISO_TIME = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2}(?:\.[0-9]*)?)")


def _parse_iso_8601(text: str) -> Interval:
    """PostgreSQL: DecodeISO8601Interval"""
    total = _Sum()
    date, _, time = text[1:].partition("T")
    if len(text) < 2:
        raise BadFormat
    for part, basic, separator, units in (
        (date, _ISO_DATE, "-", _ISO_DATE_UNITS),
        (time, _ISO_TIME, ":", _ISO_TIME_UNITS),
    ):
        plain = ("year", "month", "day") if separator == "-" else ("hour", "minute", "second")
        match = basic.fullmatch(part)
        numbers = list(match.groups()) if match is not None else None
        if numbers is None and not any(letter in units for letter in part):
            numbers = _iso_numbers(part, separator)
        if numbers is None:
            _add_designated(total, part, units)
            continue
        for number, unit in zip(numbers, plain, strict=False):
            total.add(_plain_number(number), unit)
    return total.interval()


def _iso_numbers(part: str, separator: str) -> list[str]:
    """``2-10-15``, ``10:30:20`` or a beginning of it."""
    numbers: list[str] = []
    at = 0
    while at < len(part):
        match = _ISO_NUMBER.match(part, at)
        if match is None or len(numbers) == 3:
            raise BadFormat
        numbers.append(match[0])
        at = match.end()
        if at < len(part):
            if part[at] != separator:
                raise BadFormat
            at += 1
    return numbers


def _add_designated(total: _Sum, part: str, units: dict[str, str]) -> None:
    at = 0
    while at < len(part):
        match = _ISO_NUMBER.match(part, at)
        if match is None or part[match.end() : match.end() + 1] not in units:
            raise BadFormat
        total.add(_plain_number(match[0]), units[part[match.end()]])
        at = match.end() + 1


def _plain_number(text: str) -> str:
    """Without an exponent."""
    if abs(float(text)) > 1e15:
        raise Overflow
    return format(Decimal(text), "f") if "e" in text.lower() else text
