"""Gathered: aggregates that IRIS has not, computed of all values of a group, which IRIS gives as one JSON array of rows.

("f", "gathered", oid, -1, column, specification, value..., sort key..., further argument...): the column is the JSON text, the
specification a constant (Specification as JSON); values and sort keys are programs of one gathered row ("g" leaves), the further
arguments (a delimiter, a fraction) are evaluated once.
PostgreSQL: functions-aggregate. iris-reference 4.12 (JSON_ARRAYAGG)
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cmp_to_key, reduce
from typing import Any

import msgspec

from pgiris import sqlstate
from pgiris.compute import vectors
from pgiris.compute.casts import shown
from pgiris.compute.comparisons import comparer
from pgiris.compute.documents import piece_of, quoted
from pgiris.compute.native import dimensions
from pgiris.compute.numbers import divide
from pgiris.compute.registry import find
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.codec import Context, Oid, Value
from pgiris.types.interval import Interval
from pgiris.types.jsontext import Number, checked, normalised
from pgiris.types.table import TYPES

Run = Callable[[Sequence[Value], Sequence[Value]], Any]
EMPTY = "\0"  # IRIS's JSON of an empty string


class Specification(msgspec.Struct):
    """values: how many there are. order: for each sort key whether it is descending and whether NULLs come first."""

    name: str
    values: int
    order: list[tuple[bool, bool]]
    distinct: bool = False
    filtered: bool = False  # the first of the further arguments says which rows count


@dataclass(frozen=True)
class Group:
    """rows: the values of each gathered row. types: of the values. further: the other arguments."""

    rows: list[list[Any]]
    types: tuple[Oid, ...]
    further: list[Any]
    context: Context
    result: Oid

    def first(self) -> list[Any]:
        return [row[0] for row in self.rows]


def build(runs: list[Run], types: tuple[Oid, ...], oid: Oid, typmod: int, context: Context) -> Run:
    """As program.py's constructs."""
    text, *parts = runs
    aggregate = build_aggregate(parts, types[1:], oid, typmod, context)

    def run(values: Sequence[Value], row: Sequence[Value]) -> Any:
        gathered = text(values, row)
        return aggregate(values, [] if gathered is None else [cells_of(item) for item in checked(gathered)])

    return run


def build_aggregate(runs: list[Run], types: tuple[Oid, ...], oid: Oid, typmod: int, context: Context) -> Run:
    """The construct without the column: it takes the rows of a group in place of a row."""
    constant, *parts = runs
    plan = msgspec.json.decode(constant((), ()), type=Specification)
    count, keys = plan.values, len(plan.order)
    value_runs, key_runs, further = parts[:count], parts[count : count + keys], parts[count + keys :]
    value_types, key_types = types[1 : 1 + count], types[1 + count : 1 + count + keys]
    counts = further.pop(0) if plan.filtered else None
    finish = AGGREGATES[plan.name]
    by_keys = sort_key(key_types, plan.order)
    by_value = sort_key(value_types, [(False, False)] * count)

    def run(values: Sequence[Value], rows: Sequence[Any]) -> Any:
        if counts is not None:
            rows = [row for row in rows if counts(values, row) is True]
        pairs = [([make(values, c) for make in value_runs], [make(values, c) for make in key_runs]) for c in rows]
        if plan.distinct:
            pairs.sort(key=lambda pair: by_value(pair[0]))
            pairs = [pair for place, pair in enumerate(pairs) if not place or by_value(pair[0]) != by_value(pairs[place - 1][0])]
        if keys:
            pairs.sort(key=lambda pair: by_keys(pair[1]))
        if not pairs:
            return 0 if plan.name in ("count", "regr_count") else None
        group = Group([pair[0] for pair in pairs], value_types, [make(values, ()) for make in further], context, oid)
        return finish(group)

    return run


def cells_of(item: Any) -> list[Value]:
    """A gathered row, whether IRIS embeds the inner array or writes it as a string."""
    if isinstance(item, str):
        item = checked(item)
    return [_cell(cell) for cell in item]


def _cell(cell: Any) -> Value:
    if isinstance(cell, Number):
        return str(cell)
    if cell == EMPTY:
        return ""
    return cell


