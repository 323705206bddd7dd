"""Ordered-set aggregates of catalog queries: percentiles and the most frequent value, WITHIN GROUP (ORDER BY ...).

PostgreSQL: functions-aggregate#FUNCTIONS-ORDEREDSET-TABLE
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlglot import exp

from pgiris import sqlstate
from pgiris.catalog import computed
from pgiris.catalog.names import Scope
from pgiris.catalog.typed import Typed, array_of, is_array
from pgiris.errors import PgError, not_supported
from pgiris.sql.coercion import Kind
from pgiris.sql.infer import fold
from pgiris.types import oids

if TYPE_CHECKING:
    from pgiris.catalog.expressions import Expressions

_FLOAT8 = Kind(oids.FLOAT8)


def call(compiler: Expressions, node: exp.WithinGroup, scope: Scope) -> Typed:
    """Raises 42883 for what is no such aggregate, 0A000 for one of several keys."""
    tail = node.meta.pop("tail", "")
    aggregate, order = node.this, node.expression
    name = fold(aggregate.this) if isinstance(aggregate, exp.Anonymous) else aggregate.key
    made = _AGGREGATES.get(name)
    if made is None or len(order.expressions) != 1 or " OVER " in tail:
        raise not_supported(f"{name}() WITHIN GROUP is not supported in a catalog query")
    (key,) = order.expressions
    arguments = [compiler.typed(item, scope) for item in aggregate.expressions]
    return made(compiler, arguments, compiler.value(key.this, scope), bool(key.args.get("desc")), tail)


def _cont(compiler: Expressions, arguments: list[Typed], key: Typed, descending: bool, tail: str) -> Typed:
    key = compiler.coerce(key, _FLOAT8)
    return _quantile(compiler, "quantile_cont", arguments, key, descending, tail)


def _disc(compiler: Expressions, arguments: list[Typed], key: Typed, descending: bool, tail: str) -> Typed:
    if not computed.is_comparable(key.oid):
        raise not_supported("percentiles of this type are not supported in a catalog query")
    return _quantile(compiler, "quantile_disc", arguments, key, descending, tail)


def _quantile(compiler: Expressions, word: str, arguments: list[Typed], key: Typed, descending: bool, tail: str) -> Typed:
    if len(arguments) != 1:
        raise PgError(sqlstate.UNDEFINED_FUNCTION, "percentiles take one fraction or an array of them")
    several = is_array(arguments[0].oid)
    kind = Kind(oids.FLOAT8_ARRAY) if several else _FLOAT8
    fraction = compiler.cast(arguments[0], kind) if several else compiler.coerce(arguments[0], kind)
    order = f" ORDER BY {key.sql} DESC" if descending else ""
    sql = f"{word}({key.sql}, {fraction.sql}{order}){tail}"
    return Typed(sql, Kind(array_of(key.oid)) if several else Kind(key.oid))


def _mode(compiler: Expressions, arguments: list[Typed], key: Typed, descending: bool, tail: str) -> Typed:
    """Of values that are as frequent the first one."""
    order = computed.sort_key(compiler, key) + (" DESC" if descending else "")
    return Typed(f"mode({key.sql} ORDER BY {order}){tail}", Kind(key.oid))


_AGGREGATES: dict[str, Callable[[Expressions, list[Typed], Typed, bool, str], Typed]] = {
    "mode": _mode,
    "percentile_cont": _cont,
    "percentile_disc": _disc,
}
