"""psycopg 3: what its documentation shows, against a running server."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal

import psycopg
import pytest
from psycopg import errors, sql
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row

from tests.support.servers import Server

Tables = Callable[[str], str]
Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def connection(server: Server, table: Tables) -> Iterator[Connection]:  # after table, whose end waits for its locks
    with psycopg.connect(server.dsn()) as connection:
        yield connection


@pytest.fixture
def pairs(server: Server, table: Tables) -> str:
    """A table of 100 rows (n, 'row n')."""
    name = table("id int PRIMARY KEY, name text")
    with psycopg.connect(server.dsn()) as connection:
        connection.cursor().executemany(f"INSERT INTO {name} VALUES (%s, %s)", [(n, f"row {n}") for n in range(1, 101)])
    return name


def test_parameters_and_results(connection: Connection, pairs: str) -> None:
    cursor = connection.execute(f"SELECT id, name FROM {pairs} WHERE id BETWEEN %s AND %s ORDER BY id", (2, 4))
    assert [column.name for column in cursor.description or ()] == ["id", "name"]
    assert [column.type_code for column in cursor.description or ()] == [23, 25]
    assert cursor.rowcount == 3
    assert cursor.fetchone() == (2, "row 2")
    assert cursor.fetchall() == [(3, "row 3"), (4, "row 4")]
    assert cursor.statusmessage == "SELECT 3"


def test_rows_as_dictionaries(server: Server, pairs: str) -> None:
    with psycopg.connect(server.dsn(), row_factory=dict_row) as connection:
        assert connection.execute(f"SELECT * FROM {pairs} WHERE id = 7").fetchone() == {"id": 7, "name": "row 7"}


def test_composed_identifiers(connection: Connection, pairs: str) -> None:
    query = sql.SQL("SELECT {column} FROM {table} WHERE id = {value}").format(
        column=sql.Identifier("name"), table=sql.Identifier(pairs), value=sql.Literal(3)
    )
    assert connection.execute(query).fetchone() == ("row 3",)


VALUES = {
    "int2": ("smallint", [0, -32768, 32767]),
    "int4": ("int", [0, -(2**31), 2**31 - 1]),
    "int8": ("bigint", [0, -(2**63) + 1, 2**63 - 1]),
    "numeric": ("numeric(15,4)", [Decimal("0.0000"), Decimal("12345678901.2345"), Decimal("-1.5000")]),
    "float8": ("double precision", [0.0, 1.5, -2.25e-300, 1e300, 0.1]),
    "bool": ("boolean", [True, False]),
    "text": ("text", ["", "a", 'it\'s "quoted" \\ back', "naïve ☃ 𝄞", "  blanks  ", "x" * 10000, "line\nline\ttab"]),
    "varchar": ("varchar(20)", ["", "Straße", "12345678901234567890"]),
    "bytea": ("bytea", [b"", b"\x00\x01\xfe\xff", bytes(range(256))]),
    "date": ("date", [dt.date(2000, 1, 1), dt.date(1900, 2, 28), dt.date(9999, 12, 31)]),
    "time": ("time", [dt.time(0, 0), dt.time(23, 59, 59, 999999), dt.time(12, 30, 0, 500000)]),
    "timestamp": (
        "timestamp",
        [dt.datetime(2000, 1, 1), dt.datetime(1999, 12, 31, 23, 59, 59, 999999), dt.datetime(2038, 1, 19, 3, 14, 8, 250000)],
    ),
    "timestamptz": (
        "timestamptz",
        [
            dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC),
            dt.datetime(2024, 7, 1, 1, 2, 3, 4, tzinfo=dt.timezone(dt.timedelta(hours=5))),
        ],
    ),
    "uuid": ("uuid", [uuid.UUID("12345678-1234-5678-1234-567812345678"), uuid.UUID(int=0)]),
}


@pytest.mark.parametrize("binary_results", [False, True], ids=["text results", "binary results"])
@pytest.mark.parametrize("placeholder", ["%s", "%b", "%t"], ids=["auto", "binary", "text"])
@pytest.mark.parametrize("name", VALUES)
def test_values_round_trip(connection: Connection, table: Tables, name: str, placeholder: str, binary_results: bool) -> None:
    type_name, values = VALUES[name]
    stored = table(f"id int PRIMARY KEY, value {type_name}")
    rows = [*enumerate(values), (len(values), None)]
    with connection.cursor(binary=binary_results) as cursor:
        for row in rows:
            cursor.execute(f"INSERT INTO {stored} (id, value) VALUES (%s, {placeholder})", row)
        assert cursor.execute(f"SELECT id, value FROM {stored} ORDER BY id").fetchall() == rows


@pytest.mark.parametrize("placeholder", ["%b", "%t"], ids=["binary", "text"])
@pytest.mark.parametrize("value", [float("nan"), float("-inf"), Decimal("NaN"), Decimal("Infinity")], ids=repr)
def test_numbers_that_iris_has_not_come_back_and_are_never_stored(
    server: Server, connection: Connection, table: Tables, placeholder: str, value: float | Decimal
) -> None:
    connection.autocommit = True
    assert repr(connection.execute(f"SELECT {placeholder}", (value,)).fetchone()) == repr((value,))
    if not server.is_pgiris:
        return
    stored = table("id int PRIMARY KEY, f float8, n numeric")
    column = "f" if isinstance(value, float) else "n"
    for statement in ("INSERT INTO {0} (id, {1}) VALUES (1, {2})", "SELECT id FROM {0} WHERE {1} < {2}"):
        with pytest.raises(errors.FeatureNotSupported, match="IRIS cannot hold"):
            connection.execute(statement.format(stored, column, placeholder), (value,))
    assert connection.execute(f"SELECT * FROM {stored}").fetchall() == []


@pytest.mark.parametrize("name", sorted(set(VALUES) - {"float8"}))
def test_values_are_found_again(connection: Connection, table: Tables, name: str) -> None:
    type_name, values = VALUES[name]
    stored = table(f"id int PRIMARY KEY, value {type_name}")
    connection.cursor().executemany(f"INSERT INTO {stored} VALUES (%s, %s)", list(enumerate(values)))
    for number, value in enumerate(values):
        assert connection.execute(f"SELECT id FROM {stored} WHERE value = %s", (value,)).fetchall() == [(number,)]


def test_a_block_commits_and_an_exception_rolls_back(server: Server, pairs: str) -> None:
    with psycopg.connect(server.dsn()) as connection:
        connection.execute(f"DELETE FROM {pairs} WHERE id = 1")
    with pytest.raises(ZeroDivisionError), psycopg.connect(server.dsn()) as connection:
        connection.execute(f"DELETE FROM {pairs}")
        raise ZeroDivisionError
    with psycopg.connect(server.dsn()) as connection:
        assert connection.execute(f"SELECT count(*) FROM {pairs}").fetchone() == (99,)


def test_transaction_blocks_nest(connection: Connection, pairs: str) -> None:
    with connection.transaction():
        connection.execute(f"DELETE FROM {pairs} WHERE id = 1")
        with pytest.raises(ZeroDivisionError), connection.transaction():
            connection.execute(f"DELETE FROM {pairs} WHERE id = 2")
            raise ZeroDivisionError
        with pytest.raises(errors.UniqueViolation), connection.transaction():
            connection.execute(f"INSERT INTO {pairs} VALUES (3, 'again')")
        with connection.transaction():
            connection.execute(f"DELETE FROM {pairs} WHERE id = 4")
    found = connection.execute(f"SELECT id FROM {pairs} WHERE id < 6 ORDER BY id").fetchall()
    assert found == [(2,), (3,), (5,)]


def test_status_follows_the_transaction(connection: Connection) -> None:
    assert connection.info.transaction_status == TransactionStatus.IDLE
    connection.execute("SELECT 1")
    assert connection.info.transaction_status == TransactionStatus.INTRANS
    with pytest.raises(errors.UndefinedTable):
        connection.execute("SELECT * FROM no_such_table")
    assert connection.info.transaction_status == TransactionStatus.INERROR
    with pytest.raises(errors.InFailedSqlTransaction):
        connection.execute("SELECT 1")
    connection.rollback()
    assert connection.info.transaction_status == TransactionStatus.IDLE


def test_autocommit_leaves_no_transaction(server: Server, pairs: str) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(f"DELETE FROM {pairs} WHERE id = 1")
        assert connection.info.transaction_status == TransactionStatus.IDLE
        with psycopg.connect(server.dsn()) as other:
            assert other.execute(f"SELECT count(*) FROM {pairs}").fetchone() == (99,)


def test_uncommitted_changes_are_not_seen_by_others(server: Server, connection: Connection, pairs: str) -> None:
    connection.execute(f"INSERT INTO {pairs} VALUES (1000, 'mine')")
    with psycopg.connect(server.dsn()) as other:
        other.execute("SET lock_timeout = '2s'")
        assert other.execute(f"SELECT id FROM {pairs} WHERE id = 1000").fetchall() == []


def test_isolation_level_and_read_only(server: Server, pairs: str) -> None:
    with psycopg.connect(server.dsn()) as connection:
        connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        connection.read_only = True
        assert connection.execute("SHOW transaction_isolation").fetchone() == ("read committed",)
        with pytest.raises(errors.ReadOnlySqlTransaction):
            connection.execute(f"DELETE FROM {pairs}")


def test_statements_are_prepared_after_some_uses(connection: Connection, pairs: str) -> None:
    connection.prepare_threshold = 2
    for number in range(1, 20):
        assert connection.execute(f"SELECT name FROM {pairs} WHERE id = %s", (number,)).fetchone() == (f"row {number}",)
    assert connection.execute(f"SELECT name FROM {pairs} WHERE id = %s", (5,), prepare=True).fetchone() == ("row 5",)


def test_more_statements_than_a_client_keeps_prepared(connection: Connection, pairs: str) -> None:
    connection.prepare_threshold = 0
    connection.prepared_max = 3
    for number in range(1, 30):
        assert connection.execute(f"SELECT id + {number} FROM {pairs} WHERE id = %s", (1,)).fetchone() == (number + 1,)


def test_a_prepared_statement_survives_a_change_of_its_table(server: Server, connection: Connection, pairs: str) -> None:
    connection.autocommit = True
    for _ in range(3):
        connection.execute(f"SELECT name FROM {pairs} WHERE id = %s", (1,), prepare=True)
    with psycopg.connect(server.dsn(), autocommit=True) as other:
        other.execute(f"ALTER TABLE {pairs} ADD COLUMN extra int")
    assert connection.execute(f"SELECT name FROM {pairs} WHERE id = %s", (1,), prepare=True).fetchone() == ("row 1",)
    assert connection.execute(f"SELECT extra FROM {pairs} WHERE id = %s", (1,)).fetchone() == (None,)


def test_pipeline_mode_sends_before_it_reads(connection: Connection, pairs: str) -> None:
    with connection.pipeline(), connection.cursor() as first, connection.cursor() as second:
        first.execute(f"SELECT name FROM {pairs} WHERE id = %s", (1,))
        connection.execute(f"INSERT INTO {pairs} VALUES (%s, %s)", (200, "piped"))
        second.execute(f"SELECT name FROM {pairs} WHERE id = %s", (200,))
        assert first.fetchone() == ("row 1",)
        assert second.fetchone() == ("piped",)


def test_an_error_in_a_pipeline_aborts_it_and_a_new_one_works(connection: Connection, pairs: str) -> None:
    connection.autocommit = True
    with pytest.raises(errors.UniqueViolation), connection.pipeline():
        connection.execute(f"INSERT INTO {pairs} VALUES (300, 'undone')")
        connection.execute(f"INSERT INTO {pairs} VALUES (1, 'again')")
        connection.execute(f"INSERT INTO {pairs} VALUES (301, 'never')")
    with connection.pipeline():
        found = connection.execute(f"SELECT id FROM {pairs} WHERE id >= 300").fetchall()
    assert found == []


def test_a_pipeline_of_thousands(connection: Connection, pairs: str) -> None:
    with connection.pipeline():
        cursors = [connection.execute(f"SELECT %s + id FROM {pairs} WHERE id = 1", (n,)) for n in range(3000)]
    assert [cursor.fetchone() for cursor in cursors] == [(n + 1,) for n in range(3000)]


def test_executemany_and_its_results(connection: Connection, pairs: str) -> None:
    cursor = connection.cursor()
    cursor.executemany(f"INSERT INTO {pairs} VALUES (%s, %s)", [(n, None) for n in range(1000, 1500)])
    assert cursor.rowcount == 500
    cursor.executemany(f"SELECT name FROM {pairs} WHERE id = %s", [(1,), (2,)], returning=True)
    assert cursor.fetchall() == [("row 1",)]
    assert cursor.nextset()
    assert cursor.fetchall() == [("row 2",)]


def test_a_server_side_cursor_with_a_binary_parameter_beside_a_literal(connection: Connection, pairs: str) -> None:
    with connection.cursor(name="both") as cursor:
        cursor.execute(f"SELECT id FROM {pairs} WHERE id > %b AND id < 14 ORDER BY id", (10,))
        assert cursor.fetchall() == [(11,), (12,), (13,)]


def test_server_side_cursors(connection: Connection, pairs: str) -> None:
    with connection.cursor(name="part") as cursor:
        cursor.itersize = 30
        cursor.execute(f"SELECT id FROM {pairs} WHERE id > %s ORDER BY id", (10,))
        assert cursor.fetchone() == (11,)
        assert cursor.fetchmany(3) == [(12,), (13,), (14,)]
        assert [row[0] for row in cursor] == list(range(15, 101))
    with connection.cursor(name="again", binary=True) as cursor:
        cursor.execute(f"SELECT id, name FROM {pairs} ORDER BY id")
        assert cursor.fetchmany(2) == [(1, "row 1"), (2, "row 2")]


def test_a_scrollable_cursor_goes_back(connection: Connection, pairs: str) -> None:
    with connection.cursor(name="scrolled", scrollable=True) as cursor:
        cursor.execute(f"SELECT id FROM {pairs} ORDER BY id")
        assert cursor.fetchmany(3) == [(1,), (2,), (3,)]
        cursor.scroll(-2)
        assert cursor.fetchone() == (2,)
        cursor.scroll(50, mode="absolute")
        assert cursor.fetchone() == (51,)


def test_a_cursor_with_hold_outlives_its_transaction(connection: Connection, pairs: str) -> None:
    cursor = connection.cursor(name="held", withhold=True)
    cursor.execute(f"SELECT id FROM {pairs} ORDER BY id")
    connection.commit()
    assert cursor.fetchmany(2) == [(1,), (2,)]
    cursor.close()


def test_rows_are_streamed(connection: Connection, pairs: str) -> None:
    rows = connection.cursor().stream(f"SELECT a.id FROM {pairs} a, {pairs} b ORDER BY a.id")
    assert sum(1 for _ in rows) == 10000


def test_notices_reach_their_handler(connection: Connection) -> None:
    seen: list[tuple[str | None, ...]] = []
    connection.add_notice_handler(lambda d: seen.append((d.severity_nonlocalized, d.sqlstate, d.message_primary)))
    connection.execute("DROP TABLE IF EXISTS was_never_there")
    assert seen == [("NOTICE", "00000", 'table "was_never_there" does not exist, skipping')]


def test_diagnostics_name_table_and_constraint(connection: Connection, pairs: str) -> None:
    with pytest.raises(errors.UniqueViolation) as caught:
        connection.execute(f"INSERT INTO {pairs} VALUES (1, 'again')")
    diagnostic = caught.value.diag
    assert diagnostic.severity_nonlocalized == "ERROR"
    assert diagnostic.schema_name == "public"
    assert diagnostic.table_name == pairs
    assert diagnostic.constraint_name


def test_notifications(server: Server) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as listener, psycopg.connect(server.dsn(), autocommit=True) as sender:
        listener.execute("LISTEN news")
        sender.execute("NOTIFY news, 'first'")
        sender.execute("SELECT pg_notify('news', 'second')")
        sender.execute("NOTIFY other, 'unheard'")
        heard = list(listener.notifies(timeout=5, stop_after=2))
        assert [(one.channel, one.payload, one.pid) for one in heard] == [
            ("news", "first", sender.info.backend_pid),
            ("news", "second", sender.info.backend_pid),
        ]
        listener.execute("UNLISTEN news")
        sender.execute("NOTIFY news")
        assert list(listener.notifies(timeout=0.3)) == []


def test_notifications_wait_for_commit(server: Server) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as listener, psycopg.connect(server.dsn()) as sender:
        listener.execute("LISTEN slow_news")
        sender.execute("NOTIFY slow_news, 'undone'")
        sender.rollback()
        sender.execute("NOTIFY slow_news, 'done'")
        assert list(listener.notifies(timeout=0.3)) == []
        sender.commit()
        assert [one.payload for one in listener.notifies(timeout=5, stop_after=1)] == ["done"]


def test_cancel_from_another_thread(connection: Connection) -> None:
    threading.Timer(0.5, connection.cancel_safe).start()
    started = time.monotonic()
    with pytest.raises(errors.QueryCanceled):
        connection.execute("SELECT pg_sleep(30)")
    assert time.monotonic() - started < 20
    connection.rollback()
    assert connection.execute("SELECT 1").fetchone() == (1,)


def test_advisory_locks_exclude_one_another(server: Server) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as first, psycopg.connect(server.dsn(), autocommit=True) as second:
        assert first.execute("SELECT pg_try_advisory_lock(42)").fetchone() == (True,)
        assert second.execute("SELECT pg_try_advisory_lock(42)").fetchone() == (False,)
        assert first.execute("SELECT pg_advisory_unlock(42)").fetchone() == (True,)
        assert second.execute("SELECT pg_try_advisory_lock(42)").fetchone() == (True,)


def test_settings_in_the_startup_packet(server: Server) -> None:
    options = "-c statement_timeout=7s -c application_name=opted"
    with psycopg.connect(server.dsn(options=options)) as connection:
        assert connection.execute("SHOW statement_timeout").fetchone() == ("7s",)
        assert connection.info.parameter_status("application_name") == "opted"
        assert connection.execute("SELECT current_setting('application_name')").fetchone() == ("opted",)


def test_time_zone_of_the_session(connection: Connection, table: Tables) -> None:
    moments = table("at timestamptz")
    moment = dt.datetime(2024, 7, 1, 12, tzinfo=dt.UTC)
    connection.execute("SET TimeZone = 'America/New_York'")
    connection.execute(f"INSERT INTO {moments} VALUES (%s)", (moment,))
    connection.execute(f"INSERT INTO {moments} VALUES ('2024-07-01 08:00:00')")
    rows = connection.execute(f"SELECT at FROM {moments}").fetchall()
    assert rows == [(moment,), (moment,)]
    assert isinstance(rows[0][0], dt.datetime)
    assert rows[0][0].utcoffset() == dt.timedelta(hours=-4)


def test_a_password_that_nobody_asked_for_is_no_problem(server: Server) -> None:
    with psycopg.connect(server.dsn(password="unused")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_database_that_does_not_exist(server: Server) -> None:
    with pytest.raises(psycopg.OperationalError, match='database "nowhere" does not exist'):
        psycopg.connect(server.dsn(dbname="nowhere"))


def test_binding_every_type_of_null(connection: Connection, table: Tables) -> None:
    columns = ", ".join(f"c{number} {type_name}" for number, (type_name, _) in enumerate(VALUES.values()))
    empty = table(columns)
    connection.execute(f"INSERT INTO {empty} VALUES ({', '.join(['%s'] * len(VALUES))})", [None] * len(VALUES))
    assert connection.execute(f"SELECT * FROM {empty}").fetchone() == (None,) * len(VALUES)


def test_lists_are_matched_with_any(connection: Connection, pairs: str) -> None:
    assert connection.execute(f"SELECT id FROM {pairs} WHERE id = ANY(%s) ORDER BY id", ([5, 3, 999],)).fetchall() == [(3,), (5,)]
    assert connection.execute(f"SELECT id FROM {pairs} WHERE name = ANY(%s)", (["row 8"],)).fetchall() == [(8,)]


def test_returning_gives_generated_keys(connection: Connection, table: Tables) -> None:
    things = table("id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name text")
    first = connection.execute(f"INSERT INTO {things} (name) VALUES ('a') RETURNING id").fetchone()
    second = connection.execute(f"INSERT INTO {things} (name) VALUES (%s) RETURNING id, name", ("b",)).fetchone()
    assert first == (1,)
    assert second == (2, "b")


# Asynchronous


def test_asynchronous_connections(server: Server, pairs: str) -> None:
    async def work() -> None:
        async with await psycopg.AsyncConnection.connect(server.dsn()) as connection:
            async with connection.transaction(), connection.cursor() as cursor:
                await cursor.execute(f"SELECT name FROM {pairs} WHERE id = %s", (9,))
                assert await cursor.fetchone() == ("row 9",)
            async with connection.cursor(name="async_part") as named:
                await named.execute(f"SELECT id FROM {pairs} ORDER BY id")
                assert [row async for row in named] == [(n,) for n in range(1, 101)]

    asyncio.run(work())


def test_many_asynchronous_connections_at_once(server: Server, pairs: str) -> None:
    async def one(number: int) -> int:
        async with await psycopg.AsyncConnection.connect(server.dsn()) as connection:
            cursor = await connection.execute(f"SELECT id FROM {pairs} WHERE id = %s", (number,))
            row = await cursor.fetchone()
            assert row is not None
            return int(row[0])

    async def work() -> None:
        assert await asyncio.gather(*(one(n) for n in range(1, 51))) == list(range(1, 51))

    asyncio.run(work())


def test_cancelling_a_task_cancels_its_statement(server: Server) -> None:
    async def work() -> None:
        async with await psycopg.AsyncConnection.connect(server.dsn()) as connection:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(connection.execute("SELECT pg_sleep(30)"), 0.5)
            await connection.rollback()
            cursor = await connection.execute("SELECT 1")
            assert await cursor.fetchone() == (1,)

    started = time.monotonic()
    asyncio.run(work())
    assert time.monotonic() - started < 10
