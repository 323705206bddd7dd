"""Blocks: the rows of one execution on their way out, as messages, a block at a time.

Few rows are fetched as values and encoded. Of those that follow, the compiled twin makes messages by itself where the backend
lets it (backend/base.py, BulkRows).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pgiris.backend.base import BulkRows, Row, Rows
from pgiris.types.native import Taker

FIRST_BATCH_ROWS = 32
LAST_BATCH_ROWS = 512  # a batch of rows is held as Python values before it is encoded
ANY = 1 << 40  # rows, when there is no limit


class BlockSource:
    """encode: appends the messages of rows. twin: what does the same, if it is compiled."""

    def __init__(
        self, rows: Rows, encode: Callable[[Sequence[Row], bytearray], object], twin: Taker | None, block_bytes: int
    ) -> None:
        self._rows = rows
        self._encode = encode
        self._twin = twin
        self._block_bytes = block_bytes
        self._batch = FIRST_BATCH_ROWS
        self._bulk: BulkRows | None = None

    def into(self, out: bytearray, limit: int) -> tuple[int, bool]:
        """Append messages of up to limit further rows, a block at most; how many rows, and whether they were the last."""
        if self._bulk is not None and self._twin is not None:
            taken = self._bulk.take(self._twin, limit, max(self._block_bytes - len(out), 1))
            if taken is not None:
                messages, count, ended = taken
                out += messages
                return count, ended
            self._bulk = None
        return self._fetched(out, min(limit, self._batch))

    def _fetched(self, out: bytearray, limit: int) -> tuple[int, bool]:
        rows = self._rows.fetch(limit)
        self._encode(rows, out)
        if len(rows) < limit:
            return len(rows), True
        if self._batch == FIRST_BATCH_ROWS and self._twin is not None and isinstance(self._rows, BulkRows):
            self._bulk = self._rows
        if len(out) < self._block_bytes:
            self._batch = min(self._batch * 2, LAST_BATCH_ROWS)
        return len(rows), False
