"""Changes: UPDATE and DELETE that IRIS cannot run as one statement.

Their rows are found and locked, what is to be stored is read of them (and computed, by the worker if need be), and then they are
changed one by one by their %IDs, in one transaction. So it is with what IRIS cannot compute, with UPDATE ... FROM of queries, and
with RETURNING of columns of other tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from pgiris.sql import casts, guards, kept, returning, values
from pgiris.sql.coercion import ANY, Kind
from pgiris.sql.infer import Binder, Output, fold, kind_of
from pgiris.sql.parameters import bind
from pgiris.sql.plan import ROW, Note, Role, Step, When
from pgiris.sql.plan import Source as Place
from pgiris.sql.scope import Field, Scope, Source
from pgiris.sql.shaping import shaped
from pgiris.sql.stages import finished
from pgiris.sql.statement import Statement
from pgiris.sql.trees import copied
from pgiris.sql.write import template, write

Made = tuple[list[Step], list[Output]]


@dataclass
class Rows:
    """The rows that a change means. table: with its alias. others: entries of FROM or USING. None of them is analysed."""

    table: exp.Expr
    others: Sequence[exp.Expr]
    where: exp.Expr | None
    clause: exp.Expr | None  # RETURNING
    binder: Binder
    statement: Statement
    source: Source = field(init=False)

    def __post_init__(self) -> None:
        assert isinstance(self.table, exp.Table)
        self.source = self.binder.table(self.table)

    def update(self, assignments: Sequence[exp.Expr]) -> Made:
        self.statement.fired("rows_changed_one_by_one")
        changed = Assigned.of(assignments, self.source)
        shown = self._returned()
        read = self._read(changed.values, shown, changed.entries)
        change = changed.update(self.table, self.statement)
        checks = guards.checked(self.source.relation, self.binder.analysis.snapshot, changed.names)
        steps = [Step("", (Place(ROW),), Role.TARGET), replace(change, notes=Note.TARGET)]
        if shown is not None:
            steps.append(self._result(shown, 1 + len(changed.entries)))
        made = guards.after(self._each(read, steps), self.table, checks, self.statement)
        return made, [] if shown is None else shown.outputs

    def delete(self) -> Made:
        self.statement.fired("rows_changed_one_by_one")
        shown = self._returned()
        *locks, keep = self._read([], shown, [])
        if shown is None:
            made = exp.Delete(this=copied(self.table), where=exp.Where(this=returning.is_found(self.table, self.statement)))
            return [*locks, write(made, self.statement.sources, Role.COUNT)], []
        made = exp.Delete(this=copied(self.table), where=this_row(self.table, self.statement))
        steps = [replace(self._result(shown, 1), when=When.ALWAYS), write(made, self.statement.sources, Role.COUNT)]
        return self._each([*locks, keep], steps), shown.outputs

    def _each(self, read: Sequence[Step], steps: Sequence[Step]) -> list[Step]:
        slot = self.statement.slot
        return [*read, *(replace(step, each=slot, slot=slot) for step in steps)]

    # What is read

    def _query(self, items: Sequence[exp.Expr]) -> exp.Select:
        select = exp.Select(expressions=[copied(item) for item in items])
        select.set("from_", exp.From(this=copied(self.table)))
        select.set("joins", [join for other in self.others for join in returning.as_joins(other)])
        select.set("where", copied(self.where) if self.where is not None else None)
        return select

    def _read(self, items: Sequence[exp.Expr], shown: _Returned | None, entries: Sequence[Field]) -> list[Step]:
        """Find and lock the rows; keep %ID, items and the columns of other tables that RETURNING shows."""
        statement, binder = self.statement, self.binder
        others = shown.others if shown is not None else []
        one = exp.Literal.number(1)
        select = self._query([*items, *others] or [one])
        binder.open_query = select
        outputs = binder.query(select, Scope())
        for place, entry in enumerate(entries):
            values.check_assigned(select.expressions[place], outputs[place], entry, binder)
        locks = returning.locked(self.table, select.args["joins"], select.args.get("where"), self.source, statement)
        select.set("expressions", [returning.identity(self.table), *select.expressions[: len(items) + len(others)]])
        outputs = [Output("id", ANY), *outputs[: len(items) + len(others)]]
        select.meta["outputs"] = outputs
        kinds = [ANY, *(entry.kind for entry in entries), *(kind_of(column) for column in others)]
        among = returning.is_found(self.table, statement)
        keep = kept.of_query(select, outputs, kinds, statement, among=among)
        return [*locks, replace(keep, once=True)]

    # RETURNING

    def _returned(self) -> _Returned | None:
        if self.clause is None:
            return None
        select = self._query(self.clause.expressions)
        outputs = returning.shown_by(select, self.binder)
        names = {fold(join.this.alias_or_name) for join in select.args["joins"]}
        others: list[exp.Expr] = []
        for item in select.expressions:
            for column in item.find_all(exp.Column):
                source = column.meta.get("source")
                if source is not None and source.alias.lower() in names and column not in others:
                    others.append(column)
        return _Returned(select, outputs, others)

    def _result(self, shown: _Returned, place: int) -> Step:
        """The row as RETURNING shows it, read by its %ID. place: where the columns of other tables begin in the kept row."""
        statement, select = self.statement, shown.select
        for item in select.expressions:
            for column in list(item.find_all(exp.Column)):
                if column in shown.others:
                    kind = kind_of(column)
                    value = statement.column_of_row(place + shown.others.index(column))
                    column.replace(template(f"CAST({{0}} AS {casts.iris_type(kind)})", value, kind=kind))
        select.set("joins", None)
        select.set("where", None)
        statement.computing = statement.computing or statement.analysis.needs_computing
        statement.shaping = shaped(select, statement)
        tree = finished(select, statement)
        kept.add_condition(tree, this_row(self.table, self.statement).this)
        return replace(write(tree, statement.sources, Role.RESULT), when=When.COUNTED)


def this_row(table: exp.Expr, statement: Statement) -> exp.Where:
    """The row whose %ID is the first column of the kept row."""
    return exp.Where(this=exp.EQ(this=returning.identity(table), expression=statement.column_of_row(0)))


@dataclass
class Assigned:
    """SET of rows that are kept: values, and behind %ID the columns that get them. defaults: finished assignments of DEFAULT.
    names: of all columns that are set."""

    entries: list[Field]
    values: list[exp.Expr]
    defaults: list[exp.Expr]
    names: list[str]

    @classmethod
    def of(cls, assignments: Sequence[exp.Expr], target: Source) -> Assigned:
        made = cls([], [], [], [])
        seen: set[str] = set()
        for assignment in assignments:
            entry = values.assigned_field(assignment, target, seen)
            made.names.append(entry.name)
            if values.is_default(assignment.expression):
                made.defaults.append(values.default_assignment(entry, target))
            else:
                made.entries.append(entry)
                made.values.append(assignment.expression)
        return made

    def update(
        self,
        table: exp.Expr,
        statement: Statement,
        where: exp.Where | None = None,
        value: Callable[[int, Kind], exp.Expr] | None = None,
    ) -> Step:
        """The row at hand is given what was kept for it. where: another row; value: other values, by their places."""
        where, value = where or this_row(table, statement), value or statement.column_of_row
        changes = [
            exp.EQ(
                this=exp.column(entry.name),
                expression=values.stored(value(place, entry.kind), entry, statement),
            )
            for place, entry in enumerate(self.entries, 1)
        ]
        made = exp.Update(this=copied(table), expressions=[*changes, *self.defaults], where=where)
        settled = values.settled_assignments(made, statement)
        return write(bind(settled, statement, liftable=True), statement.sources, Role.COUNT)


@dataclass
class _Returned:
    """RETURNING. select: its items, analysed. others: the columns of other tables among them."""

    select: exp.Select
    outputs: list[Output]
    others: list[exp.Expr]
