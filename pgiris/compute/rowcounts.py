"""Row counts: what LIMIT, OFFSET and window frames by ROWS are given."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types.codec import Value

MOST_ROWS = 2_147_483_647  # what IRIS is told for no limit, and for larger ones. iris-reference 4.8


class Clause(Enum):
    """(SQLSTATE, name in messages). What a frame is given stands in the text, since IRIS takes no ``?`` there."""

    LIMIT = (sqlstate.INVALID_ROW_COUNT_IN_LIMIT_CLAUSE, "LIMIT")
    OFFSET = (sqlstate.INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE, "OFFSET")
    FRAME_START = (sqlstate.INVALID_PRECEDING_OR_FOLLOWING_SIZE, "frame starting offset")
    FRAME_END = (sqlstate.INVALID_PRECEDING_OR_FOLLOWING_SIZE, "frame ending offset")

    @property
    def is_in_text(self) -> bool:
        return self in (Clause.FRAME_START, Clause.FRAME_END)


def require_count(count: int | None, clause: Clause) -> int | None:
    """Raises PgError 2201W, 2201X, 22013 for a negative one."""
    if count is not None and count < 0:
        code, name = clause.value
        raise PgError(code, f"{name} must not be negative")
    return count


def fitted(given: Value, clause: Clause) -> int:
    """As IRIS is told. NULL is no limit and no offset. Raises PgError as require_count(), 22004 for a frame of NULL, 22003."""
    count = require_count(_whole(given), clause)
    if clause is Clause.OFFSET:
        return count or 0
    if count is None and clause is not Clause.LIMIT:
        raise PgError(sqlstate.NULL_VALUE_NOT_ALLOWED, f"{clause.value[1]} must not be null")
    return MOST_ROWS if count is None else min(count, MOST_ROWS)


def _whole(given: Value) -> int | None:
    """Of a numeric, whose text it is, or a double the nearest one. PostgreSQL: numeric_int8, dtoi8"""
    if given is None or isinstance(given, int):
        return given
    number = Decimal(str(given))
    count = round(number) if isinstance(given, float) else int(number.to_integral_value(ROUND_HALF_UP))
    if not -(2**63) <= count < 2**63:
        raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "bigint out of range")
    return count
