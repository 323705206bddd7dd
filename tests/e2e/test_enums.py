"""Enums through real clients: what drivers learn of them, between fronts, and what is refused."""

from __future__ import annotations

import asyncio
import enum
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import psycopg
import pytest
from psycopg import errors
from psycopg.types.enum import EnumInfo, register_enum

from tests.e2e.test_asyncpg import parameters
from tests.e2e.test_catalog_programs import FALLBACK, later, run
from tests.support import servers
from tests.support.servers import Server

Connection = psycopg.Connection[tuple[object, ...]]


class Mood(enum.Enum):
    sad = "sad"
    ok = "ok"
    happy = "happy"


def connect(server: Server) -> Connection:
    return psycopg.connect(server.dsn(), autocommit=True)


@pytest.fixture
def moods(server: Server) -> Iterator[Connection]:
    """With a type and a table, which go away."""
    with making(server) as connection:
        yield connection


@pytest.fixture
def own_moods(pgiris: Server) -> Iterator[Connection]:
    with making(pgiris) as connection:
        yield connection


@contextmanager
def making(server: Server) -> Iterator[Connection]:
    with connect(server) as connection:
        connection.execute("CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')")
        connection.execute("CREATE TABLE people (id int PRIMARY KEY, m mood, ms mood[])")
        try:
            yield connection
        finally:
            connection.execute("DROP VIEW IF EXISTS glad")
            connection.execute("DROP TABLE people")
            connection.execute("DROP TYPE mood")


def test_psycopg_reads_and_writes_members_of_an_enum(moods: Connection) -> None:
    info = EnumInfo.fetch(moods, "mood")
    assert info is not None
    assert list(info.labels) == ["sad", "ok", "happy"]
    register_enum(info, moods, Mood)
    moods.execute("INSERT INTO people VALUES (%s, %s, %s)", (1, Mood.ok, [Mood.sad, Mood.happy]))
    row = (1, Mood.ok, [Mood.sad, Mood.happy])
    for binary in (True, False):
        cursor = moods.cursor(binary=binary)
        assert cursor.execute("SELECT * FROM people WHERE m = %s", (Mood.ok,)).fetchall() == [row]
        assert cursor.execute("SELECT * FROM people WHERE m = ANY (%s)", ([Mood.ok, Mood.sad],)).fetchall() == [row]
        assert cursor.execute("SELECT * FROM people WHERE m > %s AND m < %s", (Mood.ok, Mood.happy)).fetchall() == []
    with pytest.raises(errors.InvalidTextRepresentation, match='invalid input value for enum mood: "bad"'):
        moods.execute("INSERT INTO people VALUES (2, %s)", ("bad",))


@pytest.mark.parametrize("form", ["text", "binary", "csv"])
def test_copy_takes_labels_and_nothing_else(moods: Connection, form: str) -> None:
    moods.execute("INSERT INTO people VALUES (1, 'happy', '{ok,NULL}'), (2, NULL, '{}')")
    with moods.cursor().copy(f"COPY people TO STDOUT (FORMAT {form})".encode()) as copied:
        data = b"".join(bytes(block) for block in copied)
    moods.execute("DELETE FROM people")
    with moods.cursor().copy(f"COPY people FROM STDIN (FORMAT {form})".encode()) as copying:
        copying.write(data)
    assert moods.execute("SELECT m::text, ms::text FROM people ORDER BY id").fetchall() == [("happy", "{ok,NULL}"), (None, "{}")]
    wrong = data.replace(b"happy", b"hippy")
    moods.execute("DELETE FROM people")
    with (
        pytest.raises(errors.InvalidTextRepresentation),
        moods.cursor().copy(f"COPY people FROM STDIN (FORMAT {form})".encode()) as copying,
    ):
        copying.write(wrong)
    assert moods.execute("SELECT count(*) FROM people").fetchall() == [(0,)]


