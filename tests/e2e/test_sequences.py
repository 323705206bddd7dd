"""Sequences through real clients: between sessions, across transactions, and as pg_dump writes them."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg import errors

from tests.e2e.test_catalog_programs import FALLBACK, later, run
from tests.support import servers
from tests.support.servers import Server

Connection = psycopg.Connection[tuple[object, ...]]


def connect(server: Server, **options: object) -> Connection:
    return psycopg.connect(server.dsn(), autocommit=True, **options)  # type: ignore[arg-type]


def value(connection: Connection, query: str, *parameters: object) -> object:
    row = connection.execute(query.encode(), parameters or None).fetchone()
    assert row is not None
    return row[0]


def test_every_number_is_given_out_once_whatever_front_is_asked() -> None:
    with servers.pgiris({"fronts": 2, "pool_size": 2}) as server:
        with connect(server) as connection:
            connection.execute("CREATE SEQUENCE shared_seq")

        def draw(_: int) -> list[object]:
            with connect(server) as connection:
                found: list[object] = []
                for turn in range(20):
                    with connection.transaction(force_rollback=turn % 3 == 0):
                        found.append(value(connection, "SELECT nextval('shared_seq')"))
                return found

        with ThreadPoolExecutor(6) as executor:
            drawn = [number for numbers in executor.map(draw, range(6)) for number in numbers]
        assert sorted(drawn) == list(range(1, 121))  # type: ignore[type-var]


def test_numbers_are_drawn_while_another_transaction_has_changed_rows(server: Server) -> None:
    with connect(server) as one, connect(server) as other:
        one.execute("CREATE SEQUENCE held_seq")
        one.execute("CREATE TABLE held (id bigint PRIMARY KEY DEFAULT nextval('held_seq'), name varchar(10))")
        try:
            one.execute("BEGIN")
            one.execute("INSERT INTO held (name) VALUES ('a')")
            assert value(other, "SELECT nextval('held_seq')") == 2
            one.execute("ROLLBACK")
            assert value(one, "INSERT INTO held (name) VALUES ('b') RETURNING id") == 3
        finally:
            one.execute("DROP TABLE held")
            one.execute("DROP SEQUENCE held_seq")


def test_currval_and_lastval_are_the_sessions_own(server: Server) -> None:
    with connect(server) as one, connect(server) as other:
        one.execute("CREATE SEQUENCE own_seq")
        one.execute("CREATE TABLE own (id serial PRIMARY KEY, name varchar(10))")
        try:
            with pytest.raises(errors.ObjectNotInPrerequisiteState):
                value(one, "SELECT lastval()")
            for expected in (1, 3, 5):
                one.execute("INSERT INTO own (name) VALUES ('a')")
                other.execute("INSERT INTO own (name) VALUES ('b')")
                assert value(one, "SELECT lastval()") == expected
                assert value(one, "SELECT currval('own_id_seq')") == expected
                assert value(other, "SELECT currval(pg_get_serial_sequence('own', 'id'))") == expected + 1
            assert value(one, "SELECT nextval('own_seq')") == 1
            assert value(one, "SELECT lastval()") == 1
            one.execute("INSERT INTO own (name) VALUES (%s), (%s)", ("c", "d"))
            assert value(one, "SELECT lastval()") == 8
            with pytest.raises(errors.ObjectNotInPrerequisiteState):
                value(other, "SELECT currval('own_seq')")
        finally:
            one.execute("DROP TABLE own")
            one.execute("DROP SEQUENCE own_seq")


def test_where_nobody_tells_what_iris_has_counted_lastval_is_undefined(pgiris: Server) -> None:
    with connect(pgiris) as connection:
        connection.execute("CREATE TABLE untold (id serial PRIMARY KEY, name varchar(10) UNIQUE)")
        try:
            for unknown in (
                "INSERT INTO untold (name) VALUES ('x') ON CONFLICT (name) DO UPDATE SET name = 'x'",
                "INSERT INTO untold (id, name) VALUES (90, 'y'), (DEFAULT, 'z')",
                "WITH a AS (INSERT INTO untold (name) VALUES ('w') RETURNING id) SELECT id FROM a",
            ):
                connection.execute("DELETE FROM untold")
                connection.execute("INSERT INTO untold (name) VALUES ('a')")
                assert value(connection, "SELECT lastval() > 0") is True
                connection.execute(unknown.encode())
                with pytest.raises(errors.ObjectNotInPrerequisiteState):
                    value(connection, "SELECT lastval()")
            with connection.cursor().copy("COPY untold (name) FROM STDIN") as copy:
                copy.write_row(["copied"])
            with pytest.raises(errors.ObjectNotInPrerequisiteState):
                value(connection, "SELECT currval('untold_id_seq')")
        finally:
            connection.execute("DROP TABLE untold")


def test_copied_rows_are_numbered(server: Server) -> None:
    with connect(server) as connection:
        connection.execute("CREATE SEQUENCE copied_seq START 100")
        connection.execute("CREATE TABLE copied (id int DEFAULT nextval('copied_seq'), name varchar(10), k int)")
        try:
            with connection.cursor().copy("COPY copied (name) FROM STDIN") as copy:
                for name in ("a", "b", "c"):
                    copy.write_row([name])
            assert connection.execute("SELECT id, name FROM copied ORDER BY id").fetchall() == [
                (100, "a"), (101, "b"), (102, "c")
            ]  # fmt: skip
            assert value(connection, "SELECT currval('copied_seq')") == 102
        finally:
            connection.execute("DROP TABLE copied")
            connection.execute("DROP SEQUENCE copied_seq")


def test_a_value_that_is_a_parameter_names_the_sequence(server: Server) -> None:
    with connect(server) as connection:
        connection.execute("CREATE SEQUENCE named_seq")
        try:
            assert value(connection, "SELECT nextval(%s)", "named_seq") == 1
            assert value(connection, "SELECT setval(%s, %s)", "named_seq", 8) == 8
            assert value(connection, "SELECT setval(%s, %s, %s)", "public.named_seq", 10, False) == 10
            assert value(connection, "SELECT nextval(%s::regclass)", "named_seq") == 10
            cursor = connection.cursor(binary=True)
            row = cursor.execute("SELECT nextval('named_seq') FROM generate_series(1, %s)", (3,)).fetchall()
            assert row == [(11,), (12,), (13,)]
        finally:
            connection.execute("DROP SEQUENCE named_seq")


def test_rows_that_are_there_get_their_numbers_by_update(server: Server) -> None:
    with connect(server) as connection:
        connection.execute("CREATE SEQUENCE later_seq")
        connection.execute("CREATE TABLE later (id int PRIMARY KEY)")
        try:
            connection.execute("INSERT INTO later VALUES (1), (2), (3)")
            if server.is_pgiris:
                with pytest.raises(errors.FeatureNotSupported):
                    connection.execute("ALTER TABLE later ADD COLUMN k int DEFAULT nextval('later_seq')")
            connection.execute("ALTER TABLE later ADD COLUMN k int")
            connection.execute("UPDATE later SET k = nextval('later_seq')")
            connection.execute("ALTER TABLE later ALTER COLUMN k SET DEFAULT nextval('later_seq')")
            connection.execute("INSERT INTO later (id) VALUES (4)")
            rows = connection.execute("SELECT k FROM later ORDER BY k").fetchall()
            assert rows == [(1,), (2,), (3,), (4,)]
        finally:
            connection.execute("DROP TABLE later")
            connection.execute("DROP SEQUENCE later_seq")


def test_views_insert_no_rows_without_their_numbers(pgiris: Server) -> None:
    with connect(pgiris) as connection:
        connection.execute("CREATE SEQUENCE viewed_seq")
        connection.execute("CREATE TABLE viewed (id int DEFAULT nextval('viewed_seq'), name varchar(10))")
        connection.execute("CREATE TABLE plain (id int, name varchar(10))")
        connection.execute("CREATE VIEW viewed_names AS SELECT name FROM viewed")
        connection.execute("CREATE VIEW plain_names AS SELECT name FROM plain")
        try:
            with pytest.raises(errors.FeatureNotSupported):
                connection.execute("INSERT INTO viewed_names VALUES ('a')")
            connection.execute("INSERT INTO plain_names VALUES ('a')")
        finally:
            connection.execute("DROP VIEW viewed_names, plain_names")
            connection.execute("DROP TABLE viewed, plain")
            connection.execute("DROP SEQUENCE viewed_seq")


def test_a_sequence_of_another_session_is_found_at_once(server: Server) -> None:
    with connect(server) as one, connect(server) as other:
        with pytest.raises(errors.UndefinedTable):
            value(one, "SELECT nextval('found_seq')")
        other.execute("CREATE SEQUENCE found_seq")
        assert value(one, "SELECT nextval('found_seq')") == 1
        with pytest.raises(errors.UndefinedTable):
            value(one, "SELECT nextval('nowhere_seq' || '') FROM generate_series(1, 2)")
        other.execute("DROP SEQUENCE found_seq")
        with pytest.raises(errors.UndefinedTable):
            value(one, "SELECT nextval('found_seq')")


def test_numbers_that_iris_counts_are_not_drawn_and_not_set_elsewhere(pgiris: Server) -> None:
    with connect(pgiris) as connection:
        connection.execute("CREATE TABLE counted_there (id serial PRIMARY KEY, name varchar(10))")
        try:
            warnings: list[str | None] = []
            connection.add_notice_handler(lambda notice: warnings.append(notice.message_primary))
            reset = "SELECT setval('counted_there_id_seq', coalesce(max(id), 1), max(id) IS NOT NULL) FROM counted_there"
            assert value(connection, reset) == 1
            assert warnings == ['the next number of column "id" may be larger than 1']
            connection.execute("INSERT INTO counted_there VALUES (7, 'a')")
            with connection.transaction():
                connection.execute("INSERT INTO counted_there VALUES (9, 'b')")
                assert value(connection, reset) == 9
            assert value(connection, "INSERT INTO counted_there (name) VALUES ('c') RETURNING id") == 10
            for number in (3, 10000):
                with pytest.raises(errors.FeatureNotSupported):
                    value(connection, f"SELECT setval('counted_there_id_seq', {number})")
            for refused in ("SELECT nextval('counted_there_id_seq')", "ALTER SEQUENCE counted_there_id_seq INCREMENT 5"):
                with pytest.raises(errors.FeatureNotSupported):
                    connection.execute(refused.encode())
        finally:
            connection.execute("DROP TABLE counted_there")


def test_what_pg_dump_writes_is_restored_with_its_sequences(pgiris: Server) -> None:
    made = [
        "CREATE SCHEMA dumped",
        "CREATE SEQUENCE dumped.numbers START 10 INCREMENT 5",
        "CREATE TABLE dumped.t (id bigint PRIMARY KEY DEFAULT nextval('dumped.numbers'), name varchar(10))",
        "ALTER SEQUENCE dumped.numbers OWNED BY dumped.t.id",
        "CREATE TABLE dumped.u (id serial PRIMARY KEY, name varchar(10))",
        "INSERT INTO dumped.t (name) VALUES ('a'), ('b')",
        "INSERT INTO dumped.u (name) VALUES ('a'), ('b')",
    ]
    with connect(pgiris) as connection:
        try:
            for statement in made:
                connection.execute(statement.encode())
            dumped = run([later("pg_dump"), "--no-owner", "--schema=dumped"], pgiris, PGOPTIONS=FALLBACK)
            connection.execute("DROP SCHEMA dumped CASCADE")
            lines = [
                line for line in dumped.splitlines() if not line.startswith(("\\restrict", "\\unrestrict", "SET transaction_"))
            ]
            done = subprocess.run(
                ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"],
                input="\n".join(lines), env=pgiris.environment, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
            assert value(connection, "INSERT INTO dumped.t (name) VALUES ('c') RETURNING id") == 20
            assert value(connection, "INSERT INTO dumped.u (name) VALUES ('c') RETURNING id") == 3
        finally:
            connection.execute("DROP SCHEMA IF EXISTS dumped CASCADE")


def test_copied_rows_have_the_defaults_that_expressions_compute(server: Server) -> None:
    with connect(server) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS computed_copy")
        cursor.execute(
            "CREATE TABLE computed_copy (id int, code text DEFAULT md5(random()::text), due date DEFAULT current_date + 1,"
            " kept bytea DEFAULT '\\x00ff', label text DEFAULT 'of ' || current_user)"
        )
        with cursor.copy("COPY computed_copy (id) FROM STDIN") as copy:
            for number in range(5):
                copy.write_row((number,))
        with cursor.copy("COPY computed_copy (id, code, label) FROM STDIN") as copy:
            copy.write_row((5, "given", None))
        cursor.execute(
            "SELECT count(DISTINCT code), min(due - current_date), max(due - current_date), count(label),"
            " min(encode(kept, 'hex')) FROM computed_copy"
        )
        assert cursor.fetchall() == [(6, 1, 1, 5, "00ff")]
        cursor.execute("DROP TABLE computed_copy")


def test_computed_defaults_are_dumped_as_they_were_said(server: Server) -> None:
    with connect(server) as connection:
        connection.execute("DROP TABLE IF EXISTS computed_shown")
        connection.execute("CREATE TABLE computed_shown (id int, due date DEFAULT current_date + 1)")
        shown = value(
            connection,
            "SELECT column_default FROM information_schema.columns WHERE table_name = 'computed_shown' AND column_name = 'due'",
        )
        assert str(shown).upper().strip("()") == "CURRENT_DATE + 1"
        connection.execute("DROP TABLE computed_shown")
