"""Places: functions and operators of pg_lsn, a byte of a log, and tid, a row of a file, whose natives are the types' texts.

PostgreSQL: datatype-pg-lsn, functions-admin, pg_lsn.c, tid.c
"""

from __future__ import annotations

import math
from decimal import Decimal

from pgiris import sqlstate
from pgiris.compute.registry import function
from pgiris.errors import PgError

_MOST = 2**64 - 1


def number(lsn: str) -> int:
    high, low = lsn.split("/")
    return int(high, 16) << 32 | int(low, 16)


def sort_key(lsn: str) -> str:
    return f"{number(lsn):016X}"


def row_key(tid: str) -> str:
    block, place = tid.strip("()").split(",")
    return f"{int(block):010} {int(place):05}"


def order(left: str, right: str) -> int:
    return number(left) - number(right)


def row_order(left: str, right: str) -> int:
    one, other = row_key(left), row_key(right)
    return int(one > other) - int(one < other)


@function("-(pg_lsn, pg_lsn) numeric", "pg_wal_lsn_diff(pg_lsn, pg_lsn) numeric")
def _distance(left: str, right: str) -> Decimal:
    return Decimal(number(left) - number(right))


@function("+(pg_lsn, numeric) pg_lsn")
def _later(lsn: str, count: Decimal) -> str:
    return _moved(lsn, count, 1, "add NaN to")


@function("+(numeric, pg_lsn) pg_lsn")
def _later_too(count: Decimal, lsn: str) -> str:
    return _moved(lsn, count, 1, "add NaN to")


@function("-(pg_lsn, numeric) pg_lsn")
def _earlier(lsn: str, count: Decimal) -> str:
    return _moved(lsn, count, -1, "subtract NaN from")


def _moved(lsn: str, count: Decimal, sign: int, refusal: str) -> str:
    if math.isnan(count):
        raise PgError(sqlstate.FEATURE_NOT_SUPPORTED, f"cannot {refusal} pg_lsn")
    found = number(lsn) + sign * count
    if not 0 <= found <= _MOST:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "pg_lsn out of range")
    moved = int(found.to_integral_value())
    return f"{moved >> 32:X}/{moved & 0xFFFFFFFF:X}"
