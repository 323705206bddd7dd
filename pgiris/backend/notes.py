"""Notes: what IRIS has no place for, kept in a table of pgiris's own: sequences, the columns that draw from them, enums, CHECK
constraints, texts of views, functions in SQL, descriptions, extensions.

In: a BackendSession that is in nobody's transaction. Out: numbers drawn, and Notes. A sequence's row is locked by an UPDATE
before it is read, in a transaction of their own, so that numbers are given out once and never taken back, whatever becomes of the
transaction that asked for them. iris-reference 4.18 and 4.19 (IRIS has neither sequences nor COMMENT), 7.1 (row locks)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import msgspec

from pgiris import sqlstate
from pgiris.backend.base import BackendSession
from pgiris.backend.enum import Enum
from pgiris.backend.enum import created as created_enum
from pgiris.backend.function import Function
from pgiris.backend.metadata import CheckMeta, ColumnMeta, ForeignKeyMeta, IndexMeta, KeyMeta, RelationMeta, Remark, SequenceMeta
from pgiris.backend.sequence import Owner, Sequence, altered, created
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.enums import EnumType
from pgiris.types.iristypes import NotedEnum, enum_of, from_annotation, generation_of
from pgiris.types.relation import CheckPart, Relation, RelationColumn, Snapshot
from pgiris.types.routines import RoutineMeta

SCHEMA = "PGIRIS"
TABLE = f"{SCHEMA}.Notes"
LONGEST = 32000  # characters of a description, and of a note
_CREATE_SCHEMA = f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"
_CREATE = (
    f"CREATE TABLE IF NOT EXISTS {TABLE} (Kind VARCHAR(20) COLLATE EXACT NOT NULL, Place VARCHAR(300) COLLATE EXACT NOT NULL,"
    " Part VARCHAR(150) COLLATE EXACT NOT NULL, Turn BIGINT NOT NULL,"
    f" Content VARCHAR({LONGEST + 1000}) COLLATE EXACT NOT NULL, CONSTRAINT NotesKey PRIMARY KEY (Kind, Place, Part))"
)
_WHERE = "WHERE Kind = ? AND Place = ? AND Part = ?"
_LOCK = f"UPDATE {TABLE} SET Turn = Turn + 1 {_WHERE}"
_READ = f"SELECT Content FROM {TABLE} {_WHERE}"
_WRITE = f"UPDATE {TABLE} SET Content = ? {_WHERE}"
_INSERT = f"INSERT INTO {TABLE} (Kind, Place, Part, Turn, Content) VALUES (?, ?, ?, 0, ?)"
_DELETE = f"DELETE FROM {TABLE} {_WHERE}"
_ALL = f"SELECT Kind, Content FROM {TABLE}"
_TURN = f"SELECT Turn FROM {TABLE} {_WHERE}"
_VERSION = ("version", ".", ".")
_NOTHING = "."  # the part of a note about a whole relation: IRIS tells '' and NULL apart with difficulty
_MANY = 100_000

Key = tuple[str, str, str]
Place = tuple[str, str]  # IRIS's schema, and a name


class Default(msgspec.Struct, frozen=True):
    """Of a column, what IRIS does not know of: the next number of a sequence, or what an expression computes, which has no
    sequence then (PostgreSQL's SQL)."""

    schema: str
    table: str
    column: str
    sequence: Place | None = None
    expression: str = ""


class Check(msgspec.Struct, frozen=True):
    """A CHECK constraint of a table. columns: those that it mentions. expression: PostgreSQL's SQL. valid: no row that was
    there before violates it."""

    schema: str
    table: str
    name: str
    expression: str
    columns: tuple[str, ...] = ()
    valid: bool = True


class ViewText(msgspec.Struct, frozen=True):
    """A view as PostgreSQL prints it (a Template of sql/deparse). digest: of what IRIS told of it then; where IRIS tells another
    text, the view has been changed since."""

    schema: str
    name: str
    text: str
    digest: str


def digest_of(definition: str) -> str:
    return hashlib.blake2b(definition.strip().encode(), digest_size=12).hexdigest()


class Retyped(msgspec.Struct, frozen=True):
    """A column whose type was changed, which its %DESCRIPTION does not say. type: an annotation (types/iristypes.py)."""

    schema: str
    table: str
    column: str
    type: str


class Description(msgspec.Struct, frozen=True):
    """Of a relation, or of a column of it."""

    schema: str
    name: str
    column: str
    text: str


class Part(msgspec.Struct, frozen=True):
    """Of an index or a constraint of a table, what IRIS does not keep. kind: ``index`` or ``constraint``. order: as IndexMeta has
    it. on_delete, on_update: what IRIS's NO ACTION was called."""

    schema: str
    table: str
    kind: str
    name: str
    order: tuple[int, ...] = ()
    on_delete: str = ""
    on_update: str = ""
    match_full: bool = False
    comment: str = ""


class Extension(msgspec.Struct, frozen=True):
    """One of PostgreSQL's that was created."""

    schema: str
    name: str


def _place(schema: str, name: str) -> str:
    return f"{schema}.{name}".lower()


Note = Sequence | Default | Check | ViewText | Retyped | Description | Enum | Extension | Part | Function | Remark


def _key_of(note: Note) -> Key:
    match note:
        case Enum():
            return _enum_key(note.schema, note.name)
        case Function():
            return "function", f"{note.schema.lower()}.{note.name}", str(note.number)
        case Sequence():
            return "sequence", _place(note.schema, note.name), _NOTHING
        case Default():
            return "default", _place(note.schema, note.table), note.column.lower()
        case Check():
            return "check", _place(note.schema, note.table), note.name.lower()
        case ViewText():
            return "view", _place(note.schema, note.name), _NOTHING
        case Retyped():
            return "type", _place(note.schema, note.table), note.column.lower()
        case Extension():
            return _extension_key(note.name)
        case Remark():
            return _remark_key(note.kind, note.schema, note.name)
        case Part():
            return _part_key(note.schema, note.table, note.kind, note.name)
    return "description", _place(note.schema, note.name), note.column.lower() or _NOTHING


def _enum_key(schema: str, name: str) -> Key:
    """Names of types are told apart by case."""
    return "enum", f"{schema.lower()}.{name}", _NOTHING


def _remark_key(kind: str, schema: str, name: str) -> Key:
    """Names of types are told apart by case."""
    return "remark", f"{kind} {schema.lower()}.{name}", _NOTHING


def _part_key(schema: str, table: str, kind: str, name: str) -> Key:
    return "part", _place(schema, table), f"{kind} {name}".lower()


def _extension_key(name: str) -> Key:
    return "extension", name, _NOTHING


def _content(note: Note) -> str:
    text = msgspec.json.encode(note).decode()
    if len(text) > LONGEST:
        raise PgError(sqlstate.PROGRAM_LIMIT_EXCEEDED, f"notes of more than {LONGEST} characters are not supported")
    return text


_KINDS: dict[str, type[Note]] = {
    "enum": Enum,
    "function": Function,
    "sequence": Sequence,
    "default": Default,
    "check": Check,
    "type": Retyped,
    "view": ViewText,
    "description": Description,
    "extension": Extension,
    "part": Part,
    "remark": Remark,
}


@dataclass(frozen=True)
class Notes:
    """All of them. version "": there is no table of notes."""

    version: str = ""
    sequences: tuple[Sequence, ...] = ()
    defaults: dict[tuple[str, str], dict[str, Default]] = field(default_factory=dict)  # table, column in lower case
    descriptions: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)  # relation, column or "" for itself
    enums: tuple[EnumType, ...] = ()
    functions: tuple[RoutineMeta, ...] = ()
    types: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)  # table, column in lower case -> an annotation
    extensions: tuple[tuple[str, str], ...] = ()  # name, schema
    checks: dict[tuple[str, str], tuple[Check, ...]] = field(default_factory=dict)  # of a table, in the order of their names
    parts: dict[tuple[str, str], dict[tuple[str, str], Part]] = field(default_factory=dict)  # table, kind and name in lower case
    remarks: tuple[Remark, ...] = ()
    views: dict[tuple[str, str], ViewText] = field(default_factory=dict)  # schema, name in lower case

    def view_text(self, place: tuple[str, str], definition: str) -> str:
        """What is noted of a view of which IRIS tells this; "" for nothing that fits."""
        found = self.views.get(place)
        return found.text if found is not None and found.digest == digest_of(definition) else ""

    def type_of(self, place: tuple[str, str], column: str, noted: NotedEnum | None) -> tuple[Oid, int] | None:
        """place: of the table, in lower case, as column. noted: what its description says. None: nothing is known beyond that."""
        changed = self.types.get(place, {}).get(column)
        if changed is not None:
            noted = enum_of(changed)
        if noted is None:
            return None if changed is None else from_annotation(changed)
        found = self._by_number.get(noted.number)
        return None if found is None else (found.array if noted.is_array else found.oid, -1)

    def generation_of(self, place: tuple[str, str], column: str) -> str:
        """How an identity column whose type or generation was changed is declared now; "" for others."""
        return generation_of(self.types.get(place, {}).get(column))

    @cached_property
    def _by_number(self) -> dict[int, EnumType]:
        return {type_.number: type_ for type_ in self.enums}


