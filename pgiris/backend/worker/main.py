"""The worker: one backend session and a plain blocking loop. In: request frames. Out: reply frames.

It decodes parameters, runs a statement's steps, encodes rows into DataRow bytes and never sends more Blocks than it has
credit for. A second thread listens for interrupts and for the front's end.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from time import perf_counter

from pgiris import sqlstate
from pgiris.backend import metadata
from pgiris.backend.base import BackendSession, CatalogSession, ListValue, Rows, SessionLost, Shape
from pgiris.backend.worker import copying, frames
from pgiris.backend.worker.frames import ColumnFrame, Define, FrameBuffer, StepFrame
from pgiris.backend.worker.shaped import Shaper, asked_columns
from pgiris.backend.worker.spool import Spool
from pgiris.compute.program import compiled, oid_of
from pgiris.copy.decode import Decoder
from pgiris.copy.encode import Encoder
from pgiris.errors import PgError, as_pg_error
from pgiris.observe.log import get_logger
from pgiris.types.codec import Context, Decode, Oid, Value
from pgiris.types.relation import Snapshot
from pgiris.types.rows import Column, RowPlan, decode_array, decode_parameters, decoder, expand_parameter_formats

log = get_logger("worker")

LAST_IDENTITY, FOUND, ROW = -1, -(1 << 20), -(1 << 21)  # as in sql/plan.py
MOST_KEYS = 100_000  # rows that one UPDATE or DELETE may return
RECEIVE_BYTES = 16384
COPY_RECEIVE_BYTES = 262144
FIRST_BATCH_ROWS = 32
LAST_BATCH_ROWS = 512  # a batch of rows is held as Python values before it is encoded

_decode = frames.request_decoder.decode

Program = Callable[[Sequence[Value], Sequence[Value]], Value]
Connect = Callable[[frames.Open], BackendSession]


class Canceled(PgError):
    """The front asked to stop; it knows why and words the message."""

    def __init__(self) -> None:
        super().__init__(sqlstate.QUERY_CANCELED, "canceling statement due to user request")


class Interrupts:
    """Which request runs now, and whether the front wants it stopped. Shared by the two threads."""

    def __init__(self, control: socket.socket, leave: Callable[[int], object]) -> None:
        self._control = control
        self._leave = leave
        self._lock = threading.Lock()
        self._serial = 0
        self._stopped = False
        self.session: BackendSession | None = None

    def start(self) -> None:
        threading.Thread(target=self._listen, daemon=True, name="interrupts").start()

    def begin(self, serial: int) -> None:
        """A request starts, which an interrupt may mean from now on."""
        self._stopped = False
        self._serial = serial

    def end(self) -> None:
        """No interrupt for it comes through any more."""
        with self._lock:
            self._serial = 0

    def check(self) -> None:
        if self._stopped:
            raise Canceled

    def _listen(self) -> None:
        buffer = FrameBuffer()
        while data := self._receive():
            for body in buffer.feed(data):
                self._interrupt(frames.interrupt_decoder.decode(body).serial)
        self._leave(0)  # the front is gone or wants us gone: a transaction under way is the backend's to undo

    def _receive(self) -> bytes:
        try:
            return self._control.recv(4096)
        except OSError:
            return b""

    def _interrupt(self, serial: int) -> None:
        with self._lock:
            if serial == self._serial and self.session is not None:
                self._stopped = True
                self.session.interrupt()


class Channel:
    """The data socket as frames. Credit is kept here, since it arrives between the Blocks it pays for."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._buffer = FrameBuffer()
        self._frames: deque[frames.Request] = deque()  # several when many sessions share this worker
        self.credit = 0

    def next_request(self) -> frames.Request:
        """Raises EOFError when the front is gone."""
        while not self._frames:
            self._receive()
        return self._frames.popleft()

    def send(self, frame: frames.Reply) -> None:
        self._sock.sendall(frames.encode(frame))

    def send_block(self, data: bytes | memoryview, interrupts: Interrupts) -> None:
        """Wait for credit, then send. Raises Canceled when interrupted while waiting."""
        while self.credit <= 0:
            interrupts.check()
            self._receive()
        self.credit -= 1
        self.send(frames.Block(bytes(data)))

    def next_of_copy(self, interrupts: Interrupts) -> frames.CopyChunk | frames.CopyEnd | frames.CopyBroken:
        """What comes next of the data of a COPY. Raises Canceled when interrupted while waiting."""
        while not self._frames:
            interrupts.check()
            self._receive(COPY_RECEIVE_BYTES)
        frame = self._frames.popleft()
        if not isinstance(frame, frames.CopyChunk | frames.CopyEnd | frames.CopyBroken):
            raise PgError(sqlstate.INTERNAL_ERROR, f"{type(frame).__name__} in the data of a COPY")
        return frame

    def _receive(self, size: int = RECEIVE_BYTES) -> None:
        data = self._sock.recv(size)
        if not data:
            raise EOFError
        for body in self._buffer.feed(data):
            frame = _decode(body)
            if type(frame) is frames.Credit:
                self.credit += frame.blocks
            else:
                self._frames.append(frame)


