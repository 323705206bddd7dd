"""Scope: which columns the names of a query may mean.

PostgreSQL: queries-table-expressions, ddl-schemas-path
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.sql.coercion import ANY, Kind
from pgiris.sql.schemanames import iris_schema, is_temporary
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.numeric import widest_scale
from pgiris.types.relation import Relation, RelationColumn, Snapshot

TEMPORARY = "pg_temp"  # the schema of a session's temporary objects, as its clients call it
CATALOGS = frozenset(("pg_catalog", "information_schema", "pg_toast"))
_NONE = Oid(0)


@dataclass(frozen=True)
class Field:
    """A column that a name may mean. relation and attribute: the table column it shows, 0 when it is none."""

    name: str
    kind: Kind
    relation: Oid = _NONE
    attribute: int = 0
    nullable: bool = True
    collation: str = ""
    iris_type: str = ""
    scale: int | None = None  # decimals or characters that PostgreSQL shows of a numeric or char(n) whose typmod does not tell
    column: str = ""  # its name for IRIS where that is another one
    value: exp.Expr | None = field(default=None, compare=False)  # what it stands for: a column that a JOIN merged
    item: exp.Expr | None = field(default=None, compare=False)  # of a derived table: the item of its select list
    items: tuple[exp.Expr, ...] = field(default=(), compare=False)  # a numeric of a derived table: what its rows have there
    has_own_scales: bool = False  # each row of VALUES or a UNION has decimals of its own


@dataclass(eq=False)
class Source:
    """One entry of FROM. alias: its name in the query. open: its columns are unknown, so that any name is one of them."""

    alias: str
    fields: list[Field]
    relation: Relation | None = None
    open: bool = False
    hidden: frozenset[str] = frozenset()  # columns that a JOIN USING shows under another source
    schema: str = ""
    is_outer: bool = False  # it may have no row
    is_scalar: bool = False  # a function whose rows are values
    _by_name: dict[str, list[Field]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _indexed: list[Field] | None = field(default=None, init=False, repr=False, compare=False)  # the fields that _by_name holds

    def find(self, name: str) -> Field | None:
        found = self._named(name)
        if found:
            return found[0]
        return Field(name, ANY) if self.open else None

    def is_ambiguous(self, name: str) -> bool:
        return len(self._named(name)) > 1

    def _named(self, name: str) -> list[Field]:
        if self._indexed is not self.fields:
            self._by_name.clear()
            for entry in self.fields:
                self._by_name.setdefault(entry.name.lower(), []).append(entry)
            self._indexed = self.fields
        return self._by_name.get(name.lower(), [])

    def as_nullable(self) -> None:
        """This source stands on the side of an outer join that may have no row."""
        self.fields = [replace(entry, nullable=True) for entry in self.fields]
        self.is_outer = True


@dataclass
class Scope:
    """The names that are seen at one place. parent: the query around a subquery."""

    parent: Scope | None = None
    sources: list[Source] = field(default_factory=list)
    ctes: dict[str, list[Field]] = field(default_factory=dict)
    level: int = 0

    def child(self) -> Scope:
        return Scope(self, level=self.level + 1)

    def cte(self, name: str) -> list[Field] | None:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.ctes:
                return scope.ctes[name]
            scope = scope.parent
        return None

    def add(self, source: Source) -> None:
        if any(other.alias == source.alias for other in self.sources):
            raise PgError(sqlstate.DUPLICATE_ALIAS, f'table name "{source.alias}" specified more than once')
        self.sources.append(source)

    def source(self, alias: str) -> Source | None:
        scope: Scope | None = self
        while scope is not None:
            for source in scope.sources:
                if source.alias == alias:
                    return source
            scope = scope.parent
        return None

    def chain(self) -> Iterator[Scope]:
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent


def find_relation(snapshot: Snapshot, search_path: tuple[str, ...], schema: str, name: str) -> Relation | None:
    """schema: as the client wrote it, "" for none."""
    if schema == TEMPORARY:
        schema = next(filter(is_temporary, search_path), schema)
    if schema:
        return snapshot.find(iris_schema(schema), name)
    for place in search_path:
        found = snapshot.find(iris_schema(place), name)
        if found is not None:
            return found
    return None


def first_schema(search_path: tuple[str, ...]) -> str:
    """Where a name without a schema is created."""
    for place in search_path:
        if not is_temporary(place):
            return place
    raise PgError(sqlstate.INVALID_SCHEMA_NAME, "no schema has been selected to create in")


def refuse_catalog(schema: str, name: str) -> None:
    """pg_catalog is searched first, whether or not it is named."""
    if not schema and name.startswith("pg_"):
        raise undefined_relation("", name, None)
    if schema.lower() in CATALOGS:
        raise PgError(sqlstate.INSUFFICIENT_PRIVILEGE, f'permission denied: "{name}" is a system catalog')


def undefined_relation(schema: str, name: str, position: int | None) -> PgError:
    shown = f"{schema}.{name}" if schema else name
    return PgError(sqlstate.UNDEFINED_TABLE, f'relation "{shown}" does not exist', position=position)


def fields_of(relation: Relation) -> list[Field]:
    return [_field_of(relation, number, column) for number, column in enumerate(relation.columns, 1)]


def _field_of(relation: Relation, number: int, column: RelationColumn) -> Field:
    is_computed = relation.kind == "view" and column.oid == oids.NUMERIC
    scale = widest_scale(column.typmod) if is_computed else None
    return Field(
        column.name,
        Kind(column.oid, column.typmod if scale is None else -1),
        relation.oid,
        number,
        not column.not_null and not column.identity,
        column.collation,
        column.iris_type,
        scale,
    )


def unique_keys(relation: Relation | None) -> list[tuple[str, ...]]:
    """Column names, in lower case, of which no two rows have the same values."""
    if relation is None:
        return []
    keys = [relation.primary_key] if relation.primary_key else []
    keys += [key for key in relation.unique_keys if key]
    keys += [(column.name,) for column in relation.columns if column.identity]
    return list(dict.fromkeys(tuple(name.lower() for name in key) for key in keys))
