"""Functions in SQL: CREATE, ALTER and DROP FUNCTION, and COMMENT ON them. The keeper keeps them (backend/notes.py).

PostgreSQL: sql-createfunction, sql-alterfunction, sql-dropfunction
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from pgiris import sqlstate
from pgiris.backend.function import Function, Parameter
from pgiris.errors import PgError, not_supported
from pgiris.session.enums import check_schema
from pgiris.session.execution import carry_out
from pgiris.session.sequences import defines
from pgiris.sql import planner
from pgiris.sql.copy_command import qualified_name
from pgiris.sql.ddl import qualified
from pgiris.sql.function_commands import AlterFunction, CreateFunction, DropFunctions, FunctionName, FunctionOptions
from pgiris.sql.functionbodies import RETURN
from pgiris.sql.notices import notice, warning
from pgiris.sql.overloads import is_built_in, visible
from pgiris.sql.plan import Effect
from pgiris.sql.reader import Reader
from pgiris.sql.schemanames import iris_schema, is_temporary, shown_schema
from pgiris.sql.scope import TEMPORARY, find_relation, first_schema
from pgiris.sql.setting_commands import quote_identifier
from pgiris.sql.typenames import parse_named
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.iristypes import noted_type
from pgiris.types.routines import FunctionMeta, ParameterMeta, RoutineMeta
from pgiris.types.table import type_name

if TYPE_CHECKING:
    from pgiris.session.session import Session

_NUMBER_BITS = 48


async def _create(session: Session, command: CreateFunction) -> str:
    defines(session, command.tag)
    *_, schema, name = ("", *command.name)
    check_schema(schema)
    if schema == TEMPORARY or is_temporary(schema):
        raise not_supported("temporary functions are not supported")
    await session.planning.schema_has_changed()
    if is_built_in(name):
        raise not_supported(f"functions of the name of one of PostgreSQL's own are not supported: {name}")
    made = _made(session, command, schema, name)
    before = next((f for f in _of_place(session, made.schema, name) if f.signature == made.signature), None)
    if before is not None:
        visible_here = iris_schema(schema) in map(iris_schema, session.planning.environment().search_path)
        shown = shown_function(before, not schema or visible_here)
        _check_replaces(before, made, shown, command.replaces)
        assert made.function is not None and before.function is not None
        about = msgspec.structs.replace(made.function, number=before.function.number, comment=before.function.comment)
        made = msgspec.structs.replace(made, function=about)
    if command.form or session.settings.value("check_function_bodies"):
        _check(session, made, command)
    await _put(session, made, before is not None)
    return command.tag


def _check(session: Session, function: RoutineMeta, command: CreateFunction) -> None:
    """Errors of the body have their places in the statement."""
    try:
        planner.check_function(function, session.planning.environment())
    except PgError as error:
        if error.position is not None:
            place = error.position - (len(RETURN) if command.form == "return" else 0)
            error.position = command.start + place if command.start >= 0 and place > 0 else None
        raise


async def _put(session: Session, function: RoutineMeta, replaced: bool) -> None:
    about = function.function
    assert about is not None
    parameters = tuple(Parameter(p.name, noted_type(Oid(p.oid)), p.mode, p.default) for p in function.parameters)
    note = Function(function.schema, function.name, parameters, noted_type(Oid(function.result)), function.text, about)
    await session.database.keeper.ask("put_function", msgspec.to_builtins(note), replaced)
    await session.planning.definitions_changed()


def _of_place(session: Session, schema: str, name: str) -> list[RoutineMeta]:
    """schema: IRIS's."""
    found = session.planning.environment().snapshot.functions.get(name, ())
    return [function for function in found if function.schema.lower() == schema.lower()]


def _made(session: Session, command: CreateFunction, schema: str, name: str) -> RoutineMeta:
    """Raises 42704, 42P13, 0A000."""
    parameters = tuple(ParameterMeta(p.name, p.mode, _argument_type(session, p.type), -1, p.default) for p in command.parameters)
    _check_names(parameters)
    columns = [p for p in parameters if p.mode == "TABLE"]
    result = _type(session, command.returns) if command.returns else columns[0].oid if len(columns) == 1 else oids.RECORD
    if result == oids.VOID:
        raise not_supported("functions that return void are not supported")
    _check_rows(command.options, command.returns_set)
    about = FunctionMeta(secrets.randbits(_NUMBER_BITS), command.form, returns_set=command.returns_set)
    about = msgspec.structs.replace(about, rows=1000.0 if command.returns_set else 0.0)
    place = iris_schema(schema or first_schema(session.planning.environment().search_path))
    return RoutineMeta(place, name, False, result, True, command.body, parameters, _with_options(about, command.options))


