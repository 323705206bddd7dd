"""Functions of dates and times. iris-reference 4.22"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from pgiris.backend.sandbox.iristypes import (
    DATE,
    INTEGER,
    MOMENTS,
    NUMERIC,
    STRING,
    TIME,
    TIMESTAMP,
    IrisType,
    Kind,
)
from pgiris.backend.sandbox.shapes import Arguments, Function
from pgiris.backend.sandbox.typed import Typed
from pgiris.backend.sandbox.values import FIRST_DATE
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import not_supported

if TYPE_CHECKING:
    from pgiris.backend.sandbox.lower_values import LowerValues

UNITS = {
    word: unit
    for unit, words in {
        "year": ("yyyy", "yy", "year", "sql_tsi_year"),
        "quarter": ("qq", "q", "quarter", "sql_tsi_quarter"),
        "month": ("mm", "m", "month", "sql_tsi_month"),
        "week": ("wk", "ww", "week", "sql_tsi_week"),
        "weekday": ("dw", "w", "weekday"),
        "day": ("dd", "d", "day", "sql_tsi_day"),
        "dayofyear": ("dy", "y", "dayofyear"),
        "hour": ("hh", "h", "hour", "sql_tsi_hour"),
        "minute": ("mi", "n", "minute", "sql_tsi_minute"),
        "second": ("ss", "s", "second", "sql_tsi_second"),
        "millisecond": ("ms", "millisecond", "sql_tsi_frac_second"),
        "microsecond": ("mcs", "microsecond"),
        "nanosecond": ("ns", "nanosecond"),
        "sqltimestamp": ("sts", "sqltimestamp"),
    }.items()
    for word in words
}


def _unit(node: exp.Expr, name: str) -> str:
    unit = UNITS.get(node.name.lower())
    if unit is None:
        raise pg_error(-8, f"Invalid {name} code: {node.name}")
    return unit


def moment(lower: LowerValues, node: exp.Expr, otherwise: str = "iris_moment({}, 'date')") -> tuple[str, IrisType]:
    """SQL of a date, a time or a timestamp. otherwise: what reads strings and numbers (dateinput.py)."""
    typed = lower.value(node)
    if typed.kind in MOMENTS:
        return typed.sql, typed.type
    return otherwise.format(lower.as_type(typed, STRING)), TIMESTAMP


OR_NULL = "iris_moment_or_null({})"
SECONDS = "iris_moment({}, 'time')"


def dateadd(lower: LowerValues, arguments: Arguments) -> Typed:
    unit = _unit(arguments[0], "DATEADD")
    amount = lower.as_type(lower.value(arguments[1]), NUMERIC)
    sql, type_ = moment(lower, arguments[2])
    result = TIME if type_.kind == Kind.TIME else TIMESTAMP
    return Typed(f"iris_dateadd('{unit}', {amount}, {sql})", result)


def datediff(lower: LowerValues, arguments: Arguments) -> Typed:
    unit = _unit(arguments[0], "DATEDIFF")
    sides = [moment(lower, argument, OR_NULL)[0] for argument in arguments[1:]]
    return Typed(f"iris_datediff('{unit}', {', '.join(sides)})", INTEGER)


def datepart(lower: LowerValues, arguments: Arguments) -> Typed:
    unit = _unit(arguments[0], "DATEPART")
    type_ = {"sqltimestamp": TIMESTAMP, "second": NUMERIC}.get(unit, INTEGER)
    return Typed(f"iris_datepart('{unit}', {moment(lower, arguments[1])[0]})", type_)


def datename(lower: LowerValues, arguments: Arguments) -> Typed:
    unit = _unit(arguments[0], "DATENAME")
    return Typed(f"iris_datename('{unit}', {moment(lower, arguments[1], OR_NULL)[0]})", STRING)


def date_trunc(lower: LowerValues, arguments: Arguments) -> Typed:
    unit = _unit(arguments[0], "DATE_TRUNC")
    return Typed(f"iris_datetrunc('{unit}', {moment(lower, arguments[1])[0]})", TIMESTAMP)


def last_day(lower: LowerValues, arguments: Arguments) -> Typed:
    """Of what is no date it is the first day there is."""
    typed = lower.value(arguments[0])
    sql, _ = moment(lower, arguments[0], OR_NULL)
    if typed.kind not in MOMENTS:
        sql = f"iif({lower.as_type(typed, STRING)} IS NULL, NULL, coalesce({sql}, '{FIRST_DATE}'))"
    return Typed(f"iris_last_day({sql})", DATE)


def day_of_month(lower: LowerValues, arguments: Arguments) -> Typed:
    typed = lower.value(arguments[0])
    if typed.kind in MOMENTS:
        return Typed(f"iris_datepart('day', {typed.sql})", INTEGER)
    return Typed(f"iris_day_of_month({lower.as_type(typed, STRING)})", INTEGER)


def part(unit: str, otherwise: str = "iris_moment({}, 'date')") -> Function:
    type_ = NUMERIC if unit == "second" else INTEGER
    return Function(1, 1, lambda lower, a: Typed(f"iris_datepart('{unit}', {moment(lower, a[0], otherwise)[0]})", type_))


def named_part(unit: str) -> Function:
    return Function(1, 1, lambda lower, a: Typed(f"iris_datename('{unit}', {moment(lower, a[0])[0]})", STRING))


def to_char(lower: LowerValues, arguments: Arguments) -> Typed:
    typed = lower.value(arguments[0])
    mask = lower.text(arguments[1]) if len(arguments) > 1 else "NULL"
    if typed.kind in MOMENTS:
        if len(arguments) == 1 and typed.kind != Kind.TIMESTAMP:
            raise not_supported(f"TO_CHAR of a {typed.kind.name} without a format is not known to the sandbox")
        return Typed(f"iris_to_char_moment({typed.sql}, {mask})", STRING)
    return Typed(f"iris_to_char({lower.as_type(typed, STRING)}, {mask})", STRING)


def unix_timestamp(lower: LowerValues, arguments: Arguments) -> Typed:
    if not arguments:
        return Typed("iris_unix_now()", NUMERIC)
    return Typed(f"iris_unix_timestamp({moment(lower, arguments[0])[0]})", NUMERIC)


def current(node: type[exp.Expr], digits: int) -> Typed:
    if node is exp.CurrentDate:
        return Typed("iris_today()", DATE)
    if node is exp.CurrentTime:
        return Typed(f"iris_clock({digits})", TIME)
    return Typed(f"iris_now({digits})", TIMESTAMP)


def clock(name: str) -> Function:
    def build(lower: LowerValues, arguments: Arguments) -> Typed:
        digits = lower.whole(arguments[0]) if arguments else "0"
        return Typed(f"{name}({digits})", TIMESTAMP)

    return Function(0, 1, build)
