"""Native: values (types/codec.py) <-> the Python values that functions here take and give.

bool            bool                              numeric           Decimal, whose exponent is the display scale
integers, oid   int                               float4/8          float
strings, json   str                               bytea             bytes
date            int, days since 2000-01-01        time              int, microseconds
timestamp(tz)   int, microseconds since 2000-01-01 (UTC)            interval   types.interval.Interval
arrays          list of natives, None for NULL; lists of lists have several dimensions
vector, halfvec tuple of floats                   sparsevec         types.sparsevec.Sparse
other types     as the value
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.types import array, interval, oids, sparsevec, vector
from pgiris.types.array import CANONICAL
from pgiris.types.codec import Oid, Value
from pgiris.types.datetime import DAY_US, EPOCH_DAY, microseconds, time_text, time_us, timestamp_text
from pgiris.types.interval import Interval
from pgiris.types.numeric import plain
from pgiris.types.rows import decoder, encoder
from pgiris.types.table import TYPES

Native = Any
Convert = Callable[[Any], Any]

MIN_DAY, MAX_DAY = date.min.toordinal() - EPOCH_DAY, date.max.toordinal() - EPOCH_DAY
MIN_US, MAX_US = MIN_DAY * DAY_US, (MAX_DAY + 1) * DAY_US - 1


def _same(value: Any) -> Any:
    return value


def day_of(value: Value) -> int:
    return date.fromisoformat(value[:10]).toordinal() - EPOCH_DAY


def day_text(day: int) -> str:
    if not MIN_DAY <= day <= MAX_DAY:
        raise PgError(sqlstate.DATETIME_FIELD_OVERFLOW, "date out of range")
    return date.fromordinal(day + EPOCH_DAY).isoformat()


def _moment_text(us: int) -> str:
    if not MIN_US <= us <= MAX_US:
        raise PgError(sqlstate.DATETIME_FIELD_OVERFLOW, "timestamp out of range")
    return timestamp_text(us)


def _interval_text(value: Interval) -> str:
    if not (-(2**31) <= value.months < 2**31 and -(2**31) <= value.days < 2**31 and -(2**63) <= value.us < 2**63):
        raise PgError(sqlstate.DATETIME_FIELD_OVERFLOW, "interval out of range")
    return interval.as_postgres(value)


_INWARD: dict[Oid, Convert] = {
    oids.BOOL: lambda value: value in (True, 1, "1", "t"),
    oids.INT2: int,
    oids.INT4: int,
    oids.INT8: int,
    oids.OID: int,
    oids.FLOAT4: float,
    oids.FLOAT8: float,
    oids.NUMERIC: lambda value: Decimal(plain(value)),
    oids.DATE: day_of,
    oids.TIME: time_us,
    oids.TIMESTAMP: microseconds,
    oids.TIMESTAMPTZ: microseconds,
    oids.INTERVAL: interval.parse,
    **{oid: form.natives for oid, form in vector.FORMS.items()},
    oids.SPARSEVEC: sparsevec.parse,
}
_OUTWARD: dict[Oid, Convert] = {
    oids.DATE: day_text,
    oids.TIME: time_text,
    oids.TIMESTAMP: _moment_text,
    oids.TIMESTAMPTZ: _moment_text,
    oids.INTERVAL: _interval_text,
    oids.NUMERIC: lambda value: format(value, "f") if value.is_finite() else "NaN" if value.is_nan() else _infinite(value),
    **dict.fromkeys(vector.DENSE, vector.value_of),
    oids.SPARSEVEC: sparsevec.write,
}


def _infinite(value: Decimal) -> str:
    return "Infinity" if value > 0 else "-Infinity"


@lru_cache(maxsize=256)
def inward(oid: Oid) -> Convert:
    """value -> native"""
    row = TYPES.get(oid)
    if row is not None and row.is_array:
        element_in, to_native = decoder(row.element, 0, CANONICAL), inward(row.element)
        return lambda value: _nested(array.parse(value), lambda item: to_native(element_in(item.encode())))
    return _INWARD.get(oid, _same)


@lru_cache(maxsize=256)
def outward(oid: Oid) -> Convert:
    """native -> value"""
    row = TYPES.get(oid)
    if row is not None and row.is_array:
        element_out, to_value = encoder(row.element, -1, 0, CANONICAL), outward(row.element)
        return lambda native: array.write(_flat(native, lambda item: element_out(to_value(item)).decode()))
    return _OUTWARD.get(oid, _same)


def _nested(found: array.Array, convert: Callable[[str], Native]) -> list[Native]:
    if any(bound != 1 for bound in found.lower_bounds):
        raise not_supported("arrays whose lower bounds are not 1 are not supported here")
    items: list[Native] = [None if item is None else convert(item) for item in found.items]
    for length in reversed(found.lengths[1:]):
        rest = iter(items)
        items = [list(islice(rest, length)) for _ in range(len(items) // length)]
    return items


def dimensions(native: list[Native]) -> tuple[int, ...]:
    lengths: list[int] = []
    while isinstance(native, list):
        if not native:
            return ()
        lengths.append(len(native))
        native = native[0]
    return tuple(lengths)


def flattened(native: list[Native]) -> list[Native]:
    items = native
    while items and isinstance(items[0], list):
        items = [item for part in items for item in part]
    return items


def _flat(native: list[Native], show: Callable[[Native], str]) -> array.Array:
    lengths = dimensions(native)
    texts = [None if item is None else show(item) for item in flattened(native)]
    return array.Array(lengths, (1,) * len(lengths), texts)
