"""Inner: subqueries that depend on the row at hand and that IRIS has no words for.

("f", "inner", oid, -1, specification, table, condition, item, limit, aggregate..., sort key..., rows...): the table is a JSON
text of rows, which IRIS has chosen for the row at hand; rows are programs of functions, each of which makes several rows of one.
They see the row at hand, then the cells of the table from the last to the first, then those of the functions: "g" leaves count
from the end. Of aggregates the item sees the row at hand and their values from the last to the first.
PostgreSQL: functions-subquery, sql-expressions#SQL-SYNTAX-SCALAR-SUBQUERIES
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from pgiris import sqlstate
from pgiris.compute import rowcounts
from pgiris.compute.gathered import cells_of, sort_key
from pgiris.compute.native import outward
from pgiris.compute.rowcounts import Clause
from pgiris.errors import PgError, not_supported
from pgiris.types.codec import Context, Oid, Value
from pgiris.types.jsontext import checked

Row = Sequence[Value]
Run = Callable[[Row, Row], Any]

FIXED = 5  # programs before those of which there are any number


class Specification(msgspec.Struct):
    """kind: exists, in, value, lateral (a value too), aggregate.

    functions: for each its width and whether it keeps rows of which it makes none.
    order: for each sort key whether it is descending and whether NULLs come first.
    """

    kind: str
    has_table: bool
    aggregates: int
    order: list[tuple[bool, bool]]
    functions: list[tuple[int, bool]]


def build(runs: list[Run], types: tuple[Oid, ...], oid: Oid, typmod: int, context: Context) -> Run:
    """As program.py's constructs."""
    plan = msgspec.json.decode(runs[0]((), ()), type=Specification)
    table, condition, item, limit = runs[1:FIXED]
    keys_at = FIXED + plan.aggregates
    functions_at = keys_at + len(plan.order)
    make = _rows_maker(table if plan.has_table else None, condition, runs[functions_at:], plan.functions)
    if plan.kind == "exists":
        return lambda values, row: bool(make(values, row))
    if plan.kind == "in":
        return _membership(make, item)
    if plan.kind == "aggregate":
        return _aggregated(make, item, list(zip(runs[FIXED:keys_at], types[FIXED:keys_at], strict=True)))
    key_runs, by_keys = runs[keys_at:functions_at], sort_key(types[keys_at:functions_at], plan.order)

    several = _several_of_lateral if plan.kind == "lateral" else _several

    def value(values: Row, row: Row) -> Any:
        rows = make(values, row)
        if key_runs:
            rows.sort(key=lambda one: by_keys([run(values, one) for run in key_runs]))
        if (most := rowcounts.require_count(limit(values, row), Clause.LIMIT)) is not None:
            del rows[most:]
        if len(rows) > 1:
            raise several()
        return item(values, rows[0]) if rows else None

    return value


def _several() -> PgError:
    return PgError(sqlstate.CARDINALITY_VIOLATION, "more than one row returned by a subquery used as an expression")


def _several_of_lateral() -> PgError:
    return not_supported("LATERAL of several rows for one is not supported with what IRIS cannot say in it")


def _rows_maker(
    table: Run | None, condition: Run, functions: Sequence[Run], forms: Sequence[tuple[int, bool]]
) -> Callable[[Row, Row], list[Row]]:
    parts = [(run, [(None,) * width] if outer else []) for run, (width, outer) in zip(functions, forms, strict=True)]

    def make(values: Row, row: Row) -> list[Row]:
        rows: list[Row] = [row]
        if table is not None:
            text = table(values, row)
            items = checked(text) if isinstance(text, str) else text or ()  # IRIS may embed the rows of a row
            rows = [(*row, *reversed(cells_of(item))) for item in items]
        for run, none in parts:
            rows = [(*one, *cells) for one in rows for cells in run(values, one) or none]
        return [one for one in rows if condition(values, one) is True]

    return make


def _membership(make: Callable[[Row, Row], list[Row]], equal: Run) -> Run:
    def run(values: Row, row: Row) -> Any:
        found: bool | None = False
        for one in make(values, row):
            truth = equal(values, one)
            if truth is True:
                return True
            if truth is None:
                found = None
        return found

    return run


def _aggregated(make: Callable[[Row, Row], list[Row]], item: Run, aggregates: Sequence[tuple[Run, Oid]]) -> Run:
    finishing = [(run, outward(oid)) for run, oid in aggregates]

    def run(values: Row, row: Row) -> Any:
        rows = make(values, row)
        made: list[Value] = []
        for aggregate, convert in finishing:
            native = aggregate(values, rows)
            made.append(None if native is None else convert(native))
        return item(values, (*row, *reversed(made)))

    return run
