"""CAST, CONVERT and TO_VECTOR. iris-reference 4.21, 10.2"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlglot import exp

from pgiris.backend.sandbox import values
from pgiris.backend.sandbox.dateinput import NO_DAY
from pgiris.backend.sandbox.iristypes import (
    BIGINT,
    DOUBLE,
    EXACT,
    MOMENTS,
    NUMBERS,
    NUMERIC,
    STRING,
    STRINGS,
    TIMESTAMP,
    UNLIMITED,
    IrisType,
    Kind,
    type_named,
    type_of,
)
from pgiris.backend.sandbox.shapes import Arguments, Function
from pgiris.backend.sandbox.typed import Typed
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import not_supported

if TYPE_CHECKING:
    from pgiris.backend.sandbox.lower_values import LowerValues

DEFAULT_CAST_LENGTHS = {"VARCHAR": 30, "CHAR": 1, "VARBINARY": 30, "BINARY": 1}


def cast(lower: LowerValues, typed: Typed, target: IrisType, sized: bool) -> Typed:
    """CAST never fails on a bad value: it gives 0, 1840-12-31 or 00:00:00 (iris-reference 4.21)."""
    if target.kind == Kind.STRING:
        name = target.ddl.split("(")[0]
        length = target.length if sized else DEFAULT_CAST_LENGTHS[name]
        text = lower.as_type(typed, STRING)
        shown = IrisType(Kind.STRING, f"{name}({length})", length=length, collation=EXACT)
        if length is not None and length >= UNLIMITED:
            return Typed(text, STRING)
        return Typed(f"iris_cut({text}, {length})", shown)
    if typed.kind == Kind.UNTYPED and typed.parameter is None:
        return Typed(typed.sql, target)
    if target.kind == Kind.BINARY:
        return _cast_binary(lower, typed, target, sized)
    return Typed(_CASTS[target.kind](lower, typed, target), target)


def _cast_whole(lower: LowerValues, typed: Typed, target: IrisType) -> str:
    if typed.kind in (Kind.INTEGER, Kind.BIT) and typed.parameter is None:
        return typed.sql
    if typed.kind in MOMENTS:
        return f"iris_logical({typed.sql})"
    if typed.parameter is not None:
        return lower.binds.add(typed.parameter, values.whole_of)
    return lower.as_type(_as_number(lower, typed), BIGINT)


def _as_number(lower: LowerValues, typed: Typed) -> Typed:
    """Strings, literals too, as the number they begin with."""
    if typed.kind in STRINGS:
        return Typed(f"iris_number({typed.sql})", NUMERIC)
    return Typed(typed.sql, typed.type)


def _logical(typed: Typed) -> Typed:
    """A date, time or timestamp as the number that it is to IRIS."""
    return Typed(f"iris_logical({typed.sql})", BIGINT) if typed.kind in MOMENTS else typed


def _cast_numeric(lower: LowerValues, typed: Typed, target: IrisType) -> str:
    typed = _logical(typed)
    scale = target.scale if "(" in target.ddl or target.ddl.endswith("MONEY") else 15
    if typed.parameter is not None:
        return f"iris_round({lower.binds.add(typed.parameter, values.numeric_of)}, {scale})"
    return f"iris_round({lower.as_type(_as_number(lower, typed), NUMERIC)}, {scale})"


def _cast_double(lower: LowerValues, typed: Typed, target: IrisType) -> str:
    typed = _logical(typed)
    if typed.parameter is not None:
        return lower.binds.add(typed.parameter, values.double_of)
    return lower.as_type(_as_number(lower, typed), DOUBLE)


def _cast_bit(lower: LowerValues, typed: Typed, target: IrisType) -> str:
    if typed.parameter is not None:
        return f"(iris_number({lower.binds.add(typed.parameter, values.numeric_of)}) <> '0')"
    return f"({lower.as_type(_as_number(lower, typed), NUMERIC)} <> '0')"


def _cast_moment(name: str, of_number: str = "") -> Callable[[LowerValues, Typed, IrisType], str]:
    """of_number: what reads whole numbers, which are dates and times as IRIS keeps them; strings of digits are not."""

    def build(lower: LowerValues, typed: Typed, target: IrisType) -> str:
        if typed.parameter is None and typed.kind == target.kind:
            return typed.sql
        if of_number and typed.kind in NUMBERS:
            return f"{of_number}({_cast_whole(lower, typed, BIGINT)})"
        return f"{name}({lower.as_type(typed, STRING)})"

    return build


def _as_binary(lower: LowerValues, typed: Typed, target: IrisType) -> str:
    if typed.parameter is not None:
        return lower.as_type(typed, target)
    if typed.kind in (Kind.BINARY, Kind.BINARY_STREAM):
        return typed.sql
    return f"iris_bytes({lower.as_type(typed, STRING)})"


def _cast_binary(lower: LowerValues, typed: Typed, target: IrisType, sized: bool) -> Typed:
    """The data are cut to the length and not converted."""
    name = target.ddl.split("(")[0]
    length = target.length if sized else DEFAULT_CAST_LENGTHS[name]
    sql = _as_binary(lower, typed, target)
    if length is None or length >= UNLIMITED:
        return Typed(sql, target)
    return Typed(f"substr({sql}, 1, {length})", IrisType(Kind.BINARY, f"{name}({length})", length=length))


def _cast_text(lower: LowerValues, typed: Typed, target: IrisType) -> str:
    return lower.as_type(typed, STRING)


_CASTS: dict[Kind, Callable[[LowerValues, Typed, IrisType], str]] = {
    Kind.BIT: _cast_bit,
    Kind.INTEGER: _cast_whole,
    Kind.NUMERIC: _cast_numeric,
    Kind.DOUBLE: _cast_double,
    Kind.DATE: _cast_moment("iris_cast_date", "iris_cast_days"),
    Kind.TIME: _cast_moment("iris_cast_time", "iris_cast_seconds"),
    Kind.TIMESTAMP: _cast_moment("iris_cast_timestamp"),
    Kind.BINARY_STREAM: _as_binary,
    Kind.UUID: _cast_text,
    Kind.STREAM: _cast_text,
}


def convert(lower: LowerValues, arguments: Arguments) -> Typed:
    """CONVERT(type, value[, style]). Styles are of dates that become strings, and of strings that become dates."""
    kind = arguments[0]
    assert isinstance(kind, exp.DataType)
    target, typed = type_of(kind), lower.value(arguments[1])
    if typed.kind == Kind.TIME and target.kind == Kind.TIMESTAMP:
        return Typed(f"'{NO_DAY} ' || {typed.sql}", target)
    if len(arguments) > 2:
        typed = _styled(lower, typed, target, arguments[2])
    return cast(lower, typed, target, bool(kind.expressions))


def _styled(lower: LowerValues, typed: Typed, target: IrisType, style: exp.Expr) -> Typed:
    if typed.kind in MOMENTS and target.kind in STRINGS:
        return Typed(f"iris_styled({typed.sql}, {lower.whole(style)})", STRING)
    if typed.kind in STRINGS | {Kind.UNTYPED} and target.kind in MOMENTS:
        return Typed(f"iris_unstyled({lower.as_type(typed, STRING)}, {lower.whole(style)})", TIMESTAMP)
    return typed


_SQL_TYPES = {
    "SQL_VARCHAR": "VARCHAR(4096)", "SQL_CHAR": "VARCHAR(4096)", "SQL_INTEGER": "INTEGER", "SQL_BIGINT": "BIGINT",
    "SQL_SMALLINT": "SMALLINT", "SQL_TINYINT": "TINYINT", "SQL_BIT": "BIT", "SQL_DOUBLE": "DOUBLE", "SQL_FLOAT": "DOUBLE",
    "SQL_REAL": "DOUBLE", "SQL_NUMERIC": "NUMERIC(33,15)", "SQL_DECIMAL": "NUMERIC(33,15)", "SQL_DATE": "DATE",
    "SQL_TIME": "TIME", "SQL_TIMESTAMP": "TIMESTAMP", "SQL_POSIXTIME": "TIMESTAMP",
}  # fmt: skip


def odbc_convert(lower: LowerValues, arguments: Arguments) -> Typed:
    name = _SQL_TYPES.get(arguments[1].name.upper())
    if name is None:
        raise pg_error(-376, f"Unsupported CAST target specified: {arguments[1].name}")
    typed, target = lower.value(arguments[0]), type_named(name)
    if typed.kind == Kind.TIME and target.kind == Kind.TIMESTAMP:
        return Typed(f"'1841-01-01 ' || {typed.sql}", target)
    return cast(lower, typed, target, True)


def to_vector(lower: LowerValues, arguments: Arguments) -> Typed:
    element = arguments[1].name.upper().replace("INTEGER", "INT") if len(arguments) > 1 else "FLOAT"
    element = "INTEGER" if element == "INT" else element
    if element == "TIMESTAMP":
        raise not_supported("vectors of timestamps are not known to the sandbox")
    length = lower.whole(arguments[2]) if len(arguments) > 2 else "NULL"
    typed = lower.value(arguments[0])
    text = lower.as_type(typed, STRING)
    known = int(arguments[2].name) if len(arguments) > 2 and isinstance(arguments[2], exp.Literal) else None
    type_ = IrisType(Kind.VECTOR, f"VECTOR({element}{f',{known}' if known is not None else ''})", length=known, element=element)
    return Typed(f"iris_to_vector({text}, '{element}', {length})", type_)


def vector_pair(name: str) -> Function:
    def build(lower: LowerValues, arguments: Arguments) -> Typed:
        sides = [lower.value(argument) for argument in arguments]
        for side in sides:
            if side.kind not in (Kind.VECTOR, Kind.UNTYPED) or side.parameter is not None:
                raise pg_error(-258, f"Argument of {name} is a string: use TO_VECTOR")
        elements = {side.type.element for side in sides if side.kind == Kind.VECTOR}
        if len(elements) > 1:
            raise pg_error(-259, f"Vector element types differ: {' and '.join(sorted(elements))}")
        return Typed(f"iris_{name.lower()}({sides[0].sql}, {sides[1].sql})", DOUBLE)

    return Function(2, 2, build)
