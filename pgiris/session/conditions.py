"""Conditions: expressions of SQL that a command of the session depends on.

In: text. Out: whether it is true, as a query of the session would find it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgiris.copy import read_options
from pgiris.errors import not_supported
from pgiris.session import execution
from pgiris.session.portal import Portal
from pgiris.sql.plan import Target

if TYPE_CHECKING:
    from pgiris.session.session import Session


async def holds(session: Session, condition: str) -> bool:
    """Whether an expression is true."""
    statement = await session.planning.prepare(f"SELECT ({condition}) IS TRUE")
    plan = statement.planned.plan
    portal = Portal("", statement, session.literals(statement), (), ())
    if plan.target is Target.CONSTANT:
        rows = await execution.constant_rows(session, portal)
        return rows.rows[0][0] in (True, 1)
    if plan.target not in execution.BY_WORKERS:
        raise not_supported("this condition of IF is not supported")
    portal.resolved = await session.planning.resolve(plan)
    return await _value(session, portal)


async def _value(session: Session, portal: Portal) -> bool:
    plan, resolved = portal.planned.plan, portal.resolved
    assert resolved is not None
    before, extra = await execution.prelude(session, portal, True)
    taken = _Taken()
    names = tuple(column.name for column in resolved.columns)
    await session.lease_of(plan).copy_out(
        resolved, before, portal.values, portal.formats, extra, read_options((), from_client=False), names, taken
    )
    return taken.data[5:] == b"t\n"


class _Taken:
    """lease.py's Receiver: keeps the one CopyData message of the answer."""

    writable = True

    def __init__(self) -> None:
        self.data = b""

    def write_rows(self, data: bytes) -> None:
        self.data += data

    async def drain(self) -> None:
        pass
