"""Calls: PostgreSQL's functions and aggregates as IRIS expressions, by functions.py's table; the special ones are here.

iris-reference 4.22
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import casts, computing, dates, functions, textorder
from pgiris.sql.coercion import TEXT, Kind
from pgiris.sql.functions import Sort
from pgiris.sql.infer import is_nullable, kind_of, unwrapped
from pgiris.sql.infer.analysis import CONSTRUCTS
from pgiris.sql.infer.calls import is_windowed
from pgiris.sql.statement import Statement
from pgiris.sql.trees import copied
from pgiris.sql.write import Template, template, test
from pgiris.types import oids
from pgiris.types.enums import is_enum
from pgiris.types.table import type_name
from pgiris.types.vector import DENSE


def call(node: exp.Anonymous, statement: Statement) -> exp.Expr | None:
    resolved: functions.Call | None = node.meta.get("call")
    if "names" in node.meta:
        raise not_supported("rows as values are not supported here")
    if resolved is None:
        return None  # a function of IRIS's, or of its users
    function = resolved.function
    if function.sort is Sort.AGGREGATE:
        return _aggregate_call(node, function, statement)
    if function.template == functions.COMPUTED:
        raise computing.refused_here(function.name)
    arguments = [casts_to_argument(a, oid, statement) for a, oid in zip(node.expressions, resolved.arguments, strict=True)]
    if function.name in CONSTRUCTS and kind_of(node).oid == oids.TIMESTAMPTZ:
        arguments = [casts.in_zone(argument, statement) for argument in arguments]
    if function.template == "special":
        return _SPECIAL[function.name](arguments, statement)
    return template(function.template, *arguments)


def casts_to_argument(node: exp.Expr, oid: int, statement: Statement) -> exp.Expr:
    """Implicit casts that IRIS would not make by itself: none among numbers and strings."""
    inner = unwrapped(node)
    if oid == oids.TIMESTAMP and kind_of(inner).oid == oids.DATE:
        return template("CAST({0} AS TIMESTAMP)", inner, kind=Kind(oids.TIMESTAMP))
    if oid in DENSE:
        return casts.to_vector(inner, "FLOAT", statement)
    return casts.in_zone(inner, statement) if oid == oids.TIMESTAMPTZ else inner


# Aggregates


def _aggregate_call(node: exp.Anonymous, function: functions.Function, statement: Statement) -> exp.Expr:
    if function.template in (functions.GATHERED, functions.OF_ROWS):
        raise computing.refused_here(function.name)
    if is_windowed(node) and function.name not in _OVER_WINDOWS:
        raise not_supported(f"{function.name} as a window function is not supported", "IRIS has no such window function.")
    distinct, argument = False, None
    if node.expressions:
        argument = node.expressions[0]
        if isinstance(argument, exp.Order):
            raise not_supported(f"ORDER BY in {function.name} is not supported")
        if isinstance(argument, exp.Distinct):
            distinct = True
            if len(argument.expressions) > 1 and function.name != "string_agg":
                raise not_supported("aggregates of several DISTINCT expressions are not supported")
            argument = exact(argument.expressions[0])
    if function.name == "string_agg":
        return _string_agg(node, distinct, argument, statement)
    form = function.template
    padded = function.name in ("min", "max") and argument is not None and textorder.is_needed(statement, unwrapped(argument))
    if padded and argument is not None:
        distinct, form = False, f"{function.name.upper()}({textorder.form(kind_of(unwrapped(argument)))})"
    made = aggregate(form, distinct, argument)
    made.meta["aggregated"] = (form, distinct, argument)
    if not padded:
        return made
    made.meta["padded"], made.meta["kind"] = True, kind_of(node)
    return made if isinstance(node.parent, exp.Filter | exp.Window) else textorder.unpadded(made)


_OVER_WINDOWS = frozenset(("count", "sum", "avg", "min", "max", "bool_and", "bool_or", "every"))  # iris-reference 4.12


def aggregate(text: str, distinct: bool, argument: exp.Expr | None) -> Template:
    if argument is None:
        return template(text)
    if text == "COUNT(*)":
        text = "COUNT({0})"
    return template(text.replace("{0}", "DISTINCT {0}") if distinct else text, unwrapped(argument))


def _string_agg(node: exp.Anonymous, distinct: bool, argument: exp.Expr | None, statement: Statement) -> exp.Expr:
    """LIST joins with commas only, and in no certain order. iris-reference 4.12"""
    last = node.expressions[-1]
    if isinstance(last, exp.Distinct):
        last = last.expressions[-1]
    if isinstance(last, exp.Order):
        raise not_supported("ORDER BY in string_agg is not supported", "IRIS's LIST has no order.")
    delimiter = unwrapped(last)
    if not isinstance(delimiter, exp.Literal) or delimiter.name != ",":
        raise not_supported("string_agg with a delimiter other than ',' is not supported", "IRIS's LIST joins with commas.")
    delimiter.meta["pin"] = True
    made = aggregate("LIST({0})", distinct, argument)
    made.meta["aggregated"] = ("LIST({0})", distinct, argument)
    return made


def exact(node: exp.Expr) -> exp.Expr:
    """A string to be told from others by case, whatever its collation: DISTINCT, GROUP BY, UNION. iris-reference 4.6"""
    inner = unwrapped(node)
    if not (kind_of(inner).oid in _COLLATED or is_enum(kind_of(inner).oid)) or isinstance(inner, exp.Null):
        return node
    found = inner.meta.get("field")
    if found is not None and found.collation.upper().lstrip("%") in ("EXACT", "SQLSTRING", "STRING"):
        return node
    if isinstance(inner, exp.Literal):
        return node
    made = template("%EXACT({0})", inner, kind=kind_of(inner))
    made.meta["nullable"] = is_nullable(inner)
    return made


_COLLATED = frozenset((oids.TEXT, oids.VARCHAR, oids.BPCHAR, oids.NAME, oids.CHAR))


# Special functions

Arguments = list[exp.Expr]


def constant_integer(node: exp.Expr) -> int | None:
    """The value of an integer constant, which is thereby part of the statement."""
    inner = unwrapped(node)
    negative = isinstance(inner, exp.Neg)
    if negative:
        inner = unwrapped(inner.this)
    if not isinstance(inner, exp.Literal) or (inner.is_string and not inner.name.lstrip("-").isdigit()):
        return None
    if kind_of(inner).oid not in (oids.INT2, oids.INT4, oids.INT8):
        return None
    inner.meta["pin"] = True
    value = int(inner.name)
    return -value if negative else value


def _substring(arguments: Arguments, statement: Statement) -> exp.Expr:
    """PostgreSQL counts from the start even where it lies before the string."""
    text, start, *rest = arguments
    first = constant_integer(start)
    if not rest:
        if first is not None:
            return template(f"SUBSTRING({{0}}, {max(first, 1)})", text)
        return template("SUBSTRING({0}, CASE WHEN {1} < 1 THEN 1 ELSE {1} END)", text, start)
    length = constant_integer(rest[0])
    if first is not None and length is not None:
        if length < 0:
            raise PgError(sqlstate.SUBSTRING_ERROR, "negative substring length not allowed")
        return template(f"SUBSTRING({{0}}, {max(first, 1)}, {max(0, first + length - max(first, 1))})", text)
    if first is not None and first >= 1:
        return template(f"SUBSTRING({{0}}, {first}, {{1}})", text, rest[0])
    return template(
        "SUBSTRING({0}, CASE WHEN {1} < 1 THEN 1 ELSE {1} END,"
        " CASE WHEN {1} + {2} < 1 THEN 0 WHEN {1} < 1 THEN {1} + {2} - 1 ELSE {2} END)",
        text,
        start,
        rest[0],
    )


def _left(arguments: Arguments, statement: Statement) -> exp.Expr:
    """A negative count leaves so many characters out at the other end."""
    text, count = arguments
    value = constant_integer(count)
    if value is None:
        length = (
            "CASE WHEN {1} IS NULL THEN NULL WHEN {1} >= 0 THEN {1}"
            " WHEN CHAR_LENGTH({0}) + {1} > 0 THEN CHAR_LENGTH({0}) + {1} ELSE 0 END"
        )
        return template(f"SUBSTRING({{0}}, 1, {length})", text, count)
    if value >= 0:
        return template(f"SUBSTRING({{0}}, 1, {value})", text)
    return template(
        f"SUBSTRING({{0}}, 1, CASE WHEN CHAR_LENGTH({{0}}) > {-value} THEN CHAR_LENGTH({{0}}) - {-value} ELSE 0 END)", text
    )


def _right(arguments: Arguments, statement: Statement) -> exp.Expr:
    text, count = arguments
    value = constant_integer(count)
    if value is None:
        start = (
            "CASE WHEN {1} IS NULL THEN NULL WHEN {1} < 0 THEN 1 - {1}"
            " WHEN CHAR_LENGTH({0}) > {1} THEN CHAR_LENGTH({0}) - {1} + 1 ELSE 1 END"
        )
        return template(f"SUBSTRING({{0}}, {start})", text, count)
    if value >= 0:
        return template(
            f"SUBSTRING({{0}}, CASE WHEN CHAR_LENGTH({{0}}) > {value} THEN CHAR_LENGTH({{0}}) - {value - 1} ELSE 1 END)", text
        )
    return template(f"SUBSTRING({{0}}, {1 - value})", text)


def _split_part(arguments: Arguments, statement: Statement) -> exp.Expr:
    place = constant_integer(arguments[2])
    if place is None or place < 1:
        raise not_supported("split_part is supported with a positive constant as its third argument only")
    delimiter = unwrapped(arguments[1])
    if not isinstance(delimiter, exp.Literal) or not delimiter.name:
        raise not_supported("split_part is supported with a constant as its second argument only")
    delimiter.meta["pin"] = True
    text = f"COALESCE($PIECE({{0}}, {{1}}, {place}), CASE WHEN {{0}} IS NULL THEN NULL ELSE '' END)"
    return template(text, *arguments[:2])


def _concat(arguments: Arguments, statement: Statement) -> exp.Expr:
    """NULL counts as nothing."""
    parts = [_shown(argument, statement) for argument in arguments]
    holes = " || ".join(f"COALESCE({{{index}}}, '')" if is_nullable(part) else f"{{{index}}}" for index, part in enumerate(parts))
    return template(f"({holes})", *parts)


def _shown(node: exp.Expr, statement: Statement) -> exp.Expr:
    """As the type's output function shows it: a boolean is t or f here."""
    if kind_of(node).oid != oids.BOOL:
        return casts.to_text(node, statement)
    words = [exp.Literal.string(word) for word in "tf"]
    for word in words:
        word.meta["kind"] = TEXT
    branches = [
        exp.If(this=node, true=words[0]),
        exp.If(this=exp.Not(this=exp.Paren(this=copied(node))), true=words[1]),
    ]
    made = exp.Case(ifs=branches)
    made.meta["kind"] = TEXT
    return made


