"""Made rows: from the catalog's worker, which makes them, to the session's own, which inserts them.

In: InsertMadeRows. Out: how many rows it inserted: all of them, or none and an error.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from struct import Struct
from typing import TYPE_CHECKING

from pgiris import sqlstate
from pgiris.backend.worker import frames
from pgiris.backend.worker.link import Exchange
from pgiris.copy import read_options
from pgiris.errors import PgError, not_supported
from pgiris.session.chunks import Chunks
from pgiris.session.copy import insertions, note_generated
from pgiris.sql import copy_texts
from pgiris.sql.coercion import assignable
from pgiris.sql.made_rows import InsertMadeRows, fits
from pgiris.types.relation import Relation, RelationColumn
from pgiris.types.rows import Column
from pgiris.types.table import type_name

if TYPE_CHECKING:
    from pgiris.session.session import Session

_LENGTH = Struct("!I")


async def run(session: Session, command: InsertMadeRows, *, last: bool) -> int:
    """last: nothing follows it in its implicit transaction."""
    relation = await session.planning.find_table(command.target)
    resolved = await session.planning.resolve(command.source)
    columns = _targets(relation, copy_texts.copied_columns(command.target, relation), resolved.columns, command)
    if session.settings.view.read_only:
        raise session.transaction.read_only_error("INSERT")
    options = read_options((), from_client=True)
    names = tuple(column.name for column in columns)
    (insertion,) = await insertions(session, relation, columns, options)
    insert = insertion.resolved
    before = session.transaction.before(insert.plan, not last)
    extra = tuple(await session.session_values(command.source, ()))
    await session.take_worker()
    await session.take_catalog(command.source)
    began = time.monotonic()
    lease = session.lease
    types = tuple(column.oid for column in columns)
    request = frames.CopyIn(lease.next_serial(), (insertion.variant,), 0, (), (), before, options, names, types, relation.name)
    exchange = lease.start_copy_in(request, (insert,))
    chunks = Chunks(exchange, session.shared.config.credit_blocks)
    try:
        await session.catalog.copy_out(resolved, (), command.values, (), extra, options, names, Pipe(chunks))
    except Stopped:
        pass  # the exchange knows why
    except PgError:
        chunks.tell(frames.CopyBroken(""))
        await _ended(exchange, session)
        raise
    except BaseException:
        lease.abandon()
        raise
    else:
        chunks.tell(frames.CopyEnd())
    try:
        outcome = await lease.relay(exchange)
    except PgError as error:
        error.where = None  # a line of a COPY that nobody has asked for
        raise
    session.shared.metrics.statement_seconds.observe(time.monotonic() - began)
    note_generated(session, insert.plan)
    return outcome.rows


async def _ended(exchange: Exchange, session: Session) -> None:
    """Wait until the worker has undone what it had inserted."""
    try:
        await session.lease.relay(exchange)
    except PgError as error:
        if error.code != sqlstate.QUERY_CANCELED:
            raise


def _targets(
    relation: Relation, columns: Sequence[RelationColumn], made: Sequence[Column], command: InsertMadeRows
) -> Sequence[RelationColumn]:
    """The columns that get values. Raises 42601, 42804, and 0A000 for conversions that are not made here."""
    if len(made) > len(columns):
        raise PgError(sqlstate.SYNTAX_ERROR, "INSERT has more expressions than target columns")
    if len(made) < len(columns) and command.target.columns is not None:
        raise PgError(sqlstate.SYNTAX_ERROR, "INSERT has more target columns than expressions")
    for column, given in zip(columns, made, strict=False):
        if fits(given.oid, column.oid):
            continue
        what = f'column "{column.name}" is of type {type_name(column.oid)} but expression is of type {type_name(given.oid)}'
        if assignable(given.oid, column.oid):
            raise not_supported(f"{what}, which is not converted here", f"Cast the expression to {type_name(column.oid)}.")
        raise PgError(sqlstate.DATATYPE_MISMATCH, what, hint="You will need to rewrite or cast the expression.")
    return columns[: len(made)]


class Stopped(Exception):
    """The worker takes no more rows."""


class Pipe:
    """lease.py's Receiver: takes CopyData messages and sends their data to a worker."""

    def __init__(self, chunks: Chunks) -> None:
        self._chunks = chunks
        self._begun = b""  # of a message whose end comes with the next data

    @property
    def writable(self) -> bool:
        return self._chunks.has_room

    def write_rows(self, data: bytes) -> None:
        data = self._begun + data
        bodies, at = [], 0
        while at + 5 <= len(data):
            end = at + 1 + _LENGTH.unpack_from(data, at + 1)[0]
            if end > len(data):
                break
            bodies.append(data[at + 5 : end])
            at = end
        self._begun = data[at:]
        if bodies:
            self._chunks.send(b"".join(bodies))

    async def drain(self) -> None:
        """Wait until the worker has taken chunks. Raises Stopped."""
        await self._chunks.wait()
        if self._chunks.stopped:
            raise Stopped
