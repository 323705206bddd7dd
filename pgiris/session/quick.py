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

from pgiris.backend.lane import SHORT_US
from pgiris.backend.worker.link import Moved
from pgiris.session import execution
from pgiris.session.database import Resolved
from pgiris.session.lease import Outcome
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

    def note(self, outcome: Outcome) -> None:
        """Learn from an execution: long ones count at once, short ones little by little."""
        taken, expected = outcome.busy_us, self.expected_us
        self.expected_us = float(taken) if math.isinf(expected) else max(expected + (taken - expected) / 8, taken / 4)


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
        head = _head(session, quick, message.result_formats)
        session.wire.append_bytes(head.described if described else head.plain)
        began = monotonic()
        outcome = await _outcome(session, quick, message, head.formats)
        session.shared.metrics.statement_seconds.observe(monotonic() - began)
        quick.note(outcome)
        execution.complete(session, quick.tag, outcome.rows)
    except Exception as error:
        await session.fail(error)
    await session.ready()


async def _outcome(session: Session, quick: Quick, message: messages.Bind, formats: tuple[int, ...]) -> Outcome:
    """Run it in the lane when it is a short read, on a worker of its own otherwise."""
    lease = session.lease
    values, value_formats = message.parameters, message.parameter_formats
    if not quick.writes and quick.expected_us < SHORT_US and lease.link is None and not session.keeps_worker:
        view, lane, expected_us = session.settings.view, session.database.lane, quick.expected_us
        link = lane.enter(view.context, view.lock_timeout_s, expected_us)
        if link is not None:
            try:
                return await lease.execute_in_lane(link, quick.resolved, values, value_formats, formats)
            except Moved:
                pass
            finally:
                lane.done(link, expected_us)
    await session.take_worker()
    return await lease.execute(quick.resolved, (), values, value_formats, (), formats)


def _head(session: Session, quick: Quick, result_formats: tuple[int, ...]) -> Head:
    key = (result_formats, session.settings.view.context.client_encoding)
    head = quick.heads.get(key)
    if head is None:
        columns = quick.resolved.columns if quick.resolved.returns_rows else ()
        formats = expand_formats(result_formats, len(columns))
        rows = execution.row_description(session, columns, formats) if quick.resolved.returns_rows else messages.NO_DATA
        head = quick.heads[key] = Head(formats, messages.BIND_COMPLETE, messages.BIND_COMPLETE + rows)
    return head
