"""Execution: a portal is run up to a row limit, and the client hears about it.

In: a Portal. Out: rows, then CommandComplete or PortalSuspended, in the session's wire.
PostgreSQL: protocol-flow#PROTOCOL-FLOW-EXT-QUERY
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pgiris import sqlstate
from pgiris.backend.notes import digest_of
from pgiris.backend.worker.frames import ActionFrame
from pgiris.errors import PgError
from pgiris.observe.log import get_logger
from pgiris.session.lease import Outcome
from pgiris.session.portal import LocalRows, Portal, PortalState
from pgiris.session.transaction import Phase
from pgiris.session.unread import explain
from pgiris.sql.notices import warning
from pgiris.sql.plan import Effect, Plan, Role, Step, Target, ViewText
from pgiris.types.codec import Oid
from pgiris.types.rows import Column, RowPlan, decode_parameters, expand_formats
from pgiris.types.table import type_length
from pgiris.wire import messages

if TYPE_CHECKING:
    from pgiris.session.session import Session

log = get_logger("session")

# Command tags with a count. PostgreSQL: protocol-message-formats#PROTOCOL-MESSAGE-FORMATS-COMMANDCOMPLETE
_COUNTED = {
    "SELECT": "SELECT {}",
    "SELECT INTO": "SELECT {}",
    "INSERT": "INSERT 0 {}",
    "UPDATE": "UPDATE {}",
    "DELETE": "DELETE {}",
    "MERGE": "MERGE {}",
    "FETCH": "FETCH {}",
    "MOVE": "MOVE {}",
    "COPY": "COPY {}",
}
BY_WORKERS = frozenset((Target.BACKEND, Target.CATALOG))
DDL_IN_BLOCK = PgError(
    sqlstate.WARNING,
    "IRIS does not undo schema changes when a transaction is rolled back",
    "WARNING",
    detail="What the transaction has changed so far may be committed with them.",
)


async def run(session: Session, portal: Portal, *, last: bool, limit: int = 0, describe: bool = False) -> None:
    """Run a portal. last: nothing follows it in its implicit transaction. describe: write the RowDescription first."""
    plan = portal.planned.plan
    if plan.block_only:
        session.transaction.require_block(plan.block_only)
    if plan.target in BY_WORKERS and portal.state is not PortalState.DONE:
        await _run_backend(session, portal, limit, describe, last)
        return
    session.transaction.admit(plan)
    if portal.state is PortalState.DONE:
        _done_again(session, portal)
        return
    if portal.local is not None:
        send_local(session, portal, limit)
        return
    match plan.target:
        case Target.EMPTY:
            session.wire.append_bytes(messages.EMPTY_QUERY_RESPONSE)
        case Target.SESSION:
            from pgiris.session import commands  # which imports this module

            assert plan.command is not None
            await commands.run(session, portal, plan.command, limit=limit, describe=describe, last=last)
        case Target.NOTHING:
            session.notify_all(plan.notices)
            complete(session, plan.tag)
            portal.state = PortalState.DONE
        case Target.CONSTANT:
            session.transaction.before(plan, not last)
            give_local(session, portal, await constant_rows(session, portal), limit, describe)


async def constant_rows(session: Session, portal: Portal) -> LocalRows:
    """The one row of a plan that needs no backend."""
    plan = portal.planned.plan
    session.notify_all(plan.notices)
    values = decode(session, portal)
    values += await session.session_values(plan, values)
    return LocalRows(plan.columns or (), [[values[source.index] for source in plan.row]], plan.tag)


def give_local(session: Session, portal: Portal, rows: LocalRows, limit: int, describe: bool) -> None:
    """Send rows that were made here, without a worker."""
    portal.local = rows
    if describe:
        session.wire.append_bytes(row_description(session, rows.columns, portal.result_formats))
    send_local(session, portal, limit)


def send_local(session: Session, portal: Portal, limit: int) -> None:
    rows = portal.local
    assert rows is not None
    chosen = LocalRows(rows.columns, rows.take(limit), rows.tag)
    write_rows(session, chosen, expand_formats(portal.result_formats, len(rows.columns)))
    if limit and len(chosen.rows) == limit:
        portal.state = PortalState.SUSPENDED
        session.wire.append_bytes(messages.PORTAL_SUSPENDED)
    else:
        portal.state = PortalState.DONE
        portal.local = None
        complete(session, rows.tag, len(chosen.rows))


def write_rows(session: Session, rows: LocalRows, formats: tuple[int, ...]) -> None:
    out = bytearray()
    RowPlan(rows.columns, formats, session.settings.view.context).encode(rows.rows, out)
    session.wire.append_bytes(bytes(out))


async def _run_backend(session: Session, portal: Portal, limit: int, describe: bool, last: bool) -> None:
    plan = portal.planned.plan
    if portal.state is PortalState.SUSPENDED:
        session.transaction.admit(plan)
        if plan.target is Target.CATALOG:
            await session.take_catalog(plan)
        outcome = await session.lease_of(plan).fetch(portal.number, portal.formats_out, limit)
    else:
        resolved = portal.resolved or await session.planning.resolve(plan)
        portal.resolved = resolved
        if resolved.returns_rows:
            portal.formats_out = expand_formats(portal.result_formats, len(resolved.columns))
            if describe:
                session.wire.append_bytes(row_description(session, resolved.columns, portal.formats_out))
        outcome = await start(session, portal, limit, last)
    finish(session, portal, outcome)


async def start(session: Session, portal: Portal, limit: int, last: bool) -> Outcome:
    """First execution of a portal whose plan is resolved."""
    plan, resolved = portal.planned.plan, portal.resolved
    assert resolved is not None
    before, extra = await prelude(session, portal, last)
    began = time.monotonic()
    try:
        outcome = await session.lease_of(plan).execute(
            resolved,
            before,
            portal.values,
            portal.formats,
            extra,
            portal.formats_out,
            limit,
            portal.number if limit else 0,
            portal.scroll,
        )
    except PgError as error:
        explain(error, plan)
        raise
    session.shared.metrics.statement_seconds.observe(time.monotonic() - began)
    if resolved.quick is not None and not outcome.suspended:
        resolved.quick.learn(outcome.busy_us, outcome.busy_us)
    if plan.generates is not None:
        session.sequences.generated(plan.generates, outcome.identity)
    for action, arguments in plan.notes:
        await note(session, action, arguments)
    if plan.effect is Effect.DDL:
        if plan.temporary is not None:
            session.temporary.made(plan.temporary)
        await session.planning.schema_changed()
        if plan.view is not None:
            await keep_view(session, plan.view)
    return outcome


async def note(session: Session, action: str, arguments: Sequence[Any]) -> None:
    """What an index or constraint was declared as may be forgotten where nothing may be kept: it works without."""
    try:
        await session.database.keeper.ask(action, *arguments)
    except PgError as error:
        if action != "set_part" or error.code != sqlstate.INSUFFICIENT_PRIVILEGE:
            raise
        session.notify_all((warning(f"how {arguments[2]} {arguments[3]} was declared is not kept: {error.message}"),))


async def keep_view(session: Session, view: ViewText) -> None:
    """Note how PostgreSQL prints a view, beside what IRIS tells of it. Without that note IRIS's words are shown."""
    database = session.database
    found = database.snapshot.find(view.schema, view.name)
    if found is None or not found.definition or not (view.text or database.snapshot.noted) or not database.keeper.can_keep:
        return
    try:
        await database.keeper.ask("set_view", view.schema, view.name, view.text, digest_of(found.definition))
    except PgError as error:
        log.warning("the text of a view is not kept", view=view.name, reason=error.message)
        return
    await session.planning.schema_changed()


