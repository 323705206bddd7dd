"""Arguments of a call in a catalog query, with what aggregates may have beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sqlglot import exp

from pgiris.catalog import computed
from pgiris.catalog.names import Scope
from pgiris.catalog.typed import Typed
from pgiris.sql.infer import fold
from pgiris.sql.trees import copied

if TYPE_CHECKING:
    from pgiris.catalog.expressions import Expressions


# Aggregates whose result tells the order of the rows.
ORDERED = frozenset(("array_agg", "json_agg", "json_object_agg", "jsonb_agg", "jsonb_object_agg", "string_agg"))


class Around(NamedTuple):
    """What stands in and behind the call of an aggregate: DISTINCT, ORDER BY; FILTER and OVER."""

    distinct: str
    order: str
    tail: str

    def call(self, name: str, inside: str) -> str:
        return f"{name}({self.distinct}{inside}{self.order}){self.tail}"


def arguments_of(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> tuple[list[Typed], Around]:
    items = list(node.expressions)
    tail = node.meta.pop("tail", "")
    distinct = order = ""
    if items and isinstance(items[-1], exp.Order):
        last = items.pop()
        order = " " + compiler.queries.order(last, scope)
        items.append(last.this)
    elif fold(node.this) in ORDERED and "OVER" not in tail and not (items and isinstance(items[0], exp.Distinct)):
        order = compiler.queries.natural_order(scope)
    if items and isinstance(items[0], exp.Distinct):
        distinct = "DISTINCT "
        items[:1] = items[0].expressions
        if not order and fold(node.this) in ("array_agg", "string_agg"):  # PostgreSQL finds equal values by sorting them
            order = " " + compiler.queries.order(exp.Order(expressions=[exp.Ordered(this=copied(items[0]))]), scope)
    if len(items) == 1 and isinstance(items[0], exp.Star):
        items = []
    values = [compiler.typed(item.this if isinstance(item, exp.Variadic) else item, scope) for item in items]
    if distinct and fold(node.this) == "count":
        values = [replace(value, sql=computed.equality_key(compiler, value)) for value in values]
    return values, Around(distinct, order, tail)