NONE = Notes()


def read(session: BackendSession, namespace: str) -> Notes:
    """What a session may see of them; none where there is no table, or no privilege for it. namespace: the session's."""
    version = version_of(session)
    if not version:
        return NONE
    sequences: list[Sequence] = []
    enums: list[EnumType] = []
    functions: list[RoutineMeta] = []
    types: dict[tuple[str, str], dict[str, str]] = {}
    defaults: dict[tuple[str, str], dict[str, Default]] = {}
    descriptions: dict[tuple[str, str], dict[str, str]] = {}
    extensions: list[tuple[str, str]] = []
    remarks: list[Remark] = []
    checks: dict[tuple[str, str], list[Check]] = {}
    parts: dict[tuple[str, str], dict[tuple[str, str], Part]] = {}
    views: dict[tuple[str, str], ViewText] = {}
    for kind, content in _rows(session, _ALL):
        if kind == _VERSION[0]:
            continue
        note = msgspec.json.decode(content, type=_KINDS[kind])
        match note:
            case Enum():
                enums.append(note.known(namespace))
            case Function():
                functions.append(note.known(namespace))
            case Retyped():
                types.setdefault((note.schema.lower(), note.table.lower()), {})[note.column.lower()] = note.type
            case Sequence():
                sequences.append(note)
            case Check():
                checks.setdefault((note.schema.lower(), note.table.lower()), []).append(note)
            case Default():
                defaults.setdefault((note.schema.lower(), note.table.lower()), {})[note.column.lower()] = note
            case Description():
                descriptions.setdefault((note.schema.lower(), note.name.lower()), {})[note.column.lower()] = note.text
            case Extension():
                extensions.append((note.name, note.schema))
            case Remark():
                remarks.append(note)
            case Part():
                parts.setdefault((note.schema.lower(), note.table.lower()), {})[note.kind, note.name.lower()] = note
            case ViewText():
                views[note.schema.lower(), note.name.lower()] = note
    in_order = {place: tuple(sorted(some, key=lambda check: check.name.encode())) for place, some in checks.items()}
    return Notes(
        version, tuple(sequences), defaults, descriptions, tuple(enums), tuple(functions), types,
        tuple(sorted(extensions)), in_order, parts, tuple(remarks), views=views,
    )  # fmt: skip


