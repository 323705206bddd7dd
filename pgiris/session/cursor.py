"""Cursors: DECLARE, FETCH, MOVE, CLOSE on portals that have a name in SQL.

Backends give rows forward only: for SCROLL the worker keeps those that it has seen. WITH HOLD keeps the worker after COMMIT.
PostgreSQL: sql-declare, sql-fetch, sql-move, sql-close
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.session import execution
from pgiris.session.lease import OPEN_ONLY, Outcome
from pgiris.session.portal import LocalRows, Portal, PortalState
from pgiris.sql.cursor_commands import CloseCursor, DeclareCursor, Direction, Fetch
from pgiris.sql.plan import Target
from pgiris.types.rows import expand_formats

if TYPE_CHECKING:
    from pgiris.session.session import Session

_BINARY = (1,)


async def declare(session: Session, command: DeclareCursor, portal: Portal) -> str:
    """Open a cursor: the query runs now, its rows are fetched later."""
    if not command.hold:
        session.transaction.require_block("DECLARE CURSOR")
    if command.name in session.portals.by_name:
        raise PgError(sqlstate.DUPLICATE_CURSOR, f'cursor "{command.name}" already exists')
    inner = portal.statement.inner
    assert inner is not None
    cursor = Portal(
        command.name,
        inner,
        portal.values,
        portal.formats,
        _BINARY if command.binary else (),
        cursor=True,
        scroll=bool(command.scroll),
        hold=command.hold,
    )
    await _open(session, cursor)
    session.portals.add(cursor)
    return "DECLARE CURSOR"


async def _open(session: Session, cursor: Portal) -> None:
    plan = cursor.planned.plan
    if plan.target is Target.CONSTANT:
        if cursor.scroll:
            raise not_supported("SCROLL cursors over constants are not supported", hint="Leave SCROLL out.")
        cursor.local = await execution.constant_rows(session, cursor)
        cursor.resolved = session.database.resolved(plan)
    elif plan.target in (Target.BACKEND, Target.CATALOG):
        cursor.resolved = await session.planning.resolve(plan)
        if not cursor.resolved.returns_rows:
            raise PgError(sqlstate.SYNTAX_ERROR, "a cursor needs a query that returns rows")
        cursor.formats_out = expand_formats(cursor.result_formats, len(cursor.resolved.columns))
        await execution.start(session, cursor, OPEN_ONLY, False)
    else:
        raise not_supported(f"a cursor over {plan.tag} is not supported")
    cursor.state = PortalState.SUSPENDED


async def fetch(session: Session, portal: Portal, command: Fetch, *, describe: bool) -> None:
    """FETCH and MOVE. The row limit of Execute is left aside: the count is the command's own."""
    cursor = _find(session, command.cursor)
    resolved = cursor.resolved
    assert resolved is not None
    formats = expand_formats(portal.result_formats or cursor.result_formats, len(resolved.columns))
    if describe and not command.move:
        session.wire.append_bytes(execution.row_description(session, resolved.columns, formats))
    if cursor.scroll:
        outcome = await session.lease_of(cursor.planned.plan).scroll(
            cursor.number, formats, command.direction.value, command.count, command.move
        )
        portal.state = PortalState.DONE
        _complete(session, command, outcome.rows)
        return
    before, count = _steps(cursor, command)
    if before:
        await _take(session, cursor, formats, before, skip=True)
    rows = 0
    if count is None or count > 0:
        rows = await _take(session, cursor, formats, count or 0, skip=command.move)
    portal.state = PortalState.DONE
    _complete(session, command, rows)


def _complete(session: Session, command: Fetch, rows: int) -> None:
    execution.complete(session, "MOVE" if command.move else "FETCH", rows)


def _steps(cursor: Portal, command: Fetch) -> tuple[int, int | None]:
    """(rows to pass over, rows to take); None is all. Raises 55000 for what would go backward."""
    direction, count = command.direction, command.count
    if direction is Direction.FORWARD and (count is None or count > 0):
        return 0, count
    if direction is Direction.RELATIVE and count is not None and count > 0:
        return count - 1, 1
    if direction is Direction.ABSOLUTE and count is not None and count > cursor.position:
        return count - cursor.position - 1, 1
    if command.move and count == 0 and direction is not Direction.ABSOLUTE:
        return 0, 0
    raise PgError(
        sqlstate.OBJECT_NOT_IN_PREREQUISITE_STATE,
        "cursor can only scan forward",
        hint="Declare it with SCROLL option to enable backward scan.",
    )


async def _take(session: Session, cursor: Portal, formats: tuple[int, ...], limit: int, *, skip: bool) -> int:
    """Send, or pass over, up to limit rows; 0 is all that remain."""
    if cursor.state is PortalState.DONE:
        return 0
    if cursor.local is not None:
        outcome = _take_local(session, cursor, formats, limit, skip)
    else:
        outcome = await session.lease_of(cursor.planned.plan).fetch(cursor.number, formats, limit, skip)
    cursor.position += outcome.rows
    if not outcome.suspended:
        cursor.state = PortalState.DONE
    return outcome.rows


def _take_local(session: Session, cursor: Portal, formats: tuple[int, ...], limit: int, skip: bool) -> Outcome:
    assert cursor.local is not None
    rows = cursor.local.take(limit)
    if not skip:
        execution.write_rows(session, LocalRows(cursor.local.columns, rows, ""), formats)
    return Outcome(len(rows), bool(limit) and len(rows) == limit)


async def close(session: Session, command: CloseCursor) -> str:
    if command.name is None:
        close_all(session)
        return "CLOSE CURSOR ALL"
    _find(session, command.name)
    session.portals.close(command.name)
    return "CLOSE CURSOR"


def close_all(session: Session) -> None:
    for name in [name for name, portal in session.portals.by_name.items() if portal.cursor]:
        session.portals.close(name)


def _find(session: Session, name: str) -> Portal:
    found = session.portals.by_name.get(name)
    if found is None:
        raise PgError(sqlstate.INVALID_CURSOR_NAME, f'cursor "{name}" does not exist')
    return found
