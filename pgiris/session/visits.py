"""Visits: how a session that asks for one short read or change after the other is lent to a worker, and how it comes back.

In: what express.py has answered. Out: a guest of backend/host.py; and the session's task where it was, when the client wants
something else, or the server something of the client.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Hashable
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING

from pgiris import sqlstate
from pgiris.backend.host import Back, Batch, Rights, Stay
from pgiris.backend.worker import frames
from pgiris.backend.worker.guests import IDLE, IN_BLOCK, RUNNING
from pgiris.backend.worker.link import Exchange, WorkerLost, failure
from pgiris.errors import FatalError, PgError
from pgiris.session import execution
from pgiris.session.portal import PreparedStatement
from pgiris.session.quick import Call, Quick, only_statement
from pgiris.session.transaction import Phase
from pgiris.sql import transaction_commands as commands
from pgiris.sql.lift import lift
from pgiris.sql.plan import Plan
from pgiris.sql.planner import Environment, Planned
from pgiris.wire.cut import cut, query_text

if TYPE_CHECKING:
    from pgiris.session.session import Session

LEND_AFTER = 8  # reads without anything else between them
SELDOM = 1024  # the same, for a client whose visits have been short
LONG_VISIT = 64  # answers; then the next visit may begin soon
MOST_BATCHES = 64  # that are remembered of a session

ISOLATIONS = ("read committed", "read uncommitted")

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """backend/host.py's Read. quick: None for BEGIN and its like.

    statement: the unnamed one that a batch makes, or the named one that it uses; None for a Query.
    """

    quick: Quick | None
    text: str
    statement: PreparedStatement | None
    planned: Planned | None
    name: str

    def served(self, served: frames.Served) -> None:
        if self.quick is not None:
            self.quick.learn(served.seconds * 1e6 / served.count, served.longest_s * 1e6)

    def may_be_lent(self, session: Session) -> bool:
        return (self.quick is None or self.quick.may_be_lent) and self.holds(session)

    @property
    def changes(self) -> bool:
        return self.quick is not None and self.quick.writes

    def holds(self, session: Session) -> bool:
        """Whether the batch still means this."""
        statement = self.statement
        if not self.name or statement is None:
            return True
        return session.statements.get(self.name) is statement and statement.planned is self.planned


def _read(batch: Batch) -> Read:
    assert isinstance(batch.read, Read)
    return batch.read


class Visits:
    """is_possible: whether the client's socket can be lent at all."""

    __slots__ = (
        "_after",
        "_batches",
        "_ended",
        "_environment",
        "_foreseen",
        "_ignore",
        "_ignored",
        "_killer",
        "_reason",
        "_session",
        "_streak",
        "is_possible",
        "stay",
    )

    def __init__(self, session: Session, is_possible: bool) -> None:
        self.is_possible = is_possible
        self.stay: Stay | None = None
        self._session = session
        self._streak = 0  # reads that express.py has answered since anything else happened
        self._after = LEND_AFTER
        self._foreseen = False  # a worker could have done what comes now
        self._ignored = self._ignore = 0  # transactions that are not looked at, and how many it were the last time
        self._batches: dict[Hashable, Batch] = {}
        self._environment: Environment | None = None
        self._killer: asyncio.TimerHandle | None = None
        self._reason: PgError | None = None  # of the last interrupt
        self._ended = False

    @property
    def is_served(self) -> bool:
        """Whether a worker runs a statement of the session without its doing."""
        return self.stay is not None and self.stay.is_served

    # Going

    def remember_bound(self, raw: bytes, call: Call, statement: PreparedStatement, name: str, head: bytes) -> None:
        """What a batch means that express.py is about to run. name: of a statement that was there before."""
        found = cut(raw)
        if found is not None:
            batch = frames.BoundBatch(found.before, found.after, found.bound)
            literals = call.values[len(found.values) :]
            self._remember((found.before, found.after), batch, call, literals, head, name, statement)

    def remember_query(self, raw: bytes, call: Call) -> None:
        """Likewise of a Query."""
        session = self._session
        text = query_text(raw)
        if text is None or (statement := only_statement(text)) is None:
            return
        lifted, own = lift(text), lift(statement)
        if lifted is None or own is None:
            if lifted is own is None and not call.values:
                self._remember(text, frames.QueryBatch(text, False), call, (), head=call.head.rows)
            return
        known = session.database.planner.reusable(statement, session.planning.environment())
        if known is None or known.plan is not call.quick.resolved.plan or lifted.literals != own.literals:
            return
        batch = frames.QueryBatch(lifted.template, True, known.pinned, known.fixed, known.literals)
        self._remember((lifted.template, known.fixed), batch, call, (), head=call.head.rows)

    def _remember(
        self,
        key: Hashable,
        batch: frames.BoundBatch | frames.QueryBatch,
        call: Call,
        literals: tuple[bytes | None, ...],
        head: bytes,
        name: str = "",
        statement: PreparedStatement | None = None,
    ) -> None:
        environment = self._session.planning.environment()
        if self._environment is not environment:
            self._environment = environment
            self._batches.clear()
        known = self._batches.get(key)
        if known is None:
            if len(self._batches) >= MOST_BATCHES:
                return
        elif _read(known).quick is call.quick and _read(known).holds(self._session):
            return
        resolved, shown = call.quick.resolved, call.head.formats
        tag = resolved.plan.tag
        counted = execution.counted_tag(tag)
        quick = call.quick
        meant = (resolved.number, quick.writes, call.formats, literals, shown, head, counted, tag)
        recipe = frames.Recipe(next(_numbers), *meant, moments=quick.moments)
        planned = None if statement is None else statement.planned
        read = Read(call.quick, call.text, statement, planned, name)
        self._batches[key] = Batch(key, bool(name), batch, recipe, resolved.define, read)

    def remember_command(self, raw: bytes, does: str, head: bytes, statement: PreparedStatement | None, name: str) -> bool:
        """What a batch means that begins or ends a transaction. Whether it can be remembered."""
        environment = self._session.planning.environment()
        if self._environment is not environment:
            self._environment = environment
            self._batches.clear()
        key: Hashable
        batch: frames.BoundBatch | frames.QueryBatch
        if statement is None:
            text = query_text(raw)
            lifted = None if text is None else lift(text)
            if text is None or (lifted is not None and lifted.literals):
                return False
            batch = frames.QueryBatch(text, False) if lifted is None else frames.QueryBatch(lifted.template, True)
            key = text if lifted is None else (lifted.template, ())
        else:
            found = cut(raw)
            if found is None:
                return False
            batch, key = frames.BoundBatch(found.before, found.after, found.bound), (found.before, found.after)
        known = self._batches.get(key)
        if known is None or not _read(known).holds(self._session):
            if known is None and len(self._batches) >= MOST_BATCHES:
                return False
            tag = does.upper()
            recipe = frames.Recipe(next(_numbers), -1, False, (), (), (), head, tag, tag, does)
            planned = None if statement is None else statement.planned
            read = Read(None, tag, statement, planned, name)
            self._batches[key] = Batch(key, bool(name), batch, recipe, b"", read)
        return True

    @property
    def foresees(self) -> bool:
        """Whether it is worth while to look at what belongs to transactions."""
        return self.is_possible and not self._ignored

    def foreseen(self, short: bool) -> None:
        """What comes now is done here, and a worker could have done it, if it turns out to be short or is known to be."""
        self._foreseen = True
        self._streak = self._streak + 1 if short else 0

    def interlude(self) -> None:
        """A statement begins. What no worker could have done makes the session stay, and not be looked at for a while."""
        if self._foreseen:
            self._foreseen = False
            return
        self._streak = 0
        if self.is_possible and not self._ignored and self._session.transaction.phase is Phase.BLOCK:
            self._ignored = self._ignore = min(self._ignore * 2 + 1, SELDOM)

    def rested(self) -> None:
        """The session is outside of a transaction again, or still."""
        if self._ignored:
            self._ignored -= 1
        elif self._streak >= self._after and self.is_possible:
            self._streak = 0
            asyncio.get_running_loop().call_soon(self._go)

    def answered(self, quick: Quick) -> None:
        """Another read was answered, which the client hears as soon as the event loop has turned."""
        self._streak = self._streak + 1 if quick.may_be_lent else 0
        if self._streak >= self._after and self.is_possible:
            self._streak = 0
            asyncio.get_running_loop().call_soon(self._go)

    def _go(self) -> None:
        session = self._session
        view, environment = session.settings.view, session.planning.environment()
        if self._ended or not session.is_idle or self._environment is not environment or session.notifications.channels:
            return
        if session.transaction.phase is not Phase.IDLE or session.lease.link is not None:
            return
        batches = [batch for batch in self._batches.values() if _read(batch).may_be_lent(session)]
        if not batches or view.context.client_encoding != "UTF8":
            return
        changes = any(_read(batch).changes for batch in batches)
        host = session.database.hosts.host(view.context, view.lock_timeout_s, changes)
        if host is None or (descriptor := session.peer.lend()) is None:
            self._streak = self._after
            return
        host.changes |= changes
        self.stay = host.admit(descriptor, environment, batches, self._rights(), self._back)
        if self.stay is None:
            session.peer.take_back()
            session.end_quickly()

    def _rights(self) -> Rights:
        session = self._session
        view = session.settings.view
        if view.read_only:
            return Rights(False, "")
        blocks = view.isolation in ISOLATIONS and view.idle_in_transaction_timeout_s is None and not session.temporary.schema
        return Rights(True, view.isolation if blocks else "")

    # Coming back

    def recall(self) -> None:
        """Have the session back, after the answer that is under way."""
        if self.stay is not None:
            self.stay.recall()

    def interrupt(self, error: PgError | None = None) -> None:
        """Stop the read that runs, which fails with the error; its worker is killed if it does not."""
        stay, self._reason = self.stay, error
        if stay is not None and self._killer is None and stay.is_served:
            stay.interrupt()
            grace_s = self._session.shared.config.worker_grace_s
            self._killer = asyncio.get_running_loop().call_later(grace_s, stay.host.link.kill)

    def end(self) -> None:
        """The session is over."""
        self._ended = True
        self.interrupt()
        self.recall()

    def _back(self, back: Back) -> None:
        session = self._session
        stay, self.stay = self.stay, None
        if self._killer is not None:
            self._killer.cancel()
            self._killer = None
        assert stay is not None
        if self._ended:
            if back.begun:
                session.database.pool.discard(stay.host.link)
                return
            if back.rows is not None:
                stay.host.link.send(frames.ClosePortal(-stay.serial))
            return
        self._after = LEND_AFTER if back.count >= LONG_VISIT else min(self._after * 2, SELDOM)
        if back.unnamed_dropped:
            session.statements.pop("", None)
        elif back.unnamed is not None and (statement := _read(back.unnamed).statement) is not None:
            session.statements[""] = replace(statement)  # it may be another session's
        if back.query:
            session.query_text = back.query
        session.peer.take_back()
        if back.block_s is not None:
            session.resume_block(back.block_s, stay.host.link if back.begun else None)
        if back.lost is not None:
            self._lost(back.lost)
        elif back.failed is not None:
            assert back.last is not None
            session.wire.append_bytes(back.last.recipe.head)
            error = failure(back.failed)
            session.peer.hand(Failed(self._reason if self._reason and error.code == sqlstate.QUERY_CANCELED else error))
        elif back.rows is not None:
            assert back.last is not None
            session.wire.append_bytes(back.unsent)
            session.peer.hand(Rest(_read(back.last), back.rows, self._fetch(stay, back.last)))
        else:
            session.wire.append_bytes(back.unsent)
            session.wire.feed(back.unread)
            session.end_quickly()

    def _lost(self, state: int) -> None:
        """The worker has ended, and with it a read that it was at."""
        session = self._session
        if state == RUNNING | IN_BLOCK:
            session.transaction.resume(True)
            session.peer.hand(Failed(WorkerLost()))
        elif state == IDLE:
            session.end_quickly()
        elif state == RUNNING:
            session.peer.hand(Failed(WorkerLost()))
        else:  # the client may have had a part of an answer, or not: nobody can go on from there
            session.peer.release()
            session.terminate(FatalError(sqlstate.CRASH_SHUTDOWN, WorkerLost().message))

    def _fetch(self, stay: Stay, batch: Batch) -> Exchange:
        """Go on with an answer that is not short; it has the worker to itself."""
        host, credit = stay.host, self._session.shared.config.credit_blocks
        exchange = host.link.fetch(-stay.serial, batch.recipe.result_formats, credit=credit)
        if not host.is_taken:
            host.close()
        return exchange


@dataclass(frozen=True, slots=True)
class Failed:
    """What a worker ran for a guest has failed: the end of its answer."""

    error: PgError

    async def resume(self, session: Session) -> None:
        await session.fail(self.error)
        await session.ready()


@dataclass(frozen=True, slots=True)
class Rest:
    """An answer whose first rows a worker has made, and the exchange that brings the others."""

    read: Read
    rows: int
    exchange: Exchange

    async def resume(self, session: Session) -> None:
        quick = self.read.quick
        assert quick is not None  # a command has no rows
        began = monotonic()
        try:
            session.begin_quickly(self.read.text)
            outcome = await session.lease.relay(self.exchange)
            quick.ended(session, began, outcome.busy_us, self.rows + outcome.rows)
        except Exception as error:
            await session.fail(error)
        await session.ready()


def command_of(plan: Plan) -> str:
    """``begin``, ``commit`` or ``rollback`` when it is just that."""
    command = plan.command
    if command == commands.Begin():
        return "begin"
    if command == commands.Commit():
        return "commit"
    return "rollback" if command == commands.Rollback() else ""
