"""Zones: moments in UTC <-> what clocks show in a time zone, both in microseconds since 2000-01-01."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from pgiris import sqlstate
from pgiris.compute.native import MAX_US, MIN_US
from pgiris.errors import PgError
from pgiris.types.datetime import EPOCH
from pgiris.types.zones import abbreviated_zone, find_zone

_UTC_EPOCH = EPOCH.replace(tzinfo=UTC)


@lru_cache(maxsize=256)
def zone(name: str) -> tzinfo:
    """Raises 22023 for an unknown name."""
    found = abbreviated_zone(name.lower()) or find_zone(name)
    if found is None:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'time zone "{name}" not recognized')
    return found


def _in_range(us: int) -> int:
    if not MIN_US <= us <= MAX_US:
        raise PgError(sqlstate.DATETIME_FIELD_OVERFLOW, "timestamp out of range")
    return us


def offset_us(us: int, name: str) -> int:
    """East of Greenwich, at a moment in UTC."""
    moment = (_UTC_EPOCH + timedelta(microseconds=_in_range(us))).astimezone(zone(name))
    offset = moment.utcoffset()
    assert offset is not None
    return offset // timedelta(microseconds=1)


def local_us(us: int, name: str) -> int:
    return us if name == "UTC" else _in_range(us + offset_us(us, name))


def utc_us(us: int, name: str) -> int:
    """An hour that clocks show twice is standard time, one that they skip is told by the offset before. PostgreSQL: datetime.c"""
    if name == "UTC":
        return us
    where = zone(name)
    naive = EPOCH + timedelta(microseconds=_in_range(us))
    offsets = [moment.utcoffset() for moment in (naive.replace(tzinfo=where), naive.replace(tzinfo=where, fold=1))]
    first, second = (offset // timedelta(microseconds=1) for offset in offsets if offset is not None)
    return _in_range(us - (second if _is_twice(naive, where) else first))


def _is_twice(naive: datetime, where: tzinfo) -> bool:
    one, other = naive.replace(tzinfo=where), naive.replace(tzinfo=where, fold=1)
    return one.utcoffset() != other.utcoffset() and one.astimezone(UTC).astimezone(where).replace(tzinfo=None) == naive
