"""Conflict: INSERT ... ON CONFLICT as steps that IRIS knows.

DO NOTHING: INSERT ... SELECT ... WHERE NOT EXISTS (the key). DO UPDATE of one row: UPDATE by the key, and INSERT if that found
no row. Of several rows, or with WHERE: the row of the same key is looked for, then changed by its %ID, or inserted if there is
none; of none that this statement has made or changed (21000). A row that another session inserts between the steps makes the
INSERT fail with 23505; nothing is lost. iris-reference 4.15
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby

from sqlglot import exp

from pgiris import sqlstate
from pgiris.compute.program import Program, oid_of
from pgiris.errors import PgError, not_supported
from pgiris.sql import constant, kept, madeness, returning, values
from pgiris.sql.changes import Assigned
from pgiris.sql.coercion import BOOL, Kind
from pgiris.sql.infer import Binder, Output, fold, kind_of, set_column, set_kind
from pgiris.sql.parameters import bind
from pgiris.sql.plan import Note, Role, Shaping, Step, When
from pgiris.sql.postgres import position_of
from pgiris.sql.programs import Builder, NotComputable
from pgiris.sql.scope import Field, Scope, Source, unique_keys
from pgiris.sql.stages import finished
from pgiris.sql.statement import Statement
from pgiris.sql.trees import copied
from pgiris.sql.write import template, write

Cells = Sequence[exp.Expr]
Fields = Sequence[Field]
Made = tuple[list[Step], list[Output]]
COMMAND = "ON CONFLICT DO UPDATE"


@dataclass
class Conflict:
    """keys: the unique keys that count. update: the assignments of DO UPDATE; None: DO NOTHING. where: which rows it changes."""

    keys: list[tuple[str, ...]]
    update: list[exp.Expr] | None
    where: exp.Expr | None
    counts_all: bool  # keys are all that the table has


def updates(node: exp.Expr) -> bool:
    """Whether an INSERT may change rows that there are."""
    conflict = node.args.get("conflict")
    return conflict is not None and "UPDATE" in conflict.args["action"].name.upper()


def read(node: exp.Expr, target: Source, binder: Binder) -> Conflict:
    """Raises 42P10 when no unique key is meant."""
    keys = unique_keys(target.relation)
    update = list(node.expressions) if "UPDATE" in node.args["action"].name.upper() else None
    where = node.args.get("where")
    named = [_column(key) for key in node.args.get("conflict_keys") or ()]
    if node.args.get("constraint") is not None:
        return Conflict([_constraint(node.args["constraint"], target)], update, where, len(keys) == 1)
    if node.args.get("index_predicate") is not None:  # which an index of all rows, and there are no others, satisfies
        binder.condition(node.args["index_predicate"].this, _scope_of(target), "WHERE")
    if named:
        for word, key in zip(named, node.args["conflict_keys"], strict=True):
            if target.find(word) is None:
                raise PgError(sqlstate.UNDEFINED_COLUMN, f'column "{word}" does not exist', position=position_of(key))
        chosen = [key for key in keys if set(key) == {word.lower() for word in named}]
        if target.open:  # there is no schema at hand
            chosen = keys = [tuple(word.lower() for word in named)]
        if not chosen:
            message = "there is no unique or exclusion constraint matching the ON CONFLICT specification"
            raise PgError(sqlstate.INVALID_COLUMN_REFERENCE, message)
        return Conflict(chosen[:1], update, where, all(key == chosen[0] for key in keys))
    if update is not None:
        message = "ON CONFLICT DO UPDATE requires inference specification or constraint name"
        raise PgError(sqlstate.SYNTAX_ERROR, message, hint="For example, ON CONFLICT (column_name).")
    return Conflict(keys, update, where, True)


def _scope_of(*sources: Source) -> Scope:
    scope = Scope()
    scope.sources += sources
    return scope


def _constraint(node: exp.Expr, target: Source) -> tuple[str, ...]:
    name = fold(node.this if isinstance(node, exp.Column | exp.Table) else node)
    known = target.relation.key_names if target.relation is not None else ()
    for given, columns in known:
        if given.lower() == name.lower():
            return tuple(column.lower() for column in columns)
    shown = target.relation.name if target.relation is not None else target.alias
    raise PgError(sqlstate.UNDEFINED_OBJECT, f'constraint "{name}" for table "{shown}" does not exist')


def _column(node: exp.Expr) -> str:
    inner = node.this if isinstance(node, exp.Ordered) else node
    if isinstance(inner, exp.Identifier):
        return fold(inner)
    if not isinstance(inner, exp.Column):
        raise not_supported("ON CONFLICT of an expression is not supported")
    return fold(inner.this)


@dataclass
class Insertion:
    """INSERT ... ON CONFLICT. clause: its RETURNING. by_rows: the %ID of each row that is changed must be noted; marks: also in
    the slot behind the statement's."""

    conflict: Conflict
    table: exp.Expr
    target: Source
    clause: exp.Expr | None
    by_rows: bool
    marks: bool
    binder: Binder
    statement: Statement

    def of_rows(self, rows: Sequence[Cells], fields: Fields) -> Made:
        """rows: cells that are analysed and not rewritten."""
        drawing = any(map(constant.has_numbers, chain.from_iterable(rows)))  # which are to be drawn once
        if self.conflict.update is None:
            self.statement.fired("on_conflict_do_nothing")
            if drawing or (len(rows) > returning.MOST_ROWS and self._can_be_kept(rows, fields)):
                return self._kept_alike(rows, fields)
            return self._absent_rows(rows, fields)
        self.statement.fired("on_conflict_do_update")
        plain = self.conflict.where is None and not self._changes_key() and not self.by_rows and not self.statement.computing
        plain = plain and not madeness.is_asked(self.clause, self.target)
        if len(rows) == 1 and plain and not drawing:
            return self._one(rows[0], fields)
        return self._kept_alike(rows, fields)

    def _can_be_kept(self, rows: Sequence[Cells], fields: Fields) -> bool:
        """Whether the worker can make all of the rows."""
        mark = self.statement.mark()
        found = not any(values.is_default(cell) for row in rows for cell in row)
        found = found and kept.of_values(rows, [entry.kind for entry in fields], self.statement) is not None
        self.statement.back_to(mark)
        return found

    def _kept_alike(self, rows: Sequence[Cells], fields: Fields) -> Made:
        """Rows that leave the same columns to their defaults together."""
        steps: list[Step] = []
        outputs: list[Output] = []
        for _, alike in groupby(rows, lambda row: [values.is_default(cell) for cell in row]):
            some, outputs = self._kept_rows(list(alike), fields)
            steps += some
        return steps, outputs

    def of_kept(self, keep: Step, fields: Fields) -> Made:
        """Rows that the worker keeps."""
        self.statement.fired("on_conflict_do_nothing" if self.conflict.update is None else "on_conflict_do_update")
        steps, shown = self._for_each(fields)
        return [keep, *steps], shown

    # One row after the other, each with steps of its own

    def _absent_rows(self, rows: Sequence[Cells], fields: Fields) -> Made:
        steps: list[Step] = []
        outputs: list[Output] = []
        for row in rows:
            by_name = _by_name(row, fields)
            insert = self._insert_if_absent(row, fields, by_name)
            if self.clause is None:
                steps.append(insert)
                continue
            shown, outputs = self._shown(When.COUNTED)
            steps += [replace(insert, notes=Note.MADE, slot=self.statement.slot), shown]
        return steps, outputs

    def _insert_if_absent(self, row: Cells, fields: Fields, by_name: dict[str, exp.Expr]) -> Step:
        statement = self.statement
        keys = [key for key in self.conflict.keys if all(name in by_name for name in key)]
        tolerates = sqlstate.UNIQUE_VIOLATION if self.conflict.counts_all else ""
        if not keys:
            return values.insert_one(self.table, row, fields, statement)
        tests = []
        for key in keys:
            probe = exp.Select(expressions=[exp.Literal.number(1)])
            probe.set("from_", exp.From(this=self.named_table()))
            probe.set("where", exp.Where(this=self._matches(key, by_name)))
            tests.append(exp.Not(this=exp.Exists(this=probe)))
        condition = finished(exp.Where(this=exp.and_(*tests, copy=False)), statement)
        return replace(values.insert_one(self.table, row, fields, statement, condition), tolerates=tolerates)

    def _one(self, row: Cells, fields: Fields) -> Made:
        by_name = _by_name(row, fields)
        key = next((key for key in self.conflict.keys if all(name in by_name for name in key)), None)
        steps = []
        if key is not None:
            steps = [self._update(by_name, finished(exp.Where(this=self._matches(key, by_name)), self.statement))]
        insert = values.insert_one(self.table, row, fields, self.statement)
        steps.append(insert if key is None else replace(insert, when=When.NOT_COUNTED))
        if key is not None and self.conflict.counts_all:  # another session may insert the row in between
            again = [replace(step, when=When.NOT_COUNTED) for step in steps]
            steps = [steps[0], replace(steps[1], tolerates=sqlstate.UNIQUE_VIOLATION), *again]
        if self.clause is None:
            return steps, []
        if key is None:
            shown, outputs = self._shown(When.ALWAYS)
            return [replace(insert, notes=Note.MADE, slot=self.statement.slot), shown], outputs
        alias = exp.TableAlias(this=exp.to_identifier(self.target.alias))
        shown, outputs = returning.by_key(self.clause, self.table, alias, self._matches(key, by_name), self.statement)
        return [*steps, shown], outputs

    def _changes_key(self) -> bool:
        names = {name for key in self.conflict.keys for name in key}
        changed = {fold(part.this.this).lower() for part in self.conflict.update or () if isinstance(part.this, exp.Column)}
        return not names.isdisjoint(changed)

    # Kept rows: the same steps for each of them

    def _kept_rows(self, rows: list[Cells], fields: Fields) -> Made:
        used = [entry for entry, cell in zip(fields, rows[0], strict=True) if not values.is_default(cell)]
        given = [[cell for cell in row if not values.is_default(cell)] for row in rows]
        keep = kept.of_values(given, [entry.kind for entry in used], self.statement) if used else None
        if keep is None:
            raise not_supported("these values are not supported with ON CONFLICT", "Insert one row at a time.")
        steps, outputs = self._for_each(used)
        return [keep, *steps], outputs

    def _for_each(self, fields: Fields) -> Made:
        cells = [self.statement.column_of_row(index, entry.kind) for index, entry in enumerate(fields)]
        by_name = _by_name(cells, fields)
        keys = [key for key in self.conflict.keys if all(name in by_name for name in key)]
        insert = replace(values.insert_one(self.table, cells, fields, self.statement), notes=Note.MADE)
        steps = [insert]
        if keys:
            find = self.find(keys, by_name)
            if self.conflict.update is None:
                tolerates = sqlstate.UNIQUE_VIOLATION if self.conflict.counts_all else ""
                steps = [replace(find, command=""), replace(insert, when=When.NOT_FOUND, tolerates=tolerates)]
            else:
                absent = When.NOT_COUNTED if self.conflict.where is None else When.NOT_FOUND
                computed = _Computed(self, fields) if self.statement.computing else None
                *before, update = computed.steps(keys, by_name) if computed else [find, self._update(by_name, None)]
                steps = [*before, replace(update, when=When.FOUND, notes=Note.TARGET), replace(insert, when=absent)]
        outputs: list[Output] = []
        if self.clause is not None:
            shown, outputs = self._shown(When.COUNTED)
            steps.append(shown)
        slot = self.statement.slot
        steps = [replace(step, each=slot, slot=slot) for step in steps]
        if self.marks and keys:
            mark = Step("", (), Role.RUN, When.COUNTED, notes=Note.TARGET, each=slot, slot=slot + 1)
            steps.insert([step.notes for step in steps].index(Note.TARGET) + 1, mark)
        return steps, outputs

    def find(self, keys: Sequence[tuple[str, ...]], by_name: dict[str, exp.Expr], columns: Cells = ()) -> Step:
        """Look for the row of the same key."""
        select = exp.Select(expressions=[self.identity(), *(copied(column) for column in columns)])
        select.set("from_", exp.From(this=self.named_table()))
        select.set("where", self.of_keys(keys, by_name))
        return replace(write(finished(select, self.statement), self.statement.sources, Role.TARGET), command=COMMAND)

    def of_keys(self, keys: Sequence[tuple[str, ...]], by_name: dict[str, exp.Expr]) -> exp.Where:
        return exp.Where(this=exp.or_(*(self._matches(key, by_name) for key in keys), copy=False))

    def identity(self) -> exp.Expr:
        return template(f"{exp.to_identifier(self.target.alias).sql(dialect='iris')}.%ID")

    def named_table(self) -> exp.Expr:
        source = copied(self.table)
        source.set("alias", exp.TableAlias(this=exp.to_identifier(self.target.alias)))
        return source

    def _shown(self, when: When) -> tuple[Step, list[Output]]:
        assert self.clause is not None
        alias = exp.TableAlias(this=exp.to_identifier(self.target.alias))
        clause = madeness.by_target(self.clause, self.target, self.identity(), self.statement)
        return returning.inserted(clause, self.table, alias, 1, self.statement, when)

    # Their parts

    def _matches(self, key: Sequence[str], by_name: dict[str, exp.Expr]) -> exp.Expr:
        tests = []
        for name in key:
            entry = self.target.find(name)
            assert entry is not None
            column = set_column(exp.column(entry.name, table=self.target.alias), entry)
            test = exp.EQ(this=column, expression=_as_stored(by_name[name], entry))
            set_kind(test, BOOL)
            tests.append(test)
        return exp.and_(*tests, copy=False)

    def _update(self, by_name: dict[str, exp.Expr], where: exp.Expr | None) -> Step:
        """where: finished; None: the row that was found, where the condition of DO UPDATE holds."""
        target, binder, statement = self.target, self.binder, self.statement
        excluded = Source("excluded", list(target.fields), open=target.open, schema=target.schema)
        scope = _scope_of(target, excluded)
        changes = []
        seen: set[str] = set()
        for original in self.conflict.update or ():
            assignment = copied(original)
            entry = values.assigned_field(assignment, target, seen)
            value = assignment.expression
            if values.is_default(value):
                changes.append(values.default_assignment(entry, target))
                continue
            binder.expression(value, scope)
            values.check_assignable(assignment.expression, entry, binder)
            holder = self._without_excluded(exp.Paren(this=assignment.expression), excluded, by_name)
            changes.append(exp.EQ(this=exp.column(entry.name), expression=values.stored(holder.this, entry, statement)))
        if where is None:
            where = exp.Where(this=exp.EQ(this=self.identity(), expression=statement.target()))
            if self.conflict.where is not None:
                chosen = exp.Where(this=exp.Paren(this=copied(self.conflict.where.this)))
                binder.condition(chosen.this, scope, "WHERE")
                condition = finished(self._without_excluded(chosen, excluded, by_name), statement).this
                where.set("this", exp.And(this=where.this, expression=condition))
        made = exp.Update(this=self.named_table(), expressions=changes, where=where)
        return write(bind(values.settled_assignments(made, statement), statement, liftable=True), statement.sources, Role.COUNT)

    def _without_excluded(self, holder: exp.Expr, excluded: Source, by_name: dict[str, exp.Expr]) -> exp.Expr:
        for column in list(holder.find_all(exp.Column)):
            if column.meta.get("source") is excluded:
                column.replace(_excluded(column, by_name, self.target))
        return holder


