"""Rows: streaming, open results across other work, and how fast it is."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from pgiris.backend.sandbox.backend import SandboxBackend
from pgiris.backend.sandbox.session import SandboxSession

DIGITS = "(" + " UNION ALL ".join(f"SELECT {digit} AS d" for digit in range(10)) + ")"
THOUSANDS = "SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d AS n FROM " + ", ".join(f"{DIGITS} {name}" for name in "abce")


@pytest.fixture(autouse=True)
def table(run: Any) -> None:
    run("CREATE TABLE t (n INTEGER PRIMARY KEY, s VARCHAR(50))")
    run(f"INSERT INTO t (n, s) SELECT n, 'row number ' || n FROM ({THOUSANDS}) q")


def test_fewer_rows_than_the_limit_are_the_end(session: SandboxSession) -> None:
    rows = session.execute("SELECT n FROM t WHERE n < 5 ORDER BY n", ())
    assert [len(rows.fetch(2)) for _ in range(4)] == [2, 2, 1, 0]


def test_a_large_result_takes_little_memory(session: SandboxSession) -> None:
    rows = session.execute("SELECT a.s, b.s, c.n FROM t a, t b, t c", ())
    tracemalloc.start()
    for _ in range(100):
        assert len(rows.fetch(512)) == 512
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    rows.close()
    assert peak < 2_000_000


def test_an_open_result_survives_commits_and_writes(session: SandboxSession, run: Any) -> None:
    session.begin("read committed", False)
    rows = session.execute("SELECT n FROM t ORDER BY n", ())
    taken = [n for (n,) in rows.fetch(10)]
    run("DELETE FROM t WHERE n > 20")
    taken += [n for (n,) in rows.fetch(100)]
    session.commit()
    run("INSERT INTO t (n) VALUES (5000)")
    while batch := rows.fetch(1000):
        taken += [n for (n,) in batch]
    assert taken == list(range(10_000))
    assert run("SELECT COUNT(*) FROM t") == [(22,)]


def test_an_open_result_survives_a_rollback_and_another_query(session: SandboxSession, run: Any) -> None:
    session.begin("read committed", False)
    run("INSERT INTO t (n) VALUES (-1)")
    rows = session.execute("SELECT n FROM t ORDER BY n", ())
    assert rows.fetch(1) == [(-1,)]
    assert run("SELECT 1") == [(1,)]
    session.rollback()
    assert len(rows.fetch(20_000)) == 10_000


def test_an_open_result_does_not_hide_what_others_commit(backend: SandboxBackend, session: SandboxSession, run: Any) -> None:
    other = backend.connect("USER", "b", None)
    rows = session.execute("SELECT n FROM t", ())
    rows.fetch(1)
    other.execute("DELETE FROM t", ())
    assert run("SELECT COUNT(*) FROM t") == [(0,)]
    assert len(rows.fetch(20_000)) == 9999
    other.close()


def test_a_closed_result_gives_nothing_more(session: SandboxSession) -> None:
    rows = session.execute("SELECT n FROM t", ())
    rows.fetch(1)
    rows.close()
    assert list(rows.fetch(10)) == []


def test_the_same_text_is_compiled_once(session: SandboxSession) -> None:
    sql = "SELECT s FROM t WHERE n = ?"
    session.execute(sql, (1,)).fetch(2)
    compiled = session._compiled[sql]
    session.execute(sql, (2,)).fetch(2)
    assert session._compiled[sql] is compiled


def microseconds(work: Callable[[], Any], times: int) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        for _ in range(times):
            work()
        best = min(best, (time.perf_counter() - start) / times)
    return best * 1e6


def test_speed_is_reported(session: SandboxSession, run: Any, record_property: Any, capsys: pytest.CaptureFixture[str]) -> None:
    point = microseconds(lambda: session.execute("SELECT n, s FROM t WHERE n = ?", (77,)).fetch(32), 2000)
    scan = microseconds(lambda: session.execute("SELECT n, s FROM t", ()).fetch(20_000), 3) / 10_000
    numbers = iter(range(20_000, 100_000))
    session.begin("read committed", False)
    insert = microseconds(lambda: session.execute("INSERT INTO t (n, s) VALUES (?, ?)", (next(numbers), "x")), 1000)
    session.commit()
    run("CREATE TABLE v (id INTEGER, e VECTOR(FLOAT,384))")
    vector = ",".join(str(n / 384) for n in range(384))
    session.begin("read committed", False)
    for id_ in range(1000):
        session.execute("INSERT INTO v VALUES (?, ?)", (id_, vector))
    session.commit()
    nearest = "SELECT TOP 5 id FROM v ORDER BY VECTOR_COSINE(e, TO_VECTOR(?, FLOAT)) DESC"
    cosine = microseconds(lambda: session.execute(nearest, (vector,)).fetch(5), 1) / 1000
    figures = {"point read": point, "row of a scan": scan, "insert in a transaction": insert, "cosine of 384 floats": cosine}
    for name, figure in figures.items():
        record_property(name, f"{figure:.1f} us")
    with capsys.disabled():
        print("\n" + "; ".join(f"{name} {figure:.1f} us" for name, figure in figures.items()))
