"""Dates: arithmetic, EXTRACT, date_trunc and to_char for IRIS, which has neither intervals nor time zones.

iris-reference 4.22, 5.3
"""

from __future__ import annotations

import re

from sqlglot import exp

from pgiris import sqlstate
from pgiris.compute.casts import converter
from pgiris.errors import PgError, not_supported
from pgiris.sql.coercion import DATE, INTEGERS, Kind
from pgiris.sql.infer import kind_of, unwrapped
from pgiris.sql.statement import Statement
from pgiris.sql.write import Template, template
from pgiris.types import interval, oids
from pgiris.types.codec import Context
from pgiris.types.table import type_name

_STAMPS = frozenset((oids.TIMESTAMP, oids.TIMESTAMPTZ))


def date_arithmetic(node: exp.Binary, statement: Statement) -> exp.Expr | None:
    left, right = unwrapped(node.this), unwrapped(node.expression)
    one, other, result = kind_of(left).oid, kind_of(right).oid, kind_of(node)
    subtract = isinstance(node, exp.Sub)
    if one == oids.DATE and other in INTEGERS:
        return _days(left, right, subtract)
    if other == oids.DATE and one in INTEGERS:
        return _days(right, left, False)
    if one == other == oids.DATE and subtract:
        return template("DATEDIFF('dd', {0}, {1})", right, left)
    if other == oids.INTERVAL and one in (*_STAMPS, oids.DATE, oids.TIME):
        return _shift(left, one, constant_interval(right, statement), subtract, result)
    if one == oids.INTERVAL and other in (*_STAMPS, oids.DATE, oids.TIME):
        return _shift(right, other, constant_interval(left, statement), False, result)
    return None


def _days(date: exp.Expr, count: exp.Expr, subtract: bool) -> exp.Expr:
    sign = "-" if subtract else ""
    return template(f"CAST(DATEADD('dd', {sign}({{1}}), {{0}}) AS DATE)", date, count, kind=DATE)


def constant_interval(node: exp.Expr, statement: Statement) -> interval.Interval:
    """The value of an interval literal. Raises 0A000 for a computed one."""
    inner = unwrapped(node)
    kind = kind_of(inner)
    if isinstance(inner, Template) and inner.this == "{0}":
        inner = unwrapped(inner.expressions[0])
    if not isinstance(inner, exp.Literal):
        raise not_supported("intervals that are not constants are not supported")
    inner.meta["pin"] = True
    made: interval.Interval = converter(oids.TEXT, oids.INTERVAL, kind.typmod, Context())(inner.name)
    return made


def _shift(node: exp.Expr, own: int, by: interval.Interval, subtract: bool, result: Kind) -> exp.Expr:
    """Months, then days, then time, as PostgreSQL adds them."""
    if own == oids.DATE:
        node = template("CAST({0} AS TIMESTAMP)", node)
    if own == oids.TIME:
        raise not_supported("time + interval is not supported")
    sign = -1 if subtract else 1
    for unit, amount in (("mm", by.months), ("dd", by.days)):
        if amount:
            node = template(f"DATEADD('{unit}', {sign * amount}, {{0}})", node)
    if by.us % 1_000_000:
        raise not_supported("intervals with fractions of a second are not supported")
    if by.us:
        node = template(f"DATEADD('ss', {sign * by.us // 1_000_000}, {{0}})", node)
    if by == interval.Interval():
        node = template("{0}", node)
    node.meta["kind"] = result
    return node


# EXTRACT. PostgreSQL: functions-datetime#FUNCTIONS-DATETIME-EXTRACT

_FIELDS = {
    "year": "DATEPART('yyyy', {0})",
    "years": "DATEPART('yyyy', {0})",
    "quarter": "DATEPART('qq', {0})",
    "month": "DATEPART('mm', {0})",
    "months": "DATEPART('mm', {0})",
    "day": "DATEPART('dd', {0})",
    "days": "DATEPART('dd', {0})",
    "doy": "DATEPART('dy', {0})",
    "hour": "DATEPART('hh', {0})",
    "hours": "DATEPART('hh', {0})",
    "minute": "DATEPART('mi', {0})",
    "minutes": "DATEPART('mi', {0})",
    # Days from a Sunday, 1899-12-31: independent of the system's first day of the week, unlike DAYOFWEEK.
    "dow": "MOD(DATEDIFF('dd', CAST('1899-12-31' AS DATE), {0}), 7)",
    "isodow": "(MOD(DATEDIFF('dd', CAST('1900-01-01' AS DATE), {0}), 7) + 1)",
    "century": "(({y} + 99) \\ 100)",
    "decade": "({y} \\ 10)",
    "millennium": "(({y} + 999) \\ 1000)",
    "epoch": "UNIX_TIMESTAMP({0})",
    # DATEPART('ss', x) has x's fraction, which FLOOR takes off.
    "second": "(FLOOR(DATEPART('ss', {0})) + DATEPART('mcs', {0}) / 1000000)",
    "seconds": "(FLOOR(DATEPART('ss', {0})) + DATEPART('mcs', {0}) / 1000000)",
    "milliseconds": "(FLOOR(DATEPART('ss', {0})) * 1000 + DATEPART('mcs', {0}) / 1000)",
    "microseconds": "(FLOOR(DATEPART('ss', {0})) * 1000000 + DATEPART('mcs', {0}))",
}
_TIME_FIELDS = frozenset(("hour", "hours", "minute", "minutes", "second", "seconds", "milliseconds", "microseconds"))


