"""Procedures and queries with a body of SQL. CREATE PROCEDURE, CREATE QUERY, CALL, DROP PROCEDURE (SQL reference)"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pgiris import sqlstate
from pgiris.backend.sandbox.backend import SandboxBackend
from pgiris.backend.sandbox.session import SandboxSession
from tests.sandbox.conftest import sqlcode

OLDER = """CREATE PROCEDURE AgeQuerySP(IN topnum INT DEFAULT 10,IN minage INT 20)
   BEGIN
   SELECT TOP :topnum Name, Age FROM Sample.Person
   WHERE Age > :minage ORDER BY Age ; -- the end; of it
   END"""
RAISE = """CREATE PROCEDURE Sample.Raise (Name VARCHAR(50), years INTEGER DEFAULT 1)
LANGUAGE SQL
BEGIN
   UPDATE Sample.Person SET Age = Age + :years WHERE Name = :Name ;
   INSERT INTO Sample.Log (What) VALUES ('raised: ' || :Name);
END"""


@pytest.fixture(autouse=True)
def people(run: Any) -> None:
    run("CREATE TABLE Sample.Person (Name VARCHAR(50), Age INTEGER, Pay NUMERIC(8,2))")
    run("CREATE TABLE Sample.Log (What VARCHAR(80))")
    for name, age in (("Ann", 19), ("Bob", 30), ("Cid", 40), ("Dee", 70)):
        run("INSERT INTO Sample.Person (Name, Age) VALUES (?, ?)", name, age)


@pytest.mark.parametrize(
    ("sql", "values", "names"),
    [
        ("CALL AgeQuerySP(6,65)", (), ["Dee"]),
        ("CALL AgeQuerySP(2)", (), ["Bob", "Cid"]),
        ("CALL AgeQuerySP(,65)", (), ["Dee"]),
        ("CALL AgeQuerySP()", (), ["Bob", "Cid", "Dee"]),
        ("CALL AgeQuerySP", (), ["Bob", "Cid", "Dee"]),
        ("CALL sqluser.agequerysp(?, ?)", (1, 30), ["Cid"]),
        ("CALL AgeQuerySP(?)", ("1",), ["Bob"]),
        ("CALL AgeQuerySP(5, NULL)", (), []),
        ("CALL AgeQuerySP(5, -1)", (), ["Ann", "Bob", "Cid", "Dee"]),
    ],
)
def test_a_query_gives_its_rows(session: SandboxSession, run: Any, sql: str, values: Any, names: list[str]) -> None:
    run(OLDER)
    columns = session.prepare(sql).columns
    assert columns is not None and [column.name for column in columns] == ["Name", "Age"]
    assert [name for name, _ in run(sql, *values)] == names


def test_a_procedure_of_changes_gives_no_rows(session: SandboxSession, run: Any) -> None:
    run(RAISE)
    assert session.prepare("CALL Sample.Raise('Bob')").columns is None
    assert run("CALL Sample.Raise('Bob')") == []
    run("CALL Sample.Raise(?, ?)", "O'Neil", 3)
    run("CALL Sample.Raise('Cid', 3)")
    assert run("SELECT Age FROM Sample.Person WHERE Name IN ('Bob', 'Cid') ORDER BY Age") == [(31,), (43,)]
    assert run("SELECT What FROM Sample.Log ORDER BY %ID") == [("raised: Bob",), ("raised: O'Neil",), ("raised: Cid",)]


def test_calls_are_part_of_a_transaction(run: Any) -> None:
    run(RAISE)
    run("START TRANSACTION")
    run("CALL Sample.Raise('Bob', 100)")
    run("ROLLBACK")
    assert run("SELECT Age FROM Sample.Person WHERE Name = 'Bob'") == [(30,)]


def test_what_comes_before_a_failing_statement_stays(run: Any, failure: Any) -> None:
    run("CREATE PROCEDURE p (a INTEGER) BEGIN INSERT INTO Sample.Log (What) VALUES ('x'); UPDATE Gone SET a = :a; END")
    assert sqlcode(failure("CALL p(1)")) == -30
    assert run("SELECT What FROM Sample.Log") == [("x",)]


def test_values_arrive_as_they_are(run: Any) -> None:
    run("CREATE PROCEDURE pay (n VARCHAR(20), p NUMERIC(8,2)) BEGIN UPDATE Sample.Person SET Pay = :p WHERE Name = :n; END")
    run("CALL pay('Ann', 12.50)")
    run("CALL pay(?, ?)", "Bob", Decimal("7.25"))
    assert run("SELECT Pay FROM Sample.Person WHERE Pay IS NOT NULL ORDER BY Pay") == [("7.25",), ("12.5",)]


def test_information_schema_tells_of_them(run: Any) -> None:
    run(OLDER)
    run(RAISE)
    columns = "ROUTINE_SCHEMA, ROUTINE_NAME, ROUTINE_TYPE, METHOD_OR_QUERY_NAME, ROUTINE_BODY, DATA_TYPE"
    assert run(f"SELECT {columns} FROM INFORMATION_SCHEMA.ROUTINES ORDER BY ROUTINE_NAME") == [
        ("SQLUser", "AgeQuerySP", "PROCEDURE", "AgeQuerySP", "SQL", None),
        ("Sample", "Raise", "FUNCTION", "Raise", None, None),
    ]
    assert (
        "TOP :topnum" in run("SELECT ROUTINE_DEFINITION FROM INFORMATION_SCHEMA.ROUTINES WHERE ROUTINE_NAME = 'AgeQuerySP'")[0][0]
    )
    columns = "SPECIFIC_NAME, ORDINAL_POSITION, PARAMETER_MODE, PARAMETER_NAME, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH"
    assert run(f"SELECT {columns} FROM INFORMATION_SCHEMA.PARAMETERS ORDER BY SPECIFIC_NAME, ORDINAL_POSITION") == [
        ("AgeQuerySP", 1, "IN", "topnum", "integer", None),
        ("AgeQuerySP", 2, "IN", "minage", "integer", None),
        ("Raise", 1, "IN", "Name", "varchar", 50),
        ("Raise", 2, "IN", "years", "integer", None),
    ]


def test_other_sessions_know_it_at_once(backend: SandboxBackend, run: Any) -> None:
    other = backend.connect("USER", "other", None)
    run(OLDER)
    assert other.execute("CALL AgeQuerySP(1)", ()).fetch(9) == [("Bob", 30)]
    run("CREATE OR REPLACE PROCEDURE AgeQuerySP() BEGIN SELECT 1 AS one; END")
    assert other.execute("CALL AgeQuerySP()", ()).fetch(9) == [(1,)]
    run("DROP PROCEDURE AgeQuerySP")
    with pytest.raises(Exception, match="AgeQuerySP"):
        other.execute("CALL AgeQuerySP(1)", ())
    other.close()


def test_a_query_is_callable_when_it_says_so(run: Any, failure: Any) -> None:
    run("CREATE QUERY q() BEGIN SELECT Name FROM Sample.Person WHERE Age > 60; END")
    assert sqlcode(failure("CALL q()")) == -428
    run("CREATE OR REPLACE QUERY q() PROCEDURE CONTAINID 0 LANGUAGE SQL BEGIN SELECT Name FROM Sample.Person WHERE Age > 60; END")
    assert run("CALL q()") == [("Dee",)]
    assert sqlcode(failure("DROP PROCEDURE q")) == -362
    run("DROP QUERY q")


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("CREATE PROCEDURE AgeQuerySP() BEGIN SELECT 1; END", -361),
        ("CREATE PROCEDURE AGEQUERYSP() BEGIN SELECT 1; END", -400),
        ("CREATE PROCEDURE p() BEGIN SELECT 1 END", -1),
        ("CREATE PROCEDURE p() BEGIN END", -1),
        ("CREATE PROCEDURE p() BEGIN SELECT a FROM Gone; END", -30),
        ("CREATE PROCEDURE p() BEGIN SELEC 1; END", None),
        ("CREATE PROCEDURE p() SPEEDY BEGIN SELECT 1; END", -47),
        ("CREATE PROCEDURE p() FINAL FINAL BEGIN SELECT 1; END", -44),
        ("CREATE PROCEDURE p(a) BEGIN SELECT 1; END", -1),
        ("CREATE PROCEDURE p BEGIN SELECT 1; END", -1),
        ("CREATE QUERY p() BEGIN DELETE FROM Sample.Log; END", -1),
        ("CALL AgeQuerySP(1, 2, 3)", -370),
        ("CALL Gone(1)", -428),
        ("DROP PROCEDURE Gone", -362),
    ],
)
def test_errors_are_those_of_iris(run: Any, failure: Any, sql: str, code: int | None) -> None:
    run(OLDER)
    error = failure(sql)
    assert code is None or sqlcode(error) == code
    run("DROP PROCEDURE IF EXISTS Gone")


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE PROCEDURE p(OUT a INTEGER) BEGIN SELECT 1; END",
        "CREATE PROCEDURE p(INOUT a INTEGER) BEGIN DELETE FROM Sample.Log; END",
        "CREATE PROCEDURE p() RETURNS INTEGER BEGIN DELETE FROM Sample.Log; END",
        "CREATE FUNCTION f() RETURNS INTEGER LANGUAGE SQL BEGIN SELECT 1; END",
        "CREATE METHOD f() LANGUAGE SQL BEGIN DELETE FROM Sample.Log; END",
        "CREATE PROCEDURE p() LANGUAGE OBJECTSCRIPT { QUIT 1 }",
        "CREATE PROCEDURE p() FOR Sample.Person BEGIN SELECT 1; END",
        "CREATE PROCEDURE p() RESULTS (a INTEGER) BEGIN SELECT 1; END",
        "CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END",
        "CREATE PROCEDURE p() BEGIN COMMIT; END",
        "CREATE PROCEDURE p() BEGIN DELETE FROM Sample.Log WHERE What = :other; END",
        "CREATE PROCEDURE p(a INTEGER) BEGIN DELETE FROM Sample.Log WHERE What = ?; END",
        "CREATE PROCEDURE p(a INTEGER) BEGIN DELETE FROM Sample.Log WHERE What = :A; END",
        "CREATE PROCEDURE p() SELECTMODE LOGICAL BEGIN SELECT 1; END",
        "CREATE PROCEDURE p() PRIVATE BEGIN SELECT 1; END",
        "CALL AgeQuerySP(1 + 1)",
    ],
)
def test_what_the_sandbox_cannot_do_is_refused(run: Any, failure: Any, sql: str) -> None:
    run(OLDER)
    assert failure(sql).code == sqlstate.FEATURE_NOT_SUPPORTED


def test_the_number_of_values_must_fit(run: Any, failure: Any) -> None:
    run(OLDER)
    assert sqlcode(failure("CALL AgeQuerySP(?)")) == -466
