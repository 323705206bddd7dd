"""has_table_privilege and its kin: objects, users and privileges that there are, in PostgreSQL's words."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import pq

from tests.support import servers
from tests.support.servers import Server

TABLE = "CREATE TABLE granted (id int PRIMARY KEY, name text)"
# Each gives the same on both servers, where the session's user is a superuser on the one and may do everything on the other.
QUERIES = """
has_table_privilege('granted', 'select')
has_table_privilege('granted', 'SELECT, insert')
has_table_privilege('granted', 'SELECT WITH GRANT OPTION')
has_table_privilege('granted', 'rule')
has_table_privilege('granted', 'usage')
has_table_privilege('granted', '')
has_table_privilege('nothing', 'select')
has_table_privilege('granted', NULL)
has_table_privilege(NULL::text, 'select')
has_table_privilege(NULL, 'granted', 'select')
has_table_privilege(1::oid, 'select')
has_table_privilege('granted'::regclass, 'select')
has_table_privilege('granted'::regclass::oid, 'update')
has_table_privilege(current_user, 'granted', 'delete')
has_table_privilege(current_user, 'granted'::regclass, 'truncate')
has_table_privilege('nobody', 'granted', 'select')
has_table_privilege('public', 'granted', 'select')
has_table_privilege(99::oid, 'granted', 'select')
has_table_privilege('pg_catalog.pg_class', 'select')
has_table_privilege('information_schema.tables', 'select')
has_column_privilege('granted', 'id', 'select')
has_column_privilege('granted', 'id', 'delete')
has_column_privilege('granted', 'missing', 'select')
has_column_privilege('granted', 2::int2, 'update')
has_column_privilege('granted', 99::int2, 'update')
has_column_privilege(current_user, 'granted', 'name', 'references')
has_any_column_privilege('granted', 'insert')
has_any_column_privilege('granted', 'delete')
has_sequence_privilege('granted', 'usage')
has_schema_privilege('public', 'create, usage')
has_schema_privilege('pg_catalog', 'usage')
has_schema_privilege('nothing', 'usage')
has_schema_privilege(99::oid, 'usage')
has_database_privilege(current_database(), 'connect, temp')
has_database_privilege('nothing', 'connect')
has_function_privilege('abs(int)', 'execute')
has_function_privilege('nothing()', 'execute')
has_type_privilege('int4', 'usage')
has_type_privilege('nothing', 'usage')
has_language_privilege('sql', 'usage')
has_language_privilege('nothing', 'usage')
has_tablespace_privilege('pg_default', 'create')
has_tablespace_privilege('nothing', 'create')
has_foreign_data_wrapper_privilege('nothing', 'usage')
has_server_privilege('nothing', 'usage')
has_parameter_privilege('work_mem', 'set')
pg_has_role(current_user, 'member')
pg_has_role(current_user, current_user, 'usage')
pg_has_role('nobody', 'member')
pg_has_role('pg_monitor', 'pg_read_all_stats', 'member')
pg_has_role('pg_read_all_stats', 'pg_monitor', 'member')
pg_has_role('pg_monitor'::regrole, 'pg_read_all_settings'::regrole, 'usage')
pg_has_role(current_user, 'owner')
"""


@pytest.fixture(scope="module")
def ours() -> Iterator[Server]:
    with servers.pgiris() as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute(TABLE)
        yield server


@pytest.fixture(scope="module")
def theirs(postgres: Server) -> Iterator[Server]:
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute(TABLE)
        yield postgres
        connection.execute("DROP TABLE granted")


def answer(server: Server, query: str) -> object:
    with psycopg.connect(server.dsn()) as connection:
        result = connection.pgconn.exec_(query.encode())
        if result.status == pq.ExecStatus.FATAL_ERROR:
            fields = (pq.DiagnosticField.SQLSTATE, pq.DiagnosticField.MESSAGE_PRIMARY)
            return [(result.error_field(field) or b"").decode() for field in fields]
        return result.ftype(0), result.fname(0), result.get_value(0, 0)


@pytest.mark.parametrize("call", QUERIES.strip().splitlines())
def test_privileges_are_those_of_postgres(call: str, ours: Server, theirs: Server) -> None:
    assert answer(ours, f"SELECT {call}") == answer(theirs, f"SELECT {call}")


def test_the_system_catalogs_may_be_read_and_not_changed(ours: Server) -> None:
    with psycopg.connect(ours.dsn()) as connection:
        words = "'{select,insert,update,delete,truncate}'::text[]"
        query = f"SELECT has_table_privilege('pg_class', word) FROM unnest({words}) AS word".encode()
        assert [row[0] for row in connection.execute(query)] == [True, False, False, False, False]
        assert connection.execute("SELECT has_schema_privilege('pg_catalog', 'create')").fetchone() == (False,)
