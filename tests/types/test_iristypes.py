from __future__ import annotations

import pytest

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.iristypes import annotation, comment_of, from_annotation, from_iris, generation_of, to_iris
from pgiris.types.table import TYPES, parse_type, type_name

# PostgreSQL's name, IRIS's DDL type, what the %DESCRIPTION has to remember.
COLUMNS = [
    ("boolean", "BIT", None),
    ("smallint", "SMALLINT", None),
    ("integer", "INTEGER", None),
    ("bigint", "BIGINT", None),
    ("oid", "BIGINT", "pgiris:oid"),
    ("real", "DOUBLE", "pgiris:real"),
    ("double precision", "DOUBLE", None),
    ("numeric(10,2)", "NUMERIC(10,2)", None),
    ("numeric(10)", "NUMERIC(10,0)", None),
    ("numeric", "NUMERIC(36,18)", "pgiris:numeric"),
    ("numeric(36,18)", "NUMERIC(36,18)", None),
    ("numeric(38,2)", "NUMERIC(21,2)", "pgiris:numeric(38,2)"),
    ("text", "VARCHAR(3641144)", None),
    ("varchar", "VARCHAR(3641144)", "pgiris:character varying"),
    ("varchar(50)", "VARCHAR(50)", None),
    ("varchar(4096)", "VARCHAR(4096)", "pgiris:character varying(4096)"),
    ("char(3)", "CHAR(3)", "pgiris:character(3)"),
    ("bpchar", "VARCHAR(3641144)", "pgiris:bpchar"),
    ('"char"', "VARCHAR(1)", 'pgiris:"char"'),
    ("name", "VARCHAR(63)", "pgiris:name"),
    ("bytea", "VARBINARY(3641144)", None),
    ("date", "DATE", None),
    ("time", "TIME(6)", None),
    ("time(3)", "TIME(3)", None),
    ("timetz", "VARCHAR(24)", "pgiris:time with time zone"),
    ("timestamp", "TIMESTAMP", None),
    ("timestamp(3)", "TIMESTAMP", "pgiris:timestamp(3) without time zone"),
    ("timestamptz", "TIMESTAMP", "pgiris:timestamp with time zone"),
    ("interval", "VARCHAR(128)", "pgiris:interval"),
    ("interval day to second(3)", "VARCHAR(128)", "pgiris:interval day to second(3)"),
    ("uuid", "UNIQUEIDENTIFIER", None),
    ("json", "VARCHAR(3641144)", "pgiris:json"),
    ("jsonb", "VARCHAR(3641144)", "pgiris:jsonb"),
    ("jsonpath", "VARCHAR(3641144)", "pgiris:jsonpath"),
    ("xml", "VARCHAR(3641144)", "pgiris:xml"),
    ("integer[]", "VARCHAR(3641144)", "pgiris:integer[]"),
    ("varchar(5)[]", "VARCHAR(3641144)", "pgiris:character varying(5)[]"),
    ("vector(3)", "VECTOR(FLOAT,3)", None),
    ("vector", "VECTOR(FLOAT)", None),
    ("halfvec(3)", "VECTOR(FLOAT,3)", "pgiris:halfvec(3)"),
    ("halfvec", "VECTOR(FLOAT)", "pgiris:halfvec"),
    ("sparsevec(5)", "VARCHAR(3641144)", "pgiris:sparsevec(5)"),
    ("inet", "VARCHAR(43)", "pgiris:inet"),
]

