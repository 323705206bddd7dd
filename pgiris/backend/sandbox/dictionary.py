"""Dictionary: what IRIS knows of the tables and views of a namespace, kept beside the data in the same file.

SQLite's own tables carry numbers for names (``t12``, columns ``c1``, ``c2`` ... and ``rid``, the RowID), so that a definition
is all that a renaming changes. ``PRAGMA user_version`` counts every change of the dictionary; iris_change has the version that
a table was changed or dropped in, so that who knows an older one reads what is new.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import apsw
import msgspec

from pgiris.backend.sandbox.iristypes import SQLUPPER, STRINGS, IrisType, Kind, type_named
from pgiris.types import objects
from pgiris.types.codec import Oid
from pgiris.types.iristypes import enum_of, generation_of
from pgiris.types.relation import IndexPart, ReferencePart, Relation, RelationColumn, Snapshot

DEFAULT_SCHEMA = "SQLUser"

DDL = """
CREATE TABLE IF NOT EXISTS iris_schema (name TEXT PRIMARY KEY COLLATE NOCASE);
CREATE TABLE IF NOT EXISTS iris_table (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    schema TEXT NOT NULL COLLATE NOCASE,
    name TEXT NOT NULL COLLATE NOCASE,
    definition TEXT NOT NULL,
    UNIQUE (schema, name)
);
CREATE TABLE IF NOT EXISTS iris_counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""
CHANGES = (
    "CREATE TABLE IF NOT EXISTS iris_change (id INTEGER PRIMARY KEY, version INTEGER NOT NULL)",
    "CREATE INDEX IF NOT EXISTS iris_changed ON iris_change (version)",
)
ROUTINES = """
CREATE TABLE IF NOT EXISTS iris_routine (
    schema TEXT NOT NULL COLLATE NOCASE, name TEXT NOT NULL COLLATE NOCASE, definition TEXT NOT NULL, PRIMARY KEY (schema, name)
)
"""


class ColumnDef(msgspec.Struct, frozen=True, dict=True, omit_defaults=True):
    """number: of the SQLite column, 0 for the RowID. auto: ``serial`` or ``rowversion`` when a counter fills it.

    reference: the class whose rows' IDs it holds. private: SELECT * does not show it.
    """

    name: str
    number: int
    ddl: str
    collation: str = ""
    not_null: bool = False
    default: str | None = None  # IRIS SQL
    identity: bool = False
    auto: str = ""
    description: str | None = None
    on_update: str | None = None  # IRIS SQL
    reference: str = ""
    private: bool = False

    @property
    def storage(self) -> str:
        return f"c{self.number}" if self.number else "rid"

    @cached_property
    def type(self) -> IrisType:
        base = type_named(self.ddl)
        collation = self.collation or (SQLUPPER if base.kind in STRINGS else "")
        return IrisType(
            base.kind,
            base.ddl,
            base.length,
            base.precision,
            base.scale,
            collation if base.kind in STRINGS else "",
            base.element,
            self.description,
        )


class ConstraintDef(msgspec.Struct, frozen=True, omit_defaults=True):
    """columns: numbers. referenced: id of the other table of a foreign key."""

    name: str
    kind: str  # PRIMARY KEY, UNIQUE, FOREIGN KEY
    columns: tuple[int, ...]
    referenced: int = 0
    referenced_columns: tuple[int, ...] = ()
    on_delete: str = "NO ACTION"
    on_update: str = "NO ACTION"
    checked: bool = True  # False: a foreign key that says NOCHECK


class IndexDef(msgspec.Struct, frozen=True, omit_defaults=True):
    name: str
    columns: tuple[int, ...]
    unique: bool = False
    kind: str = ""  # BITMAP ..., or the text of its class: HNSW(Distance='Cosine')


