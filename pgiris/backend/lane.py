"""Lane: one worker that many sessions use at once, for reads that are known to be short.

Requests queue in the worker's socket, so that under load it wakes up once for several of them, and so does the front. A
read that turns out to be long keeps the worker for itself: the others leave it and start again elsewhere, which they may,
for they change nothing.
"""

from __future__ import annotations

import asyncio

from pgiris.backend.pool import Pool
from pgiris.backend.worker.link import Exchange, Link
from pgiris.types.codec import Context

SHORT_US = 200  # a statement that takes longer has a worker of its own
QUEUED_US = 400  # work that may be under way in a lane; who comes then takes another worker
PATIENCE_S = 0.02  # how long the requests behind one wait for it


class Lane:
    """It holds a worker of the pool as long as a request is under way, and gives way to whoever waits for one."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._link: Link | None = None
        self._queued_us = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._seen: Exchange | None = None  # what was next in the worker when the timer was set

    def enter(self, context: Context, lock_timeout_s: float | None, expected_us: float) -> Link | None:
        """The worker to send a request to, which is expected to take so long; None when a worker of one's own is better."""
        link = self._link
        if link is None:
            if self._pool.has_waiters or (link := self._pool.lease_idle()) is None:
                return None
            link.configure(context, lock_timeout_s)
            link.on_rest = self._rested
            self._link = link
        elif self._queued_us > QUEUED_US or self._pool.has_waiters or not link.suits(context, lock_timeout_s):
            return None
        self._queued_us += expected_us
        if self._timer is None:
            self._seen = link.next_exchange
            self._timer = link.loop.call_later(PATIENCE_S, self._look)
        return link

    def done(self, link: Link, expected_us: float) -> None:
        """A request has been answered."""
        if link is self._link:
            self._queued_us -= expected_us

    def leave(self, link: Link) -> None:
        """Leave the worker to the request that it is at."""
        if link is self._link:
            self._link = None
            self._queued_us = 0.0
            link.move_others()

    def _rested(self, link: Link) -> None:
        link.on_rest = None
        if link is self._link:
            self._link = None
            self._queued_us = 0.0
        self._pool.release(link)

    def _look(self) -> None:
        """Leave a worker that has been at the same request since the last look."""
        self._timer = None
        link = self._link
        if link is None:
            return
        if self._seen is not None and link.is_next(self._seen):
            self.leave(link)
            return
        self._seen = link.next_exchange
        self._timer = link.loop.call_later(PATIENCE_S, self._look)
