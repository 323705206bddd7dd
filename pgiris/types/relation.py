"""Relations: the tables and views of a namespace, as far as planning and the catalog need to know them.

IRIS compares identifiers without case; look-ups here do the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import NamedTuple

from pgiris.types import objects
from pgiris.types.codec import Oid
from pgiris.types.enums import EnumType
from pgiris.types.iristypes import NotedEnum
from pgiris.types.routines import RoutineMeta

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
    identity: str = ""  # ``always``, ``by default``, ``serial``
    collation: str = ""  # EXACT, SQLUPPER, SQLSTRING ... of string columns
    sequence: tuple[str, str] | None = None  # schema and name of the one whose next number is the column's default
    enum: NotedEnum | None = None  # what its description says, until the type is looked up
    computed: str = ""  # the expression of a default that IRIS does not know of, in PostgreSQL's SQL

    @property
    def has_own_default(self) -> bool:
        """Whether pgiris gives the default, of which IRIS does not know."""
        return self.sequence is not None or bool(self.computed)


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

    def is_to(self, relation: Relation) -> bool:
        return (self.schema.lower(), self.table.lower()) == (relation.schema.lower(), relation.name.lower())


class CheckPart(NamedTuple):
    """A CHECK constraint, which IRIS does not know of. columns: those that it mentions. expression: PostgreSQL's SQL. valid: the
    rows that were there when it was added were looked at."""

    name: str
    columns: tuple[str, ...]
    expression: str
    valid: bool = True

    def mentions(self, column: str) -> bool:
        return column.lower() in map(str.lower, self.columns)


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
    definition: str = ""  # of a view that its query says all about: that, in IRIS SQL
    owner: tuple[str, str, str] | None = None  # of a sequence: schema, table and column that it goes away with
    indexes: tuple[IndexPart, ...] = ()
    references: tuple[ReferencePart, ...] = ()
    checks: tuple[CheckPart, ...] = ()  # in the order of their names
    oid: Oid = _UNASSIGNED

    def may_name(self, other: Relation) -> bool:
        """Whether the query of this view speaks of the other one, as far as its text tells: by a word, or if it is not known."""
        word = rf"(?<![\w%]){re.escape(other.name)}(?!\w)"
        return not self.definition or re.search(word, self.definition, re.IGNORECASE) is not None

    @cached_property
    def by_name(self) -> dict[str, tuple[int, RelationColumn]]:
        """Lower-case column name -> (attribute number from 1, column)."""
        return {column.name.lower(): (number, column) for number, column in enumerate(self.columns, 1)}


Named = tuple[str, str]  # schema, name


class Snapshot:
    """All relations that a session may see. version changes whenever the contents do. noted: backend/notes.py has some.

    Of thousands of relations most are never asked for: ``waiting`` has what makes those that are not made yet.
    plain: those that are made, without OIDs. names, schemas: in lower case. enums: types that CREATE TYPE has made.
    roles: name in lower case -> ``user`` or ``role``; None where the backend does not tell.
    functions: those in SQL that pgiris keeps, by their names. checked: tables with CHECK constraints.
    """

    def __init__(
        self,
        version: str = "",
        relations: Iterable[Relation] = (),
        noted: bool = False,
        waiting: Mapping[Named, Callable[[], Relation]] | None = None,
        enums: Iterable[EnumType] = (),
        roles: Iterable[Named] | None = None,
        functions: Iterable[RoutineMeta] = (),
        checked: Iterable[Named] | None = None,
    ) -> None:
        self.version, self.noted = version, noted
        self.plain = {(relation.schema, relation.name): relation for relation in relations}
        self._waiting = {_folded(name): make for name, make in (waiting or {}).items()}
        self._waiting |= {_folded(name): partial(_self, relation) for name, relation in self.plain.items()}
        tables = ((one.schema, one.name) for one in self.plain.values() if one.checks) if checked is None else checked
        self.checked = tuple(tables)
        self.names = list(dict.fromkeys(_folded(name) for name in (*self.plain, *(waiting or ()))))
        self._index: dict[Named, Relation] = {}
        self.schemas = frozenset(schema for schema, _ in self.names)
        self._all: tuple[Relation, ...] | None = None
        self.roles = None if roles is None else {name.lower(): kind for name, kind in roles}
        self.enums = {(type_.schema.lower(), type_.name): type_ for type_ in enums}
        self.functions: dict[str, list[RoutineMeta]] = {}
        self.bodies: dict[object, object] = {}  # of functions, as the planner has read them
        for function in functions:
            self.functions.setdefault(function.name, []).append(function)

    def with_roles(self, version: str, roles: Iterable[Named]) -> Snapshot:
        """The same, with users and roles. version: theirs."""
        shown = f"{self.version}+{version}" if version else self.version
        return Snapshot(shown, self.plain.values(), self.noted, None, self.enums.values(), roles, self.all_functions)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Snapshot) and self.version == other.version and self.relations == other.relations

    def __hash__(self) -> int:
        return hash(self.version)

    @property
    def all_functions(self) -> list[RoutineMeta]:
        return [function for found in self.functions.values() for function in found]

    @cached_property
    def _oids(self) -> dict[objects.Name, Oid]:
        return objects.assign(objects.RELATION, self.names)

    def _numbered(self, relation: Relation) -> Relation:
        return replace(relation, oid=self._oids[relation.schema.lower(), relation.name.lower()])

    @property
    def relations(self) -> tuple[Relation, ...]:
        """Every one of them, which takes its time when there are many."""
        if self._all is None:
            self._all = tuple(found for name in self.names if (found := self.find(*name)) is not None)
        return self._all

    def find(self, schema: str, name: str) -> Relation | None:
        key = (schema.lower(), name.lower())
        found = self._index.get(key)
        if found is None and (make := self._waiting.get(key)) is not None:
            found = self._index[key] = self._numbered(make())
        return found


def _self(relation: Relation) -> Relation:
    return relation


def _folded(name: Named) -> Named:
    return name[0].lower(), name[1].lower()
