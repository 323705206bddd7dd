"""INFORMATION_SCHEMA: IRIS's views of the dictionary as virtual tables of SQLite. iris-reference 9.1"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import apsw
import apsw.ext
import sqlglot
from sqlglot import exp

from pgiris.backend.sandbox import updateable
from pgiris.backend.sandbox.dictionary import DEFAULT_SCHEMA, ConstraintDef, Dictionary, TableDef
from pgiris.backend.sandbox.iristypes import BIGINT, SQLUPPER, STRING, STRINGS, IrisType, Kind
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import PgError
from pgiris.sql.iris import IRIS

OWNER = "_SYSTEM"
Rows = Iterator[tuple[Any, ...]]
NAME = STRING.collated(SQLUPPER)  # filters ignore case

# Names of the ODBC types as DATA_TYPE tells them.
_ODBC: dict[Kind, tuple[str, int]] = {
    Kind.BIT: ("bit", -7),
    Kind.NUMERIC: ("numeric", 2),
    Kind.DOUBLE: ("double", 8),
    Kind.STRING: ("varchar", 12),
    Kind.STREAM: ("longvarchar", -1),
    Kind.BINARY: ("varbinary", -3),
    Kind.BINARY_STREAM: ("longvarbinary", -4),
    Kind.DATE: ("date", 9),
    Kind.TIME: ("time", 10),
    Kind.TIMESTAMP: ("timestamp", 11),
    Kind.UUID: ("varchar", 12),
    Kind.VECTOR: ("varchar", 12),
}
_WHOLE = {
    "TINYINT": ("tinyint", -6, 3),
    "SMALLINT": ("smallint", 5, 5),
    "INTEGER": ("integer", 4, 10),
    "MEDIUMINT": ("integer", 4, 7),
}


def _yes(value: object) -> str:
    return "YES" if value else "NO"


def _schemata(dictionary: Dictionary) -> Rows:
    names = {table.schema.upper(): table.schema for table in dictionary} | {name.upper(): name for name in dictionary.schemas}
    for name in sorted({"INFORMATION_SCHEMA": "INFORMATION_SCHEMA", DEFAULT_SCHEMA.upper(): DEFAULT_SCHEMA, **names}.values()):
        yield None, name, OWNER


def _tables(dictionary: Dictionary) -> Rows:
    for table in dictionary:
        kind = "VIEW" if table.is_view else "GLOBAL TEMPORARY" if table.temporary else "BASE TABLE"
        yield None, table.schema, table.name, kind, _yes(not table.is_view), table.class_name, table.description, OWNER, 0


def _columns(dictionary: Dictionary) -> Rows:
    for table in dictionary:
        primary = {number for columns in table.key_columns("PRIMARY KEY") for number in columns}
        unique = {c[0] for kind in ("UNIQUE", "PRIMARY KEY") for c in table.key_columns(kind) if len(c) == 1}
        for position, column in enumerate(table.columns, 1):
            type_ = column.type
            name, code, precision = _odbc(type_)
            yield (
                None, table.schema, table.name, column.name, position, column.default, _yes(not column.not_null), name,
                type_.length if type_.kind in STRINGS or type_.kind == Kind.BINARY else None,
                type_.length if type_.kind in STRINGS or type_.kind == Kind.BINARY else None,
                precision, 10 if precision is not None else None,
                type_.scale if type_.kind == Kind.NUMERIC else 0 if precision is not None else None,
                None, None, _yes(column.identity), "NO", _yes(not column.identity), column.description,
                _yes(column.identity or column.auto), _yes(column.number in unique), _yes(column.number in primary), code,
            )  # fmt: skip


def _odbc(type_: IrisType) -> tuple[str, int, int | None]:
    """(name, code, precision)"""
    if type_.kind == Kind.INTEGER:
        return _WHOLE.get(type_.ddl, ("bigint", -5, 19))
    name, code = _ODBC[type_.kind]
    return name, code, type_.precision if type_.kind == Kind.NUMERIC else None


def _constraints(dictionary: Dictionary) -> Iterator[tuple[TableDef, ConstraintDef]]:
    for table in dictionary:
        for constraint in table.constraints:
            yield table, constraint


def _table_constraints(dictionary: Dictionary) -> Rows:
    for table, c in _constraints(dictionary):
        yield None, table.schema, c.name, None, table.schema, table.name, c.kind, "NO", "NO"


def _referenced(dictionary: Dictionary, c: ConstraintDef) -> tuple[TableDef | None, ConstraintDef | None]:
    other = dictionary.tables.get(c.referenced)
    if other is None:
        return None, None
    keys = (k for k in other.constraints if k.kind != "FOREIGN KEY" and set(k.columns) == set(c.referenced_columns))
    return other, next(keys, None)


def _key_column_usage(dictionary: Dictionary) -> Rows:
    for table, c in _constraints(dictionary):
        other, key = _referenced(dictionary, c)
        for position, number in enumerate(c.columns, 1):
            referenced = other.by_number[c.referenced_columns[position - 1]].name if other else None
            yield (
                None, table.schema, c.name, None, table.schema, table.name, table.by_number[number].name, position,
                position if other else None, other.schema if other else None, other.name if other else None,
                key.name if key else None, referenced, c.kind,
            )  # fmt: skip


def _referential_constraints(dictionary: Dictionary) -> Rows:
    for table, c in _constraints(dictionary):
        other, key = _referenced(dictionary, c)
        if other is not None:
            yield (
                None, table.schema, c.name, table.name, None, other.schema, other.name, key.name if key else None, "NONE",
                c.on_update, c.on_delete,
            )  # fmt: skip


def _constraint_column_usage(dictionary: Dictionary) -> Rows:
    """The columns that a constraint depends on: of a foreign key, the referenced ones."""
    for table, c in _constraints(dictionary):
        other = dictionary.tables.get(c.referenced) if c.kind == "FOREIGN KEY" else table
        numbers = c.referenced_columns if c.kind == "FOREIGN KEY" else c.columns
        if other is not None:
            for number in numbers:
                name = other.by_number[number].name if number in other.by_number else other.rowid_name
                yield None, other.schema, other.name, name, None, table.schema, c.name


def _constraint_table_usage(dictionary: Dictionary) -> Rows:
    for table, c in _constraints(dictionary):
        other = dictionary.tables.get(c.referenced) if c.kind == "FOREIGN KEY" else table
        if other is not None:
            yield None, other.schema, other.name, None, table.schema, c.name


def _nothing(dictionary: Dictionary) -> Rows:
    """Of what the sandbox does not have."""
    return iter(())


def _indexes(dictionary: Dictionary) -> Rows:
    for table in dictionary:
        if table.is_view:
            continue
        for c in table.constraints:
            if c.kind != "FOREIGN KEY":
                yield from _index_rows(table, c.name, c.columns, True, c.kind == "PRIMARY KEY")
        for index in table.indexes:
            yield from _index_rows(table, index.name, index.columns, index.unique, False)


def _index_rows(table: TableDef, name: str, columns: tuple[int, ...], unique: bool, primary: bool) -> Rows:
    for position, number in enumerate(columns, 1):
        column = table.by_number[number].name
        yield None, table.schema, table.name, int(not unique), None, name, position, column, "A", int(primary), 1, None


def _views(dictionary: Dictionary) -> Rows:
    for table in dictionary:
        if table.is_view:
            option = table.check_option if table.check_option in ("LOCAL", "CASCADED") else "NONE"
            yield (
                None,
                table.schema,
                table.name,
                table.query,
                option,
                _yes(_is_updateable(dictionary, table)),
                table.class_name,
                OWNER,
            )


def _is_updateable(dictionary: Dictionary, view: TableDef) -> bool:
    try:
        updateable.target(dictionary, view, lambda query: sqlglot.parse_one(query, dialect=IRIS))
    except PgError:
        return False
    return True


def _view_table_usage(dictionary: Dictionary) -> Rows:
    for view in dictionary:
        if view.query is None:
            continue
        for node in sqlglot.parse_one(view.query, dialect=IRIS).find_all(exp.Table):
            table = dictionary.find(node.db, node.name)
            if table is not None:
                yield None, view.schema, view.name, None, table.schema, table.name


VIEWS: dict[str, tuple[str, Callable[[Dictionary], Rows]]] = {
    "SCHEMATA": ("CATALOG_NAME SCHEMA_NAME SCHEMA_OWNER", _schemata),
    "TABLES": (
        "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_TYPE IS_INSERTABLE_INTO CLASSNAME DESCRIPTION OWNER IS_SHARDED:n",
        _tables,
    ),
    "COLUMNS": (
        "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME ORDINAL_POSITION:n COLUMN_DEFAULT IS_NULLABLE DATA_TYPE"
        " CHARACTER_MAXIMUM_LENGTH:n CHARACTER_OCTET_LENGTH:n NUMERIC_PRECISION:n NUMERIC_PRECISION_RADIX:n NUMERIC_SCALE:n"
        " DATETIME_PRECISION:n COLLATION_NAME IS_IDENTITY IS_GENERATED IS_UPDATABLE DESCRIPTION AUTO_INCREMENT UNIQUE_COLUMN"
        " PRIMARY_KEY ODBCTYPE:n",
        _columns,
    ),
    "TABLE_CONSTRAINTS": (
        "CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_CATALOG TABLE_SCHEMA TABLE_NAME CONSTRAINT_TYPE"
        " IS_DEFERRABLE INITIALLY_DEFERRED",
        _table_constraints,
    ),
    "KEY_COLUMN_USAGE": (
        "CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME"
        " ORDINAL_POSITION:n POSITION_IN_UNIQUE_CONSTRAINT:n REFERENCED_TABLE_SCHEMA REFERENCED_TABLE_NAME"
        " REFERENCED_CONSTRAINT_NAME REFERENCED_COLUMN_NAME CONSTRAINT_TYPE",
        _key_column_usage,
    ),
    "REFERENTIAL_CONSTRAINTS": (
        "CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME CONSTRAINT_TABLE_NAME UNIQUE_CONSTRAINT_CATALOG"
        " UNIQUE_CONSTRAINT_SCHEMA UNIQUE_CONSTRAINT_TABLE UNIQUE_CONSTRAINT_NAME MATCH_OPTION UPDATE_RULE DELETE_RULE",
        _referential_constraints,
    ),
    "CONSTRAINT_COLUMN_USAGE": (
        "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME",
        _constraint_column_usage,
    ),
    "CONSTRAINT_TABLE_USAGE": (
        "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME",
        _constraint_table_usage,
    ),
    "CHECK_CONSTRAINTS": ("CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME CHECK_CLAUSE", _nothing),
    "ROUTINES": (
        "SPECIFIC_CATALOG SPECIFIC_SCHEMA SPECIFIC_NAME ROUTINE_CATALOG ROUTINE_SCHEMA ROUTINE_NAME ROUTINE_TYPE DATA_TYPE"
        " ROUTINE_BODY ROUTINE_DEFINITION",
        _nothing,
    ),
    "PARAMETERS": (
        "SPECIFIC_CATALOG SPECIFIC_SCHEMA SPECIFIC_NAME ORDINAL_POSITION:n PARAMETER_MODE PARAMETER_NAME DATA_TYPE",
        _nothing,
    ),
    "TRIGGERS": (
        "TRIGGER_CATALOG TRIGGER_SCHEMA TRIGGER_NAME EVENT_MANIPULATION EVENT_OBJECT_CATALOG EVENT_OBJECT_SCHEMA"
        " EVENT_OBJECT_TABLE ACTION_ORDER:n ACTION_STATEMENT ACTION_ORIENTATION ACTION_TIMING",
        _nothing,
    ),
    "INDEXES": (
        "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME NON_UNIQUE:n INDEX_SCHEMA INDEX_NAME ORDINAL_POSITION:n COLUMN_NAME ASC_OR_DESC"
        " PRIMARY_KEY:n MAP_STATUS:n DATA_FIELDS",
        _indexes,
    ),
    "VIEWS": (
        "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME VIEW_DEFINITION CHECK_OPTION IS_UPDATABLE CLASSNAME OWNER",
        _views,
    ),
    "VIEW_TABLE_USAGE": (
        "VIEW_CATALOG VIEW_SCHEMA VIEW_NAME TABLE_CATALOG TABLE_SCHEMA TABLE_NAME",
        _view_table_usage,
    ),
}


def _named(text: str) -> list[tuple[str, IrisType]]:
    return [(word.partition(":")[0], BIGINT if word.endswith(":n") else NAME) for word in text.split()]


def view(name: str) -> tuple[str, list[tuple[str, IrisType]]]:
    """(SQLite's name, columns). Raises SQLCODE -30."""
    found = VIEWS.get(name.upper())
    if found is None:
        raise pg_error(-30, f"Table 'INFORMATION_SCHEMA.{name.upper()}' not found", table=f"information_schema.{name}")
    return f"iris_is_{name.lower()}", _named(found[0])


def register(db: apsw.Connection, current: Callable[[], Dictionary]) -> None:
    for name, (text, rows) in VIEWS.items():
        _register_view(db, f"iris_is_{name.lower()}", tuple(column for column, _ in _named(text)), rows, current)


def _register_view(
    db: apsw.Connection,
    name: str,
    columns: tuple[str, ...],
    rows: Callable[[Dictionary], Rows],
    current: Callable[[], Dictionary],
) -> None:
    def generate(*_: Any, **__: Any) -> Rows:
        return rows(current())

    generate.columns = columns  # type: ignore[attr-defined]
    generate.column_access = apsw.ext.VTColumnAccess.By_Index  # type: ignore[attr-defined]
    apsw.ext.make_virtual_module(db, name, generate, eponymous_only=True)  # type: ignore[arg-type]
