"""Kept: rows that the worker keeps, for steps that it runs for each of them.

Their columns have the types of the table's columns that they are meant for; what IRIS cannot compute of them the worker does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from pgiris.compute.program import Program, oid_of
from pgiris.errors import PgError, not_supported
from pgiris.sql.coercion import Kind
from pgiris.sql.infer import Output
from pgiris.sql.plan import Role, Shaping, Source, Step
from pgiris.sql.programs import Builder, NotComputable
from pgiris.sql.shaping import shaped
from pgiris.sql.stages import finished
from pgiris.sql.statement import Statement
from pgiris.sql.write import write
from pgiris.types.table import type_name


def of_values(rows: Sequence[Sequence[exp.Expr]], kinds: Sequence[Kind], statement: Statement, slot: int = 0) -> Step | None:
    """Rows of analysed expressions, which the worker computes; None when only IRIS can."""
    builder = Builder(statement, volatile=True)
    mark = statement.mark()
    sources = []
    try:
        for row in rows:
            for cell, kind in zip(row, kinds, strict=True):
                program = builder.as_type(cell, kind.oid)
                sources.append(Source(program[2] if program[0] == "v" else statement.computed_index(program)))
    except (NotComputable, PgError):
        statement.back_to(mark)
        return None
    return Step("", tuple(sources), Role.ROWS, slot=slot, kinds=tuple(kind.oid for kind in kinds))


def of_query(
    query: exp.Expr,
    outputs: Sequence[Output],
    kinds: Sequence[Kind],
    statement: Statement,
    slot: int = 0,
    role: Role = Role.ROWS,
) -> Step:
    """Rows of an analysed query, its columns converted to kinds. Raises 0A000 for what nobody can compute."""
    statement.computing = statement.computing or statement.analysis.needs_computing
    shaping = shaped(query, statement)
    items: Sequence[Program] = (
        shaping.items if shaping is not None else [("c", output.kind.oid, place, -1) for place, output in enumerate(outputs)]
    )
    made = tuple(_converted(item, kind, statement) for item, kind in zip(items, kinds, strict=True))
    if shaping is not None or any(one is not other for one, other in zip(made, items, strict=True)):
        shaping = Shaping(made) if shaping is None else replace(shaping, items=made)
    step = write(finished(query, statement), statement.sources, role)
    return replace(step, slot=slot, kinds=tuple(kind.oid for kind in kinds), rows=shaping)


def _converted(item: Program, kind: Kind, statement: Statement) -> Program:
    if not kind.oid or not oid_of(item):
        return item
    try:
        return Builder(statement).cast(item, Kind(kind.oid))
    except NotComputable:
        raise not_supported(f"converting {type_name(oid_of(item))} to {type_name(kind.oid)} is not supported here") from None
