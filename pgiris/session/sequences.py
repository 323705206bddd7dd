"""Sequences: numbers that a session draws and has drawn, and the commands that make and change sequences.

In: names, and the present schema. Out: numbers of the database's keeper (backend/keeper.py). What currval() and lastval() tell is
the session's own, since its workers change. IRIS counts serial and identity columns: workers tell what they have generated.
PostgreSQL: functions-sequence
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.session.conditions import holds
from pgiris.session.execution import DDL_IN_BLOCK
from pgiris.session.transaction import Phase
from pgiris.sql import sequences
from pgiris.sql.copy_command import qualified_name
from pgiris.sql.ddl import cascades, needed
from pgiris.sql.notices import notice
from pgiris.sql.plan import Generated
from pgiris.sql.reader import Reader
from pgiris.sql.schemanames import iris_schema, shown_schema
from pgiris.sql.scope import find_relation, first_schema, undefined_relation
from pgiris.sql.sequence_commands import AlterSequence, CreateSequence, DropSequence, Name, SequenceOptions
from pgiris.sql.setting_commands import quote_identifier, quote_literal
from pgiris.types.relation import Relation, RelationColumn

if TYPE_CHECKING:
    from pgiris.session.session import Session

Place = tuple[str, str]  # IRIS's schema and the name, in lower case


@dataclass(frozen=True)
class Found:
    """A sequence: a relation, or that of a column which IRIS counts."""

    schema: str  # IRIS's
    name: str
    relation: Relation
    column: RelationColumn | None = None

    @property
    def place(self) -> Place:
        return self.schema.lower(), self.name.lower()

    def own(self, doing: str) -> Place:
        """Where its state is kept. Raises 0A000 for a column that IRIS counts."""
        if self.column is None:
            return self.schema, self.name
        raise not_supported(
            f'{doing} of sequence "{self.name}" is not supported',
            f'IRIS itself counts column "{self.column.name}": insert a row, or use a sequence made by CREATE SEQUENCE.',
        )


class Sequences:
    """Of one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._current: dict[Place, int] = {}
        self._last: Place | None = None

    def forget(self) -> None:
        """DISCARD SEQUENCES"""
        self._current.clear()
        self._last = None

    def generated(self, what: Generated, number: int | None) -> None:
        """Rows were inserted, and to the last one's serial or identity column IRIS has given this number.

        None: there were no rows, or nobody can tell; then it is not defined any more, rather than a wrong one.
        """
        place = (what.schema.lower(), what.name.lower())
        if number is not None:
            self._last = place
            self._current[place] = number
        elif not what.told:
            self._current.pop(place, None)
            self._last = None

    async def draw(self, text: object, count: int = 1) -> list[int]:
        """nextval(), so many times. Raises 42P01, 42809, 2200H, 25006."""
        found = await self.find(text)
        self._writes("nextval")
        numbers = await self._session.database.keeper.ask("draw", *found.own("nextval"), count)
        self._last = found.place
        self._current[found.place] = numbers[-1]
        return list(numbers)

    async def draw_one(self, name: str) -> int:
        return (await self.draw(name))[0]

    async def current(self, text: object) -> int:
        found = await self.find(text)
        number = self._current.get(found.place)
        if number is None:
            message = f'currval of sequence "{found.name}" is not yet defined in this session'
            raise PgError(sqlstate.OBJECT_NOT_IN_PREREQUISITE_STATE, message)
        return number

    def last(self) -> int:
        if self._last is None:
            raise PgError(sqlstate.OBJECT_NOT_IN_PREREQUISITE_STATE, "lastval is not yet defined in this session")
        return self._current[self._last]

    async def put(self, text: object, value: int, called: bool = True) -> int:
        """setval(). Raises 22003 beside what draw() raises."""
        found = await self.find(text)
        self._writes("setval")
        await self._session.database.keeper.ask("put", *found.own("setval"), value, called)
        if called:
            self._current[found.place] = value
        return value

    async def put_counted(self, text: object, value: int, called: bool, largest: int | None) -> int:
        """setval() of a column that IRIS counts, whose next number is larger than all that are there: to ask for that is
        answered. Raises 0A000 for another number."""
        found = await self.find(text)
        self._writes("setval")
        following, least = value + called, 1 if largest is None else largest + 1
        if not least <= following <= least + 1:
            found.own(f"setval({value})")
        if largest is None:
            message = f'the next number of column "{found.column.name if found.column else ""}" may be larger than {following}'
            hint = "IRIS counts it by itself, and goes on after numbers of rows that were deleted. TRUNCATE begins at 1."
            self._session.notify(PgError(sqlstate.WARNING, message, "WARNING", hint=hint))
        if called:
            self._current[found.place] = value
        return value

    def of_column(self, table: str, column: str) -> str | None:
        """pg_get_serial_sequence(). Raises 42P01, 42703."""
        *_, schema, name = ("", *_parts(table))
        environment = self._session.planning.environment()
        relation = find_relation(environment.snapshot, environment.search_path, schema, name)
        if relation is None:
            raise undefined_relation(schema, name, None)
        entry = relation.by_name.get(column.lower())
        if entry is None:
            raise PgError(sqlstate.UNDEFINED_COLUMN, f'column "{column}" of relation "{relation.name}" does not exist')
        owner = (relation.schema, relation.name, entry[1].name)
        owned = (r.name for r in environment.snapshot.relations if r.owner is not None and _same(r.owner, owner))
        sequence = sequences.name_of(relation, entry[1]) if entry[1].identity else next(owned, None)
        if sequence is None:
            return None
        return f"{quote_identifier(shown_schema(relation.schema))}.{quote_identifier(sequence)}"

    async def state(self, text: str) -> tuple[int, bool]:
        """last_value and is_called"""
        found = await self.find(text)
        last, called = await self._session.database.keeper.ask("state", *found.own("the state"))
        return last, called

    def _writes(self, function: str) -> None:
        if self._session.settings.view.read_only:
            raise self._session.transaction.read_only_error(f"{function}()")

    async def find(self, text: object) -> Found:
        """text: a name as in a statement, or an OID. Looks again when somebody else may have made it, but not for a statement
        that runs and asks for it: its worker would not answer."""
        try:
            return self._find(text)
        except PgError as error:
            session = self._session
            if error.code != sqlstate.UNDEFINED_TABLE or session.lease.runs or not await session.planning.schema_has_changed():
                raise
        return self._find(text)

    def _find(self, text: object) -> Found:
        environment = self._session.planning.environment()
        if isinstance(text, int) or str(text).isdigit():
            relation = next((r for r in environment.snapshot.relations if r.oid == int(str(text))), None)
            if relation is None:
                raise PgError(sqlstate.UNDEFINED_TABLE, f"could not open relation with OID {text}")
            return _as_sequence(relation)
        return find_sequence(self._session, _parts(str(text)))


