"""Identity alterations: what ALTER TABLE changes of serial and identity columns. IRIS can neither make a column one nor make it
another: pgiris notes of which type it is, and whether it is GENERATED ALWAYS, which pgiris guards by itself.

In: the text of ALTER TABLE ... ALTER COLUMN ... SET GENERATED, ADD GENERATED, DROP IDENTITY, RESTART; the type of ALTER COLUMN
TYPE. Out: a plan, or None when it is another statement.
PostgreSQL: sql-altertable. iris-reference 4.18
"""

from __future__ import annotations

import re

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import retyping
from pgiris.sql.coercion import Kind
from pgiris.sql.copy_command import qualified_name
from pgiris.sql.ddl import IDLE, name, qualified
from pgiris.sql.notices import notice
from pgiris.sql.plan import Effect, NoteAction, Plan, Role, Shaping, Step, Target
from pgiris.sql.reader import Reader
from pgiris.sql.scope import find_relation, undefined_relation
from pgiris.sql.statement import Statement
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.iristypes import annotation, to_iris
from pgiris.types.relation import Relation, RelationColumn, Snapshot
from pgiris.types.table import type_name

_WORDS = re.compile(r"\b(?:SET\s+GENERATED|ADD\s+GENERATED|DROP\s+IDENTITY|RESTART)\b", re.IGNORECASE)
_WIDTHS = {oids.INT2: 2, oids.INT4: 4, oids.INT8: 8}


def is_wanted(text: str) -> bool:
    """Of ALTER."""
    return _WORDS.search(text) is not None


def plan(text: str, snapshot: Snapshot, search_path: tuple[str, ...]) -> Plan | None:
    """Raises 42P01, 42703, 42809, 55000, 0A000."""
    reader = Reader(text, 0)
    if not (reader.accept("alter") and reader.accept("table")):
        return None
    exists = reader.accept_if("exists")
    reader.accept("only")
    try:
        *_, schema, table = ("", *qualified_name(reader))
        if not reader.accept("alter"):
            return None
        reader.accept("column")
        word = reader.name()
    except PgError:  # whoever reads the whole statement says so
        return None
    change = " ".join(filter(None, (reader.accept("set", "add", "drop", "restart"), reader.accept("generated", "identity"))))
    if change not in _CHANGES:
        return None
    relation = find_relation(snapshot, search_path, schema, table)
    if relation is None:
        error = undefined_relation(schema, table, None)
        if not exists:
            raise error
        return _nothing(f"{error.message}, skipping")
    if relation.kind != "table":
        raise PgError(sqlstate.WRONG_OBJECT_TYPE, f'"{relation.name}" is not a table')
    entry = relation.by_name.get(word.lower())
    if entry is None:
        message = f'column "{word}" of relation "{relation.name}" does not exist'
        raise PgError(sqlstate.UNDEFINED_COLUMN, message)
    return _CHANGES[change](reader, relation, entry[1])


def _set(reader: Reader, relation: Relation, column: RelationColumn) -> Plan:
    generation = "always" if reader.expect("always", "by") == "always" else "by default"
    if generation == "by default":
        reader.expect("default")
    _end(reader)
    _check_identity(relation, column)
    noted = annotation(column.oid, -1, generation)
    note = NoteAction("set_type", (relation.schema, relation.name, column.name, noted))
    return Plan(Target.BACKEND, "ALTER TABLE", Effect.DDL, IDLE, notes=(note,))


def _add(reader: Reader, relation: Relation, column: RelationColumn) -> Plan:
    what = f'column "{column.name}" of relation "{relation.name}"'
    if column.identity and column.identity != "serial":
        raise PgError(sqlstate.OBJECT_NOT_IN_PREREQUISITE_STATE, f"{what} is already an identity column")
    if not column.not_null:
        message = f"{what} must be declared NOT NULL before identity can be added"
        raise PgError(sqlstate.OBJECT_NOT_IN_PREREQUISITE_STATE, message)
    if column.identity or column.default is not None or column.has_own_default:
        raise PgError(sqlstate.OBJECT_NOT_IN_PREREQUISITE_STATE, f"{what} already has a default value")
    hint = "IRIS counts columns that were made so only. A sequence can be made: ALTER COLUMN ... SET DEFAULT nextval('...')."
    raise not_supported("making a column an identity column is not supported", hint)


def _drop(reader: Reader, relation: Relation, column: RelationColumn) -> Plan:
    tolerant = reader.accept_if("exists")
    _end(reader)
    if tolerant and column.identity in ("", "serial"):
        return _nothing(f"{_no_identity(relation, column).message}, skipping")
    _check_identity(relation, column)
    raise not_supported("making an identity column another is not supported", "IRIS counts it for good.")


def _restart(reader: Reader, relation: Relation, column: RelationColumn) -> Plan:
    _check_identity(relation, column)
    hint = "setval() is answered for the number that follows the largest one."
    raise not_supported("RESTART of an identity column is not supported", hint)


_CHANGES = {"set generated": _set, "add generated": _add, "drop identity": _drop, "restart": _restart}


def _end(reader: Reader) -> None:
    if reader.at_symbol(","):
        raise not_supported(
            "changing an identity column beside other actions is not supported", "Make it a statement of its own."
        )
    reader.finish()


def _check_identity(relation: Relation, column: RelationColumn) -> None:
    if column.identity in ("", "serial"):
        raise _no_identity(relation, column)


def _no_identity(relation: Relation, column: RelationColumn) -> PgError:
    message = f'column "{column.name}" of relation "{relation.name}" is not an identity column'
    return PgError(sqlstate.OBJECT_NOT_IN_PREREQUISITE_STATE, message)


def _nothing(message: str) -> Plan:
    return Plan(Target.NOTHING, "ALTER TABLE", notices=(notice(message),))


def retyped(relation: Relation, column: RelationColumn, kind: Kind, statement: Statement) -> str:
    """What ALTER COLUMN TYPE makes of a serial or identity column in IRIS, which goes on counting it. Rows are looked at before:
    numbers that are too large for a narrower type are 22003. Raises 22023, 0A000."""
    if column.identity != "serial" and kind.oid not in _WIDTHS:
        message = "identity column type must be smallint, integer, or bigint"
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, message)
    if kind.oid not in _WIDTHS:
        what = f"from {type_name(column.oid)} to {type_name(*kind)}"
        raise not_supported(f"changing the type of a serial column {what} is not supported")
    if _WIDTHS[kind.oid] < _WIDTHS[column.oid]:
        statement.checks.append(_check_of_rows(relation, column, kind))
    retyping.check_views(relation, statement.analysis.snapshot)
    noted = annotation(Oid(kind.oid), -1, column.identity)
    statement.note("set_type", relation.schema, relation.name, column.name, noted)
    return to_iris(kind.oid)


def _check_of_rows(relation: Relation, column: RelationColumn, kind: Kind) -> Step:
    """Converts the smallest and the largest number, and keeps neither."""
    programs = tuple(("f", "cast", kind.oid, -1, ("c", column.oid, place, -1)) for place in (0, 1))
    word = name(column.name)
    sql = f"SELECT MIN({word}), MAX({word}) FROM {qualified(relation.schema, relation.name)}"
    return Step(sql, (), Role.ROWS, rows=Shaping(programs), kinds=(kind.oid, kind.oid))
