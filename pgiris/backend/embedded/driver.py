"""EmbeddedDriver: %SQL.Statement in this very process. iris-reference 1.4, 2

NULL is an empty string here and an empty string is $CHAR(0), bytes are characters below 256, and everything but numbers
is a string. Calls hold Python's interpreter lock as far as is known, so a statement that runs in IRIS can be stopped from outside
only: a process of its own asks IRIS to.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from pgiris import sqlstate
from pgiris.backend.base import Described, RowFailed
from pgiris.backend.embedded.objects import EmbeddedClasses
from pgiris.backend.live import dynamic
from pgiris.backend.live.binding import Bound
from pgiris.backend.live.driver import Cursor
from pgiris.backend.live.dynamic import Proxy
from pgiris.backend.sqlcode import from_message
from pgiris.errors import PgError
from pgiris.observe.log import get_logger
from pgiris.types.rows import Column

log = get_logger("embedded")

EMPTY = "\0"  # an SQL empty string
PARAMETERS = 255  # that %Execute takes one by one; iris-reference 2.1
STREAM_BYTES = 32_000
CANCEL_S = 10.0


def ask_to_cancel(job: int) -> None:
    """Start a process that has IRIS stop what another one runs. Raises OSError, SubprocessError."""
    command = [sys.executable, "-m", "pgiris.backend.embedded.cancel", str(job)]
    subprocess.run(command, stdin=subprocess.DEVNULL, timeout=CANCEL_S, check=True)


class EmbeddedDriver:
    """ask: how a job is cancelled, from another thread and so without IRIS."""

    def __init__(self, module: Any, ask: Callable[[int], object] = ask_to_cancel) -> None:
        self._ask = ask
        self._classes = EmbeddedClasses(module)
        self._last_identity: int | None = None
        self._job = 0

    def describe(self, sql: str) -> Described:
        return dynamic.describe(self._classes, sql)

    def execute(self, sql: str, values: Sequence[Bound]) -> Cursor:
        if len(values) > PARAMETERS:
            raise PgError(sqlstate.TOO_MANY_ARGUMENTS, f"IRIS takes at most {PARAMETERS} parameters in one statement")
        try:
            statement = dynamic.prepared(self._classes, sql)
            result = statement.called("%Execute", *map(argument, values))
            _check(result)
            return self._cursor(sql, statement, result)
        except PgError:
            raise
        except Exception as error:
            raise of_exception(error) from error

    def _cursor(self, sql: str, statement: Proxy, result: Proxy) -> Cursor:
        count = int(result.get("%ResultColumnCount") or 0)
        if count:
            metadata = statement.object("%Metadata").object("columns")
            columns = tuple(dynamic.column_of(metadata.called("GetAt", number)) for number in range(1, count + 1))
            return EmbeddedCursor(result, columns)
        if sql.lstrip()[:6].upper() == "INSERT":
            identity = result.get("%ROWID")
            if str(identity).lstrip("-").isdigit():
                self._last_identity = int(identity)
        return Finished(int(result.get("%ROWCOUNT") or 0))

    def execute_many(self, sql: str, rows: Sequence[Sequence[Bound]]) -> None:
        """Prepared once. Raises RowFailed."""
        statement = dynamic.prepared(self._classes, sql)
        for number, row in enumerate(rows):
            try:
                _check(statement.called("%Execute", *map(argument, row)))
            except PgError as error:
                raise RowFailed(number, error) from error
            except Exception as error:
                raise RowFailed(number, of_exception(error)) from error

    def last_identity(self) -> int | None:
        """LAST_IDENTITY() does not follow Dynamic SQL; the result of each INSERT tells its row (iris-reference 2.4)."""
        return self._last_identity

    def property_parameter(self, property_id: str, name: str) -> str | None:
        try:
            opened = self._classes.new("%Dictionary.CompiledProperty", "%OpenId", property_id)
            value = opened.object("Parameters").call("GetAt", name)
        except Exception as error:
            log.debug("no look into the dictionary", reason=str(error))
            return None
        return None if value in (None, "") else str(value)

    # Out of band and end

    def identify(self, job: int) -> None:
        self._job = job

    def cancel(self) -> None:
        try:
            self._ask(self._job)
        except (OSError, subprocess.SubprocessError) as error:
            log.warning("the statement could not be cancelled", reason=str(error))

    def close(self) -> None:
        """The process ends with its session."""


class EmbeddedCursor:
    def __init__(self, result: Proxy, columns: tuple[Column, ...]) -> None:
        self._result = result
        self.columns: tuple[Column, ...] | None = columns
        self.row_count = -1
        self._places = range(1, len(columns) + 1)

    def fetch(self, limit: int) -> Sequence[Sequence[Any]]:
        result = self._result
        rows: list[Sequence[Any]] = []
        try:
            while len(rows) < limit and result.call("%Next"):
                rows.append([told(result.call("%GetData", place)) for place in self._places])
        except PgError:
            raise
        except Exception as error:
            raise of_exception(error) from error
        if len(rows) < limit:
            _check(result)
        return rows

    def close(self) -> None:
        self._result.call("%Close")


class Finished:
    columns: tuple[Column, ...] | None = None

    def __init__(self, row_count: int) -> None:
        self.row_count = row_count

    def fetch(self, limit: int) -> Sequence[Sequence[Any]]:
        return ()

    def close(self) -> None:
        pass


def argument(value: Bound) -> Any:
    """Python's None, Decimal and bytes would arrive as objects."""
    if value is None:
        return ""
    if value == "":
        return EMPTY
    if isinstance(value, bytes):
        return value.decode("latin-1") or EMPTY
    return format(value, "f") if isinstance(value, Decimal) else value


def told(value: Any) -> Any:
    if value is None or value == "":
        return None
    if value == EMPTY:
        return ""
    if isinstance(value, str | int | float):
        return value
    return _stream(value)


def _stream(stream: Any) -> Any:
    """The content of a stream object. An empty one is an empty string."""
    stream.Rewind()
    parts = []
    while part := stream.Read(STREAM_BYTES):
        parts.append(part)
    return "".join(parts)


def _check(result: Proxy) -> None:
    code = int(result.get("%SQLCODE") or 0)
    if code < 0:
        raise from_message(code, str(result.get("%Message") or ""))


def of_exception(error: Exception) -> PgError:
    """irisbuiltins.SQLError carries sqlcode and message; anything else is an error of ObjectScript or of ours."""
    code = getattr(error, "sqlcode", None)
    if isinstance(code, int) and code < 0:
        return from_message(code, str(getattr(error, "message", error)))
    return from_message(-400, f"Fatal error occurred: {error}")
