"""Extensions: CREATE, ALTER and DROP EXTENSION. What they bring is there without them (sql/extensions.py): the keeper keeps which
of them were created, for the catalogs to show (backend/notes.py).

pgvector's types are always in the catalogs, and so is its extension: CREATE EXTENSION of it succeeds the first time, and DROP
EXTENSION goes back to that.
PostgreSQL: sql-createextension, sql-alterextension, sql-dropextension
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.session.dependents import Use, drop_columns
from pgiris.session.sequences import defines
from pgiris.sql.ddl import needed
from pgiris.sql.extension_commands import AlterExtension, CreateExtension, DropExtensions
from pgiris.sql.extensions import ALWAYS, EXTENSIONS
from pgiris.sql.notices import notice, warning
from pgiris.sql.schemanames import iris_schema
from pgiris.sql.scope import first_schema
from pgiris.types import oids
from pgiris.types.table import type_name

if TYPE_CHECKING:
    from pgiris.session.session import Session

_VECTORS = frozenset(
    (oids.VECTOR, oids.VECTOR_ARRAY, oids.HALFVEC, oids.HALFVEC_ARRAY, oids.SPARSEVEC, oids.SPARSEVEC_ARRAY)
)  # fmt: skip


async def _create(session: Session, command: CreateExtension) -> str:
    defines(session, command.tag)
    name = command.name
    _check_available(name, command.version)
    there = name == "plpgsql" or (name in ALWAYS and command.absent)
    if not there:
        schema = iris_schema(command.schema or first_schema(session.planning.environment().search_path))
        there = not await session.database.keeper.ask("add_extension", name, schema)
    if not there:
        await session.planning.definitions_changed()
        return command.tag
    message = f'extension "{name}" already exists'
    if not command.absent:
        raise PgError(sqlstate.DUPLICATE_OBJECT, message)
    session.notify_all((notice(f"{message}, skipping", sqlstate.DUPLICATE_OBJECT),))
    return command.tag


def _check_available(name: str, version: str) -> None:
    known = EXTENSIONS.get(name)
    if known is None:
        hint = (
            "Extensions of PostgreSQL's server do not run in IRIS; pg_available_extensions lists those whose functions are there."
        )
        raise not_supported(f'extension "{name}" is not available', hint)
    if version not in ("", known.version):
        message = f'extension "{name}" has no installation script nor update path for version "{version}"'
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, message)


async def _alter(session: Session, command: AlterExtension) -> str:
    defines(session, command.tag)
    name = command.name
    if not await exists(session, name):
        raise missing(name)
    if command.new_schema:
        if name == "plpgsql":
            raise not_supported('extension "plpgsql" does not support SET SCHEMA')
        await session.database.keeper.ask("move_extension", name, iris_schema(command.new_schema))
        await session.planning.definitions_changed()
        return command.tag
    version = EXTENSIONS[name].version
    if command.version not in ("", version):
        message = f'extension "{name}" has no update path from version "{version}" to version "{command.version}"'
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, message)
    session.notify_all((notice(f'version "{version}" of extension "{name}" is already installed'),))
    return command.tag


async def exists(session: Session, name: str) -> bool:
    return name in ALWAYS or (name in EXTENSIONS and await session.database.keeper.ask("has_extension", name))


def missing(name: str) -> PgError:
    return PgError(sqlstate.UNDEFINED_OBJECT, f'extension "{name}" does not exist')


async def _drop(session: Session, command: DropExtensions) -> str:
    defines(session, command.tag)
    chosen: list[str] = []
    for name in dict.fromkeys(command.names):
        if await exists(session, name):
            chosen.append(name)
        elif command.exists:
            session.notify_all((notice(f"{missing(name).message}, skipping"),))
        else:
            raise missing(name)
    if "plpgsql" in chosen:
        raise not_supported('dropping extension "plpgsql" is not supported')
    if "vector" in chosen:
        await _drop_vectors(session, command)
    for name in chosen:
        await session.database.keeper.ask("drop_extension", name)
    if chosen:
        await session.planning.definitions_changed()
    return command.tag


async def _drop_vectors(session: Session, command: DropExtensions) -> None:
    """Raises 2BP01 where columns have its types, unless CASCADE drops them."""
    await session.planning.schema_has_changed()
    uses = list(_vectors(session))
    if uses and not command.cascade:
        lines = (
            f"column {column.name} of table {relation.name} depends on type {type_name(column.oid)}" for relation, column in uses
        )
        raise needed("extension vector", lines)
    if uses:
        await drop_columns(session, uses)
    session.notify_all((warning('extension "vector" is still listed: its types are always there'),))


def _vectors(session: Session) -> Iterator[Use]:
    for relation in session.planning.environment().snapshot.relations:
        for column in relation.columns:
            if relation.kind == "table" and column.oid in _VECTORS:
                yield relation, column


HANDLERS: Mapping[type, Callable[[Any, Any], Awaitable[str]]] = {
    CreateExtension: _create,
    AlterExtension: _alter,
    DropExtensions: _drop,
}
