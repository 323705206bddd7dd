"""Merging: MERGE as steps. PostgreSQL: sql-merge

The rows of the table that match are found and locked. For each WHEN the rows that it means are read, of the data as it was, and
then changed or inserted one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import guards, identities, kept, numbering, returning, sequences, values
from pgiris.sql.changes import Assigned, this_row
from pgiris.sql.coercion import ANY
from pgiris.sql.infer import Binder, Output, fold
from pgiris.sql.inlining import inline
from pgiris.sql.plan import ROW, Generated, Note, Role, Step
from pgiris.sql.plan import Source as Place
from pgiris.sql.scope import Field, Scope, Source
from pgiris.sql.statement import Statement
from pgiris.sql.trees import copied
from pgiris.sql.write import write

COMMAND = "MERGE"


def merge(node: exp.Merge, binder: Binder, statement: Statement) -> tuple[list[Step], list[Output]]:
    if node.args.get("returning") is not None:
        raise not_supported("RETURNING of MERGE is not supported")
    inline(node, statement)
    statement.fired("merge_to_steps")
    whens = list(node.args["whens"].expressions)
    if any(when.args.get("source") for when in whens):
        raise not_supported("WHEN NOT MATCHED BY SOURCE is not supported")
    _check_reachable(whens)
    return _Merge(node.this, node.args["using"], node.args["on"], binder, statement).steps(whens), []


def _check_reachable(whens: Sequence[exp.Expr]) -> None:
    final: set[bool] = set()
    for when in whens:
        matched = bool(when.args.get("matched"))
        if matched in final:
            message = "unreachable WHEN clause specified after unconditional WHEN clause"
            raise PgError(sqlstate.SYNTAX_ERROR, message)
        if when.args.get("condition") is None:
            final.add(matched)


@dataclass
class _Merge:
    """None of the nodes is analysed."""

    table: exp.Expr
    using: exp.Expr
    condition: exp.Expr
    binder: Binder
    statement: Statement
    target: Source = field(init=False)

    def steps(self, whens: Sequence[exp.Expr]) -> list[Step]:
        statement, first = self.statement, self.statement.slot
        assert isinstance(self.table, exp.Table)
        self.target = self.binder.table(self.table)
        steps = self._locked()
        among = returning.is_found(self.table, statement)
        changes: list[Step] = []
        before: dict[bool, list[exp.Expr]] = {True: [], False: []}
        for when in whens:
            statement.slot += 1
            matched, action = bool(when.args.get("matched")), when.args["then"]
            earlier = before[matched]
            if not (isinstance(action, exp.Var) and action.name.upper() == "DO NOTHING"):
                read, change = self._when(matched, action, when.args.get("condition"), earlier, among)
                steps.append(read)
                changes += [replace(step, slot=first, each=statement.slot) for step in change]
            if when.args.get("condition") is not None:
                earlier.append(when.args["condition"])
        statement.slot = first
        checks = guards.checked(self.target.relation, self.binder.analysis.snapshot) if changes else ()
        return guards.after([*steps, *changes], self.table, checks, statement)

    def _locked(self) -> list[Step]:
        select = self._matched([exp.Literal.number(1)], [])
        self.binder.query(select, Scope())
        return returning.locked(self.table, select.args["joins"], select.args["where"], self.target, self.statement)

    def _when(
        self, matched: bool, action: exp.Expr, condition: exp.Expr | None, earlier: Sequence[exp.Expr], among: exp.Expr
    ) -> tuple[Step, list[Step]]:
        """What reads the rows of a WHEN, and what is done with each of them."""
        conditions: list[exp.Expr] = [exp.Not(this=exp.Paren(this=_is_true(one))) for one in earlier]
        if condition is not None:
            conditions.append(exp.Paren(this=copied(condition)))
        if not matched:
            return self._insertion(action, conditions)
        find = Step("", (Place(ROW),), Role.TARGET, command=COMMAND)
        if isinstance(action, exp.Update):
            changed = Assigned.of(action.expressions, self.target)
            read = self._read(changed.values, changed.entries, conditions, among)
            change = changed.update(self.table, self.statement)
        else:
            read = self._read([], [], conditions, among)
            made = exp.Delete(this=copied(self.table), where=this_row(self.table, self.statement))
            change = write(made, self.statement.sources, Role.COUNT)
        return read, [find, replace(change, notes=Note.TARGET)]

    def _read(self, items: Sequence[exp.Expr], entries: Sequence[Field], conditions: Sequence[exp.Expr], among: exp.Expr) -> Step:
        select = self._matched(items or [exp.Literal.number(1)], conditions)
        outputs = self._analysed(select, entries)[: len(items)]
        select.set("expressions", [returning.identity(self.table), *select.expressions[: len(items)]])
        outputs = select.meta["outputs"] = [Output("id", ANY), *outputs]
        kinds = [ANY, *(entry.kind for entry in entries)]
        return kept.of_query(select, outputs, kinds, self.statement, among=copied(among))

    def _insertion(self, action: exp.Expr, conditions: Sequence[exp.Expr]) -> tuple[Step, list[Step]]:
        numbering.refuse_view(self.target.relation, self.binder.analysis.snapshot)
        fields, cells = self._given(action)
        identities.check(action, self.target, fields, [cells])
        counted = (
            next((c for c in self.target.relation.columns if c.identity), None) if self.target.relation is not None else None
        )
        if self.target.relation is not None and counted is not None and counted.name not in [entry.name for entry in fields]:
            sequence = sequences.name_of(self.target.relation, counted)
            self.statement.generates = Generated(self.target.relation.schema, sequence, told=False)
        probe = exp.Select(expressions=[exp.Literal.number(1)])
        probe.set("from_", exp.From(this=copied(self.table)))
        probe.set("where", exp.Where(this=exp.Paren(this=copied(self.condition))))
        select = exp.Select(expressions=[copied(cell) for cell in cells] or [exp.Literal.number(1)])
        select.set("from_", exp.From(this=_plain(self.using)))
        select.set("joins", returning.as_joins(self.using)[1:])
        absent = exp.Not(this=exp.Exists(this=probe))
        select.set("where", exp.Where(this=exp.and_(absent, *conditions, copy=False)))
        outputs = self._analysed(select, fields)
        kinds = [entry.kind for entry in fields] if cells else [outputs[0].kind]
        read = kept.of_query(select, outputs, kinds, self.statement)
        row = [self.statement.column_of_row(place, entry.kind) for place, entry in enumerate(fields)]
        table = copied(self.table)
        table.set("alias", None)
        if not cells:
            return read, [write(values.insert_node(table, None, None), self.statement.sources, Role.COUNT)]
        return read, [values.insert_one(table, row, fields, self.statement)]

    def _given(self, action: exp.Expr) -> tuple[list[Field], list[exp.Expr]]:
        """The columns and values of INSERT, without those that take their defaults."""
        named = action.this.expressions if isinstance(action.this, exp.Tuple) else []
        cells = list(action.expression.expressions) if action.expression is not None else []
        drawing = [c for c in self.target.relation.columns if c.has_own_default] if self.target.relation is not None else []
        if not cells:
            return [self._known(column.name) for column in drawing], list(map(numbering.own_default, drawing))
        fields = [self._field(column) for column in named] if named else list(self.target.fields)
        if len(cells) > len(fields):
            raise PgError(sqlstate.SYNTAX_ERROR, "INSERT has more expressions than target columns")
        if named and len(cells) < len(fields):
            raise PgError(sqlstate.SYNTAX_ERROR, "INSERT has more target columns than expressions")
        pairs = [(entry, cell) for entry, cell in zip(fields, cells, strict=False) if not values.is_default(cell)]
        named_ones = [entry.name.lower() for entry, _ in pairs]
        pairs += [(self._known(c.name), numbering.own_default(c)) for c in drawing if c.name.lower() not in named_ones]
        return [entry for entry, _ in pairs], [cell for _, cell in pairs]

    def _known(self, name: str) -> Field:
        found = self.target.find(name)
        assert found is not None
        return found

    def _field(self, column: exp.Expr) -> Field:
        name = fold(column.this if isinstance(column, exp.Column) else column)
        found = self.target.find(name)
        if found is None:
            raise values.no_such_column(name, self.target, column)
        return found

    def _analysed(self, select: exp.Select, entries: Sequence[Field]) -> list[Output]:
        self.binder.open_query = select
        outputs = self.binder.query(select, Scope())
        for place, entry in enumerate(entries):
            values.check_assigned(select.expressions[place], outputs[place], entry, self.binder)
        return outputs

    def _matched(self, items: Sequence[exp.Expr], conditions: Sequence[exp.Expr]) -> exp.Select:
        select = exp.Select(expressions=[copied(item) for item in items])
        select.set("from_", exp.From(this=copied(self.table)))
        select.set("joins", returning.as_joins(self.using))
        condition = exp.and_(exp.Paren(this=copied(self.condition)), *conditions, copy=False)
        select.set("where", exp.Where(this=condition))
        return select


def _is_true(condition: exp.Expr) -> exp.Expr:
    return exp.Is(this=exp.Paren(this=copied(condition)), expression=exp.Boolean(this=True))


def _plain(node: exp.Expr) -> exp.Expr:
    made = copied(node)
    made.set("joins", None)
    return made
