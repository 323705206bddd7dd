"""Catalog queries among a session's other statements: transactions, cursors, settings, limits, cancelling, other sessions."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from tests.support import servers
from tests.support.servers import Server

LONG = "SELECT count(*) FROM pg_attribute a, pg_attribute b, pg_attribute c WHERE a.attname || b.attname < c.attname"


def connect(server: Server, **options: object) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(server.dsn(), autocommit=True, **options)  # type: ignore[arg-type]


def names(connection: psycopg.Connection[tuple[object, ...]], pattern: str) -> list[object]:
    rows = connection.execute("SELECT relname FROM pg_class WHERE relname LIKE %s ORDER BY 1", [pattern]).fetchall()
    return [row[0] for row in rows]


def test_what_one_session_creates_every_session_sees_with_its_next_statement(server: Server) -> None:
    with connect(server) as one, connect(server) as other:
        assert names(other, "seen\\_%") == []
        one.execute("CREATE TABLE seen_a (id int PRIMARY KEY, name varchar(10))")
        assert "seen_a" in names(one, "seen\\_%")
        assert "seen_a" in names(other, "seen\\_%")
        other.execute("DROP TABLE seen_a")
        assert names(one, "seen\\_%") == []


def test_a_catalog_query_leaves_the_transaction_alone(server: Server, table: object) -> None:
    with connect(server) as connection:
        connection.execute("CREATE TABLE alone (id int PRIMARY KEY)")
        try:
            connection.execute("BEGIN")
            connection.execute("INSERT INTO alone VALUES (1)")
            assert names(connection, "alone") == ["alone"]
            connection.execute("INSERT INTO alone VALUES (2)")
            connection.execute("ROLLBACK")
            assert connection.execute("SELECT count(*) FROM alone").fetchone() == (0,)
        finally:
            connection.execute("DROP TABLE alone")


def test_an_error_fails_the_transaction_and_nothing_but_its_end_is_taken(server: Server) -> None:
    with connect(server) as connection:
        connection.execute("BEGIN")
        with pytest.raises(errors.UndefinedColumn):
            connection.execute("SELECT nope FROM pg_class")
        with pytest.raises(errors.InFailedSqlTransaction):
            connection.execute("SELECT oid FROM pg_class")
        connection.execute("ROLLBACK")
        assert connection.execute("SELECT relname FROM pg_class WHERE oid = 1259").fetchone() == ("pg_class",)


def test_cursors_go_over_the_catalog_both_ways(server: Server) -> None:
    query = "SELECT typname FROM pg_type WHERE oid IN (16, 17, 18, 19) ORDER BY oid"
    with connect(server) as connection:
        connection.execute("BEGIN")
        connection.execute(f"DECLARE forth SCROLL CURSOR FOR {query}")
        connection.execute(f"DECLARE other CURSOR FOR {query}")
        assert connection.execute("FETCH 2 FROM forth").fetchall() == [("bool",), ("bytea",)]
        assert connection.execute("FETCH 1 FROM other").fetchall() == [("bool",)]
        assert connection.execute("FETCH BACKWARD 1 FROM forth").fetchall() == [("bool",)]
        assert connection.execute("FETCH LAST FROM forth").fetchall() == [("name",)]
        assert connection.execute("FETCH ALL FROM other").fetchall() == [("bytea",), ("char",), ("name",)]
        connection.execute("COMMIT")


def test_a_prepared_statement_is_executed_by_name(server: Server) -> None:
    with connect(server) as connection:
        connection.execute("PREPARE by_oid(oid) AS SELECT relname FROM pg_class WHERE oid = $1")
        assert connection.execute("EXECUTE by_oid(1259)").fetchall() == [("pg_class",)]
        found = connection.execute(
            "SELECT name, parameter_types::text FROM pg_prepared_statements WHERE name = 'by_oid'"
        ).fetchall()
        assert found == [("by_oid", "{oid}")]


def test_all_rows_of_a_large_relation_come(server: Server) -> None:
    with connect(server) as connection:
        counted = connection.execute("SELECT count(*) FROM pg_attribute").fetchone()
        assert counted is not None
        rows = connection.execute("SELECT attrelid, attname FROM pg_attribute").fetchall()
        assert len(rows) == counted[0]
        assert len(set(rows)) > 2000


def test_settings_are_those_of_the_session(server: Server) -> None:
    with connect(server) as one, connect(server) as other:
        one.execute("SET work_mem = '7MB'")
        query = "SELECT setting, unit, current_setting(name) FROM pg_settings WHERE name = 'work_mem'"
        assert one.execute(query).fetchone() == ("7168", "kB", "7MB")
        assert other.execute(query).fetchone() != ("7168", "kB", "7MB")


def test_live_sessions_are_shown(server: Server) -> None:
    with connect(server, application_name="looker") as one, connect(server, application_name="looked at") as other:
        other.execute("BEGIN")
        rows = one.execute("SELECT application_name, state FROM pg_stat_activity WHERE application_name LIKE 'look%' ORDER BY 1")
        assert rows.fetchall() == [("looked at", "idle in transaction"), ("looker", "active")]
        other.execute("ROLLBACK")


def test_live_sessions_join_their_database_and_user(pgiris: Server) -> None:
    query = """SELECT d.datname, u.usename FROM pg_stat_activity a JOIN pg_database d ON d.oid = a.datid
        JOIN pg_user u ON u.usesysid = a.usesysid WHERE a.pid = pg_backend_pid()"""
    with connect(pgiris) as connection:
        assert connection.execute(query).fetchall() == [("USER", "demo")]


def test_advisory_locks_are_shown_as_postgres_shows_them(server: Server) -> None:
    query = """SELECT locktype, classid, objid, objsubid, mode, granted, database = d.oid, pid = pg_backend_pid()
        FROM pg_locks JOIN pg_database d ON d.datname = current_database() WHERE locktype = 'advisory' ORDER BY objsubid"""
    with connect(server) as connection:
        connection.execute("SELECT pg_advisory_lock(4294967301), pg_try_advisory_lock_shared(1, -1)")
        assert connection.execute(query).fetchall() == [
            ("advisory", 1, 5, 1, "ExclusiveLock", True, True, True),
            ("advisory", 1, 4294967295, 2, "ShareLock", True, True, True),
        ]


def test_names_are_looked_up_along_search_path(server: Server) -> None:
    with connect(server) as connection:
        connection.execute("CREATE TABLE along (id int)")
        try:
            connection.execute("SET search_path TO information_schema")
            with pytest.raises(errors.UndefinedTable):
                connection.execute("SELECT 'along'::regclass")
            query = "SELECT 'public.along'::regclass::text, pg_table_is_visible('public.along'::regclass)"
            assert connection.execute(query).fetchone() == ("public.along", False)
            connection.execute("SET search_path TO public")
            assert connection.execute(query).fetchone() == ("along", True)
        finally:
            connection.execute("DROP TABLE public.along")


def test_a_running_query_is_cancelled(server: Server) -> None:
    with connect(server) as connection:
        timer = threading.Timer(0.5, connection.cancel)
        timer.start()
        with pytest.raises(errors.QueryCanceled):
            connection.execute(LONG)
        timer.join()
        assert names(connection, "pg_class") == ["pg_class"]


def test_statement_timeout_holds(server: Server) -> None:
    with connect(server) as connection:
        connection.execute("SET statement_timeout = 300")
        with pytest.raises(errors.QueryCanceled, match="statement timeout"):
            connection.execute(LONG)
        assert names(connection, "pg_class") == ["pg_class"]


def time_out(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    with pytest.raises(errors.QueryCanceled):
        connection.execute(LONG)


def test_user_queries_do_not_wait_for_the_catalog(pgiris: Server) -> None:
    with connect(pgiris) as one, connect(pgiris) as other:
        one.execute("SET statement_timeout = 6000")
        runner = threading.Thread(target=time_out, args=[one])
        runner.start()
        time.sleep(0.3)
        began = time.monotonic()
        assert other.execute("SELECT 1").fetchone() == (1,)
        assert time.monotonic() - began < 4
        runner.join()


def test_catalogs_and_user_tables_are_not_joined(pgiris: Server) -> None:
    with connect(pgiris) as connection:
        connection.execute("CREATE TABLE mixed (id int)")
        try:
            with pytest.raises(errors.FeatureNotSupported, match="join system catalogs and user tables"):
                connection.execute("SELECT * FROM mixed, pg_class")
        finally:
            connection.execute("DROP TABLE mixed")


def test_what_is_not_answered_is_listed_once(pgiris: Server) -> None:
    statement = "SELECT asked_here_only(oid) FROM pg_class"
    with connect(pgiris) as connection:
        for _ in range(2):
            with pytest.raises(errors.UndefinedFunction):
                connection.execute(statement)
        query = "SELECT count, sqlstate, message FROM pgiris_unhandled WHERE statement = %s"
        assert connection.execute(query, [statement]).fetchall() == [(2, "42883", "function asked_here_only(oid) does not exist")]
        assert connection.execute("SELECT pgiris_refresh()").fetchone() == (False,)


def test_a_catalog_worker_that_dies_is_replaced() -> None:
    with servers.pgiris() as server, connect(server) as connection:
        assert names(connection, "pg_class") == ["pg_class"]
        for process in server.processes():
            if "_duckdb" in Path(f"/proc/{process.pid}/maps").read_text():
                os.kill(process.pid, signal.SIGKILL)
        connection.execute("CREATE TABLE after (id int)")
        for attempt in range(3):
            try:
                assert names(connection, "after") == ["after"]
                break
            except errors.CrashShutdown:
                assert attempt == 0


def test_the_sequence_of_a_column_is_read_as_pg_dump_does(server: Server) -> None:
    query = "SELECT last_value, is_called FROM public.counted_id_seq"
    with connect(server) as connection:
        connection.execute("CREATE TABLE counted (id serial PRIMARY KEY, name varchar(10))")
        try:
            assert connection.execute(query).fetchall() == [(1, False)]
            connection.execute("INSERT INTO counted (name) VALUES ('a'), ('b')")
            assert connection.execute(query).fetchall() == [(2, True)]
            joined = "SELECT s.last_value, c.name FROM counted_id_seq s JOIN counted c ON c.id = s.last_value WHERE c.id > %s"
            assert connection.execute(joined, [1]).fetchall() == [(2, "b")]
        finally:
            connection.execute("DROP TABLE counted")


def test_temporary_tables_are_seen_by_their_session(server: Server) -> None:
    query = """SELECT
        (SELECT count(*) FROM information_schema.tables WHERE table_name = 'mine_only' AND table_type = 'LOCAL TEMPORARY'),
        to_regclass('mine_only') IS NULL, to_regclass('pg_temp.mine_only') IS NULL, pg_my_temp_schema() = 0"""
    shown = """SELECT relpersistence, relnamespace::regnamespace::text LIKE 'pg\\_temp\\_%',
        pg_is_other_temp_schema(relnamespace), pg_table_is_visible(oid) FROM pg_class WHERE relname = 'mine_only'"""
    with connect(server) as one, connect(server) as other:
        one.execute("CREATE TEMP TABLE mine_only (id int)")
        assert one.execute(query.encode()).fetchall() == [(1, False, False, False)]
        assert one.execute(shown.encode()).fetchall() == [("t", True, False, True)]
        assert other.execute(query.encode()).fetchall() == [(0, True, True, True)]
        assert other.execute(shown.encode()).fetchall() == [("t", True, True, False)]


def test_rows_of_the_catalogs_are_inserted(server: Server) -> None:
    with connect(server) as connection:
        connection.execute("CREATE TABLE copied (id int, name varchar(64))")
        try:
            connection.execute("INSERT INTO copied SELECT oid, typname FROM pg_type WHERE oid IN (16, 17)")
            connection.execute(
                "INSERT INTO copied (name) SELECT column_name FROM information_schema.columns WHERE table_name = 'copied'"
            )
            found = connection.execute("SELECT id, name FROM copied ORDER BY id NULLS FIRST, name").fetchall()
            assert found == [(None, "id"), (None, "name"), (16, "bool"), (17, "bytea")]
        finally:
            connection.execute("DROP TABLE copied")


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("CREATE TABLE x AS SELECT relname FROM pg_class", errors.FeatureNotSupported),
        ("CREATE VIEW x AS SELECT relname FROM pg_catalog.pg_class", errors.FeatureNotSupported),
        ("DELETE FROM x WHERE name IN (SELECT relname FROM pg_class)", errors.FeatureNotSupported),
        ("INSERT INTO pg_class (relname) VALUES ('x')", errors.InsufficientPrivilege),
        ("UPDATE pg_catalog.pg_class SET relname = 'x'", errors.InsufficientPrivilege),
        ("DELETE FROM information_schema.tables", errors.InsufficientPrivilege),
        ("DROP TABLE pg_class", errors.InsufficientPrivilege),
    ],
)
def test_what_else_touches_the_catalogs_is_refused(pgiris: Server, statement: str, error: type[Exception]) -> None:
    with connect(pgiris) as connection, pytest.raises(error):
        connection.execute(statement.encode())


def test_the_sessions_that_a_catalog_query_finds_are_ended_and_no_others(server: Server) -> None:
    ending = "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s AND pid <> pg_backend_pid()"
    with connect(server) as own, connect(server, application_name="stays") as stays:
        doomed = [connect(server, application_name="doomed") for _ in range(2)]
        pids = {connection.info.backend_pid for connection in doomed}
        assert set(own.execute(ending, ["doomed"]).fetchall()) == {(pid, True) for pid in pids}
        for connection in doomed:
            with connection, pytest.raises(psycopg.OperationalError, match="terminating connection due to administrator command"):
                connection.execute("SELECT 1")
        assert own.execute(ending, ["doomed"]).fetchall() == []
        assert stays.execute("SELECT 1").fetchone() == (1,)


def test_a_catalog_query_cancels_what_others_run(server: Server) -> None:
    with connect(server) as own, connect(server, application_name="sleeper") as sleeper:
        found: list[BaseException] = []

        def sleep() -> None:
            try:
                sleeper.execute("SELECT pg_sleep(30)")
            except errors.QueryCanceled as error:
                found.append(error)

        thread = threading.Thread(target=sleep)
        thread.start()
        query = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'sleeper' AND state = 'active'"
        servers.wait_until(lambda: own.execute(query).fetchall() == [(True,)], 10, "the sleeper is seen")
        thread.join(10)
        assert len(found) == 1
        assert sleeper.execute("SELECT 1").fetchone() == (1,)


def test_ending_the_own_session_over_rows_ends_it(server: Server) -> None:
    with (
        pytest.raises(psycopg.OperationalError, match="terminating connection due to administrator command"),
        connect(server) as own,
    ):
        own.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = pg_backend_pid()")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() LIMIT 1",
        "SELECT pid FROM pg_stat_activity WHERE pg_terminate_backend(pid) AND datname = 'nope'",
        "SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity) x",
    ],
)
def test_sessions_are_not_ended_where_it_is_not_sure_for_which_rows(query: str, pgiris: Server) -> None:
    with connect(pgiris) as own, connect(pgiris) as other:
        with pytest.raises(errors.FeatureNotSupported):
            own.execute(query)
        assert other.execute("SELECT 1").fetchone() == (1,)


def test_copy_of_a_catalog_query_carries_out_what_it_calls(server: Server) -> None:
    with connect(server) as own, connect(server, application_name="copied") as doomed:
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'copied'"
        with own.cursor().copy(f"COPY ({query}) TO STDOUT") as rows:
            assert b"".join(rows) == b"t\n"
        with pytest.raises(psycopg.OperationalError):
            doomed.execute("SELECT 1")


def test_waiting_for_advisory_locks_is_seen_in_rows(server: Server) -> None:
    with connect(server) as holder, connect(server) as waiter, connect(server) as own:
        holder.execute("SELECT pg_advisory_lock(4711)")
        thread = threading.Thread(target=lambda: waiter.execute("SELECT pg_advisory_lock(4711)"))
        thread.start()
        query = "SELECT pid, pg_blocking_pids(pid) FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0"
        expected = [(waiter.info.backend_pid, [holder.info.backend_pid])]
        try:
            servers.wait_until(lambda: own.execute(query).fetchall() == expected, 10, "the lock is waited for")
        finally:
            holder.execute("SELECT pg_advisory_unlock(4711)")
            thread.join(10)


def test_names_in_parameters_must_exist(server: Server) -> None:
    with connect(server) as connection:
        query = "SELECT 1 FROM pg_class WHERE oid = %s::regclass AND relname = 'nope'"
        assert connection.execute(query, ["pg_am"]).fetchall() == []
        with pytest.raises(errors.UndefinedTable, match='relation "nope" does not exist'):
            connection.execute(query, ["nope"])
        connection.execute("CREATE TABLE named_a (id int PRIMARY KEY)")
        assert connection.execute("SELECT 1 FROM pg_class WHERE oid = 'named_a'::regclass AND relname = 'x'").fetchall() == []
        connection.execute("DROP TABLE named_a")
        with pytest.raises(errors.UndefinedTable):
            connection.execute("SELECT 1 FROM pg_class WHERE oid = 'named_a'::regclass AND relname = 'x'")


def test_databases_are_known_by_the_names_that_sessions_use(pgiris: Server) -> None:
    for name in ("USER", "postgres", "user", "USER"):
        with psycopg.connect(pgiris.dsn(), dbname=name, autocommit=True) as connection:
            here = "SELECT current_database(), (SELECT count(*) FROM pg_database WHERE datname = current_database())"
            assert connection.execute(here).fetchone() == (name, 1)
            catalogs = "SELECT DISTINCT table_catalog FROM information_schema.tables UNION ALL SELECT * FROM"
            catalogs += " information_schema.information_schema_catalog_name"
            assert connection.execute(catalogs).fetchall() == [(name,)] * 2
            listed = connection.execute("SELECT datname FROM pg_database").fetchall()
            assert {row[0].lower() for row in listed} >= {"postgres", "user"} and len(listed) == len(set(listed))
