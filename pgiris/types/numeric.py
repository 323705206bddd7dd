"""Codecs of numeric, float4 and float8.

PostgreSQL: src/backend/utils/adt/numeric.c (numeric_send, numeric_recv), float.c, src/common/d2s.c
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import frexp, nextafter
from struct import Struct

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types import invalid
from pgiris.types.codec import Codec, Context, Decode, Encode, Value
from pgiris.types.scalar import Shown, always, always_in, decoded

# numeric.

NAN, PLUS_INFINITY, MINUS_INFINITY = 0xC000, 0xD000, 0xF000  # sign words of the binary form
NEGATIVE = 0x4000
MAX_WHOLE_DIGITS = 131072  # PostgreSQL: datatype-numeric#DATATYPE-NUMERIC-TABLE
MAX_SCALE = 16383
MAX_WRITTEN_EXPONENT = 2**30 - 1  # PostgreSQL: numeric.c, set_var_from_str

_PLAIN = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_NUMBER = re.compile(rb"\s*([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?\s*")
_SPECIAL = re.compile(rb"\s*(nan|[+-]?inf(?:inity)?)\s*", re.IGNORECASE)
_HEADER = Struct("!hhHh")  # number of digits, weight, sign, display scale


def plain(value: Value) -> str:
    """A number in plain decimal notation. ObjectScript leaves the zero before the point out; so may IRIS."""
    if type(value) is str and value.isdigit():
        return value
    if type(value) is int:
        return str(value)
    if type(value) is float:
        value = Decimal(repr(value))
    text = value if type(value) is str else format(value, "f")
    if "e" in text or "E" in text:
        text = format(Decimal(text), "f")
    if text[:1] == ".":
        return "0" + text
    return "-0" + text[1:] if text[:2] == "-." else text


def scale_of(typmod: int) -> int:
    """Of numeric(p,s). PostgreSQL: numeric.c, numeric_typmod_scale"""
    return (((typmod - 4) & 0x7FF) ^ 1024) - 1024


WIDEST = 19  # digits that IRIS's widest numbers have, besides those behind the point


def widest_scale(typmod: int) -> int | None:
    """The scale of the widest numeric of IRIS, as computed columns of views are; None of other types."""
    scale = scale_of(typmod) if typmod >= 4 else -1
    return scale if scale >= 0 and (typmod - 4) >> 16 == WIDEST + scale else None


def _numeric_out(context: Context, typmod: int) -> Encode:
    if typmod < 4 or scale_of(typmod) <= 0:
        return numeric_text
    scale = scale_of(typmod)
    return PaddedNumeric(scale)


numeric_text = Shown(plain)


class PaddedNumeric(Shown):
    __slots__ = ("scale",)

    def __init__(self, scale: int) -> None:
        super().__init__(lambda value: padded(value, scale))
        self.scale = scale


def padded(value: Value, scale: int) -> str:
    """IRIS drops the zeros at the end (iris-reference 5.2), numeric(p,s) shows s decimals."""
    if type(value) is str:
        whole, _, fraction = value.partition(".")
        if whole.isdigit() and (not fraction or fraction.isdigit()):
            return f"{whole}.{fraction.ljust(scale, '0')}"
    whole, _, fraction = plain(value).partition(".")
    if not whole.lstrip("-").isdigit():
        return whole  # NaN, Infinity
    return f"{whole}.{fraction.ljust(scale, '0')}"


def _numeric_binary_out(context: Context, typmod: int) -> Encode:
    scale = max(scale_of(typmod), 0) if typmod >= 4 else 0
    return NumericBinary(scale)


class NumericBinary:
    __slots__ = ("least_scale",)

    def __init__(self, least_scale: int) -> None:
        self.least_scale = least_scale

    def __call__(self, value: Value) -> bytes:
        return numeric_binary(value, self.least_scale)


_SPECIAL_BINARY = {  # PostgreSQL's infinities have a scale of 32
    "NaN": _HEADER.pack(0, 0, NAN, 0),
    "Infinity": _HEADER.pack(0, 0, PLUS_INFINITY, 32),
    "-Infinity": _HEADER.pack(0, 0, MINUS_INFINITY, 32),
}
_SPECIAL_SIGNS = {NAN: "NaN", PLUS_INFINITY: "Infinity", MINUS_INFINITY: "-Infinity"}
_LAYOUTS = [Struct(f"!hhHh{n}H") for n in range(12)]


def numeric_binary(value: Value, least_scale: int = 0) -> bytes:
    """Base 10000 digits, none of them zero at either end."""
    if type(value) is str:
        whole, _, fraction = value.partition(".")
        decimals = len(fraction)
        if decimals <= 4 and len(whole) <= 8 and whole.isdigit() and (not fraction or fraction.isdigit()):
            scale = decimals if decimals > least_scale else least_scale
            return _short_binary(int(whole), int(fraction) * _SHIFTS[decimals] if fraction else 0, 0, scale)
    text, sign = plain(value), 0
    if text[0] == "-":
        sign, text = NEGATIVE, text[1:]
    whole, _, fraction = text.partition(".")
    decimals = len(fraction)
    scale = decimals if decimals > least_scale else least_scale
    if decimals <= 4 and len(whole) <= 8 and whole.isdigit():
        return _short_binary(int(whole), int(fraction) * _SHIFTS[decimals] if fraction else 0, sign, scale)
    if not whole.isdigit():
        return _SPECIAL_BINARY[text if not sign else "-" + text]
    text = "0" * (-len(whole) % 4) + whole + fraction + "0" * (-decimals % 4)
    digits = [int(text[i : i + 4]) for i in range(0, len(text), 4)]
    weight = (len(whole) + 3) // 4 - 1
    while digits and not digits[-1]:
        del digits[-1]
    if not digits:
        return _HEADER.pack(0, 0, 0, scale)
    if not digits[0]:
        leading = next(i for i, digit in enumerate(digits) if digit)
        del digits[:leading]
        weight -= leading
    count = len(digits)
    layout = _LAYOUTS[count] if count < 12 else Struct(f"!hhHh{count}H")
    return layout.pack(count, weight, sign, scale, *digits)


_SHIFTS = (10000, 1000, 100, 10, 1)


def _short_binary(whole: int, fraction: int, sign: int, scale: int) -> bytes:
    """Up to 8 digits before the point and 4 behind it."""
    if whole >= 10000:
        high, low = divmod(whole, 10000)
        if fraction:
            return _LAYOUTS[3].pack(3, 1, sign, scale, high, low, fraction)
        return _LAYOUTS[2].pack(2, 1, sign, scale, high, low) if low else _LAYOUTS[1].pack(1, 1, sign, scale, high)
    if whole:
        return _LAYOUTS[2].pack(2, 0, sign, scale, whole, fraction) if fraction else _LAYOUTS[1].pack(1, 0, sign, scale, whole)
    return _LAYOUTS[1].pack(1, -1, sign, scale, fraction) if fraction else _HEADER.pack(0, 0, 0, scale)


def _numeric_from_text(raw: bytes) -> str:
    if _PLAIN.fullmatch(raw) and raw[:2] != b"-0" and len(raw) < 1000:
        return raw.decode("ascii")
    match = _NUMBER.fullmatch(raw)
    if match is None or not (match[2] or match[3]):
        return _special(raw)
    sign, whole, fraction, exponent = match.groups(b"")
    return _shifted(sign == b"-", whole.decode(), fraction.decode(), int(exponent or 0), raw)


def _special(raw: bytes) -> str:
    """The values of PostgreSQL's numeric that are no numbers, as they are written in values. Raises PgError 22P02."""
    match = _SPECIAL.fullmatch(raw)
    if match is None:
        raise invalid.syntax("numeric", decoded(raw))
    first = match[1][:1].lower()
    return "NaN" if first == b"n" else "-Infinity" if first == b"-" else "Infinity"


