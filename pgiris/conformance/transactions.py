"""Transactions, savepoints, open rows, interrupts, and a session that is given to somebody else."""

from __future__ import annotations

import threading
import time

from pgiris.backend.base import BackendSession
from pgiris.conformance.check import Disagreement, Ground, check, expect
from pgiris.errors import PgError

COMMITTED = "read committed"
LOCK_S = 1.0
LONG_QUERY = "SELECT COUNT(*) FROM {t} a, {t} b, {t} c, {t} d, {t} e WHERE a.a + b.a + c.a + d.a + e.a < 0"


def _values(ground: Ground, table: str, session: BackendSession | None = None) -> list[int]:
    return [a for (a,) in ground.rows(f"SELECT a FROM {table} ORDER BY a", session=session)]


@check("statements outside of a transaction are kept at once")
def autocommit(ground: Ground) -> None:
    table = ground.table("a INTEGER")
    ground.count(f"INSERT INTO {table} (a) VALUES (1)")
    expect(_values(ground, table, ground.further()), [1])


@check("COMMIT keeps and ROLLBACK undoes")
def ends(ground: Ground) -> None:
    table, session = ground.table("a INTEGER"), ground.session
    session.begin(COMMITTED, False)
    ground.count(f"INSERT INTO {table} (a) VALUES (1)")
    session.commit()
    session.begin(COMMITTED, False)
    ground.count(f"INSERT INTO {table} (a) VALUES (2)")
    expect(_values(ground, table), [1, 2], "inside")
    session.rollback()
    expect(_values(ground, table), [1])


@check("a failed statement is undone alone; its transaction goes on")
def failing(ground: Ground) -> None:
    table, session = ground.table("a INTEGER, CONSTRAINT pgiris_key UNIQUE (a)"), ground.session
    source = ground.table("a INTEGER")
    for number in (5, 6, 1):
        ground.count(f"INSERT INTO {source} (a) VALUES ({number})")
    session.begin(COMMITTED, False)
    ground.count(f"INSERT INTO {table} (a) VALUES (1)")
    ground.refused("23505", f"INSERT INTO {table} (a) SELECT a FROM {source}")
    expect(_values(ground, table), [1], "after a statement that failed at its third row")
    ground.count(f"INSERT INTO {table} (a) VALUES (2)")
    session.commit()
    expect(_values(ground, table), [1, 2])


@check("ROLLBACK TO undoes what came after the savepoint, and takes the savepoint with it")
def savepoints(ground: Ground) -> None:
    table, session = ground.table("a INTEGER"), ground.session
    session.begin(COMMITTED, False)
    ground.count(f"INSERT INTO {table} (a) VALUES (1)")
    session.savepoint("one")
    ground.count(f"INSERT INTO {table} (a) VALUES (2)")
    session.savepoint("two")
    ground.count(f"INSERT INTO {table} (a) VALUES (3)")
    session.rollback_to("one")
    expect(_values(ground, table), [1], "after ROLLBACK TO")
    session.savepoint("one")
    ground.count(f"INSERT INTO {table} (a) VALUES (4)")
    session.rollback_to("one")
    session.commit()
    expect(_values(ground, table), [1])


@check("an unknown savepoint is 3B001")
def unknown_savepoint(ground: Ground) -> None:
    session = ground.session
    session.begin(COMMITTED, False)
    try:
        session.rollback_to("nowhere")
    except PgError as error:
        expect(error.code, "3B001")
    else:
        raise Disagreement("no error")
    session.rollback()


@check("other sessions do not see what is not committed")
def isolation(ground: Ground) -> None:
    table, other = ground.table("a INTEGER"), ground.further()
    ground.session.begin(COMMITTED, False)
    ground.count(f"INSERT INTO {table} (a) VALUES (1)")
    other.set_lock_timeout(LOCK_S)
    try:
        seen = _values(ground, table, other)
    except PgError as error:  # IRIS's readers wait for a writer (iris-reference 7.1)
        expect(error.code, "55P03")
    else:
        expect(seen, [])
    ground.session.commit()
    expect(_values(ground, table, other), [1], "after COMMIT")