class Statement:
    """A defined statement and its row plans, one for each combination of result formats that was asked for."""

    def __init__(self, define: Define) -> None:
        self.steps = define.steps
        self.oids = tuple(map(Oid, define.oids))
        self.atomic = define.atomic
        self.columns = tuple(map(as_column, define.columns))
        self.row_plans: dict[tuple[int, ...], RowPlan] = {}
        self.decoders: dict[tuple[int, ...], list[Decode]] = {}
        self.computed, self.shaping = define.computed, define.shaping
        self._first_computed = define.first_computed
        self.programs: list[Program] | None = None
        self.shaper: Shaper | None = None
        self.wants_identities = any(step.role == "KEYS" and not step.sql for step in define.steps) or any(
            FOUND < source.index < LAST_IDENTITY for step in define.steps for source in step.sources
        )
        first = define.steps[0]
        self.shapes = tuple(Shape(tuple(map(self.oid_at, step.sources)), self._shown(step)) for step in define.steps)
        self.sole: StepFrame | None = (
            first if len(define.steps) == 1 and first.sql and not any(s.as_list for s in first.sources) else None
        )
        if self.sole is not None and (first.tolerates or any(s.index == LAST_IDENTITY for s in first.sources)):
            self.sole = None
        indexes = [source.index for source in first.sources]
        self.in_order = self.sole is not None and indexes == list(range(define.first_computed)) and not self.computed

    def oid_at(self, source: frames.SourceFrame) -> Oid:
        """0 for what the session adds and for identities, which are numbers or strings as they are."""
        if 0 <= source.index < len(self.oids):
            return self.oids[source.index]
        return oid_of(self.computed[source.index - self._first_computed]) if self._is_computed(source.index) else Oid(0)

    def _is_computed(self, index: int) -> bool:
        return bool(self.computed) and index >= self._first_computed

    def _shown(self, step: StepFrame) -> tuple[Column, ...]:
        if step.role != "RESULT":
            return ()
        return self.columns if self.shaping is None else asked_columns(self.shaping)

    def decode(self, formats: tuple[int, ...], raw: Sequence[bytes | None], context: Context) -> Sequence[Value]:
        """The values of an execution."""
        decoders = self.decoders.get(formats)
        if decoders is None or len(decoders) != len(raw):
            values = decode_parameters(self.oids, formats, raw, context)  # which checks that the numbers agree
            codes = expand_parameter_formats(formats, len(raw))
            self.decoders[formats] = [decoder(oid, code, context) for oid, code in zip(self.oids, codes, strict=True)]
            return values
        try:
            return [None if data is None else decode(data) for decode, data in zip(decoders, raw, strict=True)]
        except PgError:
            return decode_parameters(self.oids, formats, raw, context)  # which words the error with its place

    def with_computed(self, values: Sequence[Value], context: Context) -> Sequence[Value]:
        """The values, and those that are computed of them."""
        if self.programs is None:
            self.programs = [compiled(program, context) for program in self.computed]
        return [*values, *[program(values, ()) for program in self.programs]]

    def shaped(self, rows: Rows, values: Sequence[Value], context: Context) -> Rows:
        """The rows as the client asked for them."""
        assert self.shaping is not None
        if self.shaper is None:
            self.shaper = Shaper(self.shaping, context, self.columns)
        return self.shaper.rows(rows, values)

    def row_plan(self, formats: tuple[int, ...], context: Context) -> RowPlan:
        plan = self.row_plans.get(formats)
        if plan is None:
            plan = self.row_plans[formats] = RowPlan(self.columns, formats, context)
        return plan


