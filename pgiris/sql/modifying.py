"""Modifying: WITH whose queries change data, as steps. PostgreSQL: queries-with#QUERIES-WITH-MODIFYING

Its parts run one after the other. What a part returns is what FROM then names: the rows of its table with the %IDs that it has
found or made. All parts are to see the data as it was: rows that an INSERT has made are hidden from the parts behind it, rows
that a DELETE means are deleted last, and tables that an UPDATE has changed are not read any more (0A000).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import conflict, madeness, returning
from pgiris.sql.infer import Binder, fold
from pgiris.sql.inlining import fill
from pgiris.sql.plan import Effect, Plan, Role, Step
from pgiris.sql.scope import Scope, find_relation
from pgiris.sql.statement import Statement
from pgiris.sql.trees import copied, is_star
from pgiris.sql.write import Found, Value
from pgiris.types.relation import Relation

SLOTS = 16  # of each part
MOST_PARTS = 32
_CHANGES = (exp.Insert, exp.Update, exp.Delete)
_TARGETED = (*_CHANGES, exp.Merge)
Build = Callable[[exp.Expr], Plan]


def changes_data(tree: exp.Expr) -> bool:
    clause = tree.args.get("with_")
    return clause is not None and any(isinstance(cte.this, _CHANGES) for cte in clause.expressions)


def plan(tree: exp.Expr, build: Build, binder: Binder, statement: Statement) -> Plan:
    """build: plans a statement without WITH."""
    statement.fired("with_changes_as_steps")
    return _Parts(build, binder, statement).plan(tree)


@dataclass
class _Change:
    """A part that has run. kind: INSERT ... marks: which rows it has found or made."""

    relation: Relation
    kind: type[exp.Expr]
    updates: bool  # rows that were there before
    found: Value


@dataclass
class _Parts:
    build: Build
    binder: Binder
    statement: Statement
    known: dict[str, exp.CTE] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)  # names of parts without RETURNING
    changes: list[_Change] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    last: list[Step] = field(default_factory=list)  # DELETEs

    def plan(self, tree: exp.Expr) -> Plan:
        parts = tree.args["with_"].expressions
        if len(parts) >= MOST_PARTS:
            raise not_supported(f"WITH of more than {MOST_PARTS} queries that change data is not supported")
        _check_order(parts)
        tree.set("with_", None)
        self.statement.by_worker = True
        for cte in parts:
            self._prepare(cte.this)
            if isinstance(cte.this, _CHANGES):
                self._change(cte)
            else:
                self.known[fold(cte.args["alias"].this)] = cte
        self._prepare(tree)
        if isinstance(tree, _TARGETED):
            self._check_target(tree)
        main = self.build(tree)
        return replace(main, effect=Effect.WRITE, steps=(*self.steps, *main.steps, *self.last))

    def _prepare(self, node: exp.Expr) -> None:
        """Put what is known into FROM, and hide what the parts before have made."""
        self._check_silent(node)
        fill(node, self.known)
        for table in list(node.find_all(exp.Table)):
            if "made" in table.meta or (isinstance(node, _TARGETED) and table is _target(node)):
                continue
            self._check_view(table)
            changes = self._of(table)
            updated = next((change.relation.name for change in changes if change.updates), None)
            if updated is not None:
                raise not_supported(f'reading "{updated}", which another part of the WITH updates, is not supported')
            made = [change.found for change in changes if change.kind is exp.Insert]
            if made:
                table.replace(_without(table, made))

    def _check_silent(self, node: exp.Expr) -> None:
        for table in node.find_all(exp.Table):
            name = fold(table.this) if not table.args.get("db") else ""
            if name in self.silent and not (isinstance(node, _TARGETED) and table is _target(node)):
                raise not_supported(f'WITH query "{name}" does not have a RETURNING clause')

    def _check_view(self, table: exp.Expr) -> None:
        relation = self._relation(table)
        if relation is not None and relation.kind == "view" and any(change.kind is not exp.Delete for change in self.changes):
            raise not_supported(f'reading view "{relation.name}" in a WITH that changes data is not supported')

    def _of(self, table: exp.Expr) -> list[_Change]:
        """The changes of a table by the parts before."""
        relation = self._relation(table)
        return [change for change in self.changes if relation is not None and change.relation is relation]

    def _relation(self, table: exp.Expr) -> Relation | None:
        analysis = self.statement.analysis
        schema, name = fold(table.args.get("db")), fold(table.this)
        return find_relation(analysis.snapshot, analysis.search_path, schema, name)

    def _check_target(self, node: exp.Expr) -> None:
        """A table that is changed by several parts: only INSERTs may meet."""
        for change in self._of(_target(node)):
            inserts = change.kind is exp.Insert and not change.updates
            if (inserts or change.kind is exp.Update) and isinstance(node, exp.Insert) and not node.args.get("conflict"):
                continue
            raise not_supported(f'changing "{change.relation.name}" in several parts of a WITH is not supported')

    def _change(self, cte: exp.CTE) -> None:
        node, statement = cte.this, self.statement
        statement.slot = SLOTS * (len(self.changes) + 1)
        self._check_target(node)
        relation, clause = self._relation(_target(node)), node.args.get("returning")
        if clause is not None:
            self.known[fold(cte.args["alias"].this)] = self._returned(cte, self._told(node, clause))
        else:
            self.silent.add(fold(cte.args["alias"].this))
        if clause is not None or isinstance(node, exp.Insert):
            node.meta["by_rows"] = True  # so that its steps find or note them
            node.set("returning", exp.Returning(expressions=[exp.Literal.number(1)]))
        steps = [step for step in self.build(node).steps if step.role is not Role.RESULT]
        statement.shaping = None
        if isinstance(node, exp.Insert):
            slots = (statement.slot, statement.slot + 1) if node.meta.get("marks") else (statement.slot,)
            steps += [Step("", (), Role.KEYS, slot=slot) for slot in slots]
        steps = [replace(step, role=Role.RUN) if step.role is Role.COUNT else step for step in steps]
        if isinstance(node, exp.Delete):
            guarded = [step for step in steps if step.role is Role.GUARD]  # what the deletion cascades to
            steps = [step for step in steps if step.role is not Role.GUARD]
            self.last += [steps.pop(), *guarded]
        self.steps += steps
        if relation is not None:
            updates = isinstance(node, exp.Update) or conflict.updates(node)
            self.changes.append(_Change(relation, type(node), updates, statement.found()))
        statement.slot = 0

    def _told(self, node: exp.Expr, clause: exp.Expr) -> exp.Expr:
        """RETURNING that says of an INSERT which rows were made."""
        target = self.binder.table(copied(_target(node)))
        if not isinstance(node, exp.Insert) or not madeness.is_asked(clause, target):
            return clause
        if not conflict.updates(node):
            return madeness.all_made(clause, target)
        node.meta["marks"] = True
        return madeness.by_list(clause, target, returning.identity(_target(node)), self.statement.found(1))

    def _returned(self, cte: exp.CTE, clause: exp.Expr) -> exp.CTE:
        """RETURNING as a query of the rows that the part has found or made."""
        table = copied(_target(cte.this))
        table.meta["made"] = True
        select = exp.Select(expressions=[copied(item) for item in clause.expressions])
        select.set("from_", exp.From(this=table))
        select.set("where", exp.Where(this=Found.among(returning.identity(table), self.statement.found())))
        if cte.this.args.get("from_") is not None or cte.this.args.get("using"):
            self._check_own(select)
        return exp.CTE(this=select, alias=copied(cte.args["alias"]))

    def _check_own(self, select: exp.Select) -> None:
        try:
            if any(is_star(item) for item in select.expressions):
                raise PgError(sqlstate.UNDEFINED_COLUMN, "*")
            self.binder.query(copied(select), Scope())
        except PgError as error:
            if error.code not in (sqlstate.UNDEFINED_TABLE, sqlstate.UNDEFINED_COLUMN):
                raise
            raise not_supported("RETURNING of other tables' columns is not supported in WITH") from None


def _check_order(parts: Sequence[exp.CTE]) -> None:
    """Parts run in their order: none can read itself or one behind it, which WITH RECURSIVE allows."""
    if not parts[0].parent or not parts[0].parent.args.get("recursive"):
        return
    names = [fold(cte.args["alias"].this) for cte in parts]
    for place, cte in enumerate(parts):
        used = {fold(table.this) for table in cte.this.find_all(exp.Table) if not table.args.get("db")}
        if not used.isdisjoint(names[place:]):
            raise not_supported("WITH RECURSIVE whose queries change data is not supported")


def _target(node: exp.Expr) -> exp.Table:
    """The table that a statement changes."""
    target: exp.Table = node.this.this if isinstance(node.this, exp.Schema) else node.this
    return target


def _without(table: exp.Expr, made: Sequence[Value]) -> exp.Expr:
    """A table as it was before INSERTs."""
    plain = copied(table)
    alias, joins = plain.args.get("alias"), plain.args.get("joins")
    plain.set("alias", None)
    plain.set("joins", None)
    plain.meta["made"] = True
    select = exp.Select(expressions=[exp.Star()])
    select.set("from_", exp.From(this=plain))
    tests = [exp.Not(this=exp.Paren(this=Found.among(returning.identity(plain), copied(found)))) for found in made]
    select.set("where", exp.Where(this=exp.and_(*tests, copy=False)))
    return exp.Subquery(this=select, alias=alias or exp.TableAlias(this=copied(table.this)), joins=joins)
