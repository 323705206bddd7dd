"""Schema rows: what INFORMATION_SCHEMA's views of definitions hold, from the dictionary. iris-reference 9.1

Each function gives a view's rows as what differs from NULL, by column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sqlglot
from sqlglot import exp

from pgiris.backend.sandbox import updateable
from pgiris.backend.sandbox.dictionary import ConstraintDef, Dictionary, RoutineDef, TableDef
from pgiris.backend.sandbox.iristypes import STRINGS, IrisType, Kind
from pgiris.errors import PgError
from pgiris.sql.iris import IRIS

OWNER = "_SYSTEM"
Rows = Iterator[dict[str, Any]]

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


def of(table: TableDef, **more: Any) -> dict[str, Any]:
    return {"TABLE_SCHEMA": table.schema, "TABLE_NAME": table.name, **more}


def _schemata(dictionary: Dictionary) -> Rows:
    for name in sorted({"INFORMATION_SCHEMA", *dictionary.schema_names}):
        yield {"SCHEMA_NAME": name}


def _tables(dictionary: Dictionary) -> Rows:
    for table in dictionary:
        yield of(
            table,
            TABLE_TYPE="VIEW" if table.is_view else "GLOBAL TEMPORARY" if table.temporary else "BASE TABLE",
            IS_INSERTABLE_INTO=_yes(not table.is_view or is_updateable(dictionary, table)),
            IS_TYPED="NO",
            CLASSNAME=table.class_name,
            DESCRIPTION=table.description,
            OWNER=table.owner or OWNER,
            IS_SHARDED="NO",
        )


def _columns(dictionary: Dictionary) -> Rows:
    for table in dictionary:
        primary = {number for columns in table.key_columns("PRIMARY KEY") for number in columns}
        unique = {c[0] for kind in ("UNIQUE", "PRIMARY KEY") for c in table.key_columns(kind) if len(c) == 1}
        writable = not table.is_view or is_updateable(dictionary, table)
        for position, column in enumerate(table.columns, 1):
            yield of(
                table,
                **_described(column.type),
                COLUMN_NAME=column.name,
                ORDINAL_POSITION=position,
                COLUMN_DEFAULT=column.default,
                IS_NULLABLE=_yes(not column.not_null),
                IS_IDENTITY=_yes(column.identity),
                IS_GENERATED="NO",
                IS_UPDATABLE=_yes(writable and not column.identity),
                DESCRIPTION=column.description,
                AUTO_INCREMENT=_yes(column.identity or column.auto),
                UNIQUE_COLUMN=_yes(column.number in unique),
                PRIMARY_KEY=_yes(column.number in primary),
                PROPERTY_NAME=column.name.replace("_", ""),
                IS_PERSISTED=_yes(not table.is_view),
            )


def _described(type_: IrisType) -> dict[str, Any]:
    name, code, precision = _odbc(type_)
    length = type_.length if type_.kind in STRINGS or type_.kind == Kind.BINARY else None
    return {
        "DATA_TYPE": name,
        "CHARACTER_MAXIMUM_LENGTH": length,
        "CHARACTER_OCTET_LENGTH": length,
        "NUMERIC_PRECISION": precision,
        "NUMERIC_PRECISION_RADIX": None if precision is None else 10,
        "NUMERIC_SCALE": type_.scale if type_.kind == Kind.NUMERIC else None if precision is None else 0,
        "ODBCTYPE": code,
    }


def _odbc(type_: IrisType) -> tuple[str, int, int | None]:
    """(name, code, precision)"""
    if type_.kind == Kind.INTEGER:
        return _WHOLE.get(type_.ddl, ("bigint", -5, 19))
    name, code = _ODBC[type_.kind]
    return name, code, type_.precision if type_.kind == Kind.NUMERIC else None


# Constraints


def _constraints(dictionary: Dictionary) -> Iterator[tuple[TableDef, ConstraintDef]]:
    for table in dictionary:
        for constraint in table.constraints:
            yield table, constraint


def _table_constraints(dictionary: Dictionary) -> Rows:
    for table, c in _constraints(dictionary):
        named = {"CONSTRAINT_SCHEMA": table.schema, "CONSTRAINT_NAME": c.name}
        yield of(table, **named, CONSTRAINT_TYPE=c.kind, IS_DEFERRABLE="NO", INITIALLY_DEFERRED="NO")


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
            row = of(
                table,
                CONSTRAINT_SCHEMA=table.schema,
                CONSTRAINT_NAME=c.name,
                COLUMN_NAME=_name(table, number),
                ORDINAL_POSITION=position,
                CONSTRAINT_TYPE=c.kind,
            )
            if other is not None:
                row["POSITION_IN_UNIQUE_CONSTRAINT"] = position
                row["REFERENCED_TABLE_SCHEMA"], row["REFERENCED_TABLE_NAME"] = other.schema, other.name
                row["REFERENCED_CONSTRAINT_NAME"] = key.name if key else None
                row["REFERENCED_COLUMN_NAME"] = _name(other, c.referenced_columns[position - 1])
            yield row


def _name(table: TableDef, number: int) -> str:
    """Of a column, or of the RowID."""
    return table.by_number[number].name if number in table.by_number else table.rowid_name


def _referential_constraints(dictionary: Dictionary) -> Rows:
    for table, c in _constraints(dictionary):
        other, key = _referenced(dictionary, c)
        if other is not None:
            yield {
                "CONSTRAINT_SCHEMA": table.schema,
                "CONSTRAINT_TABLE_NAME": table.name,
                "CONSTRAINT_NAME": c.name,
                "UNIQUE_CONSTRAINT_SCHEMA": other.schema,
                "UNIQUE_CONSTRAINT_TABLE": other.name,
                "UNIQUE_CONSTRAINT_NAME": key.name if key else None,
                "MATCH_OPTION": "NONE",
                "UPDATE_RULE": c.on_update,
                "DELETE_RULE": c.on_delete,
            }


def _constraint_table_usage(dictionary: Dictionary) -> Rows:
    """Of a foreign key, the referenced table."""
    for table, c in _constraints(dictionary):
        other = dictionary.tables.get(c.referenced) if c.kind == "FOREIGN KEY" else table
        if other is not None:
            yield of(other, CONSTRAINT_SCHEMA=table.schema, CONSTRAINT_NAME=c.name)


def _constraint_column_usage(dictionary: Dictionary) -> Rows:
    """The columns that a constraint depends on: of a foreign key, the referenced ones."""
    for table, c in _constraints(dictionary):
        other = dictionary.tables.get(c.referenced) if c.kind == "FOREIGN KEY" else table
        if other is not None:
            for number in c.referenced_columns if c.kind == "FOREIGN KEY" else c.columns:
                yield of(other, COLUMN_NAME=_name(other, number), CONSTRAINT_SCHEMA=table.schema, CONSTRAINT_NAME=c.name)


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
        yield of(
            table,
            NON_UNIQUE=int(not unique),
            INDEX_SCHEMA=table.schema,
            INDEX_NAME=name,
            ORDINAL_POSITION=position,
            COLUMN_NAME=_name(table, number),
            ASC_OR_DESC="A",
            PRIMARY_KEY=int(primary),
            MAP_STATUS="Selectable",
        )


# Views


def _views(dictionary: Dictionary) -> Rows:
    for table in dictionary:
        if table.is_view:
            yield of(
                table,
                VIEW_DEFINITION=table.query,
                CHECK_OPTION=table.check_option if table.check_option in ("LOCAL", "CASCADED") else "NONE",
                IS_UPDATABLE=_yes(is_updateable(dictionary, table)),
                DESCRIPTION=table.description,
                CLASSNAME=table.class_name,
                OWNER=table.owner or OWNER,
            )


def is_updateable(dictionary: Dictionary, view: TableDef) -> bool:
    try:
        updateable.target(dictionary, view, lambda query: sqlglot.parse_one(query, dialect=IRIS))
    except PgError:
        return False
    return True


def view_of(view: TableDef) -> dict[str, Any]:
    return {"VIEW_SCHEMA": view.schema, "VIEW_NAME": view.name}


def _view_table_usage(dictionary: Dictionary) -> Rows:
    for view in dictionary:
        if view.query is not None:
            for table in tables_of(dictionary, sqlglot.parse_one(view.query, dialect=IRIS)):
                yield of(table, **view_of(view))


def tables_of(dictionary: Dictionary, tree: exp.Expr) -> list[TableDef]:
    """The tables and views that a statement names, each once."""
    found = (dictionary.find(node.db, node.name) for node in tree.find_all(exp.Table))
    return list({table.id: table for table in found if table is not None}.values())


def _specific(routine: RoutineDef) -> dict[str, Any]:
    return {"SPECIFIC_SCHEMA": routine.schema, "SPECIFIC_NAME": routine.name}


def _routines(dictionary: Dictionary) -> Rows:
    """A query is a procedure, a method a function (class reference of INFORMATION.SCHEMA.ROUTINES)."""
    for routine in dictionary.routines:
        yield {
            **_specific(routine),
            "ROUTINE_SCHEMA": routine.schema,
            "ROUTINE_NAME": routine.name,
            "ROUTINE_TYPE": "PROCEDURE" if routine.query else "FUNCTION",
            "ROUTINE_BODY": "SQL" if routine.query else None,
            "ROUTINE_DEFINITION": routine.body,
            "METHOD_OR_QUERY_NAME": routine.name,
        }


def _parameters(dictionary: Dictionary) -> Rows:
    for routine in dictionary.routines:
        for position, parameter in enumerate(routine.parameters, 1):
            described = _described(parameter.type)
            del described["ODBCTYPE"]
            yield {
                **_specific(routine),
                **described,
                "ORDINAL_POSITION": position,
                "PARAMETER_MODE": "IN",
                "PARAMETER_NAME": parameter.name,
            }


OF_DICTIONARY: dict[str, Callable[[Dictionary], Rows]] = {
    "SCHEMATA": _schemata,
    "TABLES": _tables,
    "COLUMNS": _columns,
    "TABLE_CONSTRAINTS": _table_constraints,
    "KEY_COLUMN_USAGE": _key_column_usage,
    "REFERENTIAL_CONSTRAINTS": _referential_constraints,
    "CONSTRAINT_COLUMN_USAGE": _constraint_column_usage,
    "CONSTRAINT_TABLE_USAGE": _constraint_table_usage,
    "INDEXES": _indexes,
    "VIEWS": _views,
    "VIEW_TABLE_USAGE": _view_table_usage,
    "ROUTINES": _routines,
    "PARAMETERS": _parameters,
}
