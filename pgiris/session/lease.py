"""Lease: the worker that a session holds, and what it has it do.

In: resolved plans and raw values. Out: DataRow bytes to the client, and how the statement ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from pgiris import sqlstate
from pgiris.backend.worker import frames
from pgiris.backend.worker.frames import ActionFrame
from pgiris.backend.worker.link import Asked, Exchange, Link, Moved, WorkerLost, failure
from pgiris.copy import CopyOptions
from pgiris.errors import PgError
from pgiris.session.database import Database, Resolved
from pgiris.sql.plan import Plan

T = TypeVar("T")


_ENDS = ("commit", "rollback")
OPEN_ONLY = -1  # as limit: run the statement, fetch no rows yet


class ClientGone(Exception):
    """The client has closed the connection, or it broke."""


class Receiver(Protocol):
    """Where rows go: the client's connection."""

    @property
    def writable(self) -> bool: ...

    def write_rows(self, data: bytes) -> None: ...

    async def drain(self) -> None:
        """Wait until the client has read. Raises ClientGone."""
        ...


@dataclass(slots=True)
class Outcome:
    rows: int
    suspended: bool
    busy_us: int = 0  # how long the worker was at it, when it ran to its end
    identity: int | None = None  # the number that IRIS has given to the last row inserted, of plans that generate them