def _concat_ws(arguments: Arguments, statement: Statement) -> exp.Expr:
    parts = [_shown(argument, statement) for argument in arguments]
    joined = " || ".join(f"COALESCE({{0}} || {{{index}}}, '')" for index in range(1, len(parts)))
    return template(f"SUBSTRING({joined}, CHAR_LENGTH({{0}}) + 1)", *parts)


def _extreme(name: str) -> Callable[[Arguments, Statement], exp.Expr]:
    """IRIS's is NULL when any argument is, PostgreSQL's when all are."""

    def extreme(arguments: Arguments, statement: Statement) -> exp.Expr:
        from pgiris.sql.rewrites import is_kept_as_text

        if len(arguments) == 1:
            return template("{0}", *arguments)
        kind = kind_of(arguments[0])
        if is_kept_as_text(kind.oid, False):
            raise not_supported(f"{name} of {type_name(kind.oid)} is not supported here")
        if textorder.is_needed(statement, *arguments):
            made = chosen([textorder.padded(argument) for argument in arguments])
            made.meta["kind"] = kind_of(arguments[0])
            return textorder.unpadded(made)
        return chosen(arguments)

    def chosen(arguments: Arguments) -> exp.Expr:
        if not any(is_nullable(argument) for argument in arguments):
            return template(f"{name}({{*}})", *arguments)
        count = len(arguments)
        rotations = (", ".join(f"{{{(first + step) % count}}}" for step in range(count)) for first in range(count))
        return template(f"{name}({', '.join(f'COALESCE({rotation})' for rotation in rotations)})", *arguments)

    return extreme


