"""INSERT of many rows, and long IN lists: what PostgreSQL does with them, pgiris does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.support.servers import Server

TABLE = (
    "CREATE TABLE long_lists (id int PRIMARY KEY, i8 bigint, n numeric(10,2), f double precision, b text, vc varchar(12),"
    " ok boolean, d date, tz timestamptz, u uuid, j jsonb, by bytea)"
)
# Statements on an empty table t. ``<<400 x>>``: so many times x with commas between; # is its number, % one digit of that.
SCRIPTS = {
    "constants": "INSERT INTO t (id, i8, n, f, b) VALUES <<400 (#, #, #.555, 0.#, 'it''s')>>",
    "negative": "INSERT INTO t (id, i8, n) VALUES <<400 (-#, -3000000000, -#.5)>>",
    "nulls": "INSERT INTO t (id, b, n, ok) VALUES <<400 (#, NULL, NULL, NULL)>>, (1000, 'x', 5, NULL)",
    "texts": r"""INSERT INTO t (id, b, vc) VALUES <<400 (#, 'a,b {#} "x" \ NULL', 'null')>>, (1000, '', 'NULL')""",
    "national": "INSERT INTO t (id, b, vc) VALUES <<400 (#, N'it''s', n'x')>>, (1000, NULL, N'')",
    "national with blanks": "INSERT INTO t (id, b) VALUES <<400 (#, N'a ')>>, (1000, N'b')",
    "types": "INSERT INTO t (id, ok, d, tz, u, j, by) VALUES <<400 (#, 'yes', '2024-01-1%', '2024-03-01 10:00:0%+02',"
    """ '00000000-0000-0000-0000-00000000000%', '{"a": #}', '\\x0%')>>""",
    "casts": "INSERT INTO t (id, d, n, b) VALUES <<400 ('#'::int, '2024-01-1%'::date, '#.125'::numeric, '2024-01-01'::date)>>",
    "booleans": "INSERT INTO t (id, ok) VALUES <<400 (#, true)>>, (1000, FALSE)",
    "no columns": "INSERT INTO t VALUES <<400 (#, 1, 2.5, 1, 'x')>>",
    "numbers as text": "INSERT INTO t (id, b) VALUES <<400 (#, #)>>",
    "decimals as integers": "INSERT INTO t (id, i8) VALUES <<400 (#, #.5)>>",
    "returning": "INSERT INTO t (id, b) VALUES <<400 (#, 'x#')>> RETURNING id, b || '!'",
    "upsert": "INSERT INTO t (id, b) VALUES <<250 (#, 'old')>>;;"
    "INSERT INTO t (id, b) VALUES <<400 (#, 'new')>> ON CONFLICT (id) DO UPDATE SET b = excluded.b || t.b || 'x';;"
    "INSERT INTO t AS x (id, b) VALUES <<400 (#, 'newest')>> ON CONFLICT (id) DO NOTHING",
    "lists": "INSERT INTO t (id, i8, n, b) VALUES <<400 (#, #, #.50, 'x#')>>;;"
    "SELECT id FROM t WHERE id IN (<<200 #>>) ORDER BY id;;"
    "SELECT id FROM t WHERE id NOT IN (<<380 #>>) ORDER BY id;;"
    "SELECT count(*) FROM t WHERE i8 IN (<<200 #>>) AND b IN (<<150 'x#'>>) OR n IN (<<200 #>>);;"
    "SELECT id, id IN (<<200 #>>) FROM t WHERE i8 + 1 IN (<<200 #>>) ORDER BY id;;"
    "SELECT count(*) FROM t WHERE id::text IN (<<200 '#'>>);;"
    "SELECT count(*) FROM t WHERE id IN (<<200 '#'>>);;"
    "UPDATE t SET b = 'y' WHERE id IN (<<120 #>>);;"
    "DELETE FROM t WHERE b = 'y' AND NOT id IN (<<110 #>>)",
    "wrong value": "INSERT INTO t (id, d) VALUES <<400 (#, '2024-01-1%')>>, (1000, 'never')",
    "wrong type": "INSERT INTO t (id, ok) VALUES <<400 (#, 1)>>",
    "too large": "INSERT INTO t (id, b) VALUES <<400 (#, 'x')>>, (3000000000, 'x')",
    "too long": "INSERT INTO t (id, vc) VALUES <<400 (#, 'x')>>, (1000, 'more than twelve')",
    "twice": "INSERT INTO t (id, b) VALUES <<400 (#, 'x')>>, (7, 'x')",
    "no null": "INSERT INTO t (b, id) VALUES <<400 ('x', #)>>, ('x', NULL)",
    "text in numbers": "SELECT id FROM t WHERE b IN (<<200 #>>)",
    "wrong item": "SELECT id FROM t WHERE id IN (<<200 '#'>>, 'x')",
    "several": "BEGIN; INSERT INTO t (id, b) VALUES <<400 (#, 'a;b')>>; COMMIT",
    "several, wrong": "BEGIN; INSERT INTO t (id, b) VALUES <<400 (#, 'a;b')>>; SELEC 1; COMMIT",
}


