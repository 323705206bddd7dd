"""Comparisons of two natives of one type, in PostgreSQL's order. Strings are compared by code point, as in collation "C"."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from pgiris.compute import json_order, networks, places, sparsevecs, zoned_times
from pgiris.compute.native import dimensions, flattened, inward
from pgiris.compute.registry import function
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.enums import is_enum, place_of
from pgiris.types.interval import DAY_US, Interval
from pgiris.types.jsontext import checked
from pgiris.types.table import TYPES

Compare = Callable[[Any, Any], int]
TESTS: dict[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "<>": lambda order: order != 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}
SYMBOLS = tuple(TESTS)


def _plain(left: Any, right: Any) -> int:
    return int(left > right) - int(left < right)


def _number(left: Any, right: Any) -> int:
    """NaN is equal to itself and above all else."""
    if left != left or right != right:
        return int(left != left) - int(right != right)
    return int(left > right) - int(left < right)


def span_us(value: Interval) -> int:
    """A month counts as 30 days, a day as 24 hours."""
    return (value.months * 30 + value.days) * DAY_US + value.us


def _interval(left: Interval, right: Interval) -> int:
    return _plain(span_us(left), span_us(right))


def _padded(left: str, right: str) -> int:
    return _plain(left.rstrip(" "), right.rstrip(" "))


def _json(left: str, right: str) -> int:
    return 0 if left == right else json_order.order(checked(left), checked(right))


_BY_TYPE: dict[Oid, Compare] = {
    oids.FLOAT4: _number,
    oids.FLOAT8: _number,
    oids.NUMERIC: _number,
    oids.INTERVAL: _interval,
    oids.BPCHAR: _padded,
    oids.JSONB: _json,
    oids.INET: networks.order,
    oids.CIDR: networks.order,
    oids.PG_LSN: places.order,
    oids.TID: places.row_order,
    oids.TIMETZ: zoned_times.order,
    oids.SPARSEVEC: sparsevecs.order,
}


def equal_key(oid: Oid) -> Callable[[Any], Hashable]:
    """value -> what is equal for equal values, to be looked up"""
    return _EQUAL_KEYS.get(oid, lambda value: value)


_EQUAL_KEYS: dict[Oid, Callable[[Any], Hashable]] = {
    oids.NUMERIC: inward(oids.NUMERIC),
    oids.INTERVAL: lambda value: span_us(inward(oids.INTERVAL)(value)),
    oids.JSONB: lambda value: json_order.identity(checked(value)),
    oids.INET: networks.sort_key,
    oids.CIDR: networks.sort_key,
}


def comparer(oid: Oid) -> Compare:
    row = TYPES.get(oid)
    if row is not None and row.is_array:
        return _arrays(comparer(row.element))
    if is_enum(oid):
        return lambda left, right: place_of(oid, left) - place_of(oid, right)
    return _BY_TYPE.get(oid, _plain)


def _arrays(compare: Compare) -> Compare:
    def run(left: list[Any], right: list[Any]) -> int:
        one, other = flattened(left), flattened(right)
        for a, b in zip(one, other, strict=False):
            order = (a is None) - (b is None) if a is None or b is None else compare(a, b)
            if order:
                return order
        return (
            _plain(len(one), len(other))
            or _plain(len(dimensions(left)), len(dimensions(right)))
            or _plain(dimensions(left), dimensions(right))
        )

    return run


def _register(symbol: str) -> None:
    test = TESTS[symbol]

    def compare(types: Sequence[Oid], left: Any, right: Any) -> bool:
        return test(comparer(types[0])(left, right))

    function(f"{symbol}(anyelement, anyelement) bool", typed=True)(compare)


for _symbol in SYMBOLS:
    _register(_symbol)


@function("is distinct(anyelement, anyelement) bool", nulls=True, typed=True)
def _distinct(types: Sequence[Oid], left: Any, right: Any) -> bool:
    if left is None or right is None:
        return left is not right
    return comparer(types[0])(left, right) != 0


@function("num_nulls(any...) int4", nulls=True)
def _num_nulls(*values: Any) -> int:
    return sum(value is None for value in values)


@function("num_nonnulls(any...) int4", nulls=True)
def _num_nonnulls(*values: Any) -> int:
    return sum(value is not None for value in values)


function("isfinite(date) bool", "isfinite(timestamp) bool", "isfinite(timestamptz) bool", "isfinite(interval) bool")(
    lambda value: not (isinstance(value, float) and math.isinf(value))
)


for _name, _symbol in (("eq", "="), ("ne", "<>"), ("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">=")):
    function(f"jsonb_{_name}(jsonb, jsonb) bool")(lambda left, right, test=TESTS[_symbol]: test(_json(left, right)))
function("jsonb_cmp(jsonb, jsonb) int4")(_json)
