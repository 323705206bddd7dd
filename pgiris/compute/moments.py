"""Moments: arithmetic and fields of dates, times, timestamps and intervals.

PostgreSQL: functions-datetime, src/backend/utils/adt/timestamp.c
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from pgiris import sqlstate
from pgiris.compute.casts import checked_day, checked_us
from pgiris.compute.registry import function
from pgiris.compute.zones import local_us, offset_us, utc_us
from pgiris.errors import PgError, not_supported
from pgiris.types.codec import Context
from pgiris.types.datetime import DAY_US, EPOCH_DAY
from pgiris.types.interval import HOUR_US, MINUTE_US, SECOND_US, Interval

UNIX_US = -10957 * DAY_US  # 1970-01-01
JULIAN_DAY = 2451545  # of 2000-01-01
DAYS_PER_MONTH = 30

# Arithmetic


def civil(day: int) -> date:
    return date.fromordinal(checked_day(day) + EPOCH_DAY)


def day_number(year: int, month: int, day: int) -> int:
    try:
        return date(year, month, day).toordinal() - EPOCH_DAY
    except ValueError:
        raise PgError(sqlstate.DATETIME_FIELD_OVERFLOW, "timestamp out of range") from None


def with_months(us: int, months: int) -> int:
    """The last day of a month stays within the month reached."""
    if not months:
        return us
    day, rest = divmod(us, DAY_US)
    at = civil(day)
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise PgError(sqlstate.DATETIME_FIELD_OVERFLOW, "timestamp out of range")
    return day_number(year, month + 1, min(at.day, monthrange(year, month + 1)[1])) * DAY_US + rest


def shifted(us: int, by: Interval) -> int:
    return checked_us(with_months(us, by.months) + by.days * DAY_US + by.us)


def negated(value: Interval) -> Interval:
    return Interval(-value.months, -value.days, -value.us)


def _shifted_zoned(context: Context, us: int, by: Interval) -> int:
    """Months and days are those of the session's time zone."""
    if by.months or by.days:
        local = local_us(us, context.time_zone)
        us = utc_us(checked_us(with_months(local, by.months) + by.days * DAY_US), context.time_zone)
    return checked_us(us + by.us)


function("+(timestamp, interval) timestamp")(shifted)
function("-(timestamp, interval) timestamp")(lambda us, by: shifted(us, negated(by)))
function("+(interval, timestamp) timestamp")(lambda by, us: shifted(us, by))
function("+(timestamptz, interval) timestamptz", context=True)(_shifted_zoned)
function("-(timestamptz, interval) timestamptz", context=True)(lambda context, us, by: _shifted_zoned(context, us, negated(by)))
function("+(interval, timestamptz) timestamptz", context=True)(lambda context, by, us: _shifted_zoned(context, us, by))
function("+(date, interval) timestamp")(lambda day, by: shifted(day * DAY_US, by))
function("-(date, interval) timestamp")(lambda day, by: shifted(day * DAY_US, negated(by)))
function("+(interval, date) timestamp")(lambda by, day: shifted(day * DAY_US, by))
function("+(date, int4) date")(lambda day, count: checked_day(day + count))
function("+(int4, date) date")(lambda count, day: checked_day(day + count))
function("-(date, int4) date")(lambda day, count: checked_day(day - count))
function("-(date, date) int4")(lambda one, other: one - other)
function("+(date, time) timestamp")(lambda day, us: day * DAY_US + us)
function("+(time, date) timestamp")(lambda us, day: day * DAY_US + us)
function("+(time, interval) time")(lambda us, by: (us + by.us) % DAY_US)
function("+(interval, time) time")(lambda by, us: (us + by.us) % DAY_US)
function("-(time, interval) time")(lambda us, by: (us - by.us) % DAY_US)
function("-(time, time) interval")(lambda one, other: Interval(0, 0, one - other))


@function("-(timestamp, timestamp) interval", "-(timestamptz, timestamptz) interval")
def _difference(one: int, other: int) -> Interval:
    return justified_hours(Interval(0, 0, one - other))


