"""An IRIS process: a sandbox session, and what statements mean that the sandbox does not know."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from pgiris.backend.base import Described, ListValue, Rows
from pgiris.backend.placeholders import placeholders
from pgiris.backend.sandbox import SandboxBackend
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.rows import Column
from tests.support.fake_iris import VARIABLE
from tests.support.fake_iris.lists import parse

_DETAIL = re.compile(r"SQLCODE (-?\d+): (.*)", re.DOTALL)
_LIST_PARAMETER = re.compile(r"%INLIST\s*$", re.IGNORECASE)
_PROPERTIES = re.compile(r"SELECT SqlFieldName, Type, ID FROM %Dictionary.CompiledProperty WHERE parent = \?")
_CLASSES = re.compile(r"SELECT Name, TimeChanged FROM %Dictionary.ClassDefinition .*")
_CANCEL = re.compile(r"CANCEL QUERY (\d+)")
# What the sandbox has nothing of: rows that tests put into a file of that name. Without it nobody may ask for privileges.
_TOLD = {
    "triggers": re.compile(r"SELECT .* FROM INFORMATION_SCHEMA.TRIGGERS .*"),
    "routines": re.compile(r"SELECT .* FROM INFORMATION_SCHEMA.ROUTINES .*"),
    "parameters": re.compile(r"SELECT .* FROM INFORMATION_SCHEMA.PARAMETERS .*"),
    "privileges": re.compile(r"SELECT .* FROM %Library.SQLCatalogPriv_SQLUserPrivs\(\?\)"),
}
_OWN = ((_PROPERTIES, ("SqlFieldName", "Type", "ID")), (_CLASSES, ("Name", "TimeChanged")), (_CANCEL, ()))


class SqlError(Exception):
    """What IRIS says of a statement."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class LoginRefused(Exception):
    """text: as IRIS words it."""


def _columns_of(sql: str) -> tuple[Column, ...]:
    return tuple(Column(name, oids.TEXT) for name in sql.removeprefix("SELECT ").partition(" FROM ")[0].split(", "))


def _told(name: str) -> list[tuple[Any, ...]]:
    file = directory() / f"{name}.json"
    if not file.exists() and name == "privileges":
        raise SqlError(-99, "Privilege Violation")
    return [tuple(row) for row in json.loads(file.read_text())] if file.exists() else []


def directory() -> Path:
    return Path(os.environ[VARIABLE])


def switched_on(name: str) -> bool:
    return (directory() / name).exists()


def check_login(user: str, password: str) -> None:
    file = directory() / "users.json"
    users = json.loads(file.read_text()) if file.exists() else {"_SYSTEM": {"password": "SYS"}}
    found = next((entry for name, entry in users.items() if name.upper() == user.upper()), None)
    if found is None or found["password"] != password:
        raise LoginRefused("Access Denied")
    if found.get("state"):
        raise LoginRefused(found["state"])


@dataclass
class Given:
    """Rows that are made up here."""

    columns: tuple[Column, ...] | None
    rows: list[tuple[Any, ...]]
    row_count: int = -1

    def fetch(self, limit: int) -> Sequence[Any]:
        batch, self.rows = self.rows[:limit], self.rows[limit:]
        return batch

    def close(self) -> None:
        self.rows = []