def test_many_rows_and_long_lists_of_constants(moods: Connection) -> None:
    names = ("sad", "ok", "happy")
    rows = ", ".join(f"({n}, '{names[n % 3]}')" for n in range(300))
    moods.execute(f"INSERT INTO people (id, m) VALUES {rows}".encode())
    assert moods.execute("SELECT m::text, count(*) FROM people GROUP BY m ORDER BY people.m").fetchall() == [
        ("sad", 100), ("ok", 100), ("happy", 100)
    ]  # fmt: skip
    listed = ", ".join(f"'{names[n % 2]}'" for n in range(200))
    assert moods.execute(f"SELECT count(*) FROM people WHERE m IN ({listed})".encode()).fetchall() == [(200,)]
    with pytest.raises(errors.InvalidTextRepresentation):
        moods.execute(f"SELECT count(*) FROM people WHERE m IN ({listed}, 'bad')".encode())
    with pytest.raises(errors.InvalidTextRepresentation):
        moods.execute(f"INSERT INTO people (id, m) VALUES {rows.replace('(299,', '(1000,')}, (1001, 'bad')".encode())
    moods.cursor().executemany("INSERT INTO people VALUES (%s, %s)", [(n, "ok") for n in range(2000, 2100)])
    assert moods.execute("SELECT count(*) FROM people WHERE m >= 'ok' AND id >= 2000").fetchall() == [(100,)]


def test_asyncpg_reads_and_writes_labels(server: Server, moods: Connection) -> None:
    async def work() -> None:
        connection = await asyncpg.connect(**parameters(server))
        await connection.execute("INSERT INTO people VALUES ($1, $2, $3)", 1, "ok", ["sad", "happy"])
        assert [tuple(row) for row in await connection.fetch("SELECT * FROM people WHERE m = ANY ($1)", ["ok"])] == [
            (1, "ok", ["sad", "happy"])
        ]
        prepared = await connection.prepare("SELECT m FROM people WHERE m = $1")
        assert [(one.name, one.schema) for one in prepared.get_parameters()] == [("mood", "public")]
        await connection.copy_records_to_table("people", records=[(2, "sad", None)])
        await connection.execute("ALTER TYPE mood ADD VALUE 'glad' BEFORE 'happy'")
        await connection.execute("INSERT INTO people VALUES (3, 'glad'), (4, 'happy')")
        found = await connection.fetch("SELECT m FROM people ORDER BY m")
        assert [row["m"] for row in found] == ["sad", "ok", "glad", "happy"]
        await connection.set_type_codec("mood", encoder=str, decoder=str.upper, schema="public", format="text")
        assert await connection.fetchval("SELECT m FROM people WHERE m = $1", "glad") == "GLAD"
        await connection.close()

    asyncio.run(work())


def test_other_fronts_know_a_type_that_was_made_or_changed() -> None:
    with servers.pgiris({"fronts": 2, "pool_size": 2}) as server:
        connections = [connect(server) for _ in range(6)]
        connections[0].execute("CREATE TYPE level AS ENUM ('low', 'high')")
        for connection in connections:
            assert connection.execute("SELECT 'low'::level < 'high'").fetchall() == [(True,)]
        connections[0].execute("ALTER TYPE level ADD VALUE 'middle' BEFORE 'high'")
        for connection in connections:
            connection.execute("SELECT pgiris_refresh()")  # else it may take five seconds
            assert connection.execute("SELECT 'middle'::level < 'high'").fetchall() == [(True,)]
        oids = {connection.execute("SELECT 'level'::regtype::oid").fetchall()[0] for connection in connections}
        assert len(oids) == 1
        for connection in connections:
            connection.close()


def test_a_copy_of_a_database_has_types_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "sandbox"
    with servers.pgiris({"sandbox_path": folder}) as server, connect(server) as one:
        one.execute("CREATE TYPE level AS ENUM ('low', 'high')")
        one.execute("CREATE TABLE levels (l level)")
        one.execute("INSERT INTO levels VALUES ('high'), ('low')")
    for file in folder.glob("USER.*"):
        shutil.copy(file, folder / file.name.replace("USER", "COPY", 1))
    with (
        servers.pgiris({"sandbox_path": folder}) as server,
        connect(server) as one,
        psycopg.connect(server.dsn(), dbname="COPY", autocommit=True) as copy,
    ):
        copy.execute("ALTER TYPE level ADD VALUE 'least' BEFORE 'low'")
        copy.execute("INSERT INTO levels VALUES ('least')")
        for _ in range(2):
            assert copy.execute("SELECT l FROM levels ORDER BY l").fetchall() == [("least",), ("low",), ("high",)]
            assert copy.execute("SELECT 'least'::level < 'low'").fetchall() == [(True,)]
            assert one.execute("SELECT l FROM levels ORDER BY l").fetchall() == [("low",), ("high",)]
            with pytest.raises(errors.InvalidTextRepresentation):
                one.execute("SELECT 'least'::level < 'low'")
        oids = [each.execute("SELECT 'level'::regtype::oid").fetchall() for each in (one, copy)]
        assert oids[0] != oids[1]


