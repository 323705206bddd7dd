"""INSERT, UPDATE, DELETE: counts, identity, validation, constraints."""

from __future__ import annotations

from typing import Any

import pytest

from pgiris import sqlstate
from pgiris.backend.sandbox.session import SandboxSession
from tests.sandbox.conftest import sqlcode


@pytest.fixture(autouse=True)
def table(run: Any) -> None:
    run(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s VARCHAR(5), n NUMERIC(6,2), f DOUBLE, b BIT, d DATE, tm TIME, ts TIMESTAMP,"
        " raw VARBINARY(4), small SMALLINT, big BIGINT, r VARCHAR(5) NOT NULL DEFAULT 'dflt', v VECTOR(FLOAT,2))"
    )


def test_values_come_back_as_they_were_stored(run: Any) -> None:
    row = (
        1,
        "abc",
        "1234.5",
        0.1,
        1,
        "2020-02-29",
        "23:59:59.5",
        "2020-02-29 10:00:00.25",
        b"\0\xff",
        -5,
        2**63 - 1,
        "x",
        "1,2.5",
    )
    run("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", *row)
    assert run("SELECT * FROM t") == [row]


def test_values_take_their_canonical_form(run: Any) -> None:
    run(
        "INSERT INTO t (id, n, f, d, tm, ts, b, v) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        "7",
        "001.500",
        "2.50",
        "2020-1-2",
        "1:02:03.500",
        "2020-01-02",
        True,
        "[1, 2.50]",
    )
    assert run("SELECT id, n, f, d, tm, ts, b, v FROM t") == [
        (7, "1.5", 2.5, "2020-01-02", "01:02:03.5", "2020-01-02 00:00:00", 1, "1,2.5")
    ]


INVALID = [
    ("s", "abcdef", sqlstate.STRING_DATA_RIGHT_TRUNCATION),
    ("s", "abcd\U0001f600", sqlstate.STRING_DATA_RIGHT_TRUNCATION),  # two UTF-16 units
    ("n", "10000", sqlstate.NUMERIC_VALUE_OUT_OF_RANGE),
    ("n", "9999.995", sqlstate.NUMERIC_VALUE_OUT_OF_RANGE),
    ("n", "abc", sqlstate.INVALID_TEXT_REPRESENTATION),
    ("n", "", sqlstate.INVALID_TEXT_REPRESENTATION),
    ("f", "nan", sqlstate.INVALID_TEXT_REPRESENTATION),
    ("f", float("inf"), sqlstate.NUMERIC_VALUE_OUT_OF_RANGE),
    ("b", 2, sqlstate.INVALID_TEXT_REPRESENTATION),
    ("d", "2021-02-29", sqlstate.INVALID_DATETIME_FORMAT),
    ("d", "1800-01-01", sqlstate.DATETIME_FIELD_OVERFLOW),
    ("tm", "24:00:00", sqlstate.INVALID_DATETIME_FORMAT),
    ("ts", "2020-01-01T10:00:00Z", sqlstate.INVALID_DATETIME_FORMAT),
    ("raw", b"12345", sqlstate.STRING_DATA_RIGHT_TRUNCATION),
    ("small", 32768, sqlstate.NUMERIC_VALUE_OUT_OF_RANGE),
    ("small", "1.5", sqlstate.INVALID_TEXT_REPRESENTATION),
    ("id", 2**31, sqlstate.NUMERIC_VALUE_OUT_OF_RANGE),
    ("big", 2**63, sqlstate.NUMERIC_VALUE_OUT_OF_RANGE),
    ("v", "1,2,3", sqlstate.DATA_EXCEPTION),
    ("v", "a,b", sqlstate.INVALID_TEXT_REPRESENTATION),
]


@pytest.mark.parametrize(("column", "value", "state"), INVALID, ids=[f"{c}-{v}" for c, v, _ in INVALID])
def test_a_value_that_does_not_fit_is_refused(failure: Any, column: str, value: Any, state: str) -> None:
    insert = f"INSERT INTO t ({column}) VALUES (?)" if column == "id" else f"INSERT INTO t (id, {column}) VALUES (1, ?)"
    error = failure(insert, value)
    assert (error.code, error.column, error.table) == (state, column, "t")
    assert sqlcode(error) == -104
    assert f"Field 'SQLUser.t.{column}'" in (error.detail or "")


