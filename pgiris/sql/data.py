"""Data: INSERT, UPDATE and DELETE -> steps of a plan.

iris-reference 4.15 to 4.17
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import casts, conflict, constant, guards, identities, kept, madeness, numbering, returning, sequences, values
from pgiris.sql.changes import Rows
from pgiris.sql.conditions import settle
from pgiris.sql.infer import Binder, Output, fold, kind_of, value_of
from pgiris.sql.inlining import inline
from pgiris.sql.parameters import bind
from pgiris.sql.plan import Generated, Note, Role, Step, When
from pgiris.sql.postgres import Unparsable, position_of
from pgiris.sql.queries import rewrite_queries
from pgiris.sql.rewrites import rewrite
from pgiris.sql.scope import Field, Scope, Source
from pgiris.sql.stages import finished
from pgiris.sql.statement import Statement
from pgiris.sql.trees import all_of, copied, is_star
from pgiris.sql.write import write
from pgiris.types import oids

Made = tuple[list[Step], list[Output]]


# INSERT


def insert(node: exp.Insert, binder: Binder, statement: Statement) -> Made:
    snapshot = binder.analysis.snapshot
    table = node.this.this if isinstance(node.this, exp.Schema) else node.this
    checks = guards.checked(binder.table(copied(table)).relation, snapshot) if snapshot.checked else ()
    if not checks:
        return _insert(node, binder, statement)
    node.meta["guarded"] = node.meta["by_rows"] = True
    steps, outputs = _insert(node, binder, statement)
    return guards.after(steps, table, checks, statement), outputs


def _insert(node: exp.Insert, binder: Binder, statement: Statement) -> Made:
    if node.args.get("conflict") is not None or values.rows_of(node) is not None:
        inline(node, statement)
    schema = node.this
    table = schema.this if isinstance(schema, exp.Schema) else schema
    target = binder.table(table)
    drawing = numbering.draw(node, target, statement)
    if drawing:
        statement.fired("default_nextval")
    identities.leave_out(node, target)
    schema = node.this
    fields = _target_fields(schema, target)
    alias = table.args.get("alias")
    table.set("alias", None)
    if alias is not None:
        target.alias = fold(alias.this)
    if node.args.get("returning") is not None and not conflict.updates(node):
        node.set("returning", madeness.all_made(node.args["returning"], target))
    rows = values.rows_of(node)
    identities.check(node, target, fields, rows)
    statement.generates = _generated(target, fields, rows)
    if rows is None:
        return _insert_query(node, table, alias, fields, target, binder, statement)
    if not rows[0]:
        steps = [write(values.insert_node(table, None, None), statement.sources, Role.COUNT)]
        return _with_inserted(node, steps, table, alias, 1, statement)
    used = _checked_rows(node, rows, fields, binder)
    if node.args.get("conflict") is not None:
        return _insertion(node, table, alias, target, used, binder, statement).of_rows(rows, _all_known(used))
    if len(rows) == 1:
        return _with_inserted(node, [values.insert_one(table, rows[0], used, statement)], table, alias, 1, statement)
    return _with_inserted(node, _insert_many(table, rows, used, statement), table, alias, len(rows), statement)


def _generated(target: Source, fields: Sequence[Field] | None, rows: Sequence[Sequence[exp.Expr]] | None) -> Generated | None:
    """The sequence of the column that IRIS counts, when rows leave it to IRIS. ``told`` only when all of them do."""
    relation = target.relation
    column = next((c for c in relation.columns if c.identity), None) if relation is not None else None
    if relation is None or column is None or fields is None:
        return None
    names = [entry.name.lower() for entry in fields]
    place = names.index(column.name.lower()) if column.name.lower() in names else len(names)
    if rows is None and place < len(names):
        return None
    given = [place < len(row) and not values.is_default(row[place]) for row in rows or ()]
    if given and all(given):
        return None
    return Generated(relation.schema, sequences.name_of(relation, column), not any(given))


def _with_inserted(
    node: exp.Expr, steps: list[Step], table: exp.Expr, alias: exp.Expr | None, count: int, statement: Statement
) -> Made:
    clause = node.args.get("returning")
    if clause is None:
        return steps, []
    steps = [replace(step, notes=Note.MADE, slot=statement.slot) if step.role is Role.COUNT else step for step in steps]
    if count > returning.MOST_ROWS:
        selects, outputs = returning.all_inserted(clause, table, alias, statement)
        return [*steps, *selects], outputs
    select, outputs = returning.inserted(clause, table, alias, count, statement)
    return [*steps, select], outputs


def _insertion(
    node: exp.Expr,
    table: exp.Expr,
    alias: exp.Expr | None,
    target: Source,
    fields: Sequence[Field | None],
    binder: Binder,
    statement: Statement,
) -> conflict.Insertion:
    """INSERT ... ON CONFLICT"""
    _all_known(fields)
    statement.generates = statement.generates and statement.generates._replace(told=False)
    read = conflict.read(node.args["conflict"], target, binder)
    by_rows, marks = bool(node.meta.get("by_rows")), bool(node.meta.get("marks"))
    return conflict.Insertion(read, table, target, node.args.get("returning"), by_rows, marks, binder, statement)


def _all_known(fields: Sequence[Field | None]) -> list[Field]:
    known = [entry for entry in fields if entry is not None]
    if len(known) != len(fields):
        raise not_supported("ON CONFLICT for a table that is not known is not supported")
    return known


def _target_fields(schema: exp.Expr, target: Source) -> list[Field] | None:
    """The columns that values are given for; None: unknown, and all of them."""
    if not isinstance(schema, exp.Schema):
        return None if target.open else list(target.fields)
    fields: list[Field] = []
    for identifier in schema.expressions:
        if not isinstance(identifier, exp.Identifier):
            raise not_supported("this list of columns is not supported")
        found = target.find(fold(identifier))
        if found is None:
            raise values.no_such_column(fold(identifier), target, identifier)
        if any(found.name == other.name for other in fields):
            message = f'column "{fold(identifier)}" specified more than once'
            raise PgError(sqlstate.DUPLICATE_COLUMN, message, position=position_of(identifier))
        fields.append(found)
    return fields


def _checked_rows(
    node: exp.Insert, rows: list[list[exp.Expr]], fields: list[Field] | None, binder: Binder
) -> Sequence[Field | None]:
    """Infer every cell; the column that each stands for."""
    width = len(rows[0])
    for row in rows:
        if not row:
            raise Unparsable("a row without columns")
        if len(row) != width:
            raise PgError(sqlstate.SYNTAX_ERROR, "VALUES lists must all be the same length", position=position_of(row[0]))
    if fields is not None:
        _check_width(width, fields, isinstance(node.this, exp.Schema), rows[0])
    used: Sequence[Field | None] = fields[:width] if fields is not None else [None] * width
    scope = Scope()
    for row in rows:
        for index, entry in enumerate(used):
            if values.is_default(row[index]):
                continue
            holder = exp.Paren(this=row[index])  # inference may put another node in its place
            values.assign(holder.this, entry, binder, scope)
            row[index] = holder.this
            _mark_once(row[index], len(rows) == 1)
    return used


def _mark_once(cell: exp.Expr, once: bool) -> None:
    """Functions with an effect may stand in a row that is inserted alone; those of sequences in each row."""
    if cell.find(exp.Query) is not None:
        constant.mark_within(cell)
        return
    for call in all_of(cell, exp.Anonymous):
        if "session" in call.meta:
            call.meta["once"] = once
    constant.mark_numbers(cell)


def _check_width(width: int, fields: Sequence[Field], listed: bool, row: Sequence[exp.Expr] = ()) -> None:
    if width > len(fields):
        position = position_of(row[len(fields)]) if row else None
        raise PgError(sqlstate.SYNTAX_ERROR, "INSERT has more expressions than target columns", position=position)
    if listed and width < len(fields):
        raise PgError(sqlstate.SYNTAX_ERROR, "INSERT has more target columns than expressions")


def _insert_many(
    table: exp.Expr, rows: Sequence[Sequence[exp.Expr]], fields: Sequence[Field | None], statement: Statement
) -> list[Step]:
    """The rows of VALUES are kept and inserted one by one; where the worker cannot make them, each has a step of its own."""
    statement.fired("rows_one_by_one")
    kept_rows = _inserts_of_kept(table, rows, fields, statement)
    if kept_rows is not None:
        return kept_rows
    alike: dict[tuple[object, ...], Step] = {}
    steps = []
    for row in rows:
        shape = _shape(row)
        first = alike.get(shape) if shape else None
        step = values.insert_one(table, row, fields, statement) if first is None else _insert_alike(first, row, statement)
        steps.append(step)
        if shape and first is None and len(step.sources) == sum(isinstance(cell, exp.Literal) for cell in row):
            alike[shape] = step
    return steps


def _inserts_of_kept(
    table: exp.Expr, rows: Sequence[Sequence[exp.Expr]], fields: Sequence[Field | None], statement: Statement
) -> list[Step] | None:
    """Rows that leave the same columns to their defaults together; None when IRIS has to make one of them."""
    known = [entry for entry in fields if entry is not None]
    if len(known) != len(fields) or not all(entry.kind.oid for entry in known):
        return None
    steps: list[Step] = []
    mark = statement.mark()
    for defaults, alike in groupby(rows, lambda row: [values.is_default(cell) for cell in row]):
        used = [entry for entry, default in zip(known, defaults, strict=True) if not default]
        given = [[cell for cell in row if not values.is_default(cell)] for row in alike]
        keep = kept.of_values(given, [entry.kind for entry in used], statement) if used else None
        if keep is None:
            statement.back_to(mark)
            return None
        cells = [statement.column_of_row(place, entry.kind) for place, entry in enumerate(used)]
        insert_step = values.insert_one(table, cells, used, statement)
        steps += [keep, replace(insert_step, each=statement.slot, slot=statement.slot)]
    return steps


def _shape(row: Sequence[exp.Expr]) -> tuple[object, ...]:
    """What rows of literals have in common when the same text inserts them; empty for other rows."""
    if not all(isinstance(cell, exp.Literal | exp.Null) for cell in row):
        return ()
    return tuple((cell.is_string, kind_of(cell)) if isinstance(cell, exp.Literal) else None for cell in row)


def _insert_alike(first: Step, row: Sequence[exp.Expr], statement: Statement) -> Step:
    literals = (cell for cell in row if isinstance(cell, exp.Literal))
    sources = [statement.alike(source, cell) for source, cell in zip(first.sources, literals, strict=True)]
    return replace(first, sources=tuple(sources))


def _insert_query(
    node: exp.Insert,
    table: exp.Expr,
    alias: exp.Expr | None,
    fields: list[Field] | None,
    target: Source,
    binder: Binder,
    statement: Statement,
) -> Made:
    query = node.expression
    if query is None:
        raise not_supported("this INSERT is not supported")
    inline(query, statement)
    inline(node, statement)
    binder.open_query = query
    arrays = kept.arrays_of(query, binder)
    outputs = binder.query(query, Scope())
    if isinstance(query, exp.Select) and query.args.get("from_") is None:
        for item in query.expressions:
            _mark_once(item, False)
    if fields is not None:
        _check_width(len(outputs), fields, isinstance(node.this, exp.Schema))
        for index, (output, entry) in enumerate(zip(outputs, fields, strict=False)):
            is_open = output.kind.oid == oids.UNKNOWN
            values.check_assigned(query.expressions[index] if is_open else query, output, entry, binder)
            if is_open:
                outputs[index] = output._replace(kind=kind_of(value_of(query.expressions[index])))
    used = fields[: len(outputs)] if fields is not None else None
    if node.args.get("conflict") is not None:
        insertion = _insertion(node, table, alias, target, used or [None], binder, statement)
        return insertion.of_kept(_kept_rows(query, outputs, arrays, used or (), statement), used or ())
    computing = statement.computing or statement.analysis.needs_computing or arrays is not None
    if node.args.get("returning") is None and not computing and not node.meta.get("guarded"):
        made = _inserted_by_iris(query, outputs, table, used, statement)
        if made is not None:
            return [made], []
    if used is None:
        raise not_supported("this INSERT into a table that is not known is not supported")
    statement.fired("rows_one_by_one")
    keep = _kept_rows(query, outputs, arrays, used, statement)
    row = [statement.column_of_row(index, entry.kind) for index, entry in enumerate(used)]
    insert_step = replace(values.insert_one(table, row, used, statement), each=statement.slot, slot=statement.slot)
    clause = node.args.get("returning")
    if clause is None:
        return [keep, insert_step], []
    selects, returned = returning.all_inserted(clause, table, alias, statement)
    return [keep, replace(insert_step, notes=Note.MADE), *selects], returned


def _kept_rows(
    query: exp.Expr, outputs: Sequence[Output], arrays: kept.Arrays | None, fields: Sequence[Field], statement: Statement
) -> Step:
    kinds = [entry.kind for entry in fields]
    if arrays is not None:
        return kept.of_arrays(query, arrays, kinds, statement)
    return kept.of_query(query, outputs, kinds, statement)


def _inserted_by_iris(
    query: exp.Expr, outputs: Sequence[Output], table: exp.Expr, used: Sequence[Field] | None, statement: Statement
) -> Step | None:
    """INSERT ... SELECT; None where types differ of a query whose columns cannot be converted in their places."""
    plain = isinstance(query, exp.Select) and not any(is_star(item) for item in query.expressions)
    if not plain and used is not None and any(o.kind.oid not in (e.kind.oid, 0) for o, e in zip(outputs, used, strict=False)):
        return None
    rewritten = rewrite_queries(rewrite(query, statement), statement)
    if isinstance(rewritten, exp.Select) and plain and used is not None:
        items = [_converted(item, entry, statement) for item, entry in zip(rewritten.expressions, used, strict=True)]
        rewritten.set("expressions", items)
    made = values.insert_node(table, used, rewritten)
    return write(bind(settle(made, statement), statement), statement.sources, Role.COUNT)


def _converted(item: exp.Expr, entry: Field, statement: Statement) -> exp.Expr:
    value = value_of(item)
    made = values.fitted(casts.storable(value, entry.kind, statement), kind_of(value), entry.kind)
    return item if made is value else made


# UPDATE


def update(node: exp.Update, binder: Binder, statement: Statement) -> Made:
    _refuse(node, "UPDATE", ("order", "limit"))
    inline(node, statement)
    numbering.draw_in_assignments(node, binder)
    if node.this.args.get("joins"):
        raise not_supported("joins in front of SET are not supported")
    clause, joined = node.args.get("returning"), node.args.get("from_")
    if statement.computing or (joined is not None and (_is_by_rows(node, binder) or not _is_table(joined.this))):
        others = [joined.this] if joined is not None else []
        return Rows(node.this, others, node.args.get("where"), clause, binder, statement).update(node.expressions)
    scope = Scope()
    source = binder.table(node.this)
    scope.sources.append(source)
    if joined is not None:  # which IRIS has too. iris-reference 4.16
        binder.sources(joined.this, scope)
    seen: set[str] = set()
    assignments = []
    for assignment in node.expressions:
        entry = values.assigned_field(assignment, source, seen)
        if values.is_default(assignment.expression):
            assignments.append(values.default_assignment(entry, source))
            continue
        holder = exp.Paren(this=assignment.expression)
        binder.expression(holder.this, scope)
        values.check_assignable(holder.this, entry, binder)
        stored = values.stored(holder.this, entry, statement)
        assignments.append(exp.EQ(this=exp.column(entry.name), expression=stored))
    where = node.args.get("where")
    if where is not None:
        binder.condition(where.this, scope, "WHERE")
    node.set("returning", None)
    node.set("expressions", assignments)
    checks = guards.checked(source.relation, binder.analysis.snapshot, seen)
    if clause is None and not checks:
        return [_finished_update(node, where, statement)], []
    shown = copied(node.this)
    key = returning.pinned_key(where.this if where is not None else None, source, sorted(seen))
    if key is not None and not node.meta.get("by_rows"):
        change = _finished_update(node, where, statement)
        steps = [change, *guards.by_key(shown, checks, key, statement)]
        if clause is None:
            return steps, []
        select, outputs = returning.by_key(clause, shown, shown.args.get("alias"), key, statement, When.COUNTED)
        return [*steps, select], outputs
    before = returning.locked(shown, (), where, source, statement)
    change = _finished_update(node, where, statement, returning.is_found(shown, statement))
    steps = [*before, change, *guards.of_found(shown, checks, statement)]
    if clause is None:
        return steps, []
    select, outputs = returning.of_found(clause, shown, statement)
    return [*steps, select], outputs


def _is_by_rows(node: exp.Update, binder: Binder) -> bool:
    """Whether an UPDATE ... FROM is to tell which rows it changes."""
    snapshot = binder.analysis.snapshot
    if node.args.get("returning") is not None or not snapshot.checked:
        return node.args.get("returning") is not None
    relation = binder.table(copied(node.this)).relation
    names = [fold(part.this.this) for part in node.expressions if isinstance(part.this, exp.Column)]
    return bool(guards.checked(relation, snapshot, names))


def _finished_update(node: exp.Update, where: exp.Expr | None, statement: Statement, among: exp.Expr | None = None) -> Step:
    if where is not None:
        node.set("where", settle(rewrite_queries(rewrite(where, statement), statement), statement))
    made = bind(values.settled_assignments(node, statement), statement, liftable=True)
    if among is not None:
        kept.add_condition(made, among)
    return write(made, statement.sources, Role.COUNT)


def _is_table(node: exp.Expr) -> bool:
    return isinstance(node, exp.Table) and all(_is_table(join.this) for join in node.args.get("joins") or ())


# DELETE


def delete(node: exp.Delete, binder: Binder, statement: Statement) -> Made:
    _refuse(node, "DELETE", ("order", "limit"))
    inline(node, statement)
    using, clause = node.args.get("using") or [], node.args.get("returning")
    if statement.computing or (using and clause is not None):
        return Rows(node.this, using, node.args.get("where"), clause, binder, statement).delete()
    scope = Scope()
    source = binder.table(node.this)
    scope.sources.append(source)
    for other in using:
        binder.sources(other, scope)
    where = node.args.get("where")
    if where is not None:
        binder.condition(where.this, scope, "WHERE")
    table = copied(node.this)
    node.set("cluster", None)
    node.set("returning", None)
    if clause is not None:
        return _delete_returning(node, clause, table, source, statement)
    if using:
        _using_to_exists(node, using, where, statement)
    return [write(finished(node, statement), statement.sources, Role.COUNT)], []


def _using_to_exists(node: exp.Delete, using: Sequence[exp.Expr], where: exp.Expr | None, statement: Statement) -> None:
    """DELETE FROM t USING u WHERE c -> DELETE FROM t WHERE EXISTS (SELECT 1 FROM u WHERE c)"""
    statement.fired("using_to_exists")
    probe = exp.Select(expressions=[exp.Literal.number(1)])
    probe.set("from_", exp.From(this=using[0]))
    probe.set("joins", [exp.Join(this=other) for other in using[1:]])
    probe.set("where", where)
    node.set("using", None)
    node.set("where", exp.Where(this=exp.Exists(this=probe)))


def _delete_returning(node: exp.Delete, clause: exp.Expr, table: exp.Expr, source: Source, statement: Statement) -> Made:
    """The rows are found and locked, read, and then deleted."""
    statement.fired("delete_returning")
    where = node.args.get("where")
    if where is not None and returning.pinned_key(where.this, source) is not None and not node.meta.get("by_rows"):
        select, outputs = returning.by_key(clause, table, table.args.get("alias"), copied(where.this), statement)
        lock = returning.locked_by_key(table, copied(where), source, statement)
        return [*lock, select, write(finished(node, statement), statement.sources, Role.COUNT)], outputs
    locked = returning.locked(table, (), where, source, statement)
    select, outputs = returning.of_found(clause, table, statement)
    made = exp.Delete(this=copied(table))
    kept.add_condition(made, returning.is_found(table, statement))
    return [*locked, select, write(made, statement.sources, Role.COUNT)], outputs


def _refuse(node: exp.Expr, word: str, clauses: Sequence[str]) -> None:
    for clause in clauses:
        if node.args.get(clause) is not None:
            raise not_supported(f"{word} with {clause.rstrip('_').upper()} is not supported")
