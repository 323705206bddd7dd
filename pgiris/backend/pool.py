"""Pool: the workers of one database, leased to sessions for a transaction or for as long as they live.

In: lease and release. Out: links to workers with an open backend session.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pgiris import sqlstate
from pgiris.backend.quota import Quota
from pgiris.backend.worker.link import Link
from pgiris.errors import PgError

SHORTAGE_S = 0.1  # a wait that is not over as soon as some short statement ends


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
    """Up to ``size`` workers. Whoever waits is served first come, first served.

    on_shortage: called when somebody has waited for a while, or waits in another pool, where there is no room.
    """

    def __init__(self, start: Callable[[], Awaitable[Link]], size: int, wait_s: float, quota: Quota | None = None) -> None:
        self._start = start
        self._size = size
        self._wait_s = wait_s
        self._quota = quota or Quota()
        self._quota.join(self)
        self._idle: list[tuple[Link, float]] = []  # and since when; the last one used is taken first: its caches are warm
        self._waiting: deque[tuple[asyncio.Future[Link], float]] = deque()  # and since when
        self._tasks: set[asyncio.Task[None]] = set()
        self.on_shortage: Callable[[], None] = lambda: None
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
    def limit(self) -> int:
        """Workers that it may have."""
        return self._size

    @property
    def has_waiters(self) -> bool:
        return bool(self._waiting)

    def lease_idle(self) -> Link | None:
        """An idle worker at once, if there is one."""
        while self._idle:
            link, _ = self._idle.pop()
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
        if link is not None or self._count >= self._size or not self._quota.has_room(self):
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
            if self._quota.wanted_elsewhere(self):
                link.close()
                self._forget()
            else:
                self._idle.append((link, asyncio.get_running_loop().time()))

    def adopt(self, link: Link) -> None:
        """Take in a worker that was started for something else; it is ended when there are enough."""
        self._count += 1
        self._started += 1
        if self._count > self._size:
            link.close()
            self._forget()
        else:
            self.release(link)

    def discard(self, link: Link) -> None:
        """End a worker whose state is not to be trusted."""
        link.kill()
        self.release(link)

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        while self.drop_idle():
            pass
        self._quota.leave(self)

    # Sharing with other pools

    @property
    def size(self) -> int:
        return self._count

    @property
    def waiting_since(self) -> float | None:
        return self._waiting[0][1] if self._waiting and self._count < self._size else None

    def drop_idle(self) -> bool:
        """End the idle worker that was used longest ago."""
        if not self._idle:
            return False
        self._idle.pop(0)[0].close()
        self._count -= 1
        return True

    def end_idle(self, idle_s: float) -> None:
        """End the workers that have been idle for so long."""
        before = asyncio.get_running_loop().time() - idle_s
        while self._idle and self._idle[0][1] < before:
            self.drop_idle()

    def give_way(self) -> None:
        self.on_shortage()

    def grow(self) -> None:
        self._serve_by_starting()

    def _new_lease(self) -> asyncio.Future[Link]:
        """A worker that starts now. It counts from this moment, whenever it is awaited."""
        self._count += 1
        starting = asyncio.ensure_future(self._start())
        starting.add_done_callback(self._new_lease_started)
        return starting

    def _new_lease_started(self, starting: asyncio.Future[Link]) -> None:
        if starting.cancelled() or starting.exception() is not None:
            self._forget()
            self._serve_by_starting()
        else:
            self._started += 1
            self._leases += 1

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
        place = (waiter, loop.time())
        self._waiting.append(place)
        self._waits += 1
        deadline = loop.call_later(self._wait_s, self._expire, waiter)
        waiter.add_done_callback(lambda _: self._stop_waiting(place, deadline))
        loop.call_later(SHORTAGE_S, self._look_at, waiter)
        self._quota.short(self)
        return waiter

    def _look_at(self, waiter: asyncio.Future[Link]) -> None:
        if not waiter.done():
            self.on_shortage()

    def _stop_waiting(self, place: tuple[asyncio.Future[Link], float], deadline: asyncio.TimerHandle) -> None:
        deadline.cancel()
        waiter, _ = place
        if waiter.cancelled() or waiter.exception() is not None:  # else it was served, and is out of the queue
            with contextlib.suppress(ValueError):
                self._waiting.remove(place)

    def _expire(self, waiter: asyncio.Future[Link]) -> None:
        if not waiter.done():
            waiter.set_exception(
                PgError(
                    sqlstate.TOO_MANY_CONNECTIONS,
                    f"no backend connection became free within {self._wait_s:g} s",
                    hint=f"All {self._count} are in use: raise pool_size or max_workers, shorten transactions, or try again.",
                )
            )

    def _hand_over(self, link: Link) -> bool:
        waiter = self._next_waiter()
        if waiter is None:
            return False
        self._leases += 1
        waiter.set_result(link)
        return True

    def _next_waiter(self) -> asyncio.Future[Link] | None:
        """Whoever waits longest and still does, out of the queue."""
        while self._waiting:
            waiter, _ = self._waiting.popleft()
            if not waiter.done():
                return waiter
        return None

    def _serve_by_starting(self) -> None:
        if self._waiting and self._count < self._size and self._quota.has_room(self):
            task = asyncio.get_running_loop().create_task(self._start_for_waiter())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _start_for_waiter(self) -> None:
        if not self._waiting or not self._quota.has_room(self):
            return  # somebody else was served meanwhile
        try:
            self.release(await self._started_link())
        except (PgError, OSError) as error:
            waiter = self._next_waiter()
            if waiter is not None:
                waiter.set_exception(error)

    def _forget(self) -> None:
        self._count -= 1
        self._quota.freed()
