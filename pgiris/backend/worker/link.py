"""The front's end of one worker: frames out, replies in, interrupts aside.

In: request frames. Out: reply frames, in order. One session uses a link at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections import OrderedDict, deque
from typing import cast

from pgiris import sqlstate
from pgiris.backend.worker import frames
from pgiris.backend.worker.frames import FrameBuffer, Reply
from pgiris.backend.worker.spawn import Spawned
from pgiris.errors import PgError
from pgiris.types.codec import Context

KNOWN_STATEMENTS = 1000  # statements a worker keeps defined


class WorkerLost(PgError):
    """The worker process ended while a session used it."""

    def __init__(self) -> None:
        super().__init__(
            sqlstate.CRASH_SHUTDOWN,
            "the worker process that ran this statement ended unexpectedly",
            detail="The transaction that was open in it is rolled back.",
            hint="The connection is still good: repeat the transaction.",
        )


class Link(asyncio.Protocol):
    def __init__(self, spawned: Spawned) -> None:
        self._spawned = spawned
        self._transport: asyncio.Transport
        self._buffer = FrameBuffer()
        self._replies: deque[Reply] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._known: OrderedDict[int, None] = OrderedDict()
        self.serial = 0
        self.lost = False
        self.context = Context()
        self.lock_timeout_s: float | None = None

    @classmethod
    async def open(cls, spawned: Spawned, request: frames.Open) -> Link:
        """Connect to a fresh worker and open its backend session. Raises the PgError that the backend gives."""
        link = cls(spawned)
        await asyncio.get_running_loop().create_connection(lambda: link, sock=spawned.data)
        link.send(request)
        try:
            link.done(await link.receive())
        except BaseException:
            link.close()
            raise
        return link

    # Requests and replies

    def next_serial(self) -> int:
        self.serial += 1
        return self.serial

    def send(self, *requests: frames.Frame) -> None:
        if not self.lost:
            self._transport.write(frames.encode_all(requests))

    def send_encoded(self, data: bytes) -> None:
        if not self.lost:
            self._transport.write(data)

    async def receive(self) -> Reply:
        """The next reply. Raises WorkerLost."""
        while not self._replies:
            if self.lost:
                raise WorkerLost
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return self._replies.popleft()

    async def request(self, request: frames.Frame) -> Reply:
        """Send one request and take its only reply. Raises the PgError of Failed."""
        self.send(request)
        return self.done(await self.receive())

    @staticmethod
    def done(reply: Reply) -> Reply:
        if isinstance(reply, frames.Failed):
            raise PgError(**reply.fields)
        return reply

    def introduce(self, statement: int, define: bytes) -> bytes:
        """The frames that go before a statement's execution so that the worker knows it; none when it does already."""
        known = self._known
        if statement in known:
            known.move_to_end(statement)
            return b""
        known[statement] = None
        if len(known) <= KNOWN_STATEMENTS:
            return define
        return define + frames.encode(frames.Forget(known.popitem(last=False)[0]))

    # Out of band

    def interrupt(self) -> None:
        """Ask the worker to stop the request that was sent last; no effect when it has ended."""
        with contextlib.suppress(OSError):
            self._spawned.control.send(frames.encode(frames.Interrupt(self.serial)))
        self.send(frames.Credit(0))  # wakes a worker that waits for credit

    def kill(self) -> None:
        """End the worker process at once."""
        if not self.lost:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._spawned.pid, signal.SIGKILL)
        self.close()

    def close(self) -> None:
        """Let the worker end; it undoes what was not committed."""
        self._spawned.control.close()
        self._transport.close()
        self._end()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's transports are no subclasses of it

    def data_received(self, data: bytes) -> None:
        self._replies.extend(map(frames.reply_decoder.decode, self._buffer.feed(data)))
        self._wake()

    def connection_lost(self, _: Exception | None) -> None:
        self._end()

    def _end(self) -> None:
        self.lost = True
        self._wake()

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)