def _shifted(negative: bool, whole: str, fraction: str, exponent: int, raw: bytes) -> str:
    """whole.fraction * 10^exponent in plain notation, with as many decimals as were written."""
    if abs(exponent) > MAX_WRITTEN_EXPONENT:
        raise invalid.syntax("numeric", decoded(raw))
    digits = whole + fraction
    point = len(whole) + exponent
    if (point > MAX_WHOLE_DIGITS and digits.strip("0")) or point - (len(digits) - len(digits.lstrip("0"))) > MAX_WHOLE_DIGITS:
        raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format")
    if len(digits) - point > MAX_SCALE:
        raise invalid.unrepresentable("a number with so many decimals")
    if point > len(digits):
        digits += "0" * (point - len(digits))
    elif point < 0:
        digits, point = "0" * -point + digits, 0
    before, after = digits[:point].lstrip("0") or "0", digits[point:]
    text = f"{before}.{after}" if after else before
    return "-" + text if negative and digits.strip("0") else text


def _numeric_from_binary(raw: bytes) -> str:
    if len(raw) < 8:
        raise invalid.wrong_length(raw, 8)
    count, weight, sign, scale = _HEADER.unpack_from(raw)
    if sign in _SPECIAL_SIGNS:
        return _SPECIAL_SIGNS[sign]
    if sign not in (0, NEGATIVE):
        raise PgError(sqlstate.INVALID_BINARY_REPRESENTATION, 'invalid sign in external "numeric" value')
    if not 0 <= scale <= MAX_SCALE:
        raise PgError(sqlstate.INVALID_BINARY_REPRESENTATION, 'invalid scale in external "numeric" value')
    if len(raw) != 8 + 2 * (count & 0xFFFF):
        raise invalid.wrong_length(raw, 8 + 2 * (count & 0xFFFF))
    digits: Sequence[int] = Struct(f"!{count & 0xFFFF}H").unpack_from(raw, 8)
    if any(digit > 9999 for digit in digits):
        raise PgError(sqlstate.INVALID_BINARY_REPRESENTATION, 'invalid digit in external "numeric" value')
    return _from_digits(digits, weight, sign == NEGATIVE, scale)


