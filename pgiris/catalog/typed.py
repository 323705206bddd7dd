"""Typed: an expression of a catalog query as DuckDB SQL together with its PostgreSQL type.

Arrays are lists, oid and the reg* types UINTEGER, everything of a textual kind VARCHAR. So are numeric and interval, since
DuckDB's decimals have one scale for all values and its intervals are written otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from pgiris.catalog.relations import duckdb_type
from pgiris.errors import not_supported
from pgiris.sql.coercion import UNKNOWN, Kind
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.enums import is_enum, labels_of
from pgiris.types.table import TYPES, type_name

NO_OID = Oid(0)
TEXTUAL = frozenset(
    (oids.TEXT, oids.VARCHAR, oids.BPCHAR, oids.NAME, oids.CHAR, oids.PG_NODE_TREE, oids.ACLITEM, oids.UNKNOWN, oids.CSTRING)
)
REGISTERED = frozenset(
    (
        oids.REGPROC, oids.REGPROCEDURE, oids.REGOPER, oids.REGOPERATOR, oids.REGCLASS, oids.REGTYPE, oids.REGROLE,
        oids.REGNAMESPACE, oids.REGCONFIG, oids.REGDICTIONARY, oids.REGCOLLATION,
    )
)  # fmt: skip
NUMBERED = REGISTERED | {oids.OID, oids.XID, oids.CID}
INTEGERS = frozenset((oids.INT2, oids.INT4, oids.INT8))
VECTORS = frozenset((oids.INT2VECTOR, oids.OIDVECTOR))  # arrays counted from 0

_OTHERS = {
    oids.DATE: "DATE",
    oids.TIMESTAMP: "TIMESTAMP",
    oids.TIME: "TIME",
    oids.UUID: "VARCHAR",
    oids.JSON: "VARCHAR",
    oids.JSONB: "VARCHAR",
    oids.BPCHAR: "VARCHAR",
    oids.UNKNOWN: "VARCHAR",
    oids.CSTRING: "VARCHAR",
    oids.XML: "VARCHAR",
    oids.XID8: "UBIGINT",
    oids.CIDR: "VARCHAR",
    oids.MACADDR: "VARCHAR",
    oids.MACADDR8: "VARCHAR",
    oids.TID: "VARCHAR",
    oids.VOID: "VARCHAR",
    oids.REFCURSOR: "VARCHAR",
    oids.VECTOR: "VARCHAR",
    oids.HALFVEC: "VARCHAR",
    oids.SPARSEVEC: "VARCHAR",
    oids.TIMETZ: "VARCHAR",
    oids.JSONPATH: "VARCHAR",
    oids.RECORD: "VARCHAR",  # as an element of an array
}


def of_one(values: Sequence[Typed], sql: str, kind: Kind, srf: bool = False) -> Typed:
    """A value that is one of some, with the bounds of that one."""
    arrays = [value.from_zero or value.kind.oid in VECTORS for value in values if is_array(value.kind.oid)]
    return Typed(sql, kind, srf=srf, from_zero=all(arrays) and bool(arrays), mixed=any(arrays) and not all(arrays))


def physical(oid: Oid) -> str:
    """How DuckDB stores a PostgreSQL type. Raises 0A000."""
    found = _OTHERS.get(oid)
    if found is not None:
        return found
    if is_enum(oid) and labels_of(oid):
        return f"ENUM({', '.join(map(quoted, labels_of(oid)))})"  # which DuckDB orders as they are declared
    try:
        return duckdb_type(oid)
    except KeyError:
        row = TYPES.get(oid)
        if row is None or not row.is_array:
            raise not_supported(f"type {type_name(oid)} is not supported in a catalog query") from None
        return physical(row.element) + "[]"


def element_of(oid: Oid) -> Oid:
    """The element type of an array, 0 for what is none. name and text are no arrays here."""
    row = TYPES.get(oid)
    return row.element if row is not None and (row.is_array or oid in VECTORS) else NO_OID


def array_of(oid: Oid) -> Oid:
    row = TYPES.get(oid)
    if row is None or not row.array:
        raise not_supported(f"arrays of type {type_name(oid)} are not supported")
    return row.array


def is_array(oid: Oid) -> bool:
    return bool(element_of(oid)) or oid == oids.ANYARRAY


def quoted(text: str) -> str:
    """A DuckDB string literal."""
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Typed:
    """sql: DuckDB's expression, in parentheses where need be.

    literal: an untyped constant, whose type the context decides; parameter: the same of $n. fields: of a row. relation and
    attribute: the catalog column it shows. srf: it gives a set of rows.
    """

    sql: str
    kind: Kind
    literal: exp.Expr | None = None
    parameter: int = 0
    fields: tuple[Field, ...] | None = None
    relation: Oid = NO_OID
    attribute: int = 0
    srf: bool = False
    from_zero: bool = False  # an array that was an int2vector or oidvector
    mixed: bool = False  # an array that may be one of these or another

    @property
    def first(self) -> int:
        """The lower bound of an array. Raises 0A000 when rows differ in it."""
        if self.mixed:
            raise not_supported("arrays some of which were int2vector or oidvector, and begin at 0, are not supported here")
        return 0 if self.from_zero or self.kind.oid in VECTORS else 1

    @property
    def oid(self) -> Oid:
        return self.kind.oid

    @property
    def open(self) -> bool:
        """Whether the context decides its type."""
        return self.kind.oid == oids.UNKNOWN and (self.literal is not None or self.parameter > 0)


@dataclass(frozen=True, slots=True)
class Field:
    """A named column of a query or a row."""

    name: str
    value: Typed


def null_literal(node: exp.Expr) -> Typed:
    return Typed("NULL", UNKNOWN, literal=node)


def any_srf(parts: Iterable[Typed]) -> bool:
    return any(part.srf for part in parts)
