"""Inner: subqueries that depend on the row at hand and that IRIS has no words for.

("f", "inner", oid, -1, specification, table, condition, item, aggregate..., sort key..., rows...): the table is a JSON text of
rows, which IRIS has chosen for the row at hand; rows are programs of functions, each of which makes several rows of one. They see
the row at hand, then the cells of the table from the last to the first, then those of the functions: "g" leaves count from the
end. Of aggregates the item sees the row at hand and their values from the last to the first.
PostgreSQL: functions-subquery, sql-expressions#SQL-SYNTAX-SCALAR-SUBQUERIES
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from pgiris import sqlstate
from pgiris.compute.gathered import cells_of, sort_key
from pgiris.compute.native import outward
from pgiris.errors import PgError
from pgiris.types.codec import Context, Oid, Value
from pgiris.types.jsontext import checked

Row = Sequence[Value]
Run = Callable[[Row, Row], Any]


class Specification(msgspec.Struct):
    """kind: exists, in, value, aggregate. functions: for each its width and whether it keeps rows of which it makes none.

    order: for each sort key whether it is descending and whether NULLs come first. limit: -1 for all rows.
    """

    kind: str
    has_table: bool
    aggregates: int
    order: list[tuple[bool, bool]]
    functions: list[tuple[int, bool]]
    limit: int = -1


def build(runs: list[Run], types: tuple[Oid, ...], oid: Oid, typmod: int, context: Context) -> Run:
    """As program.py's constructs."""
    plan = msgspec.json.decode(runs[0]((), ()), type=Specification)
    table, condition, item = runs[1:4]
    keys_at = 4 + plan.aggregates
    functions_at = keys_at + len(plan.order)
    make = _rows_maker(table if plan.has_table else None, condition, runs[functions_at:], plan.functions)
    if plan.kind == "exists":
        return lambda values, row: bool(make(values, row))
    if plan.kind == "in":
        return _membership(make, item)
    if plan.kind == "aggregate":
        return _aggregated(make, item, list(zip(runs[4:keys_at], types[4:keys_at], strict=True)))
    key_runs, by_keys = runs[keys_at:functions_at], sort_key(types[keys_at:functions_at], plan.order)

    def value(values: Row, row: Row) -> Any:
        rows = make(values, row)
        if key_runs:
            rows.sort(key=lambda one: by_keys([run(values, one) for run in key_runs]))
        if plan.limit >= 0:
            del rows[plan.limit :]
        if len(rows) > 1:
            message = "more than one row returned by a subquery used as an expression"
            raise PgError(sqlstate.CARDINALITY_VIOLATION, message)
        return item(values, rows[0]) if rows else None

    return value


def _rows_maker(
    table: Run | None, condition: Run, functions: Sequence[Run], forms: Sequence[tuple[int, bool]]
) -> Callable[[Row, Row], list[Row]]:
    parts = [(run, [(None,) * width] if outer else []) for run, (width, outer) in zip(functions, forms, strict=True)]

    def make(values: Row, row: Row) -> list[Row]:
        rows: list[Row] = [row]
        if table is not None:
            text = table(values, row)
            rows = [] if text is None else [(*row, *reversed(cells_of(item))) for item in checked(text)]
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
