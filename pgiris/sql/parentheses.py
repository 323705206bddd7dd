"""Parentheses around queries, and what stands behind them, said without: plainer.py's rules of them.

IRIS takes ``IN ((SELECT ...) UNION ...)`` for a value in parentheses. PostgreSQL: sql-select#SQL-UNION
"""

from __future__ import annotations

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError

_BEHIND = {"order": "ORDER BY", "limit": "LIMIT", "offset": "OFFSET"}
_KEPT = ("with_", "locks")


def exists(node: exp.Anonymous) -> bool:
    """EXISTS ((SELECT ...) UNION ...), which was read as a call."""
    query = node.expressions[0] if len(node.expressions) == 1 else None
    if str(node.this).upper() != "EXISTS" or not isinstance(query, exp.SetOperation):
        return False
    node.replace(exp.Exists(this=query))
    return True


def clauses_behind(node: exp.Subquery) -> bool:
    """(SELECT ...) ORDER BY a LIMIT 1: the query's own clauses. Raises 42601 for a second one."""
    behind = [clause for clause in _BEHIND if node.args.get(clause) is not None]
    if not behind or node.args.get("alias") is not None:
        return False
    query = _query_of(node)
    if not isinstance(query, exp.Query | exp.Values):
        return False
    for clause in behind:
        if query.args.get(clause) is not None:
            raise PgError(sqlstate.SYNTAX_ERROR, f"multiple {_BEHIND[clause]} clauses not allowed")
        query.set(clause, node.args[clause])
        node.set(clause, None)
    return True


def legs(node: exp.SetOperation) -> bool:
    """(SELECT ...) UNION (SELECT ...): parentheses, and an order without a limit, say nothing."""
    changed = False
    for place in ("this", "expression"):
        leg = node.args[place]
        query = _query_of(leg) if isinstance(leg, exp.Subquery) and leg.args.get("alias") is None else None
        if not isinstance(query, exp.Select) or any(query.args.get(clause) for clause in _KEPT):
            continue
        if query.args.get("limit") is not None or query.args.get("offset") is not None or _is_of_first_rows(query):
            if _is_top(node):
                continue
            query = exp.Select(expressions=[exp.Star()], from_=exp.From(this=_named(query)))
        else:
            query.set("order", None)
        node.set(place, query)
        changed = True
    return changed


def _query_of(node: exp.Subquery) -> exp.Expr:
    """The query in all its parentheses; with clauses between them it is the parentheses."""
    query: exp.Expr = node.this
    while isinstance(query, exp.Subquery) and not any(query.args.get(clause) for clause in (*_BEHIND, "alias")):
        query = query.this
    return query


def _is_of_first_rows(query: exp.Select) -> bool:
    distinct = query.args.get("distinct")
    return distinct is not None and distinct.args.get("on") is not None


def _is_top(node: exp.Expr) -> bool:
    """Whether a query is the whole statement, or part of its set operation."""
    parent = node.parent
    while isinstance(parent, exp.SetOperation) or (isinstance(parent, exp.Subquery) and parent.args.get("alias") is None):
        parent = parent.parent
    return parent is None


def _named(query: exp.Select) -> exp.Subquery:
    return exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier("leg")))
