"""IRIS objects with ObjectScript's names: %SQL.Statement, its metadata and results, %Dictionary.CompiledProperty."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pgiris.types import oids
from pgiris.types.rows import Column
from tests.support.fake_iris.process import Process, SqlError

# PostgreSQL's type -> (clientType, ODBC type)
TYPES = {
    oids.BOOL: (16, -7),
    oids.INT2: (5, 5),
    oids.INT4: (5, 4),
    oids.INT8: (18, -5),
    oids.FLOAT8: (3, 8),
    oids.NUMERIC: (14, 2),
    oids.DATE: (2, 9),
    oids.TIME: (8, 10),
    oids.TIMESTAMP: (9, 11),
    oids.TIMESTAMPTZ: (9, 11),
    oids.BYTEA: (1, -3),
    oids.UUID: (10, -11),
}
VARCHAR = (10, 12)


class Object:
    """properties: by name; methods are Python methods, ``%`` written as ``_``."""

    def __init__(self, **properties: Any) -> None:
        self.properties = properties

    def read(self, name: str) -> Any:
        return self.properties[name]

    def write(self, name: str, value: Any) -> None:
        self.properties[name] = value

    def run(self, name: str, *arguments: Any) -> Any:
        return getattr(self, name.replace("%", "_"))(*arguments)


class Listed(Object):
    def __init__(self, items: Sequence[Any]) -> None:
        super().__init__()
        self._items = items

    def GetAt(self, number: int) -> Any:
        return self._items[number - 1]


class Parameters(Object):
    def __init__(self, process: Process, property_id: str) -> None:
        super().__init__()
        self._process, self._id = process, property_id

    def GetAt(self, name: str) -> Any:
        return self._process.property_parameter(self._id, name) or ""


class Statement(Object):
    """%SQL.Statement. values: how parameters reach SQL; shown: how results are told (both as NULL and empty strings go)."""

    def __init__(self, process: Process) -> None:
        super().__init__(**{"%SelectMode": 0})
        self._process = process
        self._sql = ""

    def _Prepare(self, sql: str) -> Any:
        self._sql = sql
        try:
            described = self._process.prepare(sql)
        except SqlError as error:
            return f"0 \x01\x04SQLCODE: {error.code} Message: {error.message}"
        columns = described.columns or ()
        self.properties["%Metadata"] = Object(
            columnCount=len(columns),
            parameterCount=described.parameter_count,
            columns=Listed([metadata_of(column) for column in columns]),
        )
        return 1

    def _Execute(self, *values: Any) -> Any:
        assert self.properties["%SelectMode"] == 1, "dates would be numbers"
        try:
            rows = self._process.execute(self._sql, [from_objectscript(value) for value in values])
            result = Result(rows)
            result.write("%ROWID", self._process.session.last_identity() or "")
            return result
        except SqlError as error:
            return Result(None, error)


class Result(Object):
    """%SQL.StatementResult"""

    def __init__(self, rows: Any, error: SqlError | None = None) -> None:
        count = max(rows.row_count, 0) if rows is not None else 0
        super().__init__(
            **{
                "%SQLCODE": error.code if error else 0,
                "%Message": error.message if error else "",
                "%ROWCOUNT": count,
                "%ROWID": "",
                "%ResultColumnCount": len(rows.columns or ()) if rows is not None else 0,
            }
        )
        self._rows = rows
        self._row: Sequence[Any] = ()

    def _Next(self) -> int:
        try:
            batch = self._rows.fetch(1)
        except Exception as error:
            from tests.support.fake_iris.process import sql_error

            failed = sql_error(error)  # type: ignore[arg-type]
            self.properties["%SQLCODE"], self.properties["%Message"] = failed.code, failed.message
            return 0
        if not batch:
            self.properties["%SQLCODE"] = 100
            return 0
        self.properties["%ROWCOUNT"] += 1
        self._row = batch[0]
        return 1

    def _GetData(self, number: int) -> Any:
        column = self._rows.columns[number - 1]
        return to_objectscript(self._row[number - 1], column)

    def _Close(self) -> int:
        if self._rows is not None:
            self._rows.close()
        return 1


def metadata_of(column: Column) -> Object:
    client_type, odbc_type = TYPES.get(column.oid, VARCHAR)
    numeric = column.oid == oids.NUMERIC and column.typmod >= 4
    return Object(
        colName=column.name,
        clientType=client_type,
        ODBCType=odbc_type,
        precision=(column.typmod - 4) >> 16 if numeric else 0,
        scale=(column.typmod - 4) & 0x7FF if numeric else 0,
        isExpression=int(not column.relation),
        typeClass=Object(Name="%Library.Vector" if column.oid == oids.VECTOR else "%Library.String"),
    )


def from_objectscript(value: Any) -> Any:
    """ "" is NULL, $CHAR(0) an empty string."""
    if value is None or value == "":
        return None
    if value == "\0":
        return ""
    assert isinstance(value, str | int | float | bytes), f"{type(value).__name__} would become an object"
    return value


def to_objectscript(value: Any, column: Column) -> Any:
    """As ODBC mode shows it: strings, but for whole numbers and doubles."""
    if value is None:
        return ""
    if value == "" and isinstance(value, str):
        return "\0"
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if column.oid == oids.NUMERIC:
        text = format(Decimal(str(value)), "f")
        return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text
    return value if isinstance(value, int | float | str) else str(value)


def class_method(process: Process, class_name: str, method: str, *arguments: Any) -> Any:
    """The class methods that pgiris calls."""
    match class_name, method:
        case "%SQL.Statement", "%New":
            return Statement(process)
        case "%SYSTEM.Status", "GetErrorText":
            return f"ERROR #5540: {arguments[0].partition(chr(4))[2]}"
        case "%Dictionary.CompiledProperty", "%OpenId":
            return Object(Parameters=Parameters(process, arguments[0]))
    raise RuntimeError(f"<CLASS DOES NOT EXIST> or <METHOD DOES NOT EXIST> {class_name}.{method}")
