from __future__ import annotations

import pytest

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types import objects, oids
from pgiris.types.codec import Oid
from pgiris.types.rows import codec_of
from pgiris.types.table import BY_NAME, TYPES, parse_type, type_length, type_name
from pgiris.types.vector import VECTORS
from tests.types.oracle import Oracle

NAMES = (
    """
int|INT4| integer |smallint|bigint|int2|int8|oid|bool|boolean|text|bytea|name|"char"|char|character|char(3)|character(7)
nchar(2)|national character(4)|bpchar|bpchar(5)|"bpchar"|varchar|varchar(20)|character varying|character varying(20)
char varying(3)|national character varying(6)|real|float|float(1)|float(24)|float(25)|float(53)|double precision
DOUBLE  PRECISION|float4|float8|numeric|numeric(10)|numeric(10,2)|numeric( 10 , 2 )|decimal(5,1)|dec|numeric(3,-2)
numeric(2,5)|numeric(1000,1000)|date|time|time(3)|time without time zone|time(0) without time zone|time with time zone
time(2) with time zone|timetz(2)|timestamp|timestamp(3)|timestamp(6) without time zone|timestamp with time zone
timestamp(1) with time zone|timestamptz(9)|interval|interval(3)|interval year|interval year to month
interval day to second(3)|interval second(0)|interval minute to second|uuid|json|jsonb|jsonpath|xml|inet|cidr|macaddr|macaddr8
regclass|regtype|xid8|int2vector|oidvector|pg_lsn|tid|int[]|int[3]|int[][]|int[2][3]|int array|int array[4]|_int4|_text
varchar(5)[]|timestamp(2) with time zone[]|numeric(10,2)[]|"char"[]|pg_catalog.int4|pg_catalog.bool[]|pg_catalog."char"
"int4"|"timestamptz"(3)|interval(2)[]|_varchar(5)|aclitem[]|record|refcursor|regrole[]
""".strip()
    .replace("\n", "|")
    .split("|")
)

WRONG = {
    "foo": 'type "foo" does not exist',
    '"INT4"': 'type "INT4" does not exist',
    '"integer"': 'type "integer" does not exist',
    "varchar(0)": "length for type varchar must be at least 1",
    "char(0)": "length for type char must be at least 1",
    "varchar(10485761)": "length for type varchar cannot exceed 10485760",
    "numeric(0)": "NUMERIC precision 0 must be between 1 and 1000",
    "numeric(1001)": "NUMERIC precision 1001 must be between 1 and 1000",
    "numeric(10,1001)": "NUMERIC scale 1001 must be between -1000 and 1000",
    "float(0)": "precision for type float must be at least 1 bit",
    "float(54)": "precision for type float must be less than 54 bits",
    "int4(3)": 'type modifier is not allowed for type "int4"',
    "numeric(1,2,3)": "invalid NUMERIC type modifier",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_means_what_it_means_to_postgresql(oracle: Oracle, name: str) -> None:
    oid, typmod = parse_type(name)
    assert (oid, typmod) == oracle.type_of(name)
    assert [type_name(oid, typmod).encode()] == oracle.column(f"SELECT format_type({oid}, {typmod})")


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_name_is_refused_in_postgresqls_words(oracle: Oracle, name: str) -> None:
    with pytest.raises(PgError) as caught:
        parse_type(name)
    assert caught.value.message == WRONG[name]
    theirs = oracle.type_of(name)
    assert (caught.value.code, caught.value.message) == (theirs.code, theirs.message)  # type: ignore[union-attr]


def test_a_type_that_only_postgresql_has_is_not_supported_rather_than_unknown() -> None:
    for name in ("money", "tsvector", "int4range", "point[]", "bit(3)"):
        with pytest.raises(PgError) as caught:
            parse_type(name)
        assert caught.value.code == sqlstate.FEATURE_NOT_SUPPORTED, name


def test_printed_names_are_read_back_with_their_arguments() -> None:
    for row in TYPES.values():
        if row.category not in "XP":
            assert parse_type(type_name(row.oid)) == (row.oid, -1)
    for name in NAMES:
        assert parse_type(type_name(*parse_type(name))) == parse_type(name)


def test_rows_say_what_pg_type_says(oracle: Oracle) -> None:
    columns = "oid::int8, typname, typarray::int8, typlen, typcategory, typelem::int8"
    query = f"SELECT concat_ws(' ', {columns}) FROM pg_type"
    theirs = {line for line in oracle.column(query) if line}
    for row in TYPES.values():
        if row.oid < 8000:
            line = f"{row.oid} {row.name} {row.array} {row.length} {row.category} {row.element}"
            assert line.encode() in theirs, line


def test_oids_of_ours_are_those_of_users_objects_but_of_no_relation() -> None:
    first_relation = min(first for first, _ in objects.RANGES.values())
    assert all(16384 <= oid < first_relation for oid in (*VECTORS, oids.VECTOR_ARRAY, oids.HALFVEC_ARRAY, oids.SPARSEVEC_ARRAY))


def test_oids_are_those_of_postgresql(oracle: Oracle) -> None:
    rows = oracle.column("SELECT upper(typname) || ' ' || oid::int8 FROM pg_type WHERE typrelid = 0 AND oid < 8000")
    theirs = dict((row or b"").decode().rsplit(" ", 1) for row in rows)
    for name, value in vars(oids).items():
        if isinstance(value, int) and value < 8000:
            name = f"_{name.removesuffix('_ARRAY')}" if name.endswith("_ARRAY") else name
            assert theirs[name] == str(value)


def test_lengths_are_pg_types_and_unknown_types_have_none() -> None:
    assert [type_length(oid) for oid in (oids.INT4, oids.TEXT, oids.UUID, oids.NAME, oids.INT4_ARRAY, oids.UNKNOWN)] == [
        4,
        -1,
        16,
        64,
        -1,
        -2,
    ]
    assert type_length(Oid(999999)) == -1


def test_values_of_unknown_types_are_refused() -> None:
    with pytest.raises(PgError) as caught:
        codec_of(oids.POINT)
    assert (caught.value.code, caught.value.message) == (sqlstate.FEATURE_NOT_SUPPORTED, "values of type point are not supported")


def test_every_spelling_leads_to_one_row() -> None:
    assert BY_NAME["int"] is BY_NAME["int4"] is BY_NAME["integer"] is TYPES[oids.INT4]
    assert BY_NAME["char"] is TYPES[oids.BPCHAR]
    assert parse_type("vector(3)") == (oids.VECTOR, 3)
    assert parse_type("public.vector[]") == (oids.VECTOR_ARRAY, -1)
    assert type_name(oids.VECTOR, 3) == "vector(3)"
