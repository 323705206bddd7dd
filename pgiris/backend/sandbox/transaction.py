"""Transaction: IRIS's transactions and savepoints on SQLite's. The write lock is taken at the first write.

iris-reference 7.1, 7.3
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import apsw

from pgiris import sqlstate
from pgiris.backend.sandbox.tablelocks import TableLocked, TableLocks
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import PgError

MAX_LEVEL = 255
NONE, IMPLICIT, EXPLICIT = "NONE", "IMPLICIT", "EXPLICIT"  # %COMMITMODE. EXPLICIT: the first change opens a transaction
LEVELS = {"read uncommitted": 0, "read committed": 1, "read verified": 3}  # IRIS's numbers; the sandbox reads as SQLite does
DEFAULT_LOCK_TIMEOUT_S = 10.0  # iris-reference 7.5


class Transaction:
    def __init__(self, db: apsw.Connection, locks: TableLocks) -> None:
        self._db = db
        self._locks = locks
        self.active = False
        self.read_only = False
        self.isolation = "read uncommitted"
        self.commit_mode = IMPLICIT
        self._locked = False  # SQLite's transaction is open
        self._savepoints: list[str] = []  # names in upper case, the newest last

    @property
    def level(self) -> int:
        """$TLEVEL"""
        return 1 + len(self._savepoints) if self.active else 0

    def begin(self, isolation: str, read_only: bool) -> None:
        if not self.active:
            self.active, self.isolation, self.read_only = True, isolation, read_only

    def check_writable(self) -> None:
        if self.active and self.read_only:
            raise PgError(sqlstate.READ_ONLY_SQL_TRANSACTION, "cannot write in a read-only transaction")

    @contextmanager
    def writing(self, commits: bool = False) -> Iterator[None]:
        """The statement inside happens as a whole or not at all. commits: it opens no transaction in any mode, as DDL."""
        self.check_writable()
        if not self.active and self.commit_mode == EXPLICIT and not commits:
            self.begin(self.isolation, False)
        if self.active:
            waits = not self._locked
            self.lock()
            try:
                yield from self._as_part()
            except TableLocked:
                if waits:
                    self._unlock()
                raise
        else:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _as_part(self) -> Iterator[None]:
        self._db.execute("SAVEPOINT statement")
        try:
            yield
        except BaseException:
            if not self._db.in_transaction:
                self._end()  # SQLite gave the whole transaction up, for example because the disk is full
                raise
            self._db.execute("ROLLBACK TO statement")
            raise
        finally:
            if self._db.in_transaction:
                self._db.execute("RELEASE statement")

    def lock(self) -> None:
        if self._locked:
            return
        self._db.execute("BEGIN IMMEDIATE")
        self._locked = True
        for number in range(len(self._savepoints)):
            self._db.execute(f"SAVEPOINT s{number}")

    def _unlock(self) -> None:
        """Nothing has been changed yet."""
        self._db.execute("ROLLBACK")
        self._locked = False

    @contextmanager
    def alone(self, keep: bool) -> Iterator[None]:
        """Nobody else is in the middle of a change. keep: nor will be, once the work is done, to the transaction's end."""
        if self._locked:
            yield
            return
        if self.active:
            self.lock()
        else:
            self._db.execute("BEGIN IMMEDIATE")
        kept = False
        try:
            yield
            kept = keep and self.active
        finally:
            if not kept:
                self._unlock()

    def commit(self) -> None:
        if self._locked:
            self._db.execute("COMMIT")
        self._end()

    def rollback(self) -> None:
        if self._locked and self._db.in_transaction:
            self._db.execute("ROLLBACK")
        self._end()

    def _end(self) -> None:
        self.active = self.read_only = self._locked = False
        self._savepoints.clear()
        self._locks.end_transaction()

    def savepoint(self, name: str) -> None:
        """Outside of a transaction it starts one."""
        upper = name.upper()
        if upper.startswith("SYS"):
            raise pg_error(-302, "Savepoint names starting with SYS are reserved")
        if self.level >= MAX_LEVEL:
            raise pg_error(-400, "Fatal error occurred: <TRANSACTION LEVEL>")
        if not self.active:
            self.begin(self.isolation, False)
        if self._locked:
            self._db.execute(f"SAVEPOINT s{len(self._savepoints)}")
        self._savepoints.append(upper)

    def rollback_to(self, name: str) -> None:
        """The savepoint and all later ones are gone afterwards. An unknown name undoes the whole transaction."""
        upper = name.upper()
        if upper not in self._savepoints:
            self.rollback()
            raise pg_error(-375, f"Cannot ROLLBACK to unestablished savepoint '{name}'", constraint=name)
        number = len(self._savepoints) - 1 - self._savepoints[::-1].index(upper)
        if self._locked:
            self._db.execute(f"ROLLBACK TO s{number}")
            self._db.execute(f"RELEASE s{number}")
        del self._savepoints[number:]