async def carry_out(session: Session, effect: Effect, texts: Sequence[str]) -> None:
    """IRIS SQL, all of it or none."""
    if not texts:
        return
    steps = tuple(Step(sql, (), Role.RUN) for sql in texts)
    resolved = session.database.resolved(Plan(Target.BACKEND, "", effect, steps))
    assert resolved is not None
    await session.take_worker()
    await session.lease.execute(resolved, (), (), (), (), ())


async def prelude(session: Session, portal: Portal, last: bool) -> tuple[tuple[ActionFrame, ...], tuple[Any, ...]]:
    """Before an execution: take its worker, write notices. Out: the transaction actions and session values that go with it."""
    plan = portal.planned.plan
    before = session.transaction.before(plan, not last)
    if plan.notices:
        session.notify_all(plan.notices)
    opens = bool(before) and plan.temporary is not None  # nothing came before it, and it is dropped after a ROLLBACK
    if plan.effect is Effect.DDL and session.transaction.phase is Phase.BLOCK and not opens:
        session.notify_all((DDL_IN_BLOCK,))
    extra: tuple[Any, ...] = ()
    if plan.session_values:
        extra = tuple(await session.session_values(plan, decode(session, portal)))
    if plan.target is Target.CATALOG:
        await session.take_catalog(plan)
    else:
        await session.take_worker()
    return before, extra


