"""CREATE, ALTER, DROP, and what the dictionary tells of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pgiris import sqlstate
from pgiris.backend.base import Backend, BackendSession
from pgiris.backend.sandbox.backend import SandboxBackend
from pgiris.backend.sandbox.session import SandboxSession
from pgiris.errors import PgError
from pgiris.types import oids
from tests.sandbox.conftest import sqlcode


def test_a_snapshot_tells_tables_columns_and_keys(session: SandboxSession, run: Any) -> None:
    run(
        "CREATE TABLE Sales.Item (Id INTEGER IDENTITY, Code VARCHAR(10) COLLATE EXACT NOT NULL DEFAULT 'x', n NUMERIC(10,2),"
        " PRIMARY KEY (Id), CONSTRAINT uc UNIQUE (Code, n))"
    )
    run("CREATE VIEW v AS SELECT Code, n * 2 AS twice FROM Sales.Item")
    snapshot = session.introspect()
    table, view = snapshot.find("SALES", "item"), snapshot.find("sqluser", "V")
    assert table is not None and view is not None
    assert (table.schema, table.name, table.kind) == ("Sales", "Item", "table")
    assert (table.primary_key, table.unique_keys) == (("Id",), (("Code", "n"),))
    id_, code, n = table.columns
    assert (id_.name, id_.oid, id_.iris_type, id_.identity, id_.not_null) == ("Id", oids.INT4, "INTEGER", "always", True)
    assert (code.iris_type, code.collation, code.default, code.not_null) == ("VARCHAR(10)", "EXACT", "'x'", True)
    assert (n.oid, n.typmod) == (oids.NUMERIC, ((10 << 16) | 2) + 4)
    assert view.kind == "view" and [c.name for c in view.columns] == ["Code", "twice"]


def test_the_schema_version_changes_with_every_definition_and_only_then(session: SandboxSession, run: Any) -> None:
    versions = [session.schema_version()]
    for statement in (
        "CREATE TABLE t (a INTEGER)",
        "ALTER TABLE t ALTER COLUMN a RENAME b",
        "CREATE INDEX i ON t (b)",
        "DROP TABLE t",
    ):
        run(statement)
        versions.append(session.schema_version())
    assert len(set(versions)) == len(versions)
    run("CREATE TABLE t (a INTEGER)")
    before = session.schema_version()
    run("INSERT INTO t VALUES (1)")
    assert session.schema_version() == before == session.introspect().version


def test_names_ignore_case_even_in_quotes(run: Any) -> None:
    run('CREATE TABLE "Odd Name" ("a b" INTEGER, "Level" INTEGER)')
    run('INSERT INTO "odd name" ("A B", "LEVEL") VALUES (1, 2)')
    assert run('SELECT "a b", "level" FROM "ODD NAME"') == [(1, 2)]


def test_definitions_are_seen_by_other_sessions(backend: SandboxBackend, run: Any) -> None:
    other = backend.connect("user", "b", None)
    run("CREATE TABLE t (a INTEGER)")
    run("INSERT INTO t VALUES (1)")
    assert list(other.execute("SELECT a FROM t", ()).fetch(5)) == [(1,)]
    run("ALTER TABLE t ADD COLUMN b INTEGER DEFAULT 7")
    assert list(other.execute("SELECT * FROM t", ()).fetch(5)) == [(1, 7)]
    rows = other.execute("SELECT a FROM t", ())
    rows.fetch(5)
    run("ALTER TABLE t ALTER COLUMN a RENAME z")
    with pytest.raises(Exception, match='column "a" does not exist'):
        other.execute("SELECT a FROM t", ())
    other.close()


REFUSALS = [
    ("CREATE TABLE t (a INTEGER)", -201, sqlstate.DUPLICATE_TABLE),
    ("CREATE VIEW t AS SELECT 1 AS a", -201, sqlstate.DUPLICATE_TABLE),
    ("CREATE TABLE n (a INTEGER, A INTEGER)", -306, sqlstate.DUPLICATE_COLUMN),
    ("CREATE TABLE n (a INTEGER IDENTITY, b INTEGER IDENTITY)", -308, sqlstate.INVALID_TABLE_DEFINITION),
    ("CREATE TABLE n (a INTEGER PRIMARY KEY, b INTEGER PRIMARY KEY)", -307, sqlstate.INVALID_TABLE_DEFINITION),
    ("CREATE TABLE n (a INTEGER, PRIMARY KEY (b))", -86, sqlstate.UNDEFINED_COLUMN),
    ("CREATE TABLE n (a INTEGER REFERENCES nowhere)", -310, sqlstate.UNDEFINED_TABLE),
    ("CREATE TABLE n (a INTEGER REFERENCES t (s))", -314, sqlstate.INVALID_FOREIGN_KEY),
    ("CREATE TABLE n (a INTEGER REFERENCES t (nope))", -316, sqlstate.INVALID_FOREIGN_KEY),
    ("CREATE TABLE n (a INTEGER REFERENCES nokey)", -319, sqlstate.INVALID_FOREIGN_KEY),
    ("CREATE TABLE n (a NUMERIC(30,19))", -1, sqlstate.SYNTAX_ERROR),
    ('CREATE TABLE n ("a.b" INTEGER)', -1, sqlstate.SYNTAX_ERROR),
    ('CREATE TABLE n ("***" INTEGER)', -1, sqlstate.SYNTAX_ERROR),
    ("CREATE TABLE date (a INTEGER)", -312, sqlstate.INVALID_NAME),
    ("CREATE TABLE user.n (a INTEGER)", -312, sqlstate.INVALID_NAME),
    ("CREATE VIEW date AS SELECT 1 AS a", -312, sqlstate.INVALID_NAME),
    ("CREATE SCHEMA user", -312, sqlstate.INVALID_NAME),
    ('CREATE TABLE n ("+" INTEGER)', -88, sqlstate.INVALID_NAME),
    ("CREATE TABLE INFORMATION_SCHEMA.n (a INTEGER)", -312, sqlstate.INVALID_NAME),
    ("CREATE TABLE n (a LONGVARCHAR PRIMARY KEY)", -313, sqlstate.FEATURE_NOT_SUPPORTED),
    ("CREATE VIEW n AS SELECT a, a FROM t", -97, sqlstate.DUPLICATE_COLUMN),
    ("CREATE VIEW n (x, y) AS SELECT a FROM t", -142, sqlstate.INVALID_TABLE_DEFINITION),
    ("CREATE VIEW n AS SELECT nope FROM t", -29, sqlstate.UNDEFINED_COLUMN),
    ("CREATE INDEX i ON t (nope)", -31, sqlstate.UNDEFINED_COLUMN),
    ("CREATE INDEX i ON nowhere (a)", -30, sqlstate.UNDEFINED_TABLE),
    ("CREATE INDEX t_s ON t (a)", -324, sqlstate.DUPLICATE_TABLE),
    ("CREATE UNIQUE INDEX i ON t (s)", -125, sqlstate.UNIQUE_VIOLATION),
    ("CREATE INDEX i ON t (a) AS HNSW(Distance='Cosine')", -1, sqlstate.SYNTAX_ERROR),
    ("CREATE SCHEMA app", -476, sqlstate.DUPLICATE_SCHEMA),
    ("ALTER TABLE nowhere ADD COLUMN b INTEGER", -30, sqlstate.UNDEFINED_TABLE),
    ("ALTER TABLE t ADD COLUMN s INTEGER", -306, sqlstate.DUPLICATE_COLUMN),
    ("ALTER TABLE t ADD COLUMN q INTEGER NOT NULL", -304, sqlstate.NOT_NULL_VIOLATION),
    ("ALTER TABLE t ALTER COLUMN n NOT NULL", -305, sqlstate.NOT_NULL_VIOLATION),
    ("ALTER TABLE t ALTER COLUMN s INTEGER", -105, sqlstate.INVALID_TEXT_REPRESENTATION),
    ("ALTER TABLE t ALTER COLUMN s VARCHAR(2)", -105, sqlstate.STRING_DATA_RIGHT_TRUNCATION),
    ("ALTER TABLE t ALTER COLUMN s LONGVARCHAR", -374, sqlstate.FEATURE_NOT_SUPPORTED),
    ("ALTER TABLE t ALTER COLUMN s RENAME a", -306, sqlstate.DUPLICATE_COLUMN),
    ("ALTER TABLE t ADD CONSTRAINT c UNIQUE (s)", -125, sqlstate.UNIQUE_VIOLATION),
    ("ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (n) REFERENCES nokey (a)", -314, sqlstate.INVALID_FOREIGN_KEY),
    ("ALTER TABLE t DROP CONSTRAINT nope", -315, sqlstate.UNDEFINED_OBJECT),
    ("ALTER TABLE t DROP CONSTRAINT t_PKEY1", -317, sqlstate.DEPENDENT_OBJECTS_STILL_EXIST),
    ("ALTER TABLE t DROP COLUMN a", -322, sqlstate.DEPENDENT_OBJECTS_STILL_EXIST),
    ("ALTER TABLE t RENAME child", -201, sqlstate.DUPLICATE_TABLE),
    ("ALTER TABLE v ADD COLUMN b INTEGER", -300, sqlstate.WRONG_OBJECT_TYPE),
    ("DROP TABLE t", -320, sqlstate.DEPENDENT_OBJECTS_STILL_EXIST),
    ("DROP TABLE nokey", -321, sqlstate.DEPENDENT_OBJECTS_STILL_EXIST),
    ("DROP TABLE nowhere", -30, sqlstate.UNDEFINED_TABLE),
    ("DROP VIEW nowhere", -30, sqlstate.UNDEFINED_TABLE),
    ("DROP INDEX nope", -333, sqlstate.UNDEFINED_OBJECT),
    ("DROP SCHEMA app", -475, sqlstate.DEPENDENT_OBJECTS_STILL_EXIST),
    ("DROP SCHEMA nope", -473, sqlstate.INVALID_SCHEMA_NAME),
    ("INSERT INTO v (a) VALUES (1)", -35, sqlstate.OBJECT_NOT_IN_PREREQUISITE_STATE),
]


@pytest.fixture
def objects(run: Any) -> None:
    run("CREATE TABLE t (a INTEGER PRIMARY KEY, s VARCHAR(5), n INTEGER)")
    run("INSERT INTO t (a, s) VALUES (1, 'same')")
    run("INSERT INTO t (a, s) VALUES (2, 'same')")
    run("CREATE INDEX t_s ON t (s)")
    run("CREATE TABLE nokey (a INTEGER)")
    run("CREATE TABLE child (c INTEGER REFERENCES t (a))")
    run("CREATE VIEW v AS SELECT a + 0 AS a FROM nokey")
    run("CREATE TABLE app.x (a INTEGER)")


@pytest.mark.usefixtures("objects")
@pytest.mark.parametrize(("sql", "code", "state"), REFUSALS, ids=[sql for sql, _, _ in REFUSALS])
def test_a_refused_definition_has_its_sqlcode_and_changes_nothing(
    session: SandboxSession, run: Any, failure: Any, sql: str, code: int, state: str
) -> None:
    before = session.introspect()
    error = failure(sql)
    assert (sqlcode(error), error.code) == (code, state)
    assert session.introspect() == before
    assert run("SELECT a, s, n FROM t ORDER BY a") == [(1, "same", None), (2, "same", None)]


def test_if_exists_and_if_not_exists(run: Any) -> None:
    for _ in range(2):
        run("CREATE TABLE IF NOT EXISTS t (a INTEGER)")
        run("CREATE SCHEMA IF NOT EXISTS app")
    for _ in range(2):
        run("DROP TABLE IF EXISTS t")
        run("DROP VIEW IF EXISTS v")
        run("DROP INDEX IF EXISTS i")
        run("DROP SCHEMA IF EXISTS app")


def test_alter_table_keeps_rows_keys_and_indexes(run: Any, failure: Any) -> None:
    run("CREATE TABLE t (a INTEGER PRIMARY KEY, s VARCHAR(5) UNIQUE)")
    run("INSERT INTO t VALUES (1, 'x')")
    run("ALTER TABLE t ADD COLUMN (b NUMERIC(5,1) DEFAULT 2.5 NOT NULL, c DATE)")
    run("ALTER TABLE t ALTER COLUMN s VARCHAR(20)")
    run("ALTER TABLE t ALTER COLUMN b DOUBLE")
    run("ALTER TABLE t ALTER COLUMN c SET DEFAULT CURRENT_DATE")
    run("ALTER TABLE t RENAME u")
    run("INSERT INTO u (a, s) VALUES (2, 'longer than five')")
    assert run("SELECT a, s, b FROM u ORDER BY a") == [(1, "x", 2.5), (2, "longer than five", 2.5)]
    assert run("SELECT COUNT(c) FROM u") == [(1,)]
    assert sqlcode(failure("INSERT INTO u (a, s) VALUES (3, 'X')")) == -119
    run("ALTER TABLE u ALTER COLUMN b NULL")
    run("ALTER TABLE u ALTER COLUMN b DROP DEFAULT")
    run("INSERT INTO u (a) VALUES (9)")
    run("ALTER TABLE u DROP COLUMN s CASCADE")
    assert run("SELECT a, b FROM u WHERE a = 9") == [(9, None)]
    run("ALTER TABLE u DROP CONSTRAINT t_PKEY1")
    run("INSERT INTO u (a) VALUES (9)")


def test_renaming_a_referenced_table_keeps_its_foreign_keys(run: Any, failure: Any) -> None:
    run("CREATE TABLE p (id INTEGER PRIMARY KEY)")
    run("CREATE TABLE c (p INTEGER REFERENCES p)")
    run("ALTER TABLE p RENAME q")
    run("ALTER TABLE q ADD COLUMN x INTEGER")
    run("INSERT INTO q (id) VALUES (1)")
    run("INSERT INTO c VALUES (1)")
    assert sqlcode(failure("INSERT INTO c VALUES (2)")) == -121
    assert sqlcode(failure("DELETE FROM q")) == -124
    run("ALTER TABLE c DROP CONSTRAINT c_FKEY1")
    run("DELETE FROM q")


def test_a_constraint_can_be_added_later(run: Any, failure: Any) -> None:
    run("CREATE TABLE p (id INTEGER)")
    run("CREATE TABLE c (p INTEGER)")
    run("ALTER TABLE p ADD CONSTRAINT pk PRIMARY KEY (id)")
    run("INSERT INTO c VALUES (5)")
    assert sqlcode(failure("ALTER TABLE c ADD CONSTRAINT fk FOREIGN KEY (p) REFERENCES p (id)")) == -127
    run("INSERT INTO p VALUES (5)")
    run("ALTER TABLE c ADD CONSTRAINT fk FOREIGN KEY (p) REFERENCES p (id)")
    assert failure("INSERT INTO c VALUES (6)").constraint == "fk"


def test_create_table_as_select_takes_types_and_rows(session: SandboxSession, run: Any, count: Any) -> None:
    run("CREATE TABLE t (a INTEGER, s VARCHAR(5) COLLATE EXACT)")
    run("INSERT INTO t VALUES (1, 'x')")
    assert count("CREATE TABLE u AS SELECT a, a * 1.5 AS b, s, 'lit' AS l FROM t") == 1
    assert run("SELECT * FROM u") == [(1, "1.5", "x", "lit")]
    relation = session.introspect().find("SQLUser", "u")
    assert relation is not None
    assert [(c.name, c.oid) for c in relation.columns] == [
        ("a", oids.INT4),
        ("b", oids.NUMERIC),
        ("s", oids.VARCHAR),
        ("l", oids.TEXT),
    ]


def test_views_show_what_their_tables_hold(run: Any) -> None:
    run("CREATE TABLE t (a INTEGER, s VARCHAR(5))")
    run("INSERT INTO t VALUES (1, 'x')")
    run("CREATE VIEW v (n, twice) AS SELECT s, a * 2 FROM t")
    run("CREATE VIEW w AS SELECT twice FROM v WHERE n = 'X'")
    assert run("SELECT * FROM w") == [(2,)]
    run("CREATE OR REPLACE VIEW v (n, twice) AS SELECT s, a * 3 FROM t")
    assert run("SELECT * FROM w") == [(3,)]
    run("DROP TABLE t CASCADE")


def test_a_view_of_a_view_hinders_its_dropping(run: Any, failure: Any) -> None:
    run("CREATE VIEW v AS SELECT 1 AS a")
    run("CREATE VIEW w AS SELECT a FROM v")
    assert sqlcode(failure("DROP VIEW v")) == -321
    run("DROP VIEW v CASCADE")
    assert sqlcode(failure("SELECT * FROM w")) == -30


def test_a_global_temporary_table_is_shared_but_its_rows_are_not(
    backend: SandboxBackend, session: SandboxSession, run: Any
) -> None:
    run("CREATE GLOBAL TEMPORARY TABLE g (a INTEGER PRIMARY KEY)")
    other = backend.connect("USER", "b", None)
    run("INSERT INTO g VALUES (1)")
    assert run("SELECT a FROM g") == [(1,)]
    assert list(other.execute("SELECT a FROM g", ()).fetch(5)) == []
    other.close()
    session.reset()
    assert run("SELECT a FROM g") == []
    run("DROP TABLE g")


def test_definitions_commit(session: SandboxSession, run: Any) -> None:
    run("CREATE TABLE t (a INTEGER)")
    session.begin("read committed", False)
    run("INSERT INTO t VALUES (1)")
    run("CREATE TABLE u (a INTEGER)")
    run("INSERT INTO t VALUES (2)")
    session.rollback()
    assert run("SELECT a FROM t") == [(1,)]
    assert run("SELECT a FROM u") == []


def test_namespaces_are_files_and_ignore_case(backend: SandboxBackend) -> None:
    with pytest.raises(Exception, match='database "shop" does not exist'):
        backend.connect("shop", "a", None)
    backend.create("Shop")
    one, two = backend.connect("SHOP", "a", None), backend.connect("shop", "b", None)
    one.execute("CREATE TABLE t (a INTEGER)", ())
    assert two.introspect().find("SQLUser", "t") is not None
    assert list(two.execute("SELECT $NAMESPACE, USER", ()).fetch(1)) == [("SHOP", "b")]
    user = backend.connect("user", "c", None)
    assert user.introspect().relations == ()
    for opened in (one, two, user):
        opened.close()
    assert backend.namespaces() == ["SHOP", "USER"]


def test_a_file_that_is_no_database_is_told_as_such(backend: SandboxBackend, tmp_path: Path) -> None:
    (tmp_path / "BROKEN.sqlite").write_bytes(b"something else" * 100)
    with pytest.raises(PgError) as refused:
        backend.connect("broken", "a", None)
    assert refused.value.code == sqlstate.IO_ERROR


def test_the_sandbox_is_a_backend(backend: SandboxBackend) -> None:
    known: Backend = backend
    session: BackendSession = known.connect("USER", "a", None)
    session.close()


def test_information_schema_tells_definitions(run: Any) -> None:
    run("CREATE TABLE p (id INTEGER PRIMARY KEY, s VARCHAR(7) %DESCRIPTION 'a note')")
    run(
        "CREATE TABLE c (id INTEGER IDENTITY, p INTEGER, n NUMERIC(5,2) DEFAULT 1,"
        " CONSTRAINT cp FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE)"
    )
    run("CREATE INDEX ci ON c (n)")
    run("CREATE VIEW v AS SELECT id FROM p")
    schema = "INFORMATION_SCHEMA"
    assert run(f"SELECT TABLE_NAME, TABLE_TYPE FROM {schema}.TABLES WHERE TABLE_SCHEMA = 'sqluser'") == [
        ("p", "BASE TABLE"),
        ("c", "BASE TABLE"),
        ("v", "VIEW"),
    ]
    assert run(
        f"SELECT COLUMN_NAME, DATA_TYPE, IS_NULLABLE, CHARACTER_MAXIMUM_LENGTH, DESCRIPTION FROM {schema}.COLUMNS"
        " WHERE TABLE_NAME = 'P' ORDER BY ORDINAL_POSITION"
    ) == [
        ("id", "integer", "NO", None, None),
        ("s", "varchar", "YES", 7, "a note"),
    ]
    assert run(f"SELECT NUMERIC_PRECISION, NUMERIC_SCALE, COLUMN_DEFAULT FROM {schema}.COLUMNS WHERE COLUMN_NAME = 'n'") == [
        (5, 2, "1")
    ]
    assert run(f"SELECT CONSTRAINT_NAME, CONSTRAINT_TYPE FROM {schema}.TABLE_CONSTRAINTS ORDER BY 1") == [
        ("cp", "FOREIGN KEY"),
        ("p_PKEY1", "PRIMARY KEY"),
    ]
    assert run(f"SELECT UNIQUE_CONSTRAINT_NAME, DELETE_RULE, UPDATE_RULE FROM {schema}.REFERENTIAL_CONSTRAINTS") == [
        ("p_PKEY1", "CASCADE", "NO ACTION")
    ]
    assert run(f"SELECT COLUMN_NAME, REFERENCED_COLUMN_NAME FROM {schema}.KEY_COLUMN_USAGE WHERE CONSTRAINT_NAME = 'cp'") == [
        ("p", "id")
    ]
    assert run(f"SELECT INDEX_NAME, COLUMN_NAME, NON_UNIQUE, PRIMARY_KEY FROM {schema}.INDEXES ORDER BY 1") == [
        ("ci", "n", 1, 0),
        ("p_PKEY1", "id", 0, 1),
    ]
    assert run(f"SELECT VIEW_DEFINITION FROM {schema}.VIEWS") == [("SELECT id FROM p",)]
    assert ("SQLUser",) in run(f"SELECT SCHEMA_NAME FROM {schema}.SCHEMATA")
