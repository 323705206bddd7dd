"""Ddl: what all definitions share: names, plans, and what the client hears."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.infer import fold
from pgiris.sql.iris.words import needs_quotes
from pgiris.sql.notices import notice
from pgiris.sql.plan import Effect, Plan, Role, Step, Target
from pgiris.sql.schemanames import iris_schema
from pgiris.sql.scope import find_relation, first_schema
from pgiris.sql.statement import Statement
from pgiris.types.relation import Relation


class IrisSyntax(Exception):
    """The statement speaks of what only IRIS knows: it is IRIS SQL."""


def name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if needs_quotes(text) else text


def ddl(tag: str, steps: Sequence[str], tolerates: str = "") -> Plan:
    """tolerates: SQLSTATE by which a step says that there is nothing to do."""
    if not steps:
        return Plan(Target.NOTHING, tag)
    return Plan(Target.BACKEND, tag, Effect.DDL, tuple(Step(sql, (), Role.RUN, tolerates=tolerates) for sql in steps))


IDLE = (Step("", (), Role.RUN),)  # of a definition that is only noted


def skipped(tag: str, statement: Statement, message: str, code: str) -> Plan:
    statement.notices.append(notice(f"{message}, skipping", code))
    return Plan(Target.NOTHING, tag)


def needed(what: str, uses: Iterable[str] = ()) -> PgError:
    """What is to be dropped is in use. uses: who depends on what."""
    return PgError(
        sqlstate.DEPENDENT_OBJECTS_STILL_EXIST,
        f"cannot drop {what} because other objects depend on it",
        detail="\n".join(uses) or None,
        hint="Use DROP ... CASCADE to drop the dependent objects too.",
    )


def cascades(uses: Sequence[str]) -> PgError:
    """The notice of what CASCADE takes along, which is something."""
    detail = "\n".join(f"drop cascades to {use}" for use in uses)
    if len(uses) == 1:
        return notice(detail)
    return PgError(sqlstate.SUCCESSFUL_COMPLETION, f"drop cascades to {len(uses)} other objects", "NOTICE", detail)


def table_name(node: exp.Expr, statement: Statement) -> tuple[str, str]:
    """Schema and name of a table that is to be made."""
    table = node.this if isinstance(node, exp.Schema) else node
    if not isinstance(table, exp.Table):
        raise not_supported("this name of a table is not supported")
    schema = fold(table.args.get("db")) or first_schema(statement.analysis.search_path)
    if schema == "pg_catalog" or schema == "information_schema":
        message = f'permission denied to create "{schema}.{fold(table.this)}"'
        raise PgError(sqlstate.INSUFFICIENT_PRIVILEGE, message, detail="System catalog modifications are currently disallowed.")
    return iris_schema(schema), fold(table.this)


def qualified(schema: str, table: str) -> str:
    return f"{name(schema)}.{name(table)}"


def existing(node: exp.Expr, statement: Statement) -> tuple[str, Relation | None]:
    """A table that is there: its IRIS name, and what is known of it."""
    table = node.this if isinstance(node, exp.Schema) else node
    schema, word = fold(table.args.get("db")), fold(table.this)
    analysis = statement.analysis
    relation = find_relation(analysis.snapshot, analysis.search_path, schema, word)
    if relation is not None:
        return qualified(relation.schema, relation.name), relation
    return qualified(iris_schema(schema or first_schema(analysis.search_path)), word), None
