"""Chunks: data of a COPY on their way to a worker, at most so many at a time.

In: bytes. Out: frames, and the news that the worker has taken a chunk or has stopped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from pgiris.backend.worker import frames
from pgiris.backend.worker.link import Exchange


def _nothing() -> None:
    pass


class Chunks:
    """room: chunks that may be under way. when_stopped: called when the worker takes no more, whatever the reason is."""

    def __init__(self, exchange: Exchange, room: int, when_stopped: Callable[[], None] = _nothing) -> None:
        self.stopped = False
        self._exchange = exchange
        self._room = room
        self._when_stopped = when_stopped
        self._waiter: asyncio.Future[None] | None = None
        exchange.taker = self._replied

    @property
    def has_room(self) -> bool:
        return self._room > 0 and not self.stopped

    async def wait(self) -> None:
        """Until there is room, or the worker has stopped."""
        while not self.has_room and not self.stopped:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None

    def send(self, data: bytes) -> None:
        self._room -= 1
        self.tell(frames.CopyChunk(data))

    def tell(self, frame: frames.Frame) -> None:
        """Send a frame that is no chunk; a worker that has stopped is told nothing."""
        if not self.stopped:
            self._exchange.link.send(frame)

    def _replied(self, reply: frames.Reply | None) -> bool:
        """Exchange's taker."""
        if isinstance(reply, frames.CopyTaken):
            self._room += 1
        else:
            self.stopped = True
            self._when_stopped()
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
        return isinstance(reply, frames.CopyTaken)
