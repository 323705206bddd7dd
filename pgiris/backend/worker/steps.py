"""Steps: the statements in IRIS SQL that make up one of the client's, run in their order (sql/plan.py)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from itertools import groupby, zip_longest
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from pgiris import sqlstate
from pgiris.backend.base import BackendSession, ListValue, Row, RowFailed, Rows, Shape
from pgiris.backend.worker import frames
from pgiris.backend.worker.fitting import NO_FITTING, execute_fitting
from pgiris.backend.worker.frames import StepFrame
from pgiris.backend.worker.shaped import Shaper
from pgiris.backend.worker.violations import violation
from pgiris.compute.native import inward
from pgiris.compute.program import compiled
from pgiris.compute.rowcounts import Clause, require_count
from pgiris.compute.rowsets import as_json
from pgiris.errors import PgError
from pgiris.types.codec import Context, Oid, Value
from pgiris.types.rows import Column, decode_array, require_held

if TYPE_CHECKING:
    from pgiris.backend.worker.statement import Statement

LAST_IDENTITY, FOUND, ROW, TARGET_ROW, TABLE = -1, -(1 << 20), -(1 << 21), -(1 << 22), -(1 << 23)  # as in sql/plan.py
LAST_TARGET = TARGET_ROW + (1 << 11)
NO_KEYS = (-1,)  # of no row: the manual does not say what an empty list means to NOT %INLIST
LAST_SLOT = FOUND - (1 << 10)
SPARE_ROWS = 16  # that a LOCK which skips locked rows tries at first, beyond those that are wanted
MOST_ROUNDS = 1_000  # of looking for rows to lock
MOST_ROWS = 100_000  # that steps of one statement may keep
TWICE_HINTS = {
    "ON CONFLICT DO UPDATE": "Ensure that no rows proposed for insertion within the same command have duplicate constrained"
    " values.",
    "MERGE": "Ensure that not more than one source row matches any one target row.",
}
BATCH_ROWS = 512


@dataclasses.dataclass
class Taken:
    """Rows at hand: of a step that others follow, or none of a step that did not run."""

    columns: tuple[Column, ...] | None
    rows: Sequence[Sequence[Value]] = ()
    row_count: int = -1

    @classmethod
    def all_of(cls, rows: Rows) -> Taken:
        taken: list[Sequence[Value]] = []
        while len(batch := rows.fetch(BATCH_ROWS)) == BATCH_ROWS:
            taken += batch
        rows.close()
        return cls(rows.columns, (*taken, *batch))

    def fetch(self, limit: int) -> Sequence[Sequence[Value]]:
        batch, self.rows = self.rows[:limit], self.rows[limit:]
        return batch

    def close(self) -> None:
        self.rows = ()


class Table:
    """Rows that later steps read as JSON: those that were added last, of a whole one all of them."""

    def __init__(self, kinds: Sequence[int]) -> None:
        self._cells = [(inward(Oid(oid)), Oid(oid)) for oid in kinds]
        self._all: list[Row] = []
        self._last: Sequence[Row] = ()
        self._known: set[Row] = set()
        self.is_whole = False

    def add(self, rows: Sequence[Row], *, distinct: bool) -> bool:
        """Whether there were any new ones. Raises 54000 when there are too many."""
        if distinct:
            fresh = {row: None for row in map(tuple, rows) if row not in self._known}
            self._known.update(fresh)
            rows = list(fresh)
        self._last = rows
        self._all += rows
        if len(self._all) > MOST_ROWS:
            raise PgError(sqlstate.PROGRAM_LIMIT_EXCEEDED, f"more than {MOST_ROWS} rows cannot be kept for a query")
        return bool(rows)

    @property
    def text(self) -> str:
        rows = self._all if self.is_whole else self._last
        natives = (
            [None if value is None else native(value) for value, (native, _) in zip(row, self._cells, strict=True)]
            for row in rows
        )
        return as_json(natives, [oid for _, oid in self._cells])


def _is_bulk(steps: Sequence[StepFrame]) -> bool:
    """Whether nothing but INSERTs are run, of which nobody wants to know more than that they are done."""
    step = steps[0]
    plain = step.role == "COUNT" and step.when == "ALWAYS" and step.notes == "NONE" and not step.tolerates
    return len(steps) == 1 and plain and bool(step.sources) and step.sql.startswith("INSERT")


class Steps:
    """One execution of a statement. check: raises when the statement is to stop."""

    def __init__(
        self,
        session: BackendSession,
        statement: Statement,
        values: Sequence[Value],
        context: Context,
        check: Callable[[], None],
        lock_timeout_s: float | None = None,
    ) -> None:
        self._session = session
        self._statement = statement
        self._values = values
        self._context = context
        self._check = check
        self._lock_timeout_s = lock_timeout_s
        self._key_counts: dict[int, int] = {}  # by slot: how many %IDs the last KEYS step found
        self._asked_counts: dict[int, int] = {}  # and how many at most the one before a LOCK that skips was to find
        self._rounds = 0
        self._candidate_counts: dict[int, int] = {}  # and how many it found
        self._locked_counts: dict[int, int] = {}  # and how many rows LOCK has locked
        self._count = 0  # of the COUNT steps together, and of those whose rows count
        self._before = 0  # of the last step that ran
        self._noted: list[Value] = []
        self._known: dict[int, dict[Value, None]] = {}  # what was noted, by slot
        self._lists: dict[int, ListValue] = {}
        self._rows: dict[int, Sequence[Row]] = {}
        self._tables: dict[int, Table] = {}
        self._row: Row = ()  # the one at hand
        self._target: Value = None
        self._found: Row = ()  # the row of the last TARGET step, that of its %ID
        self._result: Rows | Taken | None = None
        self._taken: list[Row] = []  # of RESULT steps that others follow
        self._roles: dict[str, Callable[[StepFrame, Rows | Taken], None]] = {
            "RESULT": self._take_result,
            "KEYS": self._take_keys,
            "ROWS": self._take_rows,
            "TARGET": self._take_target,
            "TABLE": self._take_table,
            "ROUND": self._take_rounds,
        }

    def run(self) -> tuple[Rows | None, int]:
        """The rows of the RESULT steps, and the count."""
        statement = self._statement
        every = zip(statement.steps, statement.shapes, statement.unbounded, strict=True)
        for slot, group in groupby(every, lambda entry: entry[0].each):
            steps = list(group)
            if slot is not None and _is_bulk([step for step, _, _ in steps]):
                self._insert_all(*steps[0], self._rows[slot])
                continue
            for row in ((),) if slot is None else self._rows[slot]:
                self._row = row
                at = 0
                while at < len(steps):
                    self._check()
                    self._run(*steps[at])
                    at += -steps[at][0].back if self._falls_short(steps[at][0]) else 1
        if self._taken:
            self._result = Taken(self._statement.columns, self._taken)
        return self._result, self._count

    def _insert_all(self, step: StepFrame, shape: Shape, unbounded: Sequence[tuple[int, Oid]], rows: Sequence[Row]) -> None:
        """Kept rows are inserted as quickly as can be."""
        every: list[Sequence[Value | ListValue]] = []
        fitting = self._statement.fitting[self._statement.steps.index(step)]
        for self._row in rows:
            bound = fitting.fitted(self._bound(step))
            bound = fitting.cut(bound) or bound
            for place, oid in unbounded:
                require_held(bound[place], oid)
            every.append(bound)
        for at in range(0, len(every), BATCH_ROWS):
            self._check()
            try:
                self._session.execute_many(step.sql, every[at : at + BATCH_ROWS], shape)
            except RowFailed as failed:
                raise failed.error from None
        self._before = len(every)
        self._count += len(every)

    def _run(self, step: StepFrame, shape: Shape, unbounded: Sequence[tuple[int, Oid]]) -> None:
        if not self._is_wanted(step.when):
            if step.role == "RESULT":
                self._result = self._result or Taken(self._statement.columns)
            return
        if step.role == "LOCK":
            self._lock(step, shape)
            return
        if step.role == "GUARD":
            self._guard(step, shape, unbounded)
            return
        if step.limit is not None and not step.back:
            self._widen(step)
        try:
            rows = self._asked(step, shape, unbounded) if step.sql else self._given(step)
        except PgError as error:
            if error.code != step.tolerates:
                raise
            self._before = 0
            return
        self._before = max(rows.row_count, 0)
        take = self._roles.get(step.role)
        if take is not None:
            take(step, rows)
        if step.role not in ("RUN", "TARGET"):
            self._count += self._before
        if step.notes != "NONE" and self._before:
            identity = self._target if step.notes == "TARGET" else self._session.last_identity()
            self._noted.append(identity)
            self._known.setdefault(step.slot, {})[identity] = None

    def _asked(self, step: StepFrame, shape: Shape, unbounded: Sequence[tuple[int, Oid]]) -> Rows:
        bound = self._bound(step)
        for place, oid in unbounded:
            require_held(bound[place], oid)
        fitting = self._statement.fitting[self._statement.steps.index(step)] if self._statement.fits else NO_FITTING
        return execute_fitting(self._session, step.sql, bound, shape, fitting)

    # Constraints

    def _guard(self, step: StepFrame, shape: Shape, unbounded: Sequence[tuple[int, Oid]]) -> None:
        """Raises 23514. What was counted before it still is."""
        slot = step.slot
        found = self._lists.get(slot)
        keys = tuple(self._known.get(slot, ())) if step.notes != "NONE" else () if found is None else found.items
        violated = self._violated(step, shape, unbounded, keys)
        if found is not None:
            self._lists[slot] = found
        if violated is not None:
            raise violated[1]

    def violated_by(self, keys: Sequence[Value]) -> tuple[int, PgError] | None:
        """Of rows that were inserted otherwise, by their %IDs: the place of the first one that violates a constraint."""
        every = zip(self._statement.steps, self._statement.shapes, self._statement.unbounded, strict=True)
        found = (self._violated(*entry, keys) for entry in every if entry[0].role == "GUARD")
        return next(filter(None, found), None)

    def _violated(
        self, step: StepFrame, shape: Shape, unbounded: Sequence[tuple[int, Oid]], keys: Sequence[Value]
    ) -> tuple[int, PgError] | None:
        """keys: what the step binds, if it does."""
        if not any(source.index == FOUND - step.slot for source in step.sources):
            return self._first_violation(step, self._asked(step, shape, unbounded), (None,))
        for at in range(0, len(keys), BATCH_ROWS):
            self._check()
            some = keys[at : at + BATCH_ROWS]
            self._lists[step.slot] = ListValue(tuple(some))
            violated = self._first_violation(step, self._asked(step, shape, unbounded), some)
            if violated is not None:
                return at + violated[0], violated[1]
        return None

    def _first_violation(self, step: StepFrame, rows: Rows, keys: Sequence[Value]) -> tuple[int, PgError] | None:
        if step.rows is not None:
            rows = Shaper(step.rows, self._context, ()).rows(rows, self._values)
        violating = rows.fetch(len(keys))
        rows.close()
        if not violating:
            return None
        places = {str(key): place for place, key in enumerate(keys)}
        place, row = min(((places.get(str(row[1]), 0), row) for row in violating), key=itemgetter(0))
        return place, violation(step, row, self._context)

    # Locks

    def _lock(self, step: StepFrame, shape: Shape) -> None:
        """Lock the rows of a slot. Raises 55P03."""
        session, keys = self._session, self._lists[step.slot]
        self._locked_counts[step.slot] = self._candidate_counts[step.slot] = self._key_counts[step.slot]
        if not self._key_counts[step.slot]:
            return
        if step.busy == "WAIT":
            session.execute(step.sql, self._bound(step), shape)
            return
        session.set_lock_timeout(0)
        try:
            if step.busy == "SKIP":
                self._lock_free(step, shape, keys)
            else:
                session.execute(step.sql, self._bound(step), shape)
        except PgError as error:
            if error.code != sqlstate.LOCK_NOT_AVAILABLE:
                raise
            raise PgError(error.code, f'could not obtain lock on row in relation "{step.command}"') from None
        finally:
            session.set_lock_timeout(self._lock_timeout_s)

    def _lock_free(self, step: StepFrame, shape: Shape, keys: ListValue) -> None:
        """As many rows as are wanted, of those that no other transaction has locked."""
        wanted = self._limit(step)
        locked: list[Value] = []
        for key in keys.items:
            if wanted is not None and len(locked) >= wanted:
                break
            self._check()
            self._row = (key,)
            try:
                if self._session.execute(step.sql, self._bound(step), shape).row_count:
                    locked.append(key)
            except PgError as error:
                if error.code != sqlstate.LOCK_NOT_AVAILABLE:
                    raise
        self._row = ()
        self._lists[step.slot] = ListValue(tuple(locked) or NO_KEYS)
        self._locked_counts[step.slot] = len(locked)

    def _limit(self, step: StepFrame) -> int | None:
        if step.limit is None:
            return None
        limit: Any = compiled(step.limit, self._context)(self._values, ())
        return require_count(None if limit is None else int(limit), Clause.LIMIT)

    def _widen(self, step: StepFrame) -> None:
        """Some of the rows that are looked for may be skipped; the next time there are to be more."""
        limit = self._limit(step)
        known = self._asked_counts.get(step.slot)
        asked = MOST_ROWS if limit is None else limit + SPARE_ROWS if known is None else min(known * 8, MOST_ROWS)
        self._asked_counts[step.slot] = asked
        self._row = (asked,)

    def _falls_short(self, step: StepFrame) -> bool:
        """Whether others have changed or locked rows, so that further ones have to be looked for."""
        if not step.back or self._rounds >= MOST_ROUNDS:
            return False
        self._rounds += 1
        found = self._key_counts[step.slot]
        if step.slot not in self._asked_counts:
            return found < self._locked_counts[step.slot]
        limit = self._limit(step)
        asked = self._asked_counts[step.slot]
        return limit is not None and found < limit and self._candidate_counts[step.slot] >= asked and asked < MOST_ROWS

    @property
    def last_noted(self) -> Value:
        """The %ID that was noted last, None when none was."""
        return self._noted[-1] if self._noted else None

    def _is_wanted(self, when: str) -> bool:
        match when:
            case "COUNTED":
                return self._before > 0
            case "NOT_COUNTED":
                return self._before == 0
            case "FOUND":
                return self._target is not None
            case "NOT_FOUND":
                return self._target is None
            case _:
                return True

    def _given(self, step: StepFrame) -> Taken:
        """The rows of a step without SQL: of its sources, of what was noted, or one without columns."""
        if step.role == "KEYS":
            return Taken((), tuple((key,) for key in self._known.get(step.slot, ())))
        if step.role == "RUN":  # it only notes
            return Taken((), row_count=1)
        if step.arrays:
            return Taken((), list(zip_longest(*(self._elements(source) for source in step.sources))))
        cells = self._bound(step)
        width = len(step.kinds) or max(len(cells), 1)
        return Taken(self._statement.columns, [cells[at : at + width] for at in range(0, len(cells), width)] or ((),))

    def _elements(self, source: frames.SourceFrame) -> Sequence[Value]:
        value = self._values[source.index]
        return () if value is None else decode_array(self._statement.oid_at(source), value)

    def _take_result(self, step: StepFrame, rows: Rows | Taken) -> None:
        if step.rows is not None:
            rows = Shaper(step.rows, self._context, ()).rows(rows, self._values)
        if step is self._statement.steps[-1] and step.each is None and self._result is None:
            self._result = rows
            return
        taken = Taken.all_of(rows)
        self._result = self._result or Taken(taken.columns)
        self._taken += taken.rows

    def _take_keys(self, step: StepFrame, rows: Rows | Taken) -> None:
        found = tuple(dict.fromkeys(row[0] for row in self._all(step, rows)))
        self._lists[step.slot] = ListValue(found or NO_KEYS)
        self._key_counts[step.slot] = len(found)

    def _take_rows(self, step: StepFrame, rows: Rows | Taken) -> None:
        found = self._all(step, rows)
        self._rows[step.slot] = list({row[0]: row for row in reversed(found)}.values())[::-1] if step.once else found

    def _take_table(self, step: StepFrame, rows: Rows | Taken) -> None:
        self._tables[step.slot] = Table(step.kinds)
        self._tables[step.slot].add(self._shaped(step, rows), distinct=step.distinct)

    def _take_rounds(self, step: StepFrame, rows: Rows | Taken) -> None:
        table = self._tables[step.slot]
        shape = self._statement.shapes[self._statement.steps.index(step)]
        while table.add(self._shaped(step, rows), distinct=step.distinct):
            self._check()
            rows = self._session.execute(step.sql, self._bound(step), shape)
        table.is_whole = True

    def _shaped(self, step: StepFrame, rows: Rows | Taken) -> Sequence[Row]:
        if step.rows is not None:
            rows = Shaper(step.rows, self._context, ()).rows(rows, self._values)
        return Taken.all_of(rows).rows

    def _take_target(self, step: StepFrame, rows: Rows | Taken) -> None:
        found = Taken.all_of(rows).rows
        if step.rows is not None:  # of the row at hand and the one that was found
            together = Taken((), [(*self._row, *row) for row in found])
            found = Shaper(step.rows, self._context, ()).rows(together, self._values).fetch(len(found) + 1)
        self._found = found[0] if found else ()
        self._target = self._found[0] if found else None
        if self._target is not None and self._target in self._known.get(step.slot, ()):
            raise PgError(
                sqlstate.CARDINALITY_VIOLATION,
                f"{step.command} command cannot affect row a second time",
                hint=TWICE_HINTS.get(step.command),
            )

    def _all(self, step: StepFrame, rows: Rows | Taken) -> Sequence[Row]:
        """The rows of a step, as the worker makes them if it has to."""
        if step.rows is not None:
            rows = Shaper(step.rows, self._context, ()).rows(rows, self._values)
        found = Taken.all_of(rows).rows
        if len(found) > MOST_ROWS and step.sql:
            raise PgError(
                sqlstate.PROGRAM_LIMIT_EXCEEDED,
                f"changing more than {MOST_ROWS} rows by a statement that IRIS cannot run as one is not supported",
                hint="Change fewer rows at a time, or leave out RETURNING and what IRIS cannot compute.",
            )
        return found

    def _bound(self, step: StepFrame) -> list[Value | ListValue]:
        return [self._value(source) for source in step.sources]

    def _value(self, source: frames.SourceFrame) -> Value | ListValue:
        index = source.index
        if index <= TABLE:
            return self._tables[TABLE - index].text
        if index >= 0:
            value = self._values[index]
            if source.as_list and value is not None:
                return ListValue(tuple(decode_array(self._statement.oid_at(source), value)))
            return value
        if index > FOUND:
            return self._noted[index]
        if index > LAST_SLOT:
            return self._lists[FOUND - index]
        if index < LAST_TARGET:
            return self._found[index - TARGET_ROW] if self._found else None
        return self._row[index - ROW]
