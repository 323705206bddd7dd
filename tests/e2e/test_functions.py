"""Functions in SQL through real clients: who sees them when, and where they may be called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import errors

from tests.support.servers import Server

Connection = psycopg.Connection[tuple[object, ...]]


def connect(server: Server) -> Connection:
    return psycopg.connect(server.dsn(), autocommit=True)


def make(connection: Connection, definition: str) -> None:
    connection.execute(f"CREATE OR REPLACE FUNCTION {definition}".encode())


@pytest.fixture
def calling(server: Server) -> Iterator[Connection]:
    """With a table and a function of it, which go away."""
    with making(server) as connection:
        yield connection


@pytest.fixture
def own_calling(pgiris: Server) -> Iterator[Connection]:
    with making(pgiris) as connection:
        yield connection


@contextmanager
def making(server: Server) -> Iterator[Connection]:
    with connect(server) as connection:
        connection.execute("CREATE TABLE called (id int PRIMARY KEY, n int)")
        connection.execute("INSERT INTO called VALUES (1, 10), (2, 20)")
        make(connection, "n_of(i int) RETURNS int LANGUAGE sql AS 'SELECT n FROM called WHERE id = i'")
        try:
            yield connection
        finally:
            connection.execute("DROP FUNCTION n_of(int)")
            connection.execute("DROP TABLE called")


@pytest.mark.parametrize("prepares", [False, True], ids=["unprepared", "prepared"])
def test_a_function_that_is_replaced_is_another_one_for_all_sessions(server: Server, calling: Connection, prepares: bool) -> None:
    def ask(connection: Connection) -> object:
        (row,) = connection.execute("SELECT n_of(%s::int)", (1,), prepare=prepares).fetchall()
        return row[0]

    with connect(server) as other:
        assert [ask(calling), ask(other), ask(other)] == [10, 10, 10]
        make(calling, "n_of(i int) RETURNS int LANGUAGE sql AS 'SELECT n + 1 FROM called WHERE id = i'")
        assert [ask(other), ask(calling)] == [11, 11]
        make(other, "n_of(i int) RETURNS int LANGUAGE sql AS 'SELECT i * 7'")
        assert [ask(calling), ask(other)] == [7, 7]


def test_a_function_that_is_dropped_is_gone_for_all_sessions(server: Server, calling: Connection) -> None:
    with connect(server) as other:
        make(other, "gone() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        assert calling.execute("SELECT gone()").fetchall() == [(1,)]
        other.execute("DROP FUNCTION gone")
        for each in (calling, other):
            with pytest.raises(errors.UndefinedFunction):
                each.execute("SELECT gone()")


def test_copy_and_cursors_call_functions(calling: Connection) -> None:
    with calling.cursor().copy("COPY (SELECT n_of(id) FROM called ORDER BY id) TO STDOUT") as copied:
        assert b"".join(bytes(block) for block in copied) == b"10\n20\n"
    with calling.transaction():
        calling.execute("DECLARE named CURSOR FOR SELECT id, n_of(id) FROM called ORDER BY id")
        assert calling.execute("FETCH ALL FROM named").fetchall() == [(1, 10), (2, 20)]


def test_a_body_is_checked_when_the_function_is_made_unless_told_otherwise(calling: Connection) -> None:
    bodies = {
        "SELECT nosuch FROM called": errors.UndefinedColumn,
        "SELECT n FROM nosuch": errors.UndefinedTable,
        "SELECT 'a'::nosuch": errors.UndefinedObject,
        "SELECT 'x'::text": errors.InvalidFunctionDefinition,
        "SELECT n, id FROM called": errors.InvalidFunctionDefinition,
        "SELECT $1": errors.UndefinedParameter,
        "SELEC 1": errors.SyntaxError,
    }
    for body, error in bodies.items():
        with pytest.raises(error):
            make(calling, f"unchecked() RETURNS int LANGUAGE sql AS $$ {body} $$")
    calling.execute("SET check_function_bodies = off")
    make(calling, "unchecked() RETURNS int LANGUAGE sql AS $$ SELECT nosuch FROM called $$")
    with pytest.raises(errors.UndefinedColumn):
        calling.execute("SELECT unchecked()")
    calling.execute("DROP FUNCTION unchecked")


def test_columns_win_over_arguments_that_are_called_alike_whenever_there_are_such(calling: Connection) -> None:
    make(calling, "wins(late int) RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM called WHERE late = 5 $$")
    assert calling.execute("SELECT wins(5), wins(6)").fetchall() == [(2, 0)]
    calling.execute("ALTER TABLE called ADD COLUMN late int")
    assert calling.execute("SELECT wins(5), wins(6)").fetchall() == [(0, 0)]
    calling.execute("DROP FUNCTION wins")


REFUSED = (
    "CREATE FUNCTION bad() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'",
    "CREATE FUNCTION bad() RETURNS int LANGUAGE c AS 'a', 'b'",
    "CREATE FUNCTION bad() RETURNS void LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION bad() RETURNS int LANGUAGE sql AS 'SELECT 1; SELECT 2'",
    "CREATE FUNCTION bad() RETURNS int LANGUAGE sql AS 'UPDATE called SET n = 1 RETURNING n'",
    "CREATE FUNCTION bad() RETURNS int LANGUAGE sql AS 'WITH x AS (DELETE FROM called RETURNING n) SELECT n FROM x'",
    "CREATE FUNCTION bad() RETURNS int LANGUAGE sql AS 'SELECT n FROM called FOR UPDATE'",
    "CREATE FUNCTION bad(k int) RETURNS int LANGUAGE sql AS 'SELECT bad(k - 1)'",
    "CREATE FUNCTION bad() RETURNS called LANGUAGE sql AS 'SELECT * FROM called'",
    "CREATE FUNCTION bad() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    "CREATE FUNCTION bad() RETURNS int LANGUAGE sql SET search_path = x AS 'SELECT 1'",
    "CREATE FUNCTION bad() RETURNS int LANGUAGE sql WINDOW AS 'SELECT 1'",
    "CREATE FUNCTION bad(VARIADIC k int[]) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION bad(OUT k int) LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION pg_temp.bad() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION lower(k int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "ALTER FUNCTION n_of(int) RENAME TO lower",
    "ALTER FUNCTION n_of(int) SECURITY DEFINER",
    "SELECT doubled(random()::int)",
    "SELECT n_of(random()::int) FROM called",
    "SELECT n_of(max(id)) FROM called",
    "SELECT doubled(1) FROM pg_class",
    "SELECT many(1)",
    "SELECT * FROM called, many(called.id)",
    "SELECT * FROM many(1) WITH ORDINALITY",
    "CREATE TABLE bad (a int DEFAULT doubled(1))",
)


@pytest.mark.parametrize("sql", REFUSED)
def test_what_is_refused(own_calling: Connection, sql: str) -> None:
    make(own_calling, "doubled(k int) RETURNS int LANGUAGE sql AS 'SELECT k + k'")
    make(own_calling, "many(k int) RETURNS SETOF int LANGUAGE sql AS 'SELECT n FROM called WHERE id > k'")
    with pytest.raises(errors.FeatureNotSupported):
        own_calling.execute(sql.encode())
    own_calling.execute("DROP FUNCTION doubled, many")


def test_functions_that_came_to_call_themselves_are_refused(own_calling: Connection) -> None:
    make(own_calling, "ping(k int) RETURNS int LANGUAGE sql AS 'SELECT k'")
    make(own_calling, "pong(k int) RETURNS int LANGUAGE sql AS 'SELECT ping(k) + 1'")
    with pytest.raises(errors.FeatureNotSupported, match="calls itself"):
        make(own_calling, "ping(k int) RETURNS int LANGUAGE sql AS 'SELECT pong(k) + 1'")
    own_calling.execute("SET check_function_bodies = off")
    make(own_calling, "ping(k int) RETURNS int LANGUAGE sql AS 'SELECT pong(k) + 1'")
    with pytest.raises(errors.FeatureNotSupported, match="calls itself"):
        own_calling.execute("SELECT ping(1)")
    own_calling.execute("DROP FUNCTION ping, pong")


def test_functions_of_enums_follow_their_type(calling: Connection) -> None:
    calling.execute("CREATE TYPE shade AS ENUM ('dark', 'light')")
    make(calling, "other(s shade) RETURNS shade LANGUAGE sql AS $$ SELECT s $$")
    assert calling.execute("SELECT other('dark'), other('light') > 'dark'").fetchall() == [("dark", True)]
    with pytest.raises(errors.DependentObjectsStillExist):
        calling.execute("DROP TYPE shade")
    calling.execute("ALTER TYPE shade RENAME TO tone")
    assert calling.execute("SELECT other('light'::tone)").fetchall() == [("light",)]
    calling.execute("DROP TYPE tone CASCADE")
    with pytest.raises(errors.UndefinedFunction):
        calling.execute("SELECT other('light')")


def test_functions_that_are_called_as_some_of_iris_are_not_taken_for_those(calling: Connection) -> None:
    make(calling, "datediff(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT a - b'")
    assert calling.execute("SELECT datediff(n, id) FROM called ORDER BY id").fetchall() == [(9,), (18,)]
    calling.execute("DROP FUNCTION datediff")


def test_anybody_may_call_functions(own_calling: Connection) -> None:
    heard: list[str | None] = []
    own_calling.add_notice_handler(lambda told: heard.append(told.message_primary))
    own_calling.execute("GRANT EXECUTE ON FUNCTION n_of(int) TO PUBLIC")
    assert heard == ["GRANT ON FUNCTION is ignored: IRIS has no privileges on it"]
    for sql in ("REVOKE EXECUTE ON FUNCTION n_of(int) FROM PUBLIC", "GRANT EXECUTE ON FUNCTION nobodys(int) TO PUBLIC"):
        with pytest.raises(errors.FeatureNotSupported):
            own_calling.execute(sql.encode())


def test_a_transaction_does_not_take_a_function_back(own_calling: Connection, pgiris: Server) -> None:
    with connect(pgiris) as other, other.transaction(force_rollback=True):
        make(other, "kept() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    assert own_calling.execute("SELECT kept()").fetchall() == [(1,)]
    own_calling.execute("DROP FUNCTION kept")
