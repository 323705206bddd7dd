"""Spool: the rows of a scrollable cursor, kept in a temporary file so that they can be had again in any order.

In: rows as they come from the backend, forward. Out: rows by position, with SQL's directions.
PostgreSQL: sql-fetch
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator

from pgiris.backend.base import Row, Rows

BATCH_ROWS = 200
MEMORY_BYTES = 1024 * 1024  # beyond it the rows go to a file


class Spool:
    """position: 0 before the first row, then the number of the current row, one more than there are after the last."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._file = tempfile.SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115 - lives as long as the cursor
        self._offsets: list[int] = []  # of the batches; all but the last have BATCH_ROWS rows
        self._count = 0
        self._complete = False
        self._cached: tuple[int, list[Row]] = (-1, [])
        self.position = 0

    def close(self) -> None:
        self._rows.close()
        self._file.close()

    def move(self, direction: str, count: int | None) -> Iterator[Row]:
        """The rows that FETCH direction count gives, in its order; the position follows. count None is ALL."""
        match direction:
            case "ABSOLUTE":
                return self._absolute(count or 0)
            case "RELATIVE":
                return self._relative(count or 0)
            case "BACKWARD":
                return self._along(None if count is None else -count, -1)
        return self._along(count, 1)

    def _along(self, count: int | None, sign: int) -> Iterator[Row]:
        """count rows forward when positive, backward when negative; all in the direction of sign when None."""
        if count == 0:
            yield from self._current()
            return
        forward = sign > 0 if count is None else count > 0
        left = -1 if count is None else abs(count)
        while left:
            row = self._step(1 if forward else -1)
            if row is None:
                return
            yield row
            left -= 1

    def _step(self, by: int) -> Row | None:
        """The neighbouring row; None, and a position outside, at either end."""
        self.position = max(0, self.position + by)
        row = self._row(self.position)
        if row is None and by > 0:
            self.position = self._count + 1
        return row

    def _absolute(self, number: int) -> Iterator[Row]:
        if number < 0:
            self._read_up_to(None)
            number = max(0, self._count + 1 + number)
        self._read_up_to(number)
        self.position = min(number, self._count + 1)
        return self._current()

    def _relative(self, by: int) -> Iterator[Row]:
        self._read_up_to(self.position + by)
        self.position = min(max(0, self.position + by), self._count + 1)
        return self._current()

    def _current(self) -> Iterator[Row]:
        row = self._row(self.position)
        if row is not None:
            yield row

    def _row(self, number: int) -> Row | None:
        """The row of that number, from 1; None when there is none."""
        self._read_up_to(number)
        if not 1 <= number <= self._count:
            return None
        batch, index = divmod(number - 1, BATCH_ROWS)
        if self._cached[0] != batch:
            self._file.seek(self._offsets[batch])
            self._cached = (batch, pickle.load(self._file))
        return self._cached[1][index]

    def _read_up_to(self, number: int | None) -> None:
        """Take rows from the backend until that one is here; None: all."""
        while not self._complete and (number is None or self._count < number):
            rows = list(self._rows.fetch(BATCH_ROWS))
            self._complete = len(rows) < BATCH_ROWS
            if rows:
                self._offsets.append(self._file.seek(0, 2))
                pickle.dump(rows, self._file, pickle.HIGHEST_PROTOCOL)
                self._count += len(rows)
