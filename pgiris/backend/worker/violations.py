"""Violations: what is said of a row that violates a CHECK constraint, as PostgreSQL says it.

PostgreSQL: ExecConstraints() and ExecBuildSlotValueDescription() in execMain.c
"""

from __future__ import annotations

from pgiris import sqlstate
from pgiris.backend.base import Row
from pgiris.backend.worker.frames import StepFrame
from pgiris.errors import PgError
from pgiris.types.codec import Context, Format, Oid, Value
from pgiris.types.rows import encoder

LONGEST_CELL = 64  # bytes of a value that are shown


def violation(step: StepFrame, row: Row, context: Context) -> PgError:
    """step: a GUARD. row: one of its rows."""
    guard, name = step.guard, str(row[0])
    assert guard is not None
    if not guard.typmods:
        message = f'check constraint "{name}" of relation "{guard.table}" is violated by some row'
        detail = None
    else:
        message = f'new row for relation "{guard.table}" violates check constraint "{name}"'
        kinds = zip(step.kinds[2:], guard.typmods, strict=True)
        cells = [_shown(value, Oid(oid), typmod, context) for value, (oid, typmod) in zip(row[2:], kinds, strict=True)]
        detail = f"Failing row contains ({', '.join(cells)})."
    return PgError(sqlstate.CHECK_VIOLATION, message, detail=detail, schema=guard.schema, table=guard.table, constraint=name)


def _shown(value: Value, oid: Oid, typmod: int, context: Context) -> str:
    if value is None:
        return "null"
    text = encoder(oid, typmod, Format.TEXT, context)(value)
    if len(text) <= LONGEST_CELL:
        return text.decode()
    return text[:LONGEST_CELL].decode(errors="ignore") + "..."
