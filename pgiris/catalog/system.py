"""What rows of the backend's objects need of PostgreSQL's own: operator classes, operators, access methods, collations."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from pgiris.sql.extensions import EXTENSIONS
from pgiris.types import enums, oids
from pgiris.types.codec import Oid
from pgiris.types.enums import EnumType

# Ours, from the range of types/oids.py's VECTOR. IRIS's indexes that PostgreSQL has no access method for; its collations.
METHODS = {"bitmap": 9701, "bitslice": 9702, "columnar": 9703}
COLLATIONS = {"SQLUPPER": 9711, "SQLSTRING": 9712, "UPPER": 9713, "STRING": 9714, "MVR": 9715, "SPACE": 9716, "TRUNCATE": 9717}
FIRST_EXTENSION = 9721
EXTENSION = 3079  # OID of pg_extension
SAME_AS_DEFAULT = ("", "EXACT")
IGNORE_CASE = ("SQLUPPER", "UPPER", "STRING")
_COLLATABLE = (oids.TEXT, oids.VARCHAR, oids.BPCHAR)
_AS_TEXT = (oids.VARCHAR,)


def add_own_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Collations that only IRIS has; which extensions there may be. Of those only plpgsql is there whatever the backend says."""
    for number, (name, extension) in enumerate(EXTENSIONS.items(), FIRST_EXTENSION):
        found = connection.execute("SELECT oid FROM pgc.pg_extension WHERE extname = ?", [name]).fetchone()
        connection.execute(
            "INSERT INTO pgx.extension VALUES (?, ?, ?, ?, ?)",
            [found[0] if found else number, name, extension.version, extension.trusted, extension.comment],
        )
    created = "(SELECT oid FROM pgc.pg_extension WHERE extname <> 'plpgsql')"
    connection.execute(f"DELETE FROM pgc.pg_description WHERE classoid = {EXTENSION}")
    connection.execute(f"DELETE FROM pgc.pg_depend WHERE classid = {EXTENSION} AND objid IN {created}")
    connection.execute("DELETE FROM pgc.pg_extension WHERE extname <> 'plpgsql'")
    for name, oid in COLLATIONS.items():
        connection.execute(
            "INSERT INTO pgc.pg_collation (oid, collname, collnamespace, collowner, collprovider, collisdeterministic,"
            " collencoding, collcollate, collctype) VALUES (?, ?, 11, 10, 'c', ?, -1, ?, ?)",
            [oid, name, name not in IGNORE_CASE, name, name],
        )


def method_name(kind: str) -> str:
    return kind.partition(" ")[0]


class System:
    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        def mapping(sql: str) -> dict[object, Oid]:
            return dict(connection.execute(sql).fetchall())

        btree = "opcmethod = 403 AND opcdefault"
        self._methods = METHODS | {str(name): oid for name, oid in mapping("SELECT amname, oid FROM pgc.pg_am").items()}
        self._classes = mapping(f"SELECT opcintype, oid FROM pgc.pg_opclass WHERE {btree}")
        self._named_classes = mapping(  # ivfflat, which is PostgreSQL's alone, calls its own alike
            "SELECT opcname, c.oid FROM pgc.pg_opclass c JOIN pgc.pg_am a ON a.oid = opcmethod WHERE amname = 'hnsw'"
        )
        self._equals = mapping(
            "SELECT opcintype, amopopr FROM pgc.pg_opclass JOIN pgc.pg_amop ON amopfamily = opcfamily"
            f" AND amoplefttype = opcintype AND amoprighttype = opcintype AND amopstrategy = 3 WHERE {btree}"
        )
        self._layouts: dict[int, tuple[object, ...]] = {
            row[0]: row[1:]
            for row in connection.execute(
                "SELECT oid, typlen, typbyval, typalign, typstorage, (typcategory = 'A')::SMALLINT FROM pgc.pg_type"
            ).fetchall()
        }
        self.roles = {str(name): oid for name, oid in mapping("SELECT rolname, oid FROM pgc.pg_authid").items()}
        self.extensions = {str(name): oid for name, oid in mapping("SELECT name, oid FROM pgx.extension").items()}
        self._collations = mapping("SELECT oid, typcollation FROM pgc.pg_type")
        self._arrays = {oid for (oid,) in connection.execute("SELECT oid FROM pgc.pg_type WHERE typcategory = 'A'").fetchall()}

    def learn(self, types: Iterable[EnumType]) -> None:
        """Enums, whose rows are not PostgreSQL's."""
        for type_ in types:
            self._layouts[type_.oid], self._layouts[type_.array] = (4, True, "i", "p", 0), (-1, False, "i", "x", 1)
            self._arrays.add(type_.array)

    def method(self, kind: str) -> int:
        """OID of the access method of an index; IRIS says ``bitmap extent`` and the like of kinds of bitmap."""
        return self._methods[method_name(kind)]

    def layout(self, type_: Oid) -> tuple[object, ...]:
        """What pg_attribute repeats of a type: attlen, attbyval, attalign, attstorage, attndims."""
        return self._layouts[type_]

    def _compared(self, type_: Oid) -> Oid:
        """The type as which PostgreSQL compares values of this type."""
        if enums.is_enum(type_):
            return oids.ANYENUM
        return oids.TEXT if type_ in _AS_TEXT else oids.ANYARRAY if type_ in self._arrays else type_

    def operator_class(self, type_: Oid, name: str = "") -> int:
        """OID, 0 for a type that PostgreSQL cannot index. name: of a class that is not the type's own."""
        return self._named_classes[name] if name else self._classes.get(self._compared(type_), 0)

    def equals(self, type_: Oid) -> int:
        """OID of the operator ``=`` by which foreign keys compare."""
        return self._equals.get(self._compared(type_), 0)

    def collation(self, type_: Oid, iris_collation: str) -> int:
        """OID. A string compared other than by its characters has a collation of its own."""
        own = self._collations.get(type_, 0)
        if type_ not in _COLLATABLE or iris_collation in SAME_AS_DEFAULT:
            return own
        return COLLATIONS.get(iris_collation.upper().lstrip("%"), own)