def sort_key(types: Sequence[Oid], order: Sequence[tuple[bool, bool]]) -> Callable[[list[Any]], Any]:
    compares = [comparer(oid) for oid in types]

    def compare(left: list[Any], right: list[Any]) -> int:
        for a, b, one, (descending, nulls_first) in zip(left, right, compares, order, strict=True):
            if a is None or b is None:
                found = (0 if a is b else -1 if a is None else 1) * (1 if nulls_first else -1)
            else:
                found = one(a, b) * (-1 if descending else 1)
            if found:
                return found
        return 0

    return cmp_to_key(compare)


def _string_agg(group: Group) -> str | None:
    delimiter = group.further[0] or ""
    parts = [text for text in group.first() if text is not None]
    return delimiter.join(parts) if parts else None


def _array_agg(group: Group) -> list[Any]:
    items, row = group.first(), TYPES.get(group.types[0])
    if row is not None and row.is_array:
        _check_arrays(items)
    return items


def _check_arrays(items: list[Any]) -> None:
    """PostgreSQL: accumArrayResultArr in arrayfuncs.c"""
    if any(item is None for item in items):
        raise PgError(sqlstate.NULL_VALUE_NOT_ALLOWED, "cannot accumulate null arrays")
    if not all(items):
        raise PgError(sqlstate.ARRAY_SUBSCRIPT_ERROR, "cannot accumulate empty arrays")
    if len({dimensions(item) for item in items}) > 1:
        raise PgError(sqlstate.ARRAY_SUBSCRIPT_ERROR, "cannot accumulate arrays of different dimensionality")


def _json_agg(group: Group) -> str:
    row = TYPES.get(group.types[0])
    blank = "\n " if group.types[0] == oids.RECORD or (row is not None and row.is_array) else ""
    return "[" + f", {blank}".join(piece_of(group.types[0], value, group.context) for value in group.first()) + "]"


def _members(group: Group) -> list[tuple[str, str]]:
    key_type, value_type = group.types
    if any(key is None for key, _ in group.rows):
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "field name must not be null")
    show = shown(key_type, group.context)
    return [(quoted(show(key)), piece_of(value_type, value, group.context)) for key, value in group.rows]


def _json_object_agg(group: Group) -> str:
    return "{ " + ", ".join(f"{key} : {value}" for key, value in _members(group)) + " }"


def _jsonb_object_agg(group: Group) -> str:
    return normalised("{" + ",".join(f"{key}:{value}" for key, value in _members(group)) + "}")


def _percentile(of_fraction: Callable[[Group, list[Any], float], Any]) -> Callable[[Group], Any]:
    """Of one fraction or of an array of them."""

    def run(group: Group) -> Any:
        values, asked = _present(group), group.further[0]
        if asked is None or not values:
            return None
        return of_each(group, values, asked)

    def of_each(group: Group, values: list[Any], asked: Any) -> Any:
        if isinstance(asked, list):
            return [of_each(group, values, one) for one in asked]
        return None if asked is None else of_fraction(group, values, _checked(asked))

    return run


def _checked(fraction: float) -> float:
    if not 0 <= fraction <= 1:
        message = f"percentile value {fraction:g} is not between 0 and 1"
        raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, message)
    return fraction


def _present(group: Group) -> list[Any]:
    return [value for value in group.first() if value is not None]


def _percentile_cont(group: Group, values: list[Any], fraction: float) -> Any:
    place = fraction * (len(values) - 1)
    low, high = values[math.floor(place)], values[math.ceil(place)]
    part = place - math.floor(place)
    if isinstance(low, Interval):
        months, days, us = high.months - low.months, high.days - low.days, high.us - low.us
        return Interval(low.months + round(months * part), low.days + round(days * part), low.us + round(us * part))
    return low if low == high else low + (high - low) * part


def _percentile_disc(group: Group, values: list[Any], fraction: float) -> Any:
    return values[max(math.ceil(fraction * len(values)), 1) - 1]


def _mode(group: Group) -> Any:
    """The most frequent value, the first of several in the order."""
    values, compare = _present(group), comparer(group.types[0])
    best, best_count, start = None, 0, 0
    for place, value in enumerate(values):
        if compare(value, values[start]):
            start = place
        if place - start + 1 > best_count:
            best, best_count = value, place - start + 1
    return best


def _count(group: Group) -> int:
    return len(_present(group)) if group.types else len(group.rows)


def _sum(group: Group) -> Any:
    values = _present(group)
    if not values:
        return None
    if isinstance(values[0], Interval):
        return Interval(sum(v.months for v in values), sum(v.days for v in values), sum(v.us for v in values))
    if isinstance(values[0], float):
        return math.fsum(values)
    if isinstance(values[0], tuple):
        return vectors.sum_of(group.result, values)
    total = sum(values[1:], values[0])
    return Decimal(total) if group.result == oids.NUMERIC else total