def _check_rows(options: FunctionOptions, returns_set: bool) -> None:
    if options.rows is not None and not returns_set:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "ROWS is not applicable when function does not return a set")


def _with_options(about: FunctionMeta, options: FunctionOptions) -> FunctionMeta:
    names = ("volatility", "strict", "leakproof", "parallel", "cost", "rows")
    said = {name: value for name in names if (value := getattr(options, name)) is not None}
    return msgspec.structs.replace(about, **said)


def _argument_type(session: Session, text: str) -> Oid:
    try:
        return _type(session, text)
    except PgError as error:
        if error.code == sqlstate.UNDEFINED_OBJECT:
            error.message = error.message.replace('"', "")  # as PostgreSQL has it here
        raise


def _type(session: Session, text: str) -> Oid:
    """Raises 42704, 0A000."""
    environment = session.planning.environment()
    snapshot, path = environment.snapshot, environment.search_path
    try:
        oid = parse_named(text, snapshot, path)[0]
    except PgError as error:
        parts = qualified_name(Reader(text, 0))
        *_, schema, name = ("", *parts)
        if find_relation(snapshot, path, schema, name) is not None:
            raise not_supported("functions of rows of tables are not supported") from None
        error.position = None
        raise
    if oid in (oids.RECORD, oids.UNKNOWN):
        raise not_supported(f"functions of type {type_name(oid)} are not supported")
    return oid


def _check_names(parameters: Sequence[ParameterMeta]) -> None:
    names = [p.name for p in parameters if p.name]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise PgError(sqlstate.INVALID_FUNCTION_DEFINITION, f'parameter name "{name}" used more than once')


def _check_replaces(before: RoutineMeta, after: RoutineMeta, shown: str, replaces: bool) -> None:
    """Raises 42723, 42P13."""
    if not replaces:
        message = f'function "{after.name}" already exists with same argument types'
        raise PgError(sqlstate.DUPLICATE_FUNCTION, message)
    assert before.function is not None and after.function is not None
    hint = f"Use DROP FUNCTION {shown} first."
    columns = [[(p.name, p.oid) for p in f.parameters if p.mode == "TABLE"] for f in (before, after)]
    message = ""
    if (before.result, before.function.returns_set) != (after.result, after.function.returns_set):
        message = "cannot change return type of existing function"
    elif columns[0] != columns[1]:
        detail = "Row type defined by OUT parameters is different."
        raise PgError(
            sqlstate.INVALID_FUNCTION_DEFINITION, "cannot change return type of existing function", detail=detail, hint=hint
        )
    for old, new in zip(before.inputs, after.inputs, strict=True):
        if not message and old.name and old.name != new.name:
            message = f'cannot change name of input parameter "{old.name}"'
        if not message and old.default and not new.default:
            message = "cannot remove parameter defaults from existing function"
    if message:
        raise PgError(sqlstate.INVALID_FUNCTION_DEFINITION, message, hint=hint)


def shown_function(function: RoutineMeta, is_visible: bool) -> str:
    """As regprocedure shows it."""
    place = "" if is_visible else f"{quote_identifier(shown_schema(function.schema))}."
    return f"{place}{quote_identifier(function.name)}({function.argument_types})"


# Which one is meant


async def _find(session: Session, wanted: FunctionName) -> RoutineMeta | None:
    """None: pgiris keeps none of that name. Raises 42883 where others of the name are, 42725."""
    if not _named(session, wanted):
        await session.planning.schema_has_changed()
    found = _named(session, wanted)
    if not found:
        return None
    shown = ".".join(wanted.name)
    if wanted.types is None:
        if len(found) > 1:
            hint = "Specify the argument list to select the function unambiguously."
            raise PgError(sqlstate.AMBIGUOUS_FUNCTION, f'function name "{shown}" is not unique', hint=hint)
        return found[0]
    types = tuple(_type(session, text) for text in wanted.types)
    for function in found:
        if function.signature == types:
            return function
    message = f"function {shown}({', '.join(type_name(oid) for oid in types)}) does not exist"
    raise PgError(sqlstate.UNDEFINED_FUNCTION, message)


