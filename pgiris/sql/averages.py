"""Averages: aggregates of type numeric whose decimals IRIS counts in its own way, computed of sums and counts that are exact.

PostgreSQL: src/backend/utils/adt/numeric.c (numeric_avg, numeric_stddev_internal)
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from pgiris.compute.program import Program
from pgiris.sql.coercion import NUMERIC, Kind
from pgiris.sql.functions import FUNCTIONS, choose
from pgiris.sql.infer import fold, kind_of, set_kind
from pgiris.types import oids

_NAMES = frozenset(("avg", "stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop"))


def is_average(node: exp.Expr) -> bool:
    """Whether an aggregate call, perhaps with FILTER, is one of these."""
    call = node.this if isinstance(node, exp.Filter) else node
    return (
        isinstance(call, exp.Anonymous)
        and bool(call.meta.get("aggregate"))
        and kind_of(call).oid == oids.NUMERIC
        and fold(call.this) in _NAMES
        and len(call.expressions) == 1
    )


def program(node: exp.Expr, ask: Callable[[exp.Expr], Program]) -> Program:
    """ask: have IRIS give an expression; its column."""
    name = fold((node.this if isinstance(node, exp.Filter) else node).this)
    total = _numeric(ask(_call(node, "sum")))
    count = ask(_call(node, "count"))
    if name == "avg":
        return ("f", "average", oids.NUMERIC, -1, total, count)
    squares = _numeric(ask(_call(node, "sum", squared=True)))
    return ("f", name, oids.NUMERIC, -1, total, squares, count)


def _numeric(column: Program) -> Program:
    return column if column[1] == oids.NUMERIC else ("f", "cast", oids.NUMERIC, -1, column)


def _call(node: exp.Expr, name: str, *, squared: bool = False) -> exp.Expr:
    """The same aggregate call of another function."""
    made = node.copy()
    call = made.this if isinstance(made, exp.Filter) else made
    call.set("this", name)
    holder = call if not isinstance(call.expressions[0], exp.Distinct) else call.expressions[0]
    argument = holder.expressions[0]
    kind = kind_of(argument)
    if squared:
        kind = NUMERIC
        argument = exp.Mul(this=exp.Paren(this=argument), expression=exp.Paren(this=argument.copy()))
        for part in (argument, argument.this, argument.expression):
            set_kind(part, kind if part is argument else kind_of(part.this))
        holder.set("expressions", [argument])
    chosen = choose(FUNCTIONS[name], [kind])
    assert chosen is not None
    call.meta["call"] = chosen
    set_kind(call, Kind(chosen.function.result))
    set_kind(made, kind_of(call))
    return made
