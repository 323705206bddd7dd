"""Bulk: whole columns of values that need no conversion, found out by a few looks at all of them instead of one at each.

In: the values of one column, none of them NULL. Out: what the column stores, or None when each has to be looked at.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from pgiris.backend.sandbox.iristypes import IrisType, Kind

Column = Sequence[Any]
Fast = Callable[[Column], Column | None]

_INT, _STR, _FLOAT, _TRUTHS = {int}, {str}, {float}, {bool, int}
_DIGITS = 18  # so many surely fit the significand: iris-reference 5.2
_MOMENT = re.compile(r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{0,5}[1-9])?\n)*")
_DAY = re.compile(r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}\n)*")
_FIRST_DATE = "1840-12-31"


def fast(type_: IrisType) -> Fast | None:
    """The shortest way into columns of this type, if there is one."""
    make = _FAST.get(type_.kind)
    return None if make is None else make(type_)


def twin_kind(type_: IrisType) -> tuple[str, int, int] | None:
    """The same for the compiled twin (types/native.py): a name and two numbers, None when it knows nothing of the type."""
    match type_.kind:
        case Kind.INTEGER:
            return "whole", *type_.range
        case Kind.STRING | Kind.UUID:
            return "string", type_.length or 1, 0
        case Kind.NUMERIC if type_.precision <= _DIGITS:
            return "numeric", type_.precision - type_.scale, type_.scale
    return _TWIN_KINDS.get(type_.kind)


_ROW_INSERT = re.compile(r"(INSERT INTO \w+ \([\w, ]+\) VALUES )(\(\?1(?:, \?[0-9]+)*(?:, (?:NULL|-?[0-9]+|'[^'?]*'))*\))")


def several_rows(sql: str, parameters: int, rows: int) -> str | None:
    """An INSERT of one row, SQLite's, as one of several; None when it is more than values in the order of its parameters.

    SQLite begins and ends a statement, and counts AUTOINCREMENT on, once for all of them: measured three times as fast.
    """
    match = _ROW_INSERT.fullmatch(sql)
    if match is None or re.findall(r"\?[0-9]+", match[2]) != [f"?{number}" for number in range(1, parameters + 1)]:
        return None
    return match[1] + ", ".join([re.sub(r"\?[0-9]+", "?", match[2])] * rows)


def _types(column: Column) -> set[type]:
    return set(map(type, column))


def _whole(type_: IrisType) -> Fast:
    low, high = type_.range
    return lambda column: column if _types(column) == _INT and low <= min(column) <= max(column) <= high else None


def _bit(_: IrisType) -> Fast:
    return lambda column: column if _types(column) <= _TRUTHS and set(column) <= {0, 1} else None


def _double(_: IrisType) -> Fast:
    return lambda column: column if _types(column) == _FLOAT and all(map(math.isfinite, column)) else None


def _string(type_: IrisType) -> Fast:
    length = type_.length or 1

    def fits(column: Column) -> Column | None:
        if _types(column) != _STR:
            return None
        longest = max(map(len, column))
        return column if longest * 2 <= length or (longest <= length and "".join(column).isascii()) else None

    return fits


def _stream(_: IrisType) -> Fast:
    return lambda column: column if _types(column) == _STR else None


@lru_cache(64)
def _numbers(whole: int, scale: int) -> re.Pattern[str]:
    """Canonical texts of numbers, each with a newline."""
    fraction = rf"\.[0-9]{{0,{scale - 1}}}[1-9]" if scale else r"(?!)"
    some = rf"-?[1-9][0-9]{{0,{whole - 1}}}(?:{fraction})?|" if whole else ""
    return re.compile(rf"(?:(?:{some}0|-?0{fraction})\n)*")


def _numeric(type_: IrisType) -> Fast | None:
    if type_.precision > _DIGITS:
        return None
    numbers = _numbers(type_.precision - type_.scale, type_.scale)

    def canonical(column: Column) -> Column | None:
        if _types(column) == _INT:
            column = list(map(str, column))
        elif _types(column) != _STR:
            return None
        texts = [text.rstrip("0").rstrip(".") if text[-1:] == "0" and "." in text else text for text in column]
        return texts if numbers.fullmatch("\n".join(texts) + "\n") else None

    return canonical


def _moment(shape: re.Pattern[str], read: Callable[[str], object], earliest: str) -> Callable[[IrisType], Fast]:
    def canonical(column: Column) -> Column | None:
        if _types(column) != _STR or not shape.fullmatch("\n".join(column) + "\n") or min(column) < earliest:
            return None
        try:
            for text in column:
                read(text)
        except ValueError:
            return None
        return column

    return lambda _: canonical


_TWIN_KINDS: dict[Kind, tuple[str, int, int]] = {
    Kind.BIT: ("bit", 0, 0),
    Kind.DOUBLE: ("double", 0, 0),
    Kind.STREAM: ("stream", 0, 0),
    Kind.DATE: ("date", 0, 0),
    Kind.TIMESTAMP: ("timestamp", 0, 0),
}
_FAST: dict[Kind, Callable[[IrisType], Fast | None]] = {
    Kind.BIT: _bit,
    Kind.INTEGER: _whole,
    Kind.NUMERIC: _numeric,
    Kind.DOUBLE: _double,
    Kind.STRING: _string,
    Kind.UUID: _string,
    Kind.STREAM: _stream,
    Kind.DATE: _moment(_DAY, date.fromisoformat, _FIRST_DATE),
    Kind.TIMESTAMP: _moment(_MOMENT, datetime.fromisoformat, ""),
}
