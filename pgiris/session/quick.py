"""Quick: Bind, Describe, Execute and Sync of a prepared statement that arrive together, outside of a transaction, in one go.

Most drivers send a statement so that they have prepared. The client sees what extended.py would answer to the messages one by
one; left out is what it cannot see, a portal and an implicit transaction of one statement, which is half of the front's work.
PostgreSQL: protocol-flow#PROTOCOL-FLOW-EXT-QUERY
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from pgiris.session import execution
from pgiris.session.database import Resolved
from pgiris.session.transaction import Phase
from pgiris.sql.plan import Effect, Target
from pgiris.types.rows import expand_formats
from pgiris.wire import messages

if TYPE_CHECKING:
    from pgiris.session.portal import PreparedStatement
    from pgiris.session.session import Session

_IDLE = Phase.IDLE


@dataclass(slots=True)
class Head:
    """What is written before the rows. formats: one for each column."""

    formats: tuple[int, ...]
    plain: bytes  # BindComplete
    described: bytes  # BindComplete, then RowDescription or NoData


@dataclass(slots=True, eq=False)
class Quick:
    """A prepared statement that may be run so. heads: by result formats, as in Bind, and client encoding."""

    resolved: Resolved
    tag: str
    writes: bool
    parameter_count: int
    heads: dict[tuple[tuple[int, ...], str], Head] = field(default_factory=dict)
    expected_us: float = math.inf  # how long a worker will be at it

    def head(self, session: Session, result_formats: tuple[int, ...]) -> Head:
        key = (result_formats, session.settings.view.context.client_encoding)
        head = self.heads.get(key)
        if head is None:
            columns = self.resolved.columns if self.resolved.returns_rows else ()
            formats = expand_formats(result_formats, len(columns))
            rows = execution.row_description(session, columns, formats) if self.resolved.returns_rows else messages.NO_DATA
            head = self.heads[key] = Head(formats, messages.BIND_COMPLETE, messages.BIND_COMPLETE + rows)
        return head

    def ended(self, session: Session, began: float, busy_us: int, rows: int) -> None:
        """Tell the client, count it, and learn from it: long executions count at once, short ones little by little."""
        session.shared.metrics.statement_seconds.observe(monotonic() - began)
        execution.complete(session, self.tag, rows)
        expected = self.expected_us
        self.expected_us = float(busy_us) if expected == math.inf else max(expected + (busy_us - expected) / 8, busy_us / 4)


def quick_of(statement: PreparedStatement, resolved: Resolved) -> Quick | None:
    """None when the statement needs more than its worker and its parameters."""
    plan = statement.planned.plan
    if plan.target is not Target.BACKEND or plan.effect is Effect.DDL or resolved.passing:
        return None
    if plan.session_values or plan.notices or plan.literals or statement.inner is not None:
        return None
    return Quick(resolved, plan.tag, plan.effect is Effect.WRITE, len(plan.parameters))


def fits(session: Session, statement: PreparedStatement, message: messages.Bind) -> bool:
    """Whether a Bind may be run so, if the rest of its batch is there too."""
    quick = statement.quick
    assert quick is not None
    view = session.settings.view
    return (
        session.transaction.phase is _IDLE
        and not message.portal
        and len(message.parameters) == quick.parameter_count
        and len(message.parameter_formats) < 2
        and not session.portals.by_name
        and statement.environment is session.environment()
        and view.statement_timeout_s is None
        and view.transaction_timeout_s is None
        and not (quick.writes and view.read_only)
    )


async def run(session: Session, statement: PreparedStatement, message: messages.Bind, described: bool) -> None:
    """Run the batch up to ReadyForQuery. Raises what ends the session."""
    quick = statement.quick
    assert quick is not None
    session.begin_quickly(statement.text)
    try:
        head = quick.head(session, message.result_formats)
        session.wire.append_bytes(head.described if described else head.plain)
        await session.take_worker()
        began = monotonic()
        outcome = await session.lease.execute(quick.resolved, (), message.parameters, message.parameter_formats, (), head.formats)
        quick.ended(session, began, outcome.busy_us, outcome.rows)
    except Exception as error:
        await session.fail(error)
    await session.ready()
