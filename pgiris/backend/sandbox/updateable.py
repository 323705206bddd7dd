"""Updateable views: what a change of a view's rows means for the table behind it. iris-reference 4.16, 4.19"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from pgiris.backend.sandbox.dictionary import DEFAULT_SCHEMA, Dictionary, TableDef
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import not_supported

READ_ONLY = "READ ONLY"


@dataclass(frozen=True)
class Target:
    """The table behind a view. columns: the view's names in upper case -> the table's. where: which of its rows the view shows.

    checks: what a changed row must fulfil (WITH CHECK OPTION). Conditions name the table's columns without a qualifier.
    """

    table: TableDef
    columns: dict[str, str]
    where: tuple[exp.Expr, ...] = ()
    checks: tuple[exp.Expr, ...] = ()


def target(dictionary: Dictionary, view: TableDef, parse: Callable[[str], exp.Expr], sqlcode: int = -35) -> Target:
    """Raises the SQLCODE when the view is none whose rows can be changed: one table, columns only, no grouping."""
    assert view.query is not None
    query = parse(view.query)
    refused = pg_error(sqlcode, f"INSERT, UPDATE or DELETE not allowed on non-updateable view '{view.schema}.{view.name}'")
    plain = isinstance(query, exp.Select) and not any(
        query.args.get(clause) for clause in ("joins", "group", "having", "distinct", "limit", "offset", "with_")
    )
    source = query.args["from_"].this if plain and query.args.get("from_") is not None else None
    if not isinstance(source, exp.Table) or view.check_option == READ_ONLY:
        raise refused
    table = dictionary.find(source.text("db") or DEFAULT_SCHEMA, source.name)
    if table is None:
        raise refused
    inner = target(dictionary, table, parse, sqlcode) if table.is_view else _itself(table)
    names = [name for item in query.expressions if (found := _names(item, inner)) for name in found]
    if len(names) != len(view.columns) or any(name.upper() not in inner.columns for name in names):
        raise refused
    columns = {column.name.upper(): inner.columns[name.upper()] for column, name in zip(view.columns, names, strict=True)}
    where = query.args.get("where")
    own = (_condition(where.this, inner),) if where is not None else ()
    checks = own + inner.where if view.check_option == "CASCADED" else own if view.check_option else inner.checks
    return Target(inner.table, columns, own + inner.where, checks)


def _itself(table: TableDef) -> Target:
    return Target(table, {column.name.upper(): column.name for column in table.columns})


def _names(item: exp.Expr, inner: Target) -> list[str]:
    item = item.this if isinstance(item, exp.Alias) else item
    if isinstance(item, exp.Star) or (isinstance(item, exp.Column) and isinstance(item.this, exp.Star)):
        return list(inner.columns)
    return [item.name] if isinstance(item, exp.Column) else ["->"]  # no name of a column


def _condition(node: exp.Expr, inner: Target) -> exp.Expr:
    if node.find(exp.Query, exp.Exists):
        raise not_supported("changing a view whose WHERE has a subquery is not known to the sandbox")
    changed = node.copy()
    for column in list(changed.find_all(exp.Column)):
        name = inner.columns.get(column.name.upper())
        column.replace(exp.Column(this=exp.to_identifier(name or column.name, quoted=True))) if column is not changed else None
    return changed
