"""Facts: the catalog's relations as look-ups by OID and by name, for the functions of lookups.py.

They hold for one state of the catalog: a new load makes new facts.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

import duckdb

from pgiris.catalog import sizes
from pgiris.catalog.bulk import without_collector

ROW = tuple[Any, ...]


class Named(NamedTuple):
    """An object with a name in a schema. key: what tells it from others of its name (argument types ...)."""

    oid: int
    name: str
    schema: str
    key: tuple[Any, ...] = ()


# Objects whose names are looked up along search_path: their relation, its name and schema columns, what else tells them apart.
NAMED = {
    "class": ("pg_class", "relname", "relnamespace", ()),
    "type": ("pg_type", "typname", "typnamespace", ()),
    "function": ("pg_proc", "proname", "pronamespace", ("proargtypes",)),
    "operator": ("pg_operator", "oprname", "oprnamespace", ("oprleft", "oprright")),
    "opclass": ("pg_opclass", "opcname", "opcnamespace", ("opcmethod",)),
    "opfamily": ("pg_opfamily", "opfname", "opfnamespace", ("opfmethod",)),
    "collation": ("pg_collation", "collname", "collnamespace", ()),
    "conversion": ("pg_conversion", "conname", "connamespace", ()),
    "statistics_obj": ("pg_statistic_ext", "stxname", "stxnamespace", ()),
    "ts_config": ("pg_ts_config", "cfgname", "cfgnamespace", ()),
    "ts_dict": ("pg_ts_dict", "dictname", "dictnamespace", ()),
    "ts_parser": ("pg_ts_parser", "prsname", "prsnamespace", ()),
    "ts_template": ("pg_ts_template", "tmplname", "tmplnamespace", ()),
}


class Objects:
    """All objects of one kind, of which there may be tens of thousands."""

    def __init__(self, rows: list[ROW]) -> None:
        self.by_oid = {row[0]: _named(row) if len(row) > 3 else Named(*row) for row in rows}

    @cached_property
    def by_name(self) -> dict[tuple[str, str], list[Named]]:
        return self._grouped(lambda named: (named.schema, named.name))

    @cached_property
    def by_folded(self) -> dict[tuple[str, str], list[Named]]:
        return self._grouped(lambda named: (named.schema.lower(), named.name.lower()))

    def _grouped(self, key: Callable[[Named], tuple[str, str]]) -> dict[tuple[str, str], list[Named]]:
        found: dict[tuple[str, str], list[Named]] = {}
        with without_collector():
            for named in self.by_oid.values():
                found.setdefault(key(named), []).append(named)
        return found

    def find(self, schema: str, name: str) -> list[Named]:
        """IRIS knows no difference of case: what no exact name fits is looked for without."""
        return self.by_name.get((schema, name)) or self.by_folded.get((schema.lower(), name.lower())) or []

    def in_path(self, path: tuple[str, ...], name: str) -> list[Named]:
        """Those that the name means, the first schema first."""
        return [named for schema in path for named in self.find(schema, name)]

    def is_visible(self, oid: int, path: tuple[str, ...]) -> bool | None:
        own = self.by_oid.get(oid)
        if own is None:
            return None
        for schema in path:
            for named in self.by_name.get((schema, own.name)) or ():
                if named.key == own.key:
                    return named.oid == oid
        return False


def _named(row: ROW) -> Named:
    oid, name, schema, *rest = row
    return Named(oid, name, schema, tuple(tuple(part) if isinstance(part, list) else part for part in rest))


class Facts:
    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._cursor = connection.cursor()
        self._objects: dict[str, Objects] = {}

    def prepare(self) -> None:
        """Read what nearly every client asks for, so that the first of them need not wait for it."""
        _ = self.objects("class").by_name, self.definitions, self.classes, self.indexes

    def rows(self, sql: str, *values: object) -> list[ROW]:
        found: list[ROW] = self._cursor.execute(sql, list(values)).fetchall()
        return found

    def _by_first(self, sql: str) -> dict[int, ROW]:
        with without_collector():
            return {row[0]: row[1:] for row in self.rows(sql)}

    def objects(self, kind: str) -> Objects:
        known = self._objects.get(kind)
        if known is None:
            table, name, schema, rest = NAMED[kind]
            others = "".join(f", o.{column}" for column in rest)
            sql = f"SELECT o.oid, o.{name}, n.nspname{others} FROM pgc.{table} o JOIN pgc.pg_namespace n ON n.oid = o.{schema}"
            with without_collector():
                known = self._objects[kind] = Objects(self.rows(sql))
        return known

    @cached_property
    def indexes(self) -> dict[int, ROW]:
        """oid -> indrelid, indkey"""
        return self._by_first("SELECT indexrelid, indrelid, indkey FROM pgc.pg_index")

    @cached_property
    def namespaces(self) -> dict[int, str]:
        return dict(self.rows("SELECT oid, nspname FROM pgc.pg_namespace"))

    @cached_property
    def roles(self) -> dict[int, str]:
        return dict(self.rows("SELECT oid, rolname FROM pgc.pg_authid"))

    @cached_property
    def classes(self) -> dict[int, ROW]:
        """oid -> relkind, relowner, relam, relfilenode"""
        return self._by_first("SELECT oid, relkind, relowner, relam, relfilenode FROM pgc.pg_class")

    def kind(self, oid: int) -> str | None:
        """pg_class.relkind"""
        return self.classes[oid][0] if oid in self.classes else None

    @cached_property
    def updatable_views(self) -> set[int]:
        return {row[0] for row in self.rows("SELECT oid FROM pgx.updatable_view")}

    @cached_property
    def grants(self) -> dict[int, list[str]]:
        """Relations whose access control list is known -> it."""
        return dict(self.rows("SELECT oid, relacl FROM pgc.pg_class WHERE relacl IS NOT NULL"))

    @cached_property
    def column_grants(self) -> dict[tuple[int, int], list[str]]:
        """Relation and number of columns that something was granted on alone -> their access control lists."""
        sql = "SELECT attrelid, attnum, attacl FROM pgc.pg_attribute WHERE attacl IS NOT NULL"
        rows: list[tuple[int, int, list[str]]] = self.rows(sql)
        return {(relation, number): acl for relation, number, acl in rows}

    @cached_property
    def told(self) -> dict[str, tuple[bool, bool]]:
        """Roles that the backend tells of -> superuser, may create tables. Empty where it tells of none."""
        rows: list[tuple[str, bool, bool]] = self.rows("SELECT name, superuser, creates FROM pgx.told_role")
        return {name: (superuser, creates) for name, superuser, creates in rows}

    def is_held_back(self, role: str) -> bool:
        """Whether the role has but what was granted."""
        return role in self.told and not self.told[role][0]

    @cached_property
    def databases(self) -> dict[int, str]:
        return dict(self.rows("SELECT oid, datname FROM pgc.pg_database"))

    @cached_property
    def sizes(self) -> dict[int, sizes.Size]:
        """Relations of which the backend tells -> what they take."""
        return sizes.of_relations(self, self.rows(f"SELECT * FROM {sizes.SIZES} WHERE schema <> ''"))

    @cached_property
    def database_sizes(self) -> dict[str, int | None]:
        """Names in lower case -> bytes."""
        return {name.lower(): size for name, size in self.rows(f"SELECT relation, own FROM {sizes.SIZES} WHERE schema = ''")}

    def forget_sizes(self) -> None:
        """Others are told now."""
        for name in ("sizes", "database_sizes"):
            self.__dict__.pop(name, None)

    def memberships(self, role: str) -> set[str]:
        """The role, and those that it is a member of; a superuser is one of all, and so is who may do everything."""
        rows = self.rows(
            "SELECT m.rolname, r.rolname FROM pgc.pg_auth_members a"
            " JOIN pgc.pg_authid m ON m.oid = a.member JOIN pgc.pg_authid r ON r.oid = a.roleid"
        )
        everything = self.told and not self.is_held_back(role) and not role.startswith("pg_")
        if everything or (role,) in self.rows("SELECT rolname FROM pgc.pg_authid WHERE rolsuper"):
            return set(self.roles.values())
        found, size = {role}, 0
        while len(found) > size:
            size = len(found)
            found |= {of for member, of in rows if member in found}
        return found

    @cached_property
    def types(self) -> dict[int, ROW]:
        """oid -> typtype, typelem, typcategory, typlen, typarray"""
        return self._by_first("SELECT oid, typtype, typelem, typcategory, typlen, typarray FROM pgc.pg_type")

    @cached_property
    def definitions(self) -> dict[tuple[int, int], str]:
        with without_collector():
            return {(a, b): text for a, b, text in self.rows("SELECT classid, objid, text FROM pgx.definition")}

    @cached_property
    def routines(self) -> dict[int, ROW]:
        return {row[0]: row[1:] for row in self.rows("SELECT oid, arguments, identity_arguments, result FROM pgx.routine")}

    @cached_property
    def descriptions(self) -> dict[tuple[int, int, int], str]:
        return {
            (c, o, s): text
            for c, o, s, text in self.rows("SELECT classoid, objoid, objsubid, description FROM pgc.pg_description")
        }

    @cached_property
    def shared_descriptions(self) -> dict[tuple[int, int], str]:
        return {(c, o): text for c, o, text in self.rows("SELECT classoid, objoid, description FROM pgc.pg_shdescription")}

    def attributes(self, relation: int) -> dict[int, str]:
        """Attribute number -> name"""
        return dict(self.rows("SELECT attnum, attname FROM pgc.pg_attribute WHERE attrelid = ?", relation))
