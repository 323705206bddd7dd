"""IRIS's procedures over the wire: made, called, listed and dropped. PostgreSQL's own are refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors

from tests.support.servers import Server

OLDER = """CREATE PROCEDURE {name} (minage INTEGER DEFAULT 30)
BEGIN
    SELECT name, age FROM routine_people WHERE age > :minage ORDER BY age; -- those; who are older
END"""
BIRTHDAY = """CREATE PROCEDURE routine_birthday (who INTEGER, note VARCHAR(40)) LANGUAGE SQL
BEGIN
    UPDATE routine_people SET age = age + 1 WHERE id = :who;
    INSERT INTO routine_people (id, name) VALUES (:who + 100, :note);
END"""


@pytest.fixture
def connection(pgiris: Server) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(pgiris.dsn(), autocommit=True) as opened:
        opened.execute("CREATE TABLE routine_people (id int PRIMARY KEY, name text, age int)")
        opened.execute("INSERT INTO routine_people VALUES (1, 'Ann', 20), (2, 'Bob', 40), (3, 'Cid', 60)")
        yield opened
        if opened.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            opened.rollback()
        opened.execute("DROP PROCEDURE IF EXISTS routine_older, routine_birthday(int, text)")
        opened.execute("DROP TABLE routine_people")


@pytest.mark.parametrize("name", ["routine_older", "public.routine_older", "SQLUser.routine_older"])
def test_a_procedure_with_a_select_gives_rows(connection: psycopg.Connection[Any], name: str) -> None:
    made = connection.execute(OLDER.format(name=name))
    assert made.statusmessage == "CREATE PROCEDURE"
    called = connection.execute("CALL routine_older(10)")
    assert called.description is not None
    assert [(column.name, column.type_code) for column in called.description] == [("name", 25), ("age", 23)]
    assert called.fetchall() == [("Ann", 20), ("Bob", 40), ("Cid", 60)]
    assert connection.execute("CALL public.routine_older()").fetchall() == [("Bob", 40), ("Cid", 60)]
    assert connection.execute("CALL routine_older(%s)", (40,)).fetchall() == [("Cid", 60)]
    with connection.cursor(binary=True) as cursor:
        assert cursor.execute("CALL routine_older(%s)", (40,)).fetchall() == [("Cid", 60)]


def test_a_procedure_of_changes(connection: psycopg.Connection[Any]) -> None:
    connection.execute(BIRTHDAY)
    called = connection.execute("CALL routine_birthday(%s, %s)", (1, "it's"))
    assert (called.description, called.statusmessage) == (None, "CALL")
    assert connection.execute("SELECT * FROM routine_people WHERE id IN (1, 101) ORDER BY id").fetchall() == [
        (1, "Ann", 21),
        (101, "it's", None),
    ]
    with connection.transaction(force_rollback=True):
        connection.execute("CALL routine_birthday(2, 'gone')")
    assert connection.execute("SELECT age FROM routine_people WHERE id = 2").fetchall() == [(40,)]


def test_several_statements_with_a_procedure_among_them(connection: psycopg.Connection[Any]) -> None:
    several = connection.execute(f"{OLDER.format(name='routine_older')}; SELECT 1 AS a; {BIRTHDAY}; CALL routine_older(50);")
    results = [several.statusmessage]
    while several.nextset():
        results.append(several.statusmessage)
    assert results == ["CREATE PROCEDURE", "SELECT 1", "CREATE PROCEDURE", "CALL"]


def test_the_catalogs_tell_of_them(connection: psycopg.Connection[Any]) -> None:
    connection.execute(OLDER.format(name="routine_older"))
    connection.execute(BIRTHDAY)
    shown = "proname, prokind, pg_get_function_arguments(p.oid), lanname"
    rows = connection.execute(
        f"SELECT {shown} FROM pg_proc p JOIN pg_language l ON l.oid = prolang WHERE proname LIKE 'routine%' ORDER BY proname"
    ).fetchall()
    assert rows == [
        ("routine_birthday", "f", "who integer, note character varying", "iris"),
        ("routine_older", "p", "IN minage integer", "sql"),
    ]
    rows = connection.execute(
        "SELECT r.routine_name, routine_type, parameter_name, parameter_mode FROM information_schema.routines r"
        " JOIN information_schema.parameters p USING (specific_schema, specific_name) WHERE r.routine_name = 'routine_older'"
    ).fetchall()
    assert rows == [("routine_older", "PROCEDURE", "minage", "IN")]
    source = connection.execute("SELECT pg_get_functiondef('routine_older'::regproc)").fetchone()
    assert source is not None and "age > :minage" in source[0]
    connection.execute("DROP PROCEDURE routine_older, routine_birthday")
    assert connection.execute("SELECT count(*) FROM pg_proc WHERE proname LIKE 'routine%'").fetchone() == (0,)


def test_or_replace_takes_the_place_of_the_old_one(connection: psycopg.Connection[Any]) -> None:
    connection.execute(OLDER.format(name="routine_older"))
    replaced = connection.execute("CREATE OR REPLACE PROCEDURE routine_older() BEGIN SELECT 1 AS one; END")
    assert replaced.statusmessage == "CREATE PROCEDURE"
    assert connection.execute("CALL routine_older()").fetchall() == [(1,)]
    with pytest.raises(errors.AmbiguousFunction):
        connection.execute(OLDER.format(name="routine_older"))


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("CALL routine_missing(1)", "42883"),
        ("DROP PROCEDURE routine_missing", "42883"),
        ("DROP FUNCTION routine_missing(int, numeric(3, 2))", "42883"),
        ("DROP PROCEDURE routine_missing(int", "42601"),
        ("CREATE PROCEDURE p(a int) LANGUAGE sql AS $$ INSERT INTO t VALUES (a) $$", "0A000"),
        ("CREATE PROCEDURE p(a int) LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES (a); END", "0A000"),
        ("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$", "0A000"),
        ("CREATE PROCEDURE p() LANGUAGE OBJECTSCRIPT { QUIT 1 }", "0A000"),
        ("CREATE FUNCTION f() RETURNS INTEGER LANGUAGE SQL BEGIN SELECT 1; END", "0A000"),
    ],
)
def test_what_is_refused(connection: psycopg.Connection[Any], sql: str, code: str) -> None:
    with pytest.raises(psycopg.Error) as refused:
        connection.execute(sql.encode())
    assert refused.value.sqlstate == code