def _from_digits(digits: Sequence[int], weight: int, negative: bool, scale: int) -> str:
    """Digits beyond the display scale are cut off, as PostgreSQL does."""
    text = "".join([f"{digit:04}" for digit in digits])
    point = (weight + 1) * 4
    if point < 0:
        text, point = "0" * -point + text, 0
    text = text.ljust(point + scale, "0")
    whole, fraction = text[:point].lstrip("0") or "0", text[point : point + scale]
    result = f"{whole}.{fraction}" if scale else whole
    return "-" + result if negative and result.strip("0.") else result


NUMERIC = Codec(_numeric_out, _numeric_binary_out, always_in(_numeric_from_text), always_in(_numeric_from_binary))


# float4 and float8.

_FLOAT = re.compile(rb"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")
_FLOAT_SPECIAL = re.compile(rb"\s*[+-]?(?:nan|inf(?:inity)?)\s*", re.IGNORECASE)
_NON_FINITE = {"nan": b"NaN", "inf": b"Infinity", "-inf": b"-Infinity"}
_FLOAT4 = Struct("!f")
_FLOAT8 = Struct("!d")
_pack4, _unpack4 = _FLOAT4.pack, _FLOAT4.unpack


def _float8_out(context: Context, typmod: int) -> Encode:
    return shortest8 if context.extra_float_digits > 0 else _rounded(15 + context.extra_float_digits)


def _float4_out(context: Context, typmod: int) -> Encode:
    if context.extra_float_digits > 0:
        return shortest4
    return _rounded(6 + context.extra_float_digits)


def _rounded(digits: int) -> Encode:
    layout = f"%.{max(digits, 1)}g"

    def text(value: Value) -> bytes:
        result = layout % float(value)
        return _NON_FINITE.get(result) or result.encode("ascii")

    return text


def shortest8(value: Value) -> bytes:
    """The shortest text that gives the same double; exponents from 1e15 on, where Python has them from 1e16."""
    number = value if type(value) is float else float(value)
    text = repr(number)
    if text in _NON_FINITE:
        return _NON_FINITE[text]
    if -1e15 < number < 1e15:
        return (text[:-2] if text[-2:] == ".0" else text).encode("ascii")
    digits = len(text.partition("e")[0].strip("-0").replace(".", "")) - (text[-2:] == ".0")
    while abs(number) < MIDPOINTS_BELOW and _is_midpoint(text, number, nextafter):
        text, digits = f"{number:.{digits}e}", digits + 1
    return text.encode("ascii") if "e" in text else _scientific(text.removesuffix(".0"))


MIDPOINTS_BELOW = 1e41  # above, the middle of two doubles has more than 17 digits


def _is_midpoint(text: str, number: float, neighbour: Callable[[float, float], float]) -> bool:
    """Whether text lies in the middle of number and one next to it. Python's repr counts on the reader to round to
    even there, PostgreSQL does not."""
    written, exact = Fraction(text), Fraction(number)
    if written == exact:
        return False
    towards = float("inf") if written > exact else float("-inf")
    return 2 * written == exact + Fraction(neighbour(number, towards))


def _next_float4(number: float, towards: float) -> float:
    bits: int = Struct("!i").unpack(_FLOAT4.pack(number))[0]
    step = 1 if (towards > number) == (number > 0) else -1
    following: float = _FLOAT4.unpack(Struct("!i").pack(bits + step))[0]
    return following


