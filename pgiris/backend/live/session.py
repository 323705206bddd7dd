"""LiveSession: a BackendSession on a real IRIS process, by way of a Driver.

The process stays in autocommit mode; transactions are SQL statements. IRIS's settings are the process's and outlive a
transaction, so every transaction says its isolation level anew. iris-reference 7
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Sequence
from typing import Any

from pgiris import sqlstate
from pgiris.backend import metadata, notes
from pgiris.backend.base import NO_SHAPE, Described, ListValue, Row, RowFailed, Rows, SessionLost, Shape
from pgiris.backend.live import sizes
from pgiris.backend.live.binding import Bound, bind
from pgiris.backend.live.driver import Cursor, Driver
from pgiris.backend.live.schema import Schema, snapshot
from pgiris.backend.live.showing import show
from pgiris.backend.metadata import Changes
from pgiris.backend.noted import noted_relation, noted_snapshot, sequences
from pgiris.backend.placeholders import with_numbers
from pgiris.backend.sizes import Sizes
from pgiris.errors import PgError
from pgiris.types.codec import Oid, Value
from pgiris.types.relation import Snapshot

DEFAULT_LOCK_TIMEOUT_S = 10  # IRIS's own; iris-reference 7.5
MAX_SAVEPOINTS = 250  # $TLEVEL ends at 255; iris-reference 7.3
ISOLATION = "READ COMMITTED"  # between transactions
FACTS = "SELECT $JOB, $NAMESPACE, $USERNAME, $TLEVEL, $ZVERSION"
_LEVELS = {"read uncommitted": "READ UNCOMMITTED", "read committed": ISOLATION}
_CALL = re.compile(r"\s*(?:\{\s*)?CALL\b", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_PAGE = re.compile(r" LIMIT (?:\?|[0-9]+) OFFSET (?:\?|[0-9]+)$")
_ALL = 10_000


class LiveRows:
    """columns: as the driver tells them; their types matter only where the front knew none."""

    def __init__(self, cursor: Cursor, shape: Shape, session: LiveSession) -> None:
        self.columns = cursor.columns
        self.row_count = cursor.row_count
        self._cursor = cursor
        self._session = session
        columns = shape.columns or cursor.columns or ()
        self._types = tuple(column.oid for column in columns)

    def fetch(self, limit: int) -> Sequence[Row]:
        with self._session.watched():
            rows = self._cursor.fetch(limit)
        return show(rows, self._types)

    def close(self) -> None:
        self._cursor.close()
        self._session.forget(self)


class LiveSession:
    """facts: of the IRIS process. Raises PgError 3D000 when it is not in the namespace that was asked for."""

    def __init__(self, driver: Driver, namespace: str) -> None:
        self._driver = driver
        self._watch = threading.Lock()
        self._running = False
        self._open: set[LiveRows] = set()
        self._savepoints: list[str] = []
        self._in_transaction = False
        self._called = False  # a procedure, since the process was looked at
        self._lock_timeout_s = self._wanted_lock_timeout_s = DEFAULT_LOCK_TIMEOUT_S
        ((job, found, self.user, _, self.version),) = self._query(FACTS)
        self._schema = Schema(self._query, driver.property_parameter, str(self.user))
        self.namespace = str(found)
        self.pid = process_id(job)
        if self.namespace.upper() != namespace.upper():
            raise PgError(sqlstate.INVALID_CATALOG_NAME, f'database "{namespace}" does not exist')
        self._command(f"SET TRANSACTION ISOLATION LEVEL {ISOLATION}")

    # Watch over what runs

    def watched(self) -> _Watched:
        return _Watched(self)

    def interrupt(self) -> None:
        """The lock is held until IRIS has taken the request, so that it cannot reach a later statement."""
        with self._watch:
            if self._running:
                self._driver.cancel()

    def begin_watch(self) -> None:
        with self._watch:
            self._running = True

    def end_watch(self) -> None:
        with self._watch:
            self._running = False

    # Statements

    def prepare(self, sql: str) -> Described:
        with self.watched():
            return self._driver.describe(sql)

    def execute(self, sql: str, values: Sequence[Value | ListValue], shape: Shape = NO_SHAPE) -> Rows:
        bound = bind(values, shape.oids)
        sql, bound = _with_page(sql, bound)
        if self._wanted_lock_timeout_s != self._lock_timeout_s:
            self._apply_lock_timeout()
        with self.watched():
            cursor = self._driver.execute(sql, bound)
        rows = LiveRows(cursor, shape, self)
        if _CALL.match(sql):
            self._called = True
        if cursor.columns is None:
            cursor.close()
            self._settle()
        else:
            self._open.add(rows)
        return rows

    def execute_many(self, sql: str, rows: Sequence[Row], shape: Shape = NO_SHAPE) -> None:
        bound = []
        wrong: RowFailed | None = None
        for index, row in enumerate(rows):
            try:
                bound.append(bind(row, shape.oids))
            except PgError as error:
                wrong = RowFailed(index, error)  # unless IRIS finds one before it
                break
        if self._wanted_lock_timeout_s != self._lock_timeout_s:
            self._apply_lock_timeout()
        with self.watched():
            self._driver.execute_many(sql, bound)
        if wrong is not None:
            raise wrong

    def forget(self, rows: LiveRows) -> None:
        self._open.discard(rows)
        self._settle()

    def _settle(self) -> None:
        """After a procedure, which may have done anything to the process: other clients are to find it as it was."""
        if not self._called or self._in_transaction or self._open:
            return
        self._called = False
        ((_, namespace, _, level, _),) = self._query(FACTS)
        if str(namespace).upper() != self.namespace.upper():
            raise SessionLost("A procedure left it in another namespace.")
        self._command(f"SET TRANSACTION ISOLATION LEVEL {ISOLATION}")
        if int(level):
            self._command("ROLLBACK")
            raise PgError(
                sqlstate.INVALID_TRANSACTION_TERMINATION,
                "the procedure left a transaction open",
                detail="It was rolled back.",
                hint="Call it in a transaction block.",
            )

    def last_identity(self) -> int | None:
        return self._driver.last_identity()

    def _command(self, sql: str) -> None:
        with self.watched():
            self._driver.execute(sql, ()).close()

    def _query(self, sql: str, *values: Any) -> list[Sequence[Any]]:
        """All rows of a query of our own."""
        with self.watched():
            cursor = self._driver.execute(sql, values)
            types: tuple[Oid, ...] = tuple(column.oid for column in cursor.columns or ())
            found: list[Sequence[Any]] = []
            while batch := cursor.fetch(_ALL):
                found += show(batch, types)
                if len(batch) < _ALL:
                    break
            cursor.close()
        return found

    # Transactions

    def begin(self, isolation: str, read_only: bool) -> None:
        """read_only is the front's to enforce: IRIS would lower the isolation level for it (iris-reference 7.2)."""
        self._command(f"START TRANSACTION ISOLATION LEVEL {_LEVELS[isolation]}")
        self._in_transaction = True
        self._savepoints.clear()

    def commit(self) -> None:
        self._end_transaction("COMMIT")

    def rollback(self) -> None:
        self._end_transaction("ROLLBACK")

    def _end_transaction(self, command: str) -> None:
        self._command(command)
        self._in_transaction = False
        self._savepoints.clear()
        self._settle()

    def savepoint(self, name: str) -> None:
        _check(name)
        if not self._in_transaction:  # IRIS would begin one
            raise PgError(sqlstate.NO_ACTIVE_SQL_TRANSACTION, "SAVEPOINT can only be used in transaction blocks")
        if len(self._savepoints) >= MAX_SAVEPOINTS:
            raise PgError(sqlstate.STATEMENT_TOO_COMPLEX, f"IRIS keeps at most {MAX_SAVEPOINTS} savepoints in one transaction")
        self._command(f"SAVEPOINT {name}")
        self._savepoints.append(name.upper())

    def rollback_to(self, name: str) -> None:
        """IRIS would undo everything for a name that it does not know (SQLCODE -375), so it is not asked."""
        _check(name)
        upper = name.upper()
        if upper not in self._savepoints:
            raise PgError(sqlstate.S_E_INVALID_SPECIFICATION, f'savepoint "{name}" does not exist')
        self._command(f"ROLLBACK TO SAVEPOINT {name}")
        del self._savepoints[len(self._savepoints) - 1 - self._savepoints[::-1].index(upper) :]

    def set_lock_timeout(self, seconds: float | None) -> None:
        """IRIS counts whole seconds. It takes effect with the next statement."""
        self._wanted_lock_timeout_s = DEFAULT_LOCK_TIMEOUT_S if seconds is None else math.ceil(seconds)

    def _apply_lock_timeout(self) -> None:
        self._command(f"SET OPTION LOCK_TIMEOUT = {self._wanted_lock_timeout_s}")
        self._lock_timeout_s = self._wanted_lock_timeout_s

    # Schema

    def introspect(self) -> Snapshot:
        return noted_snapshot(snapshot(self._schema.version(), self._schema.relations()), notes.read(self, self.namespace))

    def describe(self, known: bytes) -> Changes:
        noted = notes.read(self, self.namespace)
        relations = [noted_relation(meta, noted) for meta in self._schema.relations() if not meta.temporary]
        encoded = map(metadata.encode_relation, [*sequences(noted), *relations])
        return metadata.changes(
            self.schema_version(), self._schema.schemas(), encoded, known, noted.enums,
            (*self._schema.routines(), *noted.functions), extensions=noted.extensions, remarks=noted.remarks,
        )  # fmt: skip

    def schema_version(self) -> str:
        noted = notes.version_of(self)
        return f"{self._schema.version()}{noted and '/'}{noted}"

    def sizes(self) -> Sizes:
        return sizes.measure(self._query, self.namespace, str(self.version))

    # End

    def reset(self) -> None:
        """Afterwards the process is as it was at first; if it is not, it is not used again."""
        for rows in tuple(self._open):
            rows.close()
        self.rollback()
        self._command(f"SET TRANSACTION ISOLATION LEVEL {ISOLATION}")
        self.set_lock_timeout(None)
        ((_, namespace, _, level, _),) = self._query(FACTS)
        if int(level) or str(namespace).upper() != self.namespace.upper():
            raise SessionLost("Its process did not return to its first state.")

    def close(self) -> None:
        for rows in tuple(self._open):
            rows.close()
        self._driver.close()


class _Watched:
    """A statement runs, which interrupt() may stop."""

    def __init__(self, session: LiveSession) -> None:
        self._session = session

    def __enter__(self) -> None:
        self._session.begin_watch()

    def __exit__(self, *_: object) -> None:
        self._session.end_watch()


def _with_page(sql: str, values: list[Bound]) -> tuple[str, list[Bound]]:
    """With the numbers of LIMIT and OFFSET in the text: whether IRIS takes ``?`` there is told both ways. iris-reference 4.8

    It shares cached queries of texts that differ in numbers.
    """
    page = _PAGE.search(sql)
    count = 0 if page is None else page[0].count("?")
    if not count or any(type(value) is not int for value in values[-count:]):
        return sql, values
    return with_numbers(sql, values, range(len(values) - count, len(values)))


def _check(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise PgError(sqlstate.S_E_INVALID_SPECIFICATION, f'savepoint name "{name}" is not a plain identifier')


def process_id(job: Any) -> int:
    """$JOB, which carries ``:node`` where node names are on."""
    return int(str(job).partition(":")[0])
