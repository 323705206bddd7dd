"""Descriptions: COMMENT ON. The keeper keeps the texts (backend/notes.py): IRIS takes them only in the definition of a table.

PostgreSQL: sql-comment. iris-reference 4.19
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.session import sqlfunctions
from pgiris.session.database import MAY_BE_STALE
from pgiris.session.sequences import defines, find_sequence
from pgiris.sql.comment_command import Comment
from pgiris.sql.scope import find_relation, refuse_catalog, undefined_relation
from pgiris.types.relation import Relation

if TYPE_CHECKING:
    from pgiris.session.session import Session


async def _comment(session: Session, command: Comment) -> str:
    defines(session, command.tag)
    if command.function is not None:
        await sqlfunctions.describe(session, command.function, command.text)
        return command.tag
    schema, name, column = await _place(session, command)
    await session.database.keeper.ask("describe", schema, name, column, command.text)
    await session.planning.definitions_changed()
    return command.tag


async def _place(session: Session, command: Comment) -> tuple[str, str, str]:
    """IRIS's schema, the relation, and the column or ""."""
    try:
        return _found(session, command)
    except PgError as error:
        if error.code not in MAY_BE_STALE or not await session.planning.schema_has_changed():
            raise
    return _found(session, command)


def _found(session: Session, command: Comment) -> tuple[str, str, str]:
    """Raises 42P01, 42703, 42809, 0A000."""
    if command.kind == "sequence":
        return *find_sequence(session, command.name).own("COMMENT"), ""
    parts = command.name[:-1] if command.kind == "column" else command.name
    relation = _relation(session, parts)
    if command.kind != "column":
        if relation.kind != command.kind:
            raise PgError(sqlstate.WRONG_OBJECT_TYPE, f'"{relation.name}" is not a {command.kind}')
        return relation.schema, relation.name, ""
    column = relation.by_name.get(command.name[-1].lower())
    if column is None:
        message = f'column "{command.name[-1]}" of relation "{relation.name}" does not exist'
        raise PgError(sqlstate.UNDEFINED_COLUMN, message)
    return relation.schema, relation.name, column[1].name


def _relation(session: Session, parts: tuple[str, ...]) -> Relation:
    *_, schema, name = ("", *parts)
    refuse_catalog(schema, name)
    environment = session.planning.environment()
    relation = find_relation(environment.snapshot, environment.search_path, schema, name)
    if relation is None:
        raise undefined_relation(schema, name, None)
    return relation


HANDLERS: Mapping[type, Callable[[Any, Any], Awaitable[str]]] = {Comment: _comment}