@dataclasses.dataclass
class Taken:
    """Rows at hand: of a step that others follow, or none of a step that did not run."""

    columns: tuple[Column, ...] | None
    rows: Sequence[Sequence[Value]] = ()
    row_count: int = -1

    @classmethod
    def all_of(cls, rows: Rows) -> Taken:
        taken: list[Sequence[Value]] = []
        while len(batch := rows.fetch(LAST_BATCH_ROWS)) == LAST_BATCH_ROWS:
            taken += batch
        rows.close()
        return cls(rows.columns, (*taken, *batch))

    def behind(self, others: Rows | None) -> Taken:
        """With the rows of steps before it."""
        return self if others is None else Taken(self.columns, (*Taken.all_of(others).rows, *self.rows))

    def fetch(self, limit: int) -> Sequence[Sequence[Value]]:
        batch, self.rows = self.rows[:limit], self.rows[limit:]
        return batch

    def close(self) -> None:
        self.rows = ()


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
        self._channel = Channel(data)
        self._interrupts = Interrupts(control, leave)
        self._connect = connect
        self._session: BackendSession
        self._context = Context()
        self._statements: dict[int, Statement] = {}
        self._portals: dict[int, Portal] = {}
        self._lock_timeout_s: float | None = None
        self._in_transaction = False
        self._block_bytes = 65536
        self._began = 0.0  # the request that is served
        self._early = False  # it decodes its values
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
            frames.Load: self._load,
            frames.Replace: self._replace,
            frames.Reset: self._reset,
        }

    def run(self) -> None:
        """Serve until the front is gone."""
        self._interrupts.start()
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
            self._session = self._interrupts.session = self._connect(request)
        except Exception as error:
            self._fail(error)
            return False
        self._channel.send(frames.Done({"pid": str(os.getpid())}))
        return True

    def _serve(self, request: frames.Request) -> None:
        interrupts = self._interrupts
        self._began = perf_counter()
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
        if not isinstance(error, PgError):
            log.exception("unexpected error in a worker")
        shown = as_pg_error(error)
        fields = {f.name: value for f in dataclasses.fields(PgError) if (value := getattr(shown, f.name)) is not None}
        lost = isinstance(error, SessionLost)
        self._channel.send(frames.Failed(fields, self._in_transaction and not lost, lost, self._early))
        self._early = False
        if lost:
            raise EOFError

    # Requests

    def _configure(self, request: frames.Configure) -> None:
        context = Context(**request.context)
        if context != self._context:
            self._context = context
            for statement in self._statements.values():
                statement.row_plans.clear()
                statement.decoders.clear()
                statement.programs = statement.shaper = None
        self._lock_timeout_s = request.lock_timeout_s
        self._session.set_lock_timeout(request.lock_timeout_s)

    def _define(self, request: Define) -> None:
        self._statements[request.statement] = Statement(request)

    def _forget(self, request: frames.Forget) -> None:
        self._statements.pop(request.statement, None)

    def _prepare(self, request: frames.Prepare) -> None:
        columns = self._session.prepare(request.sql).columns
        self._channel.send(frames.Described(None if columns is None else tuple(map(as_frame, columns))))

    def _execute(self, request: frames.Execute) -> None:
        statement = self._statements[request.statement]
        rows, count = self._run(statement, request)
        if rows is None or rows.columns is None:
            self._channel.send(frames.Complete(b"", max(count, 0), self._busy_us()))
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
        if statement.computed:
            values = statement.with_computed(values, self._context)
        rows: Rows | None
        if statement.sole is None:
            rows, count = self._run_steps(statement, values)
        else:
            in_order = statement.in_order and len(values) == len(statement.sole.sources)
            bound = values if in_order else [values[source.index] for source in statement.sole.sources]
            rows = self._session.execute(statement.sole.sql, bound, statement.shapes[0])
            count = rows.row_count
        if statement.shaping is not None and rows is not None and rows.columns is not None:
            rows = statement.shaped(rows, values, self._context)
        return rows, count

    def _run_steps(self, statement: Statement, values: Sequence[Value]) -> tuple[Rows | None, int]:
        """The rows of the RESULT step, and the count of the COUNT steps together (of the RESULT step when there is none)."""
        with self._whole(statement.atomic):
            return self._take_steps(statement, values)

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

    def _take_steps(self, statement: Statement, values: Sequence[Value]) -> tuple[Rows | None, int]:
        result: Rows | Taken | None = None
        count = before = 0
        identities: list[int | None] = []
        keys = ListValue(())
        kept: Sequence[Sequence[Value]] = ()
        for step, shape in zip(statement.steps, statement.shapes, strict=True):
            self._interrupts.check()
            if step.when == "EACH":
                before = self._run_for_each(step, kept, identities)
                count += before
                continue
            if step.when != "ALWAYS" and (before > 0) != (step.when == "COUNTED"):
                result = result or (Taken(statement.columns) if step.role == "RESULT" else None)
                before = 0
                continue
            bound = [keys if s.index == FOUND else self._bound(s, statement, values, identities) for s in step.sources]
            try:
                rows = self._session.execute(step.sql, bound, shape) if step.sql else Taken(statement.columns, ((),))
            except PgError as error:
                if error.code != step.tolerates:
                    raise
                before = 0
                continue
            before = max(rows.row_count, 0)
            if step.role == "RESULT":
                last = step is statement.steps[-1] and result is None
                result = rows if last else Taken.all_of(rows).behind(result)
            elif step.role == "KEYS":
                keys = _keys(rows) if step.sql else ListValue(tuple(identities))
            elif step.role == "ROWS":
                kept = _few(Taken.all_of(rows).rows)
            if step.role != "RUN":
                count += before
            if statement.wants_identities and step.role in ("COUNT", "RUN"):
                identities.append(self._session.last_identity())
        return result, count

    def _run_for_each(self, step: StepFrame, rows: Sequence[Sequence[Value]], identities: list[int | None]) -> int:
        """Run an INSERT of one row once for each; how many it inserted."""
        count = 0
        for row in rows:
            self._interrupts.check()
            count += self._session.execute(step.sql, [row[source.index - ROW] for source in step.sources]).row_count
            identities.append(self._session.last_identity())
        return count

    def _bound(
        self, source: frames.SourceFrame, statement: Statement, values: Sequence[Value], identities: Sequence[int | None]
    ) -> Value | ListValue:
        if source.index < LAST_IDENTITY:
            return identities[source.index]
        if source.index == LAST_IDENTITY:
            return self._session.last_identity()
        value = values[source.index]
        if source.as_list and value is not None:
            return ListValue(tuple(decode_array(statement.oid_at(source), value)))
        return value

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
        channel.credit = request.credit
        plan = portal.statement.row_plan(request.result_formats, self._context)
        block_bytes = self._block_bytes
        sent = 0
        batch = FIRST_BATCH_ROWS
        out = bytearray()
        while True:
            wanted = min(batch, limit - sent) if limit else batch
            rows = portal.rows.fetch(wanted)
            sent += len(rows)
            if not skip:
                plan.encode(rows, out)
            if len(rows) < wanted or sent == limit:
                break
            interrupts.check()
            if len(out) >= block_bytes:
                self._send_blocks(out)
            else:
                batch = min(batch * 2, LAST_BATCH_ROWS)
        if len(out) > block_bytes:
            self._send_blocks(out)
        suspended = bool(limit) and sent == limit
        if suspended and request.portal:
            self._portals[request.portal] = portal
        else:
            portal.rows.close()
            self._portals.pop(request.portal, None)
        data = bytes(out)
        channel.send(frames.Suspended(data, sent) if suspended else frames.Complete(data, sent, self._busy_us()))

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
        inserts = {variant.defaults: self._insertion(self._statements[variant.statement]) for variant in request.variants}
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

    def _insertion(self, statement: Statement) -> copying.Insertion:
        (step,) = statement.steps
        extend = partial(statement.with_computed, context=self._context) if statement.computed else None
        return copying.Insertion(step.sql, tuple(source.index for source in step.sources), statement.shapes[0], extend)

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

    def _load(self, request: frames.Load) -> None:
        self._catalog().load(request.data, request.database, request.users)
        self._channel.send(frames.Done())

    def _replace(self, request: frames.Replace) -> None:
        self._catalog().replace(request.relation, request.rows)

    def _catalog(self) -> CatalogSession:
        session = self._session
        if not isinstance(session, CatalogSession):
            raise PgError(sqlstate.INTERNAL_ERROR, "this worker has no catalog")
        return session

    def _reset(self, _: frames.Reset) -> None:
        for portal in self._portals.values():
            portal.close()
        self._portals.clear()
        self._in_transaction = False
        self._session.reset()
        self._session.set_lock_timeout(self._lock_timeout_s)  # the front goes on with what it configured last
        self._channel.send(frames.Done())


