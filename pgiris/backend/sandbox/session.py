"""SandboxSession: one IRIS session on a namespace's SQLite file.

Reads outside of a write transaction see the newest state and hold no snapshot. A transaction takes the file's only write lock
at its first write, and waits for it up to the lock timeout; so does who meets a table that another session has locked.
"""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from itertools import chain
from operator import length_hint
from pathlib import Path
from typing import Any

import apsw
from sqlglot import exp

from pgiris import sqlstate
from pgiris.backend import notes
from pgiris.backend.base import NO_SHAPE, Described, ListValue, Row, RowFailed, Rows, Shape
from pgiris.backend.metadata import Changes
from pgiris.backend.noted import noted_snapshot
from pgiris.backend.notes import Notes
from pgiris.backend.sandbox import (
    accumulators,
    catalogpriv,
    description,
    dictionary,
    information_schema,
    routines,
    scalars,
    session_rows,
    sizes,
    sqlite,
    storage,
    tablefunctions,
)
from pgiris.backend.sandbox.access import Access
from pgiris.backend.sandbox.compiled import ROWS_AT_ONCE, Action, Compiled, compile_statement, compile_tree, numbered
from pgiris.backend.sandbox.control import Controls
from pgiris.backend.sandbox.definition import Definition
from pgiris.backend.sandbox.dictionary import TableDef
from pgiris.backend.sandbox.failures import from_sqlite, locked_by_another
from pgiris.backend.sandbox.privileges import Rights, granted
from pgiris.backend.sandbox.rows import Finished, P, Streamed, T
from pgiris.backend.sandbox.tablelocks import EXCLUSIVE, TableLocked, TableLocks, changed_tables
from pgiris.backend.sandbox.transaction import DEFAULT_LOCK_TIMEOUT_S, LEVELS, Transaction
from pgiris.backend.sandbox.values import Convert, Stored
from pgiris.backend.security import SYSTEM, USER, Principal, Security, open_security
from pgiris.backend.sizes import Sizes
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import PgError, not_supported
from pgiris.sql.iris.phrases import Phrase
from pgiris.types import native
from pgiris.types.codec import Value
from pgiris.types.relation import Snapshot

COMPILED_STATEMENTS = 512
LOCK_POLL_S = 0.002
SHORTEST_POLL_S = 0.00005
MAPPED_BYTES = 1 << 30  # of the file, which all workers then read in one copy: a third of the time of a search of vectors


