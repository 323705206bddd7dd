"""What a statement means: the same rows on PostgreSQL and, translated to IRIS SQL, on the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.pq import ExecStatus

from pgiris.errors import PgError
from pgiris.sql.split import split
from tests.sql.running import Cells, Runner
from tests.support.servers import Server

CASES = Path(__file__).parent.parent / "cases"
SCHEMA = r"""
CREATE TABLE t (
    id int PRIMARY KEY, a int, s2 smallint, i8 bigint, n numeric(10,2), f float8, r real, b text, vc varchar(10), ok bool,
    d date, tm time, ts timestamp, tz timestamptz, u uuid, j jsonb, by bytea
);
CREATE TABLE u (id int PRIMARY KEY, t_id int, name varchar(20) NOT NULL);
INSERT INTO t VALUES
    (1, 5, 1, 10000000000, 1.10, 0.5, 1.5, 'abc', 'x', true, '2020-01-31', '10:11:12', '2020-01-31 10:11:12.5',
        '2020-01-31 10:11:12+02', '00000000-0000-0000-0000-000000000001', '{"a": 1}', '\x0102'),
    (2, -7, 2, 3, -2.25, -1.5, 2.5, 'Abc', 'yy', false, '2020-02-29', '23:59:59', '2020-02-29 23:59:59',
        '2020-02-29 23:59:59Z', null, '[1]', '');
INSERT INTO t VALUES (3);
INSERT INTO t VALUES
    (4, 5, 4, -1, 100, 3, 4, 'x_y%z', 'X', true, '1999-12-31', '00:00:00', '1999-12-31 00:00:00', '1999-12-31 00:00:00Z',
        '00000000-0000-0000-0000-000000000002', '{}', '\xff'),
    (5, 0, 5, 0, 0, 0, 0, '', 'a  ', false, '2000-01-01', '12:00:00', '2000-01-01 12:00:00', '2000-01-01 12:00:00Z',
        null, 'null', null);
INSERT INTO u VALUES (1, 1, 'one'), (2, 1, 'uno'), (3, 2, 'two'), (4, null, 'none');
"""
DUMPS = ("SELECT * FROM t ORDER BY id", "SELECT * FROM u ORDER BY id")


def statements(name: str) -> list[str]:
    lines = (CASES / name).read_text().splitlines()
    return [line for line in lines if line and not line.startswith("--")]


def parsed(line: str) -> tuple[str, list[str | None]]:
    statement, _, given = line.partition(" -- ")
    return statement, [None if value == "NULL" else value for value in given.split("|")] if given else []


class Oracle:
    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection

    def run(self, text: str, parameters: list[str | None]) -> tuple[Cells, int]:
        values = [None if value is None else value.encode() for value in parameters]
        pq = self.connection.pgconn
        result = pq.exec_params(text.encode(), values) if values else pq.exec_(text.encode())
        if result.status == ExecStatus.FATAL_ERROR:
            raise PgError((result.error_field(ord("C")) or b"").decode(), (result.error_field(ord("M")) or b"").decode())
        rows: Cells = []
        for row in range(result.ntuples):
            cells = (result.get_value(row, column) for column in range(result.nfields))
            rows.append(tuple(None if cell is None else bytes(cell).decode() for cell in cells))
        return rows, int(result.command_tuples or 0)


@pytest.fixture(scope="module")
def oracle(postgres: Server) -> Iterator[Oracle]:
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS t, u CASCADE; SET TimeZone = 'UTC'")
        for statement in split(SCHEMA):
            connection.execute(statement.text.encode())
        yield Oracle(connection)
        connection.execute("DROP TABLE IF EXISTS t, u CASCADE")


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    runner = Runner(tmp_path_factory.mktemp("sandbox"))
    runner.script(SCHEMA)
    yield runner
    runner.session.close()


def outcome(run: object, text: str, parameters: list[str | None]) -> tuple[object, int]:
    """Rows, or the SQLSTATE."""
    try:
        rows, count = run(text, parameters)  # type: ignore[operator]
    except PgError as error:
        return error.code, 0
    return (rows if "order by" in text.lower() else sorted(rows, key=repr)), count


@pytest.mark.parametrize("line", statements("same_rows.sql"))
def test_a_query_answers_the_rows_that_postgresql_answers(oracle: Oracle, runner: Runner, line: str) -> None:
    text, parameters = parsed(line)
    assert outcome(runner.run, text, parameters)[0] == outcome(oracle.run, text, parameters)[0]


def test_changes_of_data_leave_the_rows_that_postgresql_has(postgres: Server, tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    runner.script(SCHEMA)
    with psycopg.connect(postgres.dsn()) as connection:  # all of it is undone
        connection.execute("CREATE SCHEMA changes; SET search_path = changes; SET TimeZone = 'UTC'")
        for statement in split(SCHEMA):
            connection.execute(statement.text.encode())
        oracle = Oracle(connection)
        for line in statements("same_changes.sql"):
            text, parameters = parsed(line)
            connection.execute("SAVEPOINT before")
            expected = outcome(oracle.run, text, parameters)
            if isinstance(expected[0], str):
                connection.execute("ROLLBACK TO before")
            assert outcome(runner.run, text, parameters) == expected, line
            for dump in DUMPS:
                assert runner.run(dump)[0] == oracle.run(dump, [])[0], line
        connection.rollback()
    runner.session.close()
