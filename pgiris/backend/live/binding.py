"""Binding: values of types/codec.py -> what a parameter of IRIS SQL is given.

In: values and the types that the front knows. Out: None, int, float, Decimal, str or bytes; each driver then writes NULL, empty
strings, bytes and decimals in its own way. Statements run in ODBC select mode, so dates and times stay ODBC strings.
iris-reference 2.3, 3.4, 5.2, 5.3
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from pgiris import sqlstate
from pgiris.backend.base import ListValue
from pgiris.backend.live import listbuild
from pgiris.errors import PgError, not_supported
from pgiris.types import oids
from pgiris.types.codec import Oid, Value
from pgiris.types.table import TYPES, type_name

Bound = None | int | float | Decimal | str | bytes
HOROLOG = date(1840, 12, 31).toordinal()  # day 0; iris-reference 5.3


def bind(values: Sequence[Value | ListValue], types: Sequence[Oid]) -> list[Bound]:
    """types: of the first values; the others go by their Python type. Raises PgError 22003, 0A000."""
    known = len(types)
    return [_bound(value, types[number] if number < known else oids_unknown) for number, value in enumerate(values)]


oids_unknown = Oid(0)


def _bound(value: Value | ListValue, oid: Oid) -> Bound:
    if value is None:
        return None
    if isinstance(value, ListValue):
        return _as_list(value, oid)
    make = _BY_OID.get(oid)
    if make is not None:
        return make(value)
    return _plain(value)


def _plain(value: Value) -> Bound:
    kind = type(value)
    if kind is str or kind is int or kind is bytes:
        return value  # type: ignore[no-any-return]
    if kind is bool:
        return int(value)
    if kind is float:
        return _finite(value)
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    if isinstance(value, Decimal):
        return _number(value)
    raise TypeError(f"a {kind.__name__} cannot be bound")


def _finite(value: float) -> float:
    """The driver would make 0 of what is none (iris-reference 3.6)."""
    if not math.isfinite(value):
        raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "IRIS has no infinite DOUBLE and no NaN")
    return value


def _number(value: Value) -> Decimal:
    number = value if isinstance(value, Decimal) else Decimal(value)
    if not number.is_finite():
        raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, f'IRIS has no numeric "{value}"')
    return number


_BY_OID: dict[Oid, Callable[[Any], Bound]] = {
    oids.NUMERIC: _number,
    oids.BOOL: int,
    oids.FLOAT4: lambda value: _finite(float(value)),
    oids.FLOAT8: lambda value: _finite(float(value)),
}


# Lists: their elements are compared with logical values.


def _as_list(value: ListValue, oid: Oid) -> bytes:
    row = TYPES.get(oid)
    element = row.element if row is not None else oids_unknown
    if element in _NO_LISTS:
        raise not_supported(
            f"comparing with an array of type {type_name(element)} is not supported", "Compare with each element: IN ($1, $2)."
        )
    make = _ELEMENTS.get(element)
    items = [None if item is None else make(item) if make is not None else _bound(item, element) for item in value.items]
    return listbuild.build("" if item is None else item for item in items)


def _day(value: str) -> int:
    return date.fromisoformat(value).toordinal() - HOROLOG


def _second(value: str) -> Decimal | int:
    moment = time.fromisoformat(value)
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return seconds + Decimal(moment.microsecond).scaleb(-6).normalize() if moment.microsecond else seconds


_ELEMENTS: dict[Oid, Callable[[Any], int | Decimal]] = {oids.DATE: _day, oids.TIME: _second}
# A timestamp's logical value depends on the column's class, which a parameter does not know; a double's digits on the server.
_NO_LISTS = frozenset((oids.TIMESTAMP, oids.TIMESTAMPTZ, oids.FLOAT4, oids.FLOAT8))
