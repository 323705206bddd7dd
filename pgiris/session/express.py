"""Express: a prepared read that arrives whole while the session waits, and is answered without waking the session's task.

The short way of quick.py's short way: it begins in the client's data_received() and ends in the worker's. Whatever is not a
short read with a short answer is handed to the session's task, from where it is.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from pgiris.backend.lane import SHORT_US
from pgiris.backend.worker import frames
from pgiris.backend.worker.link import Exchange, Moved
from pgiris.session.quick import Quick, fits
from pgiris.wire import messages

if TYPE_CHECKING:
    from pgiris.session.session import Session

_READY = messages.ready_for_query(b"I")


def take(session: Session) -> bool:
    """Start on what has arrived; False when it is for the session's task."""
    lease = session.lease
    if lease.link is not None or session.keeps_worker:
        return False
    batch = session.wire.look_for_batch()
    if batch is None:
        return False
    message, described = batch
    statement = session.statements.get(message.statement)
    if statement is None or (quick := statement.quick) is None or quick.writes or quick.expected_us > SHORT_US:
        return False
    view = session.settings.view
    if view.idle_session_timeout_s is not None or not session.peer.writable or not fits(session, statement, message):
        return False
    expected_us = quick.expected_us
    link = session.database.lane.enter(view.context, view.lock_timeout_s, expected_us)
    if link is None:
        return False
    session.wire.take_batch()
    session.begin_quickly(statement.text)
    head = quick.head(session, message.result_formats)
    exchange = lease.start_in_lane(link, quick.resolved, message.parameters, message.parameter_formats, head.formats)
    exchange.taker = Express(session, quick, message, head.described if described else head.plain, expected_us, exchange).replied
    return True


class Express:
    """One such read."""

    __slots__ = ("_began", "_exchange", "_expected_us", "_head", "_message", "_quick", "_session")

    def __init__(
        self, session: Session, quick: Quick, message: messages.Bind, head: bytes, expected_us: float, exchange: Exchange
    ) -> None:
        self._session = session
        self._quick = quick
        self._message = message
        self._head = head
        self._expected_us = expected_us
        self._exchange = exchange
        self._began = monotonic()

    def replied(self, reply: frames.Reply | None) -> bool:
        """Exchange's taker."""
        session, exchange = self._session, self._exchange
        session.database.lane.done(exchange.link, self._expected_us)
        session.wire.append_bytes(self._head)
        if type(reply) is not frames.Complete:
            exchange.taker = None
            session.peer.hand(self)
            return False
        session.lease.finish()
        session.wire.append_bytes(reply.data)
        self._quick.ended(session, self._began, reply.busy_us, reply.rows)
        session.wire.append_bytes(_READY)
        session.end_quickly()
        return True

    async def resume(self, session: Session) -> None:
        """Go on in the session's task."""
        quick, message = self._quick, self._message
        try:
            try:
                outcome = await session.lease.relay(self._exchange)
            except Moved:
                await session.take_worker()
                formats = quick.head(session, message.result_formats).formats
                outcome = await session.lease.execute(
                    quick.resolved, (), message.parameters, message.parameter_formats, (), formats
                )
            quick.ended(session, self._began, outcome.busy_us, outcome.rows)
        except Exception as error:
            await session.fail(error)
        await session.ready()
