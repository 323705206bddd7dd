"""Transactions, savepoints, and what survives them."""

from __future__ import annotations

from typing import Any

import pytest

from pgiris import sqlstate
from pgiris.backend.sandbox.backend import SandboxBackend
from pgiris.backend.sandbox.session import SandboxSession
from pgiris.errors import PgError
from tests.sandbox.conftest import sqlcode


@pytest.fixture(autouse=True)
def table(run: Any) -> None:
    run("CREATE TABLE t (a INTEGER PRIMARY KEY)")


def values(run: Any) -> list[int]:
    return [a for (a,) in run("SELECT a FROM t ORDER BY a")]


def test_commit_keeps_and_rollback_undoes(session: SandboxSession, run: Any) -> None:
    session.begin("read committed", False)
    run("INSERT INTO t VALUES (1)")
    session.commit()
    session.begin("read committed", False)
    run("INSERT INTO t VALUES (2)")
    assert values(run) == [1, 2]
    session.rollback()
    assert values(run) == [1]


def test_statements_about_transactions_work_as_text(run: Any) -> None:
    run("START TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE")
    assert run("SELECT $TLEVEL") == [(1,)]
    run("START TRANSACTION")
    run("INSERT INTO t VALUES (1)")
    run("SAVEPOINT s")
    assert run("SELECT $TLEVEL") == [(2,)]
    run("INSERT INTO t VALUES (2)")
    run("ROLLBACK TO SAVEPOINT s")
    run("COMMIT WORK")
    assert run("SELECT $TLEVEL") == [(0,)]
    assert values(run) == [1]
    run("COMMIT")
    run("ROLLBACK")


def test_a_failed_statement_leaves_the_transaction_alive(session: SandboxSession, run: Any, failure: Any) -> None:
    session.begin("read committed", False)
    run("INSERT INTO t VALUES (1)")
    failure("INSERT INTO t VALUES (1)")
    failure("SELECT nope FROM t")
    run("INSERT INTO t VALUES (2)")
    session.commit()
    assert values(run) == [1, 2]


def test_rolling_back_to_a_savepoint_destroys_it(session: SandboxSession, run: Any) -> None:
    session.begin("read committed", False)
    session.savepoint("before")  # before the first write
    run("INSERT INTO t VALUES (1)")
    session.savepoint("a")
    run("INSERT INTO t VALUES (2)")
    session.savepoint("b")
    run("INSERT INTO t VALUES (3)")
    session.rollback_to("A")
    assert values(run) == [1]
    session.savepoint("a")
    run("INSERT INTO t VALUES (4)")
    session.rollback_to("a")
    session.rollback_to("before")
    assert values(run) == []
    run("INSERT INTO t VALUES (5)")
    session.commit()
    assert values(run) == [5]


def test_an_unknown_savepoint_undoes_the_whole_transaction(session: SandboxSession, run: Any) -> None:
    session.begin("read committed", False)
    run("INSERT INTO t VALUES (1)")
    with pytest.raises(PgError) as refused:
        session.rollback_to("nope")
    assert (sqlcode(refused.value), refused.value.code) == (-375, sqlstate.S_E_INVALID_SPECIFICATION)
    assert run("SELECT $TLEVEL") == [(0,)]
    assert values(run) == []


def test_savepoints_outside_of_a_transaction_start_one(session: SandboxSession, run: Any, failure: Any) -> None:
    session.savepoint("s")
    assert run("SELECT $TLEVEL") == [(2,)]
    session.rollback()
    assert sqlcode(failure("SAVEPOINT SYSx")) == -302


def test_savepoints_reach_255_levels(session: SandboxSession, run: Any) -> None:
    session.begin("read committed", False)
    for number in range(254):
        session.savepoint(f"p{number}")
    with pytest.raises(PgError, match="TRANSACTION LEVEL"):
        session.savepoint("one_more")
    run("INSERT INTO t VALUES (1)")
    session.rollback()


def test_a_read_only_transaction_refuses_writing(session: SandboxSession, run: Any, failure: Any) -> None:
    session.begin("read committed", True)
    for statement in ("INSERT INTO t VALUES (1)", "UPDATE t SET a = 1", "DELETE FROM t", "CREATE TABLE u (a INTEGER)"):
        assert failure(statement).code == sqlstate.READ_ONLY_SQL_TRANSACTION
    assert values(run) == []
    session.commit()
    run("INSERT INTO t VALUES (1)")