def extract(arguments: list[exp.Expr], statement: Statement) -> exp.Expr:
    name, value = _field(arguments[0]), arguments[1]
    kind = kind_of(value)
    require_utc(kind, statement, "extract")
    text = _FIELDS.get(name)
    if text is None:
        if name in _OTHER_FIELDS:
            raise not_supported(f"extract of {name} is not supported")
        message = f'unit "{name}" not recognized for type {type_name(kind.oid)}'
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, message)
    if (kind.oid == oids.TIME) != (name in _TIME_FIELDS) and (kind.oid == oids.TIME or kind.oid == oids.DATE):
        message = f'unit "{name}" not supported for type {type_name(kind.oid)}'
        raise PgError(sqlstate.FEATURE_NOT_SUPPORTED, message)
    return template(text.replace("{y}", "DATEPART('yyyy', {0})"), value)


_OTHER_FIELDS = frozenset(("week", "isoyear", "julian", "timezone", "timezone_hour", "timezone_minute"))


def _field(node: exp.Expr) -> str:
    inner = unwrapped(node)
    if not isinstance(inner, exp.Literal):
        raise not_supported("the field of extract, date_part and date_trunc must be a constant")
    inner.meta["pin"] = True
    return str(inner.name).lower()


def require_utc(kind: Kind, statement: Statement, what: str) -> None:
    """A timestamptz is stored in UTC: its fields in another zone are not what IRIS computes."""
    if kind.oid == oids.TIMESTAMPTZ and not statement.time_zone_is_utc:
        raise not_supported(
            f"{what} of timestamp with time zone is not supported",
            "IRIS has no time zones: it can be done while TimeZone is UTC.",
        )


# date_trunc, by the masks that cut a timestamp. iris-reference 4.22
_TRUNCATIONS = {
    "year": "CAST(TO_CHAR({0}, 'YYYY-01-01 00:00:00') AS TIMESTAMP)",
    "month": "CAST(TO_CHAR({0}, 'YYYY-MM-01 00:00:00') AS TIMESTAMP)",
    "day": "CAST(TO_CHAR({0}, 'YYYY-MM-DD 00:00:00') AS TIMESTAMP)",
    "hour": "CAST(TO_CHAR({0}, 'YYYY-MM-DD HH24:00:00') AS TIMESTAMP)",
    "minute": "CAST(TO_CHAR({0}, 'YYYY-MM-DD HH24:MI:00') AS TIMESTAMP)",
    "second": "CAST(TO_CHAR({0}, 'YYYY-MM-DD HH24:MI:SS') AS TIMESTAMP)",
    "quarter": "DATEADD('mm', (DATEPART('qq', {0}) - 1) * 3, CAST(TO_CHAR({0}, 'YYYY-01-01 00:00:00') AS TIMESTAMP))",
    "week": (
        "DATEADD('dd', -MOD(DATEDIFF('dd', CAST('1900-01-01' AS DATE), {0}), 7),"
        " CAST(TO_CHAR({0}, 'YYYY-MM-DD 00:00:00') AS TIMESTAMP))"
    ),
}


def date_trunc(arguments: list[exp.Expr], statement: Statement) -> exp.Expr:
    name, value = _field(arguments[0]), arguments[1]
    require_utc(kind_of(value), statement, "date_trunc")
    text = _TRUNCATIONS.get(name)
    if text is None:
        if name in ("decade", "century", "millennium", "milliseconds", "microseconds"):
            raise not_supported(f"date_trunc to {name} is not supported")
        message = f'unit "{name}" not recognized for type {type_name(kind_of(value).oid)}'
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, message)
    if kind_of(value).oid == oids.DATE:
        value = template("CAST({0} AS TIMESTAMP)", value)
    return template(text, value)


# Masks of to_char that mean the same in IRIS, which wants signs between its words but for these three.
_MASK = re.compile(r"(?i)[^A-Z0-9\"']*(?:(?:YYYYMMDD|DDMMYYYY|YYYYMM|YYYY|HH24|HH12|MM|DD|MI|SS)(?:[^A-Z0-9\"']+|$))*")


def to_char(arguments: list[exp.Expr], statement: Statement) -> exp.Expr:
    value, mask = arguments[0], unwrapped(arguments[1])
    require_utc(kind_of(value), statement, "to_char")
    if not isinstance(mask, exp.Literal):
        raise not_supported("the format of to_char must be a constant")
    mask.meta["pin"] = True
    if not _MASK.fullmatch(mask.name):
        raise not_supported(f'to_char with the format "{mask.name}" is not supported')
    return template(f"TO_CHAR({{0}}, '{mask.name.upper()}')", value)
