"""Functions of IRIS SQL: name -> how many arguments, the type of the result and its SQLite SQL. iris-reference 4.21, 4.22

A name that starts with ``iris_`` in the SQL is a Python function of scalars.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from pgiris.backend.sandbox.iristypes import (
    BIGINT,
    DATE,
    DOUBLE,
    EXACT,
    INTEGER,
    MOMENTS,
    NUMBERS,
    NUMERIC,
    SQLSTRING,
    SQLUPPER,
    STRING,
    STRINGS,
    TIME,
    TIMESTAMP,
    UNLIMITED,
    IrisType,
    Kind,
    type_of,
)
from pgiris.backend.sandbox.typed import Typed
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import not_supported

if TYPE_CHECKING:
    from pgiris.backend.sandbox.lower_values import LowerValues

Arguments = list[exp.Expr]
Lower = Callable[["LowerValues", Arguments], Typed]


@dataclass(frozen=True)
class Function:
    least: int
    most: int
    lower: Lower


def call(lower: LowerValues, name: str, arguments: Arguments) -> Typed:
    """Raises SQLCODE -359 for an unknown function, -380 and -381 for a wrong number of arguments."""
    function = FUNCTIONS.get(name)
    if function is None:
        full = name if "." in name else f"SQLUSER.{name}"
        raise pg_error(-359, f"User defined SQL function '{full}' does not exist", constraint=f"{name.lower()}()")
    if len(arguments) < function.least:
        raise pg_error(-380, f"Wrong number of arguments for function {name}")
    if len(arguments) > function.most:
        raise pg_error(-381, f"Too many arguments for function {name}")
    return function.lower(lower, arguments)


def odbc_call(lower: LowerValues, name: str, arguments: Arguments) -> Typed:
    """``{fn NAME(...)}``"""
    if name == "IFNULL" and len(arguments) == 2:
        return FUNCTIONS["ISNULL"].lower(lower, arguments)
    if name == "CONVERT":
        return _odbc_convert(lower, arguments)
    return call(lower, _ODBC_NAMES.get(name, name), arguments)


# Shapes of functions


def strings(template: str, type_: IrisType = STRING, count: int = 1, most: int | None = None) -> Function:
    """All arguments are strings."""

    def build(lower: LowerValues, arguments: Arguments) -> Typed:
        return Typed(f"{template}({', '.join(lower.text(argument) for argument in arguments)})", type_)

    return Function(count, most or count, build)


def mixed(template: str, shape: str, type_: IrisType = STRING, least: int | None = None) -> Function:
    """shape: one letter for each argument: s string, i whole number, n exact number, d double."""

    def build(lower: LowerValues, arguments: Arguments) -> Typed:
        parts = [
            lower.text(argument) if letter == "s" else lower.as_type(lower.value(argument), _SHAPES[letter])
            for letter, argument in zip(shape, arguments, strict=False)
        ]
        return Typed(f"{template}({', '.join(parts)})", type_)

    return Function(len(shape) if least is None else least, len(shape), build)


_SHAPES = {"i": BIGINT, "n": NUMERIC, "d": DOUBLE, "t": TIMESTAMP}


def doubles(name: str, count: int = 1) -> Function:
    return mixed(f"iris_{name}", "d" * count, DOUBLE)


def by_number(whole: str, exact: str, double: str, result: IrisType | None = None) -> Function:
    """One numeric argument; the result has its type unless another is given."""

    def build(lower: LowerValues, arguments: Arguments) -> Typed:
        typed = lower.value(arguments[0])
        if typed.kind in (Kind.INTEGER, Kind.BIT):
            return Typed(whole.format(lower.as_type(typed, BIGINT)), result or BIGINT)
        if typed.kind == Kind.DOUBLE:
            return Typed(double.format(typed.sql), result or DOUBLE)
        return Typed(exact.format(lower.as_type(typed, NUMERIC)), result or NUMERIC)

    return Function(1, 1, build)


def rounding(exact: str, double: str) -> Function:
    """ROUND(x, digits[, flag]), TRUNCATE(x, digits)"""

    def build(lower: LowerValues, arguments: Arguments) -> Typed:
        typed = lower.value(arguments[0])
        digits = lower.whole(arguments[1]) if len(arguments) > 1 else "0"
        name = (exact, double)
        if len(arguments) == 3:
            flag = lower.value(arguments[2])
            if not flag.is_literal:
                raise not_supported("the sandbox takes only a literal as third argument of ROUND")
            name = (exact, double) if flag.literal == 0 else ("iris_truncate", "iris_double_truncate")
        if typed.kind == Kind.DOUBLE:
            return Typed(f"{name[1]}({typed.sql}, {digits})", DOUBLE)
        result = f"{name[0]}({lower.as_type(typed, NUMERIC)}, {digits})"
        return Typed(result, NUMERIC)

    return Function(1, 3, build)


def alternatives(template: str, least: int, most: int = 1000) -> Function:
    def build(lower: LowerValues, arguments: Arguments) -> Typed:
        parts, type_ = lower.alternatives([lower.value(argument) for argument in arguments], template)
        return Typed(f"{template}({', '.join(parts)})", type_)

    return Function(least, most, build)


def _extreme(name: str) -> Function:
    """GREATEST, LEAST: NULL when any argument is NULL. SQLite's max and min do the same, except that they know no decimals."""

    def build(lower: LowerValues, arguments: Arguments) -> Typed:
        parts, type_ = lower.alternatives([lower.value(argument) for argument in arguments], name)
        if type_.kind == Kind.NUMERIC:
            return Typed(f"iris_{name}({', '.join(parts)})", type_)
        return Typed(f"{name}({', '.join(parts)})", type_)

    return Function(2, 100, build)


