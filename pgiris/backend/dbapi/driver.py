"""DbapiDriver: one connection of iris.dbapi, one IRIS process. iris-reference 3

Autocommit stays on, so the driver sends nothing around statements. The driver allows one thread per connection; cancel(), which
another thread calls, uses a connection of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from pgiris import sqlstate
from pgiris.backend.base import Described, RowFailed, SessionLost
from pgiris.backend.dbapi import failures
from pgiris.backend.dbapi.native import NativeClasses, NativeProxy, Refused
from pgiris.backend.live import dynamic
from pgiris.backend.live.binding import Bound
from pgiris.backend.live.columns import column
from pgiris.backend.live.driver import Cursor
from pgiris.backend.placeholders import placeholders
from pgiris.backend.sqlcode import from_message
from pgiris.errors import PgError
from pgiris.observe.log import get_logger
from pgiris.types.rows import Column

log = get_logger("dbapi")

Connect = Callable[[], Any]
_DELETE = re.compile(r'\s*DELETE\s+(?:%\w+\s+)*(?:FROM\s+)?((?:"[^"]+"|[\w%]+)(?:\.(?:"[^"]+"|[\w%]+))?)', re.IGNORECASE)
_READS = re.compile(r"\s*(?:SELECT|WITH|\()", re.IGNORECASE)
_NATIVE_PARAMETERS = 255  # that %Execute takes; iris-reference 2.1
MESSAGE_ROWS = 500  # that go to the server at once; iris-reference 11
_SUCCESS_NO_COUNT = -2  # as JDBC and ODBC have it: done, without telling how many rows
_EMPTY = "\0"  # how ObjectScript writes an empty string that is not NULL; iris-reference 2.3


class DbapiDriver:
    """connect: opens a further connection like this one, for cancel()."""

    def __init__(self, module: Any, connection: Any, connect: Connect) -> None:
        self._module = module
        self._connection = connection
        self._connect = connect
        self._classes = NativeClasses(module.createIRIS(connection))
        self._job: int | None = None
        self._counts_deletes: bool | None = None
        self._native_metadata = True

    # Statements

    def execute(self, sql: str, values: Sequence[Bound]) -> Cursor:
        deleted = _DELETE.match(sql)
        if deleted is not None and not self._driver_counts(deleted[1]):
            return self._native(sql, values)
        return self._run(sql, values)

    def _run(self, sql: str, values: Sequence[Bound]) -> DbapiCursor:
        cursor = self._connection.cursor()
        try:
            self._execute(cursor, sql, list(values))
            return DbapiCursor(cursor)
        except BaseException as error:
            _close(cursor)
            if isinstance(error, Exception):
                raise failures.of_statement(error) from error
            raise

    def _execute(self, cursor: Any, sql: str, values: list[Bound]) -> None:
        """The driver parses statements itself, and stumbles over new syntax: those go to the server as they are."""
        arguments = (sql, values) if values else (sql,)
        try:
            cursor.execute(*arguments)
        except (self._module.dbapi.ProgrammingError, self._module.dbapi.NotSupportedError) as error:
            if failures.has_sqlcode(error) or isinstance(failures.of_statement(error), SessionLost):
                raise
            log.debug("statement goes around the driver's parser", reason=str(error))
            cursor.direct_execute(*arguments)

    def _driver_counts(self, table: str) -> bool:
        """Whether rowcount is told for DELETE, which the manual leaves open: asked once, by a DELETE of nothing."""
        if self._counts_deletes is None:
            probe = self._run(f"DELETE FROM {table} WHERE 1 = 0", ())
            self._counts_deletes = probe.row_count >= 0
            probe.close()
        return self._counts_deletes

    def _native(self, sql: str, values: Sequence[Bound]) -> Cursor:
        """By %SQL.Statement on the same process, whose %ROWCOUNT is always told."""
        if len(values) > _NATIVE_PARAMETERS:
            raise PgError(
                sqlstate.PROGRAM_LIMIT_EXCEEDED,
                f"a DELETE with more than {_NATIVE_PARAMETERS} parameters cannot be counted on this IRIS",
            )
        try:
            statement = dynamic.prepared(self._classes, sql)
            result = statement.called("%Execute", *map(_native_value, values))
            code = int(result.get("%SQLCODE") or 0)
            if code < 0:
                raise from_message(code, str(result.get("%Message") or ""))
            return Counted(int(result.get("%ROWCOUNT") or 0))
        except Refused as error:
            raise PgError(
                sqlstate.INSUFFICIENT_PRIVILEGE,
                "DELETE needs %SQL.Statement on this IRIS, which this user may not use",
                detail=str(error),
            ) from error

    def execute_many(self, sql: str, rows: Sequence[Sequence[Bound]]) -> None:
        """One message for many rows. The driver answers with a number for each row, or with a text for one that failed."""
        cursor = self._connection.cursor()
        try:
            for start in range(0, len(rows), MESSAGE_ROWS):
                batch = [tuple(row) for row in rows[start : start + MESSAGE_ROWS]]
                _check_told(cursor.executemany(sql, batch), len(batch), start)
        except (PgError, RowFailed):
            raise
        except Exception as error:
            raise failures.of_statement(error) from error
        finally:
            _close(cursor)

    def describe(self, sql: str) -> Described:
        if self._native_metadata:
            try:
                return dynamic.describe(self._classes, sql)
            except Refused as error:
                self._native_metadata = False
                log.warning("%SQL.Statement cannot be used; columns are described by opening statements", reason=str(error))
        return self._describe_by_opening(sql)

    def _describe_by_opening(self, sql: str) -> Described:
        """A query's columns are told before any row is fetched; with NULL for all parameters it finds few rows if any."""
        parameters = placeholders(sql)
        if not _READS.match(sql):
            return Described(None, parameters)
        cursor = self._run(sql, (None,) * parameters)
        cursor.close()
        return Described(cursor.columns, parameters)

    def last_identity(self) -> int | None:
        cursor = self._run("SELECT LAST_IDENTITY()", ())
        rows = cursor.fetch(1)
        cursor.close()
        value = rows[0][0] if rows else None
        return None if value in (None, "") else int(value)

    def property_parameter(self, property_id: str, name: str) -> str | None:
        try:
            opened = self._classes.new("%Dictionary.CompiledProperty", "%OpenId", property_id)
            if isinstance(opened, NativeProxy) and opened.target is None:
                return None
            value = opened.object("Parameters").call("GetAt", name)
        except Refused:
            return None
        return None if value in (None, "") else str(value)

    # Out of band and end

    def identify(self, job: int) -> None:
        """The process that cancel() means."""
        self._job = job

    def cancel(self) -> None:
        """-400 says that nothing runs any more."""
        try:
            connection = self._connect()
        except PgError as error:
            log.warning("no connection to cancel a statement with", reason=error.message)
            return
        try:
            cursor = connection.cursor()
            cursor.execute(f"CANCEL QUERY {self._job}")
            cursor.close()
        except Exception as error:
            log.info("CANCEL QUERY did nothing", reason=str(error))
        finally:
            connection.close()

    def close(self) -> None:
        _close(self._connection)


