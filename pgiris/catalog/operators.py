"""Operators of catalog queries between values whose types are known or open.

PostgreSQL: typeconv-oper, functions-comparison, functions-matching, functions-array
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from pgiris import sqlstate
from pgiris.catalog import computed
from pgiris.catalog.casts import NUMBERS, cast_text
from pgiris.catalog.typed import INTEGERS, NUMBERED, REGISTERED, TEXTUAL, Typed, element_of, is_array, physical, quoted
from pgiris.errors import PgError
from pgiris.sql.coercion import BOOL, TEXT, Kind, category
from pgiris.sql.postgres import operator_position
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.table import type_name

if TYPE_CHECKING:
    from pgiris.catalog.expressions import Expressions

COMPARISONS = frozenset(("=", "<>", "<", ">", "<=", ">=", "is", "is not"))
_ARITHMETIC = frozenset(("+", "-", "*", "/", "%", "&", "|"))
_LADDER = [oids.INT2, oids.INT4, oids.INT8, oids.FLOAT4, oids.FLOAT8]
_NATIVE = frozenset(_LADDER)  # what DuckDB calculates with as PostgreSQL does
# Operator -> options of a regular expression or LIKE, negated. PostgreSQL: functions-matching
_MATCHES = {
    "~": ("s", False),
    "!~": ("s", True),
    "~*": ("is", False),
    "!~*": ("is", True),
    "~~": ("LIKE", False),
    "!~~": ("LIKE", True),
    "~~*": ("ILIKE", False),
    "!~~*": ("ILIKE", True),
}


def apply(compiler: Expressions, symbol: str, one: Typed, other: Typed, node: exp.Expr) -> Typed:
    if symbol in COMPARISONS:
        return compared(compiler, symbol, one, other, node)
    if symbol in _MATCHES:
        return match(compiler, symbol, one, other, node)
    if symbol == "||":
        return concatenated(compiler, one, other, node)
    if symbol in ("@>", "<@", "&&") and not {one.oid, other.oid} & {oids.JSONB, oids.JSON}:
        return array_relation(compiler, symbol, one, other, node)
    return arithmetic(compiler, symbol, one, other, node)


def compared(compiler: Expressions, symbol: str, one: Typed, other: Typed, node: exp.Expr) -> Typed:
    if not (computed.is_comparable(one.oid) and computed.is_comparable(other.oid)) and symbol not in ("is", "is not"):
        found = computed.operate(compiler, symbol, one, other)
        if found is None:
            raise no_operator(compiler, symbol, one, other, node)
        return found
    if one.fields is not None and other.fields is not None:
        return rows_compared(compiler, symbol, one, other, node)
    one, other = matched(compiler, one, other, symbol, node)
    word = {"is": "IS NOT DISTINCT FROM", "is not": "IS DISTINCT FROM"}.get(symbol, symbol)
    return Typed(f"({one.sql} {word} {other.sql})", BOOL, srf=one.srf or other.srf)


def matched(compiler: Expressions, one: Typed, other: Typed, symbol: str, node: exp.Expr) -> tuple[Typed, Typed]:
    """Both sides of a comparison with types that compare. Raises 42883."""
    if one.open and other.open:
        return compiler.coerce(one, TEXT), compiler.coerce(other, TEXT)
    if one.open:
        one = compiler.coerce(one, _compared_as(other.oid))
    elif other.open:
        other = compiler.coerce(other, _compared_as(one.oid))
    elif not comparable(one.oid, other.oid):
        raise no_operator(compiler, symbol, one, other, node)
    if oids.BPCHAR in (one.oid, other.oid):
        padded = (oids.BPCHAR, oids.VARCHAR) if {one.oid, other.oid} <= {oids.BPCHAR, oids.VARCHAR} else (oids.BPCHAR,)
        one, other = (replace(side, sql=f"rtrim({side.sql}, ' ')") if side.oid in padded else side for side in (one, other))
    return one, other


def _compared_as(oid: Oid) -> Kind:
    """What an untyped constant is beside a value: reg* types have no operators but oid's."""
    return Kind(oids.OID if oid in REGISTERED else oid)


def no_operator(compiler: Expressions, symbol: str, one: Typed, other: Typed, node: exp.Expr) -> PgError:
    shown = {"is": "=", "is not": "="}.get(symbol, symbol)
    return PgError(
        sqlstate.UNDEFINED_FUNCTION,
        f"operator does not exist: {type_name(one.oid)} {shown} {type_name(other.oid)}",
        hint="No operator matches the given name and argument types. You might need to add explicit type casts.",
        position=operator_position(compiler.statement.analysis.text, node.this) if isinstance(node, exp.Binary) else None,
    )


