"""The catalog's worker of one database: started in the background, shared by all sessions of a front.

In: descriptions of the schema from a backend's worker. Out: a link whose worker knows them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress

from pgiris.backend.pool import Pool
from pgiris.backend.worker import frames
from pgiris.backend.worker.link import Link
from pgiris.errors import PgError
from pgiris.observe.log import get_logger
from pgiris.types.relation import Snapshot

log = get_logger("catalog")


class CatalogWorker:
    """start: opens a fresh worker. databases: names of all. loading: held while a description is fetched and loaded."""

    def __init__(self, start: Callable[[], Awaitable[Link]], databases: Iterable[str] = ()) -> None:
        self._start = start
        self._databases = tuple(databases)
        self.loading = asyncio.Lock()
        self._opening = asyncio.Lock()
        self._link: Link | None = None
        self._digests = b""
        self._loaded: Snapshot | None = None
        self._users: tuple[str, ...] = ()
        self._warming: asyncio.Task[None] | None = None

    def is_current(self, snapshot: Snapshot, user: str) -> bool:
        """Whether the worker knows this state of the schema, and this user."""
        alive = self._link is not None and not self._link.lost
        return alive and self._loaded is snapshot and user in self._users

    async def link(self) -> Link:
        """The worker, which is started if need be."""
        async with self._opening:
            if self._link is None or self._link.lost:
                self._loaded, self._digests = None, b""
                self._link = await self._start()
            return self._link

    async def load(self, backend: Link, snapshot: Snapshot, database: str, user: str) -> None:
        """Have the worker know what a backend's worker describes now; the schema is at least as new as the snapshot."""
        link = await self.link()
        users = self._users if user in self._users else (*self._users, user)
        schema = await backend.request(frames.Describe(backend.next_serial(), self._digests))
        assert isinstance(schema, frames.Schema)
        databases = tuple(dict.fromkeys((*self._databases, database)))
        await link.request(frames.Load(link.next_serial(), schema.data, databases, users))
        self._digests, self._loaded, self._users = schema.digests, snapshot, users

    def forget(self) -> None:
        """Have the next query load what the backend describes then."""
        self._loaded = None

    def warm(self, pool: Pool, snapshot: Snapshot, database: str) -> None:
        """Begin to load in the background, so that the first query need not wait."""
        self._warming = asyncio.get_running_loop().create_task(self._warm(pool, snapshot, database))

    async def _warm(self, pool: Pool, snapshot: Snapshot, database: str) -> None:
        try:
            async with self.loading:
                await self.link()
                backend = await pool.lease()
                try:
                    await self.load(backend, snapshot, database, "_SYSTEM")
                finally:
                    pool.release(backend)
        except PgError as error:
            log.warning("catalog not loaded", database=database, reason=str(error))

    async def close(self) -> None:
        if self._warming is not None:
            self._warming.cancel()
            with suppress(asyncio.CancelledError):
                await self._warming
        if self._link is not None and not self._link.lost:
            self._link.close()
