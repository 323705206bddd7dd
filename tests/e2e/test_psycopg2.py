"""psycopg2: simple queries only, literals in the text, cursors by name."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import psycopg2
import psycopg2.errors
import psycopg2.extensions
import psycopg2.extras
import pytest

from tests.support.servers import Server

Tables = Callable[[str], str]


@pytest.fixture
def connection(server: Server, table: Tables) -> Iterator[Any]:  # after table, whose end waits for its locks
    connection = psycopg2.connect(server.dsn())
    yield connection
    connection.close()


@pytest.fixture
def cursor(connection: Any) -> Iterator[Any]:
    with connection.cursor() as cursor:
        yield cursor


@pytest.fixture
def things(table: Tables) -> str:
    return table("id int PRIMARY KEY, name text, price numeric(10,2), made date, seen timestamp, data bytea, ok boolean")


ROW = (
    1,
    "it's 100% \\ fine",
    Decimal("9.99"),
    dt.date(2024, 2, 29),
    dt.datetime(2024, 1, 2, 3, 4, 5, 600000),
    b"\x00\xff'",
    True,
)


def test_values_come_back_as_they_were_sent(connection: Any, cursor: Any, things: str) -> None:
    cursor.execute(f"INSERT INTO {things} VALUES (%s, %s, %s, %s, %s, %s, %s)", ROW)
    cursor.execute(f"INSERT INTO {things} VALUES (%s, %s, %s, %s, %s, %s, %s)", (2, *[None] * 6))
    assert cursor.rowcount == 1
    connection.commit()
    cursor.execute(f"SELECT * FROM {things} ORDER BY id")
    rows = [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor]
    assert rows == [ROW, (2, *[None] * 6)]


def test_execute_values_fills_many_rows(cursor: Any, things: str) -> None:
    rows = [(n, f"name {n}") for n in range(1, 1001)]
    psycopg2.extras.execute_values(cursor, f"INSERT INTO {things} (id, name) VALUES %s", rows, page_size=100)
    cursor.execute(f"SELECT count(*), min(name), max(id) FROM {things}")
    assert cursor.fetchone() == (1000, "name 1", 1000)


def test_execute_batch_sends_several_statements_at_once(cursor: Any, things: str) -> None:
    rows = [(n, f"name {n}") for n in range(1, 251)]
    psycopg2.extras.execute_batch(cursor, f"INSERT INTO {things} (id, name) VALUES (%s, %s)", rows)
    cursor.execute(f"SELECT count(*) FROM {things}")
    assert cursor.fetchone() == (250,)


def test_named_cursors_read_in_parts(connection: Any, cursor: Any, things: str) -> None:
    psycopg2.extras.execute_values(cursor, f"INSERT INTO {things} (id) VALUES %s", [(n,) for n in range(1, 101)])
    with connection.cursor("part") as named:
        named.itersize = 7
        named.execute(f"SELECT id FROM {things} ORDER BY id")
        assert named.fetchmany(3) == [(1,), (2,), (3,)]
        assert [row[0] for row in named] == list(range(4, 101))
    with connection.cursor("back", scrollable=True) as named:
        named.execute(f"SELECT id FROM {things} ORDER BY id")
        named.scroll(10)
        assert named.fetchone() == (11,)
        named.scroll(0, mode="absolute")
        assert named.fetchone() == (1,)


def test_a_transaction_is_begun_and_undone(connection: Any, cursor: Any, things: str) -> None:
    cursor.execute(f"INSERT INTO {things} (id) VALUES (1)")
    assert connection.status == psycopg2.extensions.STATUS_IN_TRANSACTION
    connection.rollback()
    cursor.execute(f"SELECT count(*) FROM {things}")
    assert cursor.fetchone() == (0,)


def test_errors_have_their_classes(connection: Any, cursor: Any, things: str) -> None:
    cursor.execute(f"INSERT INTO {things} (id) VALUES (1)")
    with pytest.raises(psycopg2.errors.UniqueViolation):
        cursor.execute(f"INSERT INTO {things} (id) VALUES (1)")
    with pytest.raises(psycopg2.errors.InFailedSqlTransaction):
        cursor.execute("SELECT 1")
    connection.rollback()
    with pytest.raises(psycopg2.errors.UndefinedTable):
        cursor.execute("SELECT * FROM no_such_table")
    connection.rollback()
    with pytest.raises(psycopg2.errors.SyntaxError):
        cursor.execute("SELEKT 1")


def test_session_modes(server: Server, things: str) -> None:
    connection = psycopg2.connect(server.dsn())
    connection.set_session(isolation_level="READ COMMITTED", readonly=True)
    with connection.cursor() as cursor, pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
        cursor.execute(f"DELETE FROM {things}")
    connection.close()


def test_rows_as_dictionaries(connection: Any) -> None:
    with connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor:
        cursor.execute("SELECT 1 AS one, 'zwei' AS two")
        assert cursor.fetchall() == [{"one": 1, "two": "zwei"}]


def test_cancel_from_another_thread(connection: Any, cursor: Any) -> None:
    threading.Timer(0.5, connection.cancel).start()
    with pytest.raises(psycopg2.errors.QueryCanceled):
        cursor.execute("SELECT pg_sleep(30)")


def test_notifications(server: Server, connection: Any, cursor: Any) -> None:
    connection.autocommit = True
    cursor.execute("LISTEN two_news")
    with psycopg2.connect(server.dsn()) as sender, sender.cursor() as other:
        other.execute("NOTIFY two_news, 'hi'")
    sender.close()
    for _ in range(50):
        cursor.execute("SELECT 1")
        if connection.notifies:
            break
    assert [(one.channel, one.payload) for one in connection.notifies] == [("two_news", "hi")]