@dataclass
class _Computed:
    """DO UPDATE with values that the worker computes: of the row at hand, which is EXCLUDED, and the one that is found."""

    insertion: Insertion
    fields: Fields
    asked: list[exp.Expr] = field(default_factory=list)  # columns of the row that is found

    def steps(self, keys: Sequence[tuple[str, ...]], by_name: dict[str, exp.Expr]) -> list[Step]:
        """Lock the row of the same key, read and compute, change."""
        of, statement = self.insertion, self.insertion.statement
        changed = Assigned.of([copied(part) for part in of.conflict.update or ()], of.target)
        programs: list[Program] = [("c", 0, len(self.fields), -1)]
        excluded = Source("excluded", list(of.target.fields), schema=of.target.schema)
        scope = _scope_of(of.target, excluded)
        for value, entry in zip(changed.values, changed.entries, strict=True):
            holder = exp.Paren(this=value)
            of.binder.expression(holder.this, scope)
            values.check_assignable(holder.this, entry, of.binder)
            programs.append(self._program(holder.this, entry.kind))
        where = exp.Where(this=exp.EQ(this=of.identity(), expression=statement.target()))
        if of.conflict.where is not None:
            condition = exp.Paren(this=copied(of.conflict.where.this))
            of.binder.condition(condition, scope, "WHERE")
            programs.append(self._program(condition, BOOL))
            holds = template("CAST({0} AS INTEGER)", statement.target(len(programs) - 1, BOOL))
            where.set("this", exp.And(this=where.this, expression=exp.EQ(this=holds, expression=exp.Literal.number(1))))
        find = of.find(keys, by_name, self.asked)
        kinds = tuple(oid_of(program) for program in programs)
        lock = returning.locked_by_key(of.named_table(), of.of_keys(keys, by_name), of.target, statement)
        update = changed.update(of.named_table(), statement, where, statement.target)
        return [*lock, replace(find, kinds=kinds, rows=Shaping(tuple(programs))), update]

    def _program(self, node: exp.Expr, kind: Kind) -> Program:
        try:
            return Builder(self.insertion.statement, self._leaf).as_type(node, kind.oid)
        except NotComputable:
            raise not_supported("this expression of ON CONFLICT DO UPDATE is not supported") from None

    def _leaf(self, node: exp.Expr) -> Program | None:
        source = node.meta.get("source") if isinstance(node, exp.Column) else None
        if source is None:
            return None
        entry: Field = node.meta["field"]
        if source.alias == "excluded":
            names = [one.name.lower() for one in self.fields]
            if entry.name.lower() not in names:
                raise not_supported("EXCLUDED of a column that takes its default is not supported")
            return ("c", entry.kind.oid, names.index(entry.name.lower()), -1)
        if node not in self.asked:
            self.asked.append(node)
        return ("c", entry.kind.oid, len(self.fields) + 1 + self.asked.index(node), -1)


def _by_name(row: Cells, fields: Fields) -> dict[str, exp.Expr]:
    return {entry.name.lower(): cell for cell, entry in zip(row, fields, strict=True) if not values.is_default(cell)}


def _as_stored(cell: exp.Expr, entry: Field) -> exp.Expr:
    """A copy of an inserted value with the type of its column."""
    value = copied(cell)
    own = kind_of(value)
    if own.oid == entry.kind.oid or not entry.kind.oid:
        return exp.Paren(this=value) if isinstance(value, exp.Binary) else value
    made = exp.Cast(this=value, to=exp.DataType(this=exp.DType.UNKNOWN))
    made.meta["target"] = Kind(entry.kind.oid)
    set_kind(made, Kind(entry.kind.oid))
    return made


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
