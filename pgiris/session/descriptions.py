"""Descriptions: COMMENT ON. The keeper keeps the texts (backend/notes.py): IRIS takes them only in the definition of a table.

PostgreSQL: sql-comment. iris-reference 4.19
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.session import extensions, sqlfunctions
from pgiris.session.conditions import holds
from pgiris.session.database import MAY_BE_STALE
from pgiris.session.enums import existing_enum
from pgiris.session.sequences import defines, find_sequence
from pgiris.sql.comment_command import Comment
from pgiris.sql.indexes import tables_of
from pgiris.sql.schemanames import iris_schema
from pgiris.sql.scope import find_relation, refuse_catalog, undefined_relation
from pgiris.sql.setting_commands import quote_literal
from pgiris.sql.tables import constraints_of
from pgiris.types.relation import Relation

if TYPE_CHECKING:
    from pgiris.session.session import Session


async def _comment(session: Session, command: Comment) -> str:
    defines(session, command.tag)
    if command.function is not None:
        await sqlfunctions.describe(session, command.function, command.text)
        return command.tag
    keeper = session.database.keeper
    if command.kind in ("index", "constraint"):
        table, name = await _part(session, command)
        await keeper.ask("describe_part", table.schema, table.name, command.kind, name, command.text)
    elif command.kind in _OTHERS:
        place = await _OTHERS[command.kind](session, command.name)
        if place is None:
            return command.tag
        await keeper.ask("remark", command.kind, *place, command.text)
    else:
        await keeper.ask("describe", *await _place(session, command), command.text)
    await session.planning.definitions_changed()
    return command.tag


# Indexes and constraints


async def _part(session: Session, command: Comment) -> tuple[Relation, str]:
    """The table and the name. Raises 42P01, 42704, 42809."""
    find = _index if command.kind == "index" else _constraint
    try:
        return find(session, command.name)
    except PgError as error:
        if error.code not in MAY_BE_STALE and error.code != sqlstate.UNDEFINED_OBJECT:
            raise
        if not await session.planning.schema_has_changed():
            raise
    return find(session, command.name)


def _index(session: Session, parts: tuple[str, ...]) -> tuple[Relation, str]:
    *_, schema, name = ("", *parts)
    environment = session.planning.environment()
    path = (schema,) if schema else environment.search_path
    for place in path:
        for table in tables_of(environment.snapshot, iris_schema(place), name):
            return table, name
    if find_relation(environment.snapshot, environment.search_path, schema, name) is not None:
        raise PgError(sqlstate.WRONG_OBJECT_TYPE, f'"{name}" is not an index')
    raise undefined_relation(schema, name, None)


def _constraint(session: Session, parts: tuple[str, ...]) -> tuple[Relation, str]:
    table, name = _relation(session, parts[:-1]), parts[-1]
    if name.lower() not in map(str.lower, constraints_of(table)):
        message = f'constraint "{name}" for table "{table.name}" does not exist'
        raise PgError(sqlstate.UNDEFINED_OBJECT, message)
    return table, name


# What is neither a relation nor part of one: IRIS's schema and the name, as Remark has them


async def _schema(session: Session, parts: tuple[str, ...]) -> tuple[str, str]:
    name = parts[0]
    refuse_catalog(name, "")
    if not await holds(session, f"EXISTS (SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = {quote_literal(name)})"):
        raise PgError(sqlstate.INVALID_SCHEMA_NAME, f'schema "{name}" does not exist')
    return iris_schema(name), ""


async def _type(session: Session, parts: tuple[str, ...]) -> tuple[str, str]:
    type_ = await existing_enum(session, parts)
    return type_.schema, type_.name


async def _extension(session: Session, parts: tuple[str, ...]) -> tuple[str, str]:
    name = parts[0]
    if not await extensions.exists(session, name):
        raise extensions.missing(name)
    return "", name


async def _database(session: Session, parts: tuple[str, ...]) -> tuple[str, str] | None:
    """Texts are kept where the session's database is. None: there is no such database, which is told."""
    name = parts[0]
    if name.lower() == session.database_name.lower():
        return "", name.lower()
    if await holds(session, f"EXISTS (SELECT 1 FROM pg_catalog.pg_database WHERE datname = {quote_literal(name)})"):
        raise not_supported("comments on other databases than the session's are not supported")
    session.notify_all((PgError(sqlstate.INVALID_CATALOG_NAME, f'database "{name}" does not exist', "WARNING"),))
    return None


async def _role(session: Session, parts: tuple[str, ...]) -> tuple[str, str]:
    name = parts[0]
    if not await holds(session, f"EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = {quote_literal(name)})"):
        raise PgError(sqlstate.UNDEFINED_OBJECT, f'role "{name}" does not exist')
    return "", name.lower()


_OTHERS: Mapping[str, Callable[[Session, tuple[str, ...]], Awaitable[tuple[str, str] | None]]] = {
    "schema": _schema,
    "type": _type,
    "extension": _extension,
    "database": _database,
    "role": _role,
}


# Relations and columns


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
