"""Values: what goes in comes out again, for every type, NULL and the empty string included."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pgiris.backend.base import ListValue
from pgiris.conformance.check import Ground, check, expect
from pgiris.types import oids
from pgiris.types.codec import Oid

# DDL type, PostgreSQL's type, values. A number may come back as another kind of number.
ROUND_TRIPS: tuple[tuple[str, Oid, tuple[Any, ...]], ...] = (
    ("BIT", oids.BOOL, (1, 0)),
    ("SMALLINT", oids.INT2, (-32768, 32767)),
    ("INTEGER", oids.INT4, (-(2**31), 2**31 - 1)),
    ("BIGINT", oids.INT8, (-(2**63), 2**63 - 1)),
    ("DOUBLE", oids.FLOAT8, (0.1, -1.5e300, 2.5e-300, 0.0)),
    ("NUMERIC(10,2)", oids.NUMERIC, ("0.5", "-12345678.25", "0", "100")),
    ("NUMERIC(19,0)", oids.NUMERIC, ("9223372036854775807", "-9223372036854775807")),
    ("NUMERIC(18,18)", oids.NUMERIC, ("0.000000000000000001",)),
    (
        "VARCHAR(100)",
        oids.TEXT,
        ("a", "", " ", "a  ", "it''s 'quoted'", "Übung €", "\U0001f600", "line\nbreak", "1.50", "?", ":x"),
    ),
    ("VARBINARY(100)", oids.BYTEA, (b"\x00\x01\xff", b"abc")),
    ("DATE", oids.DATE, ("1840-12-31", "2000-02-29", "9999-12-31")),
    ("TIME", oids.TIME, ("00:00:00", "23:59:59")),
    ("TIMESTAMP", oids.TIMESTAMP, ("2024-02-29 12:34:56.123456", "1970-01-01 00:00:00", "1960-06-30 23:59:59.5")),
    ("UNIQUEIDENTIFIER", oids.UUID, ("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",)),
)
_NUMBERS = frozenset((oids.BOOL, oids.INT2, oids.INT4, oids.INT8, oids.FLOAT8, oids.NUMERIC))


def _round_trip(ddl: str, oid: Oid, values: tuple[Any, ...]) -> None:
    @check(f"{ddl}: values and NULL come back as they were stored")
    def stored(ground: Ground) -> None:
        table = ground.table(f"n INTEGER, v {ddl}")
        for number, value in enumerate((*values, None)):
            ground.count(f"INSERT INTO {table} (n, v) VALUES (?, ?)", number, value, oids=(oids.INT4, oid))
        found = [v for (v,) in ground.rows(f"SELECT v FROM {table} ORDER BY n", shown=(oid,))]
        expect(found.pop(), None, "NULL")
        for one, wanted in zip(found, values, strict=True):
            if oid in _NUMBERS:
                if one is None or Decimal(str(one)) != Decimal(str(wanted)):
                    expect(one, wanted)
            else:
                expect(one, wanted)


for _ddl, _oid, _values in ROUND_TRIPS:
    _round_trip(_ddl, _oid, _values)


@check("long strings and streams come back whole")
def streams(ground: Ground) -> None:
    table = ground.table("n INTEGER, v LONGVARCHAR, b LONGVARBINARY")
    text, data = "x€" * 50_000, bytes(range(256)) * 400
    ground.count(f"INSERT INTO {table} (n, v, b) VALUES (1, ?, ?)", text, data, oids=(oids.TEXT, oids.BYTEA))
    ((found_text, found_data),) = ground.rows(f"SELECT v, b FROM {table}", shown=(oids.TEXT, oids.BYTEA))
    expect(len(found_text), len(text), "characters")
    expect(found_text, text)
    expect(found_data, data)


@check("the empty string is not NULL")
def empty(ground: Ground) -> None:
    table = ground.table("n INTEGER, v VARCHAR(10)")
    ground.count(f"INSERT INTO {table} (n, v) VALUES (1, ?)", "", oids=(oids.TEXT,))
    ground.count(f"INSERT INTO {table} (n, v) VALUES (2, ?)", None, oids=(oids.TEXT,))
    ground.count(f"INSERT INTO {table} (n, v) VALUES (3, '')")
    expect([n for (n,) in ground.rows(f"SELECT n FROM {table} WHERE v IS NULL")], [2])
    expect([n for (n,) in ground.rows(f"SELECT n FROM {table} WHERE v = ? ORDER BY n", "", oids=(oids.TEXT,))], [1, 3])


@check("parameters find rows by value, whatever their spelling")
def comparisons(ground: Ground) -> None:
    table = ground.table("i INTEGER, n NUMERIC(10,2), d DATE, t TIMESTAMP")
    ground.count(f"INSERT INTO {table} (i, n, d, t) VALUES (5, 1.5, {{d '2024-02-29'}}, {{ts '2024-02-29 10:00:00.5'}})")
    for column, value, oid in (
        ("i", 5, oids.INT4),
        ("n", "1.50", oids.NUMERIC),
        ("d", "2024-02-29", oids.DATE),
        ("t", "2024-02-29 10:00:00.5", oids.TIMESTAMP),
    ):
        found = ground.rows(f"SELECT i FROM {table} WHERE {column} = ?", value, oids=(oid,))
        expect(found, [(5,)], column)


@check("%INLIST compares with the elements of a bound list")
def lists(ground: Ground) -> None:
    table = ground.table("i INTEGER, s VARCHAR(20) COLLATE %EXACT")
    for number, word in enumerate(("a", "b", "Ünï€", "")):
        ground.count(f"INSERT INTO {table} (i, s) VALUES (?, ?)", number, word, oids=(oids.INT4, oids.TEXT))
    by_number = ground.rows(
        f"SELECT i FROM {table} WHERE i %INLIST ? ORDER BY i", ListValue((0, 2, 300)), oids=(oids.INT4_ARRAY,)
    )
    expect(by_number, [(0,), (2,)])
    by_text = ground.rows(
        f"SELECT i FROM {table} WHERE s %INLIST ? ORDER BY i", ListValue(("b", "Ünï€")), oids=(oids.TEXT_ARRAY,)
    )
    expect(by_text, [(1,), (2,)])


@check("vectors go in by TO_VECTOR and come out as numbers without brackets")
def vectors(ground: Ground) -> None:
    table = ground.table("i INTEGER, v VECTOR(DOUBLE, 3)")
    ground.count(f"INSERT INTO {table} (i, v) VALUES (1, TO_VECTOR(?, DOUBLE, 3))", "1,0.5,-2", oids=(oids.VECTOR,))
    ((found,),) = ground.rows(f"SELECT v FROM {table}", shown=(oids.VECTOR,))
    expect([float(part) for part in found.split(",")], [1.0, 0.5, -2.0])
    ((cosine,),) = ground.rows(
        f"SELECT VECTOR_COSINE(v, TO_VECTOR(?, DOUBLE, 3)) FROM {table}", "1,0.5,-2", oids=(oids.VECTOR,), shown=(oids.FLOAT8,)
    )
    expect(round(float(cosine), 9), 1.0)
    ground.refused("22", f"INSERT INTO {table} (i, v) VALUES (2, TO_VECTOR(?, DOUBLE, 2))", "1,2")


@check("infinite numbers are refused, not stored as something else")
def infinite(ground: Ground) -> None:
    table = ground.table("v DOUBLE")
    ground.refused("22003", f"INSERT INTO {table} (v) VALUES (?)", float("inf"))
    expect(ground.rows(f"SELECT COUNT(*) FROM {table}"), [(0,)])