@pytest.mark.parametrize("level", ["repeatable read", "serializable", "snapshot"])
def test_levels_that_iris_lacks_are_refused(session: SandboxSession, level: str) -> None:
    with pytest.raises(PgError) as refused:
        session.begin(level, False)
    assert sqlcode(refused.value) == -96


@pytest.mark.parametrize(
    ("modes", "code"),
    [
        ("ISOLATION LEVEL READ UNCOMMITTED, READ WRITE", -92),
        ("ISOLATION LEVEL READ COMMITTED, ISOLATION LEVEL READ COMMITTED", -91),
        ("%COMMITMODE EXPLICIT, READ ONLY", -1),
        ("ISOLATION LEVEL SERIALIZABLE", -1),
    ],
)
def test_modes_that_do_not_go_together_are_refused(failure: Any, modes: str, code: int) -> None:
    assert sqlcode(failure(f"START TRANSACTION {modes}")) == code


def test_commit_mode_explicit_opens_a_transaction_at_the_first_change(session: SandboxSession, run: Any) -> None:
    run("SET TRANSACTION %COMMITMODE EXPLICIT")
    assert run("SELECT $TLEVEL") == [(0,)]
    run("INSERT INTO t VALUES (1)")
    assert run("SELECT $TLEVEL") == [(1,)]
    run("ROLLBACK")
    assert values(run) == []
    session.reset()
    run("INSERT INTO t VALUES (1)")
    assert run("SELECT $TLEVEL") == [(0,)]


def test_reads_in_a_transaction_see_what_others_committed(backend: SandboxBackend, session: SandboxSession, run: Any) -> None:
    other = backend.connect("USER", "b", None)
    session.begin("read committed", False)
    assert values(run) == []
    other.execute("INSERT INTO t VALUES (1)", ())
    assert values(run) == [1]
    run("INSERT INTO t VALUES (2)")  # no snapshot from the reads before hinders it
    assert list(other.execute("SELECT a FROM t", ()).fetch(5)) == [(1,)]
    session.commit()
    assert list(other.execute("SELECT a FROM t", ()).fetch(5)) == [(1,), (2,)]
    other.close()


def test_closing_and_resetting_undo_what_was_not_committed(backend: SandboxBackend, run: Any, session: SandboxSession) -> None:
    other = backend.connect("USER", "b", None)
    other.begin("read committed", False)
    other.execute("INSERT INTO t VALUES (1)", ())
    other.close()
    session.begin("read committed", False)
    run("INSERT INTO t VALUES (2)")
    session.reset()
    assert values(run) == []
    assert session.last_identity() is None


def test_truncate_within_a_transaction_can_be_undone(session: SandboxSession, run: Any) -> None:
    run("INSERT INTO t VALUES (1)")
    session.begin("read committed", False)
    run("TRUNCATE TABLE t")
    session.rollback()
    assert values(run) == [1]


def test_a_definition_commits_itself_in_every_commit_mode(run: Any, session: SandboxSession) -> None:
    run("SET TRANSACTION %COMMITMODE EXPLICIT")
    run("CREATE TABLE made (a INTEGER)")
    assert run("SELECT $TLEVEL") == [(0,)]
    run("ROLLBACK")
    run("INSERT INTO made VALUES (1)")
    assert run("SELECT $TLEVEL") == [(1,)]
    run("ROLLBACK")
    assert run("SELECT COUNT(*) FROM made") == [(0,)]


@pytest.mark.parametrize(
    ("modes", "option", "value"),
    [
        ("%COMMITMODE NONE", "AutoCommit", "0"),
        ("%COMMITMODE IMPLICIT", "AutoCommit", "1"),
        ("%COMMITMODE EXPLICIT", "AutoCommit", "2"),
        ("ISOLATION LEVEL READ UNCOMMITTED", "IsolationMode", "0"),
        ("ISOLATION LEVEL READ COMMITTED", "IsolationMode", "1"),
        ("ISOLATION LEVEL READ VERIFIED", "IsolationMode", "3"),
    ],
)
def test_options_tell_the_modes_of_transactions(run: Any, modes: str, option: str, value: str) -> None:
    run(f"SET TRANSACTION {modes}")
    assert run(f"SELECT %SYSTEM_SQL.Util_GetOption('{option}')") == [(value,)]
    run(f"START TRANSACTION {modes}")
    assert run("SELECT $TLEVEL") == [(1,)]