def test_an_update_is_validated_with_its_own_sqlcode(run: Any, failure: Any) -> None:
    run("INSERT INTO t (id) VALUES (1)")
    assert sqlcode(failure("UPDATE t SET s = 'abcdef'")) == -105
    assert sqlcode(failure("UPDATE t SET s = r || r")) == -105
    assert run("SELECT s FROM t") == [(None,)]


def test_defaults_fill_what_an_insert_leaves_out(run: Any) -> None:
    run(
        "CREATE TABLE u (a INTEGER DEFAULT 5, b VARCHAR(10) DEFAULT 'x', c TIMESTAMP DEFAULT CURRENT_TIMESTAMP,"
        " d NUMERIC(5,1) DEFAULT -1.5)"
    )
    run("INSERT INTO u (a) VALUES (1)")
    run("INSERT INTO u DEFAULT VALUES")
    run("INSERT INTO u (b) SELECT 'y'")
    assert run("SELECT a, b, d FROM u") == [(1, "x", "-1.5"), (5, "x", "-1.5"), (5, "y", "-1.5")]
    assert run("SELECT COUNT(c) FROM u") == [(3,)]


def test_a_required_field_is_missed(run: Any, failure: Any) -> None:
    error = failure("INSERT INTO t (id, r) VALUES (1, NULL)")
    assert error.code == sqlstate.NOT_NULL_VIOLATION
    assert error.message == 'null value in column "r" of relation "t" violates not-null constraint'
    assert (error.schema, error.table, error.column) == ("SQLUser", "t", "r")
    assert sqlcode(error) == -108
    assert sqlcode(failure("INSERT INTO t (s) VALUES ('x')")) == -108


def test_a_key_is_unique(run: Any, failure: Any) -> None:
    run("INSERT INTO t (id) VALUES (1)")
    run("INSERT INTO t (id) VALUES (2)")
    error = failure("INSERT INTO t (id) VALUES (1)")
    assert error.code == sqlstate.UNIQUE_VIOLATION
    assert error.message == 'duplicate key value violates unique constraint "t_PKEY1"'
    assert (error.schema, error.table, error.constraint) == ("SQLUser", "t", "t_PKEY1")
    assert sqlcode(error) == -119
    assert sqlcode(failure("UPDATE t SET id = 1")) == -120


def test_counts_of_changed_rows(count: Any) -> None:
    assert count("INSERT INTO t (id) SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3") == 3
    assert count("UPDATE t SET s = 'x' WHERE id > 1") == 2
    assert count("UPDATE t SET s = 'x' WHERE id > 10") == 0
    assert count("DELETE FROM t WHERE id = 1") == 1
    assert count("DELETE FROM t") == 2
    assert count("DELETE FROM t") == 0


def test_a_statement_happens_as_a_whole_or_not_at_all(run: Any, failure: Any, session: SandboxSession) -> None:
    run("INSERT INTO t (id, s) VALUES (5, 'ok')")
    many = "INSERT INTO t (id, s) SELECT 1, 'a' UNION ALL SELECT 2, 'toolong' UNION ALL SELECT 3, 'c'"
    failure(many)
    assert run("SELECT id FROM t") == [(5,)]
    session.begin("read committed", False)
    run("INSERT INTO t (id) VALUES (6)")
    failure(many)
    failure("INSERT INTO t (id) SELECT 7 UNION ALL SELECT 5")
    session.commit()
    assert run("SELECT id FROM t ORDER BY id") == [(5,), (6,)]


def test_update_from_and_delete_from_join_other_tables(run: Any, count: Any) -> None:
    run("CREATE TABLE o (k INTEGER, w VARCHAR(5))")
    for id_ in (1, 2, 3):
        run("INSERT INTO t (id) VALUES (?)", id_)
    run("INSERT INTO o VALUES (2, 'two')")
    assert count("UPDATE t SET s = o.w FROM o WHERE o.k = t.id") == 1
    assert count("UPDATE t SET s = x.w FROM t, o AS x WHERE x.k + 1 = t.id") == 1
    assert run("SELECT id, s FROM t ORDER BY id") == [(1, None), (2, "two"), (3, "two")]
    assert count("DELETE FROM t FROM o WHERE o.k = t.id") == 1
    assert count("DELETE FROM t WHERE id IN (SELECT k + 1 FROM o)") == 1
    assert run("SELECT id FROM t") == [(1,)]


