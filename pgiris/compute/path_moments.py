"""Path moments: what the method .datetime() makes of strings, by a template or by the ISO forms, and how they compare.

PostgreSQL: functions-json#FUNCTIONS-SQLJSON-PATH-OPERATORS, src/backend/utils/adt/formatting.c (parse_datetime, standard mode)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from pgiris import sqlstate
from pgiris.compute.moments import day_number
from pgiris.compute.native import day_text
from pgiris.compute.zones import utc_us
from pgiris.errors import PgError, not_supported
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.datetime import DAY_US, offset_text, time_text, timestamp_text
from pgiris.types.interval import HOUR_US, MINUTE_US, SECOND_US
from pgiris.types.table import type_name


@dataclass(frozen=True, slots=True)
class PathMoment:
    """us: since 2000-01-01 or midnight, as the clocks of its zone show it. offset_s: east of Greenwich, of types with a zone."""

    oid: Oid
    us: int
    offset_s: int = 0

    @property
    def type_name(self) -> str:
        return type_name(self.oid)

    @property
    def text(self) -> str:
        """As JSON shows it."""
        zone = offset_text(timedelta(seconds=self.offset_s)) if self.oid in _ZONED else ""
        if zone and len(zone) == len("+03"):
            zone += ":00"
        if self.oid == oids.DATE:
            return day_text(self.us // DAY_US)
        return (time_text(self.us) if self.oid in _TIMES else timestamp_text(self.us).replace(" ", "T")) + zone

    @property
    def utc_us(self) -> int:
        return self.us - self.offset_s * SECOND_US


_ZONED = frozenset((oids.TIMETZ, oids.TIMESTAMPTZ))
_TIMES = frozenset((oids.TIME, oids.TIMETZ))
_INTERNAL_NAMES = {oids.DATE: "date", oids.TIME: "time", oids.TIMETZ: "timetz", oids.TIMESTAMP: "timestamp"}


def compared(left: PathMoment, right: PathMoment, time_zone: str | None) -> int | None:
    """The order of two; None: they are not comparable. time_zone: of the session, where it may be used.

    Raises 0A000 where one has a zone and the other has not, without one.
    """
    if (left.oid in _TIMES) != (right.oid in _TIMES):
        return None
    if (left.oid in _ZONED) != (right.oid in _ZONED):
        left, right = (_zoned(one, time_zone) for one in (left, right))
    order = (left.utc_us > right.utc_us) - (left.utc_us < right.utc_us)
    if not order and left.oid == right.oid == oids.TIMETZ:
        return (left.offset_s < right.offset_s) - (left.offset_s > right.offset_s)
    return order


def _zoned(moment: PathMoment, time_zone: str | None) -> PathMoment:
    if moment.oid in _ZONED:
        return moment
    target = "timetz" if moment.oid == oids.TIME else "timestamptz"
    if time_zone is None:
        message = f"cannot convert value from {_INTERNAL_NAMES[moment.oid]} to {target} without time zone usage"
        raise not_supported(message, "Use *_tz() function for time zone support.")
    if moment.oid == oids.TIME:
        raise not_supported("comparisons of time and timetz in jsonpath are not supported")
    return PathMoment(oids.TIMESTAMPTZ, utc_us(moment.us, time_zone))


# Reading

_DATE = r"\s*(?P<year>[+-]?\d+)-\s*(?P<month>\d+)-\s*(?P<day>\d+)"
_TIME = r"\s*(?P<hour>\d+):\s*(?P<minute>\d+):\s*(?P<second>\d+)(?:\.(?P<fraction>\d{1,6}))?"
_ZONE = r"(?P<sign>\s*\+|-)\s*(?P<zone_hour>\d{1,2})(?::\s*(?P<zone_minute>\d{1,2}))?"
_ISO = tuple(re.compile(rf"{form}\s*") for form in (_DATE, f"{_TIME}(?:{_ZONE})?", f"{_DATE}[ T]{_TIME}(?:{_ZONE})?"))
_FIELDS = {  # template field -> name, number of digits
    "YYYY": ("year", 4),
    "MM": ("month", 2),
    "DD": ("day", 2),
    "HH24": ("hour", 2),
    "HH12": ("hour12", 2),
    "HH": ("hour12", 2),
    "MI": ("minute", 2),
    "SS": ("second", 2),
    "MS": ("fraction", 3),
    "US": ("fraction", 6),
    **{f"FF{digits}": ("fraction", digits) for digits in range(1, 7)},
}
_PIECE = re.compile(
    rf"(?P<field>{'|'.join(sorted(_FIELDS, key=len, reverse=True))}|TZH|TZM|[AP]\.?M\.?)"
    r"|\"(?P<quoted>(?:[^\"\\]|\\.)*)\"|(?P<separator>[-./,':; ])",
    re.IGNORECASE,
)


def moment_of(text: str, template: str | None) -> PathMoment:
    """Raises 22031, or what to_timestamp raises in standard mode."""
    if template is not None:
        match = _by_template(template).fullmatch(text)
        if match is None:
            message = "input string does not match datetime format"
            raise PgError(sqlstate.INVALID_DATETIME_FORMAT, message, detail=f'The format is "{template}".')
        return _made(match, text)
    for form in _ISO:
        match = form.fullmatch(text)
        if match is not None:
            try:
                return _made(match, text)
            except PgError as error:
                if error.code != sqlstate.DATETIME_FIELD_OVERFLOW:
                    raise
    raise PgError(
        sqlstate.INVALID_ARGUMENT_FOR_SQL_JSON_DATETIME_FUNCTION,
        f'datetime format is not recognized: "{text}"',
        hint="Use a datetime template argument to specify the input data format.",
    )


@lru_cache(maxsize=256)
def _by_template(template: str) -> re.Pattern[str]:
    pieces, at = [], 0
    while at < len(template):
        piece = _PIECE.match(template, at)
        if piece is None:
            raise _unknown_piece(template[at:])
        pieces.append(piece)
        at = piece.end()
    fields = {_name(piece["field"]) for piece in pieces if piece["field"]}
    if not fields - {"zone_hour", "zone_minute", "half"}:
        raise PgError(sqlstate.INVALID_DATETIME_FORMAT, "datetime format is not dated and not timed")
    if "zone_hour" in fields and not fields & {"hour", "hour12", "minute", "second", "fraction"}:
        raise PgError(sqlstate.INVALID_DATETIME_FORMAT, "datetime format is zoned but not timed")
    if len(fields) < sum(piece["field"] is not None for piece in pieces):
        raise not_supported(f'the datetime template "{template}" is not supported')
    following = [*pieces[1:], None]
    return re.compile("".join(map(_piece_pattern, pieces, following)) + r"\s*", re.IGNORECASE)


def _unknown_piece(rest: str) -> PgError:
    if re.match("[^A-Za-z]", rest) or not re.match("[A-Za-z]+", rest):
        return PgError(sqlstate.INVALID_DATETIME_FORMAT, f'invalid datetime format separator: "{rest[0]}"')
    return not_supported(f'the field "{rest}" of a datetime template is not supported')


def _name(field: str) -> str:
    field = field.upper()
    if field in ("TZH", "TZM"):
        return "zone_hour" if field == "TZH" else "zone_minute"
    return _FIELDS[field][0] if field in _FIELDS else "half"


def _piece_pattern(piece: re.Match[str], following: re.Match[str] | None) -> str:
    """Digits with no digits behind them are as many as there are."""
    if piece["quoted"] is not None:
        return re.escape(re.sub(r"\\(.)", r"\1", piece["quoted"]))
    if piece["separator"]:
        return r"\s" if piece["separator"] == " " else re.escape(piece["separator"])
    field = piece["field"].upper()
    if field == "TZH":
        return r"(?P<sign>\s*\+|-)\s*(?P<zone_hour>\d{1,2})"
    if field == "TZM":
        return r"\s*(?P<zone_minute>\d{1,2})"
    if field not in _FIELDS:
        return r"\s*(?P<half>[AP]\.?M\.?)"
    name, digits = _FIELDS[field]
    is_fixed = following is not None and following["field"] and following["field"].upper() in _FIELDS
    count = f"{{{digits}}}" if is_fixed else f"{{1,{digits}}}" if name == "fraction" else "+"
    return rf"\s*(?P<{name}>\d{count})"


def _made(match: re.Match[str], text: str) -> PathMoment:
    """Raises 22008."""
    found = match.groupdict()
    numbers = {name: int(value) for name, value in found.items() if value and name not in ("sign", "half", "fraction")}
    day = _day(numbers, text) if {"year", "month", "day"} & numbers.keys() else None
    time = (
        _time(numbers, found, text) if {"hour", "hour12", "minute", "second"} & numbers.keys() or found.get("fraction") else None
    )
    if time is None:
        return PathMoment(oids.DATE, (day or 0) * DAY_US)
    if "zone_hour" not in numbers:
        return PathMoment(oids.TIME, time) if day is None else PathMoment(oids.TIMESTAMP, day * DAY_US + time)
    offset = numbers["zone_hour"] * 3600 + numbers.get("zone_minute", 0) * 60
    if numbers["zone_hour"] > 15 or numbers.get("zone_minute", 0) > 59:
        raise _out_of_range(text)
    offset = -offset if (found["sign"] or "").strip() == "-" else offset
    if day is None:
        return PathMoment(oids.TIMETZ, time, offset)
    return PathMoment(oids.TIMESTAMPTZ, day * DAY_US + time, offset)


def _out_of_range(text: str) -> PgError:
    return PgError(sqlstate.DATETIME_FIELD_OVERFLOW, f'date/time field value out of range: "{text}"')


def _day(numbers: dict[str, int], text: str) -> int:
    year = numbers.get("year", 1)
    if not 1 <= year <= 9999:
        raise not_supported(f'the year of "{text}" is not supported')
    try:
        return day_number(year, numbers.get("month", 1), numbers.get("day", 1))
    except PgError:
        raise _out_of_range(text) from None


def _time(numbers: dict[str, int], found: dict[str, str | None], text: str) -> int:
    hour = numbers.get("hour", 0)
    if "hour12" in numbers:
        hour = numbers["hour12"] % 12
        if not 1 <= numbers["hour12"] <= 12:
            raise PgError(
                sqlstate.INVALID_DATETIME_FORMAT,
                f'hour "{numbers["hour12"]}" is invalid for the 12-hour clock',
                hint="Use the 24-hour clock, or give an hour between 1 and 12.",
            )
        if (found.get("half") or "").upper().startswith("P"):
            hour += 12
    minute, second = numbers.get("minute", 0), numbers.get("second", 0)
    if hour > 23 or minute > 59 or second > 59:
        raise _out_of_range(text)
    fraction = int((found.get("fraction") or "").ljust(6, "0"))
    return hour * HOUR_US + minute * MINUTE_US + second * SECOND_US + fraction
