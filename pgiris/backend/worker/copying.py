"""Copying: COPY in a worker. Rows of the backend -> blocks of CopyData; chunks of CopyData -> rows into the backend.

Both ways hold one batch of rows at a time: what goes out waits for credit, what comes in is acknowledged chunk by chunk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, groupby
from typing import Any

from pgiris import sqlstate
from pgiris.backend.base import BackendSession, RowFailed, Rows, Shape
from pgiris.backend.worker.blocks import ANY, BlockSource
from pgiris.backend.worker.fitting import NO_FITTING, Fitting
from pgiris.compute.registry import SIGNATURES
from pgiris.copy.cells import DEFAULT
from pgiris.copy.decode import Batch, Decoder, Values
from pgiris.copy.encode import Encoder
from pgiris.errors import PgError
from pgiris.types.codec import Value

# What PostgreSQL finds out about a row before it looks at the next one; keys are checked for many rows at once.
_FOUND_AT_ONCE = frozenset((sqlstate.NOT_NULL_VIOLATION, sqlstate.CHECK_VIOLATION))


def copy_out(rows: Rows, encoder: Encoder, block_bytes: int, send: Callable[[bytes], object], check: Callable[[], object]) -> int:
    """Send all rows in blocks; how many there were. send waits for credit; check raises when the statement is to stop."""
    out = bytearray(encoder.start())
    source = BlockSource(rows, encoder.append, encoder.twin, block_bytes)
    count, ended = source.into(out, ANY)
    while not ended:
        check()
        if len(out) >= block_bytes:
            _send(out, block_bytes, send)
        more, ended = source.into(out, ANY)
        count += more
    rows.close()
    out += encoder.end()
    _send(out, block_bytes, send)
    return count


def _send(out: bytearray, block_bytes: int, send: Callable[[bytes], object]) -> None:
    with memoryview(out) as view:
        for start in range(0, len(out), 2 * block_bytes):
            send(bytes(view[start : start + 2 * block_bytes]))
    out.clear()


@dataclass(frozen=True)
class Insertion:
    """An INSERT of one row. places: of the values that its parameters take, among a row's and what extend adds to them."""

    sql: str
    places: tuple[int, ...]
    shape: Shape
    extend: Callable[[Values], Values] | None
    fitting: Fitting = NO_FITTING
    violated: Callable[[Sequence[Value]], tuple[int, PgError] | None] | None = None  # of rows by their %IDs (worker/steps.py)

    def insert(self, rows: Sequence[Values], session: BackendSession) -> None:
        """Raises RowFailed."""
        bound = self.bound(rows)
        if self.violated is None:
            session.execute_many(self.sql, bound, self.shape)
            return
        made: list[Value] = []
        failed: tuple[int, PgError] | None = None
        for row in bound:
            try:
                session.execute(self.sql, row, self.shape)
            except PgError as error:
                failed = len(made), error
                break
            made.append(session.last_identity())
        failed = self.violated(made) or failed  # those before are looked at first
        if failed is not None:
            raise RowFailed(*failed)

    def bound(self, rows: Sequence[Values]) -> Sequence[Sequence[Any]]:
        places, extend, fitting = self.places, self.extend, self.fitting
        if extend is not None:
            rows = [extend(row) for row in rows]
        is_cut = bool(fitting.lengths) and fitting.is_exceeded(rows, places)
        if extend is None and places == tuple(range(len(rows[0]))) and not fitting.values and not is_cut:
            return rows
        made = [fitting.fitted([row[place] for place in places]) for row in rows]
        return [fitting.cut(row) or row for row in made] if is_cut else made


def extension(
    extra: Sequence[Value], start: int, drawn: Sequence[tuple[int, str, tuple[Value, ...]]]
) -> Callable[[Values], Values] | None:
    """What puts the same values behind those of each row. drawn: those behind the first ``start`` that functions make anew."""
    if not extra:
        return None
    calls = [(start + place, SIGNATURES[name][0].run, arguments) for place, name, arguments in drawn]

    def extend(row: Values) -> Values:
        made = list(extra)
        for place, run, arguments in calls:
            made[place] = run(*arguments)
        return [*row, *made]

    return extend