function("+(interval, interval) interval")(
    lambda one, other: Interval(one.months + other.months, one.days + other.days, one.us + other.us)
)
function("-(interval, interval) interval")(
    lambda one, other: Interval(one.months - other.months, one.days - other.days, one.us - other.us)
)
function("-(interval) interval")(negated)


def _scaled(value: Interval, factor: float) -> Interval:
    """Fractions of months become days of 30 a month, fractions of days become time. PostgreSQL: interval_mul"""
    months = value.months * factor
    days = value.days * factor
    whole_months, whole_days = int(months), int(days)
    spill = round((months - whole_months) * DAYS_PER_MONTH, 6)
    rest = round(((days - whole_days) + (spill - int(spill))) * 86400, 6)
    if abs(rest) >= 86400:
        whole_days += int(rest / 86400)
        rest -= int(rest / 86400) * 86400
    return Interval(whole_months, whole_days + int(spill), round(value.us * factor + rest * SECOND_US))


function("*(interval, float8) interval")(_scaled)
function("*(float8, interval) interval")(lambda factor, value: _scaled(value, factor))


@function("/(interval, float8) interval")
def _divided(value: Interval, by: float) -> Interval:
    if not by:
        raise PgError(sqlstate.DIVISION_BY_ZERO, "division by zero")
    return _scaled(value, 1 / by) if 1 / by * by == 1 else _quotient(value, by)


def _quotient(value: Interval, by: float) -> Interval:
    months, days = value.months / by, value.days / by
    whole_months, whole_days = int(months), int(days)
    spill = round((months - whole_months) * DAYS_PER_MONTH, 6)
    rest = round(((days - whole_days) + (spill - int(spill))) * 86400, 6)
    return Interval(whole_months, whole_days + int(spill), round(value.us / by + rest * SECOND_US))