_UNSEEN = frozenset((sqlstate.UNDEFINED_TABLE, sqlstate.INSUFFICIENT_PRIVILEGE))


def version_of(session: BackendSession) -> str:
    """Changes whenever a note does, but not when a number is drawn; "" where there are none."""
    try:
        found = _rows(session, _TURN, *_VERSION)
    except PgError as error:
        if error.code not in _UNSEEN:
            raise
        return ""
    return str(found[0][0]) if found else ""


def _rows(session: BackendSession, sql: str, *values: Any) -> list[Any]:
    rows = session.execute(sql, values)
    found = list(rows.fetch(_MANY))
    rows.close()
    return found


# What relations are with their notes


def noted_snapshot(snapshot: Snapshot, notes: Notes) -> Snapshot:
    if not notes.version:
        return snapshot
    relations = [_noted_relation(relation, notes) for relation in snapshot.plain.values()]
    relations += [Relation(s.schema, s.name, _COLUMNS, "sequence", owner=s.owner) for s in notes.sequences]
    return Snapshot(
        f"{snapshot.version}/{notes.version}", tuple(relations), noted=True, enums=notes.enums, functions=notes.functions
    )


_COLUMNS = tuple(
    RelationColumn(name, oid, "BIGINT" if oid == oids.INT8 else "BIT", not_null=True)
    for name, oid in (("last_value", oids.INT8), ("log_cnt", oids.INT8), ("is_called", oids.BOOL))
)


