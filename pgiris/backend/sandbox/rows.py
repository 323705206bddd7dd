"""Rows of one execution. A result that is still open when its session goes on is read to its end into a spool first."""

from __future__ import annotations

import marshal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, ParamSpec, Protocol, TypeVar

import apsw

from pgiris.backend.base import Row
from pgiris.types import native
from pgiris.types.rows import Column

P = ParamSpec("P")
T = TypeVar("T")

SPOOL_BATCH_ROWS = 512
SPOOL_MEMORY_BYTES = 1 << 20


class Finished:
    """What a statement without rows leaves."""

    __slots__ = ("columns", "row_count")

    def __init__(self, row_count: int = -1) -> None:
        self.columns: tuple[Column, ...] | None = None
        self.row_count = row_count

    def fetch(self, limit: int) -> Sequence[Row]:
        return ()

    def close(self) -> None:
        pass


class Listed:
    """Rows that are there already."""

    def __init__(self, columns: tuple[Column, ...], rows: list[Row]) -> None:
        self.columns: tuple[Column, ...] | None = columns
        self.row_count = -1
        self._rows = iter(rows)

    def fetch(self, limit: int) -> Sequence[Row]:
        return list(islice(self._rows, limit))

    def close(self) -> None:
        self._rows = iter(())


class Guard(Protocol):
    """Runs a fetch under the session's watch, which can interrupt it."""

    def __call__(self, take: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T: ...


class Streamed:
    """Rows straight from SQLite."""

    __slots__ = ("_begun", "_cursor", "_done", "_guard", "_on_end", "_spool", "columns", "row_count")

    def __init__(
        self,
        cursor: apsw.Cursor,
        columns: tuple[Column, ...],
        guard: Guard,
        on_end: Callable[[], None],
    ) -> None:
        self.columns: tuple[Column, ...] | None = columns
        self.row_count = -1
        self._cursor = cursor
        self._guard = guard
        self._on_end = on_end
        self._spool: Iterator[Any] | None = None
        self._begun = False  # a row was fetched
        self._done = False

    def fetch(self, limit: int) -> Sequence[Row]:
        if self._spool is not None:
            return list(islice(self._spool, limit))
        if self._done:
            return ()
        rows = self._guard(self._take, limit)
        self._begun = True
        if len(rows) < limit:
            self._end()
        return rows

    def take(self, writer: native.Taker, limit: int, size: int) -> native.Taken | None:
        if self._spool is not None or self._done or not self._begun:
            return None
        taken = self._guard(writer.take, self._cursor, limit, size)
        if taken is not None and taken[2]:
            self.close()
        return taken

    def _take(self, limit: int) -> list[Any]:
        return list(islice(self._cursor, limit))

    def _end(self) -> None:
        self._done = True
        self._on_end()

    def spool(self) -> None:
        """Read everything that is left, so that SQLite's statement ends."""
        spool = Spool()
        while rows := self._guard(self._take, SPOOL_BATCH_ROWS):
            spool.add(rows)
            if len(rows) < SPOOL_BATCH_ROWS:
                break
        self._spool = iter(spool)
        self._end()

    def close(self) -> None:
        self._spool = iter(())
        if not self._done:
            self._cursor.close(True)
            self._end()


class Spool:
    """Batches of rows, in memory first and in a temporary file when they are many. Read once, after the last was added."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(SPOOL_MEMORY_BYTES)  # noqa: SIM115  (lives as long as its rows)

    def add(self, rows: list[Any]) -> None:
        marshal.dump(rows, self._file)

    def __iter__(self) -> Iterator[Any]:
        self._file.seek(0)
        while True:
            try:
                yield from marshal.load(self._file)
            except EOFError:
                return

    def __del__(self) -> None:
        self._file.close()
