"""INFORMATION_SCHEMA: the columns of each view, and what the sandbox fills them with."""

from __future__ import annotations

import os
from typing import Any

import pytest

from pgiris.backend.sandbox.information_schema import VIEWS
from pgiris.backend.sandbox.session import SandboxSession

SCHEMA = "INFORMATION_SCHEMA"


@pytest.fixture
def defined(run: Any) -> None:
    run("CREATE TABLE t (a VARCHAR(10), b INTEGER PRIMARY KEY, c INTEGER)")
    run("CREATE VIEW v (x, y) AS SELECT a, b + 1 FROM t WHERE c > 0")


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_shows_its_columns_and_can_be_filtered_by_each(session: SandboxSession, defined: None, view: str) -> None:
    rows = session.execute(f"SELECT * FROM {SCHEMA}.{view}", ())
    assert rows.columns is not None
    assert [column.name for column in rows.columns] == [name for name, (_, shown) in VIEWS[view].items() if shown]
    for name in VIEWS[view]:
        assert session.execute(f'SELECT s."{name}" FROM {SCHEMA}.{view} s WHERE s."{name}" IS NULL', ()).columns is not None


def test_columns_used_by_a_view_are_those_of_its_whole_query(run: Any, defined: None) -> None:
    usage = f"SELECT TABLE_NAME, COLUMN_NAME FROM {SCHEMA}.VIEW_COLUMN_USAGE WHERE VIEW_NAME = '{{}}' ORDER BY 1, 2"
    assert run(usage.format("V")) == [("t", "a"), ("t", "b"), ("t", "c")]
    run("CREATE VIEW w AS SELECT s.*, (SELECT COUNT(*) FROM t z WHERE z.a = s.x) AS n FROM v s")
    assert run(usage.format("w")) == [("t", "a"), ("v", "x"), ("v", "y")]
    run("CREATE VIEW u AS SELECT l.a FROM t l JOIN t r USING (b)")
    assert run(usage.format("u")) == [("t", "a"), ("t", "b")]


def test_statements_are_those_that_the_session_has_compiled(run: Any, defined: None) -> None:
    run("SELECT y FROM v")
    run("INSERT INTO t (b) SELECT y FROM v")
    found = run(
        f"SELECT s.Statement, r.Relation FROM {SCHEMA}.STATEMENTS s JOIN {SCHEMA}.STATEMENT_RELATIONS r ON r.Statement = s.Hash"
        " WHERE s.Frozen = 0 ORDER BY 1, 2"
    )
    assert [(sql, relation) for sql, relation in found if "INFORMATION" not in sql] == [
        ("INSERT INTO t (b) SELECT y FROM v", "SQLUSER.T"),
        ("INSERT INTO t (b) SELECT y FROM v", "SQLUSER.V"),
        ("SELECT y FROM v", "SQLUSER.V"),
    ]
    actions = f"SELECT $PIECE(Relation, '||', 2), Action FROM {SCHEMA}.STATEMENT_PRIV_ACTIONS ORDER BY 1, 2"
    assert set(run(actions)) == {("1,SQLUSER.T", "i"), ("3,SQLUSER.V", "s")}


def test_a_session_sees_itself_and_its_statement(run: Any, session: SandboxSession) -> None:
    session.execute("START TRANSACTION", ())
    sql = f"SELECT ProcessID, UserName, Namespace, QueryStmtType, TP_NestingLevel, Status FROM {SCHEMA}.CURRENT_STATEMENTS"
    assert run(sql) == [(str(os.getpid()), "tester", "USER", 1, 1, "Executing")]
    listed = f"SELECT $LISTGET(Parameters, 1), $LISTGET(Parameters, 2) FROM {SCHEMA}.CURRENT_STATEMENTS WHERE ? = ?"
    assert run(listed, 7, 7) == [("7", "7")]
    connections = f"SELECT Pid, Username, InTransaction, Statement FROM {SCHEMA}.CURRENT_CONNECTIONS"
    assert run(connections) == [(os.getpid(), "tester", 1, connections)]


def test_a_change_can_read_its_own_statement(run: Any) -> None:
    run("CREATE TABLE log (kind INTEGER, sql VARCHAR(200))")
    run(
        "INSERT INTO log SELECT QueryStmtType, Statement"
        f" FROM {SCHEMA}.CURRENT_STATEMENTS a JOIN {SCHEMA}.CURRENT_CONNECTIONS b ON a.ProcessID = b.Pid"
    )
    assert [(kind, sql[:15]) for kind, sql in run("SELECT kind, sql FROM log")] == [(2, "INSERT INTO log")]


def test_hidden_columns_can_be_named(run: Any, defined: None) -> None:
    names = f"SELECT COLUMN_NAME, PROPERTY_NAME, IS_PERSISTED FROM {SCHEMA}.COLUMNS WHERE TABLE_NAME IN ('t', 'v') ORDER BY 1"
    assert run(names) == [
        ("a", "a", "YES"),
        ("b", "b", "YES"),
        ("c", "c", "YES"),
        ("x", "x", "NO"),
        ("y", "y", "NO"),
    ]