@function("justify_hours(interval) interval")
def justified_hours(value: Interval) -> Interval:
    days = int(value.us / DAY_US) if abs(value.us) < 1 << 53 else (abs(value.us) // DAY_US) * (1 if value.us > 0 else -1)
    us, total = value.us - days * DAY_US, value.days + days
    if total > 0 > us:
        us, total = us + DAY_US, total - 1
    elif total < 0 < us:
        us, total = us - DAY_US, total + 1
    return Interval(value.months, total, us)


@function("justify_days(interval) interval")
def justified_days(value: Interval) -> Interval:
    months = int(value.days / DAYS_PER_MONTH)
    days, total = value.days - months * DAYS_PER_MONTH, value.months + months
    if total > 0 > days:
        days, total = days + DAYS_PER_MONTH, total - 1
    elif total < 0 < days:
        days, total = days - DAYS_PER_MONTH, total + 1
    return Interval(total, days, value.us)


@function("justify_interval(interval) interval")
def _justified(value: Interval) -> Interval:
    made = justified_days(justified_hours(value))
    months, days, us = made.months, made.days, made.us
    if months > 0 and (days < 0 or (days == 0 and us < 0)):
        months, days = months - 1, days + DAYS_PER_MONTH
    elif months < 0 and (days > 0 or (days == 0 and us > 0)):
        months, days = months + 1, days - DAYS_PER_MONTH
    if days > 0 > us:
        days, us = days - 1, us + DAY_US
    elif days < 0 < us:
        days, us = days + 1, us - DAY_US
    return Interval(months, days, us)


@function("age(timestamp, timestamp) interval")
def age(one: int, other: int) -> Interval:
    """Years, months and days between, as a calendar counts them. PostgreSQL: timestamp_age"""
    sign = 1
    if one < other:
        one, other, sign = other, one, -1
    (later, later_us), (earlier, earlier_us) = (divmod(us, DAY_US) for us in (one, other))
    a, b = civil(later), civil(earlier)
    months, days, us = (a.year - b.year) * 12 + a.month - b.month, a.day - b.day, later_us - earlier_us
    if us < 0:
        us, days = us + DAY_US, days - 1
    while days < 0:
        days += monthrange(b.year, b.month)[1]
        months -= 1
    return Interval(sign * months, sign * days, sign * us)


@function("age(timestamptz, timestamptz) interval", context=True)
def _age_zoned(context: Context, one: int, other: int) -> Interval:
    return age(local_us(one, context.time_zone), local_us(other, context.time_zone))


# Making


@function("make_date(int4, int4, int4) date")
def _make_date(year: int, month: int, day: int) -> int:
    try:
        return date(year, month, day).toordinal() - EPOCH_DAY
    except ValueError:
        message = f"date field value out of range: {year}-{month:02}-{day:02}"
        raise PgError(sqlstate.DATETIME_FIELD_OVERFLOW, message) from None


@function("make_time(int4, int4, float8) time")
def _make_time(hour: int, minute: int, second: float) -> int:
    if not (0 <= hour <= 24 and 0 <= minute < 60 and 0 <= second <= 60) or (hour == 24 and (minute or second)):
        shown = f"{second:g}" if second != int(second) else f"{int(second):02}"
        raise PgError(sqlstate.DATETIME_FIELD_OVERFLOW, f"time field value out of range: {hour}:{minute:02}:{shown}")
    return hour * HOUR_US + minute * MINUTE_US + round(second * SECOND_US)


@function("make_timestamp(int4, int4, int4, int4, int4, float8) timestamp")
def _make_timestamp(year: int, month: int, day: int, hour: int, minute: int, second: float) -> int:
    return checked_us(_make_date(year, month, day) * DAY_US + _make_time(hour, minute, second))


@function("make_timestamptz(int4, int4, int4, int4, int4, float8) timestamptz", context=True)
def _make_timestamptz(context: Context, *parts: Any) -> int:
    return utc_us(_make_timestamp(*parts), context.time_zone)


@function("make_timestamptz(int4, int4, int4, int4, int4, float8, text) timestamptz")
def _make_timestamptz_in(*parts: Any) -> int:
    us, where = _make_timestamp(*parts[:-1]), parts[-1]
    east_s = _numeric_zone(where)
    return utc_us(us, where) if east_s is None else checked_us(us - east_s * SECOND_US)


_NUMERIC_ZONE = re.compile(r"([+-])([0-9]+)(?::([0-9]*)(?::([0-9]*))?)?")


def _numeric_zone(text: str) -> int | None:
    """Seconds east of Greenwich, None for a name. PostgreSQL: parse_sane_timezone in timestamp.c, DecodeTimezone"""
    if text[:1].isdigit():
        raise PgError(
            sqlstate.INVALID_PARAMETER_VALUE,
            f'invalid input syntax for type numeric time zone: "{text}"',
            hint='Numeric time zones must have "-" or "+" as first character.',
        )
    match = _NUMERIC_ZONE.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds = int(match[2]), int(match[3] or 0), int(match[4] or 0)
    if len(match[2]) > 2 and match[3] is None:
        hours, minutes = divmod(hours, 100)
    if hours > 15 or minutes > 59 or seconds > 59:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'numeric time zone "{text}" out of range')
    east_s = hours * 3600 + minutes * 60 + seconds
    return -east_s if match[1] == "-" else east_s


@function(
    "make_interval() interval",
    "make_interval(int4) interval",
    "make_interval(int4, int4) interval",
    "make_interval(int4, int4, int4) interval",
    "make_interval(int4, int4, int4, int4) interval",
    "make_interval(int4, int4, int4, int4, int4) interval",
    "make_interval(int4, int4, int4, int4, int4, int4) interval",
    "make_interval(int4, int4, int4, int4, int4, int4, float8) interval",
)
def _make_interval(
    years: int = 0, months: int = 0, weeks: int = 0, days: int = 0, hours: int = 0, mins: int = 0, secs: float = 0
) -> Interval:
    return Interval(years * 12 + months, weeks * 7 + days, hours * HOUR_US + mins * MINUTE_US + round(secs * SECOND_US))


