"""Quick: a statement that arrives whole, outside of a transaction, is run in one go.

It comes as a Query, or as Bind, Describe, Execute and Sync together. The client sees what simple.py and extended.py would
answer step by step; left out is what it cannot see, a portal and an implicit transaction of one statement, which is half of
the front's work.
PostgreSQL: protocol-flow#PROTOCOL-FLOW-EXT-QUERY, #PROTOCOL-FLOW-SIMPLE-QUERY
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from pgiris.errors import PgError
from pgiris.session import execution
from pgiris.session.database import Resolved
from pgiris.session.transaction import Phase
from pgiris.sql.plan import Effect, Plan, Target
from pgiris.sql.split import split
from pgiris.types.rows import expand_formats
from pgiris.wire import messages

if TYPE_CHECKING:
    from pgiris.session.portal import PreparedStatement
    from pgiris.session.session import Session

MOST_PARAMETERS = 2_000  # of one execution; to look at more would keep the event loop for too long

# Session functions that give the time of the transaction, and whether in the session's time zone.
MOMENTS = {"now": False, "current_timestamp": False, "transaction_timestamp": False, "localtimestamp": True}
SHORT_US = 400  # what takes a worker longer is better done by several of them
SHORT_CHANGE_US = 50_000  # the same of changes, which may have waited for one another

_IDLE, _BACKEND, _DDL = Phase.IDLE, Target.BACKEND, Effect.DDL


@dataclass(slots=True)
class Head:
    """What is written before the rows. formats: one for each column."""

    formats: tuple[int, ...]
    bound: bytes  # BindComplete
    described: bytes  # BindComplete, then RowDescription or NoData
    rows: bytes  # RowDescription, if there are rows


@dataclass(slots=True, eq=False)
class Quick:
    """A plan that may be run so. heads: by result formats, as in Bind, and client encoding."""

    resolved: Resolved
    writes: bool
    moments: tuple[bool, ...] = ()  # values that are the time of the transaction, in the session's time zone or not
    heads: dict[tuple[tuple[int, ...], str], Head] = field(default_factory=dict)
    expected_us: float = math.inf  # how long a worker will be at it

    def head(self, session: Session, result_formats: tuple[int, ...]) -> Head:
        key = (result_formats, session.settings.view.context.client_encoding)
        head = self.heads.get(key)
        if head is None:
            columns = self.resolved.columns if self.resolved.returns_rows else ()
            formats = expand_formats(result_formats, len(columns))
            rows = execution.row_description(session, columns, formats) if self.resolved.returns_rows else b""
            described = messages.BIND_COMPLETE + (rows or messages.NO_DATA)
            head = self.heads[key] = Head(formats, messages.BIND_COMPLETE, described, rows)
        return head

    def ended(self, session: Session, began: float, busy_us: int, rows: int) -> None:
        """Tell the client, count it, and learn from it."""
        session.shared.metrics.statement_seconds.observe(monotonic() - began)
        execution.complete(session, self.resolved.plan.tag, rows)
        self.learn(busy_us, busy_us)

    @property
    def may_be_lent(self) -> bool:
        """Whether a worker may do it for a guest: a short read, or a change that has no rows and makes no numbers."""
        if self.writes:
            plan = self.resolved.plan
            return not self.resolved.returns_rows and plan.generates is None and self.expected_us <= SHORT_CHANGE_US
        return self.resolved.returns_rows and self.expected_us <= SHORT_US

    def learn(self, usual_us: float, longest_us: float) -> None:
        """How long executions took: long ones count at once, short ones little by little."""
        expected = self.expected_us
        self.expected_us = usual_us if expected == math.inf else max(expected + (usual_us - expected) / 8, longest_us / 4)


@dataclass(slots=True, eq=False)
class Call:
    """One execution. values, formats: as Bind has them, literals included."""

    quick: Quick
    text: str
    values: tuple[bytes | None, ...]
    formats: tuple[int, ...]
    head: Head

    def check_values(self, session: Session) -> None:
        """Raises what Bind finds wrong with the client's values."""
        oids = self.quick.resolved.plan.parameters
        if oids:
            execution.check_parameters(session, "", oids, self.formats[: len(oids)], self.values[: len(oids)])


def of_query(session: Session, text: str, in_block: bool = False) -> Call | None:
    """The call that a Query is; None when it needs more than a worker and its literals. in_block: it may be in a block."""
    statement = only_statement(text)
    planned = None if statement is None else session.database.planner.known(statement, session.planning.environment())
    if planned is None or planned.plan.parameters or (quick := _quick(session, planned.plan, in_block)) is None:
        return None
    session.shared.metrics.plans["hit"] += 1
    return Call(quick, text, session.encoded(planned.literals), (), quick.head(session, ()))


def only_statement(text: str) -> str | None:
    """The one statement that a text begins with and consists of, without its semicolon."""
    try:
        statements = split(text)
    except PgError:  # whoever runs it will say so
        return None
    return statements[0].text if len(statements) == 1 and not statements[0].offset else None


def of_bind(session: Session, statement: PreparedStatement, message: messages.Bind, in_block: bool = False) -> Call | None:
    """The call that a Bind begins if Execute and Sync follow; None as of_query(), and when bind() has to look at it."""
    if message.portal or statement.environment is not session.planning.environment():
        return None
    planned = statement.planned
    plan = planned.plan
    supplied, formats = len(message.parameters), message.parameter_formats
    if (
        supplied != len(plan.parameters)
        or supplied > MOST_PARAMETERS
        or len(formats) > 1
        or (quick := _quick(session, plan, in_block)) is None
    ):
        return None
    values = message.parameters
    if planned.literals:
        values += session.encoded(planned.literals)
        formats = (formats[0],) * supplied + (0,) * len(planned.literals) if formats and formats[0] else ()
    return Call(quick, statement.text, values, formats, quick.head(session, message.result_formats))


def _quick(session: Session, plan: Plan, in_block: bool) -> Quick | None:
    """None when the plan needs more than its worker and its values, or the session's state is in the way."""
    view = session.settings.view
    if (
        (not in_block and (session.transaction.phase is not _IDLE or session.portals.by_name))
        or view.statement_timeout_s is not None
        or view.transaction_timeout_s is not None
    ):
        return None
    if plan.target is not _BACKEND or plan.effect is _DDL or plan.notices or plan.draws or plan.notes or plan.block_only:
        return None
    if plan.session_values and not all(call.function in MOMENTS and not call.arguments for call in plan.session_values):
        return None
    resolved = session.database.resolved(plan)
    if resolved is None or resolved.passing:
        return None
    if resolved.quick is None:
        moments = tuple(MOMENTS[call.function] for call in plan.session_values)
        resolved.quick = Quick(resolved, plan.effect is Effect.WRITE, moments)
    return None if resolved.quick.writes and view.read_only else resolved.quick


async def run(session: Session, call: Call, head: bytes) -> None:
    """Run it up to ReadyForQuery; head is written before its rows. Raises what ends the session."""
    session.begin_quickly(call.text)
    try:
        call.check_values(session)
        session.wire.append_bytes(head)
        await session.take_worker()
        began = monotonic()
        extra = session.moments(call.quick.moments) if call.quick.moments else ()
        outcome = await session.lease.execute(call.quick.resolved, (), call.values, call.formats, extra, call.head.formats)
        if call.quick.resolved.plan.generates is not None:
            session.sequences.generated(call.quick.resolved.plan.generates, outcome.identity)
        call.quick.ended(session, began, outcome.busy_us, outcome.rows)
    except Exception as error:
        await session.fail(error)
    await session.ready()
    session.visits.answered(call.quick)
