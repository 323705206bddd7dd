"""Blocks: DO. Definitions that are carried out one after the other, each if its condition holds.

PostgreSQL: sql-do
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from pgiris.errors import PgError, not_supported
from pgiris.session import descriptions, enums, execution, extensions, sequences, sqlfunctions
from pgiris.session.conditions import holds
from pgiris.session.portal import Portal, PreparedStatement
from pgiris.session.transaction import Phase
from pgiris.sql.blocks import Block
from pgiris.sql.plan import Effect, Target

if TYPE_CHECKING:
    from pgiris.session.session import Session

_COMMANDS: Mapping[type, Callable[[Any, Any], Awaitable[str]]] = {
    **sequences.HANDLERS,
    **descriptions.HANDLERS,
    **enums.HANDLERS,
    **extensions.HANDLERS,
    **sqlfunctions.HANDLERS,
}


async def _do(session: Session, command: Block) -> str:
    for unit in command.units:
        try:
            if not unit.condition or await holds(session, unit.condition):
                for text in unit.statements:
                    await _run(session, text, command)
        except PgError as error:
            error.position = None  # it is none of the client's text
            raise
    return command.tag


async def _run(session: Session, text: str, block: Block) -> None:
    try:
        statement = await session.planning.prepare(text)
    except PgError as error:
        if not block.ignores(error):
            raise
        return
    try:
        await _define(session, statement)
    except PgError as error:
        in_transaction = session.transaction.phase is Phase.BLOCK or session.transaction.begun
        if in_transaction and statement.planned.plan.target is Target.BACKEND:
            raise  # what IRIS has begun to do would have to be undone
        if not block.ignores(error):
            raise


async def _define(session: Session, statement: PreparedStatement) -> None:
    """Raises 0A000 for what is no definition."""
    plan = statement.planned.plan
    if plan.target is Target.NOTHING:
        session.notify_all(plan.notices)
    elif plan.target is Target.SESSION and type(plan.command) in _COMMANDS:
        await _COMMANDS[type(plan.command)](session, plan.command)
    elif plan.target is Target.BACKEND and plan.effect is Effect.DDL:
        portal = Portal("", statement, session.literals(statement), (), ())
        portal.resolved = await session.planning.resolve(plan)
        await execution.start(session, portal, 0, True)
    else:
        raise not_supported(f"{plan.tag} in DO is not supported", "Definitions are: CREATE, ALTER, DROP, COMMENT.")


HANDLERS: Mapping[type, Callable[[Any, Any], Awaitable[str]]] = {Block: _do}
