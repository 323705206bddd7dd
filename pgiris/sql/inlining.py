"""Inlining: the queries of WITH in front of a change of data, written where they are used.

IRIS's manual contradicts itself about WITH in other statements than SELECT. iris-reference 4.9
"""

from __future__ import annotations

from sqlglot import exp

from pgiris.errors import not_supported
from pgiris.sql.infer import fold
from pgiris.sql.statement import Statement
from pgiris.sql.trees import copied


def inline(node: exp.Expr, statement: Statement) -> None:
    """Take WITH from a statement and put its queries where FROM names them."""
    clause = node.args.get("with_")
    if clause is None:
        return
    if clause.args.get("recursive"):
        raise not_supported("WITH RECURSIVE in front of a change of data is not supported")
    statement.fired("with_inlined")
    node.set("with_", None)
    known: dict[str, exp.CTE] = {}
    for cte in clause.expressions:
        fill(cte.this, known)
        known[fold(cte.args["alias"].this)] = cte
    fill(node, known)


def fill(node: exp.Expr, known: dict[str, exp.CTE]) -> None:
    """Put known queries where FROM names them."""
    for table in list(node.find_all(exp.Table)):
        name = fold(table.this)
        if table.args.get("db") is not None or name not in known or not _is_source(table) or _is_hidden(table, name, node):
            continue
        cte = known[name]
        given = table.args.get("alias")
        alias = copied(given) if given is not None else exp.TableAlias(this=copied(table.this))
        if not alias.args.get("columns"):
            alias.set("columns", [copied(column) for column in cte.args["alias"].args.get("columns") or ()])
        body = copied(cte.this)
        table.replace(exp.Subquery(this=body, alias=alias, joins=table.args.get("joins")))


def _is_source(table: exp.Expr) -> bool:
    """An entry of FROM or USING, not the table that is changed."""
    return isinstance(table.parent, exp.From | exp.Join) or table.arg_key in ("using", "joins")


def _is_hidden(table: exp.Expr, name: str, within: exp.Expr) -> bool:
    """Whether a WITH further inside means something else by the name."""
    outer = table.parent
    while outer is not None:
        clause = outer.args.get("with_")
        if clause is not None and any(fold(cte.args["alias"].this) == name for cte in clause.expressions):
            return True
        if outer is within:
            return False
        outer = outer.parent
    return False
