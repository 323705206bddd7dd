"""What clients call IRIS's schemas is configured (schema_names)."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.support import servers
from tests.support.servers import Server


@pytest.fixture(scope="module")
def named() -> Iterator[Server]:
    with servers.pgiris({"schema_names": "App=public; HR_Data=hr"}) as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("CREATE SCHEMA hr")
            connection.execute("CREATE TABLE team (id int PRIMARY KEY, name varchar(10))")
            connection.execute("CREATE TABLE hr.person (id serial PRIMARY KEY, team_id int REFERENCES team)")
            connection.execute("CREATE VIEW hr.teams AS SELECT p.id, t.name FROM hr.person p JOIN team t ON t.id = p.team_id")
        yield server


def all_of(server: Server, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        return connection.execute(query.encode()).fetchall()


def test_the_catalog_shows_schemas_under_their_names(named: Server) -> None:
    query = "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' ORDER BY 1"
    assert ("hr",) in all_of(named, query)
    assert not {("HR_Data",), ("App",)} & set(all_of(named, query))
    tables = """SELECT table_schema, table_name FROM information_schema.tables
        WHERE table_name IN ('team', 'person', 'teams') ORDER BY 2"""
    assert all_of(named, tables) == [("hr", "person"), ("public", "team"), ("hr", "teams")]
    assert all_of(named, "SELECT 'hr.person'::regclass::text, 'public.team'::regclass::text") == [("hr.person", "team")]


def test_definitions_name_them_so(named: Server) -> None:
    definition = all_of(named, "SELECT pg_get_viewdef('hr.teams'::regclass)")[0][0]
    assert "hr.person" in str(definition)
    assert "JOIN team t" in str(definition)  # which the search_path finds
    query = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'"
    assert all_of(named, query) == [("FOREIGN KEY (team_id) REFERENCES team(id)",)]


def test_statements_and_search_path_use_them(named: Server) -> None:
    with psycopg.connect(named.dsn(), autocommit=True) as connection:
        connection.execute("INSERT INTO public.team VALUES (1, 'blue')")
        connection.execute("SET search_path TO hr, public")
        connection.execute("INSERT INTO person (team_id) VALUES (1)")
        assert connection.execute("SELECT name FROM teams").fetchall() == [("blue",)]
        assert connection.execute("SELECT current_schema(), current_schemas(false)").fetchall() == [("hr", ["hr", "public"])]
        connection.execute("DELETE FROM person")
        connection.execute("DELETE FROM team")
