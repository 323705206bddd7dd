"""pgvector's extension: it is there from the beginning, and CREATE and DROP EXTENSION of it do what scripts expect."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors

from tests.support.servers import Server

Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def connection(pgiris: Server) -> Iterator[Connection]:
    with psycopg.connect(pgiris.dsn(), autocommit=True) as connection:
        yield connection
        connection.execute("DROP TABLE IF EXISTS with_vectors")
        connection.execute("DROP EXTENSION IF EXISTS vector, btree_gist")


def told(connection: Connection, statement: str) -> list[tuple[str | None, str | None]]:
    """The notices of a statement: SQLSTATE, message."""
    heard: list[tuple[str | None, str | None]] = []

    def hear(diagnostic: psycopg.errors.Diagnostic) -> None:
        heard.append((diagnostic.sqlstate, diagnostic.message_primary))

    connection.add_notice_handler(hear)
    connection.execute(statement.encode())
    connection.remove_notice_handler(hear)
    return heard


def extensions(connection: Connection) -> list[object]:
    return [name for (name,) in connection.execute("SELECT extname FROM pg_extension ORDER BY 1")]


def test_vector_is_there_and_can_be_created_once(connection: Connection) -> None:
    assert extensions(connection) == ["plpgsql", "vector"]
    exists = ("42710", 'extension "vector" already exists, skipping')
    assert told(connection, "CREATE EXTENSION IF NOT EXISTS vector") == [exists]
    assert told(connection, "CREATE EXTENSION vector") == []
    with pytest.raises(errors.DuplicateObject, match='extension "vector" already exists'):
        connection.execute("CREATE EXTENSION vector")
    assert told(connection, "CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public") == [exists]
    assert extensions(connection) == ["plpgsql", "vector"]


def test_dropping_vector_says_that_its_types_stay(connection: Connection) -> None:
    connection.execute("CREATE EXTENSION vector")
    stays = ("01000", 'extension "vector" is still listed: its types are always there')
    assert told(connection, "DROP EXTENSION vector") == [stays]
    assert extensions(connection) == ["plpgsql", "vector"]
    connection.execute("CREATE EXTENSION vector")


def test_dropping_vector_is_refused_while_columns_have_its_types(connection: Connection) -> None:
    connection.execute("CREATE TABLE with_vectors (id int, a vector(3), b halfvec(2))")
    with pytest.raises(errors.DependentObjectsStillExist) as caught:
        connection.execute("DROP EXTENSION vector")
    assert caught.value.diag.message_detail == (
        "column a of table with_vectors depends on type vector\ncolumn b of table with_vectors depends on type halfvec"
    )
    assert ("00000", "drop cascades to 2 other objects") in told(connection, "DROP EXTENSION vector CASCADE")
    assert connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'with_vectors'::regclass AND attnum > 0"
    ).fetchall() == [("id",)]


def test_plpgsql_stays(connection: Connection) -> None:
    with pytest.raises(errors.FeatureNotSupported, match='dropping extension "plpgsql" is not supported'):
        connection.execute("DROP EXTENSION plpgsql")


@pytest.mark.skipif(shutil.which("psql") is None, reason="psql is not installed")
def test_psql_lists_what_was_created(connection: Connection, pgiris: Server) -> None:
    connection.execute("CREATE EXTENSION btree_gist")
    shown = subprocess.run(["psql", "-XAt", "-c", r"\dx"], env=pgiris.environment, capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines() == [
        "btree_gist|1.7|public|support for indexing common datatypes in GiST",
        "plpgsql|1.0|pg_catalog|PL/pgSQL procedural language",
        "vector|0.8.5|public|vector data type and ivfflat and hnsw access methods",
    ]