def _starts_with(arguments: Arguments, statement: Statement) -> exp.Expr:
    return test("SUBSTRING({0}, 1, CHAR_LENGTH({1})) = {1}", *arguments)


def l2_distance(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """The root of a.a + b.b - 2 a.b, which rounding may leave a little below zero for near-equal vectors."""
    square = "VECTOR_DOT_PRODUCT({0}, {0}) + VECTOR_DOT_PRODUCT({1}, {1}) - 2 * VECTOR_DOT_PRODUCT({0}, {1})"
    return template(f"SQRT(CASE WHEN {square} < 0 THEN 0 ELSE {square} END)", left, right)


def _l2_distance(arguments: Arguments, statement: Statement) -> exp.Expr:
    return l2_distance(*arguments)


def _vector_dims(arguments: Arguments, statement: Statement) -> exp.Expr:
    kind = kind_of(arguments[0])
    if kind.typmod < 1:
        raise not_supported("vector_dims of a vector without declared dimensions is not supported")
    return template(f"CASE WHEN {{0}} IS NULL THEN NULL ELSE {kind.typmod} END", arguments[0])


_SPECIAL: dict[str, Callable[[Arguments, Statement], exp.Expr]] = {
    "substr": _substring,
    "substring": _substring,
    "left": _left,
    "right": _right,
    "split_part": _split_part,
    "concat": _concat,
    "concat_ws": _concat_ws,
    "greatest": _extreme("GREATEST"),
    "least": _extreme("LEAST"),
    "starts_with": _starts_with,
    "extract": dates.extract,
    "date_part": dates.extract,
    "date_trunc": dates.date_trunc,
    "to_char": dates.to_char,
    "l2_distance": _l2_distance,
    "vector_dims": _vector_dims,
}
