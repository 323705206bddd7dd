"""Changes: how many rows a statement changed, the identity that it made, and what goes wrong."""

from __future__ import annotations

from pgiris.backend.base import RowFailed, Shape
from pgiris.conformance.check import Disagreement, Ground, check, expect
from pgiris.types import oids


@check("INSERT, UPDATE and DELETE tell how many rows they changed, none included")
def counts(ground: Ground) -> None:
    table = ground.table("a INTEGER, b VARCHAR(10)")
    expect(ground.count(f"INSERT INTO {table} (a, b) VALUES (1, 'x')"), 1, "INSERT")
    expect(ground.count(f"INSERT INTO {table} (a, b) SELECT a + 1, b FROM {table}"), 1, "INSERT ... SELECT")
    expect(ground.count(f"UPDATE {table} SET b = 'y'"), 2, "UPDATE")
    expect(max(0, ground.count(f"UPDATE {table} SET b = 'z' WHERE a = 99")), 0, "UPDATE of nothing")
    expect(ground.count(f"DELETE FROM {table} WHERE a = 1"), 1, "DELETE")
    expect(max(0, ground.count(f"DELETE FROM {table} WHERE a = 99")), 0, "DELETE of nothing")
    expect(ground.count(f"DELETE FROM {table}"), 1, "DELETE of the rest")


@check("the identity of an inserted row is known to its session")
def identity(ground: Ground) -> None:
    table = ground.table("a INTEGER")
    other = ground.further()
    ground.count(f"INSERT INTO {table} (a) VALUES (1)")
    first = ground.session.last_identity()
    ground.count(f"INSERT INTO {table} (a) VALUES (2)", session=other)
    if first is None or other.last_identity() in (None, first):
        raise Disagreement(f"identities {first} and {other.last_identity()}")
    expect(ground.session.last_identity(), first, "after another session's INSERT")
    expect(ground.rows(f"SELECT a FROM {table} WHERE %ID = ?", first, oids=(oids.INT8,)), [(1,)])


# What goes wrong -> the SQLSTATE, or its class where IRIS says too little.
_MISTAKES = (
    ("a table that does not exist", "SELECT a FROM {schema}.nowhere", "42P01"),
    ("a column that does not exist", "SELECT nothing FROM {t}", "42703"),
    ("a syntax error", "SELECT FROM WHERE", "42"),
    ("a semicolon at the end", "SELECT a FROM {t};", "42601"),
    ("an unknown function", "SELECT no_such_function(a) FROM {t}", "42"),
    ("a second row with a unique key", "INSERT INTO {t} (a, b) VALUES (1, 'again')", "23505"),
    ("NULL in a NOT NULL column", "INSERT INTO {t} (a, b) VALUES (2, NULL)", "23502"),
    ("a string that is too long", "INSERT INTO {t} (a, b) VALUES (3, 'longer than ten')", "22"),
    ("a number that is too large", "INSERT INTO {t} (a, b) VALUES (3000000000, 'x')", "22"),
    ("a table that exists already", "CREATE TABLE {t} (a INTEGER)", "42P07"),
    ("division by zero", "SELECT a / 0 FROM {t}", "22012"),
    ("a key that does not exist", "INSERT INTO {child} (a) VALUES (99)", "23503"),
    ("a key that others refer to", "DELETE FROM {t} WHERE a = 1", "23503"),
)


def _mistake(name: str, sql: str, code: str) -> None:
    @check(f"SQLSTATE {code} for {name}")
    def fails(ground: Ground) -> None:
        table = ground.table("a INTEGER NOT NULL, b VARCHAR(10) NOT NULL, CONSTRAINT pgiris_key PRIMARY KEY (a)")
        child = ground.table(f"a INTEGER, CONSTRAINT pgiris_reference FOREIGN KEY (a) REFERENCES {table} (a)")
        ground.count(f"INSERT INTO {table} (a, b) VALUES (1, 'x')")
        ground.count(f"INSERT INTO {child} (a) VALUES (1)")
        ground.refused(code, sql.format(t=table, child=child, schema=table.partition(".")[0]))
        expect(ground.rows(f"SELECT a, b FROM {table}"), [(1, "x")], "rows afterwards")


for _name, _sql, _code in _MISTAKES:
    _mistake(_name, _sql, _code)


@check("a broken unique key is told with its table and constraint")
def names(ground: Ground) -> None:
    table = ground.table("a INTEGER, CONSTRAINT pgiris_key UNIQUE (a)")
    ground.count(f"INSERT INTO {table} (a) VALUES (1)")
    error = ground.refused("23505", f"INSERT INTO {table} (a) VALUES (1)")
    expect((error.constraint or "").lower(), "pgiris_key", "constraint")
    expect((error.table or "").lower(), table.partition(".")[2], "table")


@check("many rows are inserted in one go, and the first that fails is told")
def many(ground: Ground) -> None:
    table, session = ground.table("a SMALLINT, b VARCHAR(5), n NUMERIC(8,2), CONSTRAINT pgiris_key UNIQUE (a)"), ground.session
    shape = Shape((oids.INT2, oids.TEXT, oids.NUMERIC))
    session.begin("read committed", False)
    sql = f"INSERT INTO {table} (a, b, n) VALUES (?, ?, ?)"
    session.execute_many(sql, [(number, ("", None, "x")[number % 3], f"{number}.50") for number in range(1200)], shape)
    session.commit()
    expect(ground.rows(f"SELECT COUNT(*), COUNT(b) FROM {table}"), [(1200, 800)])
    expect(ground.rows(f"SELECT a FROM {table} WHERE n = ?", "7.5", oids=(oids.NUMERIC,)), [(7,)])
    for rows, index, code in (
        ([(2000, "a", "1"), (2001, "much too long", "1"), (2002, "a", "1")], 1, "22"),
        ([(3000, "a", "1"), (3001, "a", "1"), (5, "a", "1")], 2, "23505"),
        ([(4000, "a", "1"), (4001, "a", "NaN")], 1, "22"),
    ):
        session.begin("read committed", False)
        try:
            session.execute_many(sql, rows, shape)
        except RowFailed as failed:
            expect((failed.index, failed.error.code[: len(code)]), (index, code))
        else:
            raise Disagreement("no error")
        session.rollback()
    expect(ground.rows(f"SELECT COUNT(*) FROM {table}"), [(1200,)], "afterwards")


@check("a statement with 250 parameters is taken")
def parameters(ground: Ground) -> None:
    table = ground.table("a INTEGER")
    ground.count(f"INSERT INTO {table} (a) VALUES (7)")
    marks = ", ".join("?" * 250)
    found = ground.rows(f"SELECT a FROM {table} WHERE a IN ({marks})", *range(250), oids=(oids.INT4,) * 250)
    expect(found, [(7,)])