def _same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return tuple(map(str.lower, one)) == tuple(map(str.lower, other))


def _parts(text: str) -> Name:
    reader = Reader(text.strip(), 0)
    try:
        parts = qualified_name(reader)
        reader.finish()
    except PgError:
        raise PgError(sqlstate.INVALID_NAME, "invalid name syntax") from None
    return parts


def find_sequence(session: Session, parts: Name, what: str = "relation") -> Found:
    """Raises 42P01 and 42809."""
    *_, schema, name = ("", *parts)
    environment = session.planning.environment()
    relation = find_relation(environment.snapshot, environment.search_path, schema, name)
    if relation is not None:
        return _as_sequence(relation)
    owner = sequences.owner(environment.snapshot, environment.search_path, schema, name)
    if owner is None:
        missing = undefined_relation(schema, name, None)
        missing.message = missing.message.replace("relation", what, 1)
        raise missing
    table, column = owner
    return Found(table.schema, name, table, column)


def _as_sequence(relation: Relation) -> Found:
    if relation.kind != "sequence":
        raise PgError(sqlstate.WRONG_OBJECT_TYPE, f'"{relation.name}" is not a sequence')
    return Found(relation.schema, relation.name, relation)


# Commands


async def _create(session: Session, command: CreateSequence) -> str:
    defines(session, command.tag)
    *_, schema, name = ("", *command.name)
    environment = session.planning.environment()
    place = iris_schema(schema or first_schema(environment.search_path))
    taken = environment.snapshot.find(place, name) or sequences.owner(environment.snapshot, (), schema or "public", name)
    if taken is not None:
        message = f'relation "{name}" already exists'
        if not command.absent:
            raise PgError(sqlstate.DUPLICATE_TABLE, message)
        session.notify_all((notice(f"{message}, skipping", sqlstate.DUPLICATE_TABLE),))
        return command.tag
    owner = _owner(session, command.options, place)
    await session.database.keeper.ask("create", place, name, dict(command.options.values), owner)
    await session.planning.definitions_changed()
    return command.tag


def defines(session: Session, tag: str) -> None:
    """A definition that no worker makes is to be made. Raises 25006."""
    if session.settings.view.read_only:
        raise session.transaction.read_only_error(tag)
    if session.transaction.phase is Phase.BLOCK:
        session.notify_all((DDL_IN_BLOCK,))


