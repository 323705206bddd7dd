"""Notes: what IRIS has no place for, kept in a table of pgiris's own: sequences, the columns that draw from them, enums, CHECK
constraints, texts of views, functions in SQL, descriptions, extensions.

In: a BackendSession. Out: Notes, as it may see them. keeper.py changes them, noted.py says what relations are with them.
iris-reference 4.18 and 4.19 (IRIS has neither sequences nor COMMENT)
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec

from pgiris import sqlstate
from pgiris.backend.base import BackendSession
from pgiris.backend.enum import Enum
from pgiris.backend.function import Function
from pgiris.backend.metadata import Remark
from pgiris.backend.sequence import Sequence
from pgiris.errors import PgError
from pgiris.types.codec import Oid
from pgiris.types.enums import EnumType
from pgiris.types.iristypes import NotedEnum, enum_of, from_annotation, generation_of
from pgiris.types.routines import RoutineMeta

SCHEMA = "PGIRIS"
TABLE = f"{SCHEMA}.Notes"
LONGEST = 32000  # characters of a description, and of a note
WHERE = "WHERE Kind = ? AND Place = ? AND Part = ?"
READ = f"SELECT Content FROM {TABLE} {WHERE}"
_ALL = f"SELECT Kind, Content FROM {TABLE}"
_TURN = f"SELECT Turn FROM {TABLE} {WHERE}"
VERSION = ("version", ".", ".")
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


def place_of(schema: str, name: str) -> str:
    return f"{schema}.{name}".lower()


Note = Sequence | Default | Check | ViewText | Retyped | Description | Enum | Extension | Part | Function | Remark


def key_of(note: Note) -> Key:
    match note:
        case Enum():
            return enum_key(note.schema, note.name)
        case Function():
            return "function", f"{note.schema.lower()}.{note.name}", str(note.about.number)
        case Sequence():
            return sequence_key(note.schema, note.name)
        case Default():
            return "default", place_of(note.schema, note.table), note.column.lower()
        case Check():
            return "check", place_of(note.schema, note.table), note.name.lower()
        case ViewText():
            return "view", place_of(note.schema, note.name), _NOTHING
        case Retyped():
            return "type", place_of(note.schema, note.table), note.column.lower()
        case Extension():
            return extension_key(note.name)
        case Remark():
            return remark_key(note.kind, note.schema, note.name)
        case Part():
            return part_key(note.schema, note.table, note.kind, note.name)
    return "description", place_of(note.schema, note.name), note.column.lower() or _NOTHING


def sequence_key(schema: str, name: str) -> Key:
    return "sequence", place_of(schema, name), _NOTHING


def enum_key(schema: str, name: str) -> Key:
    """Names of types are told apart by case."""
    return "enum", f"{schema.lower()}.{name}", _NOTHING


def remark_key(kind: str, schema: str, name: str) -> Key:
    """Names of types are told apart by case."""
    return "remark", f"{kind} {schema.lower()}.{name}", _NOTHING


def part_key(schema: str, table: str, kind: str, name: str) -> Key:
    return "part", place_of(schema, table), f"{kind} {name}".lower()


def extension_key(name: str) -> Key:
    return "extension", name, _NOTHING


def content_of(note: Note) -> str:
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
    for note in of(session):
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
        found = rows_of(session, _TURN, *VERSION)
    except PgError as error:
        if error.code not in _UNSEEN:
            raise
        return ""
    return str(found[0][0]) if found else ""


def of(session: BackendSession) -> Iterator[Note]:
    found = ((kind, content) for kind, content in rows_of(session, _ALL) if kind != VERSION[0])
    return (msgspec.json.decode(content, type=_KINDS[kind]) for kind, content in found)


def rows_of(session: BackendSession, sql: str, *values: Any) -> list[Any]:
    found: list[Any] = []
    rows = session.execute(sql, values)
    while some := rows.fetch(_MANY):
        found += some
    rows.close()
    return found
