"""Steps: the statements in IRIS SQL that make up one of the client's, run in their order (sql/plan.py)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pgiris import sqlstate
from pgiris.backend.base import BackendSession, ListValue, Rows
from pgiris.backend.worker import frames
from pgiris.backend.worker.frames import StepFrame
from pgiris.errors import PgError
from pgiris.types.codec import Value
from pgiris.types.rows import Column, decode_array, require_held

if TYPE_CHECKING:
    from pgiris.backend.worker.statement import Statement

LAST_IDENTITY, FOUND, ROW = -1, -(1 << 20), -(1 << 21)  # as in sql/plan.py
MOST_KEYS = 100_000  # rows that one UPDATE or DELETE may return
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

    def behind(self, others: Rows | None) -> Taken:
        """With the rows of steps before it."""
        return self if others is None else Taken(self.columns, (*Taken.all_of(others).rows, *self.rows))

    def fetch(self, limit: int) -> Sequence[Sequence[Value]]:
        batch, self.rows = self.rows[:limit], self.rows[limit:]
        return batch

    def close(self) -> None:
        self.rows = ()


class Steps:
    """check: raises when the statement is to stop."""

    def __init__(self, session: BackendSession, check: Callable[[], None]) -> None:
        self._session = session
        self._check = check

    def run(self, statement: Statement, values: Sequence[Value]) -> tuple[Rows | None, int]:
        """The rows of the RESULT steps, and the count of the COUNT steps together (of a RESULT step when there is none)."""
        result: Rows | Taken | None = None
        count = before = 0
        identities: list[int | None] = []
        keys = ListValue(())
        kept: Sequence[Sequence[Value]] = ()
        for step, shape, unbounded in zip(statement.steps, statement.shapes, statement.unbounded, strict=True):
            self._check()
            if step.when == "EACH":
                before = self._run_for_each(step, kept, identities)
                count += before
                continue
            if step.when != "ALWAYS" and (before > 0) != (step.when == "COUNTED"):
                result = result or (Taken(statement.columns) if step.role == "RESULT" else None)
                before = 0
                continue
            bound = [keys if s.index == FOUND else self._bound(s, statement, values, identities) for s in step.sources]
            for place, oid in unbounded:
                require_held(bound[place], oid)
            try:
                rows = self._session.execute(step.sql, bound, shape) if step.sql else Taken(statement.columns, ((),))
            except PgError as error:
                if error.code != step.tolerates:
                    raise
                before = 0
                continue
            before = max(rows.row_count, 0)
            if step.role == "RESULT":
                last = step is statement.steps[-1] and result is None
                result = rows if last else Taken.all_of(rows).behind(result)
            elif step.role == "KEYS":
                keys = _keys(rows) if step.sql else ListValue(tuple(identities))
            elif step.role == "ROWS":
                kept = _few(Taken.all_of(rows).rows)
            if step.role != "RUN":
                count += before
            if statement.wants_identities and step.role in ("COUNT", "RUN"):
                identities.append(self._session.last_identity())
        return result, count

    def _run_for_each(self, step: StepFrame, rows: Sequence[Sequence[Value]], identities: list[int | None]) -> int:
        """Run an INSERT of one row once for each; how many it inserted."""
        count = 0
        for row in rows:
            self._check()
            count += self._session.execute(step.sql, [row[source.index - ROW] for source in step.sources]).row_count
            identities.append(self._session.last_identity())
        return count

    def _bound(
        self, source: frames.SourceFrame, statement: Statement, values: Sequence[Value], identities: Sequence[int | None]
    ) -> Value | ListValue:
        if source.index < LAST_IDENTITY:
            return identities[source.index]
        if source.index == LAST_IDENTITY:
            return self._session.last_identity()
        value = values[source.index]
        if source.as_list and value is not None:
            return ListValue(tuple(decode_array(statement.oid_at(source), value)))
        return value


def _keys(rows: Rows) -> ListValue:
    return ListValue(tuple(row[0] for row in _few(Taken.all_of(rows).rows)))


def _few(rows: Sequence[Sequence[Value]]) -> Sequence[Sequence[Value]]:
    if len(rows) > MOST_KEYS:
        raise PgError(
            sqlstate.PROGRAM_LIMIT_EXCEEDED,
            f"RETURNING of a statement that changes more than {MOST_KEYS} rows is not supported",
            hint="Change fewer rows at a time, or leave RETURNING out.",
        )
    return rows