def _owner(session: Session, options: SequenceOptions, place: str) -> tuple[str, str, str] | None:
    """Raises 42P01, 42703, 42809, 55000."""
    if not options.owner:
        return None
    *_, schema, table, column = ("", *options.owner)
    environment = session.planning.environment()
    relation = find_relation(environment.snapshot, environment.search_path, schema, table)
    if relation is None:
        raise undefined_relation(schema, table, None)
    if relation.kind != "table":
        raise PgError(sqlstate.WRONG_OBJECT_TYPE, f'sequence cannot be owned by relation "{relation.name}"')
    if relation.schema.lower() != place.lower():
        message = "sequence must be in same schema as table it is linked to"
        raise PgError(sqlstate.OBJECT_NOT_IN_PREREQUISITE_STATE, message)
    if column.lower() not in relation.by_name:
        raise PgError(sqlstate.UNDEFINED_COLUMN, f'column "{column}" of relation "{relation.name}" does not exist')
    return relation.schema, relation.name, relation.by_name[column.lower()][1].name


async def _alter(session: Session, command: AlterSequence) -> str:
    defines(session, command.tag)
    try:
        found = find_sequence(session, command.name)
    except PgError as error:
        if not command.exists or error.code != sqlstate.UNDEFINED_TABLE:
            raise
        session.notify_all((notice(f"{error.message}, skipping", sqlstate.SUCCESSFUL_COMPLETION),))
        return command.tag
    keeper = session.database.keeper
    if command.new_name or command.new_schema:
        place = found.own("changing the name")
        schema = iris_schema(command.new_schema) if command.new_schema else place[0]
        name = command.new_name or place[1]
        if session.planning.environment().snapshot.find(schema, name) is not None:
            raise PgError(sqlstate.DUPLICATE_TABLE, f'relation "{name}" already exists')
        await keeper.ask("rename", *place, schema, name)
    elif command.options is not None and found.column is not None:
        await _alter_counted(session, found, command.options)
    elif command.options is not None:
        owned = command.options.owner is not None
        owner = _owner(session, command.options, found.schema) if owned else None
        await keeper.ask("alter", *found.own("ALTER SEQUENCE"), dict(command.options.values), owner, owned)
    await session.planning.definitions_changed()
    return command.tag


async def _alter_counted(session: Session, found: Found, options: SequenceOptions) -> None:
    """A column that IRIS counts: what it does anyway may be asked for. Raises 0A000 for anything else."""
    column = found.column
    assert column is not None
    values = dict(options.values)
    if options.owner is not None:
        if column.identity != "serial":
            detail = f'Sequence "{found.name}" is linked to table "{found.relation.name}".'
            raise PgError(sqlstate.FEATURE_NOT_SUPPORTED, "cannot change ownership of identity sequence", detail=detail)
        owner = _owner(session, options, found.schema)
        if owner is None or not _same(owner, (found.relation.schema, found.relation.name, column.name)):
            found.own("OWNED BY another column")
    if values.pop("type", column.oid) != column.oid:
        found.own("another type")
    if "restart" in values:
        number = values.pop("restart")
        place = ".".join(map(quote_identifier, (shown_schema(found.schema), found.name)))
        await holds(session, f"pg_catalog.setval({quote_literal(place)}, {1 if number is None else number}, false) > 0")
    if values:
        found.own("ALTER SEQUENCE")


async def _drop(session: Session, command: DropSequence) -> str:
    defines(session, command.tag)
    chosen = []
    for parts in command.names:
        try:
            chosen.append(find_sequence(session, parts, "sequence"))
        except PgError as error:
            if error.code == sqlstate.WRONG_OBJECT_TYPE:
                kind = _kind_of(session, parts)
                error.hint = f"Use DROP {kind.upper()} to remove a {kind}."
            if not command.exists or error.code != sqlstate.UNDEFINED_TABLE:
                raise
            session.notify_all((notice(f"{error.message}, skipping", sqlstate.SUCCESSFUL_COMPLETION),))
    for found in chosen:
        _check_unused(session, found, command.cascade)
    for found in chosen:
        await session.database.keeper.ask("drop", found.schema, found.name)
    await session.planning.definitions_changed()
    return command.tag


def _kind_of(session: Session, parts: Name) -> str:
    *_, schema, name = ("", *parts)
    environment = session.planning.environment()
    relation = find_relation(environment.snapshot, environment.search_path, schema, name)
    return "table" if relation is None else relation.kind


def _check_unused(session: Session, found: Found, cascade: bool) -> None:
    """Raises 2BP01 without CASCADE."""
    if found.column is not None:
        uses = [f"default value for column {found.column.name} of table {found.relation.name}"]
        if cascade:
            found.own("dropping")
    else:
        uses = [
            f"default value for column {column.name} of table {relation.name}"
            for relation in session.planning.environment().snapshot.relations
            for column in relation.columns
            if column.sequence is not None and tuple(map(str.lower, column.sequence)) == found.place
        ]
    if not uses:
        return
    if not cascade:
        raise needed(f"sequence {found.name}", (f"{use} depends on sequence {found.name}" for use in uses))
    session.notify_all((cascades(uses),))


HANDLERS: Mapping[type, Callable[[Any, Any], Awaitable[str]]] = {
    CreateSequence: _create,
    AlterSequence: _alter,
    DropSequence: _drop,
}
