"""Description: the dictionary as the catalog wants it told (backend/metadata.py)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlglot
from sqlglot import exp

from pgiris.backend import metadata
from pgiris.backend.metadata import (
    Changes,
    ColumnMeta,
    ForeignKeyMeta,
    GrantMeta,
    IndexMeta,
    KeyMeta,
    RelationMeta,
    SchemaMeta,
)
from pgiris.backend.noted import is_noted, noted_relation, sequences
from pgiris.backend.notes import NONE, Notes
from pgiris.backend.sandbox.access import NOBODY, Access
from pgiris.backend.sandbox.dictionary import (
    ColumnDef,
    ConstraintDef,
    Dictionary,
    IndexDef,
    RoutineDef,
    TableDef,
    identity_of,
)
from pgiris.backend.sandbox.iristypes import STRINGS
from pgiris.backend.sandbox.privileges import number_of
from pgiris.backend.sandbox.schema_rows import is_updateable
from pgiris.sql.iris import IRIS
from pgiris.types.iristypes import comment_of, enum_of
from pgiris.types.routines import ParameterMeta, RoutineMeta

OWNER = "_SYSTEM"
Grants = tuple[tuple[GrantMeta, ...], ...]
Digested = tuple[TableDef, tuple[TableDef, ...], Grants, bytes]  # a table, those that it mentions, what was granted, its digest
_digests: dict[int, Digested] = {}


def describe(dictionary: Dictionary, known: bytes, notes: Notes = NONE, access: Access = NOBODY) -> Changes:
    """What has changed since a description with these digests."""
    before = frozenset(metadata.split(known))
    relations = _relations(dictionary, before, notes, access)
    routines = (*map(_routine, dictionary.routines), *notes.functions)
    return metadata.changes(
        str(dictionary.version),
        _schemas(dictionary),
        relations,
        known,
        notes.enums,
        routines,
        access.roles,
        notes.extensions,
        notes.remarks,
    )


def _relations(dictionary: Dictionary, known: frozenset[bytes], notes: Notes, access: Access) -> Iterator[tuple[bytes, bytes]]:
    """Digests and descriptions of all tables, the description left out when its digest is known; then of sequences."""
    yield from map(metadata.encode_relation, sequences(notes))
    for table in dictionary:
        if is_noted(table.schema, table.name, notes) or table.has_enums:
            yield metadata.encode_relation(noted_relation(relation(dictionary, table, access), notes))
            continue
        mentioned = tuple(dictionary.tables[c.referenced] for c in table.constraints if c.referenced in dictionary.tables)
        granted = _granted(table, access)
        cached = _digests.get(table.id)
        same = cached is not None and cached[0] is table and cached[2] == granted and _same(cached[1], mentioned)
        if cached is not None and same and cached[3] in known:
            yield cached[3], b""
            continue
        digest, encoded = metadata.encode_relation(relation(dictionary, table, access))
        _digests[table.id] = (table, mentioned, granted, digest)
        yield digest, encoded


def _granted(table: TableDef, access: Access) -> Grants:
    if access.is_empty:
        return ()
    return (access.on_table(table), *(access.on_column(table, number_of(column)) for column in table.columns))


def _same(some: tuple[TableDef, ...], others: tuple[TableDef, ...]) -> bool:
    return len(some) == len(others) and all(one is other for one, other in zip(some, others, strict=True))


def _schemas(dictionary: Dictionary) -> Iterator[SchemaMeta]:
    for name in dictionary.schema_names:
        yield SchemaMeta(name, OWNER)


def relation(dictionary: Dictionary, table: TableDef, access: Access = NOBODY) -> RelationMeta:
    numbers = {column.number: number for number, column in enumerate(table.columns, 1)}
    keys = [c for c in table.constraints if c.kind != "FOREIGN KEY"]
    return RelationMeta(
        table.schema,
        table.name,
        "view" if table.is_view else "table",
        tuple(_column(table, column, access) for column in table.columns),
        tuple(KeyMeta(c.name, c.kind == "PRIMARY KEY", _numbers(c.columns, numbers)) for c in keys),
        tuple(_foreign_key(dictionary, c, numbers) for c in table.constraints if c.kind == "FOREIGN KEY"),
        tuple(_index(index, numbers) for index in table.indexes),
        view=table.query or "",
        uses=tuple(_uses(dictionary, table.query)) if table.query else (),
        comment=table.description or None,
        owner=table.owner or OWNER,
        temporary=table.temporary,
        check_option=table.check_option,
        grants=access.on_table(table),
        updatable=table.is_view and is_updateable(dictionary, table),
    )


def _routine(routine: RoutineDef) -> RoutineMeta:
    parameters = tuple(ParameterMeta(one.name, "IN", *one.type.oid) for one in routine.parameters)
    return RoutineMeta(routine.schema, routine.name, routine.query, 0, routine.query, routine.body, parameters)


def _numbers(columns: tuple[int, ...], numbers: dict[int, int]) -> tuple[int, ...]:
    """Attribute numbers; a RowID that is no column has none."""
    return tuple(numbers[column] for column in columns if column in numbers)


def _column(table: TableDef, column: ColumnDef, access: Access) -> ColumnMeta:
    type_ = column.type
    oid, typmod = type_.oid
    return ColumnMeta(
        column.name,
        type_.ddl,
        oid,
        typmod,
        column.not_null or column.identity,
        column.default,
        identity_of(table, column),
        type_.collation if type_.kind in STRINGS else "",
        comment_of(column.description),
        enum=enum_of(column.description),
        grants=access.on_column(table, number_of(column)),
    )


def _foreign_key(dictionary: Dictionary, c: ConstraintDef, numbers: dict[int, int]) -> ForeignKeyMeta:
    other = dictionary.tables[c.referenced]
    names = tuple(other.by_number[n].name if n in other.by_number else other.rowid_name for n in c.referenced_columns)
    return ForeignKeyMeta(c.name, _numbers(c.columns, numbers), other.schema, other.name, names, c.on_delete, c.on_update)


_DISTANCES = {"COSINE": "vector_cosine_ops", "DOTPRODUCT": "vector_ip_ops"}
_HNSW_OPTIONS = {"M": "m", "EFCONSTRUCTION": "ef_construction"}


def _index(index: IndexDef, numbers: dict[int, int]) -> IndexMeta:
    columns = _numbers(index.columns, numbers)
    if not index.kind.upper().startswith("HNSW"):
        return IndexMeta(index.name, columns, index.unique, index.kind.lower() or "btree")
    given = {word.upper(): value for word, value in re.findall(r"(\w+)\s*=\s*'?(\w+)'?", index.kind)}
    options = tuple(f"{name}={given[word]}" for word, name in _HNSW_OPTIONS.items() if word in given)
    return IndexMeta(index.name, columns, index.unique, "hnsw", (), _DISTANCES[given["DISTANCE"].upper()], options)


def _uses(dictionary: Dictionary, query: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Tables and columns that a view's query names. A column without a table's name is one of each table that has such a column;
    what a subquery shows under a name of its own is not followed."""
    tree = sqlglot.parse_one(query, dialect=IRIS)
    tables: dict[str, TableDef] = {}
    for node in tree.find_all(exp.Table):
        table = dictionary.find(node.db, node.name)
        if table is not None:
            tables[node.alias_or_name.upper()] = table
    names: dict[int, dict[str, None]] = {table.id: {} for table in tables.values()}
    for column in tree.find_all(exp.Column):
        for alias, table in tables.items():
            if column.table.upper() in ("", alias):
                if isinstance(column.this, exp.Star):
                    names[table.id] |= {own.name: None for own in table.columns}
                elif (found := table.by_name.get(column.name.upper())) is not None:
                    names[table.id][found[1].name] = None
    for star in tree.find_all(exp.Star):
        if isinstance(star.parent, exp.Select):
            for table in tables.values():
                names[table.id] |= {own.name: None for own in table.columns}
    for table in {table.id: table for table in tables.values()}.values():
        yield table.schema, table.name, tuple(names[table.id])
