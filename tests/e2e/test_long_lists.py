"""INSERT of many rows, and long IN lists: what PostgreSQL does with them, pgiris does."""

from __future__ import annotations

import re
from typing import Any

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
