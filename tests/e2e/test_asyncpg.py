"""asyncpg: binary formats, Flush before Sync, and a reset for every connection that goes back to the pool."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
import uuid
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from tests.support.servers import DATABASE, Server

Tables = Callable[[str], str]
Connection = Any  # asyncpg's methods are untyped


def parameters(server: Server) -> dict[str, Any]:
    return {**server.parameters, "database": DATABASE, "timeout": 10, "ssl": False}


def connected(server: Server, work: Callable[[Connection], Awaitable[None]], **more: Any) -> None:
    """Run work with a connection of its own."""

    async def run() -> None:
        connection = await asyncpg.connect(**parameters(server) | more)
        try:
            await work(connection)
        finally:
            await connection.close(timeout=10)

    asyncio.run(run())


@pytest.fixture
def pairs(server: Server, table: Tables) -> str:
    name = table("id int PRIMARY KEY, name text")

    async def fill(connection: Connection) -> None:
        await connection.executemany(f"INSERT INTO {name} VALUES ($1, $2)", [(n, f"row {n}") for n in range(1, 101)])

    connected(server, fill)
    return name


def test_fetching(server: Server, pairs: str) -> None:
    async def work(connection: Connection) -> None:
        assert await connection.fetchval(f"SELECT name FROM {pairs} WHERE id = $1", 3) == "row 3"
        assert dict(await connection.fetchrow(f"SELECT * FROM {pairs} WHERE id = 4")) == {"id": 4, "name": "row 4"}
        rows = await connection.fetch(f"SELECT id FROM {pairs} WHERE id > $1 AND name LIKE $2 ORDER BY id", 90, "row%")
        assert [row["id"] for row in rows] == list(range(91, 101))
        assert await connection.fetchval("SELECT $1::int + $2::int", 40, 2) == 42

    connected(server, work)


def test_status_of_commands(server: Server, pairs: str) -> None:
    async def work(connection: Connection) -> None:
        assert await connection.execute(f"INSERT INTO {pairs} VALUES ($1, $2)", 500, None) == "INSERT 0 1"
        assert await connection.execute(f"UPDATE {pairs} SET name = 'x' WHERE id < 3") == "UPDATE 2"
        assert await connection.execute(f"DELETE FROM {pairs} WHERE id = $1", 500) == "DELETE 1"
        assert await connection.execute(f"DELETE FROM {pairs} WHERE id = 1; SELECT count(*) FROM {pairs}") == "SELECT 1"

    connected(server, work)


VALUES = {
    "int2": ("smallint", [0, -32768, 32767]),
    "int4": ("int", [0, -(2**31), 2**31 - 1]),
    "int8": ("bigint", [0, -(2**63) + 1, 2**63 - 1]),
    "numeric": ("numeric(15,4)", [Decimal("0.0000"), Decimal("12345678901.2345"), Decimal("-1.5000"), Decimal("100000.0000")]),
    "float8": ("double precision", [0.0, 1.5, -2.25e-300, 1e300, 0.1]),
    "bool": ("boolean", [True, False]),
    "text": ("text", ["", "a", "naïve ☃ 𝄞", "  blanks  ", "x" * 100000]),
    "varchar": ("varchar(20)", ["", "Straße", "12345678901234567890"]),
    "bytea": ("bytea", [b"", b"\x00\x01\xfe\xff", bytes(range(256))]),
    "date": ("date", [dt.date(2000, 1, 1), dt.date(1900, 2, 28), dt.date(9999, 12, 30)]),  # 31: infinity to asyncpg
    "time": ("time", [dt.time(0, 0), dt.time(23, 59, 59, 999999)]),
    "timestamp": ("timestamp", [dt.datetime(2000, 1, 1), dt.datetime(1999, 12, 31, 23, 59, 59, 999999)]),
    "timestamptz": ("timestamptz", [dt.datetime(2024, 2, 29, 12, 0, 0, 5, tzinfo=dt.UTC)]),
    "uuid": ("uuid", [uuid.UUID("12345678-1234-5678-1234-567812345678")]),
}


@pytest.mark.parametrize("name", VALUES)
def test_binary_values_round_trip(server: Server, table: Tables, name: str) -> None:
    type_name, values = VALUES[name]
    stored = table(f"id int PRIMARY KEY, value {type_name}")

    async def work(connection: Connection) -> None:
        rows = [*enumerate(values), (len(values), None)]
        await connection.executemany(f"INSERT INTO {stored} (id, value) VALUES ($1, $2)", rows)
        assert [tuple(row) for row in await connection.fetch(f"SELECT id, value FROM {stored} ORDER BY id")] == rows

    connected(server, work)


def test_prepared_statements_tell_their_types(server: Server, pairs: str) -> None:
    async def work(connection: Connection) -> None:
        statement = await connection.prepare(f"SELECT id, name FROM {pairs} WHERE id = $1 OR name = $2")
        assert [kind.name for kind in statement.get_parameters()] == ["int4", "text"]
        assert [(column.name, column.type.name) for column in statement.get_attributes()] == [("id", "int4"), ("name", "text")]
        for number in range(1, 20):
            assert (await statement.fetchrow(number, ""))["name"] == f"row {number}"

    connected(server, work)


def test_cursors_read_in_parts(server: Server, pairs: str) -> None:
    async def work(connection: Connection) -> None:
        async with connection.transaction():
            seen = [row["id"] async for row in connection.cursor(f"SELECT id FROM {pairs} ORDER BY id", prefetch=7)]
            assert seen == list(range(1, 101))
            cursor = await connection.cursor(f"SELECT id FROM {pairs} WHERE id > $1 ORDER BY id", 10)
            assert [row["id"] for row in await cursor.fetch(3)] == [11, 12, 13]
            assert await cursor.forward(10) == 10
            assert (await cursor.fetchrow())["id"] == 24

    connected(server, work)


def test_transactions_and_savepoints(server: Server, pairs: str) -> None:
    async def work(connection: Connection) -> None:
        async with connection.transaction():
            await connection.execute(f"DELETE FROM {pairs} WHERE id = 1")
            with pytest.raises(ZeroDivisionError):
                async with connection.transaction():
                    await connection.execute(f"DELETE FROM {pairs} WHERE id = 2")
                    raise ZeroDivisionError
            with pytest.raises(asyncpg.UniqueViolationError):
                async with connection.transaction():
                    await connection.execute(f"INSERT INTO {pairs} VALUES (3, 'again')")
        with pytest.raises(ZeroDivisionError):
            async with connection.transaction():
                await connection.execute(f"DELETE FROM {pairs}")
                raise ZeroDivisionError
        assert [row[0] for row in await connection.fetch(f"SELECT id FROM {pairs} WHERE id < 5 ORDER BY id")] == [2, 3, 4]

    connected(server, work)


@pytest.mark.parametrize("options", [{"isolation": "read_committed"}, {"readonly": True}], ids=str)
def test_kinds_of_transactions(server: Server, pairs: str, options: dict[str, Any]) -> None:
    async def work(connection: Connection) -> None:
        async with connection.transaction(**options):
            assert await connection.fetchval(f"SELECT count(*) FROM {pairs}") == 100
            if options.get("readonly"):
                with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
                    async with connection.transaction():
                        await connection.execute(f"DELETE FROM {pairs}")

    connected(server, work)


def test_executemany_is_all_or_nothing(server: Server, pairs: str) -> None:
    async def work(connection: Connection) -> None:
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.executemany(f"INSERT INTO {pairs} VALUES ($1, 'new')", [(n,) for n in [*range(200, 300), 1]])
        assert await connection.fetchval(f"SELECT count(*) FROM {pairs}") == 100
        await connection.executemany(f"INSERT INTO {pairs} VALUES ($1, 'new')", [(n,) for n in range(1000, 3000)])
        assert await connection.fetchval(f"SELECT count(*) FROM {pairs}") == 2100

    connected(server, work)


def test_errors_have_their_classes_and_leave_the_connection_well(server: Server, pairs: str) -> None:
    async def work(connection: Connection) -> None:
        with pytest.raises(asyncpg.UndefinedTableError) as caught:
            await connection.fetch("SELECT * FROM no_such_table")
        assert caught.value.sqlstate == "42P01"
        with pytest.raises(asyncpg.PostgresSyntaxError):
            await connection.fetch("SELECT FROM WHERE")
        with pytest.raises(asyncpg.UniqueViolationError) as violated:
            await connection.execute(f"INSERT INTO {pairs} VALUES (1, 'again')")
        assert violated.value.table_name == pairs
        with pytest.raises(asyncpg.DataError):
            await connection.fetch(f"SELECT * FROM {pairs} WHERE id = $1", "one")
        assert await connection.fetchval("SELECT 1") == 1

    connected(server, work)


def test_a_pool_resets_what_its_users_left(server: Server, pairs: str) -> None:
    async def work() -> None:
        async with asyncpg.create_pool(**parameters(server), min_size=1, max_size=1) as pool:
            async with pool.acquire() as connection:
                await connection.execute("SET application_name = 'left over'")
                await connection.execute("SELECT pg_advisory_lock(77)")
                await connection.execute("LISTEN left_over")
            async with pool.acquire() as connection:
                assert await connection.fetchval("SHOW application_name") != "left over"
                assert not connection.is_in_transaction()
                assert await connection.fetchval(f"SELECT name FROM {pairs} WHERE id = 8") == "row 8"

    asyncio.run(work())


def test_a_pool_serves_many_tasks(server: Server, pairs: str) -> None:
    async def work() -> None:
        async with asyncpg.create_pool(**parameters(server), min_size=5, max_size=20) as pool:

            async def one(number: int) -> int:
                async with pool.acquire() as connection, connection.transaction():
                    return int(await connection.fetchval(f"SELECT id FROM {pairs} WHERE id = $1", number))

            assert await asyncio.gather(*(one(1 + n % 100) for n in range(500))) == [1 + n % 100 for n in range(500)]

    asyncio.run(work())


def test_notifications(server: Server) -> None:
    async def work(connection: Connection) -> None:
        heard: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        await connection.add_listener("async_news", lambda _, pid, channel, payload: heard.put_nowait((channel, payload)))
        other = await asyncpg.connect(**parameters(server))
        await other.execute("SELECT pg_notify($1, $2)", "async_news", "hello")
        await other.close()
        assert await asyncio.wait_for(heard.get(), 5) == ("async_news", "hello")
        await connection.execute("NOTIFY async_news, 'to myself'")
        assert await asyncio.wait_for(heard.get(), 5) == ("async_news", "to myself")

    connected(server, work)


def test_a_timeout_cancels_and_the_connection_goes_on(server: Server) -> None:
    async def work(connection: Connection) -> None:
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            await connection.fetchval("SELECT pg_sleep(30)", timeout=0.5)
        assert await connection.fetchval("SELECT 5") == 5
        assert time.monotonic() - started < 5

    connected(server, work)


def test_log_messages(server: Server) -> None:
    async def work(connection: Connection) -> None:
        seen: list[str] = []
        connection.add_log_listener(lambda _, message: seen.append(message.severity_en))
        await connection.execute("DROP TABLE IF EXISTS was_never_there")
        await asyncio.sleep(0.05)
        assert seen == ["NOTICE"]

    connected(server, work)


def test_settings_at_connect(server: Server) -> None:
    async def work(connection: Connection) -> None:
        assert await connection.fetchval("SHOW application_name") == "from asyncpg"
        assert await connection.fetchval("SHOW statement_timeout") == "9s"
        assert connection.get_settings().application_name == "from asyncpg"
        assert connection.get_server_version().major >= 15

    connected(server, work, server_settings={"application_name": "from asyncpg", "statement_timeout": "9000"})


def test_a_statement_changes_with_its_table(server: Server, pairs: str) -> None:
    async def work(connection: Connection) -> None:
        assert len(await connection.fetchrow(f"SELECT * FROM {pairs} WHERE id = $1", 1)) == 2
        await connection.execute(f"ALTER TABLE {pairs} ADD COLUMN extra int")
        assert len(await connection.fetchrow(f"SELECT * FROM {pairs} WHERE id = $1", 1)) == 3

    connected(server, work)


def test_sql_of_iris_has_typed_parameters_and_results(pgiris: Server) -> None:
    name = "asyncpg_iris_sql"

    async def work(connection: Connection) -> None:
        await connection.execute(f"DROP TABLE IF EXISTS {name}")
        columns = "id int PRIMARY KEY, name text, born date, score numeric(6,2), seen timestamp"
        await connection.execute(f"CREATE TABLE {name} ({columns})")
        row = (1, "Ann,Lee", dt.date(1978, 1, 15), Decimal("2.50"), dt.datetime(2024, 1, 2, 3, 4, 5))
        await connection.execute(f"INSERT OR UPDATE {name} (id, name, born, score, seen) VALUES ($1, $2, $3, $4, $5)", *row)
        query = f"SELECT TOP $1 * FROM {name} WHERE id = $2 AND born = $3 AND score > $4 AND name %STARTSWITH $5"
        assert tuple(await connection.fetchrow(query, 5, 1, row[2], Decimal("2"), "Ann")) == row
        statement = await connection.prepare(f"SELECT $PIECE(name, ',', $1), DATEADD('dd', $2, born) FROM {name}")
        assert [kind.name for kind in statement.get_parameters()] == ["int4", "int4"]
        assert tuple(await statement.fetchrow(2, 1)) == ("Lee", dt.datetime(1978, 1, 16))

    connected(pgiris, work)


def test_vectors_are_texts_without_a_codec(pgiris: Server) -> None:
    """As LangChain's PGVectorStore sends and reads them: asyncpg asks the catalog about a type that it does not know."""

    async def work(connection: Connection) -> None:
        await connection.execute("CREATE TABLE asyncpg_vectors (id int PRIMARY KEY, embedding vector(3), meta jsonb)")
        insert = "INSERT INTO asyncpg_vectors VALUES ($1, $2, $3)"
        await connection.executemany(insert, [(1, "[1, 0, 0]", '{"n": 1}'), (2, "[0, 1, 0]", '{"n": 2}'), (3, "[1, 1, 0]", "{}")])
        nearest = "SELECT id, embedding FROM asyncpg_vectors WHERE meta @? $2 ORDER BY embedding <=> $1 LIMIT 1"
        assert tuple(await connection.fetchrow(nearest, "[1, 0.1, 0]", "$.n ? (@ > 1)")) == (2, "[0,1,0]")
        await connection.execute("DROP TABLE asyncpg_vectors")

    connected(pgiris, work)
