"""Row counts: what LIMIT and OFFSET are given. NULL is no limit or no offset, a negative number is refused."""

from __future__ import annotations

from enum import Enum

from pgiris import sqlstate
from pgiris.errors import PgError

MOST_ROWS = 2_147_483_647  # what IRIS is told for no limit, and for larger ones. iris-reference 4.8


class Clause(Enum):
    LIMIT = sqlstate.INVALID_ROW_COUNT_IN_LIMIT_CLAUSE
    OFFSET = sqlstate.INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE


def require_count(count: int | None, clause: Clause) -> int | None:
    """Raises PgError 2201W, 2201X for a negative one."""
    if count is not None and count < 0:
        raise PgError(clause.value, f"{clause.name} must not be negative")
    return count


def limit(count: int | None) -> int:
    count = require_count(count, Clause.LIMIT)
    return MOST_ROWS if count is None else min(count, MOST_ROWS)


def offset(count: int | None) -> int:
    return require_count(count, Clause.OFFSET) or 0
