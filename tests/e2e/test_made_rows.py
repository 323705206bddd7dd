"""INSERT ... SELECT of rows that no table holds: generate_series() and what is computed of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import psycopg
import pytest

from tests.support.servers import Server

Make = Callable[[str], str]
COLUMNS = "a int PRIMARY KEY, b varchar(40), c numeric(10,2), d date DEFAULT '2026-01-01', e float8"
MANY = 20_000


def connect(server: Server, autocommit: bool = True) -> psycopg.Connection:
    return psycopg.connect(server.dsn(), autocommit=autocommit)


def test_many_rows_are_made_and_inserted(server: Server, table: Make) -> None:
    name = table(COLUMNS)
    with connect(server) as connection:
        done = connection.execute(
            f"INSERT INTO {name} (a, b, c, e) SELECT g, 'row ' || g, g * 1.5, g FROM generate_series(1, {MANY}) AS g"
        )
        assert done.statusmessage == f"INSERT 0 {MANY}"
        found = connection.execute(f"SELECT count(*), min(a), max(a), sum(c), min(d), max(d), sum(e) FROM {name}").fetchone()
        assert found is not None and list(map(str, found)) == [
            *(str(MANY), "1", str(MANY)),
            *("300015000.00", "2026-01-01", "2026-01-01", "200010000.0"),
        ]
        assert connection.execute(f"SELECT b, c FROM {name} WHERE a = 7").fetchone() is not None


@pytest.mark.parametrize(
    ("items", "source", "rows"),
    [
        (
            "g, md5(g::text)",
            "generate_series(1, 2) g",
            [(1, "c4ca4238a0b923820dcc509a6f75849b"), (2, "c81e728d9d4c2f636f067f89cc14862c")],
        ),
        ("x, CASE WHEN x % 2 = 0 THEN 'even' END", "generate_series(1, 3) s(x)", [(1, None), (2, "even"), (3, None)]),
        ("g + 1, g", "generate_series(10, 1, -5) g WHERE g > 5", [(11, "10")]),
        (
            "x * 10 + y, 'b' || y",
            "generate_series(1, 2) x, generate_series(1, 2) y",
            [(11, "b1"), (12, "b2"), (21, "b1"), (22, "b2")],
        ),
        ("g, 'it''s \\ and \t and \n'", "generate_series(1, 1) g", [(1, "it's \\ and \t and \n")]),
        ("g, '\\N'", "generate_series(1, 1) g", [(1, "\\N")]),
        ("g, NULL::text", "generate_series(1, 1) g", [(1, None)]),
        ("g, 'ä' || chr(8364)", "generate_series(1, 1) g", [(1, "ä€")]),
    ],
)
def test_what_is_computed_is_what_is_stored(
    server: Server, table: Make, items: str, source: str, rows: list[tuple[object, ...]]
) -> None:
    name = table(COLUMNS)
    with connect(server) as connection:
        connection.execute(f"INSERT INTO {name} (a, b) SELECT {items} FROM {source}")
        assert connection.execute(f"SELECT a, b FROM {name} ORDER BY a").fetchall() == rows


@pytest.mark.parametrize(
    ("columns", "items", "code"),
    [
        ("(a)", "3 - g", "23505"),  # behind a good row
        ("(a, b)", "g, repeat('x', 38 + g)", "22001"),
        ("(a)", "g + 2147483645::bigint", "22003"),
        ("(a, b)", "g", "42601"),
        ("(a)", "g, 'x'", "42601"),
        ("(a, z)", "g, 'x'", "42703"),
        ("(a, a)", "g, g", "42701"),
        ("(a, d)", "g, true", "42804"),
        ("(b)", "'x' || g", "23502"),
        ("(a)", "10 / (g - 2)", "22012"),
    ],
)
def test_an_error_leaves_nothing_behind(server: Server, table: Make, columns: str, items: str, code: str) -> None:
    name = table(COLUMNS)
    with connect(server) as connection:
        connection.execute(f"INSERT INTO {name} (a) VALUES (0)")
        with pytest.raises(psycopg.Error) as caught:
            connection.execute(f"INSERT INTO {name} {columns} SELECT {items} FROM generate_series(1, 4) g")
        assert caught.value.sqlstate == code
        assert caught.value.diag.context is None or "COPY" not in caught.value.diag.context
        assert connection.execute(f"SELECT count(*) FROM {name}").fetchone() == (1,)


def test_rows_larger_than_a_block_arrive_whole(server: Server, table: Make) -> None:
    name = table("a int PRIMARY KEY, b text")
    with connect(server) as connection:
        connection.execute(f"INSERT INTO {name} SELECT g, repeat('wide ', 100) FROM generate_series(1, 3000) g")
        connection.execute(f"INSERT INTO {name} SELECT g, repeat('w', 200000) FROM generate_series(3001, 3003) g")
        found = connection.execute(f"SELECT count(*), min(length(b)), max(length(b)) FROM {name}").fetchone()
        assert found == (3003, 500, 200000)


def test_it_belongs_to_its_transaction(server: Server, table: Make) -> None:
    name = table(COLUMNS)
    with connect(server, autocommit=False) as connection:
        connection.execute(f"INSERT INTO {name} (a) SELECT g FROM generate_series(1, 10) g")
        assert connection.execute(f"SELECT count(*) FROM {name}").fetchone() == (10,)
        connection.rollback()
        connection.execute(f"INSERT INTO {name} (a) SELECT g FROM generate_series(1, 3) g")
        connection.execute("SAVEPOINT s")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(f"INSERT INTO {name} (a) SELECT g FROM generate_series(3, 5) g")
        connection.execute("ROLLBACK TO s")
        connection.commit()
        assert connection.execute(f"SELECT count(*) FROM {name}").fetchone() == (3,)


def test_a_transaction_that_only_reads_refuses_it(server: Server, table: Make) -> None:
    name = table(COLUMNS)
    with connect(server) as connection:
        connection.execute("SET default_transaction_read_only = on")
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction, match="cannot execute INSERT in a read-only transaction"):
            connection.execute(f"INSERT INTO {name} (a) SELECT g FROM generate_series(1, 3) g")


def test_it_can_be_cancelled(server: Server, table: Make) -> None:
    name = table(COLUMNS)
    with connect(server) as connection:
        timer = threading.Timer(0.7, connection.cancel)
        timer.start()
        began = time.monotonic()
        with pytest.raises(psycopg.errors.QueryCanceled):
            connection.execute(f"INSERT INTO {name} (a, b) SELECT g, 'x' FROM generate_series(1, 50000000) g")
        assert time.monotonic() - began < 10
        assert connection.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,)


def test_many_rows_are_streamed(server: Server, table: Make) -> None:
    name = table(COLUMNS)
    with connect(server) as connection:
        done = connection.execute(f"INSERT INTO {name} (a, b) SELECT g, md5(g::text) FROM generate_series(1, 200000) g")
        assert done.rowcount == 200_000
        assert connection.execute(f"SELECT count(*), count(DISTINCT b) FROM {name}").fetchone() == (200_000, 200_000)


def test_made_values_are_converted_to_the_types_of_the_columns(pgiris: Server) -> None:
    with connect(pgiris) as connection:
        connection.execute("CREATE TABLE made_rows (a int PRIMARY KEY, t timestamp)")
        try:
            connection.execute("INSERT INTO made_rows SELECT g, now() FROM generate_series(1, 3) g")
            rows = connection.execute(
                "SELECT t > localtimestamp - interval '1 minute' AND t <= localtimestamp FROM made_rows"
            ).fetchall()
            assert rows == [(True,)] * 3
        finally:
            connection.execute("DROP TABLE made_rows")