def _nullif(lower: LowerValues, arguments: Arguments) -> Typed:
    left = lower.value(arguments[0])
    test = lower.condition(exp.EQ(this=arguments[0], expression=arguments[1]))
    type_ = left.type
    return Typed(f"CASE WHEN {test} THEN NULL ELSE {lower.untyped(left)} END", type_)


def _ifnull(lower: LowerValues, arguments: Arguments) -> Typed:
    """IFNULL(a, b): NULL when a is not NULL; IFNULL(a, b, c): c when a is not NULL."""
    test = lower.untyped(lower.value(arguments[0]))
    branches = [lower.value(argument) for argument in arguments[1:]]
    parts, type_ = lower.alternatives(branches, "IFNULL")
    other = parts[1] if len(parts) > 1 else "NULL"
    return Typed(f"CASE WHEN {test} IS NULL THEN {parts[0]} ELSE {other} END", type_)


def _collated(collation: str) -> Function:
    def build(lower: LowerValues, arguments: Arguments) -> Typed:
        typed = lower.value(arguments[0])
        if typed.kind not in STRINGS and typed.parameter is None:
            return typed
        sql = lower.as_type(typed, STRING)
        if collation == SQLUPPER:
            sql = f"iris_upper({sql})"
        elif collation == SQLSTRING:
            sql = f"rtrim({sql})"
        label = "%EXACT" if collation == EXACT else "Expression"
        return Typed(sql, typed.type.collated(collation) if typed.kind in STRINGS else STRING, label=label)

    return Function(1, 2, build)


def _concatenated(lower: LowerValues, arguments: Arguments) -> Typed:
    """STRING(a, b, ...): NULL counts as nothing."""
    return Typed("(" + " || ".join(f"coalesce({lower.text(a)}, '')" for a in arguments) + ")", STRING)


def _concat(lower: LowerValues, arguments: Arguments) -> Typed:
    return Typed("(" + " || ".join(lower.text(argument) for argument in arguments) + ")", STRING)


def _char_length(lower: LowerValues, arguments: Arguments) -> Typed:
    """Works on streams too."""
    typed = lower.value(arguments[0])
    if typed.kind in (Kind.BINARY, Kind.BINARY_STREAM):
        return Typed(f"length({typed.sql})", INTEGER)
    sql = typed.sql if typed.kind == Kind.STREAM else lower.as_type(typed, STRING)
    return Typed(f"iris_char_length({sql})", INTEGER)


def _substring(lower: LowerValues, arguments: Arguments) -> Typed:
    typed = lower.value(arguments[0])
    sql = typed.sql if typed.kind == Kind.STREAM else lower.as_type(typed, STRING)
    rest = ", ".join(lower.whole(argument) for argument in arguments[1:])
    return Typed(f"iris_substring({sql}, {rest})", STRING)


