"""COPY through real clients, as their manuals show it."""

from __future__ import annotations

import asyncio
import io
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import asyncpg
import psycopg
import psycopg2
import pytest

from tests.support.servers import DATABASE, Server

COLUMNS = "id int PRIMARY KEY, name text, price numeric(10,2), at timestamp, ok boolean"
AT = datetime(2024, 2, 29, 12, 30, 15, 250)
ROW = (1, "tab\tbackslash\\ newline\n", Decimal("2.50"), AT, True)
NULLS = (2, None, None, None, None)
Table = Callable[[str], str]


@pytest.fixture
def goods(table: Table) -> str:
    return table(COLUMNS)


def rows(server: Server, goods: str) -> list[tuple[object, ...]]:
    with psycopg.connect(server.dsn()) as connection:
        return connection.execute(f"SELECT * FROM {goods} ORDER BY id").fetchall()


@pytest.mark.parametrize("binary", [False, True])
def test_psycopg_writes_and_reads_rows(server: Server, goods: str, binary: bool) -> None:
    words, types = ("(FORMAT binary)" if binary else ""), ["int4", "text", "numeric", "timestamp", "bool"]
    with psycopg.connect(server.dsn()) as connection, connection.cursor() as cursor:
        with cursor.copy(f"COPY {goods} FROM STDIN {words}") as copy:
            if binary:
                copy.set_types(types)
            for row in (ROW, NULLS):
                copy.write_row(row)
        assert (cursor.rowcount, cursor.statusmessage) == (2, "COPY 2")
        with cursor.copy(f"COPY (SELECT * FROM {goods} ORDER BY id) TO STDOUT {words}") as copy:
            copy.set_types(types)
            assert list(copy.rows()) == [ROW, NULLS]
    assert rows(server, goods) == [ROW, NULLS]


def test_psycopg_copies_blocks_from_one_connection_to_another(server: Server, goods: str, table: Table) -> None:
    other = table(COLUMNS)
    with psycopg.connect(server.dsn()) as source, psycopg.connect(server.dsn()) as target:
        source.execute(f"INSERT INTO {goods} VALUES (%s, %s, %s, %s, %s)", ROW)
        source.commit()
        with (
            source.cursor().copy(f"COPY {goods} TO STDOUT (FORMAT binary)") as read,
            target.cursor().copy(f"COPY {other} FROM STDIN (FORMAT binary)") as write,
        ):
            for block in read:
                write.write(block)
    assert rows(server, other) == [ROW]


def test_psycopg_gives_up_in_the_middle(server: Server, goods: str) -> None:
    with psycopg.connect(server.dsn()) as connection:
        with pytest.raises(ZeroDivisionError), connection.cursor().copy(f"COPY {goods} FROM STDIN") as copy:
            copy.write_row(ROW)
            _ = 1 / 0
        assert connection.info.transaction_status is psycopg.pq.TransactionStatus.INERROR
        connection.rollback()
    assert rows(server, goods) == []


def test_psycopg_hears_of_an_error_among_many_rows(server: Server, goods: str) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        with (
            pytest.raises(psycopg.errors.InvalidTextRepresentation) as caught,
            connection.cursor().copy(f"COPY {goods} (id) FROM STDIN") as copy,
        ):
            for number in range(200_000):
                copy.write(f"{number}\n" if number != 70_000 else "x\n")
        assert caught.value.diag.context == f'COPY {goods}, line 70001, column id: "x"'
    assert rows(server, goods) == []


def test_psycopg_from_a_coroutine(server: Server, goods: str) -> None:
    async def run() -> None:
        async with (
            await psycopg.AsyncConnection.connect(server.dsn()) as connection,
            connection.cursor() as cursor,
            cursor.copy(f"COPY {goods} FROM STDIN") as copy,
        ):
            await copy.write_row(ROW)

    asyncio.run(run())
    assert rows(server, goods) == [ROW]