@check("a row that another transaction changes is waited for no longer than the lock timeout: 55P03")
def locks(ground: Ground) -> None:
    table, other = ground.table("a INTEGER, b INTEGER"), ground.further()
    ground.count(f"INSERT INTO {table} (a, b) VALUES (1, 1)")
    ground.session.begin(COMMITTED, False)
    ground.count(f"UPDATE {table} SET b = 2 WHERE a = 1")
    other.set_lock_timeout(LOCK_S)
    other.begin(COMMITTED, False)
    began = time.monotonic()
    ground.refused("55P03", f"UPDATE {table} SET b = 3 WHERE a = 1", session=other)
    waited = time.monotonic() - began
    if not 0.3 < waited < 5:
        raise Disagreement(f"it waited {waited:.1f} s instead of {LOCK_S:g} s")
    other.rollback()
    ground.session.commit()
    expect(ground.count(f"UPDATE {table} SET b = 3 WHERE a = 1", session=other), 1, "afterwards")


@check("rows of several statements are fetched by turns")
def interleaved(ground: Ground) -> None:
    table = ground.table("a INTEGER")
    for number in range(20):
        ground.count(f"INSERT INTO {table} (a) VALUES ({number})")
    one = ground.session.execute(f"SELECT a FROM {table} ORDER BY a", ())
    two = ground.session.execute(f"SELECT a FROM {table} ORDER BY a DESC", ())
    expect([a for (a,) in one.fetch(3)], [0, 1, 2])
    expect([a for (a,) in two.fetch(2)], [19, 18])
    ground.count(f"INSERT INTO {table} (a) VALUES (100)")
    expect([a for (a,) in one.fetch(3)], [3, 4, 5])
    expect([a for (a,) in two.fetch(100)][:2], [17, 16])
    one.close()
    two.close()


@check("a running statement stops when it is interrupted: 57014, and the session goes on")
def interrupts(ground: Ground) -> None:
    table, session = ground.table("a INTEGER"), ground.session
    for number in range(60):
        ground.count(f"INSERT INTO {table} (a) VALUES ({number})")
    began = time.monotonic()
    timer = threading.Timer(0.5, session.interrupt)
    timer.start()
    ground.refused("57014", LONG_QUERY.format(t=table))
    timer.join()
    if time.monotonic() - began > 10:
        raise Disagreement(f"it took {time.monotonic() - began:.1f} s to stop")
    expect(len(_values(ground, table)), 60, "afterwards")


@check("an interrupt while nothing runs has no effect")
def idle_interrupt(ground: Ground) -> None:
    ground.session.interrupt()
    expect(len(ground.rows("SELECT 1")), 1)


@check("reset gives up the transaction, the locks, the open rows and the settings")
def reset(ground: Ground) -> None:
    table, other = ground.table("a INTEGER"), ground.further()
    ground.count(f"INSERT INTO {table} (a) VALUES (1)")
    other.begin("read uncommitted", False)
    ground.count(f"UPDATE {table} SET a = 2", session=other)
    open_rows = other.execute(f"SELECT a FROM {table}", ())
    other.set_lock_timeout(LOCK_S)
    other.reset()
    expect(ground.rows("SELECT $TLEVEL", session=other), [(0,)], "$TLEVEL")
    expect(_values(ground, table), [1], "what was not committed")
    ground.session.set_lock_timeout(LOCK_S)
    expect(ground.count(f"UPDATE {table} SET a = 3"), 1, "its lock")
    open_rows.close()


@check("many savepoints in one transaction are either kept or refused, never lost")
def many_savepoints(ground: Ground) -> None:
    table, session = ground.table("a INTEGER"), ground.session
    session.begin(COMMITTED, False)
    made = 0
    try:
        for made in range(300):
            session.savepoint(f"s{made}")
            ground.count(f"INSERT INTO {table} (a) VALUES ({made})")
    except PgError as error:
        expect(error.code[:2], "54")
    session.rollback_to("s10")
    expect(len(_values(ground, table)), 10, "rows after ROLLBACK TO s10")
    session.rollback()
    expect(_values(ground, table), [])