def _noted_relation(relation: Relation, notes: Notes) -> Relation:
    place = (relation.schema.lower(), relation.name.lower())
    drawn, checks = notes.defaults.get(place, {}), notes.checks.get(place, ())
    if not drawn and not checks and place not in notes.types and not any(column.enum for column in relation.columns):
        return relation

    def column(plain: RelationColumn) -> RelationColumn:
        oid, typmod = notes.type_of(place, plain.name.lower(), plain.enum) or (plain.oid, plain.typmod)
        identity = notes.generation_of(place, plain.name.lower()) or plain.identity
        known = replace(plain, oid=oid, typmod=typmod, enum=None, identity=identity)
        default = drawn.get(plain.name.lower())
        return known if default is None else replace(known, sequence=default.sequence, computed=default.expression)

    parts = tuple(CheckPart(check.name, check.columns, check.expression, check.valid) for check in checks)
    return replace(relation, columns=tuple(map(column, relation.columns)), checks=parts)


def sequences(notes: Notes) -> Iterator[RelationMeta]:
    return (_sequence_metadata(sequence, notes) for sequence in notes.sequences)


def is_noted(schema: str, name: str, notes: Notes) -> bool:
    """Whether something is said of a table or view by its name."""
    place = (schema.lower(), name.lower())
    return any(
        place in said for said in (notes.defaults, notes.descriptions, notes.types, notes.checks, notes.parts, notes.views)
    )


def noted_relation(relation: RelationMeta, notes: Notes) -> RelationMeta:
    if not is_noted(relation.schema, relation.name, notes) and not any(column.enum for column in relation.columns):
        return relation
    place = (relation.schema.lower(), relation.name.lower())
    about, drawn = notes.descriptions.get(place, {}), notes.defaults.get(place, {})

    def column(meta: ColumnMeta) -> ColumnMeta:
        name = meta.name.lower()
        oid, typmod = notes.type_of(place, name, meta.enum) or (meta.oid, meta.typmod)
        comment = about.get(name) or meta.comment
        identity = notes.generation_of(place, name) or meta.identity
        known = msgspec.structs.replace(meta, oid=oid, typmod=typmod, comment=comment, enum=None, identity=identity)
        default = drawn.get(name)
        if default is None:
            return known
        return msgspec.structs.replace(known, sequence=default.sequence, computed=default.expression)

    columns = tuple(map(column, relation.columns))
    checks = tuple(_check_metadata(check, relation) for check in notes.checks.get(place, ()))
    comment = about.get("") or relation.comment
    shown = notes.view_text(place, relation.view) if relation.kind == "view" else ""
    known = msgspec.structs.replace(relation, columns=columns, comment=comment, checks=checks, shown=shown)
    parts = notes.parts.get(place)
    return known if parts is None else _with_parts(known, parts)


def _check_metadata(check: Check, relation: RelationMeta) -> CheckMeta:
    numbers = {column.name.lower(): number for number, column in enumerate(relation.columns, 1)}
    mentioned = sorted(numbers[name.lower()] for name in check.columns if name.lower() in numbers)
    return CheckMeta(check.name, tuple(mentioned), check.expression, check.valid)


def _with_parts(relation: RelationMeta, parts: dict[tuple[str, str], Part]) -> RelationMeta:
    def part(kind: str, name: str) -> Part:
        return parts.get((kind, name.lower())) or Part("", "", kind, name)

    def key(meta: KeyMeta) -> KeyMeta:
        comments = {"comment": part("constraint", meta.name).comment, "index_comment": part("index", meta.name).comment}
        return msgspec.structs.replace(meta, **comments)

    def index(meta: IndexMeta) -> IndexMeta:
        noted = part("index", meta.name)
        order = noted.order if len(noted.order) == len(meta.columns) else meta.order
        return msgspec.structs.replace(meta, order=order, comment=noted.comment)

    def foreign_key(meta: ForeignKeyMeta) -> ForeignKeyMeta:
        noted = part("constraint", meta.name)
        called = {
            event: word
            for event, word in (("on_delete", noted.on_delete), ("on_update", noted.on_update))
            if word and getattr(meta, event) == "NO ACTION"
        }
        full = noted.match_full and len(meta.columns) == 1
        return msgspec.structs.replace(meta, match_full=full, comment=noted.comment, **called)

    def check(meta: CheckMeta) -> CheckMeta:
        return msgspec.structs.replace(meta, comment=part("constraint", meta.name).comment)

    return msgspec.structs.replace(
        relation,
        checks=tuple(map(check, relation.checks)),
        keys=tuple(map(key, relation.keys)),
        indexes=tuple(map(index, relation.indexes)),
        foreign_keys=tuple(map(foreign_key, relation.foreign_keys)),
    )