def test_psycopg2(server: Server, goods: str) -> None:
    connection = psycopg2.connect(server.dsn())
    try:
        with connection, connection.cursor() as cursor:
            cursor.copy_from(io.StringIO("1\tone\n2\t\\N\n"), goods, columns=("id", "name"))
            assert cursor.rowcount == 2
            cursor.copy_expert(f"COPY {goods} (id, name) FROM STDIN WITH CSV HEADER", io.StringIO('id,name\n3,"a,b"\n'))
            out = io.StringIO()
            cursor.copy_to(out, goods, sep="|", columns=("id", "name"))
            assert sorted(out.getvalue().splitlines()) == ["1|one", "2|\\N", "3|a,b"]
    finally:
        connection.close()


def test_asyncpg(server: Server, goods: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(**server.parameters, database=DATABASE, ssl=False)
        try:
            assert await connection.copy_records_to_table(goods, records=[ROW, NULLS]) == "COPY 2"
            records = [(number, "many", None) for number in range(10, 20_010)]
            assert await connection.copy_records_to_table(goods, records=records, columns=["id", "name", "ok"]) == "COPY 20000"
            source = io.BytesIO(b"5;five\n6;\n")
            tag = await connection.copy_to_table(goods, source=source, columns=["id", "name"], format="csv", delimiter=";")
            assert tag == "COPY 2"
            out = io.BytesIO()
            query = f"SELECT id, name FROM {goods} WHERE id < $1 AND id > $2 ORDER BY id"
            assert await connection.copy_from_query(query, 10, 2, output=out, format="csv", header=True) == "COPY 2"
            assert out.getvalue() == b"id,name\n5,five\n6,\n"
            out = io.BytesIO()
            assert await connection.copy_from_table(goods, output=out, columns=["id"]) == "COPY 20004"
            with pytest.raises(asyncpg.UniqueViolationError):
                async with connection.transaction():
                    await connection.copy_records_to_table(goods, records=[NULLS])
        finally:
            await connection.close()

    asyncio.run(run())


PSQL = """
\\copy {t} (id, name) from '{directory}/in.csv' with (format csv, header)
\\copy {t} to '{directory}/out.txt'
COPY {t} (id, name, price, at, ok) FROM stdin;
10	ten	1.00	2024-01-01 00:00:00	t
11	\\N	\\N	\\N	\\N
\\.
BEGIN;
COPY {t} (id) FROM stdin;
12
\\.
ROLLBACK;
SELECT id, name FROM {t} ORDER BY id;
COPY {t} TO stdout WITH (FORMAT csv, FORCE_QUOTE (name));
\\copy (select count(*) from {t}) to stdout
"""


@pytest.mark.skipif(shutil.which("psql") is None, reason="psql is not installed")
def test_psql(server: Server, goods: str) -> None:
    """A script with \\copy, and the data section of a dump."""
    (server.directory / "in.csv").write_text('id,name\n1,"one ""1"""\n2,two\n')
    script = PSQL.replace("{t}", goods).replace("{directory}", str(server.directory))
    done = subprocess.run(
        ["psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1"],
        input=script, env=server.environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        *("COPY 2", "COPY 2", "COPY 2", "BEGIN", "COPY 1", "ROLLBACK", '1|one "1"', "2|two", "10|ten", "11|"),
        '1,"one ""1""",,,',
        '2,"two",,,',
        '10,"ten",1.00,2024-01-01 00:00:00,t',
        "11,,,,",
        "4",
    ]
    assert (server.directory / "out.txt").read_text() == '1\tone "1"\t\\N\t\\N\t\\N\n2\ttwo\t\\N\t\\N\t\\N\n'


@pytest.mark.skipif(shutil.which("pgbench") is None, reason="pgbench is not installed")
def test_pgbench_fills_its_tables(server: Server) -> None:
    made = subprocess.run(["pgbench", "-i", "-s", "1"], env=server.environment, capture_output=True, text=True, timeout=100)
    try:
        assert made.returncode == 0, made.stderr
        with psycopg.connect(server.dsn()) as connection:
            sums = connection.execute("SELECT count(*), min(aid), max(aid), sum(abalance) FROM pgbench_accounts").fetchone()
            assert sums == (100_000, 1, 100_000, 0)
    finally:
        subprocess.run(["pgbench", "-i", "-I", "d"], env=server.environment, check=True, capture_output=True)