@function("to_timestamp(float8) timestamptz")
def _of_epoch(seconds: float) -> int:
    if math.isnan(seconds):
        raise PgError(sqlstate.DATETIME_FIELD_OVERFLOW, "timestamp cannot be NaN")
    if math.isinf(seconds):
        raise not_supported("IRIS cannot hold an infinite timestamp with time zone")
    return checked_us(round(seconds * SECOND_US) + UNIX_US)


# Time zones


@function("timezone(text, timestamptz) timestamp")
def _at_zone(name: str, us: int) -> int:
    return local_us(us, name)


@function("timezone(text, timestamp) timestamptz")
def _from_zone(name: str, us: int) -> int:
    return utc_us(us, name)


@function("timezone(interval, timestamptz) timestamp")
def _at_offset(offset: Interval, us: int) -> int:
    return checked_us(us + offset.us)


@function("timezone(interval, timestamp) timestamptz")
def _from_offset(offset: Interval, us: int) -> int:
    return checked_us(us - offset.us)


# Fields. PostgreSQL: functions-datetime#FUNCTIONS-DATETIME-EXTRACT

_UNITS = {
    "millenniums": "millennium", "millennia": "millennium", "mil": "millennium", "mils": "millennium",
    "centuries": "century", "cent": "century", "c": "century", "decades": "decade", "dec": "decade", "decs": "decade",
    "years": "year", "y": "year", "yr": "year", "yrs": "year", "months": "month", "mon": "month", "mons": "month",
    "days": "day", "d": "day", "hours": "hour", "h": "hour", "hr": "hour", "hrs": "hour", "weeks": "week", "w": "week",
    "minutes": "minute", "m": "minute", "min": "minute", "mins": "minute", "qtr": "quarter",
    "seconds": "second", "s": "second", "sec": "second", "secs": "second",
    "msec": "milliseconds", "msecs": "milliseconds", "millisecond": "milliseconds", "ms": "milliseconds",
    "usec": "microseconds", "usecs": "microseconds", "microsecond": "microseconds", "us": "microseconds",
}  # fmt: skip
_KNOWN = frozenset(
    (*_UNITS.values(), "quarter", "dow", "isodow", "doy", "isoyear", "julian", "epoch", "timezone", "timezone_hour",
     "timezone_minute")
)  # fmt: skip


def unit_of(name: str) -> str:
    lower = name.lower()
    return _UNITS.get(lower, lower)


def no_unit(name: str, type_name: str) -> PgError:
    unit = unit_of(name)
    if unit in _KNOWN:
        return PgError(sqlstate.FEATURE_NOT_SUPPORTED, f'unit "{name.lower()}" not supported for type {type_name}')
    return PgError(sqlstate.INVALID_PARAMETER_VALUE, f'unit "{name.lower()}" not recognized for type {type_name}')


def _scaled_us(us: int, digits: int) -> Decimal:
    """Microseconds in a unit of so many decimals."""
    return Decimal(us).scaleb(-digits)