def _sequence_metadata(sequence: Sequence, notes: Notes) -> RelationMeta:
    about = notes.descriptions.get((sequence.schema.lower(), sequence.name.lower()), {})
    meta = SequenceMeta(
        sequence.type, sequence.start, sequence.increment, sequence.minimum, sequence.maximum, sequence.cache, sequence.cycle,
        sequence.owner,
    )  # fmt: skip
    return RelationMeta(sequence.schema, sequence.name, "sequence", (), comment=about.get(""), sequence=meta)


# What is asked of them


class Keeper:
    """Changes notes, and draws numbers. Each request is a transaction of its own."""

    def __init__(self, session: BackendSession) -> None:
        self._session = session
        self._is_made = False

    def answer(self, action: str, arguments: tuple[Any, ...]) -> Any:
        """Raises 42P01 for a sequence that is gone, 42P07 for one that is there, and what the action raises."""
        if not self._is_made:
            self._make()
        session = self._session
        session.begin("read committed", False)
        try:
            found = _ACTIONS[action](self, *arguments)
        except BaseException:
            session.rollback()
            raise
        session.commit()
        return found

    def _make(self) -> None:
        if not version_of(self._session):
            for sql in (_CREATE_SCHEMA, _CREATE):
                self._session.execute(sql, ())
            try:
                self._session.execute(_INSERT, (*_VERSION, "{}"))
            except PgError as error:
                if error.code != sqlstate.UNIQUE_VIOLATION:  # another front was quicker
                    raise
        self._is_made = True

    # Numbers

    def draw(self, schema: str, name: str, count: int) -> list[int]:
        sequence, drawn = self._locked(schema, name).draw(count)
        self._store(sequence)
        return drawn

    def put(self, schema: str, name: str, value: int, called: bool) -> None:
        self._store(self._locked(schema, name).put(value, called))

    def state(self, schema: str, name: str) -> tuple[int, bool]:
        found = self._find(schema, name)
        return found.last, found.called

    # Sequences

    def create(self, schema: str, name: str, options: dict[str, Any], owner: Owner | None) -> None:
        self._changed()
        made = msgspec.structs.replace(created(schema, name, options), owner=owner)
        if _rows(self._session, _READ, *_key_of(made)):
            raise PgError(sqlstate.DUPLICATE_TABLE, f'relation "{name}" already exists')
        self._insert(made)

    def alter(self, schema: str, name: str, options: dict[str, Any], owner: list[str] | None, owned: bool) -> None:
        """owned: OWNED BY was said; owner None is NONE then."""
        self._changed()
        changed = altered(self._locked(schema, name), options)
        if owned:
            changed = msgspec.structs.replace(changed, owner=None if owner is None else (owner[0], owner[1], owner[2]))
        self._store(changed)

    def rename(self, schema: str, name: str, new_schema: str, new: str) -> None:
        self._changed()
        before = self._locked(schema, name)
        self._delete(before)
        self._insert(msgspec.structs.replace(before, schema=new_schema, name=new))
        for note in self._all():
            if _draws(note, schema, name):
                self._store(msgspec.structs.replace(note, sequence=(new_schema, new)))
        self._rename_descriptions(schema, name, new_schema, new)

    def drop(self, schema: str, name: str) -> None:
        """With the defaults that draw from it."""
        self._changed()
        self._delete(self._find(schema, name))
        for note in self._all():
            if _draws(note, schema, name) or (
                isinstance(note, Description) and _place(note.schema, note.name) == _place(schema, name)
            ):
                self._delete(note)

    # Enums

    def create_enum(self, schema: str, name: str, labels: list[str]) -> None:
        self._changed()
        self._insert_enum(created_enum(schema, name, labels))

    def add_label(self, schema: str, name: str, label: str, place: str, neighbour: str) -> None:
        """place: as Enum.add() takes it."""
        self._changed()
        self._store(self._enum(schema, name).add(label, place, neighbour))

    def rename_label(self, schema: str, name: str, old: str, new: str) -> None:
        self._changed()
        self._store(self._enum(schema, name).rename_value(old, new))

    def rename_enum(self, schema: str, name: str, new_schema: str, new: str) -> None:
        self._changed()
        before = self._enum(schema, name)
        self._delete(before)
        self._insert_enum(before.changed(schema=new_schema, name=new))
        text = self._remark("type", schema, name)
        self._replace(_remark_key("type", schema, name))
        if text:
            self._insert(Remark("type", new_schema, new, text))

    def drop_enum(self, schema: str, name: str) -> None:
        self._changed()
        self._delete(self._enum(schema, name))
        self._replace(_remark_key("type", schema, name))

    def _enum(self, schema: str, name: str) -> Enum:
        rows = _rows(self._session, _READ, *_enum_key(schema, name))
        if not rows:
            raise PgError(sqlstate.UNDEFINED_OBJECT, f'type "{name}" does not exist')
        return msgspec.json.decode(rows[0][0], type=Enum)

    def _insert_enum(self, enum: Enum) -> None:
        if _rows(self._session, _READ, *_key_of(enum)):
            raise PgError(sqlstate.DUPLICATE_OBJECT, f'type "{enum.name}" already exists')
        self._insert(enum)

    # Extensions

    def add_extension(self, name: str, schema: str) -> bool:
        """Whether it is new."""
        self._changed()
        is_new = not self.has_extension(name)
        if is_new:
            self._insert(Extension(schema, name))
        return is_new

    def has_extension(self, name: str) -> bool:
        return bool(_rows(self._session, _READ, *_extension_key(name)))

    def move_extension(self, name: str, schema: str) -> None:
        self._changed()
        self._replace(_extension_key(name))
        self._insert(Extension(schema, name))

    def drop_extension(self, name: str) -> None:
        self._changed()
        self._replace(_extension_key(name))
        self._replace(_remark_key("extension", "", name))

    # Functions

    def put_function(self, function: dict[str, Any], replaced: bool) -> None:
        """replaced: one of its number is there, perhaps of another name."""
        self._changed()
        made = msgspec.convert(function, Function)
        others = [note for note in self._all() if isinstance(note, Function)]
        for other in others:
            if other.number == made.number:
                self._delete(other)
            elif (other.schema.lower(), other.name, other.signature) == (made.schema.lower(), made.name, made.signature):
                message = f'function "{made.name}" already exists with same argument types'
                raise PgError(sqlstate.DUPLICATE_FUNCTION, message)
        if replaced and all(other.number != made.number for other in others):
            raise PgError(sqlstate.UNDEFINED_FUNCTION, f'function "{made.name}" does not exist')
        self._insert(made)

    def drop_function(self, number: int) -> None:
        self._changed()
        for note in self._all():
            if isinstance(note, Function) and note.number == number:
                self._delete(note)

    # Columns, and what is said of things

    def set_default(self, schema: str, table: str, column: str, sequence: list[str] | None, expression: str = "") -> None:
        """Neither a sequence nor an expression: IRIS knows of it."""
        self._changed()
        note = Default(schema, table, column, None if sequence is None else (sequence[0], sequence[1]), expression)
        self._replace(_key_of(note))
        if sequence is not None or expression:
            self._insert(note)

    def set_check(
        self, schema: str, table: str, name: str, expression: str, columns: list[str], valid: bool, old: str = ""
    ) -> None:
        """A CHECK constraint is added, or changed. old: the name that it had."""
        self._changed()
        note = Check(schema, table, name, expression, tuple(columns), valid)
        before = Check(schema, table, old or name, "")
        self._delete(before)
        if _key_of(before) != _key_of(note) and _rows(self._session, _READ, *_key_of(note)):
            message = f'constraint "{name}" for relation "{table}" already exists'
            raise PgError(sqlstate.DUPLICATE_OBJECT, message)
        self._insert(note)

    def drop_check(self, schema: str, table: str, name: str) -> None:
        self._changed()
        self._delete(Check(schema, table, name, ""))

    def set_view(self, schema: str, name: str, text: str, digest: str) -> None:
        """text "": it is not known, or too long to be kept."""
        self._changed()
        note = ViewText(schema, name, text, digest)
        self._delete(note)
        if text and len(msgspec.json.encode(note)) <= LONGEST:
            self._insert(note)

    def set_type(self, schema: str, table: str, column: str, type_: str) -> None:
        self._changed()
        note = Retyped(schema, table, column, type_)
        self._replace(_key_of(note))
        self._insert(note)

    def describe(self, schema: str, name: str, column: str, text: str | None) -> None:
        """column "": the relation itself. text None: nothing is said any more."""
        self._changed()
        if text is not None and len(text) > LONGEST:
            raise PgError(sqlstate.PROGRAM_LIMIT_EXCEEDED, f"comments of more than {LONGEST} characters are not supported")
        note = Description(schema, name, column, text or "")
        self._replace(_key_of(note))
        if text:
            self._insert(note)

    def remark(self, kind: str, schema: str, name: str, text: str | None) -> None:
        self._changed()
        note = Remark(kind, schema, name, text or "")
        self._replace(_key_of(note))
        if text or kind == "extension":
            self._insert(note)

    def forget_role(self, name: str) -> None:
        self._changed()
        self._replace(_remark_key("role", "", name))

    def _remark(self, kind: str, schema: str, name: str) -> str:
        rows = _rows(self._session, _READ, *_remark_key(kind, schema, name))
        return msgspec.json.decode(rows[0][0], type=Remark).text if rows else ""

    # Indexes and constraints

    def set_part(self, schema: str, table: str, kind: str, name: str, facts: dict[str, Any]) -> None:
        """Of one that is made. facts: fields of Part; {}: IRIS knows all of it."""
        self._changed()
        self._replace(_part_key(schema, table, kind, name))
        if facts:
            self._insert(msgspec.convert({"schema": schema, "table": table, "kind": kind, "name": name, **facts}, Part))

    def describe_part(self, schema: str, table: str, kind: str, name: str, text: str | None) -> None:
        self._changed()
        rows = _rows(self._session, _READ, *_part_key(schema, table, kind, name))
        before = msgspec.json.decode(rows[0][0], type=Part) if rows else Part(schema, table, kind, name)
        self._replace(_key_of(before))
        after = msgspec.structs.replace(before, comment=text or "")
        if after != Part(after.schema, after.table, after.kind, after.name):
            self._insert(after)

    def rename_part(self, schema: str, table: str, name: str, new: str) -> None:
        """An index or constraint, or both when it is a key."""
        self._changed()
        for note in self._parts(schema, table, name):
            self._delete(note)
            self._insert(msgspec.structs.replace(note, name=new))

    def drop_part(self, schema: str, table: str, name: str) -> None:
        self._changed()
        for note in self._parts(schema, table, name):
            self._delete(note)

    def _parts(self, schema: str, table: str, name: str) -> list[Part]:
        about = self._about(schema, table)
        return [note for note in about if isinstance(note, Part) and note.name.lower() == name.lower()]

    # After other definitions

    def rename_table(self, schema: str, table: str, new: str) -> None:
        self._changed()
        for note in self._about(schema, table):
            self._delete(note)
            match note:
                case Sequence():
                    assert note.owner is not None
                    self._insert(msgspec.structs.replace(note, owner=(note.owner[0], new, note.owner[2])))
                case Default() | Retyped() | Check() | Part():
                    self._insert(msgspec.structs.replace(note, table=new))
                case Description() | ViewText():
                    self._insert(msgspec.structs.replace(note, name=new))

    def rename_column(self, schema: str, table: str, column: str, new: str) -> None:
        """Expressions of checks are changed by set_check."""
        self._changed()
        for note in self._about(schema, table, column):
            if not isinstance(note, Check):
                self._delete(note)
            match note:
                case Sequence():
                    assert note.owner is not None
                    self._insert(msgspec.structs.replace(note, owner=(*note.owner[:2], new)))
                case Default() | Retyped():
                    self._insert(msgspec.structs.replace(note, column=new))
                case Description():
                    self._insert(msgspec.structs.replace(note, column=new))

    def drop_table(self, schema: str, table: str) -> None:
        self._changed()
        for note in self._about(schema, table):
            self._delete(note)

    def drop_column(self, schema: str, table: str, column: str) -> None:
        self._changed()
        for note in self._about(schema, table, column):
            self._delete(note)

    def drop_schema(self, schema: str) -> None:
        self._changed()
        for note in self._all():
            if note.schema.lower() == schema.lower():
                self._delete(note)

    def _about(self, schema: str, table: str, column: str = "") -> list[Note]:
        """Notes of a table, or of one of its columns, the sequences that it owns among them."""
        return [note for note in self._all() if _is_about(note, _place(schema, table), column.lower())]

    def _rename_descriptions(self, schema: str, name: str, new_schema: str, new: str) -> None:
        for note in self._all():
            if isinstance(note, Description) and _place(note.schema, note.name) == _place(schema, name):
                self._delete(note)
                self._insert(msgspec.structs.replace(note, schema=new_schema, name=new))

    # Rows

    def _changed(self) -> None:
        """A note changes: whoever reads the version sees it. It is also what changes wait for each other by."""
        self._session.execute(_LOCK, _VERSION)

    def _locked(self, schema: str, name: str) -> Sequence:
        key = ("sequence", _place(schema, name), _NOTHING)
        if not self._session.execute(_LOCK, key).row_count:
            raise PgError(sqlstate.UNDEFINED_TABLE, f'relation "{name}" does not exist')
        return self._find(schema, name)

    def _find(self, schema: str, name: str) -> Sequence:
        rows = _rows(self._session, _READ, "sequence", _place(schema, name), _NOTHING)
        if not rows:
            raise PgError(sqlstate.UNDEFINED_TABLE, f'relation "{name}" does not exist')
        return msgspec.json.decode(rows[0][0], type=Sequence)

    def _all(self) -> list[Note]:
        return [
            msgspec.json.decode(content, type=_KINDS[kind]) for kind, content in _rows(self._session, _ALL) if kind != _VERSION[0]
        ]

    def _insert(self, note: Note) -> None:
        self._session.execute(_INSERT, (*_key_of(note), _content(note)))

    def _store(self, note: Note) -> None:
        self._session.execute(_WRITE, (_content(note), *_key_of(note)))

    def _delete(self, note: Note) -> None:
        self._replace(_key_of(note))

    def _replace(self, key: Key) -> None:
        self._session.execute(_DELETE, key)


