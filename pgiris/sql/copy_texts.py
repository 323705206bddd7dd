"""What a COPY of a table asks of the backend, as statements that the planner knows.

In: a CopyCommand and its Relation. Out: PostgreSQL text, ``$n`` for the n-th copied column of a row that comes in.
PostgreSQL: sql-copy; src/backend/commands/copy.c, DoCopy and CopyGetAttnums
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.copy_command import CopyCommand
from pgiris.sql.functions import AGGREGATES
from pgiris.sql.infer import fold
from pgiris.sql.numbering import place_of
from pgiris.sql.postgres import end_of, parse, position_of
from pgiris.sql.scope import CATALOGS, find_relation, refuse_catalog, undefined_relation
from pgiris.types.relation import Relation, RelationColumn, Snapshot
from pgiris.types.table import type_name

_TO_VIEW = "To enable copying to a view, provide an INSTEAD OF INSERT trigger."
_FROM_VIEW = "Try the COPY (SELECT ...) TO variant."


def find_table(command: CopyCommand, snapshot: Snapshot, search_path: tuple[str, ...], database: str) -> Relation:
    """Raises 42P01, 42809 for a view, 0A000 for another database."""
    assert command.table is not None
    *path, name = command.table
    if len(path) == 2 and path[0].lower() != database.lower():
        dotted = ".".join(command.table)
        raise not_supported(f'cross-database references are not implemented: "{dotted}"')
    schema = path[-1] if path else ""
    refuse_catalog(schema, name)
    relation = find_relation(snapshot, search_path, schema, name)
    if relation is None:
        raise undefined_relation(schema, name, None)
    if relation.kind == "sequence":
        way = "to" if command.direction == "from" else "from"
        raise PgError(sqlstate.WRONG_OBJECT_TYPE, f'cannot copy {way} sequence "{relation.name}"')
    if relation.kind != "table":
        way, hint = ("to", _TO_VIEW) if command.direction == "from" else ("from", _FROM_VIEW)
        raise PgError(sqlstate.WRONG_OBJECT_TYPE, f'cannot copy {way} view "{relation.name}"', hint=hint)
    return relation


def catalog_text(command: CopyCommand) -> str | None:
    """The query of a COPY from a system catalog; None when it names something else."""
    assert command.table is not None
    *path, name = command.table
    schema = path[-1] if path else ""
    if schema.lower() not in CATALOGS and (schema or not name.startswith("pg_")):
        return None
    columns = "*" if command.columns is None else ", ".join(map(_quoted, command.columns))
    return f"SELECT {columns} FROM {_quoted(schema or 'pg_catalog')}.{_quoted(name)}"


def copied_columns(command: CopyCommand, relation: Relation) -> tuple[RelationColumn, ...]:
    """Raises 42703, 42701."""
    if command.columns is None:
        return relation.columns
    found: list[RelationColumn] = []
    for name in command.columns:
        entry = relation.by_name.get(name.lower())
        if entry is None:
            raise PgError(sqlstate.UNDEFINED_COLUMN, f'column "{name}" of relation "{relation.name}" does not exist')
        if entry[1] in found:
            raise PgError(sqlstate.DUPLICATE_COLUMN, f'column "{name}" specified more than once')
        found.append(entry[1])
    return tuple(found)


def check_forced(names: Collection[str], known: Collection[str], relation: Relation | None) -> None:
    """The columns that an option names; known: those of the table or query. Raises 42703, 42701."""
    seen: set[str] = set()
    for name in names:
        if name not in known:
            of = f' of relation "{relation.name}"' if relation is not None else ""
            raise PgError(sqlstate.UNDEFINED_COLUMN, f'column "{name}"{of} does not exist')
        if name in seen:
            raise PgError(sqlstate.DUPLICATE_COLUMN, f'column "{name}" specified more than once')
        seen.add(name)


def select_text(relation: Relation, columns: Sequence[RelationColumn]) -> str:
    return f"SELECT {_names(columns)} FROM {_table(relation)}"


def insert_text(relation: Relation, columns: Sequence[RelationColumn], defaults: Collection[int] = ()) -> str:
    """defaults: places of the columns that take their defaults."""
    left = [column for column in relation.columns if column.has_own_default and column not in columns]
    cells = [_default(column) if place in defaults else f"${place + 1}" for place, column in enumerate(columns)]
    cells += map(_default, left)
    over = " OVERRIDING SYSTEM VALUE" if any(column.identity == "always" for column in columns) else ""
    return f"INSERT INTO {_table(relation)} ({_names([*columns, *left])}){over} VALUES ({', '.join(cells)})"


def _default(column: RelationColumn) -> str:
    if column.computed:
        return f"({column.computed})"
    return "DEFAULT" if column.sequence is None else f"pgiris_nextval({exp.Literal.string(place_of(column)).sql()})"


def _table(relation: Relation) -> str:
    return f"{_quoted(relation.schema)}.{_quoted(relation.name)}"


def _names(columns: Sequence[RelationColumn]) -> str:
    return ", ".join(_quoted(column.name) for column in columns)


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


@dataclass(frozen=True)
class Condition:
    """text: a query that gives 1 for rows that are wanted.

    pieces: (start in text, start in the statement, whether it stands there as it is) of its parts.
    """

    text: str
    pieces: tuple[tuple[int, int, bool], ...]

    def moved(self, error: PgError) -> PgError:
        """An error of planning the text, in the words of the statement."""
        error.message = error.message.replace("CASE/WHEN", "WHERE")
        if error.position is not None:
            at = max(error.position - 1, len(_OPENING))
            start, original, verbatim = [piece for piece in self.pieces if piece[0] <= at][-1]
            error.position = original + 1 + (at - start if verbatim else 0)
        return error


_OPENING, _CLOSING = "SELECT CASE WHEN (", ") THEN 1 ELSE 0 END"


def condition_of(command: CopyCommand, relation: Relation, columns: Sequence[RelationColumn]) -> Condition:
    """WHERE with a parameter for each column. Raises 42703, 42P01, 42803, 42P20, 0A000."""
    assert command.where is not None
    where, offset = command.where, command.where_start
    tree = parse(f"{_OPENING}{where}{_CLOSING}")
    _refuse(tree.expressions[0], offset)
    text, pieces, at = _OPENING, [(len(_OPENING), offset, True)], 0
    for node in sorted(tree.find_all(exp.Column), key=lambda node: position_of(node) or 0):
        first, end = position_of(node), end_of(node)
        assert first is not None
        assert end is not None
        start, end = first - 1 - len(_OPENING), end - len(_OPENING)
        text += where[at:start]
        pieces.append((len(text), offset + start, False))
        text += _value_of(node, relation, columns, offset + start + 1)
        pieces.append((len(text), offset + end, True))
        at = end
    return Condition(f"{text}{where[at:]}{_CLOSING}", tuple(pieces))


def _refuse(tree: exp.Expr, offset: int) -> None:
    if tree.find(exp.Query) is not None:
        raise not_supported("cannot use subquery in COPY FROM WHERE condition")
    window = tree.find(exp.Window)
    if window is not None:
        message = "window functions are not allowed in COPY FROM WHERE conditions"
        raise PgError(sqlstate.WINDOWING_ERROR, message, position=_place(window, offset))
    for call in tree.find_all(exp.Anonymous):
        if call.name.lower() in AGGREGATES:
            message = "aggregate functions are not allowed in COPY FROM WHERE conditions"
            raise PgError(sqlstate.GROUPING_ERROR, message, position=_place(call, offset))


def _place(node: exp.Expr, offset: int) -> int | None:
    """Its position in the statement, where the condition starts at offset."""
    position = position_of(node)
    return None if position is None else position - len(_OPENING) + offset


def _value_of(node: exp.Column, relation: Relation, columns: Sequence[RelationColumn], position: int) -> str:
    """What stands for a column of the row: its parameter, or NULL when it is not copied and has no default."""
    table, name = fold(node.args.get("table")), fold(node.this)
    if table and table != relation.name.lower():
        message = f'missing FROM-clause entry for table "{table}"'
        raise PgError(sqlstate.UNDEFINED_TABLE, message, position=position)
    entry = relation.by_name.get(name.lower())
    if entry is None:
        shown = f"{table}.{name}" if table else f'"{name}"'
        raise PgError(sqlstate.UNDEFINED_COLUMN, f"column {shown} does not exist", position=position)
    column = entry[1]
    if column in columns:
        return f"${columns.index(column) + 1}"
    if column.default is not None or column.identity or column.sequence is not None:
        raise not_supported(f'a COPY FROM WHERE condition on column "{column.name}", which takes its default, is not supported')
    return f"CAST(NULL AS {type_name(column.oid)})"
