"""Grouping sets: ROLLUP, CUBE and GROUPING SETS, which IRIS has not: a UNION ALL of one query for each set.

In: a SELECT of postgres.py, before anything is inferred. Out: the same node, selecting from that union.
PostgreSQL: queries-table-expressions#QUERIES-GROUPING-SETS
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.aggregates import is_aggregate
from pgiris.sql.infer import NULL_OF, column_name, fold, unwrapped, value_of
from pgiris.sql.postgres import position_of
from pgiris.sql.recursion import is_of_with
from pgiris.sql.scope import find_relation
from pgiris.sql.statement import Statement
from pgiris.sql.trees import all_of, copied, is_star

MOST_SETS = 64  # each is a query. PostgreSQL has 4096
_REFUSED = ("windows", "locks")
_SETS = (exp.Rollup, exp.Cube, exp.GroupingSets)

Set = tuple[exp.Expr, ...]


def to_union(node: exp.Select, statement: Statement) -> bool:
    group = node.args.get("group")
    if group is None:
        return False
    items = list(node.expressions)
    if not any(isinstance(key, _SETS) or key == exp.Tuple() for key in group.expressions) and not _asks_for_sets(node):
        return False
    distinct = node.args.get("distinct")
    is_chosen = distinct is not None and distinct.args.get("on") is not None
    if is_chosen or any(node.args.get(part) for part in _REFUSED) or not _are_plain([*items, node.args.get("having")]):
        raise not_supported("grouping sets together with DISTINCT ON or subqueries are not supported")
    if _has_window(node.args.get("having")):
        raise PgError(sqlstate.WINDOWING_ERROR, "window functions are not allowed in HAVING")
    known = _inputs(node, statement)
    sets = _all_sets([_resolved(key, items, known) for key in group.expressions])
    if group.args.get("all") is False:  # GROUP BY DISTINCT
        sets = list({frozenset(one): one for one in reversed(sets)}.values())
    if len(sets) > MOST_SETS:
        raise not_supported(f"more than {MOST_SETS} grouping sets are not supported")
    keys: list[exp.Expr] = []
    for one in sets:
        keys += [key for key in one if key not in keys]
    names = list(map(column_name, items))
    values = [value for value in map(value_of, items) if not _has_window(value)]
    outer = _outer_items(items, values)
    keys_of_order = node.args["order"].expressions if node.args.get("order") else ()
    order = [_order_key(ordered, items, outer, values) for ordered in keys_of_order]
    sets.sort(key=len, reverse=True)  # so that the first query tells the types of most columns
    union: exp.Expr | None = None
    for one in sets:
        branch = _branch(node, values, one, keys, union is None)
        union = branch if union is None else exp.Union(this=union, expression=branch, distinct=False)
        union.meta["grouping_sets"] = True
    source = exp.Subquery(this=union, alias=exp.TableAlias(this=exp.to_identifier("grouped")))
    node.set(
        "expressions", [exp.alias_(copied(item), name, quoted=True, copy=False) for item, name in zip(outer, names, strict=True)]
    )
    node.set("from_", exp.From(this=source))
    for clause in ("joins", "laterals", "where", "group", "having"):
        node.set(clause, None)
    if order:
        node.set("order", exp.Order(expressions=order))
    return True


def _asks_for_sets(node: exp.Select) -> bool:
    """Whether GROUPING() is called, which is 0 of ordinary keys."""
    parts = [*node.expressions, node.args.get("having"), node.args.get("order")]
    calls = (call for part in parts if part is not None for call in all_of(part, exp.Anonymous))
    return any(fold(call.this) == "grouping" and call.find_ancestor(exp.Select) is node for call in calls)


def _are_plain(parts: Sequence[exp.Expr | None]) -> bool:
    return not any(part is not None and (is_star(part) or part.find(exp.Query)) for part in parts)


def _has_window(node: exp.Expr | None) -> bool:
    return node is not None and node.find(exp.Window) is not None


def _outer_items(items: Sequence[exp.Expr], values: list[exp.Expr]) -> list[exp.Expr]:
    """The select list around the union. values: its columns, to which the operands of window functions are added."""
    made: list[exp.Expr] = []
    place = 0
    for value in map(value_of, items):
        if _has_window(value):
            made.append(_around(value, values))
        else:
            made.append(_column(place))
            place += 1
    return made


def _around(node: exp.Expr, values: list[exp.Expr]) -> exp.Expr:
    """An expression with window functions, which see the rows of all sets: what is in them and beside them are columns."""
    holder = exp.Paren(this=copied(node))
    waiting: list[exp.Expr] = [holder.this]
    while waiting:
        at = waiting.pop()
        if isinstance(at, exp.Window):
            waiting += _operands(at)
        elif _has_window(at):
            waiting += at.iter_expressions()
        elif not isinstance(at, exp.Literal | exp.Null | exp.Boolean | exp.Parameter | exp.Star | exp.DataType):
            if at not in values:
                values.append(copied(at))
            at.replace(_column(values.index(at)))
    made: exp.Expr = holder.this
    return made


def _operands(window: exp.Window) -> list[exp.Expr]:
    if not isinstance(window.this, exp.Anonymous):
        raise not_supported("window functions with FILTER are not supported beside grouping sets")
    order = window.args.get("order")
    keys = [ordered.this for ordered in order.expressions] if order is not None else []
    return [*window.this.expressions, *(window.args.get("partition_by") or ()), *keys]


def _inputs(node: exp.Select, statement: Statement) -> set[str] | None:
    """The names of the columns of FROM, which GROUP BY prefers to those of the select list; None: not all are known yet."""
    entries = [node.args["from_"].this] if node.args.get("from_") is not None else []
    entries += [join.this for join in node.args.get("joins") or ()]
    names: set[str] = set()
    for entry in entries:
        analysis, relation = statement.analysis, None
        if isinstance(entry, exp.Table) and isinstance(entry.this, exp.Identifier) and not is_of_with(entry, fold(entry.this)):
            relation = find_relation(analysis.snapshot, analysis.search_path, fold(entry.args.get("db")), fold(entry.this))
        alias = entry.args.get("alias")
        if relation is None or (alias is not None and alias.args.get("columns")):
            return None
        names |= relation.by_name.keys()
    return names


def _resolved(key: exp.Expr, items: Sequence[exp.Expr], known: set[str] | None) -> exp.Expr:
    """Numbers of select items, and names that only they have, as the items. known: names of the columns of FROM."""
    key = _by_number(key, items)
    if known is None:
        return key
    given = {fold(item.args["alias"]): item.this for item in items if isinstance(item, exp.Alias)}
    for column in list(key.find_all(exp.Column)):
        name = fold(column.this)
        if not _is_element(column, key) or column.args.get("table") or name.lower() in known or name not in given:
            continue
        value: exp.Expr = copied(given[name])
        if column is key:
            return value
        column.replace(value)
    return key


def _is_element(node: exp.Expr, key: exp.Expr) -> bool:
    """Whether it is an element of GROUP BY or of a set, and not a part of one."""
    while node is not key and isinstance(node.parent, exp.Paren):
        node = node.parent
    return node is key or isinstance(node.parent, exp.Tuple | exp.Rollup | exp.Cube | exp.GroupingSets)


def _by_number(key: exp.Expr, items: Sequence[exp.Expr]) -> exp.Expr:
    for literal in list(key.find_all(exp.Literal)):
        if literal.is_string or not isinstance(literal.parent, (exp.Group, exp.Tuple, *_SETS)):
            continue
        place = int(literal.name)
        if not 1 <= place <= len(items):
            message = f"GROUP BY position {place} is not in select list"
            raise PgError(sqlstate.INVALID_COLUMN_REFERENCE, message, position=position_of(literal))
        item = items[place - 1]
        made = copied(value_of(item))
        if literal is key:
            return made
        literal.replace(made)
    return key


def _all_sets(keys: Sequence[exp.Expr]) -> list[Set]:
    """Each element of GROUP BY is some sets; all of them together are those of each combination."""
    return [_joined(parts) for parts in product(*map(_sets, keys))]


def _sets(key: exp.Expr) -> list[Set]:
    if isinstance(key, exp.GroupingSets):
        return [one for part in key.expressions for one in _sets(part)]
    if isinstance(key, exp.Rollup):
        parts = [_parts(part) for part in key.expressions]
        return [_joined(parts[:length]) for length in range(len(parts), -1, -1)]
    if isinstance(key, exp.Cube):
        parts = [_parts(part) for part in key.expressions]
        return [_joined(chosen) for length in range(len(parts), -1, -1) for chosen in combinations(parts, length)]
    return [_parts(key)]


def _parts(key: exp.Expr) -> Set:
    return tuple(key.expressions) if isinstance(key, exp.Tuple) else (unwrapped(key),)


def _joined(parts: Sequence[Set]) -> Set:
    made: list[exp.Expr] = []
    for part in parts:
        made += [key for key in part if key not in made]
    return tuple(made)


def _order_key(ordered: exp.Ordered, items: list[exp.Expr], outer: list[exp.Expr], values: list[exp.Expr]) -> exp.Ordered:
    """A sort key as a column of the union, to which it is added if it is not there. values: of all columns."""
    key, made = unwrapped(ordered.this), copied(ordered)
    place = None
    if isinstance(key, exp.Literal) and not key.is_string and 1 <= int(key.name) <= len(items):
        place = int(key.name) - 1
    elif isinstance(key, exp.Column) and not key.args.get("table"):
        found = (
            at for at, item in enumerate(items) if isinstance(item, exp.Alias) and fold(item.args["alias"]) == fold(key.this)
        )
        place = next(found, None)
    if place is not None:
        made.set("this", exp.Literal.number(place + 1) if _has_window(outer[place]) else copied(outer[place]))
        return made
    if not _are_plain([key]):
        raise not_supported("grouping sets together with subqueries are not supported")
    made.set("this", _around(key, values))
    return made


def _column(place: int) -> exp.Column:
    return exp.column(f"c{place + 1}", table="grouped", quoted=True)


def _branch(node: exp.Select, values: Sequence[exp.Expr], grouped: Set, keys: Sequence[exp.Expr], first: bool) -> exp.Select:
    """The query of one set. first: its columns tell their types."""
    missing = [key for key in keys if key not in grouped]
    branch = exp.Select(
        expressions=[
            exp.alias_(copied(_of_set(value, grouped, missing, first)), f"c{place}", quoted=True, copy=False)
            for place, value in enumerate(values, 1)
        ]
    )
    for clause in ("from_", "joins", "laterals", "where", "having"):
        part = node.args.get(clause)
        if part is not None:
            branch.set(clause, [copied(one) for one in part] if isinstance(part, list) else copied(part))
    having = branch.args.get("having")
    if having is not None:
        having.set("this", _of_set(having.this, grouped, missing, False))
    if grouped:
        branch.set("group", exp.Group(expressions=[copied(key) for key in grouped]))
    elif not any(_is_aggregate(part) for item in branch.expressions for part in item.walk()):
        branch.set("having", having or exp.Having(this=exp.Boolean(this=True)))
    return branch


def _of_set(value: exp.Expr, grouped: Set, missing: Sequence[exp.Expr], typed: bool) -> exp.Expr:
    """An expression, these keys NULL, outside of aggregates; GROUPING() is known. typed: also a NULL that is all of it."""
    holder = exp.Paren(this=copied(value))
    waiting: list[exp.Expr] = [holder.this]
    while waiting:
        at = waiting.pop()
        if isinstance(at, exp.Anonymous) and fold(at.this) == "grouping":
            at.replace(exp.Literal.number(_grouping(at, grouped, missing)))
        elif at in grouped:
            continue
        elif at in missing:
            at.replace(_typed_null(at) if typed or at.parent is not holder else exp.Null())
        elif not _is_aggregate(at):
            waiting += at.iter_expressions()
    made: exp.Expr = holder.this
    return made


def _grouping(call: exp.Anonymous, grouped: Set, missing: Sequence[exp.Expr]) -> int:
    bits = 0
    for argument in call.expressions:
        if argument not in grouped and argument not in missing:
            message = "arguments to GROUPING must be grouping expressions of the associated query level"
            raise PgError(sqlstate.GROUPING_ERROR, message, position=position_of(argument))
        bits = bits * 2 + (argument in missing)
    return bits


def _typed_null(key: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=NULL_OF, expressions=[copied(key)])


def _is_aggregate(node: exp.Expr) -> bool:
    return isinstance(node, exp.Filter | exp.WithinGroup | exp.AggFunc) or is_aggregate(node)