def chained(first: Callable[[Values], Values] | None, second: Callable[[Values], Values]) -> Callable[[Values], Values]:
    return second if first is None else lambda row: second(first(row))


class Intake:
    """Takes batches of rows into the backend. inserts: by the places of the columns that take their defaults.

    condition: whether a row of these values is wanted.
    """

    def __init__(
        self,
        session: BackendSession,
        decoder: Decoder,
        inserts: Mapping[tuple[int, ...], Insertion],
        condition: Callable[[Values], bool] | None,
    ) -> None:
        self._session = session
        self._decoder = decoder
        self._inserts = inserts
        self._condition = condition
        self.count = 0

    def feed(self, data: bytes) -> None:
        self._take(self._decoder.feed(data))

    def finish(self) -> None:
        self._take(self._decoder.finish())

    def broken(self, reason: str) -> PgError:
        """The client gave up."""
        where = self._decoder.line(self._decoder.next_line)
        return PgError(sqlstate.QUERY_CANCELED, f"COPY from stdin failed: {reason}", where=where)

    def _take(self, batch: Batch) -> None:
        try:
            if self._condition is not None:
                batch = self._wanted(batch, self._condition)
            if len(self._inserts) == 1:
                self._insert(batch, 0, batch.rows, ())
            else:
                self._insert_with_defaults(batch)
        except PgError as error:
            if batch.failure is None or error.code in _FOUND_AT_ONCE:
                raise
        if batch.failure is not None:
            raise batch.failure

    def _insert_with_defaults(self, batch: Batch) -> None:
        start = 0
        for defaults, group in groupby(batch.rows, _defaults):
            rows = list(group)
            self._insert(batch, start, rows, defaults)
            start += len(rows)

    def _insert(self, batch: Batch, start: int, rows: Sequence[Values], defaults: tuple[int, ...]) -> None:
        if not rows:
            return
        statement = self._inserts.get(defaults)
        if statement is None:
            raise self._without_default(batch, start, defaults)
        try:
            statement.insert(rows, self._session)
        except RowFailed as failed:
            self._place(failed.error, batch, start + failed.index)
            raise failed.error from None
        self.count += len(rows)

    def _without_default(self, batch: Batch, index: int, defaults: tuple[int, ...]) -> PgError:
        have = {place for choice in self._inserts for place in choice}
        name = self._decoder.names[min(set(defaults) - have)]
        detail = f'Column "{name}" has no default value.'
        error = PgError(sqlstate.BAD_COPY_FILE_FORMAT, "unexpected default marker in COPY data", detail=detail)
        self._place(error, batch, index)
        return error

    def _wanted(self, batch: Batch, condition: Callable[[Values], bool]) -> Batch:
        """The rows for which the condition is true."""
        wanted = [self._holds(condition, batch, index) for index in range(len(batch.rows))]
        if all(wanted):
            return batch
        return Batch(
            list(compress(batch.rows, wanted)),
            list(compress(batch.lines, wanted)),
            list(compress(batch.records, wanted)),
            batch.failure,
        )

    def _holds(self, condition: Callable[[Values], bool], batch: Batch, index: int) -> bool:
        try:
            return condition(batch.rows[index])
        except PgError as error:
            self._place(error, batch, index)
            raise

    def _place(self, error: PgError, batch: Batch, index: int) -> None:
        """Tell where it happened; values that do not fit are shown alone, as PostgreSQL does."""
        names = self._decoder.names
        if error.code.startswith("22") and error.column in names:
            error.where = self._decoder.cell(batch.lines[index], error.column, batch.rows[index][names.index(error.column)])
            return
        shown = batch.records[index] if batch.records and error.code != sqlstate.UNIQUE_VIOLATION else None
        error.where = self._decoder.line(batch.lines[index], shown)


def _defaults(row: Values) -> tuple[int, ...]:
    return tuple([place for place, value in enumerate(row) if value is DEFAULT])