class TableDef(msgspec.Struct, frozen=True, dict=True, omit_defaults=True):
    """A table, or a view when it has a query. next_column: the number that the next column gets."""

    id: int
    schema: str
    name: str
    columns: tuple[ColumnDef, ...]
    constraints: tuple[ConstraintDef, ...] = ()
    indexes: tuple[IndexDef, ...] = ()
    query: str | None = None
    identity_insert: bool = False
    temporary: bool = False
    description: str | None = None
    next_column: int = 1
    columnar: bool = False
    check_option: str = ""  # of a view: LOCAL, CASCADED, or READ ONLY
    owner: str = ""  # a user that CREATE USER has made; empty for _SYSTEM

    @property
    def storage(self) -> str:
        return f"t{self.id}"

    @cached_property
    def by_name(self) -> dict[str, tuple[int, ColumnDef]]:
        """Upper-case name -> (attribute number, column)"""
        return {column.name.upper(): (number, column) for number, column in enumerate(self.columns, 1)}

    @cached_property
    def has_enums(self) -> bool:
        return any(enum_of(column.description) for column in self.columns)

    @cached_property
    def by_number(self) -> dict[int, ColumnDef]:
        return {column.number: column for column in self.columns}

    @cached_property
    def rowid_name(self) -> str:
        """What the RowID is called: the IDENTITY column, or ID, ID1 ... when that is taken."""
        for column in self.columns:
            if column.identity:
                return column.name
        name, count = "ID", 0
        while name.upper() in self.by_name:
            count += 1
            name = f"ID{count}"
        return name

    @property
    def class_name(self) -> str:
        package = "User" if self.schema == DEFAULT_SCHEMA else self.schema.replace("_", ".")
        return f"{package}.{self.name.replace('_', '')}"

    @property
    def is_view(self) -> bool:
        return self.query is not None

    def constraint(self, name: str) -> ConstraintDef | None:
        return next((c for c in self.constraints if c.name.upper() == name.upper()), None)

    @property
    def index_names(self) -> list[str]:
        """Of indexes, and of the constraints that are indexes too."""
        return [index.name for index in self.indexes] + [c.name for c in self.constraints if c.kind != "FOREIGN KEY"]

    def names(self, numbers: Iterable[int]) -> list[str]:
        return [self.by_number[number].name for number in numbers]

    def key_columns(self, kind: str) -> list[tuple[int, ...]]:
        return [c.columns for c in self.constraints if c.kind == kind]


class ParameterDef(msgspec.Struct, frozen=True, omit_defaults=True):
    """default: a constant, IRIS SQL."""

    name: str
    ddl: str
    default: str | None = None

    @property
    def type(self) -> IrisType:
        return type_named(self.ddl)


class StatementDef(msgspec.Struct, frozen=True):
    """A statement of a routine. names: the parameters that its ``?`` stand for."""

    sql: str
    names: tuple[str, ...]


class RoutineDef(msgspec.Struct, frozen=True, omit_defaults=True):
    """kind: PROCEDURE or QUERY, as it was made. query: its one statement gives rows. callable: by CALL."""

    schema: str
    name: str
    kind: str
    query: bool
    callable: bool
    parameters: tuple[ParameterDef, ...]
    statements: tuple[StatementDef, ...]
    body: str


