"""CHECK constraints through real clients: what is undone, what is said, and COPY."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

import psycopg
import pytest
from psycopg import errors

from tests.support.servers import Server

Connection = psycopg.Connection[tuple[object, ...]]
Table = Callable[[str], str]
COLUMNS = "id int PRIMARY KEY, credit numeric(10,2) CHECK (credit >= 0), code text CHECK (code ~ '^[A-Z]+$')"


@pytest.fixture
def connection(server: Server) -> Iterator[Connection]:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        yield connection


def rows(connection: Connection, name: str) -> list[tuple[object, ...]]:
    return connection.execute(f"SELECT id, credit::text, code FROM {name} ORDER BY id".encode()).fetchall()


def test_the_error_tells_table_constraint_and_row(connection: Connection, table: Table) -> None:
    name = table(COLUMNS)
    with pytest.raises(errors.CheckViolation) as caught:
        connection.execute(f"INSERT INTO {name} VALUES (1, -1, NULL), (2, -2, 'A')".encode())
    told = caught.value.diag
    assert told.message_primary == f'new row for relation "{name}" violates check constraint "{name}_credit_check"'
    assert told.message_detail == "Failing row contains (1, -1.00, null)."
    assert (told.schema_name, told.table_name, told.constraint_name) == ("public", name, f"{name}_credit_check")
    with pytest.raises(errors.CheckViolation, match="code_check") as caught:
        connection.execute(f"INSERT INTO {name} VALUES (1, 1, %s)".encode(), ["a" * 70])
    assert caught.value.diag.message_detail == f"Failing row contains (1, 1.00, {'a' * 64}...)."
    assert rows(connection, name) == []


def test_rows_that_were_there_are_told_of_by_their_table(connection: Connection, table: Table) -> None:
    name = table("id int")
    connection.execute(f"INSERT INTO {name} VALUES (1), (20)".encode())
    with pytest.raises(errors.CheckViolation) as caught:
        connection.execute(f"ALTER TABLE {name} ADD CONSTRAINT small CHECK (id < 10)".encode())
    told = caught.value.diag
    assert told.message_primary == f'check constraint "small" of relation "{name}" is violated by some row'
    assert (told.message_detail, told.table_name, told.constraint_name) == (None, name, "small")


def test_a_violation_fails_the_block_and_a_savepoint_goes_on(connection: Connection, table: Table) -> None:
    name = table(COLUMNS)
    with connection.transaction():
        connection.execute(f"INSERT INTO {name} VALUES (1, 1, 'A')".encode())
        with pytest.raises(errors.CheckViolation), connection.transaction():
            connection.execute(f"INSERT INTO {name} VALUES (2, 2, 'B'), (3, 3, 'c')".encode())
        with pytest.raises(errors.CheckViolation), connection.transaction():
            connection.execute(f"UPDATE {name} SET credit = credit - 5".encode())
        connection.execute(f"UPDATE {name} SET credit = credit - 1 WHERE id = 1".encode())
    assert rows(connection, name) == [(1, "0.00", "A")]
    connection.execute("BEGIN")
    with pytest.raises(errors.CheckViolation):
        connection.execute(f"UPDATE {name} SET code = 'a' WHERE id = 1".encode())
    with pytest.raises(errors.InFailedSqlTransaction):
        connection.execute("SELECT 1")
    connection.execute("ROLLBACK")
    assert rows(connection, name) == [(1, "0.00", "A")]


def test_prepared_statements_and_pipelines_are_checked(connection: Connection, table: Table) -> None:
    name = table(COLUMNS)
    insert = f"INSERT INTO {name} VALUES (%s, %s, %s)".encode()
    for number in range(8):
        connection.execute(insert, [number, number, "A"], prepare=True)
    with pytest.raises(errors.CheckViolation):
        connection.execute(insert, [8, -1, "A"], prepare=True)
    with pytest.raises(errors.CheckViolation), connection.cursor() as cursor:
        cursor.executemany(insert, [(10, 1, "A"), (11, 1, "b"), (12, 1, "C")])
    with pytest.raises(errors.CheckViolation), connection.pipeline():
        connection.execute(insert, [13, 1, "A"])
        connection.execute(insert, [14, -1, "A"])
    assert [row[0] for row in rows(connection, name)] == list(range(8))


def copied(connection: Connection, statement: str, data: Iterable[bytes | tuple[object, ...]]) -> None:
    """COPY of pieces of data, or of rows."""
    with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        if "binary" in statement:
            copy.set_types(["int4", "int4", "date"])
        for part in data:
            if isinstance(part, bytes):
                copy.write(part)
            else:
                copy.write_row(part)


TEXT = [b"1\t1\tA\n", b"2\t2\tB\n3\t-3\tC\n", b"4\t4\tD\n"]
CSV = [b"1,1,A\n2,2,B\n", b'3,-3,"C"\n4,4,D\n']


@pytest.mark.parametrize(("options", "data", "line"), [("", TEXT, "3\t-3\tC"), ("(FORMAT csv)", CSV, '3,-3,"C"')])
def test_copy_tells_the_line_and_stores_nothing(
    connection: Connection, table: Table, options: str, data: list[bytes], line: str
) -> None:
    name = table(COLUMNS)
    with pytest.raises(errors.CheckViolation) as caught:
        copied(connection, f"COPY {name} FROM STDIN {options}", data)
    told = caught.value.diag
    assert told.constraint_name == f"{name}_credit_check"
    assert told.message_detail == "Failing row contains (3, -3.00, C)."
    assert told.context == f'COPY {name}, line 3: "{line}"'
    assert rows(connection, name) == []


def test_copy_checks_what_is_computed_and_defaults(connection: Connection, table: Table) -> None:
    name = table("id int, code text CHECK (code ~ '^[A-Z]+$'), n int DEFAULT -1 CHECK (n > 0), at date CHECK (at <= now())")
    copied(connection, f"COPY {name} FROM STDIN", [(number, "A", 1, "2020-01-01") for number in range(1500)])
    with pytest.raises(errors.CheckViolation, match="code_check"):
        wrong: list[tuple[object, ...]] = [(number, "A" if number < 1400 else "a", 1) for number in range(1500)]
        copied(connection, f"COPY {name} (id, code, n) FROM STDIN", wrong)
    with pytest.raises(errors.CheckViolation, match="n_check"):
        copied(connection, f"COPY {name} (id) FROM STDIN", [(1,)])
    with pytest.raises(errors.CheckViolation, match="at_check"):
        days = [(1, 1, date(2020, 1, 1)), (2, 2, date(2999, 1, 1))]
        copied(connection, f"COPY {name} (id, n, at) FROM STDIN (FORMAT binary)", days)
    with pytest.raises(errors.CheckViolation, match="n_check"):
        connection.execute(f"INSERT INTO {name} (id, n) SELECT x, 2 - x FROM generate_series(0, 5) x".encode())
    assert connection.execute(f"SELECT count(*) FROM {name}".encode()).fetchone() == (1500,)


def test_the_first_row_that_is_wrong_is_told_before_keys(connection: Connection, table: Table) -> None:
    name = table(COLUMNS)
    with pytest.raises(errors.CheckViolation) as caught:
        copied(connection, f"COPY {name} FROM STDIN", [b"1\t1\tA\n2\t-2\tB\n1\t3\tC\n"])
    assert caught.value.diag.context is not None
    assert "line 2" in caught.value.diag.context


def test_types_that_constraints_speak_of_keep_their_names(pgiris: Server) -> None:
    with psycopg.connect(pgiris.dsn(), autocommit=True) as connection:
        connection.execute("CREATE TYPE checked_mood AS ENUM ('sad', 'ok', 'good')")
        connection.execute(
            "CREATE TABLE checked_moods (a checked_mood CHECK (a > 'sad'), b checked_mood CHECK (b <> 'ok'::checked_mood))"
        )
        try:
            for change in ("RENAME VALUE 'sad' TO 'low'", "RENAME TO checked_temper"):
                with pytest.raises(errors.FeatureNotSupported, match="speaks of"):
                    connection.execute(f"ALTER TYPE checked_mood {change}".encode())
            connection.execute("ALTER TYPE checked_mood RENAME VALUE 'good' TO 'fine'")
            connection.execute("ALTER TABLE checked_moods DROP CONSTRAINT checked_moods_b_check")
            connection.execute("ALTER TYPE checked_mood RENAME TO checked_temper")
            with pytest.raises(errors.CheckViolation):
                connection.execute("INSERT INTO checked_moods VALUES ('sad')")
        finally:
            connection.execute("DROP TABLE checked_moods")
            connection.execute("DROP TYPE checked_temper")
