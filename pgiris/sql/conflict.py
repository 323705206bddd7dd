"""Conflict: INSERT ... ON CONFLICT as steps that IRIS knows.

DO NOTHING: INSERT ... SELECT ... WHERE NOT EXISTS (the key). DO UPDATE: UPDATE by the key, and INSERT if that found no row. A row
that another session inserts between the steps makes the INSERT fail with 23505; nothing is lost. iris-reference 4.15
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import values
from pgiris.sql.coercion import BOOL, Kind
from pgiris.sql.infer import Binder, fold, kind_of, set_column, set_kind
from pgiris.sql.parameters import bind
from pgiris.sql.plan import Role, Step, When
from pgiris.sql.postgres import position_of
from pgiris.sql.returning import unique_keys
from pgiris.sql.scope import Field, Scope, Source
from pgiris.sql.stages import finished
from pgiris.sql.statement import Statement
from pgiris.sql.write import write

Cells = Sequence[exp.Expr]
Fields = Sequence[Field]


@dataclass
class Conflict:
    """keys: the unique keys that count. update: the assignments of DO UPDATE; None: DO NOTHING."""

    keys: list[tuple[str, ...]]
    update: list[exp.Expr] | None


def read(node: exp.Expr, target: Source) -> Conflict:
    """Raises 42P10 when no unique key is meant."""
    if node.args.get("constraint") is not None:
        raise not_supported("ON CONFLICT ON CONSTRAINT is not supported", "Name the columns: ON CONFLICT (...).")
    if node.args.get("where") is not None or node.args.get("index_predicate") is not None:
        raise not_supported("ON CONFLICT with WHERE is not supported")
    named = [_column(key) for key in node.args.get("conflict_keys") or ()]
    keys = unique_keys(target)
    update = list(node.expressions) if "UPDATE" in node.args["action"].name.upper() else None
    if named:
        for word, key in zip(named, node.args["conflict_keys"], strict=True):
            if target.find(word) is None:
                raise PgError(sqlstate.UNDEFINED_COLUMN, f'column "{word}" does not exist', position=position_of(key))
        keys = [key for key in keys if set(key) == set(named)][:1]
        if not keys:
            message = "there is no unique or exclusion constraint matching the ON CONFLICT specification"
            raise PgError(sqlstate.INVALID_COLUMN_REFERENCE, message)
    elif update is not None:
        message = "ON CONFLICT DO UPDATE requires inference specification or constraint name"
        raise PgError(sqlstate.SYNTAX_ERROR, message, hint="For example, ON CONFLICT (column_name).")
    return Conflict(keys, update)


def _column(node: exp.Expr) -> str:
    inner = node.this if isinstance(node, exp.Ordered) else node
    if isinstance(inner, exp.Identifier):
        return fold(inner)
    if not isinstance(inner, exp.Column):
        raise not_supported("ON CONFLICT of an expression is not supported")
    return fold(inner.this)


def steps(
    conflict: Conflict, table: exp.Expr, row: Cells, fields: Fields, target: Source, binder: Binder, statement: Statement
) -> list[Step]:
    """The steps for one row, whose cells are analysed and not rewritten."""
    by_name = {entry.name.lower(): cell for cell, entry in zip(row, fields, strict=True) if not values.is_default(cell)}
    keys = [key for key in conflict.keys if all(name in by_name for name in key)]
    if conflict.update is None:
        statement.fired("on_conflict_do_nothing")
        return [_insert_if_absent(table, row, fields, keys, by_name, target, statement)]
    statement.fired("on_conflict_do_update")
    if not keys:
        return [values.insert_one(table, row, fields, statement)]
    update = _update(conflict.update, table, keys[0], by_name, target, binder, statement)
    insert = values.insert_one(table, row, fields, statement)
    return [update, Step(insert.sql, insert.sources, Role.COUNT, When.NOT_COUNTED)]


def key_condition(conflict: Conflict, row: Cells, fields: Fields, target: Source) -> exp.Expr | None:
    by_name = {entry.name.lower(): cell for cell, entry in zip(row, fields, strict=True) if not values.is_default(cell)}
    for key in conflict.keys:
        if all(name in by_name for name in key):
            return _matches(key, by_name, target)
    return None


def _matches(key: Sequence[str], by_name: dict[str, exp.Expr], target: Source) -> exp.Expr:
    tests = []
    for name in key:
        entry = target.find(name)
        assert entry is not None
        column = set_column(exp.column(entry.name, table=target.alias), entry)
        test = exp.EQ(this=column, expression=_as_stored(by_name[name], entry))
        set_kind(test, BOOL)
        tests.append(test)
    return exp.and_(*tests, copy=False)


def _as_stored(cell: exp.Expr, entry: Field) -> exp.Expr:
    """A copy of an inserted value with the type of its column."""
    copied = cell.copy()
    own = kind_of(copied)
    if own.oid == entry.kind.oid or not entry.kind.oid:
        return exp.Paren(this=copied) if isinstance(copied, exp.Binary) else copied
    made = exp.Cast(this=copied, to=exp.DataType(this=exp.DType.UNKNOWN))
    made.meta["target"] = Kind(entry.kind.oid)
    set_kind(made, Kind(entry.kind.oid))
    return made


def _insert_if_absent(
    table: exp.Expr,
    row: Cells,
    fields: Fields,
    keys: Sequence[Sequence[str]],
    by_name: dict[str, exp.Expr],
    target: Source,
    statement: Statement,
) -> Step:
    if not keys:
        return values.insert_one(table, row, fields, statement)
    tests = []
    for key in keys:
        probe = exp.Select(expressions=[exp.Literal.number(1)])
        source = table.copy()
        source.set("alias", exp.TableAlias(this=exp.to_identifier(target.alias)))
        probe.set("from_", exp.From(this=source))
        probe.set("where", exp.Where(this=_matches(key, by_name, target)))
        tests.append(exp.Not(this=exp.Exists(this=probe)))
    condition = finished(exp.Where(this=exp.and_(*tests, copy=False)), statement)
    return values.insert_one(table, row, fields, statement, condition)


def _update(
    assignments: Sequence[exp.Expr],
    table: exp.Expr,
    key: Sequence[str],
    by_name: dict[str, exp.Expr],
    target: Source,
    binder: Binder,
    statement: Statement,
) -> Step:
    excluded = Source("excluded", list(target.fields), schema=target.schema)
    scope = Scope()
    scope.sources += [target, excluded]
    changes = []
    seen: set[str] = set()
    for original in assignments:
        assignment = original.copy()
        entry = values.assigned_field(assignment, target, seen)
        value = assignment.expression
        if values.is_default(value):
            raise not_supported("DEFAULT in ON CONFLICT DO UPDATE is not supported")
        binder.expression(value, scope)
        value = assignment.expression
        values.check_assignable(value, entry, binder)
        holder = exp.Paren(this=value)
        for column in list(holder.find_all(exp.Column)):
            if column.meta.get("source") is excluded:
                column.replace(_excluded(column, by_name, target))
        changes.append(exp.EQ(this=exp.column(entry.name), expression=values.stored(holder.this, entry, statement)))
    where = finished(exp.Where(this=_matches(key, by_name, target)), statement)
    made = exp.Update(this=table.copy(), expressions=changes, where=where)
    made.this.set("alias", exp.TableAlias(this=exp.to_identifier(target.alias)))
    return write(bind(values.settled_assignments(made, statement), statement, liftable=True), statement.sources, Role.COUNT)


def _excluded(column: exp.Column, by_name: dict[str, exp.Expr], target: Source) -> exp.Expr:
    """EXCLUDED.column: the value that was to be inserted."""
    entry: Field = column.meta["field"]
    cell = by_name.get(entry.name.lower())
    if cell is not None:
        return _as_stored(cell, entry)
    known = values.column_of(target, entry)
    if known is None or known.default is not None or known.identity:
        raise not_supported("EXCLUDED of a column that takes its default is not supported")
    missing = exp.Null()
    set_kind(missing, entry.kind)
    return missing
