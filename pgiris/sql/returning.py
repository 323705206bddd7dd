"""Returning: the rows that a change of data answers with. IRIS has no RETURNING: they are read by their key.

Inserted rows are found by their %ID, updated ones by the unique key that WHERE pins down; where it pins none down, the rows
are found and locked first, so that other sessions cannot slip in between the steps. Deleted rows are read before.
iris-reference 4.17
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import kept
from pgiris.sql.coercion import ANY
from pgiris.sql.infer import Binder, Output, conjuncts, fold, unwrapped
from pgiris.sql.plan import Role, Step, When
from pgiris.sql.scope import Scope, Source, unique_keys
from pgiris.sql.shaping import shaped
from pgiris.sql.stages import finished
from pgiris.sql.statement import Statement
from pgiris.sql.trees import copied
from pgiris.sql.write import Found, Value, template, write

MOST_ROWS = 150  # each takes two parameters of the last step. iris-reference 14: IRIS takes 380


def inserted(
    returning: exp.Expr, table: exp.Expr, alias: exp.Expr | None, count: int, statement: Statement, when: When = When.ALWAYS
) -> tuple[Step, list[Output]]:
    """The rows of the last ``count`` INSERT steps, in their order."""
    _refuse_view(table)
    statement.fired("insert_returning")
    select = _select(returning, table, alias)
    name = f"{exp.to_identifier(fold(alias.this)).sql(dialect='iris')}.%ID" if alias is not None else "%ID"
    identities = [statement.identity(count - 1 - number) for number in range(count)]
    outputs = shown_by(select, Binder(statement.analysis))
    if count == 1:
        where: exp.Expr = exp.EQ(this=template(name), expression=identities[0])
    else:
        where = exp.In(this=template(name), expressions=[copied(identity) for identity in identities])
        branches = " ".join(f"WHEN {{{number}}} THEN {number + 1}" for number in range(count))
        order = template(f"CASE {name} {branches} END", *identities)
        select.set("order", exp.Order(expressions=[exp.Ordered(this=order, desc=False, nulls_first=True)]))
    select.set("where", exp.Where(this=where))
    return _step(select, statement, when), outputs


def all_inserted(
    returning: exp.Expr, table: exp.Expr, alias: exp.Expr | None, statement: Statement
) -> tuple[list[Step], list[Output]]:
    """The rows of all INSERT steps, in the order of their %IDs, which is that of the steps where IRIS gives them out."""
    _refuse_view(table)
    statement.fired("insert_returning")
    source = copied(table)
    if alias is not None:
        source.set("alias", copied(alias))
    select, outputs = of_found(returning, source, statement)
    return [Step("", (), Role.KEYS, slot=statement.slot), select], outputs


def by_key(
    returning: exp.Expr,
    table: exp.Expr,
    alias: exp.Expr | None,
    condition: exp.Expr,
    statement: Statement,
    when: When = When.ALWAYS,
) -> tuple[Step, list[Output]]:
    """The row that a condition on a unique key finds."""
    statement.fired("returning_by_key")
    select = _select(returning, table, alias)
    select.set("where", exp.Where(this=condition))
    outputs = shown_by(select, Binder(statement.analysis))
    return _step(select, statement, when), outputs


def locked(
    table: exp.Expr, joins: Sequence[exp.Expr], where: exp.Expr | None, source: Source, statement: Statement
) -> list[Step]:
    """Find the rows that a condition means, and keep other sessions from changing them: FOUND has their %IDs.

    They are found, locked by an UPDATE that changes nothing, and found again among these, since what was changed before the
    lock may not be meant any more. joins: what an UPDATE joins with FROM, a DELETE with USING.
    """
    statement.fired("rows_found_and_locked")
    lock = _idle_update(table, source)
    locks = [] if lock is None else [write(_among(lock, table, statement), statement.sources, Role.RUN)]
    return [_found(table, joins, where, statement), *locks, _found(table, joins, where, statement, again=True)]


def locked_by_key(table: exp.Expr, where: exp.Expr, source: Source, statement: Statement) -> list[Step]:
    """The same where a condition pins a unique key: then one step is enough, and the condition goes on meaning these rows."""
    lock = _idle_update(table, source)
    if lock is None:
        return []
    lock.set("where", finished(where, statement))
    return [write(lock, statement.sources, Role.RUN)]


def _idle_update(table: exp.Expr, source: Source) -> exp.Expr | None:
    """An UPDATE that changes nothing, of a column that is part of no key; None when there is none."""
    keys = {name for key in unique_keys(source.relation) for name in key}
    free = [entry.name for entry in source.fields if entry.name.lower() not in keys]
    if not free:
        return None
    return exp.Update(this=copied(table), expressions=[exp.EQ(this=exp.column(free[0]), expression=exp.column(free[0]))])


def _found(table: exp.Expr, joins: Sequence[exp.Expr], where: exp.Expr | None, statement: Statement, again: bool = False) -> Step:
    select = exp.Select(expressions=[identity(table)])
    select.set("from_", exp.From(this=copied(table)))
    select.set("joins", [copied(join) for join in joins])
    select.set("where", copied(where) if where is not None else None)
    outputs = [Output("id", ANY)]
    select.meta["outputs"] = outputs
    among = is_found(table, statement) if again else None
    return kept.of_query(select, outputs, [ANY], statement, role=Role.KEYS, among=among)


def as_joins(other: exp.Expr) -> list[exp.Join]:
    """An entry of FROM or USING with its joins, as joins behind another one."""
    plain = copied(other)
    joins = plain.args.get("joins") or []
    plain.set("joins", None)
    return [exp.Join(this=plain), *joins]


def is_found(table: exp.Expr, statement: Statement) -> exp.Expr:
    """The condition that a row is one of those that locked() has found."""
    return Found.among(identity(table), statement.found())


def identity(table: exp.Expr) -> exp.Expr:
    _refuse_view(table)
    alias = table.args.get("alias")
    name = alias.this if alias is not None else table.this
    return template(f"{exp.to_identifier(fold(name), quoted=name.args.get('quoted')).sql(dialect='iris')}.%ID")


def _refuse_view(table: exp.Expr) -> None:
    relation = table.meta.get("relation")
    if relation is not None and relation.kind == "view":
        hint = "The rows of a view have no %ID in IRIS by which they are found."
        raise not_supported(f'this change of view "{relation.name}" is not supported', hint)


def _among(made: exp.Expr, table: exp.Expr, statement: Statement) -> exp.Expr:
    kept.add_condition(made, is_found(table, statement))
    return made


def of_found(returning: exp.Expr, table: exp.Expr, statement: Statement) -> tuple[Step, list[Output]]:
    """The rows that locked() has found, as they are now."""
    select = _select(returning, table, table.args.get("alias"))
    outputs = shown_by(select, Binder(statement.analysis))
    made = _among(finished(_asked(select, statement), statement), table, statement)
    made.set("order", exp.Order(expressions=[exp.Ordered(this=identity(table), nulls_first=True)]))
    return write(made, statement.sources), outputs


def shown_by(select: exp.Select, binder: Binder) -> list[Output]:
    """The columns of a RETURNING, which stands for each row. Raises 42803, 42P20."""
    outputs = binder.query(select, Scope())
    if select.meta.get("grouped"):
        raise PgError(sqlstate.GROUPING_ERROR, "aggregate functions are not allowed in RETURNING")
    if any(item.find(exp.Window) is not None and item.find(exp.Select) is None for item in select.expressions):
        raise PgError(sqlstate.WINDOWING_ERROR, "window functions are not allowed in RETURNING")
    return outputs


def _select(returning: exp.Expr, table: exp.Expr, alias: exp.Expr | None) -> exp.Select:
    source = copied(table)
    if alias is not None:
        source.set("alias", copied(alias))
    select = exp.Select(expressions=[copied(item) for item in returning.expressions])
    select.set("from_", exp.From(this=source))
    return select


def _step(select: exp.Select, statement: Statement, when: When) -> Step:
    step = write(finished(_asked(select, statement), statement), statement.sources, Role.RESULT)
    return Step(step.sql, step.sources, step.role, when)


def _asked(select: exp.Select, statement: Statement) -> exp.Select:
    """What IRIS is asked for, when the worker computes some of the columns."""
    statement.computing = statement.computing or statement.analysis.needs_computing
    statement.shaping = shaped(select, statement)
    return select


# Keys


def pinned_key(where: exp.Expr | None, source: Source, changed: Sequence[str] = ()) -> exp.Expr | None:
    """A copy of the part of a condition that says which rows are meant, or None. changed: columns whose value does not stay.

    Several rows (``key IN (constants)``) are only taken where the condition says nothing else: of one row it is known by the
    count whether all of the condition held.
    """
    pins: dict[str, exp.Expr] = {}
    conditions = conjuncts(where) if where is not None else []
    for part in conditions:
        for column, fixed in _pin_sides(part):
            inner = unwrapped(column)
            if isinstance(inner, exp.Column) and inner.meta.get("source") is source and all(map(_is_fixed, fixed)):
                pins.setdefault(fold(inner.this).lower(), part)
    for key in unique_keys(source.relation):
        if all(name in pins and name not in changed for name in key):
            parts = [pins[name] for name in key]
            if any(isinstance(part, exp.In) for part in parts) and len(conditions) > len(parts):
                return None
            return exp.and_(*(copied(part) for part in parts), copy=False)
    return None


def _pin_sides(part: exp.Expr) -> list[tuple[exp.Expr, list[exp.Expr]]]:
    """What may be a column, and the values that it is then equal to."""
    if isinstance(part, exp.EQ):
        return [(part.this, [part.expression]), (part.expression, [part.this])]
    if isinstance(part, exp.In) and part.args.get("query") is None and part.expressions:
        return [(part.this, list(part.expressions))]
    return []


def _is_fixed(node: exp.Expr) -> bool:
    """A value that is the same in every step."""
    node = unwrapped(node)
    if isinstance(node, exp.Cast | exp.Neg):
        return _is_fixed(node.this)
    return isinstance(node, exp.Literal | exp.Parameter | Value)
