"""Lease: the worker that a session holds, and what it has it do.

In: resolved plans and raw values. Out: DataRow bytes to the client, and how the statement ended.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from pgiris import sqlstate
from pgiris.backend.worker import frames
from pgiris.backend.worker.frames import ActionFrame
from pgiris.backend.worker.link import Link, WorkerLost
from pgiris.errors import PgError
from pgiris.session.database import Database, Resolved
from pgiris.sql.plan import Plan
from pgiris.types.codec import Context

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


class Lease:
    """At most one worker at a time. in_transaction is what the worker said last."""

    def __init__(self, database: Database, receiver: Receiver, credit_blocks: int, grace_s: float) -> None:
        self.database = database
        self.link: Link | None = None
        self.in_transaction = False
        self._receiver = receiver
        self._credit = credit_blocks
        self._grace_s = grace_s
        self._busy = False
        self._killer: asyncio.TimerHandle | None = None

    # Holding a worker

    def take_idle(self) -> Link | None:
        """The worker that is held, or an idle one; None when one must be waited for."""
        if self.link is None:
            self.link = self.database.pool.lease_idle()
        return self.link

    def give_back(self) -> None:
        """Return the worker; the caller knows that nothing of this client is left in it."""
        link, self.link = self.link, None
        if link is not None:
            self.database.pool.release(link)

    async def end(self) -> None:
        """Return the worker at the end of the session, clean or not at all."""
        link = self.link
        if link is None:
            return
        if self._busy or link.lost:
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
        self._busy = self.in_transaction = False
        if link is not None:
            self.database.pool.discard(link)

    # Requests

    def configure(self, context: Context, lock_timeout_s: float | None) -> None:
        """Make the worker write values as this session wants them; nothing to do when it does already."""
        link = self.link
        assert link is not None
        if (link.context is not context and (link.context != context)) or link.lock_timeout_s != lock_timeout_s:
            link.send(frames.Configure(dataclasses.asdict(context), lock_timeout_s))
        link.context, link.lock_timeout_s = context, lock_timeout_s

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
        data = frames.encode(request)
        if resolved.passing:
            data = resolved.define + data + frames.encode(frames.Forget(resolved.number))
        else:
            data = link.introduce(resolved.number, resolved.define) + data
        if before:
            self.in_transaction = True
        return await self._relay(link, data)

    async def fetch(self, portal: int, result_formats: tuple[int, ...], limit: int = 0, skip: bool = False) -> Outcome:
        """Further rows of a portal that was suspended."""
        link = self.link
        if link is None:
            raise _gone()
        request = frames.Fetch(link.next_serial(), portal, result_formats, limit, self._credit, skip)
        return await self._relay(link, frames.encode(request))

    async def scroll(
        self, portal: int, result_formats: tuple[int, ...], direction: str, count: int | None, skip: bool
    ) -> Outcome:
        """Rows of a scrollable portal, as FETCH says."""
        link = self.link
        if link is None:
            raise _gone()
        request = frames.Scroll(link.next_serial(), portal, result_formats, direction, count, self._credit, skip)
        return await self._relay(link, frames.encode(request))

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
        self._busy = True
        try:
            answer = await request
        except WorkerLost:
            self._discard()
            raise
        except PgError:
            self._rest()
            raise
        except BaseException:
            self._discard()
            raise
        self._rest()
        return answer

    async def _relay(self, link: Link, data: bytes) -> Outcome:
        self._busy = True
        link.send_encoded(data)
        receiver = self._receiver
        try:
            while True:
                reply = await link.receive()
                match reply:
                    case frames.Block():
                        receiver.write_rows(reply.data)
                        if not receiver.writable:
                            await receiver.drain()
                        link.send(frames.Credit(1))
                    case frames.Complete():
                        if reply.data:
                            receiver.write_rows(reply.data)
                        return Outcome(reply.rows, False)
                    case frames.Suspended():
                        receiver.write_rows(reply.data)
                        return Outcome(reply.rows, True)
                    case frames.Failed():
                        self.in_transaction = reply.in_transaction
                        raise PgError(**reply.fields)
                    case unexpected:
                        raise AssertionError(f"worker answered {type(unexpected).__name__}")
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

    def _rest(self) -> None:
        self._busy = False
        if self._killer is not None:
            self._killer.cancel()
            self._killer = None

    # Interrupts

    def interrupt(self) -> None:
        """Stop the running request: it fails with 57014, or its worker is killed after the grace period."""
        if self._busy and self.link is not None and self._killer is None:
            self.link.interrupt()
            self._killer = asyncio.get_running_loop().call_later(self._grace_s, self.link.kill)


def _gone() -> PgError:
    return PgError(sqlstate.INVALID_CURSOR_STATE, "the rows of this portal are no longer available")
