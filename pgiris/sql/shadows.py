"""Shadows: names in a query that stands within another, of which the nearer query's tables and columns come first.

They are asked for before anything is inferred: of a table that snapshot and tree do not tell, the columns are unknown.
PostgreSQL: queries-table-expressions#QUERIES-LATERAL, colNameToVar in parse_relation.c
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pgiris.sql.infer import column_name, fold
from pgiris.sql.recursion import is_of_with
from pgiris.sql.scope import find_relation
from pgiris.sql.statement import Statement
from pgiris.sql.trees import entries, is_star, is_within


def is_shadowed(node: exp.Column, around: exp.Select, statement: Statement) -> bool | None:
    """Whether its name means something of a query between it and ``around``. None: it is not known."""
    table, name = fold(node.args.get("table")), fold(node.this)
    for query, seen in _nearer(node, around):
        if table:
            if table in map(_alias, seen):
                return True
            continue
        if _is_label(node, query):
            return True
        columns = [_columns(entry, statement) for entry in seen]
        if any(known is not None and name.lower() in known for known in columns):
            return True
        if None in columns:
            return None
    return False


def captures(node: exp.Column, around: exp.Select, moved: exp.Expr) -> bool:
    """Whether names of tables in an expression would mean others, stood it where ``node`` stands, within ``around``."""
    tables = {fold(column.args.get("table")) for column in moved.find_all(exp.Column)}
    tables -= {"", *map(_alias, moved.find_all(exp.Table, exp.Subquery, exp.Lateral))}
    return any(_alias(entry) in tables for _, seen in _nearer(node, around) for entry in seen)


def _nearer(node: exp.Expr, around: exp.Select) -> Iterator[tuple[exp.Select, list[exp.Expr]]]:
    """The queries between a node and one around it, with what the node sees of their FROM, the nearest first."""
    path = [node]
    while path[-1] is not around and path[-1].parent is not None:
        path.append(path[-1].parent)
    for place, query in enumerate(path[:-1]):
        if isinstance(query, exp.Select):
            yield query, _seen(query, path[place - 1], path[place - 2])


def _seen(query: exp.Select, clause: exp.Expr, part: exp.Expr) -> list[exp.Expr]:
    """clause: of the query, and part: of the clause, that a node stands in. In FROM, LATERAL sees what is before it."""
    known = _entries(query)
    if isinstance(clause, exp.From | exp.With):
        return []
    if isinstance(clause, exp.Join) and part.arg_key == "this":
        return [] if isinstance(part, exp.Subquery) else known[: next(i for i, entry in enumerate(known) if entry is part)]
    return known


def _entries(query: exp.Select) -> list[exp.Expr]:
    return [*entries(query), *(query.args.get("laterals") or ())]


def _alias(entry: exp.Expr) -> str:
    alias = entry.args.get("alias")
    if isinstance(alias, exp.TableAlias) and alias.this is not None:
        return fold(alias.this)
    return fold(entry.this) if isinstance(entry.this, exp.Identifier) else ""


def _is_label(node: exp.Column, query: exp.Select) -> bool:
    """Whether ORDER BY names an item of the select list by it."""
    outer = node.parent
    while isinstance(outer, exp.Paren | exp.Ordered):
        outer = outer.parent
    labels = (fold(item.args["alias"]) for item in query.expressions if isinstance(item, exp.Alias))
    return isinstance(outer, exp.Order) and outer.parent is query and fold(node.this) in labels


def _columns(entry: exp.Expr, statement: Statement) -> set[str] | None:
    """The names of the columns of an entry of FROM, in lower case."""
    alias = entry.args.get("alias")
    given = [fold(column).lower() for column in alias.args.get("columns") or ()] if isinstance(alias, exp.TableAlias) else []
    if isinstance(entry, exp.Lateral):
        entry = entry.this
    if isinstance(entry, exp.Values):
        return _renamed(_shown(entry, statement), given)
    if isinstance(entry, exp.Subquery):
        return _renamed(_shown(entry.this, statement), given)
    if not isinstance(entry, exp.Table) or not isinstance(entry.this, exp.Identifier):
        return None
    name, schema = fold(entry.this), fold(entry.args.get("db"))
    if not schema and is_of_with(entry, name):
        cte = _cte(entry, name)
        return None if cte is None else _renamed(_of_cte(cte, statement), given)
    relation = find_relation(statement.analysis.snapshot, statement.analysis.search_path, schema, name)
    return None if relation is None else _renamed(list(relation.by_name), given)


def _cte(table: exp.Expr, name: str) -> exp.CTE | None:
    """What stands before a table in a WITH around it, and has its name."""
    outer = table.parent
    while outer is not None:
        clause = outer.args.get("with_")
        for cte in [] if clause is None else clause.expressions:
            if is_within(table, cte):
                break
            if fold(cte.args["alias"].this) == name:
                found: exp.CTE = cte
                return found
        outer = outer.parent
    return None


def _of_cte(cte: exp.CTE, statement: Statement) -> list[str] | None:
    given = [fold(column).lower() for column in cte.args["alias"].args.get("columns") or ()]
    names = _shown(cte.this, statement)
    return None if names is None else [*given, *names[len(given) :]]


def _renamed(names: list[str] | None, given: list[str]) -> set[str] | None:
    return None if names is None else {*given, *names[len(given) :]}


def _shown(query: exp.Expr, statement: Statement) -> list[str] | None:
    """The names that a query gives its columns, in lower case."""
    while isinstance(query, exp.SetOperation | exp.Subquery):
        query = query.this
    if isinstance(query, exp.Values):
        row = query.expressions[0]
        return [f"column{place}" for place in range(1, 1 + (len(row.expressions) if isinstance(row, exp.Tuple) else 1))]
    if not isinstance(query, exp.Select):
        return None
    names: list[str] = []
    for item in query.expressions:
        if not is_star(item):
            names.append(column_name(item).lower())
            continue
        table = fold(item.args.get("table"))
        for entry in _entries(query):
            if table in ("", _alias(entry)):
                columns = _columns(entry, statement)
                if columns is None:
                    return None
                names += sorted(columns)
    return names
