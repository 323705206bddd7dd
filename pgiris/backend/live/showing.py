"""Showing: what IRIS's drivers return -> values of types/codec.py.

One column at a time. What comes back for a type depends on driver, version and path (iris-reference 3.6), so each reader takes
every form that is known: Python objects, ODBC strings, logical values. Codecs take numbers of any kind and bool as 0 and 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from pgiris.backend.live.binding import HOROLOG
from pgiris.types import oids
from pgiris.types.codec import Oid, Value

Read = Callable[[Any], Value]
POSIX_EPOCH = 1 << 60  # PosixTime of 1970-01-01; iris-reference 5.3
POSIX_BEFORE = -3 << 61  # what is added to the microseconds of earlier moments
_UNIX = datetime(1970, 1, 1)
_NONE = type(None)
_PLAIN = frozenset((str, int, float, bytes, Decimal, _NONE))


def show(rows: Sequence[Sequence[Any]], types: Sequence[Oid]) -> Sequence[Sequence[Value]]:
    """Rows with the columns of these types; 0 or a missing one is unknown."""
    if not rows:
        return rows
    columns = list(zip(*rows, strict=True))
    changed = False
    for number, column in enumerate(columns):
        read = READERS.get(types[number]) if number < len(types) else None
        if read is None:
            if set(map(type, column)) <= _PLAIN:
                continue
            read = as_any
        columns[number] = tuple([None if value is None else read(value) for value in column])
        changed = True
    return list(zip(*columns, strict=True)) if changed else rows


def as_any(value: Any) -> Value:
    """By the Python type alone."""
    match value:
        case bool():
            return int(value)
        case datetime():
            return _timestamp(value)
        case date():
            return value.isoformat()
        case time():
            return _time(value)
        case UUID():
            return str(value)
        case bytearray() | memoryview():
            return bytes(value)
    return value


def as_text(value: Any) -> Value:
    if type(value) is str:
        return value
    shown = as_any(value)
    return format(shown, "f") if isinstance(shown, Decimal) else shown


def as_date(value: Any) -> Value:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return date.fromordinal(value + HOROLOG).isoformat()
    return str(value)[:10]


def as_time(value: Any) -> Value:
    if isinstance(value, time):
        return _time(value)
    if isinstance(value, timedelta):
        return _time((_UNIX + value).time())
    if isinstance(value, int | float | Decimal):
        return _time((_UNIX + timedelta(microseconds=round(Decimal(str(value)) * 1_000_000))).time())
    return _trimmed(str(value))


def as_timestamp(value: Any) -> Value:
    if isinstance(value, datetime):
        return _timestamp(value)
    if isinstance(value, date):
        return f"{value.isoformat()} 00:00:00"
    if isinstance(value, int):
        return _timestamp(_UNIX + timedelta(microseconds=value - (POSIX_EPOCH if value >= 0 else POSIX_BEFORE)))
    text = _trimmed(str(value).replace("T", " ", 1))
    return text if len(text) > 10 else f"{text} 00:00:00"


def as_uuid(value: Any) -> Value:
    return str(value).lower()


def as_number(value: Any) -> Value:
    """ObjectScript writes .5 and -.5, and powers of ten when a number is a double."""
    if type(value) is str:
        return Decimal(value)
    return int(value) if type(value) is bool else value


def as_bytes(value: Any) -> Value:
    """Embedded Python has bytes as characters below 256."""
    if isinstance(value, str):
        return value.encode("latin-1")
    return bytes(value)


def as_vector(value: Any) -> Value:
    return str(value).strip("[] ")


def _time(value: time) -> str:
    return _trimmed(value.replace(tzinfo=None).isoformat())


def _timestamp(value: datetime) -> str:
    return _trimmed(value.replace(tzinfo=None).isoformat(" "))


def _trimmed(text: str) -> str:
    """No more than six decimals, none of them a trailing zero."""
    whole, point, fraction = text.partition(".")
    kept = fraction[:6].rstrip("0")
    return f"{whole}.{kept}" if point and kept else whole


READERS: dict[Oid, Read] = {
    oids.DATE: as_date,
    oids.TIME: as_time,
    oids.TIMESTAMP: as_timestamp,
    oids.TIMESTAMPTZ: as_timestamp,
    oids.UUID: as_uuid,
    oids.NUMERIC: as_number,
    oids.BYTEA: as_bytes,
    oids.VECTOR: as_vector,
    oids.HALFVEC: as_vector,
    oids.TEXT: as_text,
    oids.VARCHAR: as_text,
    oids.BPCHAR: as_text,
}