class Process:
    """namespace, user: of the login. Raises LoginRefused."""

    living: ClassVar[list[Process]] = []
    guard: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, namespace: str, user: str) -> None:
        try:
            self.session = SandboxBackend(directory() / "sandbox").connect(namespace, user, None)
        except PgError as error:
            raise LoginRefused(f"Namespace '{namespace}' does not exist") from error
        with self.guard:
            self.living.append(self)

    def close(self) -> None:
        with self.guard:
            if self in self.living:
                self.living.remove(self)
                self.session.close()

    def prepare(self, sql: str) -> Described:
        columns = next((columns for pattern, columns in _OWN if pattern.fullmatch(sql)), None)
        if any(pattern.fullmatch(sql) for pattern in _TOLD.values()):
            columns = tuple(column.name for column in _columns_of(sql))
        if columns is not None:
            return Described(tuple(Column(name, oids.TEXT) for name in columns) or None, placeholders(sql))
        try:
            return self.session.prepare(sql)
        except PgError as error:
            raise sql_error(error) from error

    def execute(self, sql: str, values: Sequence[Any]) -> Rows:
        own = self._own(sql, values)
        if own is not None:
            return own
        try:
            return self.session.execute(sql, _with_lists(sql, values))
        except PgError as error:
            raise sql_error(error) from error

    def _own(self, sql: str, values: Sequence[Any]) -> Rows | None:
        cancel = _CANCEL.fullmatch(sql)
        if cancel is not None:
            for process in tuple(self.living):
                if process is not self:
                    process.session.interrupt()
            return Given(None, [])
        told = next((name for name, pattern in _TOLD.items() if pattern.fullmatch(sql)), None)
        if told is not None:
            return Given(_columns_of(sql), _told(told))
        if _CLASSES.fullmatch(sql):
            version = self.session.schema_version()
            rows = [(name, version) for (name,) in self.session.execute(_CLASS_NAMES, ()).fetch(10_000)]
            return Given(self.prepare(sql).columns, rows)
        if _PROPERTIES.fullmatch(sql):
            return Given(self.prepare(sql).columns, list(self._properties(values[0])))
        return None

    def _properties(self, class_name: str) -> Any:
        names = {row[0]: (row[1], row[2]) for row in self.session.execute(_TABLES_OF_CLASSES, ()).fetch(10_000)}
        relation = self.session.introspect().find(*names[class_name])
        assert relation is not None
        for column in relation.columns:
            yield column.name, class_of(column.iris_type), f"{class_name}||{column.name}"

    def property_parameter(self, property_id: str, name: str) -> str | None:
        class_name, _, column_name = property_id.partition("||")
        names = {row[0]: (row[1], row[2]) for row in self.session.execute(_TABLES_OF_CLASSES, ()).fetch(10_000)}
        relation = self.session.introspect().find(*names[class_name])
        assert relation is not None
        column = next(c for c in relation.columns if c.name == column_name)
        if name == "COLLATION":
            return column.collation or None
        element, _, length = column.iris_type.partition("(")[2].rstrip(")").partition(",")
        return {"DATATYPE": element, "LEN": length}[name] or None


_CLASS_NAMES = "SELECT CLASSNAME FROM INFORMATION_SCHEMA.TABLES"
_TABLES_OF_CLASSES = "SELECT CLASSNAME, TABLE_SCHEMA, TABLE_NAME FROM INFORMATION_SCHEMA.TABLES"


def class_of(iris_type: str) -> str:
    word = iris_type.partition("(")[0]
    return {
        "VECTOR": "%Library.Vector",
        "UNIQUEIDENTIFIER": "%Library.UniqueIdentifier",
        "VARCHAR": "%Library.String",
        "SERIAL": "%Library.Counter",
        "ROWVERSION": "%Library.RowVersion",
    }.get(word, f"%Library.{word.title()}")


def sql_error(error: PgError) -> SqlError:
    match = _DETAIL.fullmatch(error.detail or "")
    if match is None:
        return SqlError(-400, f"Fatal error occurred: {error.message}")
    return SqlError(int(match[1]), match[2])


def _with_lists(sql: str, values: Sequence[Any]) -> list[Any]:
    """Parameters behind %INLIST are $LISTs."""
    parts = sql.split("?")
    bound = list(values)
    if placeholders(sql) == len(parts) - 1:
        for number, before in enumerate(parts[:-1]):
            given = bound[number]
            if _LIST_PARAMETER.search(before) and isinstance(given, bytes | str):
                bound[number] = ListValue(tuple(parse(given.encode("latin-1") if isinstance(given, str) else given)))
    return bound
