"""Enums: CREATE TYPE ... AS ENUM, ALTER TYPE, DROP TYPE. The keeper keeps the types (backend/notes.py).

PostgreSQL: sql-createtype, sql-altertype, sql-droptype
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pgiris import sqlstate
from pgiris.backend.enum import Enum
from pgiris.errors import PgError, not_supported
from pgiris.session.dependents import Use, drop_columns
from pgiris.session.execution import carry_out
from pgiris.session.sequences import defines
from pgiris.session.transaction import Phase
from pgiris.sql.checks import names_type
from pgiris.sql.ddl import cascades, name, needed, qualified
from pgiris.sql.notices import notice
from pgiris.sql.plan import Effect
from pgiris.sql.schemanames import iris_schema
from pgiris.sql.scope import CATALOGS, first_schema
from pgiris.sql.setting_commands import quote_literal
from pgiris.sql.type_commands import AlterEnum, CreateEnum, DropTypes, Name
from pgiris.sql.typenames import find_enum
from pgiris.types.enums import EnumType
from pgiris.types.relation import Relation, RelationColumn
from pgiris.types.routines import RoutineMeta
from pgiris.types.table import BY_NAME, TYPES, type_name

if TYPE_CHECKING:
    from pgiris.session.session import Session


async def _create(session: Session, command: CreateEnum) -> str:
    defines(session, command.tag)
    *_, schema, word = ("", *command.name)
    check_schema(schema)
    place = iris_schema(schema or first_schema(session.planning.environment().search_path))
    _check_new(session, place, word)
    await session.database.keeper.ask("create_enum", place, word, command.labels)
    await session.planning.definitions_changed()
    return command.tag


def check_schema(schema: str) -> None:
    if schema.lower() in CATALOGS:
        raise PgError(sqlstate.INSUFFICIENT_PRIVILEGE, f"permission denied for schema {schema}")


def _check_new(session: Session, place: str, name: str) -> None:
    """Raises 42710 when there is such a type, or a relation, whose rows have its type. place: IRIS's schema."""
    snapshot = session.planning.environment().snapshot
    if (place.lower(), name) in snapshot.enums or snapshot.find(place, name) is not None:
        raise PgError(sqlstate.DUPLICATE_OBJECT, f'type "{name}" already exists')


async def _alter(session: Session, command: AlterEnum) -> str:
    defines(session, command.tag)
    type_ = await existing_enum(session, command.name)
    keeper, place = session.database.keeper, (type_.schema, type_.name)
    if command.old_label is not None:
        await _rename_label(session, type_, command.old_label, command.label or "")
    elif command.label is not None:
        if command.absent and command.label in type_.labels:
            message = f'enum label "{command.label}" already exists, skipping'
            session.notify_all((notice(message, sqlstate.DUPLICATE_OBJECT),))
            return command.tag
        await keeper.ask("add_label", *place, command.label, command.place, command.neighbour)
    elif command.new_name or command.new_schema:
        check_schema(command.new_schema)
        new = (iris_schema(command.new_schema) if command.new_schema else type_.schema, command.new_name or type_.name)
        _check_new(session, *new)
        _check_named(session, type_)
        await keeper.ask("rename_enum", *place, *new)
    await session.planning.definitions_changed()
    return command.tag


def _check_named(session: Session, type_: EnumType) -> None:
    """Raises 0A000 while CHECK constraints, which are kept as texts, speak of the type."""
    for relation in session.planning.environment().snapshot.relations:
        for check in relation.checks:
            if names_type(check, type_.name):
                what = f"constraint {check.name} of table {relation.name}"
                raise not_supported(f"renaming a type that {what} speaks of is not supported")


async def existing_enum(session: Session, parts: Name) -> EnumType:
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


async def _rename_label(session: Session, type_: EnumType, old: str, new: str) -> None:
    """In the rows too, which hold labels. Raises what Enum.rename_value() raises, and 0A000 where rows cannot follow."""
    Enum(type_.schema, type_.name, type_.number, type_.labels).rename_value(old, new)
    await session.planning.schema_has_changed()
    uses = [(relation, column) for relation, column in _uses(session, type_) if relation.kind == "table"]
    for relation, column in uses:
        _check_rename(session, relation, column, old)
    await _rename_in_rows(session, uses, old, new)
    try:
        await session.database.keeper.ask("rename_label", type_.schema, type_.name, old, new)
    except PgError:
        await _rename_in_rows(session, uses, new, old)
        raise