# iris-reference 5.1
FROM_IRIS = [
    ("BIT", "boolean"),
    ("TINYINT", "smallint"),
    ("INT", "integer"),
    ("mediumint", "integer"),
    ("SERIAL", "bigint"),
    ("ROWVERSION", "bigint"),
    ("NUMERIC", "numeric(15,0)"),
    ("NUMERIC(9)", "numeric(9,0)"),
    ("DECIMAL(9, 2)", "numeric(9,2)"),
    ("MONEY", "numeric(19,4)"),
    ("FLOAT(10)", "double precision"),
    ("DOUBLE  PRECISION", "double precision"),
    ("REAL", "double precision"),
    ("VARCHAR", "character varying(1)"),
    ("CHAR(3)", "character varying(3)"),
    ("CHARACTER VARYING(7)", "character varying(7)"),
    ("VARCHAR(MAX)", "text"),
    ("VARCHAR('')", "text"),
    ("VARCHAR(4096)", "text"),
    ("VARCHAR(70000)", "character varying(70000)"),
    ("SYSNAME", "character varying(128)"),
    ("LONGVARCHAR", "text"),
    ("CLOB", "text"),
    ("BINARY(16)", "bytea"),
    ("LONGVARBINARY", "bytea"),
    ("LONG RAW", "bytea"),
    ("TIME", "time without time zone"),
    ("TIME(9)", "time without time zone"),
    ("TIME(0)", "time(0) without time zone"),
    ("POSIXTIME", "timestamp without time zone"),
    ("DATETIME2", "timestamp without time zone"),
    ("GUID", "uuid"),
    ("VECTOR", "vector"),
    ("VECTOR(DOUBLE, 1536)", "vector(1536)"),
    ("VECTOR(TIMESTAMP,3)", "text"),
    ("EMBEDDING", "vector"),
    ("%List", "text"),
    ("SomethingNew(1,2)", "text"),
]


@pytest.mark.parametrize(("name", "iris", "remembered"), COLUMNS)
def test_a_column_keeps_its_type_through_iris(name: str, iris: str, remembered: str | None) -> None:
    oid, typmod = parse_type(name)
    assert to_iris(oid, typmod) == iris
    assert annotation(oid, typmod) == remembered
    assert (from_annotation(remembered) or from_iris(iris)) == (oid, typmod)


@pytest.mark.parametrize("generation", ["serial", "always", "by default"])
def test_an_identity_column_keeps_how_it_was_declared(generation: str) -> None:
    note = annotation(oids.INT8, -1, generation)
    assert note is not None
    assert from_annotation(note + "\nour key") == (oids.INT8, -1)
    assert generation_of(note + "\nour key") == generation
    assert comment_of(note + "\nour key") == "our key"


@pytest.mark.parametrize(("iris", "name"), FROM_IRIS)
def test_types_of_iris_tables_have_a_postgresql_type(iris: str, name: str) -> None:
    assert type_name(*from_iris(iris)) == name


def test_every_type_is_stored_so_that_it_comes_back_or_is_refused() -> None:
    for row in TYPES.values():
        if row.iris:
            assert (from_annotation(annotation(row.oid)) or from_iris(to_iris(row.oid))) == (row.oid, -1), row.name
        else:
            with pytest.raises(PgError) as caught:
                to_iris(row.oid)
            assert caught.value.code == sqlstate.FEATURE_NOT_SUPPORTED


@pytest.mark.parametrize("name", ["numeric(30,19)", "numeric(5,-2)"])
def test_decimals_that_iris_has_not_are_refused(name: str) -> None:
    with pytest.raises(PgError) as caught:
        to_iris(*parse_type(name))
    assert caught.value.code == sqlstate.FEATURE_NOT_SUPPORTED


@pytest.mark.parametrize(
    ("description", "found", "comment"),
    [
        ("pgiris:jsonb", (oids.JSONB, -1), None),
        ("pgiris:jsonb\n\nwhat the user says", (oids.JSONB, -1), "what the user says"),
        ("pgiris:character(3)\nsecond line\nthird", (oids.BPCHAR, 7), "second line\nthird"),
        ("pgiris:jsonb\r\n\r\nwindows", (oids.JSONB, -1), "windows"),
        ("only a comment", None, "only a comment"),
        ("comment\npgiris:jsonb", None, "comment\npgiris:jsonb"),
        ("pgiris:from_the_future", None, "pgiris:from_the_future"),
        ("", None, None),
        (None, None, None),
    ],
)
def test_annotations_are_told_from_comments(description: str | None, found: object, comment: str | None) -> None:
    assert from_annotation(description) == found
    assert comment_of(description) == comment
