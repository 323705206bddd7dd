"""Sizes of tables, indexes and databases, as clients ask for them."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.support import servers
from tests.support.servers import Server, wait_until

Connection = psycopg.Connection[tuple[Any, ...]]
FOUR = (
    "SELECT pg_relation_size(oid), pg_table_size(oid), pg_indexes_size(oid), pg_total_relation_size(oid) FROM pg_class"
    " WHERE oid = %s::regclass"
)


@pytest.fixture(scope="module")
def sized() -> Iterator[Server]:
    with servers.pgiris() as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            for statement in (
                "CREATE SCHEMA sized",
                "CREATE TABLE sized.book (id int PRIMARY KEY, title text, code varchar(20) UNIQUE)",
                "CREATE INDEX book_title ON sized.book (title)",
                "CREATE TABLE other (id int PRIMARY KEY, title text)",
                "CREATE INDEX other_title ON other (title)",
                "CREATE VIEW sized.title AS SELECT title FROM sized.book",
                "CREATE SEQUENCE sized.number",
            ):
                connection.execute(statement)
        yield server


@pytest.fixture
def connection(sized: Server) -> Iterator[Connection]:
    with psycopg.connect(sized.dsn(), autocommit=True) as connection:
        yield connection


def sizes(connection: Connection, name: str) -> tuple[Any, ...]:
    found = connection.execute(FOUR, [name]).fetchone()
    assert found is not None
    return found


def test_a_table_grows_with_its_rows_and_has_its_indexes_in_its_total(connection: Connection) -> None:
    before = sizes(connection, "sized.book")
    assert all(size > 0 for size in before)
    connection.execute(
        "INSERT INTO sized.book SELECT g, 'a title of some length ' || g, 'code' || g FROM generate_series(1, 3000) AS g"
    )
    wait_until(lambda: sizes(connection, "sized.book")[0] > before[0], 5, "the table is larger")
    own, table, indexes, total = sizes(connection, "sized.book")
    assert own == table > before[1] and indexes > before[2] and total == table + indexes
    each = connection.execute(
        "SELECT sum(pg_relation_size(indexrelid)), count(*) FROM pg_index WHERE indrelid = 'sized.book'::regclass"
    ).fetchone()
    assert each == (indexes, 3)
    assert sizes(connection, "sized.book_title")[1:3] == (sizes(connection, "sized.book_title")[0], 0)
    assert sizes(connection, "other")[0] < own


def test_what_is_stored_nowhere_has_no_size(connection: Connection) -> None:
    for name in ("sized.title", "sized.number", "pg_class", "pg_tables", "pg_class_oid_index"):
        assert sizes(connection, name) == (0, 0, 0, 0)


def test_a_database_is_at_least_as_large_as_its_tables(connection: Connection) -> None:
    row = connection.execute(
        "SELECT sum(pg_total_relation_size(c.oid)) FILTER (WHERE relkind = 'r') <= pg_database_size('USER'),"
        " pg_database_size(current_database()) = (SELECT pg_database_size(oid) FROM pg_database WHERE datname = 'USER'),"
        " pg_database_size('postgres') = pg_database_size('USER'), pg_database_size(1::oid) FROM pg_class c"
    ).fetchone()
    assert row == (True, True, True, None)


@pytest.mark.parametrize("name", ["USER", "postgres"])
def test_every_name_of_the_database_tells_its_size(sized: Server, name: str) -> None:
    with psycopg.connect(sized.dsn(dbname=name)) as connection:
        row = connection.execute("SELECT count(pg_database_size(datname)), count(*) FROM pg_database").fetchone()
        assert row is not None and row[0] == row[1] > 1


def test_what_a_new_table_takes_is_known_at_once(connection: Connection) -> None:
    sizes(connection, "other")
    connection.execute("CREATE TABLE newest (id int PRIMARY KEY)")
    try:
        assert all(size > 0 for size in sizes(connection, "newest"))
        connection.execute("ALTER TABLE newest RENAME TO renamed")
        assert all(size > 0 for size in sizes(connection, "renamed"))
        connection.execute("DROP TABLE renamed")
        connection.execute("CREATE TABLE renamed (id int)")
        assert sizes(connection, "renamed")[2] == 0
    finally:
        connection.execute("DROP TABLE IF EXISTS newest, renamed")


def test_temporary_tables_have_sizes(connection: Connection) -> None:
    connection.execute("CREATE TEMP TABLE passing (id int)")
    assert connection.execute("SELECT pg_relation_size('passing') > 0, pg_relation_size('passing', 'fsm')").fetchone() == (
        True,
        0,
    )


def test_parameters_and_all_relations_at_once(connection: Connection) -> None:
    rows = connection.execute(
        "SELECT relname, pg_relation_size(c.oid, %s) FROM pg_class c WHERE relkind IN ('r', 'i')"
        " AND relnamespace = 'sized'::regnamespace ORDER BY pg_relation_size(c.oid) DESC, 1",
        ["main"],
    ).fetchall()
    assert {name for name, _ in rows} == {"book", "book_title", "book_pkey", "book_code_key"}
    assert [size for _, size in rows] == sorted((size for _, size in rows), reverse=True)


def test_in_a_transaction_other_workers_are_asked(connection: Connection) -> None:
    with connection.transaction():
        connection.execute("INSERT INTO other VALUES (1, 'x')")
        assert sizes(connection, "other")[0] > 0


def test_a_session_that_holds_the_only_worker_gets_null_and_goes_on() -> None:
    with servers.pgiris({"pool_size": 1, "pool_wait_s": 1}) as server, psycopg.connect(server.dsn(), autocommit=True) as one:
        one.execute("CREATE TABLE lonely (id int PRIMARY KEY)")
        with one.transaction():
            one.execute("INSERT INTO lonely VALUES (1)")
            began = time.monotonic()
            assert one.execute("SELECT pg_relation_size('lonely')").fetchone() == (None,)
            assert time.monotonic() - began < 5
            assert one.execute("SELECT count(*) FROM lonely").fetchone() == (1,)
        assert one.execute("SELECT pg_relation_size('lonely') > 0").fetchone() == (True,)


def psql(sized: Server, command: str) -> list[list[str]]:
    """The cells of what psql shows, heads first."""
    done = subprocess.run(
        ["psql", "-X", "-A", "-F", "|", "-P", "footer=off", "-c", command],
        env=sized.environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    heads, *rows = [line.split("|") for line in done.stdout.splitlines()[1:] if line]
    return [heads, *rows]


@pytest.mark.skipif(shutil.which("psql") is None, reason="psql is not installed")
@pytest.mark.parametrize(
    ("command", "names"),
    [
        (r"\dt+ sized.*", {"book"}),
        (r"\di+ sized.*", {"book_title", "book_pkey", "book_code_key"}),
        (r"\dv+ sized.*", {"title"}),
        (r"\ds+ sized.*", {"number"}),
        (r"\l+", {"USER", "postgres"}),
    ],
)
def test_psql_shows_sizes(sized: Server, command: str, names: set[str]) -> None:
    heads, *rows = psql(sized, command)
    place = heads.index("Size")
    shown = {row[heads.index("Name")]: row[place] for row in rows if len(row) == len(heads)}
    assert set(shown) == names
    for size in shown.values():
        number, unit = size.split()
        assert unit in ("bytes", "kB", "MB") and (int(number) > 0) == (command[2] not in "vs")
