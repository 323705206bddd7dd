"""Window inputs: what windows compute of, and by, as columns of a subquery, where IRIS may have no words for it.

In: a SELECT of one table, before anything is inferred. Out: the same node, selecting from a subquery of that table with its
WHERE, whose rows the worker can make.
"""

from __future__ import annotations

from sqlglot import exp

from pgiris.sql.infer import fold
from pgiris.sql.recursion import is_of_with
from pgiris.sql.scope import find_relation
from pgiris.sql.statement import Statement
from pgiris.sql.trees import copied, is_star
from pgiris.types.relation import Relation

_REFUSED = ("joins", "laterals", "group", "having", "distinct", "windows", "locks")
_PLAIN = (exp.Column, exp.Literal, exp.Null, exp.Boolean, exp.Parameter, exp.Star)


def to_subquery(node: exp.Select, statement: Statement) -> bool:
    source = node.args.get("from_")
    if source is None or any(node.args.get(part) for part in _REFUSED):
        return False
    windows = [window for window in node.find_all(exp.Window) if window.find_ancestor(exp.Select) is node]
    operands = [part for window in windows for part in _operands(window) if not isinstance(part, _PLAIN)]
    if not operands or any(part.find(exp.Query) for part in operands):
        return False
    relation = _relation(source.this, statement)
    if relation is None:
        return False
    alias = source.this.alias_or_name
    _expand_stars(node, relation, alias)
    made = [_moved(operand, f"pgiris_window_{place}", alias) for place, operand in enumerate(operands, 1)]
    condition = node.args.get("where")
    node.set("where", None)
    query = exp.Select(expressions=[*_columns(node, relation, alias), *made])
    query.set("from_", source)
    query.set("where", condition)
    outer = exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier(alias, quoted=True)))
    node.set("from_", exp.From(this=outer))
    return True


def _operands(window: exp.Window) -> list[exp.Expr]:
    call, condition = window.this, None
    if isinstance(call, exp.Filter):
        call, condition = call.this, call.expression.this
    order = window.args.get("order")
    keys = [ordered.this for ordered in order.expressions] if order is not None else []
    arguments = [part for part in call.expressions if not isinstance(part, exp.Distinct | exp.Order)]
    return [*arguments, *(window.args.get("partition_by") or ()), *keys, *([] if condition is None else [condition])]


def _relation(table: exp.Expr, statement: Statement) -> Relation | None:
    if not isinstance(table, exp.Table) or not isinstance(table.this, exp.Identifier) or is_of_with(table, fold(table.this)):
        return None
    alias = table.args.get("alias")
    if alias is not None and alias.args.get("columns"):
        return None
    analysis = statement.analysis
    return find_relation(analysis.snapshot, analysis.search_path, fold(table.args.get("db")), fold(table.this))


def _expand_stars(node: exp.Select, relation: Relation, alias: str) -> None:
    items: list[exp.Expr] = []
    for item in node.expressions:
        items += [_column(column.name, alias) for column in relation.columns] if is_star(item) else [item]
    node.set("expressions", items)


def _column(name: str, alias: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True), table=exp.to_identifier(alias, quoted=True))


def _moved(operand: exp.Expr, name: str, alias: str) -> exp.Expr:
    operand.replace(_column(name, alias))
    return exp.alias_(operand, name, quoted=True, copy=False)


def _columns(node: exp.Select, relation: Relation, alias: str) -> list[exp.Expr]:
    """The columns of the table that the query names, each once."""
    found: dict[str, exp.Expr] = {}
    for column in node.find_all(exp.Column):
        name = fold(column.this).lower() if isinstance(column.this, exp.Identifier) else ""
        if name in relation.by_name and fold(column.args.get("table")) in ("", alias, fold(alias)):
            found.setdefault(name, exp.column(copied(column.this)))
    return list(found.values())
