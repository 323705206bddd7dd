"""Deparse: expressions and queries of PostgreSQL's SQL as PostgreSQL prints them after it has analysed them.

In: a tree of postgres.py and the columns that it may name. Out: a Template, which gives what pg_get_expr() and its kin print,
pretty or not. Constants are read by the session's settings, and printed in ISO's form and UTC. What cannot be told for sure is
not printed: Unsure. Operators and functions are those of PostgreSQL's own catalogs, chosen by its rules (signatures.py); the
tests compare all of it with what PostgreSQL 16 prints.
PostgreSQL: typeconv, src/backend/parser/parse_*.c, src/backend/utils/adt/ruleutils.c
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlglot import exp

from pgiris.sql.deparse.expressions import Expressions
from pgiris.sql.deparse.layout import shown_query
from pgiris.sql.deparse.nodes import Call, Construct, Node, Query, Source, Unsure, Value
from pgiris.sql.deparse.printing import Printer
from pgiris.sql.deparse.queries import Find, Found, Queries
from pgiris.sql.deparse.template import Template
from pgiris.sql.infer import fold
from pgiris.types.codec import Context, Oid
from pgiris.types.relation import RelationColumn

__all__ = ["Column", "Find", "Found", "Template", "Unsure", "columns_of", "condition", "expression", "value", "view"]

Column = tuple[str, Oid, int]  # name, type, typmod


def columns_of(columns: Iterable[RelationColumn]) -> list[Column]:
    return [(column.name, column.oid, column.typmod) for column in columns]


def expression(tree: exp.Expr, columns: Iterable[Column], settings: Context, table: str = "") -> Template:
    """Of an index, or a query. table: by whose name the columns may be called. Raises Unsure."""
    return _printed(_analysis(columns, settings, table).node(tree))


def condition(
    tree: exp.Expr, columns: Iterable[Column], settings: Context, table: str = "", *, fixes_moments: bool = False
) -> Template:
    """A CHECK constraint, or which rows an index has. fixes_moments: it is read once, with these settings. Raises Unsure."""
    analysis = _analysis(columns, settings, table)
    analysis.fixes_moments = fixes_moments
    return _printed(analysis.boolean(tree))


def value(tree: exp.Expr, columns: Iterable[Column], settings: Context, wanted: tuple[Oid, int]) -> Template:
    """What a column of the wanted type and typmod takes: DEFAULT, GENERATED ALWAYS AS. Raises Unsure."""
    analysis = _analysis(columns, settings, "")
    return _printed(analysis.assigned(analysis.node(tree), *wanted))


def view(tree: exp.Expr, find: Find, settings: Context, names: Sequence[str] = ()) -> Template:
    """A view's query. find: tells relations. names: of its columns, the first ones at least. Raises Unsure."""
    query = Queries(find, settings).query(tree)
    shown = [*names, *(target.name for target in query.targets[len(names) :])]
    return Template(shown_query(query, shown) + ";")


def _analysis(columns: Iterable[Column], settings: Context, table: str) -> Expressions:
    source = Source(fold(table), {name: (oid, typmod) for name, oid, typmod in columns})
    return Expressions(Query([], [source]), settings)


def _printed(node: Node) -> Template:
    return Template(Printer().show(node, False), _looks_like_function(node))


def _looks_like_function(node: Node) -> bool:
    return isinstance(node, Call | Construct | Value)