class Lease:
    """At most one worker at a time. in_transaction is what the worker said last."""

    def __init__(self, database: Database, receiver: Receiver, credit_blocks: int, grace_s: float) -> None:
        self.database = database
        self.link: Link | None = None
        self.in_transaction = False
        self._receiver = receiver
        self._credit = credit_blocks
        self._grace_s = grace_s
        self._exchange: Exchange | None = None  # of a statement that runs
        self._killer: asyncio.TimerHandle | None = None
        self.asked: Asked | None = None  # what functions of the session give, for rows

    # Holding a worker

    def take_idle(self) -> Link | None:
        """The worker that is held, or an idle one; None when one must be waited for."""
        if self.link is None:
            self.link = self.database.pool.lease_idle()
        return self.link

    def adopt(self, link: Link) -> None:
        """Hold a worker that has a transaction of this client."""
        self.link, self.in_transaction = link, True

    @property
    def runs(self) -> bool:
        """Whether a statement is under way."""
        return self._exchange is not None

    def give_back(self) -> None:
        """Return the worker; the caller knows that nothing of this client is left in it."""
        link, self.link = self.link, None
        if link is not None:
            self.database.pool.release(link)

    async def end(self) -> None:
        """Return the worker at the end of the session, clean or not at all."""
        if self._exchange is not None:
            self._exchange.abandon()
        link = self.link
        if link is None:
            return
        if link.next_exchange is not None or link.lost:
            self._discard()
            return
        try:
            if self.in_transaction:
                await self.reset()
        except PgError:
            self._discard()
        else:
            self.give_back()

    async def reset(self) -> None:
        """Have the worker give up everything of this client."""
        assert self.link is not None
        await self._only(frames.Reset(self.link.next_serial()))
        self.in_transaction = False

    def _discard(self) -> None:
        link, self.link = self.link, None
        self.in_transaction = False
        if link is not None:
            self.database.pool.discard(link)

    # Requests

    async def execute(
        self,
        resolved: Resolved,
        before: tuple[ActionFrame, ...],
        values: tuple[bytes | None, ...],
        formats: tuple[int, ...],
        extra: tuple[Any, ...],
        result_formats: tuple[int, ...],
        limit: int = 0,
        portal: int = 0,
        scroll: bool = False,
    ) -> Outcome:
        """Run a statement on the worker that is held. Raises what the backend raises, WorkerLost, or ClientGone."""
        link = self.link
        assert link is not None
        request = frames.Execute(
            link.next_serial(),
            resolved.number,
            before,
            values,
            formats,
            extra,
            result_formats,
            limit,
            portal,
            self._credit,
            scroll,
        )
        return await self.relay(self._start(link, request, (resolved,)))

    def _start(
        self, link: Link, request: frames.Execute | frames.CopyOut | frames.CopyIn, statements: Sequence[Resolved]
    ) -> Exchange:
        """Send a request and, before it, the statements that it names and the worker does not know."""
        data = frames.encode(request)
        for resolved in statements:
            if resolved.passing:
                data = resolved.define + data + frames.encode(frames.Forget(resolved.number))
            else:
                data = link.introduce(resolved.number, resolved.define) + data
        if request.before:
            self.in_transaction = True
        return link.submit(data, request.serial)

    async def copy_out(
        self,
        resolved: Resolved,
        before: tuple[ActionFrame, ...],
        values: tuple[bytes | None, ...],
        formats: tuple[int, ...],
        extra: tuple[Any, ...],
        options: CopyOptions,
        names: tuple[str, ...],
        receiver: Receiver | None = None,
    ) -> Outcome:
        """Run a query and pass its rows on in COPY's formats, to the client or somebody else. Raises as execute()."""
        link = self.link
        assert link is not None
        request = frames.CopyOut(
            link.next_serial(), resolved.number, before, values, formats, extra, options, names, self._credit
        )
        return await self.relay(self._start(link, request, (resolved,)), receiver)

    def next_serial(self) -> int:
        assert self.link is not None
        return self.link.next_serial()

    def start_copy_in(self, request: frames.CopyIn, statements: Sequence[Resolved]) -> Exchange:
        """Begin to insert what is then sent over the exchange's link; relay() tells how it ended."""
        link = self.link
        assert link is not None
        self._exchange = exchange = self._start(link, request, statements)
        exchange.asked = self.asked
        return exchange

    def abandon(self) -> None:
        """Break off what was started; its worker is not used again."""
        if self._exchange is not None:
            self._exchange.abandon()
        self.finish()
        self._discard()

    def start_in_lane(
        self,
        link: Link,
        resolved: Resolved,
        values: tuple[bytes | None, ...],
        formats: tuple[int, ...],
        result_formats: tuple[int, ...],
    ) -> Exchange:
        """Start a read on the lane's worker; finish() or relay() ends it."""
        serial = link.next_serial()
        request = frames.Execute(serial, resolved.number, (), values, formats, (), result_formats, 0, 0, self._credit)
        data = link.introduce(resolved.number, resolved.define) + frames.encode(request)
        self._exchange = exchange = link.submit(data, serial)
        return exchange

    def finish(self) -> None:
        """What was started has got its last reply."""
        self._exchange = None
        self._rest()

    async def fetch(self, portal: int, result_formats: tuple[int, ...], limit: int = 0, skip: bool = False) -> Outcome:
        """Further rows of a portal that was suspended."""
        link = self.link
        if link is None:
            raise _gone()
        return await self.relay(link.fetch(portal, result_formats, limit, self._credit, skip))

    async def scroll(
        self, portal: int, result_formats: tuple[int, ...], direction: str, count: int | None, skip: bool
    ) -> Outcome:
        """Rows of a scrollable portal, as FETCH says."""
        link = self.link
        if link is None:
            raise _gone()
        request = frames.Scroll(link.next_serial(), portal, result_formats, direction, count, self._credit, skip)
        return await self.relay(link.submit(frames.encode(request), request.serial))

    def close_portal(self, portal: int) -> None:
        if self.link is not None:
            self.link.send(frames.ClosePortal(portal))

    async def transact(self, actions: Sequence[ActionFrame]) -> None:
        """Take transaction actions on the worker that is held."""
        assert self.link is not None
        last = actions[-1].action
        try:
            await self._only(frames.Transact(self.link.next_serial(), tuple(actions)))
        except PgError:
            if last in _ENDS:  # it may still be open: nobody is to get this worker
                self._discard()
            raise
        self.in_transaction = last not in _ENDS

    async def resolve(self, plan: Plan) -> Resolved:
        """Ask the worker that is held for the columns of a plan."""
        assert self.link is not None
        return await self._guarded(self.database.resolve(plan, self.link))

    async def refresh(self) -> bool:
        """Take the schema anew from the worker that is held."""
        assert self.link is not None
        return await self._guarded(self.database.refresh(self.link))

    async def _only(self, request: frames.Frame) -> frames.Reply:
        assert self.link is not None
        return await self._guarded(self.link.request(request))

    async def _guarded(self, request: Awaitable[T]) -> T:
        """Await an exchange with the worker. When it is broken off in the middle, the worker is not used again."""
        try:
            return await request
        except WorkerLost:
            self._discard()
            raise
        except PgError:
            raise
        except BaseException:
            self._discard()
            raise
        finally:
            self._rest()

    async def relay(self, exchange: Exchange, receiver: Receiver | None = None) -> Outcome:
        """Pass rows on until the statement has ended. Raises as execute(), and Moved when it is to be run elsewhere."""
        self._exchange = exchange
        exchange.asked = self.asked
        receiver = receiver or self._receiver
        try:
            while True:
                reply = await exchange.receive()
                match reply:
                    case frames.Complete():
                        if reply.data:
                            receiver.write_rows(reply.data)
                        return Outcome(reply.rows, False, reply.busy_us, reply.identity)
                    case frames.Block():
                        if exchange.link is not self.link:
                            self.database.lane.leave(exchange.link)
                        receiver.write_rows(reply.data)
                        if not receiver.writable:
                            await receiver.drain()
                        exchange.link.send(frames.Credit(1))
                    case frames.Called():
                        self._carry_out(reply.calls)
                    case frames.Suspended():
                        receiver.write_rows(reply.data)
                        return Outcome(reply.rows, True)
                    case frames.Failed():
                        self.in_transaction = reply.in_transaction
                        raise failure(reply)
                    case unexpected:
                        raise AssertionError(f"worker answered {type(unexpected).__name__}")
        except WorkerLost:
            self._discard()
            raise
        except (PgError, Moved):
            raise
        except BaseException:
            exchange.abandon()
            self._discard()
            raise
        finally:
            self.finish()

    def _carry_out(self, calls: Sequence[tuple[str, int]]) -> None:
        raise AssertionError("only catalog queries call the front")

    def _rest(self) -> None:
        if self._killer is not None:
            self._killer.cancel()
            self._killer = None

    # Interrupts

    def interrupt(self) -> None:
        """Stop the running request: it fails with 57014, or its worker is killed after the grace period."""
        exchange = self._exchange or (self.link.next_exchange if self.link is not None else None)
        if exchange is None or self._killer is not None:
            return
        if exchange.is_next:
            exchange.interrupt()
            self._killer = asyncio.get_running_loop().call_later(self._grace_s, exchange.kill)
        else:  # it waits in a lane for its turn
            exchange.end(PgError(sqlstate.QUERY_CANCELED, "canceling statement due to user request"))


def _gone() -> PgError:
    return PgError(sqlstate.INVALID_CURSOR_STATE, "the rows of this portal are no longer available")
