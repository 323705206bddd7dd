"""COPY: between the client's stream and a worker, which does the formats.

In: a CopyCommand. Out: CopyOutResponse, data and CopyDone; or CopyInResponse and the client's data taken.
PostgreSQL: sql-copy, protocol-flow#PROTOCOL-COPY
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from pgiris import sqlstate
from pgiris.backend.worker import frames
from pgiris.copy import CopyFormat, CopyOptions, read_options
from pgiris.copy.encode import Encoder
from pgiris.copy.formats import reader, writer
from pgiris.errors import PgError, not_supported
from pgiris.session import execution
from pgiris.session.database import Resolved
from pgiris.session.portal import Portal, PreparedStatement
from pgiris.session.upload import Upload
from pgiris.sql import copy_texts
from pgiris.sql.copy_command import CopyCommand, refuse_server_side
from pgiris.sql.plan import Plan, Target
from pgiris.sql.session_functions import EACH_TIME
from pgiris.types.relation import Relation, RelationColumn
from pgiris.types.rows import decode_parameters
from pgiris.wire import messages
from pgiris.wire.phases import Phase as WirePhase

if TYPE_CHECKING:
    from pgiris.session.session import Session

MOST_DEFAULTS = 6  # columns with defaults under the option DEFAULT: each choice of them is a statement of its own


async def run(session: Session, command: CopyCommand, *, last: bool) -> int:
    """Carry out a COPY; how many rows it copied. last: nothing follows it in its implicit transaction."""
    if command.file is not None:
        raise refuse_server_side(command)
    if command.direction == "from":
        return await _copy_in(session, command, last)
    if command.query is not None:
        return await _copy_query(session, command, command.query, last)
    catalog = copy_texts.catalog_text(command)
    if catalog is not None:
        return await _copy_query(session, command, catalog, last)
    relation = await session.planning.find_table(command)
    columns = copy_texts.copied_columns(command, relation)
    options = read_options(command.options, from_client=False)
    _check_forced(options, [column.name for column in relation.columns], relation)
    statement = await session.planning.prepare(copy_texts.select_text(relation, columns))
    return await _copy_out(session, statement, options, tuple(column.name for column in columns), last)


# Out


async def _copy_query(session: Session, command: CopyCommand, query: str, last: bool) -> int:
    options = read_options(command.options, from_client=False)
    try:
        statement = await session.planning.prepare(query)
        if statement.parameters:
            raise PgError(sqlstate.UNDEFINED_PARAMETER, "there is no parameter $1")
        columns = await session.planning.describe(statement)
    except PgError as error:
        raise execution.moved(error, command.query_start) from None
    if columns is None:
        raise not_supported("COPY query must have a RETURNING clause")
    names = tuple(column.name for column in columns)
    _check_forced(options, names, None)
    return await _copy_out(session, statement, options, names, last)


async def _copy_out(
    session: Session, statement: PreparedStatement, options: CopyOptions, names: tuple[str, ...], last: bool
) -> int:
    writer(options, names)  # which refuses options about other columns
    portal = Portal("", statement, session.literals(statement))
    plan = statement.planned.plan
    if plan.target is Target.CONSTANT:
        return await _copy_constants(session, portal, options, names, last)
    if plan.target not in execution.BY_WORKERS:
        raise not_supported("COPY of this query is not supported")
    resolved = portal.resolved = await session.planning.resolve(plan)
    before, extra = await execution.prelude(session, portal, last)
    began = time.monotonic()
    session.wire.append(messages.CopyOutResponse(*_formats(options, len(resolved.columns))))
    outcome = await session.lease_of(plan).copy_out(resolved, before, portal.values, portal.formats, extra, options, names)
    session.wire.append(messages.CopyDone())
    session.shared.metrics.statement_seconds.observe(time.monotonic() - began)
    return outcome.rows


async def _copy_constants(session: Session, portal: Portal, options: CopyOptions, names: tuple[str, ...], last: bool) -> int:
    """The one row of a query that needs no backend."""
    session.transaction.before(portal.planned.plan, not last)
    local = await execution.constant_rows(session, portal)
    encoder = Encoder(options, names, local.columns, session.settings.view.context)
    data = encoder.start() + encoder.rows(local.rows) + encoder.end()
    session.wire.append(messages.CopyOutResponse(*_formats(options, len(local.columns))))
    session.wire.append_bytes(data)
    session.wire.append(messages.CopyDone())
    return len(local.rows)


def _check_forced(options: CopyOptions, known: Sequence[str], relation: Relation | None) -> None:
    for names in (options.force_quote or (), options.force_not_null, options.force_null):
        copy_texts.check_forced(names, known, relation)


def _formats(options: CopyOptions, columns: int) -> tuple[int, tuple[int, ...]]:
    code = int(options.format is CopyFormat.BINARY)
    return code, (code,) * columns


# In


async def _copy_in(session: Session, command: CopyCommand, last: bool) -> int:
    relation = await session.planning.find_table(command)
    columns = copy_texts.copied_columns(command, relation)
    condition = await _condition(session, command, relation, columns)
    if session.settings.view.read_only:
        raise session.transaction.read_only_error("COPY FROM")
    options = read_options(command.options, from_client=True)
    _check_forced(options, [column.name for column in relation.columns], relation)
    names = tuple(column.name for column in columns)
    reader(options, names, relation.name)  # which refuses options about other columns
    if options.default is not None and condition is not None:
        raise not_supported("WHERE together with the option DEFAULT is not supported")
    inserts = await insertions(session, relation, columns, options)
    more = not last or session.wire.phase is WirePhase.EXTENDED  # a Sync that has come already does not count during a COPY
    before = session.transaction.before(inserts[0].resolved.plan, more)
    await session.take_worker()
    request = frames.CopyIn(
        session.lease.next_serial(),
        tuple(insertion.variant for insertion in inserts),
        condition.resolved.number if condition is not None else 0,
        condition.literals if condition is not None else (),
        condition.extra if condition is not None else (),
        before,
        options,
        names,
        tuple(column.oid for column in columns),
        relation.name,
    )
    needed = [insertion.resolved for insertion in inserts] + ([condition.resolved] if condition is not None else [])
    count = await _receive(session, request, needed, len(columns))
    note_generated(session, inserts[-1].resolved.plan)
    return count


def note_generated(session: Session, insert: Plan) -> None:
    """After rows were inserted whose numbers nobody tells."""
    if insert.generates is not None:
        session.sequences.generated(insert.generates._replace(told=False), None)


async def _receive(session: Session, request: frames.CopyIn, needed: Sequence[Resolved], columns: int) -> int:
    began = time.monotonic()
    lease = session.lease
    exchange = lease.start_copy_in(request, needed)
    session.wire.copy_in()
    session.wire.append(messages.CopyInResponse(*_formats(request.options, columns)))
    session.peer.flush()
    try:
        try:
            await Upload(session.peer, exchange, session.shared.config.credit_blocks).run()
        except BaseException:
            lease.abandon()
            raise
        outcome = await lease.relay(exchange)
    except PgError:
        session.wire.fail()  # what is left of the data means nothing any more
        raise
    session.shared.metrics.statement_seconds.observe(time.monotonic() - began)
    return outcome.rows


@dataclass(frozen=True)
class Insertion:
    """A statement that inserts a row."""

    resolved: Resolved
    variant: frames.CopyVariant


async def insertions(
    session: Session, relation: Relation, columns: Sequence[RelationColumn], options: CopyOptions
) -> list[Insertion]:
    """One for each choice of columns that take their defaults."""
    choices: list[tuple[int, ...]] = [()]
    if options.default is not None:
        places = [
            place
            for place, column in enumerate(columns)
            if column.default is not None or column.identity or column.has_own_default
        ]
        if len(places) > MOST_DEFAULTS:
            raise not_supported(f"COPY DEFAULT with more than {MOST_DEFAULTS} columns that have defaults is not supported")
        choices = [choice for size in range(len(places) + 1) for choice in combinations(places, size)]
    oids = tuple(column.oid for column in columns)
    found = []
    for choice in choices:
        statement = await session.planning.prepare(copy_texts.insert_text(relation, columns, choice), oids)
        found.append(await _insertion(session, statement, choice, len(columns)))
    return found


async def _insertion(session: Session, statement: PreparedStatement, defaults: tuple[int, ...], width: int) -> Insertion:
    plan, literals = statement.planned.plan, session.literals(statement)
    constants = decode_parameters(plan.literals, (), literals, session.settings.view.context)
    values = [*[None] * width, *constants]
    extra = tuple(await session.session_values(plan, values)) if plan.session_values else ()
    drawn = tuple(
        (place, call.function, tuple(values[a] if isinstance(a, int) else a for a in call.arguments))
        for place, call in enumerate(plan.session_values)
        if call.function in EACH_TIME
    )
    resolved = await session.planning.resolve(plan)
    return Insertion(resolved, frames.CopyVariant(defaults, resolved.number, literals, extra, drawn))


@dataclass(frozen=True)
class _Condition:
    """The query that says whether a row is wanted. literals, extra: what it takes besides the row's values."""

    resolved: Resolved
    literals: tuple[bytes | None, ...]
    extra: tuple[Any, ...]


async def _condition(
    session: Session, command: CopyCommand, relation: Relation, columns: Sequence[RelationColumn]
) -> _Condition | None:
    if command.where is None:
        return None
    condition = copy_texts.condition_of(command, relation, columns)
    try:
        statement = await session.planning.prepare(condition.text, tuple(column.oid for column in columns))
    except PgError as error:
        raise condition.moved(error) from None
    plan = statement.planned.plan
    if plan.target is not Target.BACKEND:
        raise not_supported("this COPY FROM WHERE condition is not supported")
    session.notify_all(plan.notices)
    extra = tuple(await session.session_values(plan, ())) if plan.session_values else ()
    return _Condition(await session.planning.resolve(plan), session.literals(statement), extra)
