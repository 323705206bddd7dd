"""Single rows: a subquery that stands for a value has one row at most, else its statement fails with 21000.

Most cannot have several: their conditions pin a unique key, they are aggregates, or LIMIT says so. The others become aggregates
themselves, those of groups too: ``CASE WHEN 1 / <0 if there are several rows, else 1> = 1 THEN MIN(x) END``. That IRIS fails to
divide by zero is all that its manual tells of failing inside of an expression; what it does with a scalar subquery of several
rows it does not tell. The worker then knows what the division meant (Plan.one_row).
PostgreSQL: sql-expressions#SQL-SYNTAX-SCALAR-SUBQUERIES
"""

from __future__ import annotations

from sqlglot import exp

from pgiris.sql import calls
from pgiris.sql.coercion import STRINGS, Kind
from pgiris.sql.infer import fold, kind_of, unwrapped, value_of
from pgiris.sql.iris import nodes
from pgiris.sql.statement import Statement
from pgiris.sql.trees import Census, copied
from pgiris.sql.write import template
from pgiris.types import oids
from pgiris.types.vector import DENSE

SEVERAL = "COUNT(*) > 1"
SEVERAL_DISTINCT = "COUNT(DISTINCT {0}) + MAX(CASE WHEN {0} IS NULL THEN 1 ELSE 0 END) > 1"
OF_ONE = "1 / (CASE WHEN {several} THEN 0 ELSE 1 END) = 1"
GROUP = f"CASE WHEN {OF_ONE} AND COUNT(*) > 0 THEN {{{{0}}}} END"
SOLE = f"CASE WHEN {OF_ONE} THEN MIN({{{{0}}}}) END"
SOLE_OUTER = f"CASE WHEN {OF_ONE} AND COUNT(*) = 1 THEN {{{{0}}}} END"  # MIN() of it would be one of the query around

_WITHOUT_MIN = frozenset((oids.BYTEA, *DENSE))
_DIVIDING_CALLS = frozenset(("mod", "div"))


def divisors(census: Census) -> list[exp.Expr] | None:
    """What a statement divides by; None: it calls functions that divide."""
    if any(fold(call.this) in _DIVIDING_CALLS for call in census.of(exp.Anonymous)):
        return None
    return [node.expression for node in census.of(exp.Div, exp.Mod)]


def _is_not_zero(divisor: exp.Expr) -> bool:
    divisor = unwrapped(divisor)
    if not isinstance(divisor, exp.Literal) or not any(digit in divisor.name for digit in "123456789"):
        return False
    divisor.meta["pin"] = True  # of another number it would not be true
    return True


def has_least(kind: Kind) -> bool:
    return bool(kind.oid) and kind.oid not in _WITHOUT_MIN


def checked(node: exp.Select, statement: Statement) -> bool:
    """Make a query that may have several rows one that has one, or fails. Its items are rewritten already.

    False: it cannot be said of it as it is.
    """
    value = value_of(node.expressions[0])
    kind = kind_of(value)
    if node.args.get("group") is not None:
        return _one_group(node, value, statement)
    if not has_least(kind) or isinstance(unwrapped(value), exp.Null) or value.find(exp.Window, exp.Query):
        return False
    if node.args.get("offset") is not None or not _is_unlimited(node):
        return False
    distinct = node.args.get("distinct")
    several = SEVERAL if distinct is None else SEVERAL_DISTINCT
    exact = calls.exact(value) if kind.oid in STRINGS else value
    form = SOLE
    if all(column.meta.get("outer") for column in value.find_all(exp.Column)):
        form, exact = SOLE_OUTER, _by_queries(value)
    _becomes_one(node, template(form.format(several=several), unwrapped(exact), kind=kind), statement)
    return True


def _becomes_one(node: exp.Select, made: exp.Expr, statement: Statement) -> None:
    for clause in ("group", "distinct", "order", "limit"):
        node.set(clause, None)
    node.set("expressions", [made])
    node.meta["grouped"] = True
    statement.fired("one_row")
    statement.one_row = statement.divisors is not None and all(map(_is_not_zero, statement.divisors))


def _one_group(node: exp.Select, value: exp.Expr, statement: Statement) -> bool:
    """There are several groups if there are several values of a key; else an aggregate of the group is one of all rows."""
    keys: list[exp.Expr] = [calls.exact(key) for key in node.args["group"].expressions]
    kinds = {kind_of(key).oid for key in keys}
    item = node.meta.get("group_item")
    if not item or not _is_unlimited(node) or not all(kinds) or kinds & _WITHOUT_MIN or any(map(_is_constant, keys)):
        return False
    several = " OR ".join(SEVERAL_DISTINCT.replace("{0}", f"{{{place}}}") for place in range(1, len(keys) + 1))
    shown = calls.exact(value) if kind_of(value).oid in STRINGS and item == "keys" else value
    text = GROUP.format(several=several).replace("{0}", "MIN({0})" if item == "keys" else "{0}")
    _becomes_one(node, template(text, unwrapped(shown), *map(unwrapped, keys), kind=kind_of(value)), statement)
    return True


def _is_constant(key: exp.Expr) -> bool:
    return next(iter(key.find_all(exp.Column)), None) is None


def _by_queries(value: exp.Expr) -> exp.Expr:
    """Beside aggregates IRIS would take columns of the query around for those of each row: queries of their own ask for them."""
    holder = exp.Paren(this=value)
    for column in list(holder.find_all(exp.Column)):
        column.replace(exp.Subquery(this=exp.Select(expressions=[copied(column)])))
    return holder


def _is_unlimited(node: exp.Select) -> bool:
    """Whether LIMIT leaves more than one row: then it is no matter how many."""
    limit = node.args.get("limit")
    if limit is None or (nodes.is_top(limit) and limit.expression is None):
        return True
    count = unwrapped(limit.expression)
    if not isinstance(count, exp.Literal) or not count.name.isdigit():
        return False
    count.meta["pin"] = True
    return int(count.name) > 1
