"""Functions of IRIS SQL: name -> how many arguments, the type of the result and its SQLite SQL. iris-reference 4.21, 4.22

A name that starts with ``iris_`` in the SQL is a Python function of scalars.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from pgiris.backend.sandbox import casts, moments, xml
from pgiris.backend.sandbox.failures import refuse_system
from pgiris.backend.sandbox.iristypes import (
    BIGINT,
    DATE,
    DOUBLE,
    EXACT,
    INTEGER,
    LIST,
    MOMENTS,
    NUMBERS,
    NUMERIC,
    SQLSTRING,
    SQLUPPER,
    STRING,
    STRINGS,
    TIME,
    TIMESTAMP,
    IrisType,
    Kind,
)
from pgiris.backend.sandbox.shapes import (
    Arguments,
    Function,
    alternatives,
    argument,
    by_number,
    doubles,
    mixed,
    plain,
    rounding,
    strings,
)
from pgiris.backend.sandbox.typed import Typed
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import not_supported
from pgiris.sql.iris import nodes

if TYPE_CHECKING:
    from pgiris.backend.sandbox.lower_values import LowerValues


def call(lower: LowerValues, name: str, arguments: Arguments) -> Typed:
    """Raises SQLCODE -359 for an unknown function, -380 and -381 for a wrong number of arguments."""
    function = FUNCTIONS.get(name)
    if function is None:
        refuse_system(name if "." in name else "")
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
        return casts.odbc_convert(lower, arguments)
    return call(lower, _ODBC_NAMES.get(name, name), arguments)


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
    """IFNULL(a, b): NULL when a is not NULL; IFNULL(a, b, c): c when a is not NULL. Literals make it a string."""
    test = lower.untyped(lower.value(arguments[0]))
    branches = [lower.value(argument) for argument in arguments[1:]]
    parts, type_ = _choices(lower, branches, "IFNULL", any(_is_number_literal(branch) for branch in branches))
    other = parts[1] if len(parts) > 1 else "NULL"
    return Typed(f"CASE WHEN {test} IS NULL THEN {parts[0]} ELSE {other} END", type_)


def _is_number_literal(typed: Typed) -> bool:
    return typed.is_literal and typed.kind in NUMBERS


def _choices(lower: LowerValues, branches: list[Typed], what: str, as_strings: bool) -> tuple[list[str], IrisType]:
    """Values as one type, which is that of a date if there is one. A list beside strings is shown as ODBC shows it."""
    moments_ = [branch.type for branch in branches if branch.kind in MOMENTS]
    if moments_ and any(branch.is_literal and branch.kind == Kind.STRING for branch in branches):
        return [lower.as_type(branch, moments_[0]) for branch in branches], moments_[0]
    if any(branch.kind in STRINGS for branch in branches):
        branches = [_shown_list(branch) for branch in branches]
    if as_strings:
        return [lower.as_type(branch, STRING) for branch in branches], STRING
    return lower.alternatives(branches, what)


def _shown_list(typed: Typed) -> Typed:
    return typed if typed.type.element != LIST.element else Typed(f"iris_list_to_string({typed.sql}, ',')", STRING)


def _replaced(lower: LowerValues, arguments: Arguments) -> Typed:
    """NVL(a, b), ISNULL(a, b): b when a is NULL."""
    branches = [lower.value(argument) for argument in arguments]
    is_literal = _is_number_literal(branches[0]) or branches[0].literal is None
    parts, type_ = _choices(lower, branches, "NVL", is_literal and _is_number_literal(branches[1]))
    return Typed(f"coalesce({', '.join(parts)})", type_)


def _collated(collation: str) -> Function:
    """%SQLUPPER and %SQLSTRING put a blank before the string, which counts in the length that it is cut to."""

    def build(lower: LowerValues, arguments: Arguments) -> Typed:
        typed = lower.value(arguments[0])
        led = collation != EXACT and typed.kind not in MOMENTS
        if typed.kind not in STRINGS and typed.parameter is None and not led:
            return typed
        sql = lower.as_type(typed, STRING)
        if collation == SQLUPPER:
            sql = f"iris_upper({sql})"
        elif collation == SQLSTRING:
            sql = f"rtrim({sql})"
        if len(arguments) > 1:
            sql = f"iris_cut({sql}, {lower.whole(arguments[1])}{' - 1' if led else ''})"
        label = "%EXACT" if collation == EXACT else "Expression"
        return Typed(sql, typed.type.collated(collation) if typed.kind in STRINGS else STRING, label=label, led=led)

    return Function(1, 2, build)


def _concatenated(lower: LowerValues, arguments: Arguments) -> Typed:
    """STRING(a, b, ...): NULL counts as nothing."""
    return Typed("(" + " || ".join(f"coalesce({lower.text(a)}, '')" for a in arguments) + ")", STRING)


def _concat(lower: LowerValues, arguments: Arguments) -> Typed:
    return Typed("(" + " || ".join(lower.text(argument) for argument in arguments) + ")", STRING)


def _characters(lower: LowerValues, arguments: Arguments) -> Typed:
    """$CHAR(code, ...)"""
    return Typed("(" + " || ".join(f"iris_char({lower.whole(argument)})" for argument in arguments) + ")", STRING)


def _char_length(lower: LowerValues, arguments: Arguments) -> Typed:
    """Works on streams too."""
    typed = lower.value(arguments[0])
    if typed.kind in (Kind.BINARY, Kind.BINARY_STREAM):
        return Typed(f"length({typed.sql})", INTEGER)
    sql = typed.sql if typed.kind == Kind.STREAM else lower.text(arguments[0])
    return Typed(f"iris_char_length({sql})", INTEGER)


def _substring(lower: LowerValues, arguments: Arguments) -> Typed:
    typed = lower.value(arguments[0])
    sql = typed.sql if typed.kind == Kind.STREAM else lower.text(arguments[0])
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


USER_WORDS = ("CURRENT_USER", "SESSION_USER", "SYSTEM_USER")
SPECIAL: dict[str, Typed] = {
    **{name: Typed("iris_user()", STRING) for name in USER_WORDS},
    "$JOB": Typed("iris_job()", INTEGER),
    "$NAMESPACE": Typed("iris_namespace()", STRING),
    "$USERNAME": Typed("iris_user()", STRING),
    "USER": Typed("iris_user()", STRING),
    "$TLEVEL": Typed("iris_tlevel()", INTEGER),
    "$ZPI": Typed("'3.141592653589793238'", NUMERIC),
    "$HOROLOG": Typed("iris_horolog(0)", STRING),
    "$ZTIMESTAMP": Typed("iris_horolog(1)", STRING),
    "$ZTIMEZONE": Typed("0", INTEGER),
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


def list_sql(lower: LowerValues, node: exp.Expr) -> str:
    """SQL of a list: bytes, or text that holds them."""
    typed = lower.value(node)
    if typed.parameter is not None:
        return lower.binds.add(typed.parameter, None)
    return typed.sql


def _of_list(template: str, shape: str, type_: IrisType, least: int = 1) -> Function:
    """A function of a list and further arguments (see mixed)."""

    def build(lower: LowerValues, arguments: Arguments) -> Typed:
        rest = [
            list_sql(lower, node) if letter == "l" else argument(lower, letter, node)
            for letter, node in zip(shape, arguments, strict=False)
        ]
        return Typed(f"{template}({', '.join(rest)})", type_)

    return Function(least, len(shape), build)


def _list_elements(lower: LowerValues, arguments: Arguments) -> Typed:
    """$LIST(list[, position[, end]]): an element, or a part of the list when an end is given."""
    if len(arguments) < 3:
        return _of_list("iris_list_element", "li", STRING).lower(lower, arguments)
    return _of_list("iris_list_part", "lii", LIST).lower(lower, arguments)


def _list_build(lower: LowerValues, arguments: Arguments) -> Typed:
    items = ["NULL" if isinstance(item, nodes.Omitted) else lower.text(item) for item in arguments]
    return Typed(f"iris_list_build({', '.join(items)})", LIST)


def _is_numeric(lower: LowerValues, arguments: Arguments) -> Typed:
    typed = lower.value(arguments[0])
    sql = typed.sql if typed.kind in NUMBERS else lower.as_type(typed, STRING)
    if typed.kind in NUMBERS:
        return Typed(f"CASE WHEN {sql} IS NOT NULL THEN 1 END", INTEGER)
    return Typed(f"iris_is_numeric({sql})", INTEGER)


def _signed(sign: int) -> Function:
    return Function(1, 1, lambda lower, a: Typed(f"iris_plus_sign({lower.text(a[0])}, {sign})", NUMERIC))


def _truncated(lower: LowerValues, arguments: Arguments) -> Typed:
    """%TRUNCATE(x[, length]): EXACT, cut to a length."""
    sql = lower.text(arguments[0])
    if len(arguments) > 1:
        sql = f"iris_cut({sql}, {lower.whole(arguments[1])})"
    return Typed(sql, STRING, label="%EXACT")


def _as_date(lower: LowerValues, arguments: Arguments) -> Typed:
    """DATE(x): as CAST(x AS DATE)."""
    return casts.cast(lower, lower.value(arguments[0]), DATE, False)


def _shown(lower: LowerValues, arguments: Arguments) -> Typed:
    """%EXTERNAL, %ODBCOUT: a date or a time is a string then."""
    typed = lower.value(arguments[0])
    return Typed(lower.as_type(typed, STRING), STRING) if typed.kind in MOMENTS else typed


def _square(lower: LowerValues, arguments: Arguments) -> Typed:
    return lower.value(exp.Mul(this=arguments[0], expression=arguments[0].copy()))


def _refused(what: str) -> Function:
    def build(lower: LowerValues, arguments: Arguments) -> Typed:
        raise not_supported(f"{what} is not known to the sandbox")

    return Function(0, 1000, build)


def _option(lower: LowerValues, arguments: Arguments) -> Typed:
    return Typed(f"iris_option({lower.text(arguments[0])})", STRING)


def _set_option(lower: LowerValues, arguments: Arguments) -> Typed:
    return Typed(f"iris_set_option({lower.text(arguments[0])}, {lower.text(arguments[1])})", INTEGER)


# What needs classes, models or services, and what is not there yet.
REFUSED = ("EMBEDDING", "PREDICT", "PROBABILITY", "SEARCH_INDEX", "%OBJECT", "%OID", "%MVR")


def _whole(double: str) -> str:
    """A double without decimals as an integer, if it is in the range of one."""
    return f"iif(abs({double}) < 9.2e18, CAST({double} AS INTEGER), {double})"


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
    "$CHAR": Function(1, 1000, _characters),
    "$PIECE": mixed("iris_piece", "ssii", least=2),
    "$EXTRACT": mixed("iris_extract", "sii", least=1),
    "$LENGTH": mixed("iris_pieces", "ss", INTEGER, least=1),
    "$TRANSLATE": strings("iris_translate", count=2, most=3),
    "$JUSTIFY": mixed("iris_justify", "sii", least=2),
    "STR": mixed("iris_number_string", "nii", least=1),
    "%EXACT": _collated(EXACT),
    "%SQLUPPER": _collated(SQLUPPER),
    "%SQLSTRING": _collated(SQLSTRING),
    "%TRUNCATE": Function(1, 2, _truncated),
    "%STRING": _collated(SQLSTRING),
    "%ALPHAUP": strings("iris_alphaup"),
    "%PLUS": _signed(1),
    "%MINUS": _signed(-1),
    "%ODBCIN": Function(1, 1, lambda lower, a: lower.value(a[0])),
    "%UPPER": strings("iris_ucase"),
    "ISNUMERIC": Function(1, 1, _is_numeric),
    # Lists
    "$LISTBUILD": Function(0, 1000, _list_build),
    "$LIST": Function(1, 3, _list_elements),
    "$LISTGET": _of_list("iris_list_get", "lis", STRING),
    "$LISTDATA": _of_list("iris_list_data", "li", INTEGER),
    "$LISTFIND": _of_list("iris_list_find", "lsi", INTEGER, 2),
    "$LISTLENGTH": _of_list("iris_list_length", "l", INTEGER),
    "$LISTSAME": _of_list("iris_list_same", "ll", INTEGER, 2),
    "$LISTFROMSTRING": strings("iris_list_from_string", LIST, 1, 2),
    "$LISTTOSTRING": _of_list("iris_list_to_string", "ls", STRING),
    **{name: _refused(name) for name in REFUSED},
    "%EXTERNAL": Function(1, 1, _shown),
    "%INTERNAL": Function(1, 1, lambda lower, a: lower.value(a[0])),
    "%ODBCOUT": Function(1, 1, _shown),
    **xml.FUNCTIONS,
    # Choice
    "COALESCE": alternatives("coalesce", 2),
    "NVL": Function(2, 2, _replaced),
    "ISNULL": Function(2, 2, _replaced),
    "NULLIF": Function(2, 2, _nullif),
    "IFNULL": Function(2, 3, _ifnull),
    "GREATEST": _extreme("max"),
    "LEAST": _extreme("min"),
    "DECODE": Function(3, 200, _decode),
    # Numbers
    "ABS": by_number("abs({})", "iris_abs({})", "abs({})"),
    "CEILING": by_number("{}", "iris_ceiling({})", _whole("ceil({0})"), BIGINT),
    "FLOOR": by_number("{}", "iris_floor({})", _whole("floor({0})"), BIGINT),
    "SIGN": by_number("sign({})", "iris_sign({})", "sign({})", INTEGER),
    "ROUND": rounding("iris_round", "iris_double_round"),
    "TRUNCATE": rounding("iris_truncate", "iris_double_truncate"),
    "MOD": Function(2, 2, _mod),
    "SQUARE": Function(1, 1, _square),
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
    "DATE": Function(1, 1, _as_date),
    "TO_POSIXTIME": strings("iris_parse_timestamp", TIMESTAMP, 1, 2),
    "SYSDATE": plain("iris_now(0)", TIMESTAMP),
    "CURRENT_DATE": plain("iris_today()", DATE),
    "CURRENT_TIMESTAMP": plain("iris_now(0)", TIMESTAMP),
    "CURRENT_TIME": plain("iris_clock(0)", TIME),
    "DATEADD": Function(3, 3, moments.dateadd),
    "TIMESTAMPADD": Function(3, 3, moments.dateadd),
    "DATEDIFF": Function(3, 3, moments.datediff),
    "TIMESTAMPDIFF": Function(3, 3, moments.datediff),
    "DATEPART": Function(2, 2, moments.datepart),
    "DATENAME": Function(2, 2, moments.datename),
    "YEAR": moments.part("year"),
    "QUARTER": moments.part("quarter"),
    "MONTH": moments.part("month"),
    "WEEK": moments.part("week", moments.OR_NULL),
    "DAYOFYEAR": moments.part("dayofyear"),
    "DAY": Function(1, 1, moments.day_of_month),
    "DAYOFMONTH": Function(1, 1, moments.day_of_month),
    "DAYOFWEEK": moments.part("weekday", moments.OR_NULL),
    "HOUR": moments.part("hour", moments.SECONDS),
    "MINUTE": moments.part("minute", moments.SECONDS),
    "SECOND": moments.part("second", "iris_seconds({})"),
    "DAYNAME": moments.named_part("weekday"),
    "MONTHNAME": moments.named_part("month"),
    "LAST_DAY": Function(1, 1, moments.last_day),
    "DATE_TRUNC": Function(2, 2, moments.date_trunc),
    **{name: Function(1, 2, moments.to_char) for name in ("TO_CHAR", "TOCHAR")},
    **{name: strings("iris_parse_date", DATE, 1, 2) for name in ("TO_DATE", "TODATE")},
    "TO_TIMESTAMP": strings("iris_parse_timestamp", TIMESTAMP, 1, 2),
    "UNIX_TIMESTAMP": Function(0, 1, moments.unix_timestamp),
    "GETDATE": moments.clock("iris_now"),
    "GETUTCDATE": moments.clock("iris_utc"),
    "NOW": plain("iris_now(0)", TIMESTAMP),
    "CURDATE": plain("iris_today()", DATE),
    "CURTIME": plain("iris_clock(0)", TIME),
    # Vectors
    "TO_VECTOR": Function(1, 3, casts.to_vector),
    "VECTOR_COSINE": casts.vector_pair("VECTOR_COSINE"),
    "VECTOR_DOT_PRODUCT": casts.vector_pair("VECTOR_DOT_PRODUCT"),
    # System
    "CONVERT": Function(2, 3, casts.convert),
    "USER": plain("iris_user()", STRING),
    "DATABASE": plain("iris_namespace()", STRING),
    "LAST_IDENTITY": plain("iris_last_identity()", BIGINT),
    "$TSQL_NEWID": plain("iris_newid()", STRING),
    "HASHBYTES": strings("iris_hashbytes", IrisType(Kind.BINARY, "VARBINARY(64)", length=64), 2),
    "%SYSTEM_SQL.Util_GetOption".upper(): Function(1, 1, _option),
    "%SYSTEM_SQL.Util_SetOption".upper(): Function(2, 2, _set_option),
    "%SYSTEM_SQL.Functions_SQLCODE".upper(): _refused("%SYSTEM_SQL.Functions_SQLCODE: the wording of IRIS's errors"),
}
_ODBC_NAMES = {"CEIL": "CEILING", "SUBSTR": "SUBSTRING"}
# Abbreviations that IRIS documents.
FUNCTIONS.update(
    {
        short: FUNCTIONS[name]
        for short, name in {
            "$P": "$PIECE", "$E": "$EXTRACT", "$L": "$LENGTH", "$F": "$FIND", "$TR": "$TRANSLATE", "$J": "$JUSTIFY",
            "$C": "$CHAR", "$LB": "$LISTBUILD", "$LI": "$LIST", "$LG": "$LISTGET",
            "$LD": "$LISTDATA", "$LF": "$LISTFIND", "$LL": "$LISTLENGTH",
            "$LS": "$LISTSAME", "$LFS": "$LISTFROMSTRING", "$LTS": "$LISTTOSTRING",
        }.items()
    }
)  # fmt: skip
