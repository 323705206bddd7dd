"""Express: a read that arrives whole while the session waits, and is answered without waking the session's task.

The short way of quick.py's short way: it begins in the client's data_received() and ends in the worker's. Whatever is not a
short read with a short answer is handed to the session's task, from where it is.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from pgiris.backend.lane import SHORT_US
from pgiris.backend.worker import frames
from pgiris.backend.worker.link import Exchange, Moved
from pgiris.errors import PgError
from pgiris.session.portal import PreparedStatement
from pgiris.session.quick import Call, of_bind, of_query, only_statement
from pgiris.session.transaction import Phase
from pgiris.session.visits import command_of
from pgiris.sql.split import LONG_TEXT
from pgiris.types.codec import Oid
from pgiris.wire import messages
from pgiris.wire.connection import Batch

if TYPE_CHECKING:
    from pgiris.session.session import Session

_READY = messages.ready_for_query(b"I")


def take(session: Session) -> bool:
    """Start on what has arrived; False when it is for the session's task."""
    lease = session.lease
    if session.keeps_worker or not session.peer.writable:
        return False
    in_block = session.transaction.phase is Phase.BLOCK
    if not session.visits.foresees if in_block else lease.link is not None:
        return False
    view = session.settings.view
    if view.idle_session_timeout_s is not None or (batch := session.wire.look_for_batch()) is None:
        return False
    chosen = _of_query(session, batch.query, in_block) if batch.query is not None else _of_bind(session, batch, in_block)
    if chosen is None:
        if session.visits.foresees and _remember_command(session, batch):
            session.visits.foreseen(True)
        return False
    quick = chosen.call.quick
    if session.visits.is_possible and quick.may_be_lent:
        _remember(session, batch, chosen)
    if in_block:
        session.visits.foreseen(quick.may_be_lent)
        return False
    expected_us = quick.expected_us
    if quick.writes or quick.moments or expected_us > SHORT_US:
        return False
    link = session.database.lane.enter(view.context, view.lock_timeout_s, expected_us)
    if link is None:
        return False
    session.wire.take_batch()
    if chosen.unnamed is not None:
        session.statements[""] = chosen.unnamed
    elif batch.query is not None:
        session.statements.pop("", None)
    call = chosen.call
    session.begin_quickly(call.text)
    exchange = lease.start_in_lane(link, quick.resolved, call.values, call.formats, call.head.formats)
    exchange.taker = Express(session, call, chosen.parsed, chosen.head, expected_us, exchange).replied
    return True


def _remember(session: Session, batch: Batch, chosen: _Chosen) -> None:
    """In case that the client is to be answered by a worker."""
    raw, bind = session.wire.arrived, batch.bind
    if bind is None:
        session.visits.remember_query(raw, chosen.call)
    elif chosen.unnamed is not None:
        session.visits.remember_bound(raw, chosen.call, chosen.unnamed, "", chosen.parsed + chosen.head)
    elif bind.statement:  # the unnamed one may become another one there
        session.visits.remember_bound(raw, chosen.call, session.statements[bind.statement], bind.statement, chosen.head)


def _remember_command(session: Session, batch: Batch) -> bool:
    """Whether the batch begins or ends a transaction and is nothing else."""
    if batch.query is not None:
        text = _text(session, batch.query.raw)
        statement = None if text is None else only_statement(text)
        planned = None if statement is None else session.database.planner.known(statement, session.planning.environment())
        does = "" if planned is None else command_of(planned.plan)
        return bool(does) and session.visits.remember_command(session.wire.arrived, does, b"", None, "")
    bind, parse = batch.bind, batch.parse
    assert bind is not None
    prepared = session.statements.get(bind.statement) if parse is None else _parsed(session, parse, bind)
    if prepared is None or bind.parameters or bind.portal or (parse is None and not bind.statement):
        return False
    head = (b"" if parse is None else messages.PARSE_COMPLETE) + messages.BIND_COMPLETE
    if batch.described:
        head += messages.NO_DATA
    does = command_of(prepared.planned.plan)
    return bool(does) and session.visits.remember_command(session.wire.arrived, does, head, prepared, bind.statement)


