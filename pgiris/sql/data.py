"""Data: INSERT, UPDATE, DELETE and TRUNCATE -> steps of a plan.

iris-reference 4.15 to 4.17
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import casts
from pgiris.sql.coercion import TEXT, Kind, check_literal
from pgiris.sql.conditions import settle
from pgiris.sql.infer import Binder, Output, fold, kind_of, unwrapped
from pgiris.sql.parameters import bind
from pgiris.sql.plan import Role, Step
from pgiris.sql.postgres import position_of
from pgiris.sql.queries import rewrite_queries
from pgiris.sql.rewrites import element_type, rewrite
from pgiris.sql.scope import Field, Scope, Source
from pgiris.sql.statement import Statement
from pgiris.sql.write import template, write
from pgiris.types import oids
from pgiris.types.relation import Relation, RelationColumn
from pgiris.types.table import type_name


def finished(node: exp.Expr, statement: Statement) -> exp.Expr:
    """The stages behind inference, in their order: each expects what the one before has done."""
    return bind(settle(rewrite_queries(rewrite(node, statement), statement), statement), statement)


# INSERT


def insert(node: exp.Insert, binder: Binder, statement: Statement) -> tuple[list[Step], list[Output]]:
    if node.args.get("conflict") is not None:
        raise not_supported("ON CONFLICT is not supported")
    if node.args.get("with_") is not None:
        raise not_supported("WITH in front of INSERT is not supported", "Write it behind INSERT INTO.")
    scope = Scope()
    schema = node.this
    table = schema.this if isinstance(schema, exp.Schema) else schema
    target = binder.table(table)
    fields = _target_fields(schema, target, binder)
    returning = node.args.get("returning")
    rows = _rows(node)
    alias = table.args.get("alias")
    table.set("alias", None)
    if rows is not None:
        steps = _insert_rows(node, table, rows, fields, binder, statement, scope)
        count = len(rows)
    else:
        steps = [_insert_query(node, table, fields, binder, statement, scope)]
        count = 0
    if returning is None:
        return steps, []
    if count != 1:
        raise not_supported("RETURNING of an INSERT of several rows is not supported")
    select, outputs = _returning(returning, table, alias, statement)
    return [*steps[:-1], steps[-1], select], outputs


def _target_fields(schema: exp.Expr, target: Source, binder: Binder) -> list[Field] | None:
    """The columns that values are given for; None: unknown, and all of them."""
    if not isinstance(schema, exp.Schema):
        return None if target.open else list(target.fields)
    fields: list[Field] = []
    for identifier in schema.expressions:
        if not isinstance(identifier, exp.Identifier):
            raise not_supported("this list of columns is not supported")
        found = target.find(fold(identifier))
        if found is None:
            raise _no_such_column(fold(identifier), target, identifier)
        if any(found.name == other.name for other in fields):
            message = f'column "{fold(identifier)}" specified more than once'
            raise PgError(sqlstate.DUPLICATE_COLUMN, message, position=position_of(identifier))
        fields.append(found)
    return fields


def _no_such_column(name: str, target: Source, node: exp.Expr) -> PgError:
    shown = target.relation.name if target.relation is not None else target.alias
    message = f'column "{name}" of relation "{shown}" does not exist'
    return PgError(sqlstate.UNDEFINED_COLUMN, message, position=position_of(node))


def _rows(node: exp.Insert) -> list[list[exp.Expr]] | None:
    if node.args.get("default"):
        return [[]]
    values = node.expression
    if not isinstance(values, exp.Values) or any(values.args.get(clause) for clause in ("order", "limit", "offset")):
        return None
    return [list(row.expressions) if isinstance(row, exp.Tuple) else [unwrapped(row)] for row in values.expressions]


def _is_default(node: exp.Expr) -> bool:
    return isinstance(node, exp.Var | exp.Column) and node.name.upper() == "DEFAULT" and not node.args.get("table")


def _insert_rows(
    node: exp.Insert,
    table: exp.Table,
    rows: list[list[exp.Expr]],
    fields: list[Field] | None,
    binder: Binder,
    statement: Statement,
    scope: Scope,
) -> list[Step]:
    """One INSERT for each row: IRIS has no VALUES of several rows, and a UNION of many would pass its limits."""
    width = len(rows[0])
    if not width:
        return [write(_insert_node(table, None, None), statement.sources, Role.COUNT)]
    for row in rows:
        if len(row) != width:
            raise PgError(sqlstate.SYNTAX_ERROR, "VALUES lists must all be the same length", position=position_of(row[0]))
    if fields is not None:
        _check_width(width, fields, rows[0], isinstance(node.this, exp.Schema))
    used: Sequence[Field | None] = fields[:width] if fields is not None else [None] * width
    for row in rows:
        for cell, entry in zip(row, used, strict=True):
            if not _is_default(cell):
                _assign(cell, entry, binder, scope)
                for call in (unwrapped(cell), *_cast_insides(cell)):
                    if "session" in call.meta:
                        call.meta["once"] = len(rows) == 1
    if len(rows) > 1:
        statement.fired("rows_one_by_one")
    return [_insert_one(table, row, used, statement) for row in rows]


def _cast_insides(node: exp.Expr) -> list[exp.Expr]:
    node = unwrapped(node)
    return [unwrapped(node.this)] if isinstance(node, exp.Cast) else []


def _check_width(width: int, fields: Sequence[Field], row: Sequence[exp.Expr], listed: bool) -> None:
    if width > len(fields):
        message = "INSERT has more expressions than target columns"
        raise PgError(sqlstate.SYNTAX_ERROR, message, position=position_of(row[len(fields)]))
    if listed and width < len(fields):
        raise PgError(sqlstate.SYNTAX_ERROR, "INSERT has more target columns than expressions")


def _assign(cell: exp.Expr, entry: Field | None, binder: Binder, scope: Scope) -> None:
    """Infer a value that is stored into a column, whose type an unknown takes."""
    binder.expression(cell, scope)
    check_assignable(cell, entry, binder)


def check_assignable(cell: exp.Expr, entry: Field | None, binder: Binder) -> None:
    if entry is None or not entry.kind.oid:
        if kind_of(cell).oid == oids.UNKNOWN:
            binder.coerce(cell, TEXT)
        return
    kind = Kind(entry.kind.oid)
    if binder.to_type(cell, kind, assignment=True) is None:
        shown = f"{type_name(kind.oid)} but expression is of type {type_name(kind_of(cell).oid)}"
        raise PgError(
            sqlstate.DATATYPE_MISMATCH,
            f'column "{entry.name}" is of type {shown}',
            hint="You will need to rewrite or cast the expression.",
            position=position_of(cell),
        )
    inner = unwrapped(cell)
    if isinstance(inner, exp.Literal) and inner.is_string and entry.kind.oid == oids.VECTOR:
        check_literal(inner.name, entry.kind, position_of(inner))


def _stored(cell: exp.Expr, entry: Field | None, statement: Statement) -> exp.Expr:
    """A value as its column stores it."""
    cell = rewrite(cell, statement)
    if entry is None:
        return cell
    if entry.kind.oid == oids.VECTOR:
        return casts.to_vector(cell, _element_of(entry), statement)
    return casts.storable(cell, entry.kind, statement)


def _element_of(entry: Field) -> str:
    probe = exp.column(entry.name)
    probe.meta["field"] = entry
    return element_type(probe) or "FLOAT"


def _insert_one(table: exp.Table, row: Sequence[exp.Expr], fields: Sequence[Field | None], statement: Statement) -> Step:
    cells, names = [], []
    for cell, entry in zip(row, fields, strict=True):
        if _is_default(cell):
            statement.fired("default_omitted")
            continue
        cells.append(_stored(cell, entry, statement))
        names.append(entry)
    if not cells:
        return write(_insert_node(table, None, None), statement.sources, Role.COUNT)
    source: exp.Expr = exp.Values(expressions=[exp.Tuple(expressions=cells)])
    if any(cell.find(exp.Select) is not None for cell in cells):
        statement.fired("values_to_select")  # VALUES takes no subqueries (-144)
        source = rewrite_queries(exp.Select(expressions=cells), statement)
    made = _insert_node(table, names, source)
    return write(bind(settle(made, statement), statement), statement.sources, Role.COUNT)


def _insert_node(table: exp.Table, fields: Sequence[Field | None] | None, source: exp.Expr | None) -> exp.Expr:
    if source is None:
        return template("INSERT INTO {0} DEFAULT VALUES", table.copy())
    place: exp.Expr = table.copy()
    if fields is not None and all(entry is not None for entry in fields):
        place = exp.Schema(this=place, expressions=[exp.to_identifier(entry.name) for entry in fields if entry is not None])
    return exp.Insert(this=place, expression=source)


def _insert_query(
    node: exp.Insert, table: exp.Table, fields: list[Field] | None, binder: Binder, statement: Statement, scope: Scope
) -> Step:
    query = node.expression
    if query is None:
        raise not_supported("this INSERT is not supported")
    binder.open_query = query
    outputs = binder.query(query, scope)
    if fields is not None:
        _check_query_width(len(outputs), fields, isinstance(node.this, exp.Schema))
        for index, (output, entry) in enumerate(zip(outputs, fields, strict=False)):
            if output.kind.oid == oids.UNKNOWN:
                item = query.expressions[index]
                check_assignable(item.this if isinstance(item, exp.Alias) else item, entry, binder)
            else:
                _check_output(output, entry)
    used = fields[: len(outputs)] if fields is not None else None
    rewritten = rewrite_queries(rewrite(query, statement), statement)
    if isinstance(rewritten, exp.Select) and used is not None:
        rewritten.set(
            "expressions",
            [_converted(item, entry, statement) for item, entry in zip(rewritten.expressions, used, strict=True)],
        )
    elif used is not None and any(o.kind.oid not in (e.kind.oid, 0) for o, e in zip(outputs, used, strict=True)):
        raise not_supported("INSERT of a set operation whose types differ from the table's is not supported")
    made = _insert_node(table, used, rewritten)
    return write(bind(settle(made, statement), statement), statement.sources, Role.COUNT)


def _converted(item: exp.Expr, entry: Field, statement: Statement) -> exp.Expr:
    value = item.this if isinstance(item, exp.Alias) else item
    stored = casts.storable(value, entry.kind, statement)
    return item if stored is value else stored


def _check_query_width(width: int, fields: Sequence[Field], listed: bool) -> None:
    if width > len(fields):
        raise PgError(sqlstate.SYNTAX_ERROR, "INSERT has more expressions than target columns")
    if listed and width < len(fields):
        raise PgError(sqlstate.SYNTAX_ERROR, "INSERT has more target columns than expressions")


def _check_output(output: Output, entry: Field) -> None:
    from pgiris.sql.coercion import assignable

    if output.kind.oid and entry.kind.oid and not assignable(output.kind.oid, entry.kind.oid):
        shown = f"{type_name(entry.kind.oid)} but expression is of type {type_name(output.kind.oid)}"
        raise PgError(
            sqlstate.DATATYPE_MISMATCH,
            f'column "{entry.name}" is of type {shown}',
            hint="You will need to rewrite or cast the expression.",
        )


def _returning(
    returning: exp.Returning, table: exp.Table, alias: exp.Expr | None, statement: Statement
) -> tuple[Step, list[Output]]:
    """The row that was just inserted, found by its %ID. iris-reference 4.17"""
    statement.fired("insert_returning")
    source = table.copy()
    schema = table.args.get("db")
    if isinstance(table.meta.get("relation"), Relation) and schema is not None:
        pass
    if alias is not None:
        source.set("alias", alias.copy())
    select = exp.Select(expressions=list(returning.expressions))
    select.set("from_", exp.From(this=source))
    binder = Binder(statement.analysis)
    outputs = binder.query(select, _resolved_scope())
    name = fold(alias.this) if alias is not None else ""
    identity = template(f"{_quoted(name)}.%ID" if name else "%ID")
    select.set("where", exp.Where(this=exp.EQ(this=identity, expression=statement.last_identity())))
    return write(finished(select, statement), statement.sources, Role.RESULT), outputs


def _resolved_scope() -> Scope:
    return Scope()


def _quoted(name: str) -> str:
    return exp.to_identifier(name).sql(dialect="iris")


# UPDATE, DELETE, TRUNCATE


def update(node: exp.Update, binder: Binder, statement: Statement) -> tuple[list[Step], list[Output]]:
    _refuse(node, "UPDATE", ("returning", "with_", "order", "limit"))
    if node.args.get("from_") is not None or (isinstance(node.this, exp.Table) and node.this.args.get("joins")):
        raise not_supported("UPDATE ... FROM is not supported")
    scope = Scope()
    source = binder.table(node.this)
    scope.sources.append(source)
    seen: set[str] = set()
    assignments = []
    for assignment in node.expressions:
        entry = _target(assignment, source, seen)
        value = assignment.expression
        if _is_default(value):
            assignments.append(_default_assignment(entry, source))
            continue
        binder.expression(value, scope)
        check_assignable(value, entry, binder)
        stored = _stored(value, entry, statement)
        assignments.append(exp.EQ(this=exp.column(entry.name), expression=stored))
    if node.args.get("where") is not None:
        binder.condition(node.args["where"].this, scope, "WHERE")
    node.set("expressions", assignments)
    made = _without_values_in_set(node, statement)
    return [write(made, statement.sources, Role.COUNT)], []


def _without_values_in_set(node: exp.Update, statement: Statement) -> exp.Expr:
    where = node.args.get("where")
    if where is not None:
        node.set("where", settle(rewrite_queries(rewrite(where, statement), statement), statement))
    for assignment in node.expressions:
        assignment.set("expression", settle(rewrite_queries(assignment.expression, statement), statement))
    return bind(node, statement, liftable=True)


def _target(assignment: exp.Expr, source: Source, seen: set[str]) -> Field:
    column = assignment.this if isinstance(assignment, exp.EQ) else None
    if not isinstance(column, exp.Column):
        raise not_supported("this form of SET is not supported")
    if column.args.get("table") is not None:
        name = fold(column.args["table"])
        raise _no_such_column(name, source, column)
    name = fold(column.this)
    entry = source.find(name)
    if entry is None:
        raise _no_such_column(name, source, column)
    if entry.name.lower() in seen:
        message = f'multiple assignments to same column "{name}"'
        raise PgError(sqlstate.SYNTAX_ERROR, message)
    seen.add(entry.name.lower())
    return entry


def _default_assignment(entry: Field, source: Source) -> exp.Expr:
    """IRIS has no DEFAULT in UPDATE: NULL where the column has no default."""
    column = _column_of(source, entry)
    if column is None or column.default is not None or column.identity:
        raise not_supported("DEFAULT in UPDATE of a column that has a default is not supported")
    return exp.EQ(this=exp.column(entry.name), expression=exp.Null())


def _column_of(source: Source, entry: Field) -> RelationColumn | None:
    return source.relation.by_name[entry.name.lower()][1] if source.relation is not None else None


def delete(node: exp.Delete, binder: Binder, statement: Statement) -> tuple[list[Step], list[Output]]:
    _refuse(node, "DELETE", ("returning", "with_", "order", "limit"))
    if node.args.get("using"):
        raise not_supported("DELETE ... USING is not supported")
    scope = Scope()
    scope.sources.append(binder.table(node.this))
    if node.args.get("where") is not None:
        binder.condition(node.args["where"].this, scope, "WHERE")
    node.set("cluster", None)
    return [write(finished(node, statement), statement.sources, Role.COUNT)], []


def _refuse(node: exp.Expr, word: str, clauses: Sequence[str]) -> None:
    for clause in clauses:
        if node.args.get(clause) is not None:
            raise not_supported(f"{word} with {clause.rstrip('_').upper()} is not supported")


def truncate(node: exp.TruncateTable, binder: Binder, statement: Statement) -> list[Step]:
    if node.args.get("is_database"):
        raise not_supported("TRUNCATE DATABASE is not supported")
    steps = []
    for table in node.expressions:
        binder.table(table)
        steps.append(write(template("TRUNCATE TABLE {0}", table), statement.sources, Role.RUN))
    if str(node.args.get("option") or "").upper() == "CASCADE":
        statement.fired("truncate_cascade")
        raise not_supported("TRUNCATE ... CASCADE is not supported")
    return steps
