"""Zoned times: functions and operators of timetz, whose natives are the type's texts. PostgreSQL: src/backend/utils/adt/date.c"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from pgiris.compute.casts import checked_us
from pgiris.compute.moments import TIME_FIELDS, no_unit, unit_of
from pgiris.compute.registry import function
from pgiris.types.datetime import DAY_US, offset_text, split_timetz, time_text, time_us
from pgiris.types.interval import SECOND_US, Interval


def parts(text: str) -> tuple[int, int]:
    """Microseconds of the day and seconds east of Greenwich."""
    time, east_s = split_timetz(text)
    return time_us(time), east_s


def written(us: int, east_s: int) -> str:
    return time_text(us) + offset_text(timedelta(seconds=east_s))


def order(left: str, right: str) -> int:
    """By the moment, then the western zone is the greater. PostgreSQL: timetz_cmp_internal"""
    keys = [(us - east_s * SECOND_US, -east_s) for us, east_s in map(parts, (left, right))]
    return int(keys[0] > keys[1]) - int(keys[0] < keys[1])


def _moved(text: str, by_us: int) -> str:
    us, east_s = parts(text)
    return written((us + by_us) % DAY_US, east_s)


function("+(timetz, interval) timetz")(lambda text, by: _moved(text, by.us))
function("+(interval, timetz) timetz")(lambda by, text: _moved(text, by.us))
function("-(timetz, interval) timetz")(lambda text, by: _moved(text, -by.us))


@function("+(date, timetz) timestamptz")
def _on_day(day: int, text: str) -> int:
    us, east_s = parts(text)
    return checked_us(day * DAY_US + us - east_s * SECOND_US)


function("+(timetz, date) timestamptz")(lambda text, day: _on_day(day, text))


def _at(text: str, east_s: int) -> str:
    us, own_s = parts(text)
    return written((us + (east_s - own_s) * SECOND_US) % DAY_US, east_s)


@function("timezone(interval, timetz) timetz")
def _at_offset(offset: Interval, text: str) -> str:
    return _at(text, offset.us // SECOND_US)


@function("extract(text, timetz) numeric")
def _extract(name: str, text: str) -> Decimal:
    us, east_s = parts(text)
    unit = unit_of(name)
    if unit in TIME_FIELDS:
        return TIME_FIELDS[unit](us)
    whole = 1 if east_s >= 0 else -1
    if unit == "timezone":
        return Decimal(east_s)
    if unit == "timezone_hour":
        return Decimal(whole * (abs(east_s) // 3600))
    if unit == "timezone_minute":
        return Decimal(whole * (abs(east_s) // 60 % 60))
    if unit == "epoch":
        return Decimal(us - east_s * SECOND_US).scaleb(-6)
    raise no_unit(name, "time with time zone")


function("date_part(text, timetz) float8")(lambda name, text: float(_extract(name, text)))
