"""The relations of PostgreSQL 16's pg_catalog and information_schema: names, columns and types, and how DuckDB stores them.

The list is made by tools/renew_catalog.py from a real server. DuckDB keeps the schema name ``pg_catalog`` for itself, so the
relations live in schemas of other names.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib import resources

from pgiris.types import oids
from pgiris.types.codec import Oid

DUCKDB_SCHEMAS = {"pg_catalog": "pgc", "information_schema": "infs"}

_TYPES: dict[str, tuple[Oid, ...]] = {
    "BOOLEAN": (oids.BOOL,),
    "SMALLINT": (oids.INT2,),
    "INTEGER": (oids.INT4,),
    "BIGINT": (oids.INT8,),
    "FLOAT": (oids.FLOAT4,),
    "DOUBLE": (oids.FLOAT8,),
    "TIMESTAMPTZ": (oids.TIMESTAMPTZ,),
    "BLOB": (oids.BYTEA,),
    "UINTEGER": (
        oids.OID, oids.XID, oids.CID, oids.REGPROC, oids.REGPROCEDURE, oids.REGOPER, oids.REGOPERATOR, oids.REGCLASS,
        oids.REGTYPE, oids.REGCOLLATION, oids.REGNAMESPACE, oids.REGROLE, oids.REGCONFIG, oids.REGDICTIONARY,
    ),
    "VARCHAR": (
        oids.NAME, oids.TEXT, oids.VARCHAR, oids.CHAR, oids.NUMERIC, oids.INTERVAL,
        oids.ACLITEM, oids.INET, oids.PG_LSN, oids.PG_NODE_TREE, oids.PG_NDISTINCT,
        oids.PG_DEPENDENCIES, oids.PG_MCV_LIST,
    ),
    "SMALLINT[]": (oids.INT2VECTOR, oids.INT2_ARRAY),
    "UINTEGER[]": (oids.OIDVECTOR, oids.OID_ARRAY, oids.REGTYPE_ARRAY),
    "INTEGER[]": (oids.INT4_ARRAY,),
    "BOOLEAN[]": (oids.BOOL_ARRAY,),
    "FLOAT[]": (oids.FLOAT4_ARRAY,),
    "DOUBLE[]": (oids.FLOAT8_ARRAY,),
    "VARCHAR[]": (oids.TEXT_ARRAY, oids.NAME_ARRAY, oids.CHAR_ARRAY, oids.ACLITEM_ARRAY, oids.ANYARRAY),
}  # fmt: skip
_DUCKDB = {oid: name for name, numbers in _TYPES.items() for oid in numbers}
_PG_STATISTIC_ARRAY = Oid(10028)


def duckdb_type(oid: Oid) -> str:
    """The DuckDB type of a catalog column. Raises KeyError for a type that no catalog column has."""
    return "VARCHAR[]" if oid == _PG_STATISTIC_ARRAY else _DUCKDB[oid]


@dataclass(frozen=True)
class CatalogColumn:
    """oid and typmod are what RowDescription says; declared is pg_attribute's atttypid, a domain in information_schema."""

    name: str
    oid: Oid
    typmod: int
    not_null: bool
    declared: Oid
    duckdb: str


@dataclass(frozen=True)
class CatalogRelation:
    """schema: PostgreSQL's name. kind: pg_class's relkind, ``r`` or ``v``, whatever DuckDB holds it as."""

    schema: str
    name: str
    kind: str
    oid: Oid
    columns: tuple[CatalogColumn, ...]

    @property
    def duckdb(self) -> str:
        """Its name in DuckDB."""
        return f"{DUCKDB_SCHEMAS[self.schema]}.{self.name}"

    @cached_property
    def by_name(self) -> dict[str, tuple[int, CatalogColumn]]:
        """Name -> (attribute number from 1, column)"""
        return {column.name: (number, column) for number, column in enumerate(self.columns, 1)}


def _read(line: str) -> CatalogRelation:
    schema, name, kind, oid, *words = line.split("\t")
    return CatalogRelation(schema, name, kind, Oid(int(oid)), tuple(map(_column, words)))


def _column(word: str) -> CatalogColumn:
    name, *numbers = word.split(":")
    oid, typmod, not_null, declared = map(int, numbers)
    return CatalogColumn(name, Oid(oid), typmod, bool(not_null), Oid(declared), duckdb_type(Oid(oid)))


def _read_all() -> dict[tuple[str, str], CatalogRelation]:
    text = resources.files("pgiris.catalog").joinpath("data/relations.tsv").read_text("utf-8")
    relations = map(_read, text.splitlines())
    return {(relation.schema, relation.name): relation for relation in relations}


RELATIONS = _read_all()
