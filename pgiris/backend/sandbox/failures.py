"""SQLite's errors as IRIS's: SQLCODE, message, and the names of what was violated."""

from __future__ import annotations

import re

import apsw

from pgiris import sqlstate
from pgiris.backend.sandbox.dictionary import ConstraintDef, Dictionary, TableDef
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import PgError, not_supported

_COLUMNS = re.compile(r"t(\d+)\.(\w+)")
_INDEX = re.compile(r"index '(x\d+_.*)'")
_REFERENCE = re.compile(r"iris (-\d+) (\d+) (.*)", re.DOTALL)


def from_sqlite(error: apsw.Error, table: TableDef | None, dictionary: Dictionary, updating: bool) -> PgError:
    if isinstance(error, apsw.ConstraintError):
        return from_constraint(error, table, dictionary, updating)
    if isinstance(error, apsw.InterruptError):
        return pg_error(-456, "SQL query execution interrupted by user")
    if isinstance(error, (apsw.BusyError, apsw.LockedError)):
        waited = pg_error(-110, "Locking conflict in filing")
        waited.hint = "The sandbox lets one transaction write at a time; IRIS would lock rows."
        return waited
    if isinstance(error, apsw.FullError):
        return PgError(sqlstate.DISK_FULL, "could not write to the sandbox's file: disk full")
    if isinstance(error, apsw.TooBigError):
        return pg_error(-400, "Fatal error occurred: <MAXSTRING>")
    if isinstance(error, (apsw.IOError, apsw.CantOpenError, apsw.ReadOnlyError, apsw.NotADBError)):
        return PgError(sqlstate.IO_ERROR, f"could not use the sandbox's file: {error}")
    if isinstance(error, apsw.CorruptError):
        return PgError(sqlstate.DATA_CORRUPTED, f"the sandbox's file is damaged: {error}")
    state = next((state for words, state in _LIMITS if words in str(error)), None)
    return pg_error(-400, f"Fatal error occurred: {error}", state=state)


def locked_by_another(table: TableDef) -> PgError:
    """Of LOCK TABLE, and of changes of a table that it has locked. iris-reference 4.23"""
    text = f'could not obtain lock on relation "{table.name}"'
    return pg_error(-110, f"Locking conflict in filing: '{table.schema}.{table.name}' is locked", table=table.name, text=text)


# SQLite's limits, by the words of its messages.
_LIMITS = (
    ("too many columns", sqlstate.TOO_MANY_COLUMNS),
    ("too many SQL variables", sqlstate.PROGRAM_LIMIT_EXCEEDED),
    ("Expression tree is too large", sqlstate.STATEMENT_TOO_COMPLEX),
    ("parser stack overflow", sqlstate.STATEMENT_TOO_COMPLEX),
    ("too many terms in compound SELECT", sqlstate.STATEMENT_TOO_COMPLEX),
    ("too many references", sqlstate.STATEMENT_TOO_COMPLEX),
    ("misuse of window function", sqlstate.WINDOWING_ERROR),
    ("misuse of aggregate", sqlstate.GROUPING_ERROR),
)


def from_constraint(
    error: apsw.ConstraintError,
    table: TableDef | None,
    dictionary: Dictionary | None,
    updating: bool = False,
    existing: bool = False,
) -> PgError:
    """existing: rows that were there before broke a new rule."""
    message = str(error)
    reference = _REFERENCE.search(message)
    if reference is not None and dictionary is not None:
        return _reference_failure(int(reference[1]), dictionary.tables.get(int(reference[2])), reference[3], table)
    column = _COLUMNS.search(message)
    if column is not None and dictionary is not None:
        table = dictionary.tables.get(int(column[1]), table)
    if table is None:
        return pg_error(-400, f"Fatal error occurred: {message}")
    if "NOT NULL" in message and column is not None:
        return _required(table, column[2], existing)
    return _not_unique(table, message, updating, existing)


def _required(table: TableDef, storage: str, existing: bool) -> PgError:
    name = next((c.name for c in table.columns if c.storage == storage), storage)
    message = f"'{name}' in table '{table.schema}.{table.name}' is a required field"
    return pg_error(-305 if existing else -108, message, schema=table.schema, table=table.name, column=name)


def _not_unique(table: TableDef, message: str, updating: bool, existing: bool) -> PgError:
    name, fields = _violated(table, message)
    told = f"Table '{table.schema}.{table.name}', Constraint '{name}', Field(s) {fields}; failed unique check"
    code = -125 if existing else -120 if updating else -119
    return pg_error(code, told, schema=table.schema, table=table.name, constraint=name)


def _violated(table: TableDef, message: str) -> tuple[str, str]:
    """(constraint or index, its fields)"""
    index = _INDEX.search(message)
    keys = [(c.name, c.columns) for c in table.constraints if c.kind != "FOREIGN KEY"]
    keys += [(i.name, i.columns) for i in table.indexes if i.unique]
    if index is not None:
        wanted = index[1].partition("_")[2]
        for name, columns in keys:
            if name.upper() == wanted:
                return name, ", ".join(table.names(columns))
    storages = [storage for _, storage in _COLUMNS.findall(message)]
    for name, columns in keys:
        if [table.by_number[number].storage for number in columns] == storages:
            return name, ", ".join(table.names(columns))
    return f"{table.name}_IDKEY", table.rowid_name


def _reference_failure(code: int, child: TableDef | None, name: str, target: TableDef | None) -> PgError:
    assert child is not None
    constraint: ConstraintDef | None = child.constraint(name)
    shown = constraint.name if constraint is not None else name
    message = f"Table '{child.schema}.{child.name}', Foreign Key Constraint '{shown}' failed referential check"
    return pg_error(
        code,
        message,
        schema=child.schema,
        table=child.name,
        constraint=shown,
        referenced=target.name if target is not None else "",
    )


def refuse_system(name: str) -> None:
    """Raises 0A000 for names in the packages that IRIS itself comes with (``%Dictionary``, ``%SYS`` ...)."""
    if name.startswith("%"):
        raise not_supported(f"the sandbox has no system classes: {name}")
