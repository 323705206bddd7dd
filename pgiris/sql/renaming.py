"""Renaming: ALTER INDEX ... RENAME TO, ALTER TABLE ... RENAME CONSTRAINT. IRIS cannot: they are made anew with the other name.

In: text. Out: a plan, or None when it is another statement. iris-reference 4.19
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import checks
from pgiris.sql.copy_command import qualified_name
from pgiris.sql.ddl import IDLE, ddl, name, qualified
from pgiris.sql.indexes import tables_of
from pgiris.sql.notices import notice
from pgiris.sql.plan import Effect, NoteAction, Plan, Target
from pgiris.sql.reader import Reader
from pgiris.sql.schemanames import iris_schema
from pgiris.sql.scope import find_relation, undefined_relation
from pgiris.sql.tables import constraints_of
from pgiris.types.relation import CheckPart, IndexPart, ReferencePart, Relation, Snapshot


def plan(text: str, snapshot: Snapshot, search_path: tuple[str, ...]) -> Plan | None:
    """Raises 42P01, 42704, 42P07, 42710, 0A000."""
    reader = Reader(text, 0)
    if not reader.accept("alter"):
        return None
    if reader.accept("index"):
        return _index(reader, snapshot, search_path)
    return _constraint(reader, snapshot, search_path) if reader.accept("table") else None


# ALTER INDEX


def _index(reader: Reader, snapshot: Snapshot, search_path: tuple[str, ...]) -> Plan | None:
    exists = reader.accept_if("exists")
    *_, schema, old = ("", *qualified_name(reader))
    if not reader.accept("rename"):
        return None
    reader.expect("to")
    new = reader.name()
    reader.finish()
    found = _index_called(snapshot, (schema,) if schema else search_path, old)
    if found is None:
        return _missing(undefined_relation(schema, old, None), exists, "ALTER INDEX")
    if find_relation(snapshot, (), found.schema, new) is not None or _index_called(snapshot, (found.schema,), new) is not None:
        raise PgError(sqlstate.DUPLICATE_TABLE, f'relation "{new}" already exists')
    index = next((one for one in found.indexes if one.name.lower() == old.lower()), None)
    if index is None:
        return _renamed("ALTER INDEX", _key_anew(found, old, new, snapshot), found, old, new, snapshot)
    return _renamed("ALTER INDEX", _index_anew(found, index, new), found, old, new, snapshot)


def _index_called(snapshot: Snapshot, path: tuple[str, ...], word: str) -> Relation | None:
    """The table of an index or of a key."""
    return next((table for place in path for table in tables_of(snapshot, iris_schema(place), word)), None)


def _index_anew(table: Relation, index: IndexPart, new: str) -> list[str]:
    if index.method != "btree":
        raise not_supported(f"renaming a {index.method} index is not supported", "Drop it and create it anew.")
    place = qualified(table.schema, table.name)
    unique = "UNIQUE " if index.unique else ""
    columns = ", ".join(map(name, index.columns))
    made = f"CREATE {unique}INDEX {name(new)} ON TABLE {place} ({columns})"
    return [made, f"DROP INDEX {name(index.name)} ON {place}"]


# ALTER TABLE ... RENAME CONSTRAINT


def _constraint(reader: Reader, snapshot: Snapshot, search_path: tuple[str, ...]) -> Plan | None:
    exists = reader.accept_if("exists")
    reader.accept("only")
    try:
        *_, schema, table = ("", *qualified_name(reader))
    except PgError:  # whoever reads the whole statement says so
        return None
    if not (reader.accept("rename") and reader.accept("constraint")):
        return None
    old = reader.name()
    reader.expect("to")
    new = reader.name()
    reader.finish()
    relation = find_relation(snapshot, search_path, schema, table)
    if relation is None:
        return _missing(undefined_relation(schema, table, None), exists, "ALTER TABLE")
    names = {one.lower() for one in constraints_of(relation)}
    if old.lower() not in names or any(index.name.lower() == old.lower() for index in relation.indexes):
        message = f'constraint "{old}" for table "{relation.name}" does not exist'
        raise PgError(sqlstate.UNDEFINED_OBJECT, message)
    check = checks.find(relation, old)
    if check is not None:
        return _check_renamed(relation, check, new, names - {old.lower()})
    reference = next((key for key in relation.references if key.name.lower() == old.lower()), None)
    if reference is None and _index_called(snapshot, (relation.schema,), new) is not None:
        raise PgError(sqlstate.DUPLICATE_TABLE, f'relation "{new}" already exists')
    if new.lower() in names:
        raise checks.already_there(new, relation.name)
    if reference is not None:
        return _renamed("ALTER TABLE", _reference_anew(relation, reference, new), relation, old, new, snapshot)
    return _renamed("ALTER TABLE", _key_anew(relation, old, new, snapshot), relation, old, new, snapshot)


def _renamed(tag: str, steps: list[str], table: Relation, old: str, new: str, snapshot: Snapshot) -> Plan:
    """With what is noted of the index or constraint."""
    note = NoteAction("rename_part", (table.schema, table.name, old, new))
    return replace(ddl(tag, steps), notes=(note,) if snapshot.noted else ())


def _check_renamed(table: Relation, check: CheckPart, new: str, names: Collection[str]) -> Plan:
    if new.lower() in names:
        raise checks.already_there(new, table.name)
    place = table.schema, table.name
    action = NoteAction("set_check", (*place, new, check.expression, list(check.columns), check.valid, check.name))
    noted = NoteAction("rename_part", (*place, check.name, new))
    return Plan(Target.BACKEND, "ALTER TABLE", Effect.DDL, IDLE, notes=(action, noted))


def _reference_anew(table: Relation, key: ReferencePart, new: str) -> list[str]:
    place = qualified(table.schema, table.name)
    return [f"ALTER TABLE {place} DROP CONSTRAINT {name(key.name)}", _reference(table, key, new)]


def _reference(table: Relation, key: ReferencePart, new: str) -> str:
    columns, referenced = (", ".join(map(name, names)) for names in (key.columns, key.referenced))
    actions = "".join(
        f" ON {event} {action}"
        for event, action in (("DELETE", key.on_delete), ("UPDATE", key.on_update))
        if action != "NO ACTION"
    )
    target = qualified(key.schema, key.table)
    text = f"FOREIGN KEY ({columns}) REFERENCES {target} ({referenced}){actions}"
    return f"ALTER TABLE {qualified(table.schema, table.name)} ADD CONSTRAINT {name(new)} {text}"


def _key_anew(table: Relation, old: str, new: str, snapshot: Snapshot) -> list[str]:
    """A primary key or unique constraint; foreign keys that refer to it are dropped before and made again after it."""
    columns = next(columns for key, columns in table.key_names if key.lower() == old.lower())
    kind = "PRIMARY KEY" if columns == table.primary_key else "UNIQUE"
    place = qualified(table.schema, table.name)
    referring = [
        (other, key)
        for other in snapshot.relations
        for key in other.references
        if key.is_to(table) and {column.lower() for column in key.referenced} == {column.lower() for column in columns}
    ]
    return [
        *(f"ALTER TABLE {qualified(other.schema, other.name)} DROP CONSTRAINT {name(key.name)}" for other, key in referring),
        f"ALTER TABLE {place} DROP CONSTRAINT {name(old)}",
        f"ALTER TABLE {place} ADD CONSTRAINT {name(new)} {kind} ({', '.join(map(name, columns))})",
        *(_reference(other, key, key.name) for other, key in referring),
    ]


def _missing(error: PgError, exists: bool, tag: str) -> Plan:
    if not exists:
        raise error
    return Plan(Target.NOTHING, tag, notices=(notice(f"{error.message}, skipping", sqlstate.SUCCESSFUL_COMPLETION),))