def rows_compared(compiler: Expressions, symbol: str, one: Typed, other: Typed, node: exp.Expr) -> Typed:
    assert one.fields is not None
    assert other.fields is not None
    if len(one.fields) != len(other.fields):
        raise PgError(sqlstate.SYNTAX_ERROR, "unequal number of entries in row expressions")
    pairs = [matched(compiler, a.value, b.value, symbol, node) for a, b in zip(one.fields, other.fields, strict=True)]
    if symbol in ("=", "<>"):
        word = " AND " if symbol == "=" else " OR "
        return Typed(f"({word.join(f'{a.sql} {symbol} {b.sql}' for a, b in pairs)})", BOOL)
    if symbol in ("is", "is not"):
        same = " AND ".join(f"{a.sql} IS NOT DISTINCT FROM {b.sql}" for a, b in pairs)
        return Typed(f"({same})" if symbol == "is" else f"(NOT ({same}))", BOOL)
    *before, (a, b) = pairs  # the first values that are not equal decide, and where one is NULL nothing does
    sql = f"({a.sql} {symbol} {b.sql})"
    for a, b in reversed(before):
        sql = f"(CASE WHEN {a.sql} = {b.sql} THEN {sql} ELSE {a.sql} {symbol.rstrip('=')} {b.sql} END)"
    return Typed(sql, BOOL)


def match(compiler: Expressions, symbol: str, one: Typed, other: Typed, node: exp.Expr, escape: str | None = "\\") -> Typed:
    """~ and LIKE, and their kin. escape: of LIKE, "" for none."""
    for side in (one, other):
        if not side.open and side.oid not in TEXTUAL:
            raise no_operator(compiler, symbol, one, other, node)
    subject, pattern = compiler.coerce(one, TEXT).sql, compiler.coerce(other, TEXT).sql
    word, negated = _MATCHES[symbol]
    if word in ("LIKE", "ILIKE"):
        sql = f"({subject} {word} {pattern}{f' ESCAPE {quoted(escape)}' if escape else ''})"
    else:
        sql = f"regexp_matches({subject}, pgf_regex({pattern}), {quoted(word)})"
    return Typed(f"(NOT {sql})" if negated else sql, BOOL)


def concatenated(compiler: Expressions, one: Typed, other: Typed, node: exp.Expr) -> Typed:
    if is_array(one.oid) or is_array(other.oid):
        array = one.oid if is_array(one.oid) else other.oid
        element = Kind(element_of(array))
        parts = []
        for side in (one, other):
            if is_array(side.oid):
                parts.append(f"coalesce({side.sql}, [])")
            elif side.open and side.literal is not None and not isinstance(side.literal, exp.Null):
                parts.append(compiler.coerce(side, Kind(array)).sql)
            else:
                parts.append(f"[{compiler.coerce(side, element).sql}]")
        return Typed(f"list_concat({', '.join(parts)})", Kind(array))
    sides = []
    for side in (one, other):
        made = compiler.settled(side)
        sides.append(cast_text(made.sql, made.oid, compiler.path) if made.oid == oids.INET else compiler.text_of(made))
    return Typed(f"({sides[0]} || {sides[1]})", TEXT)


def array_relation(compiler: Expressions, symbol: str, one: Typed, other: Typed, node: exp.Expr) -> Typed:
    one, other = matched(compiler, one, other, symbol, node)
    if not is_array(one.oid) or not is_array(other.oid):
        raise no_operator(compiler, symbol, one, other, node)
    if symbol == "<@":
        one, other = other, one
    name = "list_has_any" if symbol == "&&" else "list_has_all"
    return Typed(f"{name}({one.sql}, {other.sql})", BOOL)


def arithmetic(compiler: Expressions, symbol: str, one: Typed, other: Typed, node: exp.Expr) -> Typed:
    if one.oid in _NATIVE and other.open:
        other = compiler.coerce(other, Kind(one.oid))
    if other.oid in _NATIVE and one.open:
        one = compiler.coerce(one, Kind(other.oid))
    if symbol not in _ARITHMETIC or one.oid not in _NATIVE or other.oid not in _NATIVE:
        found = computed.operate(compiler, symbol, one, other)
        if found is None:
            raise no_operator(compiler, symbol, one, other, node)
        return found
    kind = Kind(max(one.oid, other.oid, key=_LADDER.index))
    if kind.oid == oids.FLOAT4 != min(one.oid, other.oid, key=_LADDER.index):  # real has operators with itself alone
        kind = Kind(oids.FLOAT8)
        one, other = compiler.cast(one, kind), compiler.cast(other, kind)
    word = "//" if symbol == "/" and kind.oid in INTEGERS else symbol
    divisor = f"(CASE WHEN {other.sql} = 0 THEN error('division by zero') ELSE {other.sql} END)"
    made = f"({one.sql} {word} {divisor if symbol in '/%' else other.sql})"
    return Typed(f"{made}::{physical(kind.oid)}" if kind.oid in INTEGERS else made, kind, srf=one.srf or other.srf)


def comparable(one: Oid, other: Oid) -> bool:
    if one == other or (one in TEXTUAL and other in TEXTUAL):
        return True
    if is_array(one) or is_array(other):
        return is_array(one) and is_array(other) and comparable(element_of(one), element_of(other))
    numbers = NUMBERED | INTEGERS
    if one in numbers and other in numbers:
        return True
    if one in NUMBERS and other in NUMBERS:
        return True
    return category(one) == category(other) == "D"
