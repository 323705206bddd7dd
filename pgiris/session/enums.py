"""Enums: CREATE TYPE ... AS ENUM, ALTER TYPE, DROP TYPE. The keeper keeps the types (backend/notes.py).

PostgreSQL: sql-createtype, sql-altertype, sql-droptype
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.session.sequences import defines
from pgiris.sql.notices import notice
from pgiris.sql.schemanames import iris_schema
from pgiris.sql.scope import CATALOGS, first_schema
from pgiris.sql.type_commands import AlterEnum, CreateEnum, DropTypes, Name
from pgiris.sql.typenames import find_enum
from pgiris.types.enums import EnumType
from pgiris.types.table import BY_NAME, type_name

if TYPE_CHECKING:
    from pgiris.session.session import Session


async def _create(session: Session, command: CreateEnum) -> str:
    defines(session, command.tag)
    *_, schema, name = ("", *command.name)
    _check_schema(schema)
    place = iris_schema(schema or first_schema(session.planning.environment().search_path))
    _check_new(session, place, name)
    await session.database.keeper.ask("create_enum", place, name, command.labels)
    await session.planning.definitions_changed()
    return command.tag


def _check_schema(schema: str) -> None:
    if schema.lower() in CATALOGS:
        raise PgError(sqlstate.INSUFFICIENT_PRIVILEGE, f"permission denied for schema {schema}")


def _check_new(session: Session, place: str, name: str) -> None:
    """Raises 42710 when there is such a type, or a relation, whose rows have its type. place: IRIS's schema."""
    snapshot = session.planning.environment().snapshot
    if (place.lower(), name) in snapshot.enums or snapshot.find(place, name) is not None:
        raise PgError(sqlstate.DUPLICATE_OBJECT, f'type "{name}" already exists')


async def _alter(session: Session, command: AlterEnum) -> str:
    defines(session, command.tag)
    type_ = await _existing(session, command.name)
    keeper, place = session.database.keeper, (type_.schema, type_.name)
    if command.old_label is not None:
        if command.old_label in type_.labels and command.label not in type_.labels:
            await _check_unused_value(session, type_)
        await keeper.ask("rename_label", *place, command.old_label, command.label)
    elif command.label is not None:
        if command.absent and command.label in type_.labels:
            message = f'enum label "{command.label}" already exists, skipping'
            session.notify_all((notice(message, sqlstate.DUPLICATE_OBJECT),))
            return command.tag
        await keeper.ask("add_label", *place, command.label, command.place, command.neighbour)
    elif command.new_name or command.new_schema:
        _check_schema(command.new_schema)
        new = (iris_schema(command.new_schema) if command.new_schema else type_.schema, command.new_name or type_.name)
        _check_new(session, *new)
        await keeper.ask("rename_enum", *place, *new)
    await session.planning.definitions_changed()
    return command.tag


async def _existing(session: Session, parts: Name) -> EnumType:
    """Looks again when somebody else may have made it. Raises 42704."""
    found = _find(session, parts)
    if found is None and await session.planning.schema_has_changed():
        found = _find(session, parts)
    if found is not None:
        return found
    if parts[-1] in BY_NAME and (len(parts) == 1 or parts[-2] == "pg_catalog"):
        raise not_supported(f"changing type {type_name(BY_NAME[parts[-1]].oid)} is not supported")
    raise PgError(sqlstate.UNDEFINED_OBJECT, f'type "{".".join(parts)}" does not exist')


def _find(session: Session, parts: Name) -> EnumType | None:
    *_, schema, name = ("", *parts)
    environment = session.planning.environment()
    return find_enum(environment.snapshot, environment.search_path, schema, name)


async def _check_unused_value(session: Session, type_: EnumType) -> None:
    """Rows have labels: other fronts and workers may write the old one for a while."""
    await session.planning.schema_has_changed()
    for _, table, column in _uses(session, type_):
        hint = "Add the new value, UPDATE the rows, and leave the old value alone."
        raise not_supported(f"renaming a value of a type that column {column} of table {table} has is not supported", hint)


def _uses(session: Session, type_: EnumType) -> Iterator[tuple[str, str, str]]:
    """What of its type, table, column."""
    for relation in session.planning.environment().snapshot.relations:
        for column in relation.columns:
            if column.oid in (type_.oid, type_.array):
                yield type_name(column.oid), relation.name, column.name


async def _drop(session: Session, command: DropTypes) -> str:
    defines(session, command.tag)
    chosen: list[EnumType] = []
    for parts in command.names:
        try:
            chosen.append(await _existing(session, parts))
        except PgError as error:
            if not command.exists or error.code != sqlstate.UNDEFINED_OBJECT:
                raise
            session.notify_all((notice(f"{error.message}, skipping", sqlstate.SUCCESSFUL_COMPLETION),))
    await session.planning.schema_has_changed()
    for type_ in chosen:
        _check_unused(session, type_, command.cascade)
    for type_ in chosen:
        await session.database.keeper.ask("drop_enum", type_.schema, type_.name)
    await session.planning.definitions_changed()
    return command.tag


def _check_unused(session: Session, type_: EnumType, cascade: bool) -> None:
    """Raises 2BP01, and 0A000 with CASCADE."""
    uses = [f"column {column} of table {table} depends on type {shown}" for shown, table, column in _uses(session, type_)]
    if not uses:
        return
    if cascade:
        raise not_supported("dropping a type with the columns that have it is not supported", "Drop the columns first.")
    raise PgError(
        sqlstate.DEPENDENT_OBJECTS_STILL_EXIST,
        f"cannot drop type {type_name(type_.oid)} because other objects depend on it",
        detail="\n".join(uses),
        hint="Use DROP ... CASCADE to drop the dependent objects too.",
    )


HANDLERS: Mapping[type, Callable[[Any, Any], Awaitable[str]]] = {CreateEnum: _create, AlterEnum: _alter, DropTypes: _drop}