class Dictionary:
    """One version of the dictionary. Look-ups ignore case."""

    def __init__(self, version: int = -1, tables: Iterable[TableDef] = (), schemas: Iterable[str] = ()) -> None:
        self.version = version
        self.tables: dict[int, TableDef] = {table.id: table for table in tables}
        self.schemas = tuple(schemas)
        self.routines: tuple[RoutineDef, ...] = ()
        self._names = {_key(table): table for table in self.tables.values()}

    def changed(self, version: int, changes: Iterable[tuple[int, TableDef | None]], schemas: Iterable[str]) -> Dictionary:
        """A later version. changes: by id, None for tables that are gone."""
        later = Dictionary(version, (), schemas)
        later.tables, later._names = dict(self.tables), dict(self._names)
        added = []
        for id_, table in changes:
            before = later.tables.get(id_)
            if before is not None:
                later._names.pop(_key(before), None)
            if table is None:
                later.tables.pop(id_, None)
            else:
                later.tables[id_] = table
                added.append(table)
        later._names.update((_key(table), table) for table in added)  # a name may have gone from one to another
        return later

    def __iter__(self) -> Iterator[TableDef]:
        return iter(self.tables.values())

    def find(self, schema: str, name: str) -> TableDef | None:
        return self._names.get(((schema or DEFAULT_SCHEMA).upper(), name.upper()))

    def routine(self, schema: str, name: str) -> RoutineDef | None:
        key = schema.upper(), name.upper()
        return next((one for one in self.routines if (one.schema.upper(), one.name.upper()) == key), None)

    def of_class(self, name: str) -> TableDef | None:
        """Names of classes keep apart what differs in case."""
        return next((table for table in self if table.class_name == name and not table.is_view), None)

    @cached_property
    def _oids(self) -> dict[objects.Name, Oid]:
        return objects.assign(objects.RELATION, ((table.schema, table.name) for table in self))

    def oid(self, table: TableDef) -> Oid:
        return self._oids[table.schema.lower(), table.name.lower()]

    def has_schema(self, name: str) -> bool:
        upper = name.upper()
        if upper == DEFAULT_SCHEMA.upper() or any(schema.upper() == upper for schema in self.schemas):
            return True
        return any(one.schema.upper() == upper for one in (*self.routines, *self))

    @property
    def schema_names(self) -> list[str]:
        """Of all that there are, each once."""
        own = {one.schema.upper(): one.schema for one in (*self.routines, *self)}
        own |= {name.upper(): name for name in self.schemas}
        return sorted({DEFAULT_SCHEMA.upper(): DEFAULT_SCHEMA, **own}.values())

    def referencing(self, table: TableDef) -> list[tuple[TableDef, ConstraintDef]]:
        """Foreign keys that point to a table, its own included."""
        return [(other, c) for other in self for c in other.constraints if c.referenced == table.id]

    def snapshot(self) -> Snapshot:
        relations = [_relation_of(table, self.tables) for table in sorted(self, key=lambda t: t.id)]
        return Snapshot(str(self.version), tuple(relations))


def _key(table: TableDef) -> tuple[str, str]:
    return table.schema.upper(), table.name.upper()


_relations: dict[int, tuple[TableDef, list[TableDef | None], Relation]] = {}  # with those that it mentions


def _relation_of(table: TableDef, tables: Mapping[int, TableDef]) -> Relation:
    mentioned = [tables.get(c.referenced) for c in table.constraints if c.referenced]
    known = _relations.get(table.id)
    if known is None or known[0] is not table or any(one is not other for one, other in zip(known[1], mentioned, strict=True)):
        known = _relations[table.id] = table, mentioned, _relation(table, tables)
    return known[2]


def _relation(table: TableDef, tables: Mapping[int, TableDef]) -> Relation:
    primary = table.key_columns("PRIMARY KEY")
    keys = [(c.name, c.columns) for c in table.constraints if c.kind in ("PRIMARY KEY", "UNIQUE")]
    keys += [(index.name, index.columns) for index in table.indexes if index.unique]
    return Relation(
        table.schema,
        table.name,
        tuple(_relation_column(table, column) for column in table.columns),
        "view" if table.is_view else "table",
        tuple(table.names(primary[0])) if primary else (),
        tuple(tuple(table.names(columns)) for columns in _unique(table)),
        tuple((name, tuple(table.names(columns))) for name, columns in keys),
        table.query or "" if not table.check_option else "",
        indexes=tuple(IndexPart(i.name, tuple(table.names(i.columns)), i.unique, _method(i.kind)) for i in table.indexes),
        references=tuple(_reference(c, table, tables) for c in table.constraints if c.referenced in tables),
    )


def _method(kind: str) -> str:
    return re.split(r"\W", kind.lower(), maxsplit=1)[0] or "btree"


def _reference(key: ConstraintDef, table: TableDef, tables: Mapping[int, TableDef]) -> ReferencePart:
    other = tables[key.referenced]
    referenced = tuple(other.by_number[n].name if n in other.by_number else other.rowid_name for n in key.referenced_columns)
    columns = tuple(table.names(key.columns))
    return ReferencePart(key.name, columns, other.schema, other.name, referenced, key.on_delete, key.on_update)


def _unique(table: TableDef) -> list[tuple[int, ...]]:
    return table.key_columns("UNIQUE") + [index.columns for index in table.indexes if index.unique]


def _relation_column(table: TableDef, column: ColumnDef) -> RelationColumn:
    type_ = column.type
    oid, typmod = type_.oid
    return RelationColumn(
        column.name,
        oid,
        type_.ddl,
        typmod,
        column.not_null,
        column.default,
        identity_of(table, column) or ("by default" if column.auto else ""),
        type_.collation if type_.kind in STRINGS else "",
        enum=enum_of(column.description),
    )