def test_insert_or_update_replaces_the_row_with_the_same_key(run: Any, count: Any) -> None:
    assert count("INSERT OR UPDATE INTO t (id, s) VALUES (1, 'a')") == 1
    assert count("INSERT OR UPDATE INTO t (id, s) VALUES (1, 'b')") == 1
    count("INSERT OR UPDATE INTO t (id, s) SELECT id, 'c' FROM t UNION ALL SELECT 2, 'd'")
    assert run("SELECT id, s, r FROM t ORDER BY id") == [(1, "c", "dflt"), (2, "d", "dflt")]


def test_insert_set_and_update_with_a_list_of_values(run: Any) -> None:
    run("INSERT INTO t SET id = 1, s = 'a'")
    run("UPDATE t (s, small) VALUES ('b', 2) WHERE id = 1")
    assert run("SELECT s, small FROM t") == [("b", 2)]


MISMATCHES = [
    ("INSERT INTO t (id, s) VALUES (1)", -116, sqlstate.SYNTAX_ERROR),
    ("INSERT INTO t (id) VALUES (1, 2)", -116, sqlstate.SYNTAX_ERROR),
    ("INSERT INTO t (id) SELECT 1, 2", -116, sqlstate.SYNTAX_ERROR),
    ("INSERT INTO t (id, id) VALUES (1, 2)", -377, sqlstate.DUPLICATE_COLUMN),
    ("UPDATE t SET s = 'a', s = 'b'", -377, sqlstate.DUPLICATE_COLUMN),
    ("INSERT INTO t (nope) VALUES (1)", -29, sqlstate.UNDEFINED_COLUMN),
    ("UPDATE t SET nope = 1", -29, sqlstate.UNDEFINED_COLUMN),
    ("UPDATE t SET %ID = 1", -107, sqlstate.GENERATED_ALWAYS),
    ("INSERT INTO t (%ID) VALUES (1)", -111, sqlstate.GENERATED_ALWAYS),
    ("DELETE FROM nope", -30, sqlstate.UNDEFINED_TABLE),
    ("INSERT INTO INFORMATION_SCHEMA.TABLES (TABLE_NAME) VALUES ('x')", -115, sqlstate.WRONG_OBJECT_TYPE),
]


@pytest.mark.parametrize(("sql", "code", "state"), MISMATCHES, ids=[sql for sql, _, _ in MISMATCHES])
def test_a_refused_change_has_its_sqlcode(failure: Any, sql: str, code: int, state: str) -> None:
    error = failure(sql)
    assert (sqlcode(error), error.code) == (code, state)


# Identity and counters


def test_an_identity_counts_and_is_told(run: Any, failure: Any, session: SandboxSession) -> None:
    run("CREATE TABLE i (id INTEGER IDENTITY, s VARCHAR(5))")
    assert session.last_identity() is None
    run("INSERT INTO i (s) VALUES ('a')")
    run("INSERT INTO i (s) VALUES ('b')")
    assert session.last_identity() == 2
    assert run("SELECT LAST_IDENTITY()") == [(2,)]
    assert run("SELECT * FROM i") == [(1, "a"), (2, "b")]
    assert run("SELECT s FROM i WHERE %ID = 2") == [("b",)]
    assert sqlcode(failure("INSERT INTO i (id) VALUES (9)")) == -111
    assert sqlcode(failure("UPDATE i SET id = 9")) == -107
    run("DELETE FROM i")
    run("INSERT INTO i (s) VALUES ('c')")
    assert run("SELECT id FROM i") == [(3,)]
    run("TRUNCATE TABLE i")
    run("INSERT INTO i (s) VALUES ('d')")
    assert run("SELECT id FROM i") == [(1,)]


def test_an_identity_may_be_given_when_the_table_allows_it(run: Any) -> None:
    run("CREATE TABLE i (id INTEGER IDENTITY, s VARCHAR(5)) WITH %CLASSPARAMETER ALLOWIDENTITYINSERT = 1")
    run("INSERT INTO i (id, s) VALUES (10, 'a')")
    run("INSERT INTO i (s) VALUES ('b')")
    assert run("SELECT id FROM i") == [(10,), (11,)]


def test_an_identity_is_checked_when_it_is_a_key(run: Any, failure: Any) -> None:
    run("CREATE TABLE i (id INTEGER IDENTITY PRIMARY KEY, s VARCHAR(5)) WITH %CLASSPARAMETER ALLOWIDENTITYINSERT = 1")
    run("INSERT INTO i (id) VALUES (1)")
    error = failure("INSERT INTO i (id) VALUES (1)")
    assert (sqlcode(error), error.constraint) == (-119, "i_PKEY1")


