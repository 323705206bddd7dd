"""Sizes of what a database stores, as its backend told them last: measured when a catalog query asks for them, and not otherwise.

To measure may take long, and takes a worker meanwhile. So an answer is good for a while, the longer the more it has cost; a query
waits but shortly for a new one; and a backend that does not tell is not asked again at once.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from time import monotonic

from pgiris import sqlstate
from pgiris.backend.pool import Pool
from pgiris.backend.sizes import Sizes
from pgiris.backend.worker import frames
from pgiris.backend.worker.link import Link, failure
from pgiris.errors import PgError
from pgiris.observe.log import get_logger

log = get_logger("sizes")

WAIT_S = 2.0  # for which a query waits
KEPT_S = 60.0  # after which an answer is shown no longer
COST = 20  # an answer is not asked for anew before so many times as long as it took have passed, or half of KEPT_S
LONGEST_S = 120.0  # after which a measurement is given up
GRACE_S = 5.0  # for a worker to stop then
REFUSED_S = 60.0  # before a backend that does not tell is asked again

Row = tuple[str, str, str, int | None, int | None, int | None]


class StoredSizes:
    """What the sessions of a database share. name: of the namespace."""

    def __init__(self, name: str, pool: Pool) -> None:
        self._name, self._pool = name, pool
        self._measuring: asyncio.Task[None] | None = None
        self._rows: tuple[Row, ...] = ()
        self._total: int | None = None
        self._schema: object = None
        self._told_at = self._next_at = float("-inf")
        self._was_refused = False

    async def renew(self, schema: object) -> None:
        """Have what is known be new, as far as that is soon done. schema: an object that is another one when it has changed."""
        if self._measuring is None:
            is_same = self._schema is schema or self._was_refused
            if is_same and monotonic() < self._next_at:
                return
            self._measuring = asyncio.get_running_loop().create_task(self._measure(schema))
        done, _ = await asyncio.wait({self._measuring}, timeout=WAIT_S)
        for task in done:
            task.result()

    def rows(self, *names: str) -> tuple[Row, ...]:
        """Schema, table, index, and bytes: of an index; of a table its rows, its streams, all of its indexes. None where nothing
        is known. A database, which has no schema, is called by each of the names."""
        if monotonic() - self._told_at > KEPT_S:
            return ()
        return (*(("", name, "", self._total, None, None) for name in names), *self._rows)

    async def close(self) -> None:
        if self._measuring is not None:
            self._measuring.cancel()
            with suppress(asyncio.CancelledError):
                await self._measuring

    async def _measure(self, schema: object) -> None:
        try:
            link = await self._lease()
            began = monotonic()
            try:
                sizes = await _ask(link)
            finally:
                self._pool.release(link)
        except PgError as error:
            self._refused(error)
        else:
            self._rows, self._total, self._schema = _rows(sizes), sizes.database, schema
            self._was_refused = False
            self._told_at = monotonic()
            self._next_at = self._told_at + min(COST * (self._told_at - began), KEPT_S / 2)
        finally:
            self._measuring = None

    async def _lease(self) -> Link:
        awaited = asyncio.ensure_future(self._pool.lease())
        try:
            return await awaited
        except BaseException:
            self._pool.abandon(awaited)
            raise

    def _refused(self, error: PgError) -> None:
        if error.code == sqlstate.TOO_MANY_CONNECTIONS:
            return
        if not self._was_refused:
            log.warning("sizes of tables are not told", database=self._name, reason=error.message, detail=error.detail)
        self._was_refused = True
        self._next_at = monotonic() + REFUSED_S


async def _ask(link: Link) -> Sizes:
    """Raises 57014 after LONGEST_S, and what the backend raises."""
    serial, loop = link.next_serial(), asyncio.get_running_loop()
    exchange = link.submit(frames.encode(frames.Measure(serial)), serial)
    limits = (loop.call_later(LONGEST_S, exchange.interrupt), loop.call_later(LONGEST_S + GRACE_S, exchange.kill))
    try:
        reply = await exchange.receive()
    except asyncio.CancelledError:
        exchange.abandon()
        raise
    finally:
        for limit in limits:
            limit.cancel()
    if isinstance(reply, frames.Failed):
        raise failure(reply)
    assert isinstance(reply, frames.Measured)
    return reply.sizes


def _rows(sizes: Sizes) -> tuple[Row, ...]:
    rows: list[Row] = []
    for table in sizes.tables:
        rows.append((table.schema, table.name, "", table.data, table.streams, table.indexes))
        rows += [(table.schema, table.name, index.name, index.bytes, None, None) for index in table.each]
    return tuple(rows)