def _keys(rows: Rows) -> ListValue:
    return ListValue(tuple(row[0] for row in _few(Taken.all_of(rows).rows)))


def _few(rows: Sequence[Sequence[Value]]) -> Sequence[Sequence[Value]]:
    if len(rows) > MOST_KEYS:
        raise PgError(
            sqlstate.PROGRAM_LIMIT_EXCEEDED,
            f"RETURNING of a statement that changes more than {MOST_KEYS} rows is not supported",
            hint="Change fewer rows at a time, or leave RETURNING out.",
        )
    return rows


def as_frame(column: Column) -> ColumnFrame:
    return ColumnFrame(column.name, column.oid, column.typmod, column.relation, column.attribute, column.shown)


def as_column(frame: ColumnFrame) -> Column:
    return Column(frame.name, Oid(frame.oid), frame.typmod, Oid(frame.relation), frame.attribute, frame.shown)


def as_metadata(snapshot: Snapshot) -> frames.Metadata:
    return frames.Metadata(
        snapshot.version,
        tuple(
            frames.RelationFrame(
                relation.schema,
                relation.name,
                tuple(
                    frames.RelationColumnFrame(
                        c.name, c.oid, c.iris_type, c.typmod, c.not_null, c.default, c.identity, c.collation
                    )
                    for c in relation.columns
                ),
                relation.kind,
                relation.primary_key,
                relation.unique_keys,
            )
            for relation in snapshot.relations
        ),
    )
