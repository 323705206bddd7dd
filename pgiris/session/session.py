"""Session: the state of one client, and what happens with each message.

In: messages from a Peer. Out: replies in its wire's output, statements on a leased worker.
PostgreSQL: protocol-flow
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any, TypeVar

from pgiris import sqlstate
from pgiris.backend import host
from pgiris.backend.worker.catalog import CatalogWorker
from pgiris.backend.worker.frames import ActionFrame
from pgiris.backend.worker.link import Link, WorkerLost
from pgiris.catalog.sizes import SIZES
from pgiris.errors import FatalError, PgError, as_pg_error, error_fields, not_supported
from pgiris.observe.log import get_logger
from pgiris.session import express, extended, functions, live, simple, visits
from pgiris.session.advisory import AdvisoryOwner
from pgiris.session.catalog import CatalogLease
from pgiris.session.database import Database
from pgiris.session.deadlines import Deadlines
from pgiris.session.lease import ClientGone, Lease
from pgiris.session.notifications import Notifications
from pgiris.session.peer import Origin, Peer
from pgiris.session.planning import Planning
from pgiris.session.portal import Portal, Portals, PreparedStatement
from pgiris.session.sequences import Sequences
from pgiris.session.settings import Settings
from pgiris.session.shared import Shared
from pgiris.session.temporary import TemporaryObjects
from pgiris.session.transaction import Phase, Transaction
from pgiris.sql.plan import Effect, Plan, SessionValue, Target
from pgiris.sql.schemanames import shown_schema
from pgiris.types.codec import Value
from pgiris.types.datetime import moment_texts
from pgiris.types.encoding import ENCODINGS, text_decoder, text_encoder
from pgiris.wire import messages
from pgiris.wire.phases import Phase as WirePhase

log = get_logger("session")
T = TypeVar("T")

_HANDLERS: Mapping[type, Callable[[Any, Any], Awaitable[None]]] = {
    messages.Query: simple.query,
    express.Express: lambda session, handed: handed.resume(session),
    visits.Failed: lambda session, handed: handed.resume(session),
    visits.Rest: lambda session, handed: handed.resume(session),
    **extended.HANDLERS,
}


class Session:
    """One client's session, from authentication to Terminate."""

    def __init__(
        self, peer: Peer, shared: Shared, database: Database, settings: Settings, user: str, origin: Origin, pid: int
    ) -> None:
        config = shared.config
        self.peer = peer
        self.wire = peer.wire
        self.shared: Shared = shared
        self.database = database
        self.settings: Settings = settings
        self.user: str = user
        self.origin = origin
        self.pid = pid
        self.statements: dict[str, PreparedStatement] = {}
        self.lease = Lease(database, peer, config.credit_blocks, config.worker_grace_s)
        self.catalog = CatalogLease(
            database, peer, config.worker_grace_s, partial(functions.carry_out, self), self._check_interruption
        )
        self.portals = Portals(self.lease, self.catalog)
        self.locks = AdvisoryOwner(shared.locks, database.name, pid)
        self.notifications = Notifications(shared.hub, database.name, pid, self._notification_arrived)
        self.temporary = TemporaryObjects()
        self.planning: Planning = Planning(self)
        self.sequences = Sequences(self)
        self.lease.asked = self.catalog.asked = partial(functions.evaluate, self)
        self.transaction = Transaction(settings, (self.portals, self.locks, self.notifications, self.temporary))
        self.statement_time = self.transaction_time = datetime.now(UTC)
        self.began_at = self.statement_time
        self.query_text = ""
        self.on_close: Callable[[], None] = lambda: None
        self.keeps_worker = config.pool_mode == "session"
        self._task: asyncio.Task[Any] | None = None
        self._idle = False
        self._active = False
        self._waiting: asyncio.Future[Any] | None = None
        self._interruption: PgError | None = None
        self._fatal: FatalError | None = None
        self.visits = visits.Visits(self, config.lend_clients and host.available and peer.is_clear)
        peer.take = self._take
        self._deadlines = Deadlines(shared.metrics, self._time_out)

    # The loop

    async def run(self) -> None:
        """Serve messages until Terminate. Raises FatalError, ClientGone."""
        self._task = asyncio.current_task()
        next_message = self.wire.next_message
        while True:
            try:
                message = next_message()
                if message is None or self._fatal is not None:
                    message = await self._idle_message()
                handler = _HANDLERS.get(type(message))
                if handler is None:  # Terminate; anything else the wire has refused
                    self.peer.flush()
                    return
                await handler(self, message)
                if not self.peer.writable:
                    await self.peer.drain()
            except Exception as error:
                await self.fail(error)
                self.wire.fail()
                if self.wire.phase is WirePhase.READY:  # a malformed Query, FunctionCall or Sync: no Sync follows
                    await self.ready()

    async def _idle_message(self) -> Any:
        """Wait for the client, for as long as the idle timeouts allow."""
        if self._fatal is not None:
            raise self._fatal
        self.peer.flush()
        view = self.settings.view
        idle = self.transaction.status == b"I"
        timeout_s = view.idle_session_timeout_s if idle else view.idle_in_transaction_timeout_s
        self._idle = True
        try:
            if timeout_s is None:
                return await self.peer.message()
            async with asyncio.timeout(timeout_s):
                return await self.peer.message()
        except TimeoutError:
            setting = "idle_session_timeout" if idle else "idle_in_transaction_session_timeout"
            raise self._deadlines.error(setting) from None
        except asyncio.CancelledError:
            if self._fatal is None or self._task is None:
                raise
            self._task.uncancel()
            raise self._fatal from None
        finally:
            self._idle = False

    # Texts and values

    def decode_text(self, raw: bytes) -> str:
        """Statement text from the client's encoding. Raises 22021."""
        text: str = text_decoder(self.settings.view.context.client_encoding)(raw)
        return text

    def encode_text(self, text: str) -> bytes:
        return text_encoder(self.settings.view.context.client_encoding)(text)

    def literals(self, statement: PreparedStatement) -> tuple[bytes | None, ...]:
        """The literals that were lifted out of a text, as the client would send them as parameters."""
        return self.encoded((statement.inner or statement).planned.literals)

    def encoded(self, literals: tuple[bytes | None, ...]) -> tuple[bytes | None, ...]:
        if not literals or self.settings.view.context.client_encoding == "UTF8":
            return literals
        return tuple(None if raw is None else self.encode_text(raw.decode()) for raw in literals)

    async def session_values(self, plan: Plan, values: Sequence[Any]) -> list[Any]:
        """What the plan's session functions give now; values: of parameters and literals, which may be their arguments."""
        found: list[Any] = []
        drawn = await self._drawn(plan.session_values, values) if len(plan.session_values) > 1 else None
        for call in plan.session_values:
            arguments = [values[a] if isinstance(a, int) else a for a in call.arguments]
            if drawn is not None:
                found.append(next(drawn[arguments[0]]))
                continue
            value = functions.evaluate(self, call.function, arguments)
            found.append(await (self.wait(value) if call.function in functions.WAITING else value))
        return found

    async def _drawn(self, calls: Sequence[SessionValue], values: Sequence[Any]) -> dict[Any, Iterator[int]] | None:
        """The numbers for calls that are all of nextval(), by their argument; None when others are among them."""
        names = [values[a] if isinstance(a, int) else a for call in calls if call.function == "nextval" for a in call.arguments]
        if len(names) < len(calls) or None in names:
            return None
        return {name: iter(await self.wait(self.sequences.draw(name, count))) for name, count in Counter(names).items()}

    # What the session functions ask (functions.SessionFacts)

    @property
    def system_user(self) -> str | None:
        return self.origin.system_user

    @property
    def database_name(self) -> str:
        return self.origin.database

    @property
    def client_address(self) -> str | None:
        return self.origin.client_address

    @property
    def client_port(self) -> int | None:
        return self.origin.client_port

    @property
    def server_address(self) -> str | None:
        return self.origin.server_address

    @property
    def server_port(self) -> int | None:
        return self.origin.server_port

    @property
    def server_started_at(self) -> datetime:
        return self.shared.started_at

    @property
    def configuration_loaded_at(self) -> datetime:
        return self.shared.loaded_at

    def has_schema(self, name: str) -> bool:
        return self.database.has_schema(name)

    async def refresh_schema(self) -> bool:
        return await self.planning.refresh()

    def cancel_backend(self, pid: int) -> bool:
        other = self.shared.sessions.get(pid)
        if other is not None:
            self._require_signal(other, "cancel", "query is being canceled", "query")
            other.interrupt()
        return other is not None

    def terminate_backend(self, pid: int) -> bool:
        other = self.shared.sessions.get(pid)
        if other is not None:
            self._require_signal(other, "terminate", "process is being terminated", "process")
            other.terminate(FatalError(sqlstate.ADMIN_SHUTDOWN, "terminating connection due to administrator command"))
        return other is not None

    def _require_signal(self, other: Session, verb: str, done: str, what: str) -> None:
        """Users whose workers log in signal their own sessions alone; of these only _SYSTEM is sure to be a superuser.
        Raises 42501. PostgreSQL: functions-admin#FUNCTIONS-ADMIN-SIGNAL"""
        own, theirs = self.database.login.upper(), other.database.login.upper()
        if own in ("", "_SYSTEM", theirs):
            return
        message = f"must be a member of the role whose {done} or member of pg_signal_backend"
        if theirs in ("", "_SYSTEM"):
            message = f"must be a superuser to {verb} superuser {what}"
        raise PgError(sqlstate.INSUFFICIENT_PRIVILEGE, message)

    # Statements and portals

    def find_statement(self, name: str) -> PreparedStatement:
        statement = self.statements.get(name)
        if statement is None:
            what = f'prepared statement "{name}"' if name else "unnamed prepared statement"
            raise PgError(sqlstate.INVALID_SQL_STATEMENT_NAME, f"{what} does not exist")
        return statement

    def find_portal(self, name: str) -> Portal:
        portal = self.portals.by_name.get(name)
        if portal is None:
            raise PgError(sqlstate.INVALID_CURSOR_NAME, f'portal "{name}" does not exist')
        return portal

    # Running

    def begin_statement(self, in_block: bool = False) -> None:
        """A statement of the client begins to run: its time, and that it can be interrupted."""
        self.visits.interlude()
        self._active = True
        self.statement_time = datetime.now(UTC)
        if self.transaction.phase is Phase.IDLE:
            self.transaction_time = self.statement_time
        self.transaction.start(in_block)
        self._deadlines.begin(self.settings.view)

    def begin_quickly(self, text: str) -> None:
        """A statement begins to run that needs neither transaction nor timers."""
        self._check_interruption()
        self._active = True
        self.query_text = text

    def moments(self, local: tuple[bool, ...]) -> tuple[Value, ...]:
        """The time of a transaction that begins now, in the session's time zone or not."""
        self.statement_time = self.transaction_time = datetime.now(UTC)
        return moment_texts(local, self.transaction_time, self.settings.view.context)

    def resume_block(self, block_s: float, link: Link | None) -> None:
        """Go on with a transaction block that a worker has begun so long ago. link: the worker, if it holds a transaction."""
        self.transaction.resume(link is not None)
        self.statement_time = self.transaction_time = datetime.now(UTC) - timedelta(seconds=block_s)
        if link is not None:
            self.lease.adopt(link)

    def _take(self) -> bool:
        return self._idle and express.take(self)

    def end_quickly(self) -> None:
        """What was begun quickly has ended while the session's task waits for a message."""
        self._active = False
        self._interruption = None
        self._deliver()
        self.peer.flush()
        self.peer.release()
        if self._fatal is not None and self._task is not None:
            self._task.cancel()

    @property
    def is_idle(self) -> bool:
        """Whether nothing has come from the client that is not answered."""
        return self._waits and self._fatal is None and not self.wire.has_buffered_bytes

    @property
    def _waits(self) -> bool:
        """Whether the client has asked for nothing."""
        return self._idle and not self.peer.occupied

    def end_statement(self) -> None:
        self._active = False
        self._interruption = None
        self._deadlines.end_statement()

    def _time_out(self, error: PgError) -> None:
        if isinstance(error, FatalError):
            self.terminate(error)
        else:
            self.interrupt(error)

    async def take_worker(self) -> None:
        """Hold a worker that is set up for this session. Raises 53300."""
        if self.lease.take_idle() is None:
            pool = self.database.pool
            awaited = asyncio.ensure_future(pool.lease())
            began = monotonic()
            try:
                self.lease.link = await self.wait(awaited)
            except BaseException:
                self.shared.metrics.lease_failures.value += 1
                pool.abandon(awaited)
                raise
            self.shared.metrics.lease_wait_seconds.observe(monotonic() - began)
        self._configure_worker()

    async def take_catalog(self, plan: Plan) -> None:
        """Have the catalog's worker know the present schema, and what this session alone can tell of what a plan shows."""
        catalog = self.database.catalog
        if catalog is None:
            raise not_supported("the system catalogs are not available")
        if SIZES in plan.live:
            await self.wait(self.database.sizes.renew(self.database.snapshot))
        while not catalog.is_current(self.database.snapshot, self.user):
            await self.wait(self._load_catalog(catalog))
        view = self.settings.view
        self.catalog.take(await self.wait(catalog.link()), view.context, live.rows(self, plan.live))
        self._check_interruption()

    async def _load_catalog(self, catalog: CatalogWorker) -> None:
        async with catalog.loading:
            if catalog.is_current(self.database.snapshot, self.user):
                return
            held = self.lease.link
            link = held or await self.database.pool.lease()
            try:
                await catalog.load(link, self.database.snapshot, self.database_name, self.user)
            finally:
                if held is None:
                    self.database.pool.release(link)

    def lease_of(self, plan: Plan) -> Lease:
        """Where a plan's rows come from."""
        return self.catalog if plan.target is Target.CATALOG else self.lease

    def _configure_worker(self) -> None:
        """Before each request to the worker that is held. Raises the error of an interrupt that came before it."""
        self._check_interruption()
        view = self.settings.view
        link = self.lease.link
        assert link is not None
        link.configure(view.context, view.lock_timeout_s)

    def release_idle_worker(self) -> None:
        lease = self.lease
        if lease.link is None or lease.in_transaction or self.keeps_worker:
            return
        if not self.portals.in_worker:
            lease.give_back()

    async def wait(self, awaitable: Awaitable[T]) -> T:
        """Await something other than a worker's answer in a way that interrupt() ends."""
        self._check_interruption()
        self._waiting = waiting = asyncio.ensure_future(awaitable)
        try:
            return await waiting
        except asyncio.CancelledError:
            self._check_interruption()
            raise
        finally:
            self._waiting = None

    def interrupt(self, error: PgError | None = None) -> None:
        """Stop what runs now; it fails with the error. Nothing happens when nothing runs."""
        self.visits.interrupt(error)
        if not self._active or self._interruption is not None:
            return
        self._interruption = error or PgError(sqlstate.QUERY_CANCELED, "canceling statement due to user request")
        if self._waiting is not None:
            self._waiting.cancel()
        else:
            self.lease.interrupt()
            self.catalog.interrupt()

    def _check_interruption(self) -> None:
        if self._interruption is not None:
            raise self._interruption

    def terminate(self, error: FatalError) -> None:
        """End the session: at once when idle, after stopping what runs otherwise."""
        self._fatal = error
        if not self.peer.writable:  # nothing reaches the client, which may be what the session waits for
            self.peer.abort()
        elif self._waits and self._task is not None:
            self._task.cancel()
        else:
            self.interrupt(error)
            self.visits.recall()

    def client_vanished(self) -> None:
        """Nobody waits for what runs: stop it, so that its worker is free for others."""
        self.terminate(FatalError(sqlstate.CONNECTION_FAILURE, "connection to client lost"))

    def shut_down(self) -> None:
        """End the session as soon as it is idle."""
        self._fatal = FatalError(sqlstate.ADMIN_SHUTDOWN, "terminating connection due to administrator command")
        self.visits.recall()
        if self._waits and self._task is not None:
            self._task.cancel()

    @property
    def active(self) -> bool:
        """Whether a statement runs."""
        return self._active or self.visits.is_served

    # Ends of statements and transactions

    async def fail(self, error: Exception) -> None:
        """A statement failed: the client hears why, the transaction is failed or undone. Raises what ends the session."""
        if isinstance(error, ClientGone):
            raise error
        if not isinstance(error, PgError):
            log.error("unexpected error in a statement", exc_info=error)
        shown = as_pg_error(error)
        if self._interruption is not None and isinstance(error, PgError):
            shown = self._interruption
        self.end_statement()
        if isinstance(shown, FatalError):
            raise shown
        if shown.schema is not None:
            shown.schema = shown_schema(shown.schema)
        if self.catalog.refused is not None:
            self.shared.unhandled.add(self.query_text, self.catalog.refused)
            self.catalog.refused = None
        self.shared.metrics.errors[shown.code] += 1
        self.shared.metrics.statements["", "error"] += 1
        self.wire.append_bytes(messages.error_response(error_fields(shown), self.encode_text))
        if isinstance(error, WorkerLost):
            self.transaction.lost()
            self.portals.lose()
            return
        actions = self.transaction.failed()
        if actions and self.lease.in_transaction:
            try:
                await self.lease.transact(actions)
            except PgError as second:
                log.warning("rollback failed", reason=second.message)
                self.transaction.lost()

    async def transact(self, actions: Sequence[ActionFrame]) -> None:
        """Take the transaction actions of a command or of an implicit transaction's end."""
        if actions:
            await self.take_worker()
            await self.lease.transact(actions)
            self.transaction.settled()
            await self.do_chores()

    async def end_implicit(self) -> None:
        """At Sync and at the end of a Query."""
        actions = self.transaction.finish()
        if actions:
            await self.transact(actions)

    async def do_chores(self) -> None:
        """Clear and drop temporary tables whose time is over."""
        chores, self.temporary.chores = self.temporary.chores, []
        for plan in chores:
            resolved = self.database.resolved(plan)
            assert resolved is not None
            await self.take_worker()
            try:
                await self.lease.execute(resolved, (), (), (), (), ())
            except PgError as error:
                if error.code != sqlstate.UNDEFINED_TABLE:  # dropped by the client
                    log.warning("temporary objects stay", statement=plan.steps[0].sql, reason=error.message)
            if self.database.snapshot.noted:
                for action, arguments in plan.notes:
                    await self.database.keeper.ask(action, *arguments)
        if any(plan.effect is Effect.DDL for plan in chores):
            await self.planning.schema_changed()

    async def ready(self) -> None:
        """The client may go on: ReadyForQuery."""
        self.end_statement()
        if self.temporary.chores:
            await self.do_chores()
        status = self.transaction.status
        if status == b"I":
            self._deadlines.end_transaction()
            if self.portals.by_name:  # such as were bound and not executed, which no transaction's end has closed
                self.portals.end(False)
            self.release_idle_worker()
            self._deliver()
            self.visits.rested()
        for name, value in self.settings.changed_reports():
            self._report(name, value)
        self.wire.append_bytes(messages.ready_for_query(status))
        self.peer.flush()

    def notify(self, notice: PgError) -> None:
        """Send a notice, if client_min_messages lets it pass."""
        if self.settings.wants(notice.severity):
            self.wire.append_bytes(messages.notice_response(error_fields(notice), self.encode_text))

    def notify_all(self, notices: Sequence[PgError]) -> None:
        for notice in notices:
            self.notify(notice)

    def _notification_arrived(self) -> None:
        """Another session has notified: an idle client outside of a block hears it at once."""
        if self._waits and self.transaction.status == b"I":
            self._deliver()
            self.peer.flush()

    def _deliver(self) -> None:
        for notification in self.notifications.take():
            self.wire.append_bytes(
                messages.notification_response(notification.pid, notification.channel, notification.payload, self.encode_text)
            )

    def _report(self, name: str, value: str) -> None:
        """Tell the client of a setting, and the wire of the one that it needs itself."""
        if name == "client_encoding":
            self.wire.encoding = ENCODINGS[value]
        self.wire.append_bytes(messages.parameter_status(name, value, self.encode_text))

    def greet(self) -> None:
        """All reported settings, when the session begins."""
        for name, value in self.settings.reports():
            self._report(name, value)
        self.settings.changed_reports()

    async def end(self) -> None:
        """The client is gone: undo what it left open."""
        self.visits.end()
        self.end_statement()
        self._deadlines.end_transaction()
        self.portals.clear()
        self.notifications.close()
        self.locks.close()
        if self.temporary.schema:
            await self._drop_temporary()
        await self.lease.end()

    async def _drop_temporary(self) -> None:
        """At the end of the session."""
        self.temporary.drop_all()
        try:
            await self.take_worker()
            if self.lease.in_transaction:
                await self.lease.reset()
            await self.do_chores()
        except PgError as error:
            log.warning("temporary objects stay", schema=self.temporary.schema, reason=error.message)