def _draws(note: Note, schema: str, name: str) -> bool:
    """Whether it is a default that takes numbers of that sequence."""
    return isinstance(note, Default) and note.sequence is not None and _place(*note.sequence) == _place(schema, name)


def _is_about(note: Note, place: str, column: str) -> bool:
    match note:
        case Sequence():
            owner = note.owner
            return owner is not None and _place(*owner[:2]) == place and column in ("", owner[2].lower())
        case Check():
            return _place(note.schema, note.table) == place and column in ("", *map(str.lower, note.columns))
        case Default() | Retyped():
            return _place(note.schema, note.table) == place and column in ("", note.column.lower())
        case Description():
            return _place(note.schema, note.name) == place and column in ("", note.column.lower())
        case Part():
            return _place(note.schema, note.table) == place and not column
        case ViewText():
            return _place(note.schema, note.name) == place and not column
    return False


_ACTIONS: dict[str, Callable[..., Any]] = {
    action.__name__: action
    for action in (
        Keeper.draw,
        Keeper.put,
        Keeper.state,
        Keeper.create,
        Keeper.alter,
        Keeper.rename,
        Keeper.drop,
        Keeper.create_enum,
        Keeper.add_label,
        Keeper.rename_label,
        Keeper.rename_enum,
        Keeper.drop_enum,
        Keeper.add_extension,
        Keeper.has_extension,
        Keeper.move_extension,
        Keeper.drop_extension,
        Keeper.put_function,
        Keeper.drop_function,
        Keeper.set_default,
        Keeper.set_check,
        Keeper.drop_check,
        Keeper.set_type,
        Keeper.set_view,
        Keeper.describe,
        Keeper.remark,
        Keeper.forget_role,
        Keeper.set_part,
        Keeper.describe_part,
        Keeper.rename_part,
        Keeper.drop_part,
        Keeper.rename_table,
        Keeper.rename_column,
        Keeper.drop_table,
        Keeper.drop_column,
        Keeper.drop_schema,
    )
}