class _Chosen(NamedTuple):
    call: Call
    head: bytes  # what is written before its rows
    parsed: bytes = b""  # ParseComplete
    unnamed: PreparedStatement | None = None  # what the unnamed statement is from now on


def _of_query(session: Session, message: messages.Query, in_block: bool) -> _Chosen | None:
    text = _text(session, message.raw)
    call = None if text is None else of_query(session, text, in_block)
    return None if call is None else _Chosen(call, call.head.rows)


def _of_bind(session: Session, batch: Batch, in_block: bool) -> _Chosen | None:
    message, parse = batch.bind, batch.parse
    assert message is not None
    statement = session.statements.get(message.statement) if parse is None else _parsed(session, parse, message)
    if statement is None or (call := of_bind(session, statement, message, in_block)) is None:
        return None
    head = call.head.described if batch.described else call.head.bound
    return _Chosen(call, head) if parse is None else _Chosen(call, head, messages.PARSE_COMPLETE, statement)


def _parsed(session: Session, message: messages.Parse, bind: messages.Bind) -> PreparedStatement | None:
    """The unnamed statement that a Parse makes, if its plan is known."""
    if message.statement or bind.statement or (whole := _text(session, message.raw)) is None:
        return None
    text = only_statement(whole) if len(whole) < LONG_TEXT else None
    if text is None:
        return None
    before, environment = session.statements.get(""), session.planning.environment()
    declared = tuple(map(Oid, message.parameter_types))
    if before is not None and before.text == text and before.declared == declared and before.environment is environment:
        return before
    planned = session.database.planner.known(text, environment, declared)
    return None if planned is None else PreparedStatement(text, declared, planned, environment)


def _text(session: Session, raw: bytes) -> str | None:
    """None when it is not in the client's encoding, which the session's task will say."""
    try:
        return session.decode_text(raw)
    except PgError:
        return None


class Express:
    """One such read."""

    __slots__ = ("_began", "_call", "_early", "_exchange", "_expected_us", "_head", "_parsed", "_session")

    def __init__(self, session: Session, call: Call, parsed: bytes, head: bytes, expected_us: float, exchange: Exchange) -> None:
        self._session = session
        self._call = call
        self._parsed = parsed
        self._head = parsed + head if parsed else head
        self._early = False  # the values were wrong, which Bind would have said
        self._expected_us = expected_us
        self._exchange = exchange
        self._began = monotonic()

    def replied(self, reply: frames.Reply | None) -> bool:
        """Exchange's taker."""
        session, exchange = self._session, self._exchange
        session.database.lane.done(exchange.link, self._expected_us)
        if type(reply) is not frames.Complete:
            self._early = isinstance(reply, frames.Failed) and reply.early
            session.wire.append_bytes(self._parsed if self._early else self._head)
            exchange.taker = None
            session.peer.hand(self)
            return False
        session.wire.append_bytes(self._head)
        session.lease.finish()
        session.wire.append_bytes(reply.data)
        self._call.quick.ended(session, self._began, reply.busy_us, reply.rows)
        session.wire.append_bytes(_READY)
        session.end_quickly()
        session.visits.answered(self._call.quick)
        return True

    async def resume(self, session: Session) -> None:
        """Go on in the session's task."""
        call = self._call
        try:
            if self._early:
                call.check_values(session)
            try:
                outcome = await session.lease.relay(self._exchange)
            except Moved:
                await session.take_worker()
                outcome = await session.lease.execute(call.quick.resolved, (), call.values, call.formats, (), call.head.formats)
            call.quick.ended(session, self._began, outcome.busy_us, outcome.rows)
        except Exception as error:
            await session.fail(error)
        await session.ready()
