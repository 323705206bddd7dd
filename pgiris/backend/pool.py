"""Pool: the workers of one database, leased to sessions for a transaction or for as long as they live.

In: lease and release. Out: links to workers with an open backend session.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pgiris import sqlstate
from pgiris.backend.worker.link import Link
from pgiris.errors import PgError


@dataclass
class PoolCounts:
    """What the metrics show."""

    size: int = 0
    leased: int = 0
    leases: int = 0
    waiting: int = 0
    waits: int = 0
    started: int = 0
    lost: int = 0


class Pool:
    """Up to ``size`` workers. Whoever waits is served first come, first served."""

    def __init__(self, start: Callable[[], Awaitable[Link]], size: int, wait_s: float) -> None:
        self._start = start
        self._size = size
        self._wait_s = wait_s
        self._idle: list[Link] = []  # the last one used is taken first: its caches are warm
        self._waiting: deque[asyncio.Future[Link]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._count = 0
        self._leases = self._started = self._lost = self._waits = 0

    @property
    def counts(self) -> PoolCounts:
        return PoolCounts(
            size=self._count,
            leased=self._count - len(self._idle),
            leases=self._leases,
            waiting=len(self._waiting),
            waits=self._waits,
            started=self._started,
            lost=self._lost,
        )

    @property
    def has_waiters(self) -> bool:
        return bool(self._waiting)

    def lease_idle(self) -> Link | None:
        """An idle worker at once, if there is one."""
        while self._idle:
            link = self._idle.pop()
            if not link.lost:
                self._leases += 1
                return link
            self._forget()
        return None

    def lease(self) -> Awaitable[Link]:
        """A worker, started or waited for if need be. Raises 53300 after wait_s seconds, 3D000 for an unknown database.

        Whoever stops waiting hands what it awaited to abandon().
        """
        link = self.lease_idle()
        if link is not None or self._count >= self._size:
            return self._queue(link)
        return self._new_lease()

    def abandon(self, awaited: Awaitable[Link]) -> None:
        """Nobody waits for it any more; a worker that came in this very moment goes to the next one."""
        if isinstance(awaited, asyncio.Future) and not awaited.cancel() and not awaited.cancelled() and not awaited.exception():
            self.release(awaited.result())

    def release(self, link: Link) -> None:
        """Take a worker back; one that is lost is replaced when somebody needs it."""
        if link.lost:
            self._forget()
            self._lost += 1
            self._serve_by_starting()
        elif not self._hand_over(link):
            self._idle.append(link)

    def discard(self, link: Link) -> None:
        """End a worker whose state is not to be trusted."""
        link.kill()
        self.release(link)

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for link in self._idle:
            link.close()
        self._idle.clear()

    async def _new_lease(self) -> Link:
        link = await self._started_link()
        self._leases += 1
        return link

    async def _started_link(self) -> Link:
        self._count += 1
        try:
            link = await self._start()
        except BaseException:
            self._forget()
            self._serve_by_starting()
            raise
        self._started += 1
        return link

    def _queue(self, link: Link | None) -> asyncio.Future[Link]:
        """A place in the queue, at its front when there is a worker already."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[Link] = loop.create_future()
        if link is not None:
            waiter.set_result(link)
            return waiter
        self._waiting.append(waiter)
        self._waits += 1
        deadline = loop.call_later(self._wait_s, self._expire, waiter)
        waiter.add_done_callback(lambda _: deadline.cancel())
        return waiter

    def _expire(self, waiter: asyncio.Future[Link]) -> None:
        if not waiter.done():
            waiter.set_exception(
                PgError(
                    sqlstate.TOO_MANY_CONNECTIONS,
                    f"no backend connection became free within {self._wait_s:g} s",
                    hint=f"All {self._size} are in use: raise pool_size, shorten transactions, or try again.",
                )
            )

    def _hand_over(self, link: Link) -> bool:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                self._leases += 1
                waiter.set_result(link)
                return True
        return False

    def _serve_by_starting(self) -> None:
        if self._waiting and self._count < self._size:
            task = asyncio.get_running_loop().create_task(self._start_for_waiter())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _start_for_waiter(self) -> None:
        try:
            self.release(await self._started_link())
        except (PgError, OSError) as error:
            while self._waiting:
                waiter = self._waiting.popleft()
                if not waiter.done():
                    waiter.set_exception(error)
                    return

    def _forget(self) -> None:
        self._count -= 1