class DbapiCursor:
    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        description = cursor.description
        self.columns: tuple[Column, ...] | None = tuple(map(_column, description)) if description else None
        self.row_count = int(cursor.rowcount) if self.columns is None else -1

    def fetch(self, limit: int) -> Sequence[Sequence[Any]]:
        try:
            return [row[:] for row in self._cursor.fetchmany(limit)]
        except Exception as error:
            raise failures.of_statement(error) from error

    def close(self) -> None:
        _close(self._cursor)


class Counted:
    columns: tuple[Column, ...] | None = None

    def __init__(self, row_count: int) -> None:
        self.row_count = row_count

    def fetch(self, limit: int) -> Sequence[Sequence[Any]]:
        return ()

    def close(self) -> None:
        pass


def _check_told(told: Sequence[Any], count: int, start: int) -> None:
    """Raises RowFailed for the first row that failed."""
    for number, entry in enumerate(told, start):
        if isinstance(entry, str):
            raise RowFailed(number, failures.of_statement(RuntimeError(entry)))
        if isinstance(entry, int) and entry < 0 and entry != _SUCCESS_NO_COUNT:
            raise RowFailed(number, PgError(sqlstate.INTERNAL_ERROR, f"IRIS did not take the row: status {entry}"))
    if len(told) != count:
        raise PgError(sqlstate.INTERNAL_ERROR, f"the IRIS driver told of {len(told)} rows out of {count}")


def _close(closing: Any) -> None:
    """What is closed already, or whose connection broke, is as good as closed."""
    try:
        closing.close()
    except Exception as error:
        log.debug("close failed", reason=str(error))


def _column(item: Sequence[Any]) -> Column:
    name, code, _, _, precision, scale, _ = item
    return column(str(name), None, int(code), precision, scale, False)


def _native_value(value: Bound) -> Any:
    if value == "":
        return _EMPTY
    return str(value) if isinstance(value, Decimal) else value