def _check_rename(session: Session, relation: Relation, column: RelationColumn, old: str) -> None:
    what = f"renaming a value of a type that column {column.name} of table {relation.name} has"
    if session.transaction.phase is Phase.BLOCK or session.transaction.begun:
        raise not_supported(f"{what} is not supported in a transaction block", "ROLLBACK would not undo it.")
    if TYPES[column.oid].is_array:
        raise not_supported(f"{what} in arrays is not supported")
    for check in relation.checks:
        if check.mentions(column.name) and quote_literal(old) in check.expression:
            raise not_supported(f"{what} is not supported while constraint {check.name} speaks of it")
    names = {column.name.lower()}
    snapshot = session.planning.environment().snapshot
    if any(names & set(map(str.lower, key.columns)) for key in relation.references) or any(
        key.is_to(relation) and names & set(map(str.lower, key.referenced)) for r in snapshot.relations for key in r.references
    ):
        raise not_supported(f"{what} in foreign keys is not supported")
    for view in snapshot.relations:
        if view.kind == "view" and view.may_name(relation) and (not view.definition or quote_literal(old) in view.definition):
            raise not_supported(f"{what} is not supported while view {view.name} may speak of it")


async def _rename_in_rows(session: Session, uses: Sequence[Use], old: str, new: str) -> None:
    updates, defaults = [], []
    for relation, column in uses:
        table, word = qualified(relation.schema, relation.name), name(column.name)
        updates.append(f"UPDATE {table} SET {word} = {quote_literal(new)} WHERE {word} = {quote_literal(old)}")
        if column.default is not None and column.default.strip() == quote_literal(old):
            defaults.append(f"ALTER TABLE {table} ALTER COLUMN {word} SET DEFAULT {quote_literal(new)}")
    await carry_out(session, Effect.WRITE, updates)
    await carry_out(session, Effect.DDL, defaults)


def _uses(session: Session, type_: EnumType) -> Iterator[Use]:
    """Columns of the type, and of its arrays."""
    for relation in session.planning.environment().snapshot.relations:
        for column in relation.columns:
            if column.oid in (type_.oid, type_.array):
                yield relation, column


def _functions(session: Session, types: Sequence[EnumType]) -> list[RoutineMeta]:
    """Whose arguments or result are of one of the types, or of its arrays."""
    numbers = {oid for type_ in types for oid in (type_.oid, type_.array)}
    functions = session.planning.environment().snapshot.all_functions
    return [f for f in functions if f.result in numbers or any(p.oid in numbers for p in f.parameters)]


async def _drop(session: Session, command: DropTypes) -> str:
    defines(session, command.tag)
    chosen: list[EnumType] = []
    for parts in command.names:
        try:
            chosen.append(await existing_enum(session, parts))
        except PgError as error:
            if not command.exists or error.code != sqlstate.UNDEFINED_OBJECT:
                raise
            session.notify_all((notice(f"{error.message}, skipping", sqlstate.SUCCESSFUL_COMPLETION),))
    await session.planning.schema_has_changed()
    uses = [use for type_ in chosen for use in _uses(session, type_) if use[0].kind == "table"]
    for type_ in chosen if not command.cascade else ():
        _check_unused(session, type_)
    if uses:
        await drop_columns(session, uses)
    for function in _functions(session, chosen):
        assert function.function is not None
        await session.database.keeper.ask("drop_function", function.function.number)
        session.notify_all((cascades([f"function {function.name}({function.argument_types})"]),))
    for type_ in chosen:
        await session.database.keeper.ask("drop_enum", type_.schema, type_.name)
    await session.planning.definitions_changed()
    return command.tag


def _check_unused(session: Session, type_: EnumType) -> None:
    """Raises 2BP01."""
    uses = [
        f"column {column.name} of {relation.kind} {relation.name} depends on type {type_name(column.oid)}"
        for relation, column in _uses(session, type_)
    ]
    for function in _functions(session, [type_]):
        uses.append(f"function {function.name}({function.argument_types}) depends on type {type_name(type_.oid)}")
    if uses:
        raise needed(f"type {type_name(type_.oid)}", uses)


HANDLERS: Mapping[type, Callable[[Any, Any], Awaitable[str]]] = {CreateEnum: _create, AlterEnum: _alter, DropTypes: _drop}
