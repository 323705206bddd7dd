"""Dynamic SQL: %SQL.Statement and its metadata, whichever way its objects are reached.

In: a Proxy, over the network (dbapi) or in the process (embedded). Out: Described, PgError. iris-reference 2.1, 2.2
"""

from __future__ import annotations

import re
from typing import Any, Protocol

from pgiris import sqlstate
from pgiris.backend.base import Described
from pgiris.backend.live.columns import column
from pgiris.backend.sqlcode import from_message
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.rows import Column

ODBC_MODE = 1
_VARCHAR = 10
_VECTOR_CLASS = "%Library.Vector"
# How $SYSTEM.Status.GetErrorText words a statement that cannot be prepared.
_STATUS = re.compile(r"SQLCODE:\s*(-?\d+)\s+Message:\s*(.*)", re.DOTALL)


class Proxy(Protocol):
    """An object of IRIS. Names are ObjectScript's: ``%Prepare``."""

    def get(self, name: str) -> Any: ...

    def set(self, name: str, value: Any) -> None: ...

    def call(self, name: str, *arguments: Any) -> Any: ...

    def object(self, name: str) -> Proxy:
        """A property that is an object."""
        ...

    def called(self, name: str, *arguments: Any) -> Proxy:
        """An object that a method returns."""
        ...


class Classes(Protocol):
    """Class methods of IRIS."""

    def value(self, class_name: str, method: str, *arguments: Any) -> Any: ...

    def new(self, class_name: str, method: str = "%New", *arguments: Any) -> Proxy: ...


def prepared(classes: Classes, sql: str) -> Proxy:
    """A %SQL.Statement that is prepared in ODBC mode. Raises the PgError of its SQLCODE."""
    statement = classes.new("%SQL.Statement")
    statement.set("%SelectMode", ODBC_MODE)
    status = statement.call("%Prepare", sql)
    if not is_ok(status):
        raise from_status(classes, status)
    return statement


def is_ok(status: Any) -> bool:
    return status in (1, "1", True)


def from_status(classes: Classes, status: Any) -> PgError:
    text = str(classes.value("%SYSTEM.Status", "GetErrorText", status))
    match = _STATUS.search(text)
    if match is None:
        return PgError(sqlstate.SYNTAX_ERROR, text)
    return from_message(int(match[1]), match[2].strip())


def describe(classes: Classes, sql: str) -> Described:
    metadata = prepared(classes, sql).object("%Metadata")
    count = int(metadata.get("columnCount") or 0)
    parameters = int(metadata.get("parameterCount") or 0)
    if not count:
        return Described(None, parameters)
    columns = metadata.object("columns")
    return Described(tuple(column_of(columns.called("GetAt", number)) for number in range(1, count + 1)), parameters)


def column_of(found: Proxy) -> Column:
    client_type = int(found.get("clientType") or _VARCHAR)
    shown = column(
        str(found.get("colName") or ""),
        client_type,
        int(found.get("ODBCType") or 0),
        _number(found.get("precision")),
        _number(found.get("scale")),
        bool(_number(found.get("isExpression"))),
    )
    if client_type == _VARCHAR and shown.oid == oids.TEXT and _is_vector(found):
        return Column(shown.name, oids.VECTOR)
    return shown


def _number(value: Any) -> int | None:
    return None if value in (None, "") else int(value)


def _is_vector(found: Proxy) -> bool:
    """A column of a table is told by its class; what an expression gives cannot be told from a string."""
    if _number(found.get("isExpression")):
        return False
    return str(found.object("typeClass").get("Name")) == _VECTOR_CLASS