class SandboxSession:
    """notes_file: the file of the namespace's notes (backend/notes.py), security_file: that of the users; both may come into
    being later. Without one nobody is held back."""

    def __init__(
        self, path: Path, namespace: str, user: str, notes_file: Path | None = None, security_file: Path | None = None
    ) -> None:
        self._notes_file = notes_file
        self._notes_session: SandboxSession | None = None
        self._notes = Notes()
        self.namespace, self.user = namespace, user
        self._lock_timeout_s = DEFAULT_LOCK_TIMEOUT_S
        self._interrupted = False
        self._running = False
        self._guard_lock = threading.Lock()
        self._waiting_since = 0.0
        self._db = self._connect(path)
        self._dictionary = dictionary.Dictionary()
        self._data_version = -1
        self._compiled: OrderedDict[str, Compiled] = OrderedDict()
        self.running: tuple[str, Compiled, Sequence[Any]] = (
            "",
            Compiled(Action.CONTROL, exp.Command()),
            (),
        )  # the newest query or change
        self._validators: Sequence[Convert] = ()
        self._live: Streamed | None = None
        self._inserter: tuple[Compiled, native.RowInserter | None] | None = None  # for the last statement that had many rows
        self._last_identity: int | None = None
        self._locks = TableLocks(path.with_name(f"{path.name}-locks"))
        self.transaction = Transaction(self._db, self._locks)
        self._controls = Controls(self)
        self._security_file = security_file
        self._security: Security | None = None
        self._principal = self._known_user(user)
        if self._principal is not None:
            self.user = self._principal.name
        self._rights: Rights | None = None
        self._has_lists = False
        dictionary.open_dictionary(self._db)
        self._refresh()

    def _connect(self, path: Path) -> apsw.Connection:
        db = sqlite.connect(path)
        db.set_busy_handler(self._wait)
        self._use_wal(db)
        for name, value in (
            ("synchronous", "normal"),
            ("foreign_keys", 0),
            ("recursive_triggers", 0),
            ("temp_store", "memory"),
            ("legacy_alter_table", 1),
            ("mmap_size", MAPPED_BYTES),
        ):
            db.pragma(name, value)
        scalars.register(db)
        accumulators.register(db)
        information_schema.register(db, session_rows.rows_of(self))
        tablefunctions.register(db)
        for name, function in self._own_scalars().items():
            db.create_scalar_function(f"iris_{name}", function)
        return db

    def _use_wal(self, db: apsw.Connection) -> None:
        """The busy handler is not asked when several processes open a new file at once."""
        deadline = time.monotonic() + DEFAULT_LOCK_TIMEOUT_S
        while True:
            try:
                if db.pragma("journal_mode") == "wal" or db.pragma("journal_mode", "wal") == "wal":
                    return
            except apsw.BusyError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(LOCK_POLL_S)

    def _own_scalars(self) -> dict[str, Callable[..., Any]]:
        return {
            "job": os.getpid,
            "namespace": lambda: self.namespace,
            "user": lambda: self.user,
            "tlevel": lambda: self.transaction.level,
            "zversion": lambda: session_rows.ZVERSION,
            "last_identity": self.last_identity,
            "store": lambda number, value: self._validators[number](value),
            "option": lambda name: self._controls.option(name),
            "set_option": lambda name, value: self._controls.set_option(name, value),
        }

    # Users

    def _known_user(self, name: str) -> Principal | None:
        """None for one who works as _SYSTEM. A session stays with what its user was when it began."""
        if self._security_file is None or not self._security_file.exists():
            return None
        found = self.security.find_ever(name)
        return None if found is None or found.id == SYSTEM else found

    @property
    def security(self) -> Security:
        """The users and roles, made known by whoever asks first."""
        if self._security_file is None:
            raise not_supported("there are no users here")
        if self._security is None:
            self._security = open_security(self._security_file)
        return self._security

    @property
    def rights(self) -> Rights | None:
        """None for a session that may do everything."""
        return self._rights

    def _renew_rights(self) -> None:
        """Users and roles may have changed, which the namespace's file does not tell."""
        assert self._rights is not None and self._security is not None
        if self._security.version != self._rights.version:
            self._load_rights()
            self.forget_statements()

    def _load_rights(self) -> None:
        if self._principal is None:
            return
        user = self.security.by_id(self._principal.id)
        assert user is not None
        self._rights = Rights(self.security, user, self._db)

    def _permit(self, compiled: Compiled) -> Compiled:
        """Raises SQLCODE -99."""
        needs = compiled.needs
        if needs is not None and self._rights is not None:
            self._rights.check(needs, self._dictionary)
        if needs is not None and needs.lists and not self._has_lists:
            catalogpriv.register(self._db, self)  # few sessions want them, and a session is to open quickly
            self._has_lists = True
        return compiled

    # Watch over what runs

    def _wait(self, _: int) -> bool:
        """SQLite's file is locked: try again until the lock timeout, the less often the longer it takes."""
        now = time.monotonic()
        if not self._waiting_since:
            self._waiting_since = now
        waited_s = now - self._waiting_since
        if self._interrupted or waited_s >= self._lock_timeout_s:
            return False
        time.sleep(min(LOCK_POLL_S, max(SHORTEST_POLL_S, waited_s / 4)))
        return True

    def interrupt(self) -> None:
        with self._guard_lock:
            if self._running:
                self._interrupted = True
                self._db.interrupt()

    def _start(self) -> None:
        self._waiting_since = 0.0
        self._interrupted = False
        self._running = True

    def _stop(self) -> None:
        with self._guard_lock:
            self._running = False

    def _fetch(self, take: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        self._start()
        try:
            return take(*args, **kwargs)
        except apsw.Error as error:
            self._live = None
            raise self._failed(error) from None
        finally:
            self._stop()

    def _failed(self, error: apsw.Error, compiled: Compiled | None = None) -> PgError:
        if self._interrupted:
            return pg_error(-456, "SQL query execution interrupted by user")
        table = compiled.table if compiled is not None else None
        updating = compiled is not None and isinstance(compiled.tree, exp.Update)
        return from_sqlite(error, table, self._dictionary, updating)

    def _end_live(self) -> None:
        self._live = None

    def settle(self) -> None:
        """Free SQLite from the rows that are still open."""
        live = self._live
        if live is not None:
            self._live = None
            live.spool()

    # Statements

    def prepare(self, sql: str) -> Described:
        """SQLite prepares the statement too, so that it fails here if ever."""
        self.settle()
        self._check_version(force=True)
        if self._rights is not None:
            self._renew_rights()
        compiled = self._compile(sql)
        if isinstance(compiled.tree, Phrase) and compiled.tree.this == "CALL":
            routine = routines.called(self, compiled.tree)
            columns = self.prepare(routine.statements[0].sql).columns if routine.query else None
            return Described(columns, compiled.parameter_count)
        if compiled.sql:
            try:
                self._db.execute(f"EXPLAIN {compiled.sql}", (None,) * len(compiled.slots)).close(True)
            except apsw.Error as error:
                raise self._failed(error, compiled) from None
        return compiled.described

    def execute(self, sql: str, values: Sequence[Value | ListValue], shape: Shape = NO_SHAPE) -> Rows:
        if self._live is not None:
            self.settle()
        if self._rights is not None:
            self._renew_rights()
        compiled = self._compiled.get(sql)
        if compiled is None:
            self._check_version(force=True)
            compiled = self._compile(sql)
        if len(values) != compiled.parameter_count and compiled.action is not Action.CONTROL:
            raise pg_error(-466, f"Statement takes {compiled.parameter_count} parameters, {len(values)} were given")
        if compiled.action is Action.QUERY:
            return self._query(sql, compiled, values)
        if compiled.action is Action.CHANGE:
            return self._change(sql, values)
        if compiled.action is Action.DEFINE:
            return self._define(compiled.tree)
        if self._rights is not None:
            self._check_version(force=True)
        return self._controls.run(compiled.tree, values)

    def _compile(self, sql: str) -> Compiled:
        compiled = self._compiled.get(sql)
        if compiled is None:
            compiled = self._compiled[sql] = self._permit(compile_statement(sql, self._dictionary))
            if len(self._compiled) > COMPILED_STATEMENTS:
                self._compiled.popitem(last=False)
        return compiled

    def _bound(self, compiled: Compiled, values: Sequence[Value | ListValue]) -> Sequence[Any]:
        if compiled.plain:
            return values
        return [values[index] if convert is None else convert(values[index]) for index, convert in compiled.slots]

    def _query(self, sql: str, compiled: Compiled, values: Sequence[Value | ListValue]) -> Rows:
        assert compiled.columns is not None
        self.running = (sql, compiled, values)
        self._start()
        try:
            cursor = self._db.execute(compiled.sql, self._bound(compiled, values))
            if self._db.data_version() != self._data_version and self._check_version():
                cursor.close(True)
                return self.execute(sql, values)
        except apsw.Error as error:
            if isinstance(error, apsw.SQLError) and not self._interrupted and self._check_version(force=True):
                return self.execute(sql, values)
            raise self._failed(error, compiled) from None
        finally:
            self._stop()
        rows = Streamed(cursor, compiled.columns, self._fetch, self._end_live)
        self._live = rows
        return rows

    def _change(self, sql: str, values: Sequence[Value | ListValue]) -> Rows:
        self._start()
        try:
            return self._guarded(lambda: self._changed(sql, values))
        finally:
            self._stop()

    def _guarded(self, work: Callable[[], T], commits: bool = False) -> T:
        """Do work in the transaction under way, or in one of its own; again when it has met a locked table."""
        while True:
            try:
                with self.transaction.writing(commits):
                    return work()
            except apsw.Error as error:
                raise self._failed(error) from None
            except TableLocked as locked:
                self._await(locked)

    def _await(self, locked: TableLocked) -> None:
        """Raises SQLCODE -110 after the lock timeout."""
        if not self._wait(0):
            raise self._failed(apsw.BusyError()) if self._interrupted else locked_by_another(locked.table) from None

    def _check_locks(self, compiled: Compiled) -> None:
        if self._locks.mark[0] and compiled.table is not None:
            inserts = isinstance(compiled.tree, exp.Insert)
            self._locks.check(changed_tables(self._dictionary, compiled.table, inserts))

    def _admit_definition(self, table: TableDef) -> None:
        if self._locks.mark[0]:
            self._locks.check((table,))

    def _changed(self, sql: str, values: Sequence[Value | ListValue]) -> Rows:
        if self._db.data_version() != self._data_version:
            self._check_version()
        compiled = self._compile(sql)
        self._check_locks(compiled)
        self.running = (sql, compiled, values)
        self._validators = compiled.validators
        db = self._db
        try:
            if compiled.unchecked:
                self._without_triggers(compiled, values)
            elif compiled.checked:
                self._checked(compiled, values)
            else:
                db.execute(compiled.sql, self._bound(compiled, values))
        except apsw.Error as error:
            raise self._failed(error, compiled) from None
        count = db.changes()
        if isinstance(compiled.tree, exp.Insert) and count:
            self._last_identity = db.last_insert_rowid()
        if isinstance(compiled.tree, exp.TruncateTable):
            assert compiled.table is not None
            storage.reset_counters(db, compiled.table)
        return Finished(count)

    def execute_many(self, sql: str, rows: Sequence[Row], shape: Shape = NO_SHAPE) -> None:
        self.settle()
        if self._rights is not None:
            self._renew_rights()
        self._start()
        try:
            self._guarded(lambda: self._change_many(sql, rows))
        finally:
            self._stop()

    def _change_many(self, sql: str, rows: Sequence[Row]) -> None:
        if self._db.data_version() != self._data_version:
            self._check_version()
        compiled = self._compile(sql)
        self._check_locks(compiled)
        self._validators = compiled.validators
        done = self._insert_natively(sql, compiled, rows)
        if done == len(rows):
            return
        bound, wrong = self._bound_many(compiled, rows[done:])
        start = 0
        while compiled.several is not None and len(bound) - start >= ROWS_AT_ONCE:
            start += self._insert_several(compiled.several, bound, start)
            if len(bound) - start >= ROWS_AT_ONCE:  # they failed, and have to be asked which one
                self._insert_each(compiled, bound[start : start + ROWS_AT_ONCE], done + start)
                start += ROWS_AT_ONCE
        self._insert_each(compiled, bound[start:], done + start)
        if self._interrupted:  # between two rows SQLite forgets it
            raise apsw.InterruptError
        if rows:
            self._last_identity = self._db.last_insert_rowid()
        if wrong is not None:
            raise RowFailed(done + len(bound), wrong)

    def _insert_natively(self, sql: str, compiled: Compiled, rows: Sequence[Row]) -> int:
        """By the compiled twin, as far as it can; how many were inserted."""
        if compiled.binder is None or len(rows) < ROWS_AT_ONCE:
            return 0
        if self._inserter is None or self._inserter[0] is not compiled:
            self._inserter = None  # first the old one goes
            several = None if compiled.several is None else (compiled.several, ROWS_AT_ONCE)
            self._inserter = (compiled, native.inserter(self._db, compiled.binder, compiled.sql, several))
        inserter = self._inserter[1]
        done = 0 if inserter is None else inserter.insert(rows)
        if self._interrupted:
            raise apsw.InterruptError
        return done

    def _insert_several(self, sql: str, bound: Sequence[Sequence[Any]], start: int) -> int:
        """Insert rows from a place on, many at once; how many were inserted before a failure or the last few."""
        last = len(bound) - ROWS_AT_ONCE
        joined = [tuple(chain.from_iterable(bound[at : at + ROWS_AT_ONCE])) for at in range(start, last + 1, ROWS_AT_ONCE)]
        count, remaining = len(joined), iter(joined)
        try:
            self._db.executemany(sql, remaining)
        except (PgError, apsw.Error):
            if self._interrupted:
                raise
            count -= length_hint(remaining) + 1
        return count * ROWS_AT_ONCE

    def _insert_each(self, compiled: Compiled, bound: Sequence[Sequence[Any]], before: int) -> None:
        """before: so many rows went before these."""
        remaining = iter(bound)
        try:
            self._db.executemany(compiled.sql, remaining)
        except (PgError, apsw.Error) as error:
            index = before + len(bound) - length_hint(remaining) - 1
            raise RowFailed(index, self._failed(error, compiled) if isinstance(error, apsw.Error) else error) from None

    @staticmethod
    def _bound_many(compiled: Compiled, rows: Sequence[Row]) -> tuple[Sequence[Sequence[Any]], PgError | None]:
        """What to bind, up to the first row that has a wrong value, and what is wrong with that one."""
        if compiled.plain or not rows:
            return rows, None
        bound = None if compiled.binder is None else compiled.binder.bound(rows)
        if bound is not None:
            return bound, None
        columns = list(zip(*rows, strict=True))
        try:
            made = [
                columns[index] if convert is None else _converted(convert, columns[index]) for index, convert in compiled.slots
            ]
        except PgError:
            return _converted_rows(compiled, rows)
        return list(zip(*made, strict=True)), None

    def _checked(self, compiled: Compiled, values: Sequence[Value | ListValue]) -> None:
        """Raises SQLCODE -136 or -137 when a row is not one that the view shows."""
        if all(row[0] == 1 for row in self._db.execute(compiled.sql, self._bound(compiled, values)).fetchall()):
            return
        inserting = isinstance(compiled.tree, exp.Insert)
        target = compiled.tree.this
        name = (target.this if isinstance(target, exp.Schema) else target).name
        message = f"View '{name}' WITH CHECK OPTION validation failed in {'INSERT' if inserting else 'UPDATE'}"
        text = f'new row violates check option for view "{name}"'
        raise pg_error(-136 if inserting else -137, message, text=text)

    def _without_triggers(self, compiled: Compiled, values: Sequence[Value | ListValue]) -> None:
        """Foreign keys are triggers."""
        self._db.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
        try:
            self._db.execute(compiled.sql, self._bound(compiled, values))
        finally:
            self._db.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 1)

    def _define(self, tree: exp.Expr) -> Rows:
        validators: list[Convert] = []
        self._validators = validators

        def work() -> Rows:
            return Finished(Definition(self._db, self._dictionary, validators, self._admit_definition, self._rights).run(tree))

        return self.define(work)

    def define(self, work: Callable[[], Rows]) -> Rows:
        """DDL commits what came before it and itself (iris-reference 7.4)."""
        self.transaction.check_writable()
        self._start()
        try:
            reopened = self.transaction.active
            self.transaction.commit()

            def defined() -> Rows:
                self._check_version(force=True)
                return work()

            rows = self._guarded(defined, commits=True)
            if reopened:
                self.transaction.begin("read committed", False)
            return rows
        finally:
            self._stop()
            self._check_version(force=True)

    # The dictionary's version

    def _check_version(self, force: bool = False) -> bool:
        """Reload the dictionary when it changed. Without force only the file's data are looked at: less than a microsecond."""
        self._data_version = self._db.data_version()
        if self._db.pragma("user_version") == self._dictionary.version:
            return False
        self._refresh()
        return True

    def _refresh(self) -> None:
        self._dictionary = dictionary.load(self._db, self._dictionary)
        self._load_rights()
        self.forget_statements()
        self._data_version = self._db.data_version()
        self._make_temporary_tables()

    def _make_temporary_tables(self) -> None:
        """The data of GLOBAL TEMPORARY tables are this session's own."""
        wanted = {table.storage: table for table in self._dictionary if table.temporary}
        if not wanted:
            return
        existing = {name for (name,) in self._db.execute("SELECT name FROM temp.sqlite_schema WHERE type = 'table'")}
        for name, table in wanted.items():
            if name not in existing:
                storage.create_table(self._db, table)
                storage.create_indexes(self._db, table)

    # What statements about the session need

    @property
    def connection(self) -> apsw.Connection:
        return self._db

    @property
    def dictionary(self) -> dictionary.Dictionary:
        return self._dictionary

    @property
    def compiled_statements(self) -> list[tuple[str, Compiled]]:
        return list(self._compiled.items())

    def query_plan(self, tree: exp.Expr) -> list[str]:
        """SQLite's plan, one step a line."""
        compiled = self._permit(compile_tree(numbered(tree.copy()), self._dictionary))
        bindings = (None,) * len(compiled.slots)
        steps = self._db.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", bindings).fetchall()
        return [str(step[3]) for step in steps]

    def find_table(self, schema: str, name: str) -> TableDef:
        """Raises SQLCODE -30."""
        self._check_version(force=True)
        found = self._dictionary.find(schema, name)
        if found is None:
            raise pg_error(-30, f"Table '{(schema or dictionary.DEFAULT_SCHEMA).upper()}.{name.upper()}' not found", table=name)
        return found

    def analyze(self, table: TableDef) -> None:
        def work() -> Rows:
            self._db.execute(f"ANALYZE {table.storage}")
            return Finished()

        self._guarded(work, commits=True)

    def forget_statements(self) -> None:
        self._compiled.clear()
        self._inserter = None

    def lock(self, table: TableDef, mode: str, wait_s: str | None) -> None:
        """LOCK TABLE. Raises SQLCODE -110, and -400 for a view."""
        _refuse_view(table)
        if table.temporary:
            return
        timeout = self._lock_timeout_s
        if wait_s is not None:
            self._lock_timeout_s = float(wait_s)
        try:
            self._in_transaction(lambda: self._lock_table(table, mode))
        finally:
            self._lock_timeout_s = timeout

    def _lock_table(self, table: TableDef, mode: str) -> None:
        while True:
            try:
                with self.transaction.alone(keep=mode == EXCLUSIVE):
                    return self._locks.lock(table, mode)
            except TableLocked as locked:
                self._await(locked)

    def unlock(self, table: TableDef, mode: str, immediate: bool) -> None:
        """UNLOCK TABLE, which waits for the end of a transaction unless it is immediate. Raises SQLCODE -400 for a view."""
        _refuse_view(table)
        if self.transaction.active and not immediate:
            self._locks.unlock_at_end(table, mode)
        else:
            self._locks.unlock(table, mode)

    # Transactions

    def begin(self, isolation: str, read_only: bool) -> None:
        if isolation not in LEVELS:
            raise pg_error(-96, f"Specified isolation level not supported: {isolation}")
        self.transaction.begin(isolation, read_only)

    def commit(self) -> None:
        self._in_transaction(self.transaction.commit)

    def rollback(self) -> None:
        self._in_transaction(self.transaction.rollback)
        self._data_version = -1

    def savepoint(self, name: str) -> None:
        self._in_transaction(lambda: self.transaction.savepoint(name))

    def rollback_to(self, name: str) -> None:
        self._in_transaction(lambda: self.transaction.rollback_to(name))

    def _in_transaction(self, work: Callable[[], None]) -> None:
        self.settle()
        self._start()
        try:
            work()
        except apsw.Error as error:
            raise self._failed(error) from None
        finally:
            self._stop()

    def last_identity(self) -> int | None:
        return self._last_identity

    @property
    def lock_timeout_s(self) -> float:
        return self._lock_timeout_s

    def set_lock_timeout(self, seconds: float | None) -> None:
        self._lock_timeout_s = DEFAULT_LOCK_TIMEOUT_S if seconds is None else seconds

    # Schema

    def introspect(self) -> Snapshot:
        self.settle()
        self._check_version(force=True)
        snapshot = noted_snapshot(self._dictionary.snapshot(), self._read_notes())
        return snapshot.with_roles(self.users_version(), [(one.name, one.kind) for one in self._principals()])

    def _principals(self) -> list[Principal]:
        """All users and roles; _SYSTEM alone while nobody has made any."""
        return self.security.all() if self.users_version() else [Principal(SYSTEM, "_SYSTEM", USER, SYSTEM, False)]

    def describe(self, known: bytes) -> Changes:
        self.settle()
        self._check_version(force=True)
        users = self.security if self.users_version() else None
        return description.describe(self._dictionary, known, self._read_notes(), Access(granted(self._db), users))

    def schema_version(self) -> str:
        self.settle()
        session = self._open_notes()
        noted = "" if session is None else notes.version_of(session)
        users = self.users_version()
        return f"{self._db.pragma('user_version')}{noted and '/'}{noted}{users and '+'}{users}"

    def sizes(self) -> Sizes:
        """Of what is committed, and of what this session's own transaction has changed."""
        self._check_version(force=True)
        self._start()
        try:
            return sizes.measure(self._db, self._dictionary)
        except apsw.Error as error:
            raise self._failed(error) from None
        finally:
            self._stop()

    def users_version(self) -> str:
        """Empty while there are none."""
        if self._security_file is None or not self._security_file.exists():
            return ""
        return str(self.security.version)

    def _open_notes(self) -> SandboxSession | None:
        if self._notes_session is None and self._notes_file is not None and self._notes_file.exists():
            self._notes_session = SandboxSession(self._notes_file, self.namespace, self.user)
        return self._notes_session

    def _read_notes(self) -> Notes:
        session = self._open_notes()
        if session is not None and notes.version_of(session) != self._notes.version:
            self._notes = notes.read(session, self.namespace)
        return self._notes

    # End

    def reset(self) -> None:
        if self._live is not None:
            self._live.close()
        self._in_transaction(self.transaction.rollback)
        self._locks.release_all()
        self._last_identity = None
        self.set_lock_timeout(None)
        self._controls.reset()
        for (name,) in self._db.execute("SELECT name FROM temp.sqlite_schema WHERE type = 'table'").fetchall():
            self._db.execute(f"DELETE FROM temp.{name}")

    def close(self) -> None:
        if self._live is not None:
            self._live.close()
        self.transaction.rollback()
        self._inserter = None
        self._db.close()
        self._locks.close()
        if self._notes_session is not None:
            self._notes_session.close()
        if self._security is not None:
            self._security.close()


def _refuse_view(table: TableDef) -> None:
    if table.is_view:
        message = f"Fatal error occurred: cannot lock view '{table.name}'"
        raise pg_error(-400, message, state=sqlstate.WRONG_OBJECT_TYPE)


def _converted(convert: Convert, column: Sequence[Any]) -> Sequence[Any]:
    return convert.column(column) if isinstance(convert, Stored) else [convert(value) for value in column]


def _converted_rows(compiled: Compiled, rows: Sequence[Row]) -> tuple[Sequence[Sequence[Any]], PgError | None]:
    made: list[Sequence[Any]] = []
    for row in rows:
        try:
            made.append([row[index] if convert is None else convert(row[index]) for index, convert in compiled.slots])
        except PgError as error:
            return made, error
    return made, None
