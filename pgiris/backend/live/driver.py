"""Driver: what the DB-API driver and Embedded Python have in common, as a session needs it.

Values in are those of binding.py, rows out are the driver's own (showing.py). Everything raises PgError, or SessionLost.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from pgiris.backend.base import Described
from pgiris.backend.live.binding import Bound
from pgiris.types.rows import Column


class Cursor(Protocol):
    """The outcome of one statement."""

    columns: tuple[Column, ...] | None
    row_count: int

    def fetch(self, limit: int) -> Sequence[Sequence[Any]]:
        """Up to limit further rows; fewer mean that there are no more."""
        ...

    def close(self) -> None: ...


class Driver(Protocol):
    """One IRIS process, in autocommit mode: transactions are made by SQL statements."""

    def describe(self, sql: str) -> Described:
        """Prepare, without running it."""
        ...

    def execute(self, sql: str, values: Sequence[Bound]) -> Cursor: ...

    def execute_many(self, sql: str, rows: Sequence[Sequence[Bound]]) -> None:
        """Run an INSERT for each row. Raises RowFailed, or a PgError when the row that failed is not known."""
        ...

    def last_identity(self) -> int | None:
        """The %ID of the row that the last INSERT of this process made."""
        ...

    def property_parameter(self, property_id: str, name: str) -> str | None:
        """A parameter of a property of a compiled class (%Dictionary.CompiledProperty); None when it cannot be seen."""
        ...

    def cancel(self) -> None:
        """Have the running statement stop. Called from another thread."""
        ...

    def close(self) -> None: ...