def test_prepared_statements_follow_a_changed_order(moods: Connection) -> None:
    moods.execute("INSERT INTO people VALUES (1, 'sad'), (2, 'ok')")
    query = "SELECT id FROM people WHERE m < %s ORDER BY m"
    assert moods.execute(query, ("happy",), prepare=True).fetchall() == [(1,), (2,)]
    moods.execute("ALTER TYPE mood ADD VALUE 'awful' BEFORE 'sad'")
    moods.execute("INSERT INTO people VALUES (3, 'awful')")
    assert moods.execute(query, ("happy",), prepare=True).fetchall() == [(3,), (1,), (2,)]
    assert moods.execute(query, ("ok",), prepare=True).fetchall() == [(3,), (1,)]


def test_views_keep_the_type_and_do_not_ask_for_its_order(own_moods: Connection) -> None:
    own_moods.execute("CREATE VIEW glad AS SELECT id, m FROM people WHERE m <> 'sad'")
    own_moods.execute("INSERT INTO people VALUES (1, 'happy'), (2, 'ok'), (3, 'sad')")
    cursor = own_moods.execute("SELECT m FROM glad ORDER BY m")
    assert cursor.fetchall() == [("ok",), ("happy",)]
    for query in ("SELECT id FROM people WHERE m > 'sad'", "SELECT max(m) AS m FROM people", "SELECT id FROM people ORDER BY m"):
        with pytest.raises(errors.FeatureNotSupported, match="order of an enum"):
            own_moods.execute(f"CREATE VIEW sorted AS {query}".encode())


def test_a_renamed_value_is_renamed_in_rows_and_defaults(moods: Connection) -> None:
    moods.execute("ALTER TABLE people DROP COLUMN ms")
    moods.execute("ALTER TABLE people ALTER m SET DEFAULT 'sad'")
    moods.execute("INSERT INTO people VALUES (1, 'sad'), (2, 'ok'), (3, NULL)")
    moods.execute("ALTER TYPE mood RENAME VALUE 'sad' TO 'it''s blue'")
    moods.execute("INSERT INTO people (id) VALUES (4)")
    assert moods.execute("SELECT id, m FROM people WHERE m < 'ok' ORDER BY id").fetchall() == [(1, "it's blue"), (4, "it's blue")]
    with pytest.raises(errors.InvalidTextRepresentation):
        moods.execute("SELECT 'sad'::mood")
    with pytest.raises(errors.DuplicateObject):
        moods.execute("ALTER TYPE mood RENAME VALUE 'ok' TO 'happy'")
    assert moods.execute("SELECT count(*) FROM people WHERE m = 'ok'").fetchall() == [(1,)]
    moods.execute("ALTER TABLE people ADD COLUMN ms mood[]")


def test_a_value_that_rows_cannot_follow_is_not_renamed(own_moods: Connection) -> None:
    own_moods.execute("INSERT INTO people VALUES (1, 'sad', '{sad}')")
    with pytest.raises(errors.FeatureNotSupported, match="in arrays"):
        own_moods.execute("ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'")
    own_moods.execute("ALTER TABLE people DROP COLUMN ms")
    with pytest.raises(errors.FeatureNotSupported, match="in a transaction block"), own_moods.transaction():
        own_moods.execute("ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'")
    own_moods.execute("CREATE VIEW glad AS SELECT id FROM people WHERE m <> 'sad'")
    with pytest.raises(errors.FeatureNotSupported, match="view glad"):
        own_moods.execute("ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'")
    own_moods.execute("ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'")
    assert own_moods.execute("SELECT m FROM people").fetchall() == [("sad",)]
    with pytest.raises(errors.FeatureNotSupported, match="empty string"):
        own_moods.execute("ALTER TYPE mood ADD VALUE ''")