def _mod(lower: LowerValues, arguments: Arguments) -> Typed:
    left, right = (lower.value(argument) for argument in arguments)
    if {left.kind, right.kind} <= {Kind.INTEGER, Kind.BIT, Kind.UNTYPED}:
        return Typed(f"iris_whole_remainder({lower.as_type(left, BIGINT)}, {lower.as_type(right, BIGINT)})", BIGINT)
    if Kind.DOUBLE in (left.kind, right.kind):
        return Typed(f"iris_double_remainder({lower.as_type(left, DOUBLE)}, {lower.as_type(right, DOUBLE)})", DOUBLE)
    return Typed(f"iris_remainder({lower.as_type(left, NUMERIC)}, {lower.as_type(right, NUMERIC)})", NUMERIC)


def trim(lower: LowerValues, node: exp.Expr) -> Typed:
    side = node.text("position").upper() or "BOTH"
    name = {"BOTH": "trim", "LEADING": "ltrim", "TRAILING": "rtrim"}[side]
    characters = node.args.get("expression")
    rest = f", {lower.text(characters)}" if characters is not None else ""
    return Typed(f"{name}({lower.text(node.this)}{rest})", STRING)


def json_constructor(lower: LowerValues, node: exp.Expr) -> Typed:
    absent = node.args.get("null_handling") == "ABSENT ON NULL"
    if isinstance(node, exp.JSONArray):
        items = [_json_item(lower, item) for item in node.expressions]
        return Typed(f"iris_json_array({', '.join([str(int(absent)), *items])})", STRING)
    parts = []
    for pair in node.expressions:
        parts += [lower.text(pair.this), _json_item(lower, pair.expression)]
    return Typed(f"iris_json_object({', '.join([str(int(absent)), *parts])})", STRING)


def _json_item(lower: LowerValues, node: exp.Expr) -> str:
    """Numbers as numbers: exact ones are marked, since they travel as text."""
    typed = lower.value(node)
    if typed.kind == Kind.NUMERIC:
        return f"iris_json_number({typed.sql})"
    if typed.kind in NUMBERS:
        return typed.sql
    if isinstance(node, (exp.JSONObject, exp.JSONArray)):
        return f"iris_json_number({typed.sql})"
    return lower.as_type(typed, STRING)


# Dates and times

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
        "millisecond": ("ms", "millisecond"),
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


def _moment(lower: LowerValues, node: exp.Expr) -> tuple[str, IrisType]:
    """SQL of a date, a time or a timestamp; strings are read as timestamps."""
    typed = lower.value(node)
    if typed.kind in MOMENTS:
        return typed.sql, typed.type
    return lower.as_type(typed, TIMESTAMP), TIMESTAMP


def _dateadd(lower: LowerValues, arguments: Arguments) -> Typed:
    unit = _unit(arguments[0], "DATEADD")
    amount = lower.as_type(lower.value(arguments[1]), NUMERIC)
    sql, type_ = _moment(lower, arguments[2])
    result = TIME if type_.kind == Kind.TIME else TIMESTAMP
    return Typed(f"iris_dateadd('{unit}', {amount}, {sql})", result)


def _datediff(lower: LowerValues, arguments: Arguments) -> Typed:
    unit = _unit(arguments[0], "DATEDIFF")
    return Typed(f"iris_datediff('{unit}', {_moment(lower, arguments[1])[0]}, {_moment(lower, arguments[2])[0]})", INTEGER)


def _datepart(lower: LowerValues, arguments: Arguments) -> Typed:
    unit = _unit(arguments[0], "DATEPART")
    type_ = TIMESTAMP if unit == "sqltimestamp" else INTEGER
    return Typed(f"iris_datepart('{unit}', {_moment(lower, arguments[1])[0]})", type_)


def _datename(lower: LowerValues, arguments: Arguments) -> Typed:
    unit = _unit(arguments[0], "DATENAME")
    return Typed(f"iris_datename('{unit}', {_moment(lower, arguments[1])[0]})", STRING)


def part(unit: str) -> Function:
    return Function(1, 1, lambda lower, a: Typed(f"iris_datepart('{unit}', {_moment(lower, a[0])[0]})", INTEGER))


