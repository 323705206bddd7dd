"""What IRIS has and tells of, and the sandbox has not: triggers, routines, and privileges of the user that pgiris logs in as."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.e2e.test_iris import dbapi
from tests.support.servers import Server

TRIGGERS = [
    ["SQLUser", "orders", "Stamp", "BEFORE", "INSERT/UPDATE", "ROW/OBJECT", " set {changed}=$ztimestamp "],
    ["SQLUser", "orders", "Log", "AFTER", "DELETE", "STATEMENT", None],
]
ROUTINES = [
    ["SQLUser", "Total", "FUNCTION", "NUMERIC", None, 10, 2, "EXTERNAL", None],
    ["SQLUser", "Found", "PROCEDURE", None, None, None, None, "SQL", "SELECT id FROM SQLUser.orders WHERE note = :word"],
    ["Shop_Tools", "Split", "FUNCTION", None, None, None, None, "EXTERNAL", None],
]
PARAMETERS = [
    ["SQLUser", "Total", "customer", "IN", "INTEGER", None, 10, 0],
    ["SQLUser", "Total", "since", "IN", "DATE", None, None, None],
    ["SQLUser", "Found", "word", "IN", "VARCHAR", 50, None, None],
    ["Shop_Tools", "Split", "text", "IN", "VARCHAR", 100, None, None],
    ["Shop_Tools", "Split", "first", "OUT", "VARCHAR", 100, None, None],
    ["Shop_Tools", "Split", "rest", "INOUT", "VARCHAR", 100, None, None],
]
PRIVILEGES = [
    ["SQLUser.orders", "SELECT", "_SYSTEM", "Yes", "Direct"],
    ["SQLUser.orders", "INSERT", "_SYSTEM", "No", "Role"],
    ["SQLUser.lines", "DELETE", "_SYSTEM", "No", "Direct"],
]
SCHEMA = (
    "CREATE TABLE orders (id int PRIMARY KEY, note text)",
    "CREATE TABLE lines (id int PRIMARY KEY, n int)",
    "CREATE TABLE free (id int PRIMARY KEY)",
)


def tell(folder: Path, **rows: list[list[object]]) -> None:
    for name, listed in rows.items():
        (folder / f"{name}.json").write_text(json.dumps(listed))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("iris")
    tell(folder, triggers=TRIGGERS, routines=ROUTINES, parameters=PARAMETERS, privileges=PRIVILEGES)
    with dbapi(folder, iris_user="alice") as server:
        (folder / "password").write_text("wonder\n")
        with connect(server) as connection:
            for statement in SCHEMA:
                connection.execute(statement.encode())
        yield server


def connect(to: Server) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(to.dsn(), autocommit=True)


def rows(server: Server, query: str) -> list[tuple[object, ...]]:
    with connect(server) as connection:
        return connection.execute(query.encode()).fetchall()


def one(server: Server, query: str) -> object:
    ((value,),) = rows(server, query)
    return value


def psql(server: Server, command: str) -> str:
    done = subprocess.run(
        ["psql", "-X", "-A", "-c", command], env=server.environment, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


def test_triggers_are_shown_with_their_tables(running: Server) -> None:
    assert psql(running, r"\d orders").splitlines()[-3:] == [
        "Triggers:",
        '    "Log" AFTER DELETE ON orders FOR EACH STATEMENT',
        '    "Stamp" BEFORE INSERT OR UPDATE ON orders FOR EACH ROW {set {changed}=$ztimestamp}',
    ]
    assert rows(running, "SELECT tgname, tgtype, tgenabled::text, tgisinternal FROM pg_trigger ORDER BY 1") == [
        ("Log", 8, "O", False),
        ("Stamp", 1 + 2 + 4 + 16, "O", False),
    ]
    columns = "trigger_name, event_manipulation, event_object_table, action_timing, action_orientation, action_statement"
    assert rows(running, f"SELECT {columns} FROM information_schema.triggers ORDER BY 1, 2") == [
        ("Log", "DELETE", "orders", "AFTER", "STATEMENT", None),
        ("Stamp", "INSERT", "orders", "BEFORE", "ROW", "{set {changed}=$ztimestamp}"),
        ("Stamp", "UPDATE", "orders", "BEFORE", "ROW", "{set {changed}=$ztimestamp}"),
    ]
    assert one(running, "SELECT relhastriggers FROM pg_class WHERE relname = 'orders'") is True


def test_routines_are_functions_and_procedures(running: Server) -> None:
    lines = psql(running, r"\df public.*").splitlines()
    assert [line for line in lines if "|Found|" in line or "|Total|" in line] == [
        "public|Found||IN word character varying|proc",
        "public|Total|numeric|customer integer, since date|func",
    ]
    shown = "text character varying, OUT first character varying, INOUT rest character varying"
    assert psql(running, r'\df "Shop_Tools".*').splitlines()[2:-1] == [f"Shop_Tools|Split|record|{shown}|func"]
    columns = "routine_name, routine_type, data_type, routine_body, routine_definition, external_language"
    mine = "routine_schema = 'public' AND routine_name IN ('Found', 'Total')"
    query = f"SELECT {columns} FROM information_schema.routines WHERE {mine} ORDER BY 1"
    assert rows(running, query) == [
        ("Found", "PROCEDURE", None, "SQL", ROUTINES[1][-1], "SQL"),
        ("Total", "FUNCTION", "numeric", "EXTERNAL", "", "IRIS"),
    ]
    query = """
        SELECT p.parameter_name, p.parameter_mode, p.data_type, p.ordinal_position FROM information_schema.parameters p
        JOIN information_schema.routines r USING (specific_schema, specific_name) WHERE r.routine_name = 'Split' ORDER BY 4
    """
    assert rows(running, query) == [
        ("text", "IN", "character varying", 1),
        ("first", "OUT", "character varying", 2),
        ("rest", "INOUT", "character varying", 3),
    ]
    assert one(running, "SELECT 'public.\"Total\"(int, date)'::regprocedure::text") == '"Total"(integer,date)'
    assert one(running, "SELECT pg_get_functiondef('public.\"Found\"'::regproc)") == (
        'CREATE OR REPLACE PROCEDURE public."Found"(IN word character varying)\n LANGUAGE sql\n'
        "AS $procedure$SELECT id FROM SQLUser.orders WHERE note = :word$procedure$\n"
    )


def test_privileges_are_what_iris_lists(running: Server) -> None:
    words = ("select", "insert", "update", "delete", "references", "select with grant option", "insert with grant option")
    asked = ", ".join(f"has_table_privilege('orders', '{word}')" for word in words)
    assert rows(running, f"SELECT {asked}") == [(True, True, False, False, False, True, False)]
    assert rows(running, "SELECT has_table_privilege('lines', 'select'), has_table_privilege('lines', 'delete')") == [
        (False, True)
    ]
    assert one(running, "SELECT has_any_column_privilege('orders', 'update')") is False
    assert one(running, "SELECT has_column_privilege('orders', 'note', 'select')") is True
    assert one(running, "SELECT has_table_privilege('_SYSTEM', 'lines', 'update')") is True, "the owner may do all"
    assert one(running, "SELECT has_table_privilege('free', 'update')") is True, "nothing is known of it"
    assert one(running, "SELECT relacl::text FROM pg_class WHERE relname = 'orders'") == (
        "{_SYSTEM=arwdDxt/_SYSTEM,alice=ar*/_SYSTEM}"
    )
    query = """
        SELECT privilege_type, is_grantable FROM information_schema.table_privileges
        WHERE grantee = 'alice' AND table_name = 'orders' ORDER BY 1
    """
    assert rows(running, query) == [("INSERT", "NO"), ("SELECT", "YES")]
    assert "alice=ar*/_SYSTEM" in psql(running, r"\dp orders")


def test_a_user_who_may_not_ask_for_privileges_is_told_that_all_is_allowed(tmp_path: Path) -> None:
    with dbapi(tmp_path) as server:
        with connect(server) as connection:
            connection.execute(SCHEMA[0].encode())
        assert one(server, "SELECT has_table_privilege('orders', 'update')") is True
        assert one(server, "SELECT relacl FROM pg_class WHERE relname = 'orders'") is None
