"""Temporary tables belong to one session and end with it."""

from __future__ import annotations

import contextlib

import psycopg
import pytest
from psycopg import errors

from tests.support.servers import Server, wait_until


def schemas(server: Server) -> list[object]:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("SELECT pgiris_refresh()") if server.is_pgiris else None
        return connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'pgtemp%'").fetchall()


def test_sessions_do_not_see_each_others_temporary_tables(server: Server) -> None:
    with (
        psycopg.connect(server.dsn(), autocommit=True) as one,
        psycopg.connect(server.dsn(), autocommit=True) as other,
    ):
        one.execute("CREATE TEMP TABLE scratch (n int)")
        one.execute("INSERT INTO scratch VALUES (1)")
        with pytest.raises(errors.UndefinedTable):
            other.execute("SELECT * FROM scratch")
        other.execute("CREATE TEMP TABLE scratch (name text)")
        other.execute("INSERT INTO scratch VALUES ('x'), ('y')")
        assert one.execute("SELECT * FROM scratch").fetchall() == [(1,)]
        assert other.execute("SELECT * FROM scratch ORDER BY 1").fetchall() == [("x",), ("y",)]
        with one.cursor().copy("COPY scratch FROM STDIN") as copy:
            copy.write_row((2,))
        assert one.execute("SELECT sum(n) FROM scratch").fetchall() == [(3,)]
        assert one.execute("SELECT to_regclass('scratch') IS NULL, current_schema()").fetchall() == [(False, "public")]
    if server.is_pgiris:
        wait_until(lambda: not schemas(server), 10, "the sessions' schemas are dropped")


def test_a_rolled_back_transaction_leaves_no_temporary_table(server: Server) -> None:
    with psycopg.connect(server.dsn()) as connection:
        connection.execute("CREATE TEMP TABLE scratch (n int)")
        connection.execute("INSERT INTO scratch VALUES (1)")
        connection.rollback()
        with contextlib.suppress(errors.UndefinedTable):
            connection.execute("SELECT * FROM scratch")
            raise AssertionError("it is still there")
        connection.rollback()
        connection.execute("CREATE TEMP TABLE scratch (m int) ON COMMIT DROP")
        connection.commit()
        with pytest.raises(errors.UndefinedTable):
            connection.execute("SELECT * FROM scratch")