def named_part(unit: str) -> Function:
    return Function(1, 1, lambda lower, a: Typed(f"iris_datename('{unit}', {_moment(lower, a[0])[0]})", STRING))


def _to_char(lower: LowerValues, arguments: Arguments) -> Typed:
    typed = lower.value(arguments[0])
    mask = lower.text(arguments[1]) if len(arguments) > 1 else "NULL"
    if typed.kind in MOMENTS:
        return Typed(f"iris_to_char_moment({typed.sql}, {mask})", STRING)
    if typed.kind in NUMBERS:
        return Typed(f"iris_to_char_number({lower.as_type(typed, NUMERIC)}, {mask})", STRING)
    return Typed(f"iris_to_char_moment({lower.as_type(typed, STRING)}, {mask})", STRING)


def _unix_timestamp(lower: LowerValues, arguments: Arguments) -> Typed:
    if not arguments:
        return Typed("iris_unix_now()", NUMERIC)
    return Typed(f"iris_unix_timestamp({_moment(lower, arguments[0])[0]})", NUMERIC)


def current(node: type[exp.Expr], digits: int) -> Typed:
    if node is exp.CurrentDate:
        return Typed("iris_today()", DATE)
    if node is exp.CurrentTime:
        return Typed(f"iris_clock({digits})", TIME)
    return Typed(f"iris_now({digits})", TIMESTAMP)


def _now(name: str) -> Function:
    def build(lower: LowerValues, arguments: Arguments) -> Typed:
        digits = lower.whole(arguments[0]) if arguments else "0"
        return Typed(f"{name}({digits})", TIMESTAMP)

    return Function(0, 1, build)


def plain(sql: str, type_: IrisType) -> Function:
    return Function(0, 0, lambda lower, arguments: Typed(sql, type_))


SPECIAL: dict[str, Typed] = {
    "$JOB": Typed("iris_job()", INTEGER),
    "$NAMESPACE": Typed("iris_namespace()", STRING),
    "$USERNAME": Typed("iris_user()", STRING),
    "USER": Typed("iris_user()", STRING),
    "$TLEVEL": Typed("iris_tlevel()", INTEGER),
    "$ZVERSION": Typed("iris_zversion()", STRING),
    "SYSDATE": Typed("iris_now(0)", TIMESTAMP),
    "GETDATE": Typed("iris_now(0)", TIMESTAMP),
    "GETUTCDATE": Typed("iris_utc(0)", TIMESTAMP),
    "LAST_IDENTITY": Typed("iris_last_identity()", BIGINT),
}


def special_variable(name: str) -> Typed:
    typed = SPECIAL.get(name)
    if typed is None:
        raise not_supported(f"{name} is not known to the sandbox")
    return Typed(typed.sql, typed.type)


# CAST, CONVERT, TO_VECTOR

DEFAULT_CAST_LENGTHS = {"VARCHAR": 30, "CHAR": 1}


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
    return Typed(_CASTS[target.kind](lower, typed, target), target)


def _cast_whole(lower: LowerValues, typed: Typed, target: IrisType) -> str:
    if typed.kind in (Kind.INTEGER, Kind.BIT) and typed.parameter is None:
        return typed.sql
    if typed.kind in MOMENTS:
        return f"iris_logical({typed.sql})"
    if typed.parameter is not None:
        return lower.binds.add(typed.parameter, _whole_parameter)
    return lower.as_type(_as_number(lower, typed), BIGINT)


def _as_number(lower: LowerValues, typed: Typed) -> Typed:
    """Strings, literals too, as the number they begin with."""
    if typed.kind in STRINGS:
        return Typed(f"iris_number({typed.sql})", NUMERIC)
    return Typed(typed.sql, typed.type)


def _whole_parameter(value: object) -> int | None:
    from pgiris.backend.sandbox import decimals, values

    if value is None or type(value) is int:
        return value
    return int(decimals.leading_number(values.text_of(value) or ""))


def _numeric_parameter(value: object) -> str | None:
    from pgiris.backend.sandbox import decimals, values

    return None if value is None else decimals.canonical(decimals.leading_number(values.text_of(value) or ""))


