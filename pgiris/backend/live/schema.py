"""Schema: INFORMATION_SCHEMA and %Dictionary of an IRIS namespace -> what the planner and the catalog want to know.

In: a function that runs a query, and property parameters. Out: RelationMeta, Snapshot. iris-reference 9.1, 9.2

INFORMATION_SCHEMA shows what the user may use. %Dictionary, which tells vectors from strings, and collations, needs a privilege
of its own; without it those columns are strings of unknown collation, for which the planner takes no short cuts.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pgiris.backend.live import routines
from pgiris.backend.live.privileges import Privileges
from pgiris.backend.metadata import (
    ORDERS,
    ColumnMeta,
    ForeignKeyMeta,
    IndexMeta,
    KeyMeta,
    RelationMeta,
    SchemaMeta,
    TriggerMeta,
)
from pgiris.errors import PgError
from pgiris.types.codec import Oid
from pgiris.types.iristypes import comment_of, enum_of, from_annotation, from_iris, generation_of
from pgiris.types.relation import IndexPart, ReferencePart, Relation, RelationColumn, Snapshot
from pgiris.types.routines import RoutineMeta

Query = Callable[..., list[Sequence[Any]]]
Parameter = Callable[[str, str], str | None]
Key = tuple[str, str]

DEFAULT_SCHEMA = "SQLUser"
# Schemas of IRIS itself, of its Interoperability and health libraries (iris-reference 9.3), and of notes.py.
_SYSTEM = re.compile(r"%|INFORMATION_SCHEMA$|Ens$|Ens_|EnsLib_|EnsPortal|HS$|HS_|HSMOD|IRIS_Shard$|PGIRIS$", re.IGNORECASE)
_SYSTEM_KINDS = frozenset(("SYSTEM TABLE", "SYSTEM VIEW"))
_NOT_SYSTEM = "NOT TABLE_SCHEMA %STARTSWITH '%' AND TABLE_SCHEMA <> 'INFORMATION_SCHEMA'"
MOST_PROPERTIES = 2000  # looked up one by one in one description; beyond it collations count as unknown

_TABLES = (
    "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, CLASSNAME, DESCRIPTION, OWNER"
    f" FROM INFORMATION_SCHEMA.TABLES WHERE {_NOT_SYSTEM}"
)
_COLUMNS = (
    "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, COLUMN_DEFAULT, IS_NULLABLE, DATA_TYPE,"
    " CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE, IS_IDENTITY, AUTO_INCREMENT, DESCRIPTION, ODBCTYPE"
    f" FROM INFORMATION_SCHEMA.COLUMNS WHERE {_NOT_SYSTEM} ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION"
)
_KEYS = (
    "SELECT TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, CONSTRAINT_TYPE, COLUMN_NAME, ORDINAL_POSITION,"
    " REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME"
    f" FROM INFORMATION_SCHEMA.KEY_COLUMN_USAGE WHERE {_NOT_SYSTEM}"
    " ORDER BY TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION"
)
_RULES = (
    "SELECT CONSTRAINT_SCHEMA, CONSTRAINT_TABLE_NAME, CONSTRAINT_NAME, UPDATE_RULE, DELETE_RULE"
    " FROM INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS"
)
_INDEXES = (
    "SELECT TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, NON_UNIQUE, COLUMN_NAME, ASC_OR_DESC, ORDINAL_POSITION"
    f" FROM INFORMATION_SCHEMA.INDEXES WHERE {_NOT_SYSTEM} ORDER BY TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, ORDINAL_POSITION"
)
_NO_CHECK = frozenset(("", "NONE"))
_VIEWS = (
    "SELECT TABLE_SCHEMA, TABLE_NAME, VIEW_DEFINITION, CHECK_OPTION, IS_UPDATABLE"
    f" FROM INFORMATION_SCHEMA.VIEWS WHERE {_NOT_SYSTEM}"
)
_USES = (
    "SELECT VIEW_SCHEMA, VIEW_NAME, TABLE_SCHEMA, TABLE_NAME FROM INFORMATION_SCHEMA.VIEW_TABLE_USAGE"
    f" WHERE {_NOT_SYSTEM} ORDER BY VIEW_SCHEMA, VIEW_NAME, TABLE_SCHEMA, TABLE_NAME"
)
_TRIGGERS = (
    "SELECT TABLE_SCHEMA, TABLE_NAME, TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORIENTATION, ACTION_STATEMENT"
    f" FROM INFORMATION_SCHEMA.TRIGGERS WHERE {_NOT_SYSTEM} ORDER BY TABLE_SCHEMA, TABLE_NAME, ACTION_ORDER, TRIGGER_NAME"
)
_SCHEMATA = "SELECT SCHEMA_NAME, SCHEMA_OWNER FROM INFORMATION_SCHEMA.SCHEMATA ORDER BY SCHEMA_NAME"
_CHANGED = "SELECT Name, TimeChanged FROM %Dictionary.ClassDefinition WHERE NOT Name %STARTSWITH '%'"
_PROPERTIES = "SELECT SqlFieldName, Type, ID FROM %Dictionary.CompiledProperty WHERE parent = ?"

_STRINGS = frozenset(("VARCHAR", "CHAR", "NVARCHAR", "NCHAR"))
# Classes whose columns look like those of another one in INFORMATION_SCHEMA -> their DDL type.
_CLASSES = {"%Library.UniqueIdentifier": "UNIQUEIDENTIFIER", "%Library.RowVersion": "ROWVERSION", "%Library.Counter": "SERIAL"}
_VECTORS = frozenset(("%Library.Vector", "%Library.Embedding"))
_UNIQUE_IDENTIFIER = -11  # ODBC's code


@dataclass(frozen=True)
class Property:
    """What %Dictionary tells of a column beyond INFORMATION_SCHEMA. iris_type "": nothing."""

    iris_type: str
    collation: str


class Schema:
    """Reads of one session; property look-ups are kept as long as their class does not change."""

    def __init__(self, query: Query, parameter: Parameter, user: str) -> None:
        self._query = query
        self._parameter = parameter
        self._user = user
        self._properties: dict[tuple[str, str], dict[str, Property]] = {}  # class, when it changed -> by column

    def version(self) -> str:
        """A digest of when which class was changed, or, for a user who may not see that, of all columns and keys."""
        changed = self._changed()
        if changed is None:
            return _digest([*self._query(_COLUMNS), *self._query(_KEYS)])
        return _digest(sorted(changed.items()))

    def _changed(self) -> dict[str, str] | None:
        """Class -> when it changed last."""
        try:
            return {str(name): str(when) for name, when in self._query(_CHANGED)}
        except PgError:
            return None

    def schemas(self) -> list[SchemaMeta]:
        found = {str(name).upper(): SchemaMeta(str(name), str(owner or "")) for name, owner in self._query(_SCHEMATA)}
        found.setdefault(DEFAULT_SCHEMA.upper(), SchemaMeta(DEFAULT_SCHEMA))
        return [schema for schema in found.values() if not _SYSTEM.match(schema.name)]

    def routines(self) -> tuple[RoutineMeta, ...]:
        rows, parameters = self._query(routines.ROUTINES), _grouped(self._query(routines.PARAMETERS))
        return tuple(routines.routine(row, parameters[row[0], row[1]], iris_type) for row in rows if not _SYSTEM.match(row[0]))

    def relations(self) -> list[RelationMeta]:
        tables = [row for row in self._query(_TABLES) if not _SYSTEM.match(row[0]) and row[2] not in _SYSTEM_KINDS]
        columns, keys = _grouped(self._query(_COLUMNS)), _grouped(self._query(_KEYS))
        rules = {(row[0], row[1], row[2]): (row[3], row[4]) for row in self._query(_RULES)}
        indexes, uses = _grouped(self._query(_INDEXES)), _grouped(self._query(_USES))
        views = {(row[0], row[1]): row[2:] for row in self._query(_VIEWS)}
        triggers, privileges = _grouped(self._query(_TRIGGERS)), Privileges(self._query, self._user)
        properties = self._all_properties([str(row[3]) for row in tables if row[3]])
        found = []
        for schema, name, kind, class_name, description, owner in tables:
            key = (schema, name)
            own = properties.get(class_name, {})
            shown = tuple(_column(row, own.get(str(row[2]).upper())) for row in columns[key])
            numbers = {column.name.upper(): number for number, column in enumerate(shown, 1)}
            constraints = _constraints(keys[key])
            found.append(
                RelationMeta(
                    schema,
                    name,
                    "view" if kind == "VIEW" else "table",
                    shown,
                    tuple(_key(c, rows, numbers) for c, rows in constraints.items() if rows[0][3] != "FOREIGN KEY"),
                    tuple(
                        _foreign_key(c, rows, numbers, rules.get((schema, name, c), ("NO ACTION", "NO ACTION")))
                        for c, rows in constraints.items()
                        if rows[0][3] == "FOREIGN KEY"
                    ),
                    tuple(_indexes(indexes[key], set(constraints), numbers, shown)),
                    view=str(views.get(key, (None,))[0] or ""),
                    uses=tuple((str(row[2]), str(row[3]), ()) for row in uses[key]),
                    comment=description or None,
                    owner=str(owner or ""),
                    temporary=kind in ("GLOBAL TEMPORARY", "LOCAL TEMPORARY"),
                    check_option=str(views[key][1] or "").upper() if key in views else "",
                    triggers=tuple(map(_trigger, triggers[key])),
                    grants=privileges.of(schema, name, str(owner or "")),
                    updatable=key in views and views[key][2] == "YES",
                )
            )
        return found

    # %Dictionary

    def _all_properties(self, classes: Iterable[str]) -> dict[str, dict[str, Property]]:
        changed = self._changed()
        if changed is None:
            return {}
        before, self._properties = self._properties, {}
        budget = MOST_PROPERTIES
        found: dict[str, dict[str, Property]] = {}
        for name in classes:
            key = (name, changed.get(name, ""))
            known = before.get(key)
            if known is None:
                try:
                    known = self._class_properties(name, budget)
                except PgError:  # no privilege for it
                    return found
                budget -= len(known)
            self._properties[key] = found[name] = known
        return found

    def _class_properties(self, class_name: str, budget: int) -> dict[str, Property]:
        found = {}
        for number, (field, type_, id_) in enumerate(self._query(_PROPERTIES, class_name)):
            collation = ""
            if number < budget and type_ == "%Library.String":
                collation = (self._parameter(id_, "COLLATION") or "").upper()
            iris_type = _CLASSES.get(type_, "") if type_ not in _VECTORS else self._vector(type_, id_)
            if field and (iris_type or collation):
                found[str(field).upper()] = Property(iris_type, collation)
        return found

    def _vector(self, class_name: str, property_id: str) -> str:
        element = (self._parameter(property_id, "DATATYPE") or "FLOAT").upper()
        length = self._parameter(property_id, "LEN")
        if class_name == "%Library.Embedding":
            return "EMBEDDING"
        return f"VECTOR({element},{length})" if length else f"VECTOR({element})"


def snapshot(version: str, relations: Iterable[RelationMeta]) -> Snapshot:
    """What the planner needs of it."""
    return Snapshot(version, tuple(_relation(meta) for meta in relations if not meta.temporary))


def _relation(meta: RelationMeta) -> Relation:
    primary = next((key for key in meta.keys if key.primary), None)
    return Relation(
        meta.schema,
        meta.name,
        tuple(
            RelationColumn(c.name, Oid(c.oid), c.iris_type, c.typmod, c.not_null, c.default, c.identity, c.collation, enum=c.enum)
            for c in meta.columns
        ),
        meta.kind,
        _names(meta, primary) if primary else (),
        tuple(_names(meta, key) for key in _unique(meta)),
        (
            *((key.name, _names(meta, key)) for key in meta.keys),
            *((index.name, _names(meta, index)) for index in _unique_indexes(meta)),
        ),
        meta.view if meta.check_option in _NO_CHECK else "",
        indexes=tuple(IndexPart(i.name, _names(meta, i), i.unique, i.method) for i in meta.indexes),
        references=tuple(
            ReferencePart(k.name, _names(meta, k), k.schema, k.table, k.referenced, k.on_delete, k.on_update)
            for k in meta.foreign_keys
        ),
    )


def _unique(meta: RelationMeta) -> list[KeyMeta | IndexMeta]:
    return [*(key for key in meta.keys if not key.primary), *_unique_indexes(meta)]


def _unique_indexes(meta: RelationMeta) -> list[IndexMeta]:
    return [index for index in meta.indexes if index.unique]


def _names(meta: RelationMeta, key: KeyMeta | IndexMeta | ForeignKeyMeta) -> tuple[str, ...]:
    return tuple(meta.columns[number - 1].name for number in key.columns)


def _digest(rows: Iterable[Sequence[Any]]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for row in rows:
        digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


def _grouped(rows: Iterable[Sequence[Any]]) -> dict[Key, list[Sequence[Any]]]:
    found: dict[Key, list[Sequence[Any]]] = defaultdict(list)
    for row in rows:
        found[row[0], row[1]].append(row)
    return found


def _constraints(rows: Iterable[Sequence[Any]]) -> dict[str, list[Sequence[Any]]]:
    found: dict[str, list[Sequence[Any]]] = defaultdict(list)
    for row in rows:
        found[row[2]].append(row)
    return found


def _column(row: Sequence[Any], known: Property | None) -> ColumnMeta:
    _, _, name, _, default, nullable, data_type, length, precision, scale, identity, auto, description, code = row
    ddl = (known.iris_type if known else "") or iris_type(str(data_type or ""), length, precision, scale, code)
    oid, typmod = from_annotation(description) or from_iris(ddl)
    generated = identity == "YES" or auto == "YES"
    return ColumnMeta(
        str(name),
        ddl,
        oid,
        typmod,
        nullable == "NO" or identity == "YES",
        None if default is None else str(default),
        (generation_of(description) or "by default") if generated else "",
        known.collation if known else "",
        comment_of(description),
        enum=enum_of(description),
    )


def iris_type(data_type: str, length: Any, precision: Any, scale: Any, code: Any) -> str:
    """The DDL type that INFORMATION_SCHEMA describes."""
    word = data_type.upper()
    if code == _UNIQUE_IDENTIFIER:
        return "UNIQUEIDENTIFIER"
    if word in _STRINGS:
        return f"VARCHAR({length})" if length else "VARCHAR('')"
    if word in ("NUMERIC", "DECIMAL") and precision:
        return f"NUMERIC({precision},{scale or 0})"
    return word


def _trigger(row: Sequence[Any]) -> TriggerMeta:
    _, _, name, timing, event, orientation, statement = row
    events = tuple(word for word in re.split(r"\W+", str(event or "").upper()) if word)
    shown = "STATEMENT" if str(orientation or "").upper() == "STATEMENT" else "ROW"  # else ROW or ROW/OBJECT
    return TriggerMeta(str(name), str(timing or "").upper(), events, shown, str(statement or "").strip())


def _numbers(names: Iterable[Any], numbers: dict[str, int]) -> tuple[int, ...]:
    """Attribute numbers; a hidden RowID has none."""
    return tuple(numbers[str(name).upper()] for name in names if str(name).upper() in numbers)


def _key(name: str, rows: Sequence[Sequence[Any]], numbers: dict[str, int]) -> KeyMeta:
    return KeyMeta(name, rows[0][3] == "PRIMARY KEY", _numbers((row[4] for row in rows), numbers))


def _foreign_key(name: str, rows: Sequence[Sequence[Any]], numbers: dict[str, int], rules: tuple[Any, Any]) -> ForeignKeyMeta:
    referenced = tuple(str(row[8]) for row in rows)
    columns = _numbers((row[4] for row in rows), numbers)
    on_update, on_delete = (str(rule or "NO ACTION").upper() for rule in rules)
    return ForeignKeyMeta(name, columns, str(rows[0][6]), str(rows[0][7]), referenced, on_delete, on_update)


def _indexes(
    rows: Iterable[Sequence[Any]], constraints: set[str], numbers: dict[str, int], columns: Sequence[ColumnMeta]
) -> Iterable[IndexMeta]:
    """Those that are no constraint. IRIS has one kind of index for vectors."""
    for name, own in _constraints(rows).items():
        if name in constraints:
            continue
        places = _numbers((row[4] for row in own), numbers)
        if not places:
            continue  # the extent index and its like
        method = "hnsw" if columns[places[0] - 1].iris_type.startswith("VECTOR") else "btree"
        order = tuple(ORDERS["DESC" if row[5] == "D" else ""] for row in own)
        yield IndexMeta(name, places, not own[0][3], method, order if any(order) else ())
