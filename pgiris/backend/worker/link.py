"""The front's end of one worker: frames out, replies in, interrupts aside.

In: request frames. Out: an Exchange for each, which gets the replies. Requests are answered in order, so that several may
be under way: one session's link has one, a lane's (backend/lane.py) those of many sessions.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import socket
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, cast

from pgiris import sqlstate
from pgiris.backend.worker import frames
from pgiris.backend.worker.frames import FrameBuffer, Reply
from pgiris.backend.worker.spawn import Spawned
from pgiris.errors import PgError, as_pg_error
from pgiris.types.codec import Context

KNOWN_STATEMENTS = 1000  # statements a worker keeps defined

_decode = frames.reply_decoder.decode


Asked = Callable[[str, tuple[Any, ...]], Awaitable[Any]]  # a session function's name and arguments -> its value


class WorkerLost(PgError):
    """The worker process ended while a session used it, or lost its connection to IRIS."""

    def __init__(self, **fields: Any) -> None:
        if fields:
            super().__init__(**fields)
            return
        super().__init__(
            sqlstate.CRASH_SHUTDOWN,
            "the worker process that ran this statement ended unexpectedly",
            detail="The transaction that was open in it is rolled back.",
            hint="The connection is still good: repeat the transaction.",
        )


def failure(reply: frames.Failed) -> PgError:
    return (WorkerLost if reply.lost else PgError)(**reply.fields)


class Moved(Exception):
    """The worker did not come to this request, and will do it for nobody: it is to be sent to another one."""


class Exchange:
    """A request that is under way, and its replies; the last one ends it.

    taker: is shown each reply, or None when none will come, and says whether it has taken it; what it leaves, receive() gives.
    asked: gives what functions of the session give, for a worker that wants it while the request runs.
    """

    __slots__ = ("_asking", "_error", "_replies", "_waiter", "abandoned", "asked", "link", "serial", "taker")

    def __init__(self, link: Link, serial: int) -> None:
        self.serial = serial
        self.abandoned = False
        self.link = link
        self.taker: Callable[[Reply | None], bool] | None = None
        self.asked: Asked | None = None
        self._asking: asyncio.Task[None] | None = None
        self._replies: deque[Reply] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._error: Exception | None = None

    async def receive(self) -> Reply:
        """The next reply. Raises WorkerLost, Moved."""
        while not self._replies:
            if self._error is not None:
                raise self._error
            self._waiter = self.link.loop.create_future()
            await self._waiter
        return self._replies.popleft()

    @property
    def is_next(self) -> bool:
        """Whether the worker is at it, or will be as soon as it looks."""
        return self.link.is_next(self)

    def put(self, reply: Reply) -> None:
        if not self.abandoned:
            if self.taker is None or not self.taker(reply):
                self._replies.append(reply)
                self._wake()
        elif isinstance(reply, frames.Block):
            self.link.send(frames.Credit(1))

    def end(self, error: Exception) -> None:
        """No reply will come any more."""
        self.abandoned = True
        self._error = error
        if self.taker is None or not self.taker(None):
            self._wake()

    def abandon(self) -> None:
        """Nobody waits for replies any more."""
        if not self.abandoned and self.is_next:
            self.interrupt()
        self.abandoned = True

    def ask(self, wanted: frames.Wanted) -> None:
        """The worker waits for what a function of the session gives."""
        self._asking = self.link.loop.create_task(self._tell(wanted))

    async def _tell(self, wanted: frames.Wanted) -> None:
        try:
            if self.asked is None:
                raise PgError(sqlstate.INTERNAL_ERROR, f"nobody is there to answer {wanted.function}()")
            told = frames.Told(wanted.turn, await self.asked(wanted.function, wanted.arguments))
        except Exception as error:
            told = frames.Told(wanted.turn, None, frames.fields_of(as_pg_error(error)))
        self.link.send(told)

    def interrupt(self) -> None:
        """Ask the worker to stop; no effect when it has ended or not begun."""
        self.link.interrupt(self.serial)

    def kill(self) -> None:
        """End the worker process, if it still is at it."""
        if self.is_next:
            self.link.kill()

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)


class GuestDesk(Protocol):
    """Who hears of a worker's guests (backend/host.py)."""

    def took(self, reply: Reply) -> None: ...

    def lost(self) -> None:
        """The worker has ended."""
        ...


