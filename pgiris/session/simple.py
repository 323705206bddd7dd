"""Simple query: one message, any number of statements, one implicit transaction.

PostgreSQL: protocol-flow#PROTOCOL-FLOW-SIMPLE-QUERY
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.session import execution, quick
from pgiris.session.background import in_thread, statements_of
from pgiris.session.portal import Portal
from pgiris.sql.longlists import sample
from pgiris.sql.split import LONG_TEXT, Statement
from pgiris.sql.syntax import check_syntax
from pgiris.wire import messages

if TYPE_CHECKING:
    from pgiris.session.session import Session


async def query(session: Session, message: messages.Query) -> None:
    """Run all statements up to the first that fails, then say ReadyForQuery."""
    session.portals.close("")
    session.statements.pop("", None)
    try:
        text = session.decode_text(message.raw)
        call = quick.of_query(session, text) if len(text) < LONG_TEXT else None
        if call is not None:
            return await quick.run(session, call, call.head.rows)
        session.query_text = text
        statements = await statements_of(text)
        if not statements:
            session.wire.append_bytes(messages.EMPTY_QUERY_RESPONSE)
        in_block = len(statements) > 1
        if in_block:
            await _check_syntax(session, statements)
        for number, statement in enumerate(statements, 1):
            try:
                await _run(session, statement.text, in_block, number == len(statements))
            except PgError as error:
                raise execution.moved(error, statement.offset) from None
        await session.end_implicit()
    except Exception as error:
        await session.fail(error)
    await session.ready()


async def _check_syntax(session: Session, statements: list[Statement]) -> None:
    """PostgreSQL parses all of the text before it runs the first statement."""
    planner, environment = session.database.planner, session.planning.environment()
    unknown = [one for one in statements if len(one.text) >= LONG_TEXT or planner.known(one.text, environment) is None]
    if sum(len(statement.text) for statement in unknown) < LONG_TEXT:
        _check_each(unknown)
    else:
        await in_thread(_check_each, unknown)


def _check_each(statements: list[Statement]) -> None:
    for statement in statements:
        try:
            check_syntax(sample(statement.text))
        except PgError:
            _check_whole(statement)


def _check_whole(statement: Statement) -> None:
    """What is wrong, with its place."""
    try:
        check_syntax(statement.text)
    except PgError as error:
        raise execution.moved(error, statement.offset) from None


async def _run(session: Session, text: str, in_block: bool, last: bool) -> None:
    session.begin_statement(in_block)
    statement = await session.planning.prepare(text)
    if statement.parameters:
        raise PgError(sqlstate.UNDEFINED_PARAMETER, "there is no parameter $1")
    portal = Portal("", statement, session.literals(statement))
    await execution.run(session, portal, last=last, describe=True)
    session.end_statement()