def shortest4(value: Value) -> bytes:
    """The shortest text of the float4 next to a number. Its exponents begin at 1e6."""
    number = float(value)
    rounded = as_float4(number)
    number = number if rounded - rounded != 0 else rounded
    if 1e-4 <= number < 999999 or -999999 < number <= -1e-4:
        return _common4(number).encode("ascii")
    if number - number != 0:
        return _NON_FINITE[repr(number)]
    text = _shortest4_search(number)
    exponent = int(text[text.index("e") + 1 :])
    if -4 <= exponent < 6:
        return repr(float(text)).removesuffix(".0").encode("ascii")
    mantissa = text[: text.index("e")].rstrip("0").rstrip(".")
    return f"{mantissa}e{'-' if exponent < 0 else '+'}{abs(exponent):02}".encode("ascii")


def _common4(number: float) -> str:
    """Without an exponent. Most float4s of measurement need 8 or 9 digits, so the search begins there."""
    if abs(frexp(number)[0]) == 0.5:
        return repr(float(_shortest4_search(number))).removesuffix(".0")
    text = f"{number:.8g}"
    if _unpack4(_pack4(float(text)))[0] != number:
        return f"{number:.9g}"
    shorter = f"{number:.7g}"
    return shorter if _unpack4(_pack4(float(shorter)))[0] == number else text


def _shortest4_search(number: float) -> str:
    """For numbers that are very small (fewer digits may do), large (a decimal may be the middle of two float4s), or powers
    of two (below them float4s are closer than above, so the next decimal up may fit as well)."""
    for digits in range(8):
        for text in _decimals(number, digits):
            if as_float4(float(text)) == number and not (abs(number) >= 1 << 24 and _is_midpoint(text, number, _next_float4)):
                return text
    return f"{number:.8e}"


def _decimals(number: float, digits: int) -> Sequence[str]:
    nearest = f"{number:.{digits}e}"
    if abs(frexp(number)[0]) != 0.5:
        return (nearest,)
    mantissa, _, exponent = nearest.partition("e")
    away = int(mantissa.replace(".", "")) + (1 if number > 0 else -1)
    return nearest, f"{Decimal(away).scaleb(int(exponent) - digits):.{digits}e}"


def _scientific(text: str) -> bytes:
    """Plain digits -> d.ddde+xx"""
    sign = "-" if text[0] == "-" else ""
    whole, _, fraction = text.lstrip("-").partition(".")
    digits = (whole[1:] + fraction).rstrip("0")
    return f"{sign}{whole[0]}{'.' if digits else ''}{digits}e+{len(whole) - 1:02}".encode("ascii")


def _float_from_text(name: str, checked: Callable[[float], float]) -> Decode:
    def from_text(raw: bytes) -> float:
        if _FLOAT.fullmatch(raw) is None:
            if _FLOAT_SPECIAL.fullmatch(raw):
                return float(raw)
            raise invalid.syntax(name, decoded(raw))
        number = checked(float(raw))
        if number in (float("inf"), float("-inf")) or (not number and raw.lower().partition(b"e")[0].strip(b" \t\r\n\v\f+-0.")):
            raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, f'"{decoded(raw.strip())}" is out of range for type {name}')
        return number

    return from_text


def _float_from_binary(name: str, struct: Struct) -> Decode:
    def from_binary(raw: bytes) -> float:
        if len(raw) != struct.size:
            raise invalid.wrong_length(raw, struct.size)
        number: float = struct.unpack(raw)[0]
        return number

    return from_binary


def is_finite(value: Value) -> bool:
    """Whether a value of numeric, float4 or float8 is a number that IRIS has too: iris-reference 5.2."""
    if type(value) is float:
        return value - value == 0
    return value not in _SPECIAL_BINARY


def as_float4(number: float) -> float:
    """Rounded to a float4; infinity when it is too large for one."""
    try:
        rounded: float = _FLOAT4.unpack(_FLOAT4.pack(number))[0]
    except OverflowError:
        return float("inf")
    return rounded


def float4_binary(value: Value) -> bytes:
    try:
        return _FLOAT4.pack(float(value))
    except OverflowError:
        raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow") from None


def float8_binary(value: Value) -> bytes:
    return _FLOAT8.pack(float(value))


FLOAT4 = Codec(
    _float4_out,
    always(float4_binary),
    always_in(_float_from_text("real", as_float4)),
    always_in(_float_from_binary("real", _FLOAT4)),
)
FLOAT8 = Codec(
    _float8_out,
    always(float8_binary),
    always_in(_float_from_text("double precision", float)),
    always_in(_float_from_binary("double precision", _FLOAT8)),
)
