"""Truncation: TRUNCATE -> steps of a plan. PostgreSQL: sql-truncate

IRIS empties one table at a time, checks foreign keys, and resets counters: tables are emptied before those that they refer to,
and where the counter is to go on, by DELETE. iris-reference 4.16
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.ddl import qualified
from pgiris.sql.infer import Binder
from pgiris.sql.notices import notice
from pgiris.sql.plan import Role, Step
from pgiris.sql.statement import Statement
from pgiris.types.relation import Relation


def truncate(node: exp.TruncateTable, binder: Binder, statement: Statement) -> list[Step]:
    if node.args.get("is_database"):
        raise not_supported("TRUNCATE DATABASE is not supported")
    cascade = str(node.args.get("option") or "").upper() == "CASCADE"
    restart = str(node.args.get("identity") or "").upper() == "RESTART"
    steps: list[Step] = []
    chosen: list[Relation] = []
    for table in node.expressions:
        table.set("only", None)
        source = binder.table(table)
        if source.relation is None:  # there is no schema at hand
            steps.append(Step(f"TRUNCATE TABLE {qualified(source.schema or table.args['db'].name, table.name)}", (), Role.RUN))
        elif source.relation.kind != "table":
            raise PgError(sqlstate.WRONG_OBJECT_TYPE, f'"{source.relation.name}" is not a table')
        elif source.relation not in chosen:
            chosen.append(source.relation)
    _take_referencing(chosen, cascade, statement)
    if restart:
        _restart_sequences(chosen, statement)
    return [*steps, *(_emptied(relation, restart, unchecked) for relation, unchecked in _in_order(chosen))]


def _take_referencing(chosen: list[Relation], cascade: bool, statement: Statement) -> None:
    """Those that refer to the tables too, with CASCADE. Raises 0A000 without."""
    for relation in chosen:  # which grows meanwhile
        for other in referencing(relation, statement.analysis.snapshot.relations):
            if other in chosen:
                continue
            if not cascade:
                raise PgError(
                    sqlstate.FEATURE_NOT_SUPPORTED,
                    "cannot truncate a table referenced in a foreign key constraint",
                    detail=f'Table "{other.name}" references "{relation.name}".',
                    hint=f'Truncate table "{other.name}" at the same time, or use TRUNCATE ... CASCADE.',
                )
            statement.notices.append(notice(f'truncate cascades to table "{other.name}"'))
            chosen.append(other)


def _restart_sequences(chosen: Sequence[Relation], statement: Statement) -> None:
    """Those that the tables' columns own."""
    names = {(relation.schema.lower(), relation.name.lower()) for relation in chosen}
    for sequence in statement.analysis.snapshot.relations:
        if sequence.owner is not None and (sequence.owner[0].lower(), sequence.owner[1].lower()) in names:
            statement.note("alter", sequence.schema, sequence.name, {"restart": None}, None, False)


def referencing(relation: Relation, others: Sequence[Relation]) -> Iterator[Relation]:
    """The relations with a foreign key to one."""
    return (other for other in others if any(key.is_to(relation) for key in other.references))


def _in_order(chosen: Sequence[Relation]) -> Iterator[tuple[Relation, bool]]:
    """Each after those that refer to it, as far as that can be; whether some still do."""
    left = list(chosen)
    while left:
        free = (one for one in left if not any(other is not one for other in referencing(one, left)))
        following = next(free, left[0])
        yield following, any(referencing(following, left))
        left.remove(following)


def _emptied(relation: Relation, restart: bool, unchecked: bool) -> Step:
    """unchecked: its rows are still referred to, by its own or by others that are emptied behind it."""
    counts = any(column.identity for column in relation.columns)
    word, rest = ("DELETE", " FROM") if counts and not restart else ("TRUNCATE", " TABLE")
    if word == "TRUNCATE":
        word, rest = "TRUNCATE TABLE", ""
    return Step(f"{word}{' %NOCHECK' if unchecked else ''}{rest} {qualified(relation.schema, relation.name)}", (), Role.RUN)
