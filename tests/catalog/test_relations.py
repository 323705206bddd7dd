"""The relations of the catalog, against a list of names from PostgreSQL 15 and the rows that PostgreSQL has of itself."""

from __future__ import annotations

import duckdb
import pytest

from pgiris.catalog.relations import RELATIONS
from pgiris.types import oids
from pgiris.types.table import TYPES

Built = duckdb.DuckDBPyConnection


def one(connection: Built, sql: str) -> object:
    row = connection.execute(sql).fetchone()
    assert row is not None
    return row[0]


def test_every_relation_of_postgres_is_there_with_its_columns(built: Built) -> None:
    for relation in RELATIONS.values():
        described = built.execute(f"DESCRIBE {relation.duckdb}").fetchall()
        assert [row[0] for row in described] == [column.name for column in relation.columns]


@pytest.mark.parametrize(
    ("relation", "column", "oid", "declared"),
    [
        (("pg_catalog", "pg_class"), "relname", oids.NAME, oids.NAME),
        (("pg_catalog", "pg_class"), "relkind", oids.CHAR, oids.CHAR),
        (("pg_catalog", "pg_index"), "indkey", oids.INT2VECTOR, oids.INT2VECTOR),
        (("pg_catalog", "pg_attribute"), "attnum", oids.INT2, oids.INT2),
        (("pg_catalog", "pg_auth_members"), "set_option", oids.BOOL, oids.BOOL),
    ],
)
def test_columns_have_their_types(relation: tuple[str, str], column: str, oid: int, declared: int) -> None:
    found = RELATIONS[relation].by_name[column][1]
    assert (found.oid, found.declared) == (oid, declared)


def test_columns_of_information_schema_have_the_base_types_of_their_domains(built: Built) -> None:
    column = RELATIONS["information_schema", "columns"].by_name["is_nullable"][1]
    assert (column.oid, column.typmod) == (oids.VARCHAR, 7)
    assert one(built, f"SELECT typname FROM pgc.pg_type WHERE oid = {column.declared}") == "yes_or_no"


def test_relations_agree_with_the_rows_of_pg_class_and_pg_attribute(built: Built) -> None:
    for relation in RELATIONS.values():
        rows = built.execute(
            "SELECT attname, atttypid, attnotnull FROM pgc.pg_attribute WHERE attrelid = ? AND attnum > 0 ORDER BY attnum",
            [relation.oid],
        ).fetchall()
        assert rows == [(c.name, c.declared, c.not_null) for c in relation.columns]


def test_types_that_values_are_encoded_as_are_rows_of_pg_type(built: Built) -> None:
    known = dict(built.execute("SELECT oid, typname FROM pgc.pg_type").fetchall())
    assert {oid: row.name for oid, row in TYPES.items()}.items() <= known.items()


def test_the_vector_type_has_our_oids_and_its_functions_and_operators_are_there(built: Built) -> None:
    vector = one(built, "SELECT oid FROM pgc.pg_type WHERE typname = 'vector'")
    assert vector == oids.VECTOR
    operators = built.execute("SELECT oprname FROM pgc.pg_operator WHERE oprleft = ?", [vector]).fetchall()
    assert {"<=>", "<#>"} <= {name for (name,) in operators}
    assert one(built, "SELECT count(*) FROM pgc.pg_am WHERE amname = 'hnsw'") == 1


def test_all_of_pgvectors_objects_are_there(built: Built) -> None:
    assert one(built, "SELECT oid FROM pgc.pg_type WHERE typname = 'halfvec'") == oids.HALFVEC
    casts = built.execute("SELECT castsource, castcontext FROM pgc.pg_cast WHERE casttarget = ?", [oids.HALFVEC]).fetchall()
    assert {(oids.VECTOR, "i"), (oids.FLOAT4_ARRAY, "a")} <= set(casts)
    assert one(built, "SELECT oid FROM pgc.pg_type WHERE typname = 'sparsevec'") == oids.SPARSEVEC
    classes = built.execute(
        "SELECT amname, count(*) FROM pgc.pg_opclass c JOIN pgc.pg_am a ON a.oid = opcmethod WHERE c.oid >= 16384 GROUP BY 1"
    ).fetchall()
    assert dict(classes) == {"btree": 3, "hnsw": 14, "ivfflat": 7}
    assert one(built, "SELECT count(*) FROM pgc.pg_proc WHERE proname IN ('binary_quantize', 'hamming_distance')") == 3


@pytest.mark.parametrize(
    ("relation", "column", "target"),
    [
        ("pg_proc", "prorettype", "pg_type"),
        ("pg_operator", "oprcode", "pg_proc"),
        ("pg_opclass", "opcfamily", "pg_opfamily"),
        ("pg_amop", "amopopr", "pg_operator"),
        ("pg_amproc", "amproc", "pg_proc"),
        ("pg_type", "typarray", "pg_type"),
        ("pg_attribute", "attrelid", "pg_class"),
        ("pg_index", "indexrelid", "pg_class"),
        ("pg_am", "amhandler", "pg_proc"),
        ("pg_aggregate", "aggfnoid", "pg_proc"),
    ],
)
def test_references_between_the_rows_lead_somewhere(built: Built, relation: str, column: str, target: str) -> None:
    lost = f"SELECT count(*) FROM pgc.{relation} WHERE {column} <> 0 AND {column} NOT IN (SELECT oid FROM pgc.{target})"
    assert one(built, lost) == 0
