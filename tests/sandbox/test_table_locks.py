"""LOCK TABLE and UNLOCK TABLE of IRIS: beyond transactions, counted, between sessions and processes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pgiris import sqlstate
from pgiris.backend.sandbox.backend import SandboxBackend
from pgiris.backend.sandbox.session import SandboxSession
from pgiris.errors import PgError
from tests.sandbox.conftest import sqlcode
from tests.sandbox.test_concurrency import Process

CHANGES = (
    "INSERT INTO t (a) VALUES (10)",
    "UPDATE t SET s = 'x'",
    "DELETE FROM t",
    "TRUNCATE TABLE t",
    "INSERT OR UPDATE t (a) VALUES (10)",
    "ALTER TABLE t ADD COLUMN b INTEGER",
    "CREATE INDEX i ON t (s)",
    "DROP TABLE t",
)


@pytest.fixture(autouse=True)
def tables(run: Any) -> None:
    run("CREATE TABLE t (a INTEGER PRIMARY KEY, s VARCHAR(20))")
    run("CREATE TABLE u (a INTEGER)")
    run("INSERT INTO t (a) VALUES (1)")


@pytest.fixture
def other(backend: SandboxBackend) -> Iterator[SandboxSession]:
    opened = backend.connect("USER", "other", None)
    opened.set_lock_timeout(0.05)
    yield opened
    opened.close()


def refused(session: SandboxSession, sql: str) -> None:
    with pytest.raises(PgError) as error:
        session.execute(sql, ())
    assert (sqlcode(error.value), error.value.code) == (-110, sqlstate.LOCK_NOT_AVAILABLE)


@pytest.mark.parametrize("mode", ["EXCLUSIVE", "SHARE"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_locked_table_is_not_changed_by_others(other: SandboxSession, run: Any, mode: str, change: str) -> None:
    run(f"LOCK TABLE t IN {mode} MODE")
    refused(other, change)
    assert other.execute("SELECT a FROM t", ()).fetch(9) == [(1,)]
    other.execute("INSERT INTO u (a) VALUES (1)", ())
    run(f"UNLOCK TABLE t IN {mode} MODE")
    other.execute(change, ())


def test_many_rows_are_not_inserted_into_a_locked_table(other: SandboxSession, run: Any) -> None:
    run("LOCK t IN SHARE MODE")
    with pytest.raises(PgError) as error:
        other.execute_many("INSERT INTO t (a) VALUES (?)", [(number,) for number in range(100, 200)])
    assert sqlcode(error.value) == -110


def test_share_locks_go_together_and_exclusive_ones_with_none(other: SandboxSession, run: Any) -> None:
    run("LOCK TABLE t IN SHARE MODE")
    other.execute("LOCK TABLE t IN SHARE MODE", ())
    refused(other, "LOCK TABLE t IN EXCLUSIVE MODE")
    other.execute("UNLOCK TABLE t IN SHARE MODE", ())
    run("LOCK TABLE t IN EXCLUSIVE MODE")
    refused(other, "LOCK TABLE t IN SHARE MODE")
    run("UNLOCK TABLE t IN EXCLUSIVE MODE")
    refused(other, "LOCK TABLE t IN EXCLUSIVE MODE")  # the other mode is still there
    run("UNLOCK TABLE t IN SHARE MODE")
    other.execute("LOCK TABLE t IN EXCLUSIVE MODE", ())


def test_each_lock_needs_an_unlock_of_its_mode(other: SandboxSession, run: Any) -> None:
    run("LOCK TABLE t IN EXCLUSIVE MODE")
    run("LOCK TABLE t IN EXCLUSIVE MODE")
    run("UNLOCK TABLE t IN SHARE MODE")
    run("UNLOCK TABLE t IN EXCLUSIVE MODE")
    refused(other, CHANGES[0])
    run("UNLOCK TABLE t IN EXCLUSIVE MODE")
    run("UNLOCK TABLE t IN EXCLUSIVE MODE")  # completes though nothing is locked
    other.execute(CHANGES[0], ())


@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK"])
def test_a_lock_outlives_its_transaction(other: SandboxSession, run: Any, end: str) -> None:
    run("START TRANSACTION")
    run("LOCK TABLE t IN EXCLUSIVE MODE")
    run("INSERT INTO t (a) VALUES (2)")
    run(end)
    refused(other, CHANGES[0])
    run("UNLOCK TABLE t IN EXCLUSIVE MODE")
    other.execute(CHANGES[0], ())


def test_unlock_in_a_transaction_waits_for_its_end_unless_it_is_immediate(other: SandboxSession, run: Any) -> None:
    for ending, free in (("", False), (" IMMEDIATE", True)):
        run("LOCK TABLE t IN SHARE MODE")
        run("START TRANSACTION")
        run(f"UNLOCK TABLE t IN SHARE MODE{ending}")
        if not free:
            refused(other, "UPDATE t SET s = 'x'")
            run("COMMIT")
        other.execute("UPDATE t SET s = 'x'", ())
        if free:
            run("COMMIT")


def test_wait_says_how_long(other: SandboxSession, run: Any) -> None:
    run("LOCK TABLE t IN EXCLUSIVE MODE")
    other.set_lock_timeout(30)
    began = time.monotonic()
    refused(other, "LOCK TABLE t IN EXCLUSIVE MODE WAIT 0")
    assert time.monotonic() - began < 5
    threading.Timer(0.2, lambda: run("UNLOCK TABLE t IN EXCLUSIVE MODE")).start()
    other.execute("LOCK TABLE t IN EXCLUSIVE MODE WAIT 20", ())
    other.execute(CHANGES[0], ())


def test_a_lock_waits_for_changes_that_are_not_committed(other: SandboxSession, run: Any) -> None:
    run("START TRANSACTION")
    run("INSERT INTO t (a) VALUES (2)")
    refused(other, "LOCK TABLE t IN SHARE MODE")
    run("COMMIT")
    other.execute("LOCK TABLE t IN SHARE MODE", ())


def test_who_waits_for_a_table_in_a_transaction_lets_others_write(other: SandboxSession, run: Any) -> None:
    run("LOCK TABLE t IN SHARE MODE")
    other.set_lock_timeout(20)
    other.execute("START TRANSACTION", ())
    waiting = threading.Thread(target=lambda: other.execute("UPDATE t SET s = 'x'", ()))
    waiting.start()
    for number in range(20):
        run(f"INSERT INTO u (a) VALUES ({number})")
    run("UNLOCK TABLE t IN SHARE MODE")
    waiting.join()
    other.execute("COMMIT", ())
    assert run("SELECT s FROM t") == [("x",)]


def test_waiting_for_a_locked_table_can_be_interrupted(other: SandboxSession, run: Any) -> None:
    run("LOCK TABLE t IN EXCLUSIVE MODE")
    other.set_lock_timeout(30)
    timer = threading.Timer(0.2, other.interrupt)
    timer.start()
    with pytest.raises(PgError) as error:
        other.execute("DELETE FROM t", ())
    assert sqlcode(error.value) == -456
    timer.join()


def test_rows_that_a_foreign_key_would_change_are_locked_too(other: SandboxSession, run: Any) -> None:
    run("CREATE TABLE c (a INTEGER REFERENCES t (a) ON DELETE CASCADE)")
    run("INSERT INTO c (a) VALUES (1)")
    run("LOCK TABLE c IN EXCLUSIVE MODE")
    refused(other, "DELETE FROM t")
    other.execute("INSERT INTO t (a) VALUES (2)", ())


def test_a_process_locks_and_its_death_unlocks(tmp_path: Path, other: SandboxSession) -> None:
    process = Process(tmp_path)
    assert process.send("LOCK TABLE t IN EXCLUSIVE MODE") == "done"
    refused(other, "DELETE FROM t")
    process.kill()
    other.execute("DELETE FROM t", ())


def test_a_session_that_is_given_to_somebody_else_locks_nothing(session: SandboxSession, other: SandboxSession, run: Any) -> None:
    run("LOCK TABLE t IN EXCLUSIVE MODE")
    session.reset()
    other.execute("DELETE FROM t", ())


def test_views_are_not_locked_and_locks_of_temporary_tables_do_nothing(other: SandboxSession, run: Any, failure: Any) -> None:
    run("CREATE VIEW v AS SELECT a FROM t")
    run("CREATE GLOBAL TEMPORARY TABLE g (a INTEGER)")
    for statement in ("LOCK", "UNLOCK"):
        assert sqlcode(failure(f"{statement} TABLE v IN SHARE MODE")) == -400
        assert sqlcode(failure(f"{statement} TABLE nothing IN SHARE MODE")) == -30
        run(f"{statement} TABLE g IN EXCLUSIVE MODE")
    other.execute("LOCK TABLE g IN EXCLUSIVE MODE WAIT 0", ())


def test_changes_stop_asking_when_nobody_locks_any_more(session: SandboxSession, other: SandboxSession, run: Any) -> None:
    run("LOCK TABLE t IN EXCLUSIVE MODE")
    run("UNLOCK TABLE t IN EXCLUSIVE MODE")
    assert session._locks.mark[0] == 1
    other.execute("DELETE FROM t", ())
    assert session._locks.mark[0] == 0
