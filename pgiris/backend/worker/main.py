"""The worker: one backend session and a plain blocking loop. In: request frames. Out: reply frames.

It decodes parameters, runs a statement's steps, encodes rows into DataRow bytes and never sends more Blocks than it has
credit for. A second thread listens for interrupts and for the front's end.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from time import perf_counter

from pgiris import sqlstate
from pgiris.backend import metadata
from pgiris.backend.base import BackendSession, CatalogSession, Row, Rows, SessionLost
from pgiris.backend.keeper import Keeper
from pgiris.backend.worker import copying, frames
from pgiris.backend.worker.blocks import ANY, FIRST_BATCH_ROWS, BlockSource
from pgiris.backend.worker.channel import Channel, Interrupts
from pgiris.backend.worker.conversion import as_frame, as_metadata
from pgiris.backend.worker.fitting import execute_fitting
from pgiris.backend.worker.frames import Define
from pgiris.backend.worker.guests import Broken, Guests, Read, Unfinished
from pgiris.backend.worker.spool import Spool
from pgiris.backend.worker.statement import Statement
from pgiris.backend.worker.steps import Steps
from pgiris.compute.drawing import ask_by
from pgiris.copy.decode import Decoder
from pgiris.copy.encode import Encoder
from pgiris.errors import PgError, as_pg_error
from pgiris.observe.log import get_logger
from pgiris.types import enums
from pgiris.types.codec import Context, Oid, Value
from pgiris.types.datetime import moment_texts
from pgiris.types.rows import decode_parameters, require_held

log = get_logger("worker")

Connect = Callable[[frames.Open], BackendSession]


@dataclasses.dataclass
class Portal:
    """Rows that a row limit left for later."""

    statement: Statement
    rows: Rows
    spool: Spool | None = None  # of a scrollable one

    def close(self) -> None:
        (self.spool or self.rows).close()


class Worker:
    """leave: how the process ends at once when the front does."""

    def __init__(
        self, data: socket.socket, control: socket.socket, connect: Connect, leave: Callable[[int], object] = os._exit
    ) -> None:
        self._keeper: Keeper | None = None
        self._guests = Guests(data, lambda frame: self._channel.send(frame), self._reader, self._transact_for)
        self._channel = Channel(data, self._guests.serve)
        self._interrupts = Interrupts(control, leave)
        self._connect = connect
        self._session: BackendSession
        self._caller: CatalogSession | None = None  # the session, when its queries call the front
        self._context = Context()
        self._statements: dict[int, Statement] = {}
        self._portals: dict[int, Portal] = {}
        self._lock_timeout_s: float | None = None
        self._in_transaction = False
        self._block_bytes = 65536
        self._began = 0.0  # the request that is served
        self._early = False  # it decodes its values
        self._one_row = False  # Define.one_row of the statement at hand
        self._noted: Value = None  # the last row that the statement at hand has inserted, where that was noted
        self._handlers: dict[type, Callable[..., None]] = {
            frames.Configure: self._configure,
            frames.Define: self._define,
            frames.Forget: self._forget,
            frames.Prepare: self._prepare,
            frames.Execute: self._execute,
            frames.Fetch: self._fetch,
            frames.Scroll: self._scroll,
            frames.CopyOut: self._copy_out,
            frames.CopyIn: self._copy_in,
            frames.CopyChunk: self._drop,
            frames.CopyEnd: self._drop,
            frames.CopyBroken: self._drop,
            frames.ClosePortal: self._close_portal,
            frames.Transact: self._transact,
            frames.Introspect: self._introspect,
            frames.Describe: self._describe,
            frames.Measure: self._measure,
            frames.Load: self._load,
            frames.Replace: self._replace,
            frames.Keep: self._keep,
            frames.Reset: self._reset,
            frames.Learn: self._guests.learn,
            frames.Unlearn: self._guests.unlearn,
            frames.Admit: self._guests.admit,
        }

    def run(self) -> None:
        """Serve until the front is gone."""
        self._interrupts.start(self._guests)
        ask_by(lambda function, arguments: self._channel.ask(function, arguments, self._interrupts))
        with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
            if self._open():
                while True:
                    self._serve(self._channel.next_request())

    def _open(self) -> bool:
        request = self._channel.next_request()
        try:
            if not isinstance(request, frames.Open) or request.version != frames.VERSION:
                raise PgError(sqlstate.INTERNAL_ERROR, f"worker speaks frame protocol version {frames.VERSION} only")
            self._block_bytes = request.block_bytes
            _name_process("catalog" if request.backend == "catalog" else "worker")
            session = self._session = self._interrupts.session = self._connect(request)
            self._caller = session if isinstance(session, CatalogSession) else None
        except Exception as error:
            self._fail(error)
            return False
        self._channel.send(frames.Done({"pid": str(os.getpid())}))
        return True

    def _serve(self, request: frames.Request) -> None:
        interrupts = self._interrupts
        self._began = perf_counter()
        self._one_row = False
        try:
            interrupts.begin(getattr(request, "serial", 0))
            self._handlers[type(request)](request)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise
        except Exception as error:
            interrupts.end()
            self._fail(error)
        else:
            interrupts.end()

    def _fail(self, error: Exception) -> None:
        failed = self._failed(error)
        self._channel.send(failed)
        if failed.lost:
            self._guests.give_back_all()
            raise EOFError

    def _failed(self, error: Exception) -> frames.Failed:
        if not isinstance(error, PgError):
            log.exception("unexpected error in a worker")
        if self._one_row and isinstance(error, PgError) and error.code == sqlstate.DIVISION_BY_ZERO:
            error = PgError(sqlstate.CARDINALITY_VIOLATION, "more than one row returned by a subquery used as an expression")
        fields = frames.fields_of(as_pg_error(error))
        lost = isinstance(error, SessionLost)
        early, self._early = self._early, False
        return frames.Failed(fields, self._in_transaction and not lost, lost, early)

    def _reader(self, recipe: frames.Recipe) -> Read:
        """For guests: a read whose answer is short, or the beginning of one."""
        statement, literals = self._statements[recipe.statement], recipe.literals
        plan = statement.row_plan(recipe.result_formats, self._context)
        decode, formats, context = statement.decode, recipe.formats, self._context
        begin, end, run, encode = self._interrupts.begin, self._interrupts.end, self._run_with, plan.encode

        def read(serial: int, values: Sequence[bytes | None], moment: datetime | None) -> tuple[bytes, int]:
            begin(serial)
            try:
                self._early = True
                decoded = decode(formats, [*values, *literals] if literals else values, context)
                self._early = False
                if recipe.moments:
                    decoded = [*decoded, *moment_texts(recipe.moments, moment or datetime.now(UTC), context)]
                rows, changed = run(statement, decoded)
                if rows is None or rows.columns is None:
                    end()
                    return b"", max(changed, 0)
                try:
                    batch = rows.fetch(FIRST_BATCH_ROWS)
                    out = bytearray()
                    encode(batch, out)
                except BaseException:
                    rows.close()
                    raise
            except Exception as error:
                end()
                raise Broken(self._failed(error)) from None
            end()
            count = len(batch)
            if count < FIRST_BATCH_ROWS:
                rows.close()
                return bytes(out), count
            self._portals[-serial] = Portal(statement, rows)
            raise Unfinished(bytes(out), count)

        return read

    def _transact_for(self, action: str, isolation: str) -> None:
        """For guests. What was to end and cannot is undone; if that cannot be done either, the session is lost."""
        try:
            self._act((frames.ActionFrame(action, isolation=isolation),))
        except Exception as error:
            failed = self._failed(error)
            if action != "begin":
                try:
                    self._act((frames.ActionFrame("rollback"),))
                except Exception:
                    log.exception("a transaction of a guest cannot be undone")
                    failed.lost = True
            raise Broken(failed) from None

    # Requests

    def _configure(self, request: frames.Configure) -> None:
        context = Context(**request.context)
        if context != self._context:
            self._context = context
            for statement in self._statements.values():
                statement.row_plans.clear()
                statement.decoders.clear()
                statement.programs = statement.shaper = None
            self._guests.renew()
        self._lock_timeout_s = request.lock_timeout_s
        self._session.set_lock_timeout(request.lock_timeout_s)

    def _define(self, request: Define) -> None:
        enums.learn(request.enums)
        self._statements[request.statement] = Statement(request)

    def _forget(self, request: frames.Forget) -> None:
        self._statements.pop(request.statement, None)
        self._guests.forget(request.statement)

    def _prepare(self, request: frames.Prepare) -> None:
        columns = self._session.prepare(request.sql).columns
        self._channel.send(frames.Described(None if columns is None else tuple(map(as_frame, columns))))

    def _execute(self, request: frames.Execute) -> None:
        statement = self._statements[request.statement]
        rows, count = self._run(statement, request)
        if rows is None or rows.columns is None:
            self._channel.send(frames.Complete(b"", max(count, 0), self._busy_us(), self._generated(statement, count)))
        else:
            self._open_rows(Portal(statement, rows), request)

    def _run(self, statement: Statement, request: frames.Execute | frames.CopyOut) -> tuple[Rows | None, int]:
        """Run it; its rows, and how many it counted."""
        if request.before:
            self._act(request.before)
        self._early = True
        values: Sequence[Value] = statement.decode(request.formats, request.values, self._context)
        self._early = False
        if request.extra:
            values = [*values, *request.extra]
        return self._run_with(statement, values)

    def _run_with(self, statement: Statement, values: Sequence[Value]) -> tuple[Rows | None, int]:
        self._noted = None
        self._one_row = statement.one_row
        if statement.computed:
            values = statement.with_computed(values, self._context)
        rows: Rows | None
        if statement.sole is None:
            rows, count = self._run_steps(statement, values)
        else:
            in_order = statement.in_order and len(values) == len(statement.sole.sources)
            bound = values if in_order else [values[source.index] for source in statement.sole.sources]
            for place, oid in statement.unbounded[0]:
                require_held(bound[place], oid)
            rows = execute_fitting(self._session, statement.sole.sql, bound, statement.shapes[0], statement.fitting[0])
            count = rows.row_count
        if self._caller is not None and (calls := self._caller.take_calls()):
            self._channel.send(frames.Called(tuple(calls)))
        if statement.shaping is not None and rows is not None and rows.columns is not None:
            rows = statement.shaped(rows, values, self._context)
        return rows, count

    def _run_steps(self, statement: Statement, values: Sequence[Value]) -> tuple[Rows | None, int]:
        """The rows of the RESULT step, and the count of the COUNT steps together (of the RESULT step when there is none)."""
        with self._whole(statement.atomic):
            check, timeout = self._interrupts.check, self._lock_timeout_s
            steps = Steps(self._session, statement, values, self._context, check, timeout)
            taken = steps.run()
        self._noted = steps.last_noted
        return taken

    @contextlib.contextmanager
    def _whole(self, atomic: bool = True) -> Iterator[None]:
        """What is done inside happens as a whole or not at all, by a transaction if none is open."""
        own = atomic and not self._in_transaction
        if own:
            self._session.begin("read committed", False)
        try:
            yield
        except BaseException:
            if own:
                self._session.rollback()
            raise
        if own:
            self._session.commit()

    def _open_rows(self, portal: Portal, request: frames.Execute) -> None:
        if request.limit < 0:
            if request.scroll:
                portal.spool = Spool(portal.rows)
            self._portals[request.portal] = portal
            self._channel.send(frames.Suspended(b"", 0))
            return
        try:
            self._send_rows(portal, request, skip=False)
        except BaseException:
            portal.close()  # else the statement stays open in a session that others will use
            raise

    def _fetch(self, request: frames.Fetch) -> None:
        self._send_rows(self._portal(request.portal), request, request.skip)

    def _portal(self, number: int) -> Portal:
        portal = self._portals.get(number)
        if portal is None:  # closed, for example by a rollback
            raise PgError(sqlstate.INVALID_CURSOR_NAME, "portal is no longer open")
        return portal

    def _send_rows(self, portal: Portal, request: frames.Execute | frames.Fetch, skip: bool) -> None:
        """Stream up to request.limit rows, then tell how it ended."""
        channel, interrupts, limit = self._channel, self._interrupts, request.limit
        self._one_row = portal.statement.one_row
        channel.credit = request.credit
        plan = portal.statement.row_plan(request.result_formats, self._context)
        block_bytes = self._block_bytes
        encode, twin = (_skip, None) if skip else (plan.encode, plan.twin)
        source = BlockSource(portal.rows, encode, twin, block_bytes)
        sent = 0
        out = bytearray()
        while True:
            count, ended = source.into(out, limit - sent if limit else ANY)
            sent += count
            if ended or sent == limit:
                break
            interrupts.check()
            if len(out) >= block_bytes:
                self._send_blocks(out)
        if len(out) > block_bytes:
            self._send_blocks(out)
        suspended = bool(limit) and sent == limit
        if suspended and request.portal:
            self._portals[request.portal] = portal
        else:
            portal.rows.close()
            self._portals.pop(request.portal, None)
        data = bytes(out)
        if suspended:
            channel.send(frames.Suspended(data, sent))
        else:
            channel.send(frames.Complete(data, sent, self._busy_us(), self._generated(portal.statement, sent)))

    def _generated(self, statement: Statement, rows: int) -> int | None:
        """Before rows are read of what was inserted, its numbers are noted: IRIS would tell that of a row it has read."""
        if not statement.generates or rows <= 0:
            return None
        return self._session.last_identity() if self._noted is None else int(self._noted)

    def _busy_us(self) -> int:
        return int((perf_counter() - self._began) * 1e6)

    def _send_blocks(self, out: bytearray) -> None:
        view = memoryview(out)
        for start in range(0, len(out), 2 * self._block_bytes):
            self._channel.send_block(view[start : start + 2 * self._block_bytes], self._interrupts)
        view.release()
        out.clear()

    def _scroll(self, request: frames.Scroll) -> None:
        portal = self._portal(request.portal)
        assert portal.spool is not None
        self._channel.credit = request.credit
        plan = portal.statement.row_plan(request.result_formats, self._context)
        rows = portal.spool.move(request.direction, request.count)
        out = bytearray()
        sent = 0
        while batch := list(islice(rows, FIRST_BATCH_ROWS)):
            self._interrupts.check()
            sent += len(batch)
            if not request.skip:
                plan.encode(batch, out)
            if len(out) >= self._block_bytes:
                self._send_blocks(out)
        self._channel.send(frames.Suspended(bytes(out), sent))

    def _copy_out(self, request: frames.CopyOut) -> None:
        channel, interrupts = self._channel, self._interrupts
        statement = self._statements[request.statement]
        channel.credit = request.credit
        encoder = Encoder(request.options, request.names, statement.columns, self._context)
        rows, _ = self._run(statement, request)
        assert rows is not None
        try:
            count = copying.copy_out(
                rows, encoder, self._block_bytes, lambda data: channel.send_block(data, interrupts), interrupts.check
            )
        except BaseException:
            rows.close()
            raise
        channel.send(frames.Complete(b"", count, self._busy_us()))

    def _copy_in(self, request: frames.CopyIn) -> None:
        if request.before:
            self._act(request.before)
        decoder = Decoder(request.options, request.names, tuple(map(Oid, request.oids)), request.relation, self._context)
        width = len(request.oids)
        inserts = {variant.defaults: self._insertion(variant, width) for variant in request.variants}
        condition = self._condition(self._statements[request.condition], request) if request.condition else None
        intake = copying.Intake(self._session, decoder, inserts, condition)
        with self._whole():
            while True:
                frame = self._channel.next_of_copy(self._interrupts)
                if isinstance(frame, frames.CopyBroken):
                    raise intake.broken(frame.reason)
                if isinstance(frame, frames.CopyEnd):
                    break
                intake.feed(frame.data)
                self._interrupts.check()
                self._channel.send(frames.CopyTaken())
            intake.finish()
        self._channel.send(frames.Complete(b"", intake.count, self._busy_us()))

    def _insertion(self, variant: frames.CopyVariant, width: int) -> copying.Insertion:
        statement = self._statements[variant.statement]
        step, *guards = statement.steps
        literals = decode_parameters(statement.oids[width:], (), variant.literals, self._context)
        more = [*literals, *variant.extra]
        extend = copying.extension(more, len(literals), variant.drawn)
        if statement.computed:
            extend = copying.chained(extend, partial(statement.with_computed, context=self._context))
        places = tuple(source.index for source in step.sources)
        violated = self._guard(statement, [*[None] * width, *more]) if guards else None
        return copying.Insertion(step.sql, places, statement.shapes[0], extend, statement.fitting[0], violated)

    def _guard(self, statement: Statement, values: Sequence[Value]) -> Callable[[Sequence[Value]], tuple[int, PgError] | None]:
        """values: with NULLs in the places of a row's."""
        known = statement.with_values_of_guards(values, self._context)
        return Steps(self._session, statement, known, self._context, self._interrupts.check).violated_by

    def _condition(self, statement: Statement, request: frames.CopyIn) -> Callable[[Sequence[Value]], bool]:
        literals = decode_parameters(statement.oids[len(request.oids) :], (), request.literals, self._context)

        def holds(values: Sequence[Value]) -> bool:
            rows, _ = self._run_with(statement, [*values, *literals, *request.extra])
            assert rows is not None
            ((value,),) = rows.fetch(2)
            rows.close()
            return bool(value == 1)

        return holds

    def _drop(self, _: frames.Request) -> None:
        """What was on its way when a COPY failed."""

    def _close_portal(self, request: frames.ClosePortal) -> None:
        portal = self._portals.pop(request.portal, None)
        if portal is not None:
            portal.close()

    def _transact(self, request: frames.Transact) -> None:
        self._act(request.actions)
        self._channel.send(frames.Done())

    def _act(self, actions: Sequence[frames.ActionFrame]) -> None:
        session = self._session
        for action in actions:
            match action.action:
                case "begin":
                    session.begin(action.isolation, action.read_only)
                    self._in_transaction = True
                case "commit":
                    self._in_transaction = False
                    session.commit()
                case "rollback":
                    self._in_transaction = False
                    session.rollback()
                case "savepoint":
                    session.savepoint(action.name)
                case "rollback_to":
                    session.rollback_to(action.name)
                case unknown:
                    raise PgError(sqlstate.INTERNAL_ERROR, f"unknown transaction action {unknown}")

    def _introspect(self, request: frames.Introspect) -> None:
        if request.known_version and self._session.schema_version() == request.known_version:
            self._channel.send(frames.Metadata(request.known_version, None))
            return
        self._channel.send(as_metadata(self._session.introspect()))

    def _describe(self, request: frames.Describe) -> None:
        changes = self._session.describe(request.known)
        self._channel.send(frames.Schema(changes.version, changes.digests, metadata.encode(changes)))

    def _measure(self, _: frames.Measure) -> None:
        self._channel.send(frames.Measured(self._session.sizes()))

    def _load(self, request: frames.Load) -> None:
        self._catalog().load(request.data, request.databases, request.users)
        self._channel.send(frames.Done())

    def _replace(self, request: frames.Replace) -> None:
        self._catalog().replace(request.relation, request.rows)

    def _keep(self, request: frames.Keep) -> None:
        keeper = self._keeper = self._keeper or Keeper(self._session)
        self._channel.send(frames.Kept(keeper.answer(request.action, request.arguments)))

    def _catalog(self) -> CatalogSession:
        if self._caller is None:
            raise PgError(sqlstate.INTERNAL_ERROR, "this worker has no catalog")
        return self._caller

    def _reset(self, _: frames.Reset) -> None:
        for portal in self._portals.values():
            portal.close()
        self._portals.clear()
        self._in_transaction = False
        self._session.reset()
        self._session.set_lock_timeout(self._lock_timeout_s)  # the front goes on with what it configured last
        self._channel.send(frames.Done())


def _skip(rows: Sequence[Row], out: bytearray) -> None:
    """Rows that nobody wants to see."""


def _name_process(what: str) -> None:
    """What ps and top show of it, where the system has a place for that."""
    with contextlib.suppress(OSError), open("/proc/self/comm", "w") as comm:
        comm.write(f"pgiris-{what}")