def test_a_serial_counts_and_takes_values(run: Any) -> None:
    run("CREATE TABLE c (id SERIAL PRIMARY KEY, s VARCHAR(5))")
    run("INSERT INTO c (s) VALUES ('a')")
    run("INSERT INTO c (id, s) VALUES (10, 'b')")
    run("INSERT INTO c (id, s) VALUES (0, 'c')")
    run("INSERT INTO c (id, s) VALUES (NULL, 'd')")
    run("INSERT INTO c (s) SELECT 'e' UNION ALL SELECT 'f'")
    assert run("SELECT id FROM c ORDER BY id") == [(1,), (10,), (11,), (12,), (13,), (14,)]


def test_a_rowversion_changes_with_every_change(run: Any, failure: Any) -> None:
    run("CREATE TABLE w (id INTEGER, rv ROWVERSION)")
    run("INSERT INTO w (id) VALUES (1)")
    ((before,),) = run("SELECT rv FROM w")
    run("UPDATE w SET id = 2")
    ((after,),) = run("SELECT rv FROM w")
    assert after > before
    assert sqlcode(failure("INSERT INTO w (rv) VALUES (5)")) == -138


# Foreign keys


@pytest.fixture
def family(run: Any) -> None:
    run("CREATE TABLE p (id INTEGER PRIMARY KEY, code VARCHAR(5) UNIQUE)")
    run("INSERT INTO p VALUES (1, 'one')")
    run("INSERT INTO p VALUES (2, 'two')")


@pytest.mark.usefixtures("family")
def test_a_foreign_key_must_point_to_a_row(run: Any, failure: Any) -> None:
    run("CREATE TABLE c (id INTEGER, p INTEGER, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id))")
    run("INSERT INTO c VALUES (1, 1)")
    run("INSERT INTO c VALUES (2, NULL)")
    error = failure("INSERT INTO c VALUES (3, 9)")
    assert error.code == sqlstate.FOREIGN_KEY_VIOLATION
    assert error.message == 'insert or update on table "c" violates foreign key constraint "c_p"'
    assert (error.table, error.constraint) == ("c", "c_p")
    assert sqlcode(error) == -121
    assert sqlcode(failure("UPDATE c SET p = 9 WHERE id = 1")) == -122
    error = failure("DELETE FROM p WHERE id = 1")
    assert sqlcode(error) == -124
    assert error.message == 'update or delete on table "p" violates foreign key constraint "c_p" on table "c"'
    assert sqlcode(failure("UPDATE p SET id = 5 WHERE id = 1")) == -123
    run("UPDATE p SET code = 'eins' WHERE id = 1")
    run("DELETE FROM p WHERE id = 2")


@pytest.mark.usefixtures("family")
@pytest.mark.parametrize(
    ("action", "rows"),
    [("CASCADE", []), ("SET NULL", [(1, None)]), ("SET DEFAULT", [(1, 2)])],
    ids=["cascade", "null", "default"],
)
def test_what_deleting_the_referenced_row_does(run: Any, action: str, rows: list[Any]) -> None:
    run(f"CREATE TABLE c (id INTEGER, p INTEGER DEFAULT 2 REFERENCES p (id) ON DELETE {action})")
    run("INSERT INTO c VALUES (1, 1)")
    run("DELETE FROM p WHERE id = 1")
    assert run("SELECT * FROM c") == rows


@pytest.mark.usefixtures("family")
def test_a_changed_key_is_followed(run: Any) -> None:
    run("CREATE TABLE c (id INTEGER, code VARCHAR(5) REFERENCES p (code) ON UPDATE CASCADE)")
    run("INSERT INTO c VALUES (1, 'ONE')")
    run("UPDATE p SET code = 'uno' WHERE id = 1")
    assert run("SELECT code FROM c") == [("uno",)]


def test_a_table_may_point_to_itself(run: Any, failure: Any) -> None:
    run("CREATE TABLE n (id INTEGER PRIMARY KEY, up INTEGER REFERENCES n (id))")
    run("INSERT INTO n VALUES (1, 1)")
    run("INSERT INTO n VALUES (2, 1)")
    assert sqlcode(failure("DELETE FROM n WHERE id = 1")) == -124
    run("DELETE FROM n WHERE id = 2")