def _named(session: Session, wanted: FunctionName) -> list[RoutineMeta]:
    *_, schema, name = ("", *wanted.name)
    environment = session.planning.environment()
    return visible(environment.snapshot, environment.search_path, schema, name)


async def existing(session: Session, wanted: FunctionName) -> RoutineMeta:
    """Raises 42883, 42725."""
    found = await _find(session, wanted)
    if found is None:
        raise _missing(session, wanted)
    return found


def _missing(session: Session, wanted: FunctionName) -> PgError:
    shown = ".".join(wanted.name)
    if wanted.types is None:
        return PgError(sqlstate.UNDEFINED_FUNCTION, f'could not find a function named "{shown}"')
    types = ", ".join(type_name(_type(session, text)) for text in wanted.types)
    return PgError(sqlstate.UNDEFINED_FUNCTION, f"function {shown}({types}) does not exist")


# ALTER, DROP, COMMENT


async def _alter(session: Session, command: AlterFunction) -> str:
    defines(session, command.tag)
    before = await existing(session, command.function)
    assert before.function is not None
    after = before
    if command.options is not None:
        _check_rows(command.options, before.function.returns_set)
        after = msgspec.structs.replace(before, function=_with_options(before.function, command.options))
    if command.new_name or command.new_schema:
        check_schema(command.new_schema)
        if is_built_in(command.new_name):
            raise not_supported(f"functions of the name of one of PostgreSQL's own are not supported: {command.new_name}")
        place = iris_schema(command.new_schema) if command.new_schema else before.schema
        after = msgspec.structs.replace(before, schema=place, name=command.new_name or before.name)
        others = _of_place(session, after.schema, after.name)
        if any(other.signature == after.signature and other.function != before.function for other in others):
            shown = shown_function(after, True).replace(",", ", ")
            where = command.new_schema or (command.function.name[-2] if len(command.function.name) > 1 else "public")
            message = f'function {shown} already exists in schema "{where}"'
            raise PgError(sqlstate.DUPLICATE_FUNCTION, message)
    if after != before:
        await _put(session, after, True)
    return command.tag


async def _drop(session: Session, command: DropFunctions) -> str:
    """What pgiris keeps; the others may be IRIS's."""
    defines(session, command.tag)
    await session.planning.schema_has_changed()
    kept: list[RoutineMeta] = []
    of_iris: list[tuple[FunctionName, str]] = []
    for wanted in command.functions:
        try:
            found = await _find(session, wanted)
        except PgError as error:
            if not command.exists or error.code not in (sqlstate.UNDEFINED_FUNCTION, sqlstate.UNDEFINED_OBJECT):
                raise
            session.notify_all((notice(f"{error.message}, skipping", sqlstate.SUCCESSFUL_COMPLETION),))
            continue
        if found is not None:
            kept.append(found)
        else:
            *_, schema, name = ("", *wanted.name)
            place = iris_schema(schema or first_schema(session.planning.environment().search_path))
            text = f"DROP FUNCTION {'IF EXISTS ' if command.exists else ''}{qualified(place, name)}"
            of_iris.append((wanted, text))
    for wanted, text in of_iris:
        await _drop_of_iris(session, wanted, text)
    for function in kept:
        assert function.function is not None
        await session.database.keeper.ask("drop_function", function.function.number)
    await session.planning.definitions_changed()
    return command.tag


async def _drop_of_iris(session: Session, wanted: FunctionName, text: str) -> None:
    try:
        await carry_out(session, Effect.DDL, [text])
    except PgError as error:
        raise _missing(session, wanted) if error.code == sqlstate.UNDEFINED_FUNCTION else error from None


async def describe(session: Session, wanted: FunctionName, text: str | None) -> None:
    """COMMENT ON FUNCTION"""
    before = await _find(session, wanted)
    if before is None:  # it may be one of IRIS's
        session.notify_all((warning("COMMENT is ignored: those of functions in SQL are kept"),))
        return
    assert before.function is not None
    about = msgspec.structs.replace(before.function, comment=text or "")
    await _put(session, msgspec.structs.replace(before, function=about), True)


HANDLERS: Mapping[type, Callable[[Any, Any], Awaitable[str]]] = {
    CreateFunction: _create,
    AlterFunction: _alter,
    DropFunctions: _drop,
}
