"""Several sessions and processes on one file: locks, interrupts, durability."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pgiris import sqlstate
from pgiris.backend.sandbox.backend import SandboxBackend
from pgiris.backend.sandbox.session import SandboxSession
from pgiris.errors import PgError
from tests.sandbox.conftest import sqlcode

LONG_QUERY = "SELECT COUNT(*) FROM " + ", ".join(f"t t{number}" for number in range(12))
PROCESS = """
import sys
from pgiris.backend.sandbox import SandboxBackend
session = SandboxBackend(sys.argv[1]).connect("USER", "process", None)
for line in sys.stdin:
    try:
        if line.strip() == "begin":
            session.begin("read committed", False)
        elif line.strip() == "commit":
            session.commit()
        else:
            session.execute(line.strip(), ()).fetch(1)
        print("done", flush=True)
    except Exception as error:
        print("failed", error, flush=True)
"""


@pytest.fixture(autouse=True)
def table(run: Any) -> None:
    run("CREATE TABLE t (a INTEGER PRIMARY KEY, s VARCHAR(20))")
    for number in range(1, 7):
        run("INSERT INTO t (a) VALUES (?)", number)


class Process:
    """Another process with a session on the same directory."""

    def __init__(self, directory: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(directory)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def send(self, line: str) -> str:
        assert self._process.stdin is not None and self._process.stdout is not None
        print(line, file=self._process.stdin, flush=True)
        return self._process.stdout.readline().strip()

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate()


def timed(work: Callable[[], Any]) -> tuple[PgError, float]:
    start = time.monotonic()
    with pytest.raises(PgError) as refused:
        work()
    return refused.value, time.monotonic() - start


def test_a_second_writer_waits_until_its_lock_timeout(
    backend: SandboxBackend, session: SandboxSession, tmp_path: Path, run: Any
) -> None:
    process = Process(tmp_path)
    assert process.send("begin") == "done"
    assert process.send("INSERT INTO t (a) VALUES (50)") == "done"
    session.set_lock_timeout(0.2)
    error, waited = timed(lambda: session.execute("INSERT INTO t (a) VALUES (51)", ()))
    assert (sqlcode(error), error.code) == (-110, sqlstate.LOCK_NOT_AVAILABLE)
    assert 0.15 < waited < 8
    assert run("SELECT COUNT(*) FROM t") == [(6,)]  # a reader neither waits nor sees it
    session.set_lock_timeout(5)
    threading.Timer(0.2, lambda: process.send("commit")).start()
    session.execute("INSERT INTO t (a) VALUES (51)", ())
    assert run("SELECT COUNT(*) FROM t") == [(8,)]
    process.kill()


def test_what_was_committed_survives_killing_the_writer(tmp_path: Path, run: Any) -> None:
    process = Process(tmp_path)
    process.send("INSERT INTO t (a, s) VALUES (100, 'kept')")
    process.send("begin")
    process.send("INSERT INTO t (a) VALUES (101)")
    process.kill()
    assert run("SELECT s FROM t WHERE a = 100") == [("kept",)]
    assert run("SELECT a FROM t WHERE a = 101") == []
    run("INSERT INTO t (a) VALUES (101)")


def test_processes_write_in_turn(tmp_path: Path, run: Any) -> None:
    processes = [Process(tmp_path) for _ in range(2)]

    def work(number: int) -> None:
        for step in range(20):
            assert processes[number].send(f"INSERT INTO t (a) VALUES ({1000 + number * 100 + step})") == "done"

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for process in processes:
        process.kill()
    assert run("SELECT COUNT(*) FROM t") == [(46,)]


INTERRUPTED = {
    "a long query": LONG_QUERY,
    "functions in Python": LONG_QUERY.replace("COUNT(*)", "SUM(CHAR_LENGTH(t0.s))") + " WHERE LOWER(t0.s || 'x') IS NULL",
    "a long sort": "SELECT TOP 1 t0.a FROM " + ", ".join(f"t t{n}" for n in range(9)) + " ORDER BY t1.s, t2.s, t0.a",
    "a long change": "INSERT INTO t (a, s) SELECT t0.a, 'x' FROM "
    + ", ".join(f"t t{n}" for n in range(12))
    + " WHERE t0.a + t11.a < 0",
}


@pytest.mark.parametrize("sql", INTERRUPTED.values(), ids=INTERRUPTED)
def test_an_interrupt_stops_what_runs(session: SandboxSession, run: Any, sql: str) -> None:
    threading.Timer(0.1, session.interrupt).start()
    error, waited = timed(lambda: session.execute(sql, ()).fetch(10))
    assert (sqlcode(error), error.code) == (-456, sqlstate.QUERY_CANCELED)
    assert error.message == "canceling statement due to user request"
    assert waited < 20
    assert run("SELECT COUNT(*) FROM t") == [(6,)]


def test_an_interrupt_stops_waiting_for_a_lock(backend: SandboxBackend, session: SandboxSession) -> None:
    other = backend.connect("USER", "b", None)
    other.begin("read committed", False)
    other.execute("DELETE FROM t WHERE a = 1", ())
    threading.Timer(0.1, session.interrupt).start()
    error, waited = timed(lambda: session.execute("DELETE FROM t", ()))
    assert error.code == sqlstate.QUERY_CANCELED and waited < 8
    other.close()


def test_an_interrupt_within_a_transaction_leaves_it_alive(session: SandboxSession, run: Any) -> None:
    session.begin("read committed", False)
    run("INSERT INTO t (a) VALUES (7)")
    threading.Timer(0.1, session.interrupt).start()
    timed(lambda: session.execute(LONG_QUERY, ()).fetch(1))
    session.commit()
    assert run("SELECT COUNT(*) FROM t") == [(7,)]


def test_an_interrupt_when_nothing_runs_has_no_effect(session: SandboxSession, run: Any) -> None:
    rows = session.execute("SELECT a FROM t ORDER BY a", ())
    assert list(rows.fetch(1)) == [(1,)]
    session.interrupt()
    assert list(rows.fetch(1)) == [(2,)]
    assert run("SELECT 1") == [(1,)]


def test_sessions_of_one_process_have_its_number(session: SandboxSession, run: Any) -> None:
    assert run("SELECT $JOB") == [(os.getpid(),)]