def identity_of(table: TableDef, column: ColumnDef) -> str:
    """``always``, ``by default``, ``serial`` or ""."""
    if column.identity:
        return generation_of(column.description) or ("by default" if table.identity_insert else "always")
    return "by default" if column.auto == "serial" else ""


def open_dictionary(db: apsw.Connection) -> None:
    """Create the dictionary's tables in a new file."""
    if not db.pragma("user_version"):
        with db:
            for statement in DDL.split(";\n"):
                db.execute(statement)
            if not db.pragma("user_version"):
                db.pragma("user_version", 1)
    for statement in (*CHANGES, ROUTINES):
        db.execute(statement)


_definitions: dict[tuple[int, str], TableDef] = {}  # decoded before; tables are values and shared by all sessions of a process
MAX_REMEMBERED = 10_000


def load(db: apsw.Connection, known: Dictionary) -> Dictionary:
    """The newest version. known: an older one of the same file; with version -1 all of it is read."""
    loaded = _loaded(db, known)
    rows = db.execute("SELECT definition FROM iris_routine ORDER BY schema, name")
    loaded.routines = tuple(msgspec.json.decode(str(text), type=RoutineDef) for (text,) in rows)
    return loaded


def _loaded(db: apsw.Connection, known: Dictionary) -> Dictionary:
    version = db.pragma("user_version")
    if len(_definitions) > MAX_REMEMBERED:
        _definitions.clear()
    schemas = [str(name) for (name,) in db.execute("SELECT name FROM iris_schema")]
    if known.version < 0:
        rows = db.execute("SELECT id, definition FROM iris_table").fetchall()
        return Dictionary(version, [_definition(*row) for row in rows], schemas)
    newer = "SELECT c.id, t.definition FROM iris_change AS c LEFT JOIN iris_table AS t ON t.id = c.id"
    changes = db.execute(f"{newer} WHERE c.version > ? ORDER BY c.id", (known.version,))
    tables = [(int(str(id_)), None if text is None else _definition(id_, text)) for id_, text in changes]
    return known.changed(version, tables, schemas)


def _definition(id_: Any, text: Any) -> TableDef:
    table = _definitions.get((id_, text))
    if table is None:
        table = _definitions[id_, text] = msgspec.json.decode(text.encode(), type=TableDef)
    return table


def save(db: apsw.Connection, table: TableDef) -> None:
    text = msgspec.json.encode(table).decode()
    db.execute(
        "UPDATE iris_table SET schema = ?, name = ?, definition = ? WHERE id = ?", (table.schema, table.name, text, table.id)
    )
    changed(db, table)


def reserve(db: apsw.Connection, schema: str, name: str) -> int:
    """The id of a new table, to be saved under it."""
    db.execute("INSERT INTO iris_table (schema, name, definition) VALUES (?, ?, '')", (schema, name))
    return db.last_insert_rowid()


def forget(db: apsw.Connection, table: TableDef) -> None:
    db.execute("DELETE FROM iris_table WHERE id = ?", (table.id,))
    changed(db, table)


def save_routine(db: apsw.Connection, routine: RoutineDef) -> None:
    text = msgspec.json.encode(routine).decode()
    db.execute("INSERT OR REPLACE INTO iris_routine VALUES (?, ?, ?)", (routine.schema, routine.name, text))
    changed(db)


def forget_routine(db: apsw.Connection, routine: RoutineDef) -> None:
    db.execute("DELETE FROM iris_routine WHERE schema = ? AND name = ?", (routine.schema, routine.name))
    changed(db)


def changed(db: apsw.Connection, table: TableDef | None = None) -> None:
    """table: what it was that has changed, unless it was a schema."""
    version = db.pragma("user_version") + 1
    if table is not None:
        db.execute("INSERT OR REPLACE INTO iris_change (id, version) VALUES (?, ?)", (table.id, version))
    db.pragma("user_version", version)


__all__ = ["ColumnDef", "ConstraintDef", "Dictionary", "IndexDef", "Kind", "TableDef"]
