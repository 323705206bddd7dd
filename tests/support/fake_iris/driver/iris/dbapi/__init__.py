"""iris.dbapi: what comes back has the driver's types, what goes wrong its texts."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from pgiris.types import oids
from pgiris.types.rows import Column
from tests.support.fake_iris.objects import TYPES, VARCHAR
from tests.support.fake_iris.process import LoginRefused, Process, SqlError, check_login, sql_error, switched_on

apilevel = "2.0"
threadsafety = 1
paramstyle = "qmark"


class SQLType(enum.IntEnum):
    BIGINT = -5
    BINARY = -2
    BIT = -7
    CHAR = 1
    DECIMAL = 3
    DOUBLE = 8
    FLOAT = 6
    GUID = -11
    INTEGER = 4
    LONGVARBINARY = -4
    LONGVARCHAR = -1
    NULL = 0
    NUMERIC = 2
    REAL = 7
    ROWID = -12
    SMALLINT = 5
    DATE = 9
    TIME = 10
    TIMESTAMP = 11
    TINYINT = -6
    TYPE_DATE = 91
    TYPE_TIME = 92
    TYPE_TIMESTAMP = 93
    VARBINARY = -3
    VARCHAR = 12
    WCHAR = -8
    WLONGVARCHAR = -10
    WVARCHAR = -9
    DATE_HOROLOG = 1091
    TIME_HOROLOG = 1092
    TIMESTAMP_POSIX = 1093


class Warning(Exception): ...


class Error(Exception): ...


class InterfaceError(Error): ...


class DatabaseError(Error): ...


class DataError(DatabaseError): ...


class OperationalError(DatabaseError): ...


class IntegrityError(DatabaseError): ...


class InternalError(DatabaseError): ...


class ProgrammingError(DatabaseError): ...


class NotSupportedError(DatabaseError): ...


_HOROLOG = {oids.DATE: 1091, oids.TIME: 1092, oids.TIMESTAMP: 1093, oids.TIMESTAMPTZ: 1093}


def connect(
    hostname: str,
    port: int,
    namespace: str,
    username: str,
    password: str,
    timeout: int = 10,
    sharedmemory: bool = True,
    logfile: str = "",
    sslconfig: str = "",
    autoCommit: bool | None = None,
    isolationLevel: int | None = None,
    featureOptions: str = "",
    accessToken: str = "",
) -> IRISConnection:
    if switched_on("down"):
        raise OperationalError("<COMMUNICATION LINK ERROR> Failed to connect to server; Details: connection refused")
    try:
        check_login(username, password)
        return IRISConnection(Process(namespace, username), autoCommit)
    except LoginRefused as error:
        raise OperationalError(f"<COMMUNICATION ERROR> Login failed; Details: {error}") from error


class IRISConnection:
    def __init__(self, process: Process, autocommit: bool | None) -> None:
        assert autocommit is True, "pgiris makes its transactions by SQL"
        self.process = process
        self.autocommit = autocommit
        self._closed = False

    def cursor(self) -> Cursor:
        return Cursor(self)

    def close(self) -> None:
        self._closed = True
        self.process.close()

    def isClosed(self) -> bool:
        return self._closed

    def commit(self) -> None:
        raise AssertionError("pgiris commits by SQL")

    def rollback(self) -> None:
        raise AssertionError("pgiris rolls back by SQL")

    def setAutoCommit(self, value: bool) -> None:
        raise AssertionError("autocommit stays on")


class DataRow:
    def __init__(self, values: Sequence[Any]) -> None:
        self._values = list(values)

    def __getitem__(self, key: Any) -> Any:
        return self._values[key]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class Cursor:
    def __init__(self, connection: IRISConnection) -> None:
        self._connection = connection
        self._rows: Any = None
        self._sql = ""
        self._closed = False

    def execute(self, operation: str, parameters: Any = None) -> int:
        if self._connection.isClosed() or switched_on("down"):
            raise OperationalError("<COMMUNICATION LINK ERROR> Failed to receive message; Details: connection reset")
        if "EXOTIC" in operation:
            raise ProgrammingError("<PARSING ERROR> unexpected token")
        return self.direct_execute(operation, parameters)

    def direct_execute(self, operation: str, parameters: Any = None) -> int:
        self._sql = operation.replace("EXOTIC", "")
        try:
            self._rows = self._connection.process.execute(self._sql, [_into(value) for value in parameters or ()])
        except SqlError as error:
            raise _exception(error) from error
        return self.rowcount

    def executemany(self, operation: str, seq_of_parameters: Sequence[Sequence[Any]]) -> tuple[Any, ...]:
        told: list[Any] = []
        for parameters in seq_of_parameters:
            try:
                self.execute(operation, parameters)
                told.append(1)
            except DatabaseError as error:
                if isinstance(error, OperationalError):
                    raise
                told.append(str(error))
        return tuple(told)

    def fetchmany(self, size: int = 1) -> tuple[DataRow, ...]:
        try:
            rows = self._rows.fetch(size)
        except Exception as error:
            raise _exception(sql_error(error)) from error  # type: ignore[arg-type]
        columns = self._rows.columns
        return tuple(DataRow([_out(v, c) for v, c in zip(row, columns, strict=True)]) for row in rows)

    @property
    def description(self) -> tuple[tuple[Any, ...], ...] | None:
        columns = self._rows.columns
        return tuple(map(_described, columns)) if columns else None

    @property
    def rowcount(self) -> int:
        if self._sql.lstrip()[:6].upper() == "DELETE" and switched_on("no_delete_counts"):
            return -1
        return int(self._rows.row_count)

    def close(self) -> None:
        self._closed = True
        if self._rows is not None:
            self._rows.close()

    def isClosed(self) -> bool:
        return self._closed


def _described(column: Column) -> tuple[Any, ...]:
    _, code = TYPES.get(column.oid, VARCHAR)
    numeric = column.oid == oids.NUMERIC and column.typmod >= 4
    precision, scale = ((column.typmod - 4) >> 16, (column.typmod - 4) & 0x7FF) if numeric else (0, 0)
    return column.name, _HOROLOG.get(column.oid, code), None, None, precision, scale, 1


def _into(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list | tuple):
        raise ProgrammingError("<ARGUMENT ERROR> Unsupported argument type")
    assert value is None or type(value) in (str, int, float, bytes), type(value)
    return value


def _out(value: Any, column: Column) -> Any:
    if value is None:
        return None
    match column.oid:
        case oids.BOOL:
            return bool(value)
        case oids.NUMERIC:
            return Decimal(str(value))
        case oids.DATE:
            return date.fromisoformat(value)
        case oids.TIME:
            return time.fromisoformat(value)
        case oids.TIMESTAMP | oids.TIMESTAMPTZ:
            return datetime.fromisoformat(value)
    return value


_INTEGRITY = frozenset((-108, -119, -120, -121, -122, -123, -124))


def _exception(error: SqlError) -> Error:
    text = f"<SQL ERROR>; Details: [SQLCODE: <{error.code}>:<Error>]\r\n[Location: <ServerLoop>]\r\n[%msg: < {error.message}>]"
    if error.code in _INTEGRITY:
        return IntegrityError(text)
    return ProgrammingError(text) if error.code > -100 else DatabaseError(text)