class Link(asyncio.Protocol):
    """on_rest: called when no request is under way any more. guests: who hears of the worker's guests, if it has any."""

    def __init__(self, spawned: Spawned) -> None:
        self.loop = asyncio.get_running_loop()
        self._spawned = spawned
        self._transport: asyncio.Transport
        self._buffer = FrameBuffer()
        self._exchanges: deque[Exchange] = deque()
        self._queued: list[bytes] = []  # requests of this turn of the event loop, for one write
        self._known: OrderedDict[int, None] = OrderedDict()
        self._serial = 0
        self.lost = False
        self.on_rest: Callable[[Link], None] | None = None
        self.guests: GuestDesk | None = None
        self._context = Context()
        self._lock_timeout_s: float | None = None

    @classmethod
    async def open(cls, spawned: Spawned, request: frames.Open) -> Link:
        """Connect to a fresh worker and open its backend session. Raises the PgError that the backend gives."""
        link = cls(spawned)
        await link.loop.create_connection(lambda: link, sock=spawned.data)
        try:
            await link.request(request)
        except BaseException:
            link.close()
            raise
        return link

    # Requests and replies

    def next_serial(self) -> int:
        self._serial += 1
        return self._serial

    def send(self, *requests: frames.Frame) -> None:
        """Send what has no answer."""
        self.send_bytes(frames.encode_all(requests))

    def send_bytes(self, data: bytes) -> None:
        """Frames that have no answer, encoded."""
        if not self.lost:
            self._transport.write(data)

    def configure(self, context: Context, lock_timeout_s: float | None) -> None:
        """Make the worker write values as a session wants them; nothing to do when it does already."""
        if self.suits(context, lock_timeout_s):
            return
        self.send(frames.Configure(dataclasses.asdict(context), lock_timeout_s))
        self._context, self._lock_timeout_s = context, lock_timeout_s

    def suits(self, context: Context, lock_timeout_s: float | None) -> bool:
        """Whether the worker is configured so."""
        return (self._context is context or self._context == context) and self._lock_timeout_s == lock_timeout_s

    def submit(self, data: bytes, serial: int = 0) -> Exchange:
        """Send frames the last of which is a request with this serial."""
        exchange = Exchange(self, serial)
        if self.lost:
            exchange.end(WorkerLost())
            return exchange
        self._exchanges.append(exchange)
        if self.on_rest is None:
            self._transport.write(data)
        else:
            if not self._queued:
                self.loop.call_soon(self._write_queued)
            self._queued.append(data)
        return exchange

    def _write_queued(self) -> None:
        queued, self._queued = self._queued, []
        if not self.lost:
            self._transport.write(b"".join(queued))

    async def request(self, request: frames.Frame) -> Reply:
        """Send one request and take its only reply. Raises WorkerLost, and the PgError of Failed."""
        reply = await self.submit(frames.encode(request), self._serial).receive()
        if isinstance(reply, frames.Failed):
            raise failure(reply)
        return reply

    def fetch(
        self, portal: int, result_formats: tuple[int, ...], limit: int = 0, credit: int = 1, skip: bool = False
    ) -> Exchange:
        """Ask for further rows of a portal that was suspended."""
        request = frames.Fetch(self.next_serial(), portal, result_formats, limit, credit, skip)
        return self.submit(frames.encode(request), request.serial)

    def is_next(self, exchange: Exchange) -> bool:
        return bool(self._exchanges) and self._exchanges[0] is exchange

    @property
    def next_exchange(self) -> Exchange | None:
        return self._exchanges[0] if self._exchanges else None

    def move_others(self) -> None:
        """Have all requests but the one that the worker is at sent elsewhere."""
        for exchange in tuple(self._exchanges)[1:]:
            if not exchange.abandoned:
                exchange.end(Moved())

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

    def interrupt(self, serial: int) -> None:
        """Ask the worker to stop a request; no effect when it has ended or has not begun."""
        self.call(frames.Interrupt(serial))
        self.send(frames.Credit(0))  # wakes a worker that waits for credit

    def call(self, frame: frames.Control, *descriptors: int) -> bool:
        """Send over the second socket, with copies of descriptors; False when it is full or closed."""
        try:
            socket.send_fds(self._spawned.control, [frames.encode(frame)], descriptors)
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """End the worker process at once."""
        if not self.lost:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._spawned.pid, self._spawned.end)
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
        exchanges = self._exchanges
        for body in self._buffer.feed(data):
            reply = _decode(body)
            kind = type(reply)
            if kind is frames.Block or kind is frames.CopyTaken or kind is frames.Called:
                exchanges[0].put(reply)
            elif kind is frames.Wanted:
                exchanges[0].ask(reply)
            elif kind is frames.Tally or kind is frames.GaveBack:
                assert self.guests is not None
                self.guests.took(reply)
            else:
                exchanges.popleft().put(reply)
        if not exchanges and self.on_rest is not None:
            self.on_rest(self)

    def connection_lost(self, _: Exception | None) -> None:
        self._end()

    def _end(self) -> None:
        self.lost = True
        self.move_others()
        if self._exchanges:
            self._exchanges[0].end(WorkerLost())
            self._exchanges.clear()
        if self.guests is not None:
            self.guests.lost()
        if self.on_rest is not None:
            self.on_rest(self)