def _avg(group: Group) -> Any:
    values = _present(group)
    if not values:
        return None
    if isinstance(values[0], float):
        return math.fsum(values) / len(values)
    if isinstance(values[0], tuple):
        return vectors.average_of(group.result, values)
    if isinstance(values[0], Interval):
        share = find("/", (oids.INTERVAL, oids.FLOAT8))
        assert share is not None
        return share.run(_sum(group), float(len(values)))
    return divide(Decimal(sum(values[1:], values[0])), Decimal(len(values)))


def _extreme(sign: int) -> Callable[[Group], Any]:
    def run(group: Group) -> Any:
        compare, best = comparer(group.types[0]), None
        for value in _present(group):
            if best is None or sign * compare(value, best) > 0:
                best = value
        return best

    return run


def _all(group: Group) -> bool | None:
    values = _present(group)
    return all(values) if values else None


def _any(group: Group) -> bool | None:
    values = _present(group)
    return any(values) if values else None


@dataclass
class _Sums:
    """Of pairs of numbers (y, x). PostgreSQL: float8_regr_accum in float.c, by Youngs and Cramer"""

    n: float = 0.0
    x: float = 0.0
    xx: float = 0.0
    y: float = 0.0
    yy: float = 0.0
    xy: float = 0.0


def _sums(group: Group) -> _Sums:
    sums = _Sums()
    for y, x in group.rows:
        if y is None or x is None:
            continue
        before, sums.n = sums.n, sums.n + 1
        sums.x += x
        sums.y += y
        if before:
            one, other, scale = x * sums.n - sums.x, y * sums.n - sums.y, 1 / (sums.n * before)
            sums.xx += one * one * scale
            sums.yy += other * other * scale
            sums.xy += one * other * scale
    return sums


def _of_pairs(compute: Callable[[_Sums], float | None], least: int = 1) -> Callable[[Group], float | None]:
    def run(group: Group) -> float | None:
        sums = _sums(group)
        return None if sums.n < least else compute(sums)

    return run


def _r2(sums: _Sums) -> float | None:
    if not sums.xx:
        return None
    return sums.xy * sums.xy / (sums.xx * sums.yy) if sums.yy else 1.0


def _bits(operation: Callable[[int, int], int]) -> Callable[[Group], int | None]:
    def run(group: Group) -> int | None:
        values = _present(group)
        return reduce(operation, values) if values else None

    return run


AGGREGATES: dict[str, Callable[[Group], Any]] = {
    "string_agg": _string_agg,
    "array_agg": _array_agg,
    "json_agg": _json_agg,
    "jsonb_agg": lambda group: normalised(_json_agg(group)),
    "json_object_agg": _json_object_agg,
    "jsonb_object_agg": _jsonb_object_agg,
    "percentile_cont": _percentile(_percentile_cont),
    "percentile_disc": _percentile(_percentile_disc),
    "mode": _mode,
    "count": _count,
    "sum": _sum,
    "avg": _avg,
    "min": _extreme(-1),
    "max": _extreme(1),
    "bool_and": _all,
    "every": _all,
    "bool_or": _any,
    "bit_and": _bits(operator.and_),
    "bit_or": _bits(operator.or_),
    "bit_xor": _bits(operator.xor),
    "corr": _of_pairs(lambda s: s.xy / math.sqrt(s.xx * s.yy) if s.xx and s.yy else None),
    "covar_pop": _of_pairs(lambda s: s.xy / s.n),
    "covar_samp": _of_pairs(lambda s: s.xy / (s.n - 1), least=2),
    "regr_avgx": _of_pairs(lambda s: s.x / s.n),
    "regr_avgy": _of_pairs(lambda s: s.y / s.n),
    "regr_count": lambda group: int(_sums(group).n),
    "regr_intercept": _of_pairs(lambda s: (s.y - s.x * s.xy / s.xx) / s.n if s.xx else None),
    "regr_r2": _of_pairs(_r2),
    "regr_slope": _of_pairs(lambda s: s.xy / s.xx if s.xx else None),
    "regr_sxx": _of_pairs(lambda s: s.xx),
    "regr_sxy": _of_pairs(lambda s: s.xy),
    "regr_syy": _of_pairs(lambda s: s.yy),
}
