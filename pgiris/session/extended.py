"""Extended query: Parse, Bind, Describe, Execute, Close, Flush, Sync, in pipelines of any depth.

What a step raises fails its pipeline: everything up to Sync is discarded (the wire does it). Sync ends the implicit transaction.
PostgreSQL: protocol-flow#PROTOCOL-FLOW-EXT-QUERY
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.session import execution, quick
from pgiris.session.background import in_thread, statements_of
from pgiris.session.execution import row_description
from pgiris.session.portal import Portal, PreparedStatement
from pgiris.types.codec import Oid
from pgiris.types.rows import Column, expand_formats
from pgiris.wire import messages

if TYPE_CHECKING:
    from pgiris.session.session import Session


async def parse(session: Session, message: messages.Parse) -> None:
    name = message.statement
    if name and name in session.statements:
        raise PgError(sqlstate.DUPLICATE_PSTATEMENT, f'prepared statement "{name}" already exists')
    if not name:
        session.statements.pop("", None)
    texts = await statements_of(session.decode_text(message.raw))
    if len(texts) > 1:
        raise PgError(sqlstate.SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement")
    text = texts[0].text if texts else ""
    try:
        statement = await session.planning.prepare(text, tuple(map(Oid, message.parameter_types)))
    except PgError as error:
        raise execution.moved(error, texts[0].offset if texts else 0) from None
    session.statements[name] = statement
    session.wire.append_bytes(messages.PARSE_COMPLETE)


async def bind(session: Session, message: messages.Bind) -> None:
    statement = session.find_statement(message.statement)
    call = quick.of_bind(session, statement, message)
    if call is not None and (rest := session.wire.take_execute_and_sync()) is not None:
        await quick.run(session, call, call.head.described if rest.described else call.head.bound)
        return
    supplied, required = len(message.parameters), len(statement.parameters)
    formats = message.parameter_formats
    if len(formats) > 1 and len(formats) != supplied:
        raise _violation(f"bind message has {len(formats)} parameter formats but {supplied} parameters")
    if supplied != required:
        raise _violation(
            f'bind message supplies {supplied} parameters, but prepared statement "{message.statement}" requires {required}'
        )
    session.transaction.admit(statement.planned.plan)
    name = message.portal
    if name and name in session.portals.by_name:
        raise PgError(sqlstate.DUPLICATE_CURSOR, f'cursor "{name}" already exists')
    session.portals.close(name)
    if statement.environment is not session.planning.environment():
        statement = await session.planning.prepare_again(statement)
    if len(message.result_formats) > 1:
        expand_formats(message.result_formats, len(await session.planning.describe(statement) or ()))
    literals = session.literals(statement)
    values = tuple(message.parameters)
    if supplied <= quick.MOST_PARAMETERS:
        execution.check_parameters(session, name, statement.parameters, formats, values)
    else:
        await in_thread(execution.check_parameters, session, name, statement.parameters, formats, values)
    if literals:
        formats = (*_spread(formats, supplied), *(0,) * len(literals))
        values += literals
    session.portals.add(Portal(name, statement, values, tuple(formats), tuple(message.result_formats)))
    session.wire.append_bytes(messages.BIND_COMPLETE)


def _spread(formats: tuple[int, ...], count: int) -> tuple[int, ...]:
    if len(formats) == count:
        return formats
    return (formats[0] if formats else 0,) * count


def _violation(message: str) -> PgError:
    return PgError(sqlstate.PROTOCOL_VIOLATION, message)


async def describe(session: Session, message: messages.Describe) -> None:
    if message.kind == b"S":
        statement = session.find_statement(message.name)
        session.transaction.admit(statement.planned.plan)
        columns = await session.planning.describe(statement)
        session.wire.append_bytes(messages.parameter_description(statement.parameters))
        _describe_rows(session, statement, columns, ())
    else:
        portal = session.find_portal(message.name)
        session.transaction.admit(portal.planned.plan)
        _describe_rows(session, portal.statement, await session.planning.describe(portal.statement), portal.result_formats)


def _describe_rows(
    session: Session, statement: PreparedStatement, columns: tuple[Column, ...] | None, formats: tuple[int, ...]
) -> None:
    """RowDescription, which is kept with the statement for the next time, or NoData."""
    if columns is None:
        session.wire.append_bytes(messages.NO_DATA)
        return
    key = (formats, session.settings.view.context.client_encoding)
    description = statement.descriptions.get(key)
    if description is None:
        description = statement.descriptions[key] = row_description(session, columns, formats)
    session.wire.append_bytes(description)


async def execute(session: Session, message: messages.Execute) -> None:
    portal = session.find_portal(message.portal)
    session.transaction.admit(portal.planned.plan)
    session.query_text = portal.statement.text
    session.begin_statement()
    await execution.run(session, portal, last=session.wire.next_is_sync(), limit=max(message.max_rows, 0))
    session.end_statement()


async def close(session: Session, message: messages.Close) -> None:
    if message.kind == b"S":
        session.statements.pop(message.name, None)
    else:
        session.portals.close(message.name)
    session.wire.append_bytes(messages.CLOSE_COMPLETE)


async def flush(session: Session, _: messages.Flush) -> None:
    session.peer.flush()


async def sync(session: Session, _: messages.Sync) -> None:
    try:
        await session.end_implicit()
    except Exception as error:
        await session.fail(error)
    await session.ready()


async def function_call(session: Session, _: messages.FunctionCall) -> None:
    """PostgreSQL: protocol-flow#PROTOCOL-FLOW-FUNCTION-CALL. It is answered by ReadyForQuery, as Query is."""
    await session.fail(not_supported("the function call protocol is not supported", hint="Call the function in a SELECT."))
    await session.ready()


HANDLERS: Mapping[type, Callable[[Any, Any], Awaitable[None]]] = {
    messages.Parse: parse,
    messages.Bind: bind,
    messages.Describe: describe,
    messages.Execute: execute,
    messages.Close: close,
    messages.Flush: flush,
    messages.Sync: sync,
    messages.FunctionCall: function_call,
}
