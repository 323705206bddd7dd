"""Exact numbers: canonical decimal text (``-12.5``, ``0``, no trailing zeros, no exponent) and arithmetic on it.

A number here is canonical text or an int. IRIS keeps a 64-bit significand, about 19 digits (iris-reference 5.2).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation

from pgiris.backend.sqlcode import pg_error

Number = str | int | float | None
CONTEXT = Context(prec=38, rounding=ROUND_HALF_UP)
DIVISION = Context(prec=19, rounding=ROUND_HALF_UP)
MAX_SIGNIFICAND = 2**63 - 1
_LEADING = re.compile(r"\s*([+-]*)\s*((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")


def canonical(value: Decimal | int) -> str:
    if isinstance(value, int):
        return str(value)
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def parsed(text: str) -> Decimal | None:
    """A whole string as a number; None when it is none."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and "_" not in text else None


def leading_number(text: str) -> Decimal:
    """The number that a string begins with, as IRIS evaluates strings in arithmetic; 0 when there is none."""
    match = _LEADING.match(text)
    if match is None:
        return Decimal(0)
    number = Decimal(match[2])
    return -number if match[1].count("-") % 2 else number


def as_decimal(value: Number) -> Decimal:
    return Decimal(value) if isinstance(value, (int, str)) else Decimal(repr(value))


def compare(a: str, b: str) -> int:
    """Collation of canonical texts."""
    if a == b:
        return 0
    x, y = float(a), float(b)
    if x != y:
        return -1 if x < y else 1
    return -1 if Decimal(a) < Decimal(b) else 1


def fitting(value: Decimal) -> Decimal:
    """A result cut to what a 64-bit significand can hold."""
    _, digits, exponent = value.as_tuple()
    if len(digits) <= 18:
        return value
    if not isinstance(exponent, int) or (len(digits) + exponent > 19 and exponent >= 0):
        return DIVISION.plus(value)
    return DIVISION.plus(value)


def _operation(compute: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Number, Number], str | None]:
    def apply(a: Number, b: Number) -> str | None:
        if a is None or b is None:
            return None
        try:
            return canonical(fitting(compute(as_decimal(a), as_decimal(b))))
        except (DivisionByZero, InvalidOperation):
            raise divided_by_zero() from None

    return apply


def divided_by_zero() -> Exception:
    return pg_error(-400, "Fatal error occurred: <DIVIDE>")


def _integer_quotient(a: Decimal, b: Decimal) -> Decimal:
    if not b:
        raise divided_by_zero()
    return CONTEXT.divide(a, b).to_integral_value(ROUND_DOWN)


def _modulo(a: Decimal, b: Decimal) -> Decimal:
    """``#``: the sign is the divisor's."""
    if not b:
        raise divided_by_zero()
    return a - b * CONTEXT.divide(a, b).to_integral_value(ROUND_FLOOR)


def _remainder(a: Decimal, b: Decimal) -> Decimal:
    """MOD: the sign is the dividend's."""
    if not b:
        raise divided_by_zero()
    return CONTEXT.remainder(a, b)


add = _operation(CONTEXT.add)
subtract = _operation(CONTEXT.subtract)
multiply = _operation(CONTEXT.multiply)
divide = _operation(DIVISION.divide)
quotient = _operation(_integer_quotient)
modulo = _operation(_modulo)
remainder = _operation(_remainder)


def negate(a: Number) -> str | None:
    return None if a is None else canonical(-as_decimal(a))


def magnitude(a: Number) -> str | None:
    return None if a is None else canonical(abs(as_decimal(a)))


def rounded(a: Number, digits: int | None, rounding: str = ROUND_HALF_UP) -> str | None:
    if a is None or digits is None:
        return None
    number = as_decimal(a)
    if number.adjusted() + digits < -1:
        return "0"
    if digits >= CONTEXT.prec:
        return canonical(number)
    return canonical(number.quantize(Decimal(1).scaleb(-digits), rounding=rounding, context=CONTEXT))


def fixed(number: Decimal, digits: int) -> str:
    """With just so many decimals, zeros too."""
    return format(Decimal(rounded(canonical(number), max(digits, 0)) or 0), f".{max(digits, 0)}f")


def truncated(a: Number, digits: int | None) -> str | None:
    return rounded(a, digits, ROUND_DOWN)


def whole(a: Number) -> int | None:
    """CAST to a whole number: decimals are cut off."""
    if a is None:
        return None
    number = int(as_decimal(a))
    if not -(1 << 63) <= number < 1 << 63:
        raise pg_error(-400, "Fatal error occurred: <MAXNUMBER>", text="bigint out of range", state="22003")
    return number


def shown(number: str) -> str:
    """A number as a string: IRIS's canonical form has no zero before the point."""
    return number.replace("0.", ".", 1) if number.startswith(("0.", "-0.")) else number