def _double_parameter(value: object) -> float | None:
    from pgiris.backend.sandbox import decimals, values

    if value is None or type(value) is float:
        return value
    return float(decimals.leading_number(values.text_of(value) or ""))


def _cast_numeric(lower: LowerValues, typed: Typed, target: IrisType) -> str:
    scale = target.scale if "(" in target.ddl or target.ddl.endswith("MONEY") else 15
    if typed.parameter is not None:
        return f"iris_round({lower.binds.add(typed.parameter, _numeric_parameter)}, {scale})"
    return f"iris_round({lower.as_type(_as_number(lower, typed), NUMERIC)}, {scale})"


def _cast_double(lower: LowerValues, typed: Typed, target: IrisType) -> str:
    if typed.parameter is not None:
        return lower.binds.add(typed.parameter, _double_parameter)
    return lower.as_type(_as_number(lower, typed), DOUBLE)


def _cast_bit(lower: LowerValues, typed: Typed, target: IrisType) -> str:
    if typed.parameter is not None:
        return f"(iris_number({lower.binds.add(typed.parameter, _numeric_parameter)}) <> '0')"
    return f"({lower.as_type(_as_number(lower, typed), NUMERIC)} <> '0')"


def _cast_moment(name: str) -> Callable[[LowerValues, Typed, IrisType], str]:
    def build(lower: LowerValues, typed: Typed, target: IrisType) -> str:
        if typed.parameter is None and typed.kind == target.kind:
            return typed.sql
        return f"{name}({lower.as_type(typed, STRING)})"

    return build


def _cast_binary(lower: LowerValues, typed: Typed, target: IrisType) -> str:
    if typed.parameter is not None:
        return lower.as_type(typed, target)
    if typed.kind in (Kind.BINARY, Kind.BINARY_STREAM):
        return typed.sql
    return f"iris_bytes({lower.as_type(typed, STRING)})"


def _cast_text(lower: LowerValues, typed: Typed, target: IrisType) -> str:
    return lower.as_type(typed, STRING)


_CASTS: dict[Kind, Callable[[LowerValues, Typed, IrisType], str]] = {
    Kind.BIT: _cast_bit,
    Kind.INTEGER: _cast_whole,
    Kind.NUMERIC: _cast_numeric,
    Kind.DOUBLE: _cast_double,
    Kind.DATE: _cast_moment("iris_cast_date"),
    Kind.TIME: _cast_moment("iris_cast_time"),
    Kind.TIMESTAMP: _cast_moment("iris_cast_timestamp"),
    Kind.BINARY: _cast_binary,
    Kind.BINARY_STREAM: _cast_binary,
    Kind.UUID: _cast_text,
    Kind.STREAM: _cast_text,
}


def _convert(lower: LowerValues, arguments: Arguments) -> Typed:
    """CONVERT(type, value)"""
    if len(arguments) > 2:
        raise not_supported("CONVERT with a style is not known to the sandbox")
    kind = arguments[0]
    assert isinstance(kind, exp.DataType)
    return cast(lower, lower.value(arguments[1]), type_of(kind), bool(kind.expressions))


_SQL_TYPES = {
    "SQL_VARCHAR": "VARCHAR(4096)", "SQL_CHAR": "VARCHAR(4096)", "SQL_INTEGER": "INTEGER", "SQL_BIGINT": "BIGINT",
    "SQL_SMALLINT": "SMALLINT", "SQL_TINYINT": "TINYINT", "SQL_BIT": "BIT", "SQL_DOUBLE": "DOUBLE", "SQL_FLOAT": "DOUBLE",
    "SQL_REAL": "DOUBLE", "SQL_NUMERIC": "NUMERIC(33,15)", "SQL_DECIMAL": "NUMERIC(33,15)", "SQL_DATE": "DATE",
    "SQL_TIME": "TIME", "SQL_TIMESTAMP": "TIMESTAMP", "SQL_POSIXTIME": "TIMESTAMP",
}  # fmt: skip


def _odbc_convert(lower: LowerValues, arguments: Arguments) -> Typed:
    from pgiris.backend.sandbox.iristypes import type_named

    name = _SQL_TYPES.get(arguments[1].name.upper())
    if name is None:
        raise pg_error(-376, f"Unsupported CAST target specified: {arguments[1].name}")
    return cast(lower, lower.value(arguments[0]), type_named(name), True)


