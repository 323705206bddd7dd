"""Definitions: CREATE, ALTER and DROP -> steps of a plan.

What IRIS cannot promise is not dropped in silence: the client hears a WARNING, or the statement is refused.
iris-reference 4.18, 4.19, 5.1, 10.4
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import deparse, stages, temporary
from pgiris.sql.alterations import alter_table
from pgiris.sql.ddl import ddl, existing, name, needed, qualified, skipped, table_name
from pgiris.sql.indexes import create_index, drop_index
from pgiris.sql.infer import Binder, Output, fold, value_of
from pgiris.sql.notices import notice
from pgiris.sql.plan import Plan, Temporary, ViewText
from pgiris.sql.postgres import parse
from pgiris.sql.schemanames import iris_schema, is_temporary, shown_schema
from pgiris.sql.scope import Scope, find_relation
from pgiris.sql.statement import Statement
from pgiris.sql.tables import create_table
from pgiris.sql.truncation import referencing
from pgiris.sql.write import template, write
from pgiris.types import oids
from pgiris.types.codec import Context
from pgiris.types.numeric import WIDEST
from pgiris.types.relation import Relation


def definition(tree: exp.Expr, binder: Binder, statement: Statement) -> Plan:
    """Raises IrisSyntax, PgError 0A000 and what PostgreSQL raises."""
    builders: dict[type[exp.Expr], dict[str, _Builder]] = {exp.Create: _CREATE, exp.Drop: _DROP}
    if isinstance(tree, exp.Alter):
        kind = str(tree.args.get("kind")).upper()
        if kind not in ("TABLE", "VIEW"):
            raise not_supported(f"ALTER {kind} is not supported")
        return alter_table(tree, kind, statement)
    builder = builders.get(type(tree), {}).get(str(tree.args.get("kind")).upper())
    if builder is not None:
        return builder(tree, binder, statement)
    kind = f" {tree.args['kind']}" if tree.args.get("kind") else ""
    raise not_supported(f"{tree.key.upper()}{kind} is not supported")


def _create_view(tree: exp.Create, binder: Binder, statement: Statement) -> Plan:
    properties = tree.args.get("properties")
    for option in properties.expressions if properties is not None else ():
        if isinstance(option, exp.TemporaryProperty):
            continue
        word = option.key.upper().removesuffix("PROPERTY")
        raise not_supported(f"CREATE {word} VIEW is not supported")
    schema, view = table_name(tree.this, statement)
    if temporary.is_wanted(tree):
        schema = temporary.schema_of(tree, statement)
        statement.temporary = Temporary(qualified(schema, view), "VIEW")
    query = tree.args["expression"]
    statement.inline = statement.of_view = True
    outputs = binder.query(query, Scope())
    if statement.analysis.parameters:
        raise PgError(sqlstate.UNDEFINED_PARAMETER, "there is no parameter $1")
    names = [fold(column) for column in tree.this.expressions] if isinstance(tree.this, exp.Schema) else []
    names += [output.name for output in outputs[len(names) :]]
    for index, shown in enumerate(names):
        if shown in names[:index]:
            raise PgError(sqlstate.DUPLICATE_COLUMN, f'column "{shown}" specified more than once')
    if tree.args.get("replace"):
        _check_replaced(statement.analysis.snapshot.find(schema, view), names)
    holder = exp.Paren(this=query)  # a view's query is not at the top: ORDER BY there needs TOP
    made = stages.finished(holder, statement).this
    if isinstance(made, exp.Select):
        made.set("expressions", [_as_shown(item, output) for item, output in zip(made.expressions, outputs, strict=True)])
    step = write(made, statement.sources)
    replace = "OR REPLACE " if tree.args.get("replace") else ""
    if statement.temporary is None:
        statement.view = ViewText(schema, view, _as_postgres_shows(names, statement))
    sql = f"CREATE {replace}VIEW {qualified(schema, view)} ({', '.join(map(name, names))}) AS {step.sql}"
    return ddl("CREATE VIEW", [sql])


def _as_postgres_shows(names: Sequence[str], statement: Statement) -> str:
    """A Template of sql/deparse; "" where it is not known for sure what PostgreSQL prints. The query is read anew, since by now
    some of it has been rewritten."""
    analysis = statement.analysis
    query = parse(analysis.text).args["expression"]

    def find(schema: str, table: str) -> deparse.Found | None:
        found = find_relation(analysis.snapshot, analysis.search_path, schema, table)
        if found is None or is_temporary(found.schema):
            return None
        return deparse.Found(found.schema, found.name, deparse.columns_of(found.columns))

    settings = Context(time_zone=statement.time_zone, date_style=analysis.date_style)
    try:
        return deparse.view(query, find, settings, names).text
    except deparse.Unsure:
        return ""


def _check_replaced(view: Relation | None, names: Sequence[str]) -> None:
    """Columns of a view can be added, and not dropped or renamed. PostgreSQL: checkViewColumns"""
    if view is None or view.kind != "view":
        return
    if len(names) < len(view.columns):
        raise PgError(sqlstate.INVALID_TABLE_DEFINITION, "cannot drop columns from view")
    for column, shown in zip(view.columns, names, strict=False):
        if column.name != shown:
            message = f'cannot change name of view column "{column.name}" to "{shown}"'
            hint = "Drop the view and create it anew to change names of its columns."
            raise PgError(sqlstate.INVALID_TABLE_DEFINITION, message, hint=hint)


def _as_shown(item: exp.Expr, output: Output) -> exp.Expr:
    """What a view computes, with a type by which others see what it is: a boolean, a number with its decimals."""
    value = value_of(item)
    if isinstance(value, exp.Column):
        return item
    if output.kind.oid == oids.BOOL:
        return template("CAST({0} AS BIT)", value)
    if output.kind.oid == oids.NUMERIC and output.kind.typmod < 0 and output.scale is not None and output.scale <= MAX_SCALE:
        return template(f"CAST({{0}} AS NUMERIC({WIDEST + output.scale},{output.scale}))", value)
    return item


MAX_SCALE = 18  # iris-reference 5.2


def _create_schema(tree: exp.Create, binder: Binder, statement: Statement) -> Plan:
    schema = fold(tree.this.args.get("db"))
    if schema == "public":
        message = 'schema "public" already exists'
        if tree.args.get("exists"):
            return skipped("CREATE SCHEMA", statement, message, sqlstate.DUPLICATE_SCHEMA)
        raise PgError(sqlstate.DUPLICATE_SCHEMA, message)
    exists = "IF NOT EXISTS " if tree.args.get("exists") else ""
    return ddl("CREATE SCHEMA", [f"CREATE SCHEMA {exists}{name(iris_schema(schema))}"])


# DROP


def _drop_table(tree: exp.Drop, binder: Binder, statement: Statement) -> Plan:
    return _drop_relations(tree, statement, "TABLE")


def _drop_view(tree: exp.Drop, binder: Binder, statement: Statement) -> Plan:
    if tree.args.get("materialized"):
        raise not_supported("materialized views are not supported")
    return _drop_relations(tree, statement, "VIEW")


def _drop_relations(tree: exp.Drop, statement: Statement, word: str) -> Plan:
    steps = []
    exists = "IF EXISTS " if tree.args.get("exists") else ""
    nodes = tree.args.get("tables") or []
    for place, node in enumerate(nodes):
        target, relation = existing(node, statement)
        if relation is None and not statement.analysis.lenient:
            message = f'{word.lower()} "{fold(node.this)}" does not exist'
            if not exists:
                raise PgError(sqlstate.UNDEFINED_TABLE, message)
            statement.notices.append(PgError(sqlstate.SUCCESSFUL_COMPLETION, f"{message}, skipping", "NOTICE"))
            continue
        if relation is not None and relation.kind != word.lower():
            hint = f"Use DROP {relation.kind.upper()} to remove a {relation.kind}."
            message = f'"{fold(node.this)}" is not a {word.lower()}'
            raise PgError(sqlstate.WRONG_OBJECT_TYPE, message, hint=hint)
        cascade = " CASCADE" if tree.args.get("cascade") else ""
        if relation is not None:
            statement.noted("drop_table", relation.schema, relation.name)
            steps += _without_references(relation, nodes, place, bool(cascade), statement)
        steps.append(f"DROP {word} {exists}{target}{cascade}")
    return ddl(f"DROP {word}", steps)


def _without_references(
    relation: Relation, nodes: Sequence[exp.Expr], place: int, cascade: bool, statement: Statement
) -> list[str]:
    """Drop the foreign keys to a table that is dropped: of all others with CASCADE, else of those that are dropped behind it.

    nodes: all that are dropped, at place the table itself. IRIS keeps a table that others refer to (-320), and its CASCADE means
    views only. iris-reference 4.19
    """
    dropped = [existing(node, statement)[1] for node in nodes]
    gone, later = dropped[: place + 1], dropped[place + 1 :]
    steps = []
    for other in referencing(relation, statement.analysis.snapshot.relations):
        if any(other is one for one in gone) or not (cascade or any(other is one for one in later)):
            continue
        for key in other.references:
            if key.is_to(relation):
                steps.append(f"ALTER TABLE {qualified(other.schema, other.name)} DROP CONSTRAINT {name(key.name)}")
                if not any(other is one for one in later):
                    statement.notices.append(notice(f"drop cascades to constraint {key.name} on table {other.name}"))
    return steps


def _drop_schema(tree: exp.Drop, binder: Binder, statement: Statement) -> Plan:
    exists = "IF EXISTS " if tree.args.get("exists") else ""
    cascade = " CASCADE" if tree.args.get("cascade") else ""
    schemas = [iris_schema(fold(node.args.get("db"))) for node in tree.args.get("tables") or ()]
    for schema in schemas:
        _drop_notes(schema, bool(cascade), statement)
    return ddl("DROP SCHEMA", [f"DROP SCHEMA {exists}{name(schema)}{cascade}" for schema in schemas])


def _drop_notes(schema: str, cascade: bool, statement: Statement) -> None:
    """Raises 2BP01 when there are sequences or types, of which IRIS knows nothing."""
    snapshot, shown = statement.analysis.snapshot, shown_schema(schema)
    sequences = [r for r in snapshot.relations if r.kind == "sequence" and r.schema.lower() == schema.lower()]
    inside = [f"sequence {shown}.{sequence.name}" for sequence in sequences]
    inside += [f"type {shown}.{name}" for place, name in snapshot.enums if place == schema.lower()]
    functions = [f for f in snapshot.all_functions if f.schema.lower() == schema.lower()]
    inside += [f"function {shown}.{f.name}({f.argument_types})" for f in functions]
    if inside and not cascade:
        raise needed(f"schema {shown}", (f"{one} depends on schema {shown}" for one in inside))
    statement.noted("drop_schema", schema)


_Builder = Callable[[Any, Binder, Statement], Plan]
_CREATE: dict[str, _Builder] = {
    "TABLE": create_table,
    "INDEX": create_index,
    "VIEW": _create_view,
    "SCHEMA": _create_schema,
}
_DROP: dict[str, _Builder] = {"TABLE": _drop_table, "VIEW": _drop_view, "INDEX": drop_index, "SCHEMA": _drop_schema}
