"""Recursion: what PostgreSQL demands of the queries of WITH RECURSIVE. PostgreSQL: queries-with#QUERIES-WITH-RECURSIVE

In: a WITH RECURSIVE of postgres.py, before anything is inferred. Raises 42P19, and 0A000 for what PostgreSQL has not either.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.aggregates import has_aggregate
from pgiris.sql.coercion import Kind, common
from pgiris.sql.infer import fold
from pgiris.sql.postgres import position_of
from pgiris.types.table import type_name

_CHANGES = (exp.Insert, exp.Update, exp.Delete, exp.Merge)
_CLAUSES = {"order": "ORDER BY", "offset": "OFFSET", "limit": "LIMIT", "locks": "FOR UPDATE/SHARE"}


def check(clause: exp.With) -> None:
    if clause.args.get("search") is not None:
        raise not_supported("SEARCH and CYCLE of WITH RECURSIVE are not supported")
    names = [fold(cte.args["alias"].this) for cte in clause.expressions]
    for place, cte in enumerate(clause.expressions):
        used = {fold(table.this) for table in _tables(cte.this)}
        if names[place] in used:
            _check_query(cte.this, names[place])
        if isinstance(cte.this, _CHANGES):
            continue
        for later, other in zip(names[place + 1 :], clause.expressions[place + 1 :], strict=True):
            if later in used and any(fold(table.this) == names[place] for table in _tables(other.this)):
                raise not_supported("mutual recursion between WITH items is not implemented")


def _tables(node: exp.Expr) -> Iterator[exp.Table]:
    return (table for table in node.find_all(exp.Table) if isinstance(table.this, exp.Identifier) and not table.args.get("db"))


def _check_query(query: exp.Expr, name: str) -> None:
    if isinstance(query, _CHANGES):
        raise _error(query, name, "must not contain data-modifying statements", "recursive query")
    while isinstance(query, exp.Subquery):
        query = query.this
    if not isinstance(query, exp.Union):
        form = "does not have the form non-recursive-term UNION [ALL] recursive-term"
        raise _error(query, name, form, "recursive query")
    if query.args.get("with_") is not None and _refers(query.args["with_"], name):
        if any(isinstance(cte.this, _CHANGES) for cte in query.args["with_"].expressions):
            raise _error(query, name, "must not contain data-modifying statements", "recursive query")
        raise _error(query, name, "must not appear within a subquery")
    if _refers(query.this, name):
        raise _error(query.this, name, "must not appear within its non-recursive term")
    for clause, words in _CLAUSES.items():
        if query.args.get(clause) or (clause == "locks" and query.expression.args.get(clause)):
            raise not_supported(f"{words} in a recursive query is not implemented")
    found = [table for table in _tables(query.expression) if fold(table.this) == name and not is_of_with(table, name, query)]
    for table in found:
        where = _forbidden_place(table, query.expression)
        if where:
            raise _error(table, name, f"must not appear within {where}")
    if len(found) > 1:
        raise _error(found[1], name, "must not appear more than once")
    _check_aggregates(query.expression)


def _refers(node: exp.Expr, name: str) -> bool:
    return any(fold(table.this) == name for table in _tables(node))


def is_of_with(table: exp.Expr, name: str, within: exp.Expr | None = None) -> bool:
    """Whether a WITH around a table means something by the name, or one further inside than ``within``."""
    outer = table.parent
    while outer is not None and outer is not within:
        clause = outer.args.get("with_")
        if clause is not None and any(fold(cte.args["alias"].this) == name for cte in clause.expressions):
            return True
        outer = outer.parent
    return False


def _forbidden_place(table: exp.Expr, term: exp.Expr) -> str:
    """What a recursive reference must not stand in, seen from inside."""
    inside: exp.Expr = table
    found = ""
    while inside is not term and inside.parent is not None:
        parent = inside.parent
        if isinstance(parent, exp.Exists | exp.In) or (isinstance(parent, exp.Subquery) and not _is_source(parent)):
            found = "a subquery"
        elif isinstance(parent, exp.Except):
            if inside is parent.expression or not parent.args.get("distinct"):
                found = found or "EXCEPT"
        elif isinstance(parent, exp.Intersect) and not parent.args.get("distinct"):
            found = found or "INTERSECT"
        else:
            found = found or _outer_side(inside, parent)
        inside = parent
    return found


def _is_source(node: exp.Subquery) -> bool:
    """An entry of FROM, or a leg of a set operation."""
    return isinstance(node.parent, exp.From | exp.Join | exp.Lateral | exp.SetOperation | exp.Subquery) or node.parent is None


def _outer_side(inside: exp.Expr, parent: exp.Expr) -> str:
    """An entry of FROM on the side of an outer join that may have no row."""
    if isinstance(parent, exp.Join) and (parent.args.get("side") or "").upper() in ("LEFT", "FULL") and inside is parent.this:
        return "an outer join"
    joins = parent.args.get("joins") or [] if isinstance(parent, exp.Select | exp.Table | exp.Subquery) else []
    at = next((place for place, join in enumerate(joins) if join is inside), -1)
    behind = joins[at + 1 :] if at >= 0 or isinstance(inside, exp.From) or inside.arg_key == "this" else []
    return "an outer join" if any((join.args.get("side") or "").upper() in ("RIGHT", "FULL") for join in behind) else ""


def _check_aggregates(term: exp.Expr) -> None:
    while isinstance(term, exp.Subquery):
        term = term.this
    if not isinstance(term, exp.Select):
        return
    parts = [part for part in (*term.expressions, term.args.get("having")) if part is not None]
    if term.args.get("group") is not None or any(has_aggregate(part, (exp.Query, exp.Window)) for part in parts):
        message = "aggregate functions are not allowed in a recursive query's recursive term"
        raise PgError(sqlstate.INVALID_RECURSION, message)


def check_type(name: str, place: int, first: Kind, other: Kind) -> None:
    """42804 where a column of the recursive term has not the type of the first one's."""
    whole = common([first, other], "UNION")
    typmod = first.typmod if first == other else -1
    if whole.oid != first.oid or (first.typmod >= 0 and typmod < 0):
        own = type_name(first.oid, first.typmod)
        other_type = f"type {own} in non-recursive term but type {type_name(whole.oid)} overall"
        message = f'recursive query "{name}" column {place} has {other_type}'
        hint = "Cast the output of the non-recursive term to the correct type."
        raise PgError(sqlstate.DATATYPE_MISMATCH, message, hint=hint)


def _error(node: exp.Expr, name: str, what: str, subject: str = "recursive reference to query") -> PgError:
    return PgError(sqlstate.INVALID_RECURSION, f'{subject} "{name}" {what}', position=position_of(node))
