"""Simple query: one message, any number of statements, one implicit transaction.

PostgreSQL: protocol-flow#PROTOCOL-FLOW-SIMPLE-QUERY
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.session import execution, quick
from pgiris.session.portal import Portal
from pgiris.sql.split import split
from pgiris.wire import messages

if TYPE_CHECKING:
    from pgiris.session.session import Session


async def query(session: Session, message: messages.Query) -> None:
    """Run all statements up to the first that fails, then say ReadyForQuery."""
    session.portals.close("")
    session.statements.pop("", None)
    try:
        text = session.decode_text(message.raw)
        call = quick.of_query(session, text)
        if call is not None:
            return await quick.run(session, call, call.head.rows)
        session.query_text = text
        statements = split(text)
        if not statements:
            session.wire.append_bytes(messages.EMPTY_QUERY_RESPONSE)
        in_block = len(statements) > 1
        for number, statement in enumerate(statements, 1):
            try:
                await _run(session, statement.text, in_block, number == len(statements))
            except PgError as error:
                raise execution.moved(error, statement.offset) from None
        await session.end_implicit()
    except Exception as error:
        await session.fail(error)
    await session.ready()


async def _run(session: Session, text: str, in_block: bool, last: bool) -> None:
    session.begin_statement(in_block)
    statement = await session.prepare(text)
    if statement.parameters:
        raise PgError(sqlstate.UNDEFINED_PARAMETER, "there is no parameter $1")
    portal = Portal("", statement, session.literals(statement))
    await execution.run(session, portal, last=last, describe=True)
    session.end_statement()
