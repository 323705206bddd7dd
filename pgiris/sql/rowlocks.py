"""Row locks: SELECT ... FOR UPDATE and its kin.

IRIS locks no rows that a query reads. The rows are found and locked by an UPDATE that changes nothing, and then the query runs
among them: what it shows is what they are after the lock. Without a transaction block the locks end with the statement. Rows that
fall short of a LIMIT, since others have changed them before the lock, are looked for again. All locks are exclusive, also those
of FOR SHARE.
PostgreSQL: sql-select#SQL-FOR-UPDATE-SHARE; iris-reference 4.7, 7.5
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlglot import exp

from pgiris import sqlstate
from pgiris.compute.program import Program
from pgiris.errors import PgError, not_supported
from pgiris.sql import kept, returning
from pgiris.sql.coercion import ANY, INT8
from pgiris.sql.infer import Binder, Output, fold, value_of
from pgiris.sql.plan import Busy, Role, Step
from pgiris.sql.postgres import position_of
from pgiris.sql.programs import Builder, NotComputable
from pgiris.sql.scope import Scope, Source, unique_keys
from pgiris.sql.statement import Statement
from pgiris.sql.subqueries import with_those
from pgiris.sql.trees import Census, copied
from pgiris.sql.write import write

FIRST_SLOT = 600  # behind those of data-modifying WITH
MOST_TABLES = 64
_NOT_ALLOWED = {
    "distinct": "DISTINCT clause",
    "group": "GROUP BY clause",
    "having": "HAVING clause",
}


def steps(census: Census, statement: Statement) -> list[Step]:
    """The steps that lock, for all queries of a statement that ask for it. These then read only rows that are locked."""
    made: list[Step] = []
    for query in census.of(exp.Select):
        if not query.args.get("locks"):
            continue
        locking = _Locking(query, statement, FIRST_SLOT + len(made))
        query.set("locks", None)
        if not statement.inline:  # else it is not run
            made += locking.steps()
        elif statement.of_view:
            raise not_supported("FOR UPDATE in a view is not supported")
    if made:
        statement.fired("rows_locked")
        statement.by_worker = True
    return made


@dataclass
class _Wanted:
    """A table whose rows are locked. others: what to do about rows that others have locked."""

    table: exp.Expr
    alias: str
    busy: Busy
    slot: int


class _Locking:
    """One query that locks. slot: the first that it may use."""

    def __init__(self, query: exp.Select, statement: Statement, slot: int) -> None:
        self._query, self._statement = query, statement
        locks = query.args["locks"]
        self._word = _word(locks[0])
        self._check(query)
        self._tables = list(self._wanted(locks, slot))
        if any(one.busy is Busy.SKIP for one in self._tables) and (len(self._tables) > 1 or query.args.get("offset")):
            raise not_supported(
                "SKIP LOCKED of several tables or with OFFSET is not supported", f"Say {self._word} OF one table, without OFFSET."
            )

    # What PostgreSQL refuses

    def _check(self, query: exp.Select) -> None:
        for clause, shown in _NOT_ALLOWED.items():
            if query.args.get(clause) is not None:
                raise not_supported(f"{self._word} is not allowed with {shown}")
        outer = query.parent
        while isinstance(outer, exp.Subquery) and outer.args.get("alias") is None:
            outer = outer.parent
        if isinstance(outer, exp.SetOperation):
            raise not_supported(f"{self._word} is not allowed with UNION/INTERSECT/EXCEPT")

    def _check_analysed(self, query: exp.Select) -> None:
        if query.meta.get("grouped"):
            raise not_supported(f"{self._word} is not allowed with aggregate functions")
        if any(item.find(exp.Window) is not None for item in query.expressions):
            raise not_supported(f"{self._word} is not allowed with window functions")

    # Which tables

    def _wanted(self, locks: list[exp.Expr], slot: int) -> Iterator[_Wanted]:
        entries = {fold(entry.alias_or_name): (entry, nullable) for entry, nullable in _entries(self._query)}
        done: set[str] = set()
        for lock in locks:
            busy = {None: Busy.WAIT, True: Busy.FAIL, False: Busy.SKIP}.get(lock.args.get("wait"))
            if busy is None:
                raise not_supported("this form of FOR UPDATE is not supported")
            for name, place in self._named(lock, entries):
                entry, nullable = entries[name]
                if name in done or not self._is_lockable(entry, name, explicit=place is not None):
                    continue
                if nullable:
                    raise not_supported(f"{_word(lock)} cannot be applied to the nullable side of an outer join")
                done.add(name)
                if len(done) > MOST_TABLES:
                    raise not_supported(f"locking rows of more than {MOST_TABLES} tables is not supported")
                yield _Wanted(entry, name, busy, slot + len(done) - 1)

    def _named(self, lock: exp.Expr, entries: dict[str, tuple[exp.Expr, bool]]) -> Iterator[tuple[str, exp.Expr | None]]:
        """The names of FROM that a lock is of; without OF all of them."""
        if not lock.expressions:
            yield from ((name, None) for name in entries)
            return
        for table in lock.expressions:
            name = fold(table.this)
            if table.args.get("db") is not None:
                message = f"{_word(lock)} must specify unqualified relation names"
                raise PgError(sqlstate.SYNTAX_ERROR, message, position=position_of(table))
            if name not in entries:
                message = f'relation "{name}" in {_word(lock)} clause not found in FROM clause'
                raise PgError(sqlstate.UNDEFINED_TABLE, message, position=position_of(table))
            yield name, table

    def _is_lockable(self, entry: exp.Expr, name: str, *, explicit: bool) -> bool:
        if isinstance(entry, exp.Table) and isinstance(entry.this, exp.Identifier):
            if not self._is_of_with(entry):
                return True
            if explicit:
                raise not_supported(f"{self._word} cannot be applied to a WITH query")
            return False
        if isinstance(entry, exp.Subquery | exp.Lateral) and isinstance(entry.this, exp.Query | exp.Subquery):
            if _reads_tables(entry):
                hint = f"Write {self._word} inside of it, or say OF which tables."
                raise not_supported(f'{self._word} of a subquery in FROM ("{name}") is not supported', hint)
            return False
        if explicit:
            raise not_supported(f"{self._word} cannot be applied to a function")
        return False

    def _is_of_with(self, table: exp.Table) -> bool:
        if table.args.get("db") is not None:
            return False
        name, outer = fold(table.this), table.parent
        while outer is not None:
            clause = outer.args.get("with_")
            if clause is not None and any(fold(cte.args["alias"].this) == name for cte in clause.expressions):
                return True
            outer = outer.parent
        return False

    # Steps

    def steps(self) -> list[Step]:
        made: list[Step] = []
        limited = self._query.args.get("limit") is not None
        for one in self._tables:
            made += self._steps_of(one, limited)
        for one in self._tables:
            self._read_locked(one)
        if self._tables:
            self._query.set("offset", None)
        return made

    def _steps_of(self, one: _Wanted, limited: bool) -> list[Step]:
        """Find, lock, and where there is a limit find again among these."""
        outer, self._statement.slot = self._statement.slot, one.slot
        try:
            skips = one.busy is Busy.SKIP
            find, source = self._find(one, widened=skips)
            lock = self._lock(one, source)
            if not limited and not skips:
                return [find, lock]
            limit = self._limit() if skips and limited else None
            again, _ = self._find(one, among=True)
            return [replace(find, limit=limit), replace(lock, limit=limit), replace(again, limit=limit, back=2)]
        finally:
            self._statement.slot = outer

    def _find(self, one: _Wanted, *, widened: bool = False, among: bool = False) -> tuple[Step, Source]:
        """widened: as many rows as the worker asks for, since some may be skipped."""
        statement = self._statement
        query = with_those(self._query, _with_around(self._query))
        assert isinstance(query, exp.Select)
        limit = query.args.get("limit")
        if widened:
            query.set("limit", None)
        if among:
            query.set("offset", None)  # which rows were found has counted it
        binder = Binder(replace(statement.analysis, kept=dict(statement.analysis.kept)))
        try:
            binder.query(query, Scope())
        except PgError as error:
            if error.code in (sqlstate.UNDEFINED_COLUMN, sqlstate.UNDEFINED_TABLE) and self._query.parent is not None:
                raise not_supported(f"{self._word} in a subquery that depends on the query around it is not supported") from None
            raise
        self._check_analysed(query)
        table = next(entry for entry, _ in _entries(query) if fold(entry.alias_or_name) == one.alias)
        self._keep_order(query)
        query.set("expressions", [returning.identity(table)])
        outputs = [Output("id", ANY)]
        query.meta["outputs"] = outputs
        if widened and limit is not None and not statement.computing and not statement.analysis.needs_computing:
            query.set("limit", exp.Limit(expression=statement.column_of_row(0)))
        if one.busy is not Busy.WAIT and not among:  # in READ COMMITTED it would wait for rows that are locked
            query.set("hint", exp.Hint(expressions=[exp.var("%NOLOCK")]))
        one.table = copied(table)
        found = returning.is_found(table, statement) if among else None
        step = kept.of_query(query, outputs, [ANY], statement, role=Role.KEYS, among=found)
        source = binder.table(self._plain(one))
        if source.relation is None:
            raise not_supported("row locks of tables that are not known are not supported")
        return step, source

    def _plain(self, one: _Wanted) -> exp.Table:
        """The table as the statement names it."""
        entry = next(entry for entry, _ in _entries(self._query) if fold(entry.alias_or_name) == one.alias)
        made = copied(entry)
        made.set("joins", None)
        assert isinstance(made, exp.Table)
        return made

    def _keep_order(self, query: exp.Select) -> None:
        """Sort keys that name select items, which are not read, are these items."""
        order = query.args.get("order")
        for ordered in order.expressions if order is not None else ():
            item = ordered.this.meta.get("item")
            if item is not None:
                ordered.set("this", copied(value_of(query.expressions[item])))

    def _lock(self, one: _Wanted, source: Source) -> Step:
        table = copied(one.table)
        table.set("joins", None)
        lock = _idle_update(table, source)
        statement = self._statement
        if one.busy is Busy.SKIP:
            lock.set("where", exp.Where(this=exp.EQ(this=returning.identity(table), expression=statement.column_of_row(0))))
        else:
            kept.add_condition(lock, returning.is_found(table, statement))
        step = write(lock, statement.sources, Role.LOCK)
        relation = table.meta["relation"].name
        return replace(step, slot=one.slot, busy=one.busy, command=relation)

    def _limit(self) -> Program:
        limit = self._query.args["limit"]
        query = copied(self._query)
        Binder(self._statement.analysis).query(query, Scope())
        builder = Builder(self._statement)
        try:
            return builder.cast(builder.program((query.args["limit"] or limit).expression), INT8)
        except NotComputable:
            raise not_supported("LIMIT of an expression is not supported") from None

    def _read_locked(self, one: _Wanted) -> None:
        """The query reads rows of the table that were locked."""
        outer, self._statement.slot = self._statement.slot, one.slot
        entry = next(entry for entry, _ in _entries(self._query) if fold(entry.alias_or_name) == one.alias)
        kept.add_condition(self._query, returning.is_found(entry, self._statement))
        self._statement.slot = outer


def _idle_update(table: exp.Expr, source: Source) -> exp.Expr:
    """An UPDATE that changes nothing, of a column of no key if there is one."""
    relation = source.relation
    keys = {name for key in unique_keys(relation) for name in key}
    identities = {column.name.lower() for column in relation.columns if column.identity} if relation is not None else set()
    rest = [
        entry for entry in source.fields if entry.name.lower() not in identities and "ROWVERSION" not in entry.iris_type.upper()
    ]
    free = [entry for entry in rest if entry.name.lower() not in keys] or rest
    if not free:
        raise not_supported(f'locking rows of "{source.alias}" is not supported', "It has no column that an UPDATE could name.")
    column = exp.column(free[0].name)
    return exp.Update(this=table, expressions=[exp.EQ(this=column, expression=copied(column))])


def _word(lock: exp.Expr) -> str:
    strength = "UPDATE" if lock.args.get("update") else "SHARE"
    if lock.args.get("key"):
        strength = "NO KEY UPDATE" if lock.args.get("update") else "KEY SHARE"
    return f"FOR {strength}"


def _entries(query: exp.Select) -> Iterator[tuple[exp.Expr, bool]]:
    """What FROM names, and whether an outer join may give it no row."""
    clause = query.args.get("from_")
    if clause is None:
        return
    found: list[tuple[exp.Expr, bool]] = [(clause.this, False)]
    for join in [*(clause.this.args.get("joins") or ()), *(query.args.get("joins") or ())]:
        side = (join.args.get("side") or "").upper()
        if side in ("RIGHT", "FULL"):
            found = [(entry, True) for entry, _ in found]
        found.append((join.this, side in ("LEFT", "FULL")))
    yield from found


def _reads_tables(node: exp.Expr) -> bool:
    return any(isinstance(table.this, exp.Identifier) for table in node.find_all(exp.Table))


def _with_around(query: exp.Expr) -> exp.Expr | None:
    """The WITH around a query, whose queries it may name."""
    outer = query.parent
    while outer is not None:
        clause: exp.Expr | None = outer if isinstance(outer, exp.With) else outer.args.get("with_")
        if clause is not None:
            return clause
        outer = outer.parent
    return None
