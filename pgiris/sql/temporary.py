"""Temporary: tables and views of one session. PostgreSQL: sql-createtable#SQL-CREATETABLE-TEMPORARY

They are made as ordinary ones, in a schema of the session's own that stands first in its search path; the session drops it at its
end. IRIS's GLOBAL TEMPORARY would not do: its definition is everybody's, and its rows belong to a process. iris-reference 4.18
"""

from __future__ import annotations

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.sql.infer import fold
from pgiris.sql.plan import OnCommit
from pgiris.sql.schemanames import is_temporary
from pgiris.sql.scope import TEMPORARY
from pgiris.sql.statement import Statement


class NeedsSchema(Exception):
    """The session needs a schema for temporary objects before this can be planned."""


def is_wanted(tree: exp.Expr) -> bool:
    """Whether a CREATE or SELECT INTO makes a temporary object."""
    if isinstance(tree, exp.Into):
        return bool(tree.args.get("temporary")) or fold(tree.this.args.get("db")) == TEMPORARY
    properties = tree.args.get("properties")
    if properties is not None and any(isinstance(option, exp.TemporaryProperty) for option in properties.expressions):
        return True
    return fold(_table(tree).args.get("db")) == TEMPORARY


def _table(tree: exp.Expr) -> exp.Expr:
    target: exp.Expr = tree.this
    return target.this if isinstance(target, exp.Schema) else target


def schema_of(tree: exp.Expr, statement: Statement) -> str:
    """The schema for a temporary object. Raises NeedsSchema, 42P16."""
    if fold(_table(tree).args.get("db")) not in ("", TEMPORARY):
        message = "cannot create temporary relation in non-temporary schema"
        raise PgError(sqlstate.INVALID_TABLE_DEFINITION, message)
    for place in statement.analysis.search_path:
        if is_temporary(place):
            return place
    raise NeedsSchema


def on_commit(tree: exp.Expr) -> OnCommit:
    return OnCommit(tree.meta.get("on_commit", OnCommit.PRESERVE.value))
