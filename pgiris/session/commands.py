"""Commands: statements that the session answers itself, one coroutine each.

In: a Command of sql/commands.py. Out: what PostgreSQL would write for it.
PostgreSQL: sql-commands
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.session import blocks, copy, cursor, descriptions, enums, execution, extensions, made_rows, sequences, sqlfunctions
from pgiris.session.portal import LocalRows, Portal, PortalState, PreparedStatement
from pgiris.session.transaction import COMMANDS
from pgiris.sql import commands as sql
from pgiris.sql import cursor_commands, prepare_commands, setting_commands
from pgiris.sql.copy_command import CopyCommand
from pgiris.sql.made_rows import InsertMadeRows
from pgiris.sql.typenames import parse_named
from pgiris.types.oids import TEXT
from pgiris.types.rows import Column

if TYPE_CHECKING:
    from pgiris.session.session import Session

_SHOW_ALL = (Column("name", TEXT), Column("setting", TEXT), Column("description", TEXT))


async def run(session: Session, portal: Portal, command: sql.Command, *, limit: int, describe: bool, last: bool) -> None:
    """Carry out a command and write its tag, and its rows if it has any."""
    match command:
        case cursor_commands.Fetch():
            await cursor.fetch(session, portal, command, describe=describe)
            return
        case prepare_commands.Execute():
            await execute(session, portal, command, limit=limit, describe=describe, last=last)
            return
        case setting_commands.ShowSetting():
            execution.give_local(session, portal, _show(session, command), limit, describe)
            return
        case CopyCommand():
            rows = await copy.run(session, command, last=last)
            portal.state = PortalState.DONE
            execution.complete(session, "COPY", rows)
            return
        case InsertMadeRows():
            rows = await made_rows.run(session, command, last=last)
            portal.state = PortalState.DONE
            execution.complete(session, "INSERT", rows)
            return
        case cursor_commands.DeclareCursor():
            tag = await cursor.declare(session, command, portal)
        case _ if type(command) in COMMANDS:
            outcome = session.transaction.run(command)
            session.notify_all(outcome.notices)
            await session.transact(outcome.actions)
            tag = outcome.tag
        case _:
            tag = await _HANDLERS[type(command)](session, command)
    portal.state = PortalState.DONE
    execution.complete(session, tag)


def columns(session: Session, command: sql.Command) -> tuple[Column, ...] | None:
    """The result columns of a command that has them without a look at others; None when it returns no rows."""
    if isinstance(command, setting_commands.ShowSetting):
        return _show_columns(session, command)
    return None


def _show_columns(session: Session, command: setting_commands.ShowSetting) -> tuple[Column, ...]:
    if command.name is None:
        return _SHOW_ALL
    return (Column(session.settings.find(command.name).name, TEXT),)


def _show(session: Session, command: setting_commands.ShowSetting) -> LocalRows:
    if command.name is None:
        return LocalRows(_SHOW_ALL, list(session.settings.show_all()), "SHOW")
    return LocalRows(_show_columns(session, command), [(session.settings.show(command.name),)], "SHOW")


async def _discard(session: Session, command: setting_commands.Discard) -> str:
    match command.what:
        case setting_commands.DiscardWhat.ALL:
            session.transaction.prevent_in_block("DISCARD ALL")
            cursor.close_all(session)
            session.statements.clear()
            session.settings.reset_session()
            session.notifications.unlisten_all()
            session.locks.unlock_all()
            session.temporary.drop_all()
            session.sequences.forget()
        case setting_commands.DiscardWhat.TEMP:
            session.temporary.drop_all()
        case setting_commands.DiscardWhat.SEQUENCES:
            session.sequences.forget()
        case setting_commands.DiscardWhat.PLANS:
            pass  # they are shared
    return f"DISCARD {command.what.value}"


async def _prepare(session: Session, command: prepare_commands.Prepare) -> str:
    if command.name in session.statements:
        raise PgError(sqlstate.DUPLICATE_PSTATEMENT, f'prepared statement "{command.name}" already exists')
    environment = session.planning.environment()
    types = tuple(parse_named(name, environment.snapshot, environment.search_path)[0] for name in command.types)
    statement = await session.planning.prepare_within(command.text, command.start, types)
    statement.source = command.source
    if statement.columns is None and not statement.described:
        await session.planning.describe(statement)  # so that EXECUTE can tell when its result would change
    session.statements[command.name] = statement
    return "PREPARE"


async def prepared(session: Session, command: prepare_commands.Execute) -> PreparedStatement:
    """The statement that EXECUTE runs, or EXPLAIN of it."""
    statement = session.find_statement(command.name)
    if statement.environment is not session.planning.environment():
        statement = await session.planning.prepare_again(statement)
    if not command.explain:
        return statement
    return await session.planning.prepare(command.explain + statement.text, statement.parameters)


async def execute(
    session: Session, portal: Portal, command: prepare_commands.Execute, *, limit: int, describe: bool, last: bool
) -> None:
    """EXECUTE: bind constants to a prepared statement and run it in place of the command."""
    statement = await prepared(session, command)
    required = len(statement.parameters)
    if len(command.arguments) != required:
        raise PgError(
            sqlstate.SYNTAX_ERROR,
            f'wrong number of parameters for prepared statement "{command.name}"',
            detail=f"Expected {required} parameters but got {len(command.arguments)}.",
        )
    values = tuple(None if argument is None else session.encode_text(argument) for argument in command.arguments)
    own = Portal(portal.name, statement, values + session.literals(statement), (), portal.result_formats)
    await execution.run(session, own, last=last, limit=limit, describe=describe)
    if own.state is PortalState.SUSPENDED:
        session.portals.add(own)  # in the place of the portal that EXECUTE itself had
    portal.state = own.state


async def _deallocate(session: Session, command: prepare_commands.Deallocate) -> str:
    if command.name is None:
        session.statements.clear()
        return "DEALLOCATE ALL"
    session.find_statement(command.name)
    del session.statements[command.name]
    return "DEALLOCATE"


async def _listen(session: Session, command: sql.Listen) -> str:
    session.notifications.listen(command.channel)
    return "LISTEN"


async def _notify(session: Session, command: sql.Notify) -> str:
    session.notifications.notify(command.channel, command.payload)
    return "NOTIFY"


async def _unlisten(session: Session, command: sql.Unlisten) -> str:
    session.notifications.unlisten(command.channel)
    return "UNLISTEN"


_HANDLERS: Mapping[type, Callable[[Any, Any], Awaitable[str]]] = {
    setting_commands.Discard: _discard,
    prepare_commands.Prepare: _prepare,
    prepare_commands.Deallocate: _deallocate,
    cursor_commands.CloseCursor: cursor.close,
    sql.Listen: _listen,
    sql.Notify: _notify,
    sql.Unlisten: _unlisten,
    **sequences.HANDLERS,
    **descriptions.HANDLERS,
    **enums.HANDLERS,
    **extensions.HANDLERS,
    **sqlfunctions.HANDLERS,
    **blocks.HANDLERS,
}
