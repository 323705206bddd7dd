"""Keeper: who changes notes (notes.py), and draws numbers.

In: a BackendSession that is in nobody's transaction. A sequence's row is locked by an UPDATE before it is read, in a transaction
of their own, so that numbers are given out once and never taken back, whatever becomes of the transaction that asked for them.
iris-reference 7.1 (row locks)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from pgiris import sqlstate
from pgiris.backend import notes
from pgiris.backend.base import BackendSession
from pgiris.backend.enum import Enum
from pgiris.backend.enum import created as created_enum
from pgiris.backend.function import Function
from pgiris.backend.metadata import Remark
from pgiris.backend.notes import Check, Default, Description, Extension, Key, Note, Part, Retyped, ViewText
from pgiris.backend.sequence import Owner, Sequence, altered, created
from pgiris.errors import PgError

_CREATE_SCHEMA = f"CREATE SCHEMA IF NOT EXISTS {notes.SCHEMA}"
_CREATE = (
    f"CREATE TABLE IF NOT EXISTS {notes.TABLE} (Kind VARCHAR(20) COLLATE EXACT NOT NULL,"
    " Place VARCHAR(300) COLLATE EXACT NOT NULL, Part VARCHAR(150) COLLATE EXACT NOT NULL, Turn BIGINT NOT NULL,"
    f" Content VARCHAR({notes.LONGEST + 1000}) COLLATE EXACT NOT NULL, CONSTRAINT NotesKey PRIMARY KEY (Kind, Place, Part))"
)
_LOCK = f"UPDATE {notes.TABLE} SET Turn = Turn + 1 {notes.WHERE}"
_WRITE = f"UPDATE {notes.TABLE} SET Content = ? {notes.WHERE}"
_INSERT = f"INSERT INTO {notes.TABLE} (Kind, Place, Part, Turn, Content) VALUES (?, ?, ?, 0, ?)"
_DELETE = f"DELETE FROM {notes.TABLE} {notes.WHERE}"


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
        if not notes.version_of(self._session):
            for sql in (_CREATE_SCHEMA, _CREATE):
                self._session.execute(sql, ())
            try:
                self._session.execute(_INSERT, (*notes.VERSION, "{}"))
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
        if self._read(notes.key_of(made)):
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
                isinstance(note, Description) and notes.place_of(note.schema, note.name) == notes.place_of(schema, name)
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
        self._forget(notes.remark_key("type", schema, name))
        if text:
            self._insert(Remark("type", new_schema, new, text))

    def drop_enum(self, schema: str, name: str) -> None:
        self._changed()
        self._delete(self._enum(schema, name))
        self._forget(notes.remark_key("type", schema, name))

    def _enum(self, schema: str, name: str) -> Enum:
        content = self._read(notes.enum_key(schema, name))
        if not content:
            raise PgError(sqlstate.UNDEFINED_OBJECT, f'type "{name}" does not exist')
        return msgspec.json.decode(content, type=Enum)

    def _insert_enum(self, enum: Enum) -> None:
        if self._read(notes.key_of(enum)):
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
        return bool(self._read(notes.extension_key(name)))

    def move_extension(self, name: str, schema: str) -> None:
        self._changed()
        self._forget(notes.extension_key(name))
        self._insert(Extension(schema, name))

    def drop_extension(self, name: str) -> None:
        self._changed()
        self._forget(notes.extension_key(name))
        self._forget(notes.remark_key("extension", "", name))

    # Functions

    def put_function(self, function: dict[str, Any], replaced: bool) -> None:
        """replaced: one of its number is there, perhaps of another name."""
        self._changed()
        made = msgspec.convert(function, Function)
        others = [note for note in self._all() if isinstance(note, Function)]
        for other in others:
            if other.about.number == made.about.number:
                self._delete(other)
            elif (other.schema.lower(), other.name, other.signature) == (made.schema.lower(), made.name, made.signature):
                message = f'function "{made.name}" already exists with same argument types'
                raise PgError(sqlstate.DUPLICATE_FUNCTION, message)
        if replaced and all(other.about.number != made.about.number for other in others):
            raise PgError(sqlstate.UNDEFINED_FUNCTION, f'function "{made.name}" does not exist')
        self._insert(made)

    def drop_function(self, number: int) -> None:
        self._changed()
        for note in self._all():
            if isinstance(note, Function) and note.about.number == number:
                self._delete(note)

    # Columns, and what is said of things

    def set_default(self, schema: str, table: str, column: str, sequence: list[str] | None, expression: str = "") -> None:
        """Neither a sequence nor an expression: IRIS knows of it."""
        self._changed()
        note = Default(schema, table, column, None if sequence is None else (sequence[0], sequence[1]), expression)
        self._forget(notes.key_of(note))
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
        if notes.key_of(before) != notes.key_of(note) and self._read(notes.key_of(note)):
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
        if text and len(msgspec.json.encode(note)) <= notes.LONGEST:
            self._insert(note)

    def set_type(self, schema: str, table: str, column: str, type_: str) -> None:
        self._changed()
        note = Retyped(schema, table, column, type_)
        self._forget(notes.key_of(note))
        self._insert(note)

    def describe(self, schema: str, name: str, column: str, text: str | None) -> None:
        """column "": the relation itself. text None: nothing is said any more."""
        self._changed()
        if text is not None and len(text) > notes.LONGEST:
            raise PgError(sqlstate.PROGRAM_LIMIT_EXCEEDED, f"comments of more than {notes.LONGEST} characters are not supported")
        note = Description(schema, name, column, text or "")
        self._forget(notes.key_of(note))
        if text:
            self._insert(note)

    def remark(self, kind: str, schema: str, name: str, text: str | None) -> None:
        self._changed()
        note = Remark(kind, schema, name, text or "")
        self._forget(notes.key_of(note))
        if text or kind == "extension":
            self._insert(note)

    def forget_role(self, name: str) -> None:
        self._changed()
        self._forget(notes.remark_key("role", "", name))

    def _remark(self, kind: str, schema: str, name: str) -> str:
        content = self._read(notes.remark_key(kind, schema, name))
        return msgspec.json.decode(content, type=Remark).text if content else ""

    # Indexes and constraints

    def set_part(self, schema: str, table: str, kind: str, name: str, facts: dict[str, Any]) -> None:
        """Of one that is made. facts: fields of Part; {}: IRIS knows all of it."""
        self._changed()
        self._forget(notes.part_key(schema, table, kind, name))
        if facts:
            self._insert(msgspec.convert({"schema": schema, "table": table, "kind": kind, "name": name, **facts}, Part))

    def describe_part(self, schema: str, table: str, kind: str, name: str, text: str | None) -> None:
        self._changed()
        content = self._read(notes.part_key(schema, table, kind, name))
        before = msgspec.json.decode(content, type=Part) if content else Part(schema, table, kind, name)
        self._forget(notes.key_of(before))
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
        return [note for note in self._all() if _is_about(note, notes.place_of(schema, table), column.lower())]

    def _rename_descriptions(self, schema: str, name: str, new_schema: str, new: str) -> None:
        for note in self._all():
            if isinstance(note, Description) and notes.place_of(note.schema, note.name) == notes.place_of(schema, name):
                self._delete(note)
                self._insert(msgspec.structs.replace(note, schema=new_schema, name=new))

    # Rows

    def _changed(self) -> None:
        """A note changes: whoever reads the version sees it. It is also what changes wait for each other by."""
        self._session.execute(_LOCK, notes.VERSION)

    def _read(self, key: Key) -> str:
        """The content of a note; "" where there is none."""
        rows = notes.rows_of(self._session, notes.READ, *key)
        return str(rows[0][0]) if rows else ""

    def _locked(self, schema: str, name: str) -> Sequence:
        if not self._session.execute(_LOCK, notes.sequence_key(schema, name)).row_count:
            raise _no_sequence(name)
        return self._find(schema, name)

    def _find(self, schema: str, name: str) -> Sequence:
        content = self._read(notes.sequence_key(schema, name))
        if not content:
            raise _no_sequence(name)
        return msgspec.json.decode(content, type=Sequence)

    def _all(self) -> list[Note]:
        return list(notes.of(self._session))

    def _insert(self, note: Note) -> None:
        self._session.execute(_INSERT, (*notes.key_of(note), notes.content_of(note)))

    def _store(self, note: Note) -> None:
        self._session.execute(_WRITE, (notes.content_of(note), *notes.key_of(note)))

    def _delete(self, note: Note) -> None:
        self._forget(notes.key_of(note))

    def _forget(self, key: Key) -> None:
        self._session.execute(_DELETE, key)


def _no_sequence(name: str) -> PgError:
    return PgError(sqlstate.UNDEFINED_TABLE, f'relation "{name}" does not exist')


def _draws(note: Note, schema: str, name: str) -> bool:
    """Whether it is a default that takes numbers of that sequence."""
    return (
        isinstance(note, Default) and note.sequence is not None and notes.place_of(*note.sequence) == notes.place_of(schema, name)
    )


def _is_about(note: Note, place: str, column: str) -> bool:
    match note:
        case Sequence():
            owner = note.owner
            return owner is not None and notes.place_of(*owner[:2]) == place and column in ("", owner[2].lower())
        case Check():
            return notes.place_of(note.schema, note.table) == place and column in ("", *map(str.lower, note.columns))
        case Default() | Retyped():
            return notes.place_of(note.schema, note.table) == place and column in ("", note.column.lower())
        case Description():
            return notes.place_of(note.schema, note.name) == place and column in ("", note.column.lower())
        case Part():
            return notes.place_of(note.schema, note.table) == place and not column
        case ViewText():
            return notes.place_of(note.schema, note.name) == place and not column
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
