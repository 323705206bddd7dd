"""Names: which sources and columns a catalog query sees, with the SQL names that DuckDB gets for them.

DuckDB folds the case of quoted names, so every source and column gets a name made here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlglot import exp

from pgiris import sqlstate
from pgiris.catalog.relations import RELATIONS, CatalogColumn, CatalogRelation, duckdb_type
from pgiris.catalog.typed import Field, Typed
from pgiris.errors import PgError
from pgiris.sql.coercion import Kind
from pgiris.types import oids
from pgiris.types.codec import Oid

SCHEMAS = frozenset(("pg_catalog", "information_schema"))


@dataclass
class Source:
    """An entry of FROM.

    hidden: columns that a JOIN USING has merged. merged: those columns, which the first source of the join keeps.
    """

    alias: str
    fields: list[Field]
    schema: str = ""
    relation: CatalogRelation | None = None
    hidden: set[str] = field(default_factory=set)
    merged: list[Field] = field(default_factory=list)
    used: set[str] = field(default_factory=set)  # SQL of the columns that the query mentions
    scalar: bool = False  # a function with one column: its alias names the column too

    def row(self) -> Typed:
        """All of it, as a composite value. An outer join's row that has nothing is NULL."""
        cells = [entry.value.sql for entry in self.fields]
        self.used.update(cells)
        empty = " AND ".join(f"{cell} IS NULL" for cell in cells) or "false"
        return Typed(f"(CASE WHEN NOT ({empty}) THEN ROW({', '.join(cells)}) END)", Kind(oids.RECORD), fields=tuple(self.fields))

    def visible(self, name: str) -> list[Typed]:
        """What the name means when no table is named."""
        own = [] if name in self.hidden else self.find(name)
        return own + [entry.value for entry in self.merged if entry.name == name]

    def shown(self) -> list[Field]:
        """What * stands for."""
        return self.merged + [entry for entry in self.fields if entry.name not in self.hidden]

    def find(self, name: str) -> list[Typed]:
        return [entry.value for entry in self.fields if entry.name == name]


@dataclass
class Cte:
    sql: str
    fields: list[Field]


@dataclass
class Scope:
    """The names that one query sees; parent: those of the query around it."""

    parent: Scope | None = None
    sources: list[Source] = field(default_factory=list)
    ctes: dict[str, Cte] = field(default_factory=dict)
    windows: dict[str, exp.Window] = field(default_factory=dict)
    checked: list[str] = field(default_factory=list)  # what is to be computed for each row, since it may say no
    keys: list[tuple[str, str]] = field(default_factory=list)  # of GROUP BY: SQL, and of what equal ones have in common
    empty: bool = False  # FROM gives no row, whatever the conditions are

    def child(self) -> Scope:
        return Scope(self)

    def chain(self) -> Iterator[Scope]:
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def cte(self, name: str) -> Cte | None:
        return next((scope.ctes[name] for scope in self.chain() if name in scope.ctes), None)

    def add(self, source: Source) -> Source:
        if any(other.alias == source.alias and other.alias for other in self.sources):
            raise PgError(sqlstate.DUPLICATE_ALIAS, f'table name "{source.alias}" specified more than once')
        self.sources.append(source)
        return source

    def source(self, name: str, schema: str = "") -> Source | None:
        for scope in self.chain():
            for source in scope.sources:
                if source.alias == name and schema in ("", source.schema):
                    return source
        return None

    def column(self, table: str, name: str, schema: str, position: int | None) -> Typed:
        """Raises 42703, 42702 and 42P01 in PostgreSQL's words."""
        if table:
            source = self.source(table, schema)
            if source is None:
                message = f'missing FROM-clause entry for table "{table}"'
                raise PgError(sqlstate.UNDEFINED_TABLE, message, position=position)
            return _one(source, name, f"{table}.{name}", position)
        for scope in self.chain():
            values = [(source, value) for source in scope.sources for value in source.visible(name)]
            if not values:
                values = [(s, _one(s, name, "", position)) for s in scope.sources if name in _SYSTEM and s.relation is not None]
            if len(values) > 1:
                raise PgError(sqlstate.AMBIGUOUS_COLUMN, f'column reference "{name}" is ambiguous', position=position)
            if values:
                source, value = values[0]
                source.used.add(value.sql)
                return value
        for scope in self.chain():
            for source in scope.sources:
                if source.alias == name:
                    if source.scalar:
                        return source.fields[0].value
                    return source.row()
        raise PgError(sqlstate.UNDEFINED_COLUMN, f'column "{name}" does not exist', position=position)


def _one(source: Source, name: str, shown: str, position: int | None) -> Typed:
    found = source.find(name)
    if len(found) > 1:
        raise PgError(sqlstate.AMBIGUOUS_COLUMN, f'column reference "{name}" is ambiguous', position=position)
    if found:
        source.used.add(found[0].sql)
        return found[0]
    if source.relation is not None and name in _SYSTEM:
        text, oid, attribute = _SYSTEM[name]
        return Typed(text or str(source.relation.oid), Kind(oid), relation=source.relation.oid, attribute=attribute)
    if source.scalar and name == source.alias:
        return source.fields[0].value
    raise PgError(sqlstate.UNDEFINED_COLUMN, f"column {shown} does not exist", position=position)


# System columns: no row of the catalog has been changed by any transaction. PostgreSQL: ddl-system-columns
_SYSTEM = {
    "tableoid": ("", oids.OID, -6),
    "ctid": ("'(0,1)'", oids.TID, -1),
    "xmin": ("1::UINTEGER", oids.XID, -2),
    "xmax": ("0::UINTEGER", oids.XID, -4),
    "cmin": ("0::UINTEGER", oids.CID, -3),
    "cmax": ("0::UINTEGER", oids.CID, -5),
}


@dataclass(frozen=True)
class OwnRelation(CatalogRelation):
    """A relation of pgiris itself, which no catalog shows."""

    @property
    def duckdb(self) -> str:
        return f"{self.schema}.{self.name}"


def _own(name: str, *columns: tuple[str, Oid]) -> OwnRelation:
    made = tuple(CatalogColumn(column, oid, -1, False, oid, duckdb_type(oid)) for column, oid in columns)
    return OwnRelation("pgx", name, "v", Oid(0), made)


# Catalog queries that were refused. How often, since when, why.
UNHANDLED = _own(
    "pgiris_unhandled",
    ("first_seen", oids.TIMESTAMPTZ),
    ("count", oids.INT8),
    ("sqlstate", oids.TEXT),
    ("message", oids.TEXT),
    ("statement", oids.TEXT),
)


def find_relation(schema: str, name: str) -> CatalogRelation | None:
    """A catalog relation. Without a schema it is one of pg_catalog, which is searched first."""
    if not schema and name == UNHANDLED.name:
        return UNHANDLED
    return RELATIONS.get((schema or "pg_catalog", name))