def finish(session: Session, portal: Portal, outcome: Outcome) -> None:
    """Write how an execution ended."""
    if outcome.suspended:
        portal.state = PortalState.SUSPENDED
        session.wire.append_bytes(messages.PORTAL_SUSPENDED)
    else:
        portal.state = PortalState.DONE
        complete(session, portal.planned.plan.tag, outcome.rows)


def complete(session: Session, tag: str, rows: int = 0) -> None:
    session.wire.append_bytes(_command_complete(tag, rows))
    session.shared.metrics.statements[tag, "ok"] += 1


@lru_cache(2000)
def _command_complete(tag: str, rows: int) -> bytes:
    return messages.command_complete(counted_tag(tag).format(rows))


def counted_tag(tag: str) -> str:
    """A command tag with ``{}`` where the number of rows belongs, if one does."""
    return _COUNTED.get(tag, tag)


def _done_again(session: Session, portal: Portal) -> None:
    """A portal that ran to its end: rows give none, anything else cannot run twice."""
    plan = portal.planned.plan
    if plan.target is Target.EMPTY:
        session.wire.append_bytes(messages.EMPTY_QUERY_RESPONSE)
    elif not plan.returns_rows and plan.target is not Target.CONSTANT:
        raise PgError(sqlstate.OBJECT_NOT_IN_PREREQUISITE_STATE, f'portal "{portal.name}" cannot be run')
    else:
        complete(session, plan.tag, 0)


def row_description(session: Session, columns: tuple[Column, ...], formats: tuple[int, ...]) -> bytes:
    """formats: as expand_formats() gives them, or as in Bind."""
    return messages.row_description(columns, expand_formats(formats, len(columns)), type_length, session.encode_text)


def decode(session: Session, portal: Portal) -> list[Any]:
    """The values of a portal's parameters and literals."""
    plan = portal.planned.plan
    return list(decode_parameters(plan.parameters + plan.literals, portal.formats, portal.values, session.settings.view.context))


def check_parameters(
    session: Session, portal: str, oids: Sequence[Oid], formats: Sequence[int], values: Sequence[bytes | None]
) -> None:
    """Raise what the values given in Bind are refused for, with PostgreSQL's context. PostgreSQL: bind_param_error_callback"""
    context = session.settings.view.context
    try:
        decode_parameters(oids, formats, values, context)
    except PgError:
        for number, (oid, code, value) in enumerate(zip(oids, _codes(formats, len(oids)), values, strict=True), 1):
            try:
                decode_parameters((oid,), (code,), (value,), context)
            except PgError as error:
                shown = f'portal "{portal}"' if portal else "unnamed portal"
                error.where = f"{shown} parameter ${number}" + ("" if code else " = '...'")
                raise error from None
        raise


def _codes(formats: Sequence[int], count: int) -> Sequence[int]:
    return formats if len(formats) == count else (formats[0] if formats else 0,) * count


def moved(error: PgError, offset: int) -> PgError:
    """The error with its position counted from the start of the client's text."""
    if error.position is not None and offset:
        error.position += offset
    return error
