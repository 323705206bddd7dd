"""Relations: the tables and views of a namespace, as far as planning and the catalog need to know them.

IRIS compares identifiers without case; look-ups here do the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from pgiris.types import objects
from pgiris.types.codec import Oid

_UNASSIGNED = Oid(0)


@dataclass(frozen=True)
class RelationColumn:
    """One column. iris_type is the DDL type with its arguments, for example ``VARCHAR(50)`` or ``VECTOR(FLOAT,3)``."""

    name: str
    oid: Oid
    iris_type: str
    typmod: int = -1
    not_null: bool = False
    default: str | None = None
    identity: bool = False
    collation: str = ""  # EXACT, SQLUPPER, SQLSTRING ... of string columns
    sequence: tuple[str, str] | None = None  # schema and name of the one whose next number is the column's default


class IndexPart(NamedTuple):
    """An index that is no constraint. method: ``btree`` for what CREATE INDEX makes by columns alone."""

    name: str
    columns: tuple[str, ...]
    unique: bool
    method: str
    included: tuple[str, ...] = ()


class ReferencePart(NamedTuple):
    """A foreign key. on_delete, on_update: ``NO ACTION``, ``CASCADE`` ..."""

    name: str
    columns: tuple[str, ...]
    schema: str
    table: str
    referenced: tuple[str, ...]
    on_delete: str = "NO ACTION"
    on_update: str = "NO ACTION"


@dataclass(frozen=True)
class Relation:
    """A table, view or sequence. schema is IRIS's name (``SQLUser``), kind ``table``, ``view`` or ``sequence``, keys hold
    column names (unique_keys: of constraints and of unique indexes). Its Snapshot gives it the OID, which depends on the
    other relations."""

    schema: str
    name: str
    columns: tuple[RelationColumn, ...]
    kind: str = "table"
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    key_names: tuple[tuple[str, tuple[str, ...]], ...] = ()  # of both, as constraints and indexes are called
    foreign_keys: tuple[tuple[str, str, str], ...] = ()  # name, and schema and name of the table referred to
    definition: str = ""  # of a view that its query says all about: that, in IRIS SQL
    owner: tuple[str, str, str] | None = None  # of a sequence: schema, table and column that it goes away with
    indexes: tuple[IndexPart, ...] = ()
    references: tuple[ReferencePart, ...] = ()  # its foreign keys, whole
    oid: Oid = _UNASSIGNED

    @cached_property
    def by_name(self) -> dict[str, tuple[int, RelationColumn]]:
        """Lower-case column name -> (attribute number from 1, column)."""
        return {column.name.lower(): (number, column) for number, column in enumerate(self.columns, 1)}


@dataclass(frozen=True)
class Snapshot:
    """All relations that a session may see. version changes whenever the contents do. noted: backend/notes.py has some."""

    version: str = ""
    relations: tuple[Relation, ...] = ()
    noted: bool = False
    _index: dict[tuple[str, str], Relation] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        oids = objects.assign(objects.RELATION, ((r.schema, r.name) for r in self.relations))
        relations = tuple(replace(r, oid=oids[r.schema.lower(), r.name.lower()]) for r in self.relations)
        object.__setattr__(self, "relations", relations)
        self._index.update({(r.schema.lower(), r.name.lower()): r for r in self.relations})

    def find(self, schema: str, name: str) -> Relation | None:
        return self._index.get((schema.lower(), name.lower()))
