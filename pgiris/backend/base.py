"""What a backend is: a factory of sessions, each a blocking connection that lives in one worker process.

Values are those of types/codec.py. Sessions raise PgError, made from SQLCODEs by sqlcode.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from pgiris import sqlstate
from pgiris.backend.metadata import Changes
from pgiris.backend.sizes import Sizes
from pgiris.errors import PgError
from pgiris.types import native
from pgiris.types.codec import Oid, Value
from pgiris.types.relation import Snapshot
from pgiris.types.rows import Column

Row = Sequence[Value]


@dataclass(frozen=True)
class ListValue:
    """An array parameter to be bound as an IRIS list: ``a %INLIST ?``."""

    items: tuple[Value, ...]


@dataclass(frozen=True)
class Described:
    """What preparing a statement tells: its result columns (None: it returns no rows) and how many ``?`` it has."""

    columns: tuple[Column, ...] | None
    parameter_count: int


@dataclass(frozen=True)
class Shape:
    """What the front knows of a statement: the types of its values (0: unknown) and the columns that its rows are shown as."""

    oids: tuple[Oid, ...] = ()
    columns: tuple[Column, ...] = ()


NO_SHAPE = Shape()


class SessionLost(PgError):
    """The session is gone, and its transaction with it: its connection broke, or IRIS ended its process."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            sqlstate.CONNECTION_FAILURE,
            "the connection to IRIS was lost",
            detail=f"{reason} The transaction that was open in it is rolled back.",
            hint="Repeat the transaction.",
        )


class RowFailed(Exception):
    """execute_many() stumbled over the row of this index."""

    def __init__(self, index: int, error: PgError) -> None:
        super().__init__(index, error)
        self.index, self.error = index, error


class Rows(Protocol):
    """The outcome of one execution. Rows are taken once, forward."""

    columns: tuple[Column, ...] | None  # None: the statement returns no rows
    row_count: int  # of INSERT, UPDATE, DELETE; -1 otherwise

    def fetch(self, limit: int) -> Sequence[Row]:
        """Up to limit further rows; fewer mean that there are no more."""
        ...

    def close(self) -> None: ...


@runtime_checkable
class BulkRows(Rows, Protocol):
    """Rows that the compiled twin of an encoder can take where they are, without Python values in between."""

    def take(self, writer: native.Taker, limit: int, size: int) -> native.Taken | None:
        """writer's messages of up to limit further rows, about size bytes of them.

        None: nothing was taken, and fetch() is the way.
        """
        ...


class BackendSession(Protocol):
    """One IRIS session. One thread uses it; only interrupt() may come from another."""

    def prepare(self, sql: str) -> Described: ...

    def execute(self, sql: str, values: Sequence[Value | ListValue], shape: Shape = NO_SHAPE) -> Rows: ...

    def execute_many(self, sql: str, rows: Sequence[Row], shape: Shape = NO_SHAPE) -> None:
        """Run the INSERT of one row for each row of values, as quickly as can be. Raises RowFailed.

        Called in a transaction. What a failed call has inserted may stay, as the transaction is undone then.
        """
        ...

    def last_identity(self) -> int | None:
        """The %ID of the row that this session inserted last."""
        ...

    def begin(self, isolation: str, read_only: bool) -> None:
        """isolation: ``read uncommitted`` or ``read committed``."""
        ...

    def commit(self) -> None: ...

    def rollback(self) -> None: ...

    def savepoint(self, name: str) -> None: ...

    def rollback_to(self, name: str) -> None:
        """Undo to the savepoint; as in IRIS the savepoint itself is gone afterwards."""
        ...

    def set_lock_timeout(self, seconds: float | None) -> None:
        """None: the backend's default."""
        ...

    def introspect(self) -> Snapshot: ...

    def describe(self, known: bytes) -> Changes:
        """Everything that the catalog shows. known: the digests of an earlier description, or b""."""
        ...

    def schema_version(self) -> str:
        """Changes when any relation does; cheap."""
        ...

    def sizes(self) -> Sizes:
        """How much room tables and indexes take. It may take long. Raises what keeps the backend from telling."""
        ...

    def reset(self) -> None:
        """Give up everything that belongs to a client: transaction, open rows, locks, temporary data, options."""
        ...

    def interrupt(self) -> None:
        """Stop the running statement, which then raises 57014. Called from another thread; no effect when none runs."""
        ...

    def close(self) -> None: ...


@runtime_checkable
class CatalogSession(BackendSession, Protocol):
    """A session that answers catalog queries."""

    def load(self, data: bytes, databases: Sequence[str], users: Sequence[str]) -> None:
        """data: an encoded metadata.Changes against what was loaded before. users: names of users that are known."""
        ...

    def replace(self, relation: str, rows: Sequence[Sequence[Any]]) -> None:
        """Give a relation these rows."""
        ...

    def take_calls(self) -> Sequence[tuple[str, int]]:
        """What the queries since the last time have called, for the front to carry out: (function, argument)."""
        ...


class Backend(Protocol):
    name: str

    def connect(self, database: str, user: str, password: str | None) -> BackendSession:
        """database: an IRIS namespace, any case. Raises 3D000 when there is none of that name."""
        ...


@runtime_checkable
class NotingBackend(Backend, Protocol):
    """A backend that keeps notes (notes.py) in another place than all other data."""

    def connect_for_notes(self, database: str, user: str) -> BackendSession: ...