_DATE_FIELDS: dict[str, Callable[[date], int]] = {
    "millennium": lambda at: (at.year + 999) // 1000,
    "century": lambda at: (at.year + 99) // 100,
    "decade": lambda at: at.year // 10,
    "year": lambda at: at.year,
    "quarter": lambda at: (at.month + 2) // 3,
    "month": lambda at: at.month,
    "week": lambda at: at.isocalendar().week,
    "isoyear": lambda at: at.isocalendar().year,
    "day": lambda at: at.day,
    "doy": lambda at: at.timetuple().tm_yday,
    "dow": lambda at: at.isoweekday() % 7,
    "isodow": lambda at: at.isoweekday(),
}
TIME_FIELDS: dict[str, Callable[[int], Decimal]] = {
    "hour": lambda us: Decimal(us // HOUR_US),
    "minute": lambda us: Decimal(us // MINUTE_US % 60),
    "second": lambda us: _scaled_us(us % MINUTE_US, 6),
    "milliseconds": lambda us: _scaled_us(us % MINUTE_US, 3),
    "microseconds": lambda us: Decimal(us % MINUTE_US),
}


@function("extract(text, date) numeric")
def _extract_date(name: str, day: int) -> Decimal:
    unit = unit_of(name)
    if unit in _DATE_FIELDS:
        return Decimal(_DATE_FIELDS[unit](civil(day)))
    if unit == "julian":
        return Decimal(day + JULIAN_DAY)
    if unit == "epoch":
        return Decimal((day * DAY_US - UNIX_US) // SECOND_US)
    raise no_unit(name, "date")


@function("extract(text, time) numeric")
def _extract_time(name: str, us: int) -> Decimal:
    unit = unit_of(name)
    if unit in TIME_FIELDS:
        return TIME_FIELDS[unit](us)
    if unit == "epoch":
        return _scaled_us(us, 6)
    raise no_unit(name, "time without time zone")


def _fields(name: str, us: int, type_name: str) -> Decimal:
    unit = unit_of(name)
    day, rest = divmod(us, DAY_US)
    if unit in _DATE_FIELDS:
        return Decimal(_DATE_FIELDS[unit](civil(day)))
    if unit in TIME_FIELDS:
        return TIME_FIELDS[unit](rest)
    if unit == "julian":
        return _julian(day, rest)
    raise no_unit(name, type_name)


def _julian(day: int, rest: int) -> Decimal:
    if not rest:
        return Decimal(day + JULIAN_DAY)
    from pgiris.compute.numbers import divide

    return Decimal(day + JULIAN_DAY) + divide(Decimal(rest), Decimal(DAY_US))


@function("extract(text, timestamp) numeric")
def _extract_timestamp(name: str, us: int) -> Decimal:
    if unit_of(name) == "epoch":
        return _scaled_us(us - UNIX_US, 6)
    return _fields(name, us, "timestamp without time zone")


@function("extract(text, timestamptz) numeric", context=True)
def _extract_timestamptz(context: Context, name: str, us: int) -> Decimal:
    unit = unit_of(name)
    if unit == "epoch":
        return _scaled_us(us - UNIX_US, 6)
    if unit.startswith("timezone"):
        seconds = offset_us(us, context.time_zone) // SECOND_US
        sign = -1 if seconds < 0 else 1
        parts = {
            "timezone": seconds,
            "timezone_hour": sign * (abs(seconds) // 3600),
            "timezone_minute": sign * (abs(seconds) // 60 % 60),
        }
        if unit in parts:
            return Decimal(parts[unit])
    return _fields(name, local_us(us, context.time_zone), "timestamp with time zone")


@function("extract(text, interval) numeric")
def _extract_interval(name: str, value: Interval) -> Decimal:
    unit = unit_of(name)
    years, months = _cut(value.months, 12)
    time_sign = -1 if value.us < 0 else 1
    us = abs(value.us)
    found = {
        "millennium": _cut(years, 1000)[0],
        "century": _cut(years, 100)[0],
        "decade": _cut(years, 10)[0],
        "year": years,
        "quarter": _cut(months, 3)[0] + 1,
        "month": months,
        "day": value.days,
        "hour": time_sign * (us // HOUR_US),
        "minute": time_sign * (us // MINUTE_US % 60),
        "microseconds": time_sign * (us % MINUTE_US),
    }.get(unit)
    if found is not None:
        return Decimal(found)
    if unit == "second":
        return _scaled_us(time_sign * (us % MINUTE_US), 6)
    if unit == "milliseconds":
        return _scaled_us(time_sign * (us % MINUTE_US), 3)
    if unit == "epoch":
        days = years * Decimal("365.25") + months * DAYS_PER_MONTH + value.days
        return (days * 86400).quantize(Decimal(1)) + _scaled_us(value.us, 6)
    raise no_unit(name, "interval")


def _cut(value: int, by: int) -> tuple[int, int]:
    """Quotient and remainder, both with the sign of value."""
    sign = -1 if value < 0 else 1
    whole, rest = divmod(abs(value), by)
    return sign * whole, sign * rest


for _type in ("date", "time", "timestamp", "interval"):
    _run = {"date": _extract_date, "time": _extract_time, "timestamp": _extract_timestamp, "interval": _extract_interval}[_type]
    function(f"date_part(text, {_type}) float8")(lambda name, value, run=_run: float(run(name, value)))
function("date_part(text, timestamptz) float8", context=True)(
    lambda context, name, us: float(_extract_timestamptz(context, name, us))
)

# date_trunc


def truncated(name: str, us: int, type_name: str = "timestamp without time zone") -> int:
    unit = unit_of(name)
    small = {"microseconds": 1, "milliseconds": 1000, "second": SECOND_US, "minute": MINUTE_US, "hour": HOUR_US, "day": DAY_US}
    if unit in small:
        return us - us % small[unit]
    day = us // DAY_US
    at = civil(day)
    if unit == "week":
        return (day - at.weekday()) * DAY_US
    if unit == "month":
        return day_number(at.year, at.month, 1) * DAY_US
    if unit == "quarter":
        return day_number(at.year, (at.month - 1) // 3 * 3 + 1, 1) * DAY_US
    years = {
        "year": at.year,
        "decade": at.year // 10 * 10,
        "century": (at.year - 1) // 100 * 100 + 1,
        "millennium": (at.year - 1) // 1000 * 1000 + 1,
    }
    if unit not in years:
        raise no_unit(name, type_name)
    if not years[unit]:
        raise not_supported("dates before the year 1 are not supported")
    return day_number(years[unit], 1, 1) * DAY_US


function("date_trunc(text, timestamp) timestamp")(truncated)


@function("date_trunc(text, timestamptz) timestamptz", context=True)
def _truncated_zoned(context: Context, name: str, us: int) -> int:
    return _truncated_in(name, us, context.time_zone)


@function("date_trunc(text, timestamptz, text) timestamptz")
def _truncated_in(name: str, us: int, zone: str) -> int:
    local = truncated(name, local_us(us, zone), "timestamp with time zone")
    if unit_of(name) in ("microseconds", "milliseconds", "second", "minute", "hour"):
        return local - offset_us(us, zone)
    return utc_us(local, zone)


@function("date_trunc(text, interval) interval")
def _truncated_interval(name: str, value: Interval) -> Interval:
    unit = unit_of(name)
    years = {"year": 1, "decade": 10, "century": 100, "millennium": 1000}
    if unit in years:
        return Interval(_cut(value.months, 12 * years[unit])[0] * 12 * years[unit])
    if unit in ("quarter", "month"):
        size = 3 if unit == "quarter" else 1
        return Interval(_cut(value.months, size)[0] * size)
    small = {"microseconds": 1, "milliseconds": 1000, "second": SECOND_US, "minute": MINUTE_US, "hour": HOUR_US}
    if unit == "day":
        return Interval(value.months, value.days)
    if unit not in small:
        raise no_unit(name, "interval")
    return Interval(value.months, value.days, _cut(value.us, small[unit])[0] * small[unit])


@function("date_bin(interval, timestamp, timestamp) timestamp", "date_bin(interval, timestamptz, timestamptz) timestamptz")
def _binned(stride: Interval, us: int, origin: int) -> int:
    if stride.months:
        raise not_supported("timestamps cannot be binned into intervals containing months or years")
    size = stride.days * DAY_US + stride.us
    if size <= 0:
        raise PgError(sqlstate.DATETIME_FIELD_OVERFLOW, "stride must be greater than zero")
    return us - (us - origin) % size


def _overlap(one: Any, one_end: Any, other: Any, other_end: Any) -> bool:
    a, b = sorted((one, one_end))
    c, d = sorted((other, other_end))
    return bool(a == c or (a < d and c < b))


function(
    "overlaps(timestamp, timestamp, timestamp, timestamp) bool",
    "overlaps(timestamptz, timestamptz, timestamptz, timestamptz) bool",
    "overlaps(time, time, time, time) bool",
)(_overlap)