def test_cascade_takes_columns_along(server: Server, moods: Connection) -> None:
    heard: list[str] = []
    moods.add_notice_handler(lambda diagnostic: heard.append(f"{diagnostic.message_primary}: {diagnostic.message_detail}"))
    with pytest.raises(errors.DependentObjectsStillExist) as refused:
        moods.execute("DROP TYPE mood")
    depending = {"column m of table people depends on type mood", "column ms of table people depends on type mood[]"}
    assert set((refused.value.diag.message_detail or "").split("\n")) == depending
    moods.execute("DROP TYPE mood CASCADE")
    assert len(heard) == 1
    assert heard[0].startswith("drop cascades to 2 other objects: drop cascades to column m")
    assert moods.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'people'").fetchall() == [("id",)]
    moods.execute("CREATE TYPE mood AS ENUM ('new')")


def test_a_schema_has_types_of_its_own(pgiris: Server) -> None:
    with connect(pgiris) as connection:
        connection.execute("CREATE SCHEMA app")
        connection.execute("CREATE TYPE app.status AS ENUM ('on', 'off')")
        connection.execute("CREATE TABLE app.machines (id int, s app.status)")
        connection.execute("INSERT INTO app.machines VALUES (1, 'off')")
        with pytest.raises(errors.UndefinedObject):
            connection.execute("SELECT 'on'::status")
        with pytest.raises(errors.InvalidTextRepresentation, match=r"enum app\.status"):
            connection.execute("SELECT 'x'::app.status")
        connection.execute("SET search_path = app")
        assert connection.execute("SELECT s FROM machines WHERE s > 'on'::status").fetchall() == [("off",)]
        assert connection.execute("SELECT 'app.status'::regtype::text").fetchall() == [("status",)]
        connection.execute("SET search_path = public")
        assert connection.execute("SELECT 'app.status'::regtype::text").fetchall() == [("app.status",)]
        connection.execute("CREATE TYPE status AS ENUM ('x')")
        connection.execute("ALTER TYPE app.status RENAME TO state")
        connection.execute("ALTER TYPE status SET SCHEMA app")
        assert connection.execute("SELECT 'x'::app.status, 'on'::app.state").fetchall() == [("x", "on")]
        with pytest.raises(errors.DependentObjectsStillExist):
            connection.execute("DROP SCHEMA app")
        connection.execute("DROP SCHEMA app CASCADE")
        with pytest.raises(errors.UndefinedObject):
            connection.execute("SELECT 'x'::app.status")


def test_what_pg_dump_writes_is_restored_with_its_types(pgiris: Server, own_moods: Connection) -> None:
    own_moods.execute("ALTER TABLE people ALTER m SET DEFAULT 'ok'")
    own_moods.execute("INSERT INTO people VALUES (1, 'happy', '{sad}')")
    dumped = run([later("pg_dump"), "--no-owner", "-t", "people", "-t", "mood"], pgiris, PGOPTIONS=FALLBACK)
    whole = run([later("pg_dump"), "--no-owner", "--schema=public", "--schema-only"], pgiris, PGOPTIONS=FALLBACK)
    assert "CREATE TYPE public.mood AS ENUM (\n    'sad',\n    'ok',\n    'happy'\n);" in whole
    assert whole.index("CREATE TYPE public.mood") < whole.index("CREATE TABLE public.people")
    assert "m public.mood DEFAULT 'ok'::public.mood" in dumped


def test_psql_shows_the_type(server: Server, moods: Connection) -> None:
    shown = run(["psql", "-X", "-A", "-t", "-c", r"\dT+ mood", "-c", r"\d people"], server)
    assert shown.splitlines()[0].startswith("public|mood|mood|4|sad")
    assert "m|mood|||" in shown
    assert "ms|mood[]|||" in shown