def statements(script: str) -> list[str]:
    return [_written(text) for text in re.sub(r"\bt\b", "long_lists", script).split(";;")]


def _written(text: str) -> str:
    return re.sub(r"<<(\d+) (.*?)>>", lambda match: _repeated(int(match[1]), match[2]), text)


def _repeated(count: int, text: str) -> str:
    return ", ".join(text.replace("#", str(number)).replace("%", str(number % 10)) for number in range(count))


def outcome(server: Server, script: str) -> list[Any]:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(TABLE)
        try:
            found = [run(connection, text) for text in statements(script)]
            return [*found, connection.execute("SELECT * FROM long_lists ORDER BY id").fetchall()]
        finally:
            connection.execute("DROP TABLE long_lists")


def run(connection: psycopg.Connection[Any], text: str) -> object:
    try:
        cursor = connection.execute(text.encode())
        return cursor.statusmessage, cursor.fetchall() if cursor.description else None
    except psycopg.Error as error:
        return error.sqlstate, error.diag.message_primary, error.diag.statement_position


@pytest.mark.parametrize("case", SCRIPTS)
def test_long_lists(postgres: Server, pgiris: Server, case: str) -> None:
    assert outcome(pgiris, SCRIPTS[case]) == outcome(postgres, SCRIPTS[case])


# Lists of parameters: type of the column -> value of a number
VALUES: dict[str, Callable[[int], object]] = {
    "int": lambda number: number,
    "bigint": lambda number: number * 10**10,
    "numeric(10,2)": lambda number: Decimal(number) / 4,
    "double precision": lambda number: number / 8,
    "text": lambda number: f"x{number}, \"y\" 'z'",
    "varchar(12)": lambda number: f"x{number}",
    "char(8)": lambda number: f"x{number}",
    "date": lambda number: date(2024, 1, 1) + timedelta(number),
    "timestamp": lambda number: datetime(2024, 1, 1) + timedelta(minutes=number),
    "timestamptz": lambda number: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
    "uuid": lambda number: UUID(int=number),
    "bytea": lambda number: bytes([number % 256, number // 256]),
}
QUERIES = (
    "SELECT id FROM listed WHERE v IN ({}) ORDER BY id",
    "SELECT id FROM listed WHERE v NOT IN ({}) ORDER BY id",
    "SELECT id, v IN ({}) FROM listed ORDER BY id",
    "SELECT id FROM listed WHERE id > 3 AND (v IN ({}) OR id = 1) AND 'a' <> 'b' ORDER BY id",
)


@pytest.mark.parametrize("binary", [False, True], ids=["text", "binary"])
@pytest.mark.parametrize("type_", VALUES)
def test_lists_of_parameters(postgres: Server, pgiris: Server, type_: str, binary: bool) -> None:
    assert listed(pgiris, type_, binary) == listed(postgres, type_, binary)


def listed(server: Server, type_: str, binary: bool) -> list[list[tuple[Any, ...]]]:
    """What each query finds with 150 values, with NULL among them, and with casts."""
    value, kind = VALUES[type_], sql_type(type_)
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE TABLE listed (id int PRIMARY KEY, v {type_})")
        try:
            rows = [(number, value(number)) for number in range(0, 200, 7)]
            connection.cursor().executemany("INSERT INTO listed VALUES (%s, %s)", [*rows, (1000, None)])
            given = [value(number) for number in range(150)]
            mark = "%b" if binary else "%t"
            found = []
            for query in QUERIES:
                for values, item in ((given, mark), ([*given, None], mark), (given, f"{mark}::{kind}")):
                    text = query.format(", ".join([item] * len(values)))
                    found.append(connection.execute(text.encode(), values, binary=binary).fetchall())
            return found
        finally:
            connection.execute("DROP TABLE listed")


def sql_type(type_: str) -> str:
    return type_.partition("(")[0] if type_ != "double precision" else "float8"


def test_a_list_of_thousands_of_parameters_is_one_list(server: Server) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        given = list(range(0, 20_000, 2))
        marks = ", ".join(["%s"] * len(given))
        query = f"SELECT count(*), min(n), max(n) FROM generate_series(1, 50) n WHERE n IN ({marks}) AND n > %s"
        assert connection.execute(query.encode(), (*given, 9)).fetchone() == (21, 10, 50)
        connection.execute("CREATE TABLE thousands (id int PRIMARY KEY)")
        try:
            connection.execute("INSERT INTO thousands SELECT n FROM generate_series(1, 50) n")
            query = f"DELETE FROM thousands WHERE id IN ({marks}) RETURNING id"
            assert len(connection.execute(query.encode(), given).fetchall()) == 25
            query = f"SELECT id FROM thousands WHERE id NOT IN ({marks}) AND id < %s ORDER BY id"
            assert connection.execute(query.encode(), (*given, 6)).fetchall() == [(1,), (3,), (5,)]
        finally:
            connection.execute("DROP TABLE thousands")