def _to_vector(lower: LowerValues, arguments: Arguments) -> Typed:
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


def _vector_pair(name: str) -> Function:
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


def _decode(lower: LowerValues, arguments: Arguments) -> Typed:
    """DECODE(x, search, result, ... [, default]), Oracle's; NULL finds NULL."""
    pairs, rest = arguments[1:], None
    if len(pairs) % 2:
        *pairs, rest = pairs
    branches = [lower.value(node) for node in pairs[1::2]] + ([lower.value(rest)] if rest is not None else [])
    results, type_ = lower.alternatives(branches, "DECODE")
    tests = [lower.condition(exp.EQ(this=arguments[0].copy(), expression=search)) for search in pairs[::2]]
    sql = " ".join(f"WHEN {test} THEN {result}" for test, result in zip(tests, results, strict=False))
    return Typed(f"CASE {sql} ELSE {results[-1] if rest is not None else 'NULL'} END", type_)


def _option(lower: LowerValues, arguments: Arguments) -> Typed:
    return Typed(f"iris_option({lower.text(arguments[0])})", STRING)


FUNCTIONS: dict[str, Function] = {
    # Strings
    "CHAR_LENGTH": Function(1, 1, _char_length),
    "CHARACTER_LENGTH": Function(1, 1, _char_length),
    "DATALENGTH": Function(1, 1, _char_length),
    "LENGTH": strings("iris_length", INTEGER),
    "LEN": strings("iris_length", INTEGER),
    "UPPER": strings("iris_ucase"),
    "UCASE": strings("iris_ucase"),
    "LOWER": strings("iris_lcase"),
    "LCASE": strings("iris_lcase"),
    "SUBSTRING": Function(2, 3, _substring),
    "SUBSTR": Function(2, 3, _substring),
    "LEFT": mixed("iris_left", "si"),
    "RIGHT": mixed("iris_right", "si"),
    "POSITION": mixed("iris_position", "ss", INTEGER),
    "CHARINDEX": mixed("iris_position", "ssi", INTEGER, least=2),
    "INSTR": mixed("iris_instr", "ssii", INTEGER, least=2),
    "LOCATE": mixed("iris_position", "ssi", INTEGER, least=2),
    "$FIND": mixed("iris_find", "ssi", INTEGER, least=2),
    "LTRIM": strings("ltrim"),
    "RTRIM": strings("rtrim"),
    "REPLACE": strings("iris_replace", count=3),
    "STUFF": mixed("iris_stuff", "siis"),
    "REVERSE": strings("iris_reverse"),
    "REPEAT": mixed("iris_repeat", "si"),
    "REPLICATE": mixed("iris_repeat", "si"),
    "SPACE": mixed("iris_space", "i"),
    "LPAD": mixed("iris_lpad", "sis", least=2),
    "RPAD": mixed("iris_rpad", "sis", least=2),
    "CONCAT": Function(2, 2, _concat),
    "STRING": Function(1, 100, _concatenated),
    "ASCII": strings("iris_ascii", INTEGER),
    "CHAR": mixed("iris_char", "i"),
    "$CHAR": mixed("iris_char", "i"),
    "$PIECE": mixed("iris_piece", "ssii", least=2),
    "$EXTRACT": mixed("iris_extract", "sii", least=1),
    "$LENGTH": mixed("iris_pieces", "ss", INTEGER, least=1),
    "$TRANSLATE": strings("iris_translate", count=2, most=3),
    "$JUSTIFY": mixed("iris_justify", "si"),
    "%EXACT": _collated(EXACT),
    "%SQLUPPER": _collated(SQLUPPER),
    "%SQLSTRING": _collated(SQLSTRING),
    "%EXTERNAL": Function(1, 1, lambda lower, a: lower.value(a[0])),
    "%INTERNAL": Function(1, 1, lambda lower, a: lower.value(a[0])),
    "%ODBCOUT": Function(1, 1, lambda lower, a: lower.value(a[0])),
    # Choice
    "COALESCE": alternatives("coalesce", 2),
    "NVL": alternatives("coalesce", 2, 2),
    "ISNULL": alternatives("coalesce", 2, 2),
    "NULLIF": Function(2, 2, _nullif),
    "IFNULL": Function(2, 3, _ifnull),
    "GREATEST": _extreme("max"),
    "LEAST": _extreme("min"),
    "DECODE": Function(3, 200, _decode),
    # Numbers
    "ABS": by_number("abs({})", "iris_abs({})", "abs({})"),
    "CEILING": by_number("{}", "iris_ceiling({})", "CAST(ceil({}) AS INTEGER)", BIGINT),
    "FLOOR": by_number("{}", "iris_floor({})", "CAST(floor({}) AS INTEGER)", BIGINT),
    "SIGN": by_number("sign({})", "iris_sign({})", "sign({})", INTEGER),
    "ROUND": rounding("iris_round", "iris_double_round"),
    "TRUNCATE": rounding("iris_truncate", "iris_double_truncate"),
    "MOD": Function(2, 2, _mod),
    "TO_NUMBER": Function(1, 1, lambda lower, a: Typed(f"iris_number({lower.text(a[0])})", NUMERIC)),
    "PI": plain("pi()", DOUBLE),
    "POWER": doubles("power", 2),
    "ATAN2": doubles("atan2", 2),
    **{
        name: doubles(name.lower())
        for name in ("SQRT", "EXP", "LOG", "LOG10", "SIN", "COS", "TAN", "COT", "ASIN", "ACOS", "ATAN")
    },
    "DEGREES": doubles("degrees"),
    "RADIANS": doubles("radians"),
    # Dates and times
    "DATEADD": Function(3, 3, _dateadd),
    "TIMESTAMPADD": Function(3, 3, _dateadd),
    "DATEDIFF": Function(3, 3, _datediff),
    "TIMESTAMPDIFF": Function(3, 3, _datediff),
    "DATEPART": Function(2, 2, _datepart),
    "DATENAME": Function(2, 2, _datename),
    "YEAR": part("year"),
    "QUARTER": part("quarter"),
    "MONTH": part("month"),
    "WEEK": part("week"),
    "DAYOFYEAR": part("dayofyear"),
    "DAY": part("day"),
    "DAYOFMONTH": part("day"),
    "DAYOFWEEK": part("weekday"),
    "HOUR": part("hour"),
    "MINUTE": part("minute"),
    "SECOND": part("second"),
    "DAYNAME": named_part("weekday"),
    "MONTHNAME": named_part("month"),
    "LAST_DAY": Function(1, 1, lambda lower, a: Typed(f"iris_last_day({_moment(lower, a[0])[0]})", DATE)),
    "TO_CHAR": Function(1, 2, _to_char),
    "TO_DATE": strings("iris_parse_date", DATE, 1, 2),
    "TO_TIMESTAMP": strings("iris_parse_timestamp", TIMESTAMP, 1, 2),
    "UNIX_TIMESTAMP": Function(0, 1, _unix_timestamp),
    "GETDATE": _now("iris_now"),
    "GETUTCDATE": _now("iris_utc"),
    "NOW": plain("iris_now(0)", TIMESTAMP),
    "CURDATE": plain("iris_today()", DATE),
    "CURTIME": plain("iris_clock(0)", TIME),
    # Vectors
    "TO_VECTOR": Function(1, 3, _to_vector),
    "VECTOR_COSINE": _vector_pair("VECTOR_COSINE"),
    "VECTOR_DOT_PRODUCT": _vector_pair("VECTOR_DOT_PRODUCT"),
    # System
    "CONVERT": Function(2, 3, _convert),
    "USER": plain("iris_user()", STRING),
    "DATABASE": plain("iris_namespace()", STRING),
    "LAST_IDENTITY": plain("iris_last_identity()", BIGINT),
    "$TSQL_NEWID": plain("iris_newid()", STRING),
    "HASHBYTES": strings("iris_hashbytes", IrisType(Kind.BINARY, "VARBINARY(64)", length=64), 2),
    "%SYSTEM_SQL.Util_GetOption".upper(): Function(1, 1, _option),
    "%SYSTEM_SQL.Functions_SQLCODE".upper(): mixed("iris_sqlcode_text", "i"),
}
_ODBC_NAMES = {"CEIL": "CEILING", "SUBSTR": "SUBSTRING"}
