"""Arguments of a call in a catalog query, with what aggregates may have beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlglot import exp

from pgiris.catalog.names import Scope
from pgiris.catalog.typed import Typed

if TYPE_CHECKING:
    from pgiris.catalog.expressions import Expressions


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
    if items and isinstance(items[0], exp.Distinct):
        distinct = "DISTINCT "
        items[:1] = items[0].expressions
    if len(items) == 1 and isinstance(items[0], exp.Star):
        items = []
    return [compiler.typed(item.this if isinstance(item, exp.Variadic) else item, scope) for item in items], Around(
        distinct, order, tail
    )
