"""Numbers: arithmetic and mathematical functions, with PostgreSQL's ranges, roundings and display scales.

PostgreSQL: functions-math, src/backend/utils/adt/numeric.c (select_div_scale, numeric_sqrt, ...), int.c, float.c
"""

from __future__ import annotations

import math
import operator
import random
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext

from pgiris import sqlstate
from pgiris.compute.registry import function
from pgiris.errors import PgError
from pgiris.types.numeric import as_float4

RANGES = {"int2": 1 << 15, "int4": 1 << 31, "int8": 1 << 63}
NAMES = {"int2": "smallint", "int4": "integer", "int8": "bigint"}
MIN_SIGNIFICANT_DIGITS = 16  # PostgreSQL: NUMERIC_MIN_SIG_DIGITS
MAX_DISPLAY_SCALE = 1000  # PostgreSQL: NUMERIC_MAX_DISPLAY_SCALE
MAX_PLACES, MAX_SCALE = 131072, 16383  # digits before and behind the point. PostgreSQL: NUMERIC_WEIGHT_MAX, NUMERIC_DSCALE_MAX
EXACT = Context(prec=200_000, Emax=999_999_999, Emin=-999_999_999)


def out_of_range(name: str) -> PgError:
    return PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, f"{name} out of range")


def overflow() -> PgError:
    return PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format")


def division_by_zero() -> PgError:
    return PgError(sqlstate.DIVISION_BY_ZERO, "division by zero")


# Integers


def _checked(name: str, compute: Callable[[int, int], int]) -> Callable[[int, int], int]:
    limit, shown = RANGES[name], NAMES[name]

    def run(left: int, right: int) -> int:
        result = compute(left, right)
        if not -limit <= result < limit:
            raise out_of_range(shown)
        return result

    return run


def quotient(left: int, right: int) -> int:
    if not right:
        raise division_by_zero()
    result = abs(left) // abs(right)
    return result if (left < 0) == (right < 0) else -result


def remainder(left: int, right: int) -> int:
    if not right:
        raise division_by_zero()
    return int(math.fmod(left, right)) if abs(left) < 1 << 52 and abs(right) < 1 << 52 else left - right * quotient(left, right)


def _wrapped(bits: int, value: int) -> int:
    """As a machine word of so many bits holds it."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def _register_integers(name: str, bits: int) -> None:
    for symbol, compute in (("+", operator.add), ("-", operator.sub), ("*", operator.mul), ("/", quotient), ("%", remainder)):
        function(f"{symbol}({name}, {name}) {name}")(_checked(name, compute))
    function(f"mod({name}, {name}) {name}")(_checked(name, remainder))
    for symbol, compute in (("&", operator.and_), ("|", operator.or_), ("#", operator.xor)):
        function(f"{symbol}({name}, {name}) {name}")(compute)
    word = max(bits, 32)  # a smallint is shifted as an integer, which is cut then
    function(f"<<({name}, int4) {name}")(lambda value, by: _wrapped(bits, value << (by % word)))
    function(f">>({name}, int4) {name}")(lambda value, by: value >> (by % word))
    function(f"~({name}) {name}")(operator.invert)
    function(f"-({name}) {name}")(lambda value: _checked(name, operator.add)(0, -value))
    function(f"abs({name}) {name}")(lambda value: _checked(name, operator.add)(0, abs(value)))
    function(f"+({name}) {name}")(operator.pos)


for _name, _bits in (("int2", 16), ("int4", 32), ("int8", 64)):
    _register_integers(_name, _bits)


@function("gcd(int4, int4) int4", "gcd(int8, int8) int8")
def _gcd(left: int, right: int) -> int:
    return math.gcd(left, right)


@function("lcm(int4, int4) int4", "lcm(int8, int8) int8")
def _lcm(left: int, right: int) -> int:
    return math.lcm(left, right)


# numeric


def scale(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def quantized(value: Decimal, unit: Decimal) -> Decimal:
    """Rounded half away from zero to the scale of unit."""
    return value.quantize(unit, ROUND_HALF_UP, EXACT) if value.is_finite() else value


def to_scale(value: Decimal, digits: int) -> Decimal:
    """With so many decimals; a negative number rounds before the point and shows none."""
    if digits >= 0:
        return _positive_zero(quantized(value, Decimal(1).scaleb(-digits)))
    return in_range(_positive_zero(quantized(quantized(value, Decimal(1).scaleb(-digits, EXACT)), Decimal(1))))


def in_range(value: Decimal) -> Decimal:
    """Raises 22003 when there are more digits than a numeric has."""
    if value.adjusted() >= MAX_PLACES:
        raise overflow()
    return value


def _positive_zero(value: Decimal) -> Decimal:
    return value or abs(value)


def _exact(compute: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Decimal, Decimal], Decimal]:
    return lambda left, right: in_range(_positive_zero(compute(left, right)))


def _product(left: Decimal, right: Decimal) -> Decimal:
    product = EXACT.multiply(left, right)
    return product if scale(product) <= MAX_SCALE else to_scale(product, MAX_SCALE)


function("+(numeric, numeric) numeric")(_exact(EXACT.add))
function("-(numeric, numeric) numeric")(_exact(EXACT.subtract))
function("*(numeric, numeric) numeric")(_exact(_product))
function("-(numeric) numeric")(lambda value: _positive_zero(EXACT.minus(value)))
function("+(numeric) numeric")(lambda value: value)
function("abs(numeric) numeric")(Decimal.copy_abs)


def weight_of(value: Decimal) -> tuple[int, int]:
    """The place of the first digit in base 10000, and that digit."""
    if not value:
        return 0, 0
    weight = value.adjusted() // 4
    return weight, int(value.copy_abs().scaleb(-4 * weight, EXACT))


@function("/(numeric, numeric) numeric")
def divide(left: Decimal, right: Decimal) -> Decimal:
    if not (left.is_finite() and right.is_finite()):
        return _special_quotient(left, right)
    if not right:
        raise division_by_zero()
    (one, first), (other, second) = weight_of(left), weight_of(right)
    places = one - other - (first <= second)
    digits = max(MIN_SIGNIFICANT_DIGITS - places * 4, scale(left), scale(right), 0)
    return _divided(left, right, min(digits, MAX_DISPLAY_SCALE))


def _special_quotient(left: Decimal, right: Decimal) -> Decimal:
    """Of NaN or an infinity."""
    if left.is_nan() or right.is_nan():
        return Decimal("NaN")
    if not right:
        raise division_by_zero()
    if right.is_infinite():
        return Decimal("NaN" if left.is_infinite() else 0)
    return left if right > 0 else -left


def _divided(left: Decimal, right: Decimal, digits: int) -> Decimal:
    with localcontext(EXACT) as context:
        context.prec = max(left.adjusted() - right.adjusted(), 0) + digits + 20
        return _positive_zero(quantized(left / right, Decimal(1).scaleb(-digits)))


@function("rescaled(numeric, int4) numeric")
def _rescaled(value: Decimal, digits: int) -> Decimal:
    """A value whose trailing zeros were lost."""
    return to_scale(value, max(digits, scale(value)))


@function("average(numeric, int8) numeric")
def _average(total: Decimal, count: int) -> Decimal | None:
    return divide(total, Decimal(count)) if count else None


def _variance(total: Decimal, squares: Decimal, count: int, sample: bool) -> Decimal | None:
    if count < 1 + sample:
        return None
    spread = EXACT.subtract(EXACT.multiply(squares, Decimal(count)), EXACT.multiply(total, total))
    return divide(spread, Decimal(count * (count - 1) if sample else count * count)) if spread > 0 else Decimal(0)


def _deviation(total: Decimal, squares: Decimal, count: int, sample: bool) -> Decimal | None:
    variance = _variance(total, squares, count, sample)
    if not variance:
        return variance
    return rooted(variance, scale(variance))


for _name, _measure, _sample in (
    ("variance", _variance, True),
    ("var_samp", _variance, True),
    ("var_pop", _variance, False),
    ("stddev", _deviation, True),
    ("stddev_samp", _deviation, True),
    ("stddev_pop", _deviation, False),
):
    function(f"{_name}(numeric, numeric, int8) numeric")(
        lambda total, squares, count, compute=_measure, sample=_sample: compute(total, squares, count, sample)
    )


def rooted(value: Decimal, digits: int) -> Decimal:
    """The square root with so many decimals, rounded exactly."""
    doubled = math.isqrt(int(EXACT.multiply(value, Decimal(4)).scaleb(2 * digits, EXACT)))
    return Decimal((doubled + 1) // 2).scaleb(-digits, EXACT)


@function("gcd(numeric, numeric) numeric")
def _numeric_gcd(left: Decimal, right: Decimal) -> Decimal:
    if not (left.is_finite() and right.is_finite()):
        return Decimal("NaN")
    digits, (one, other) = _whole_numbers(left, right)
    return Decimal(math.gcd(one, other)).scaleb(-digits, EXACT)


@function("lcm(numeric, numeric) numeric")
def _numeric_lcm(left: Decimal, right: Decimal) -> Decimal:
    if not (left.is_finite() and right.is_finite()):
        return Decimal("NaN")
    digits, (one, other) = _whole_numbers(left, right)
    return in_range(Decimal(math.lcm(one, other)).scaleb(-digits, EXACT))


def _whole_numbers(*values: Decimal) -> tuple[int, list[int]]:
    """The larger scale, and the values as multiples of its unit."""
    digits = max(map(scale, values))
    return digits, [int(value.scaleb(digits, EXACT)) for value in values]


@function("div(numeric, numeric) numeric")
def _div(left: Decimal, right: Decimal) -> Decimal:
    if not (left.is_finite() and right.is_finite()):
        return _special_quotient(left, right)
    if not right:
        raise division_by_zero()
    return _positive_zero(EXACT.divide_int(left, right))


@function("%(numeric, numeric) numeric", "mod(numeric, numeric) numeric")
def _modulo(left: Decimal, right: Decimal) -> Decimal:
    if left.is_nan() or right.is_nan():
        return Decimal("NaN")
    if not right:
        raise division_by_zero()
    if left.is_infinite() or right.is_infinite():
        return Decimal("NaN") if left.is_infinite() else left
    digits = max(scale(left), scale(right))
    return to_scale(EXACT.remainder(left, right), digits)


@function("round(numeric, int4) numeric")
def _round_to(value: Decimal, digits: int) -> Decimal:
    return to_scale(value, _limited(digits))


def _limited(digits: int) -> int:
    """PostgreSQL: numeric_round"""
    return max(min(digits, MAX_SCALE), -MAX_PLACES - 4)


@function("round(numeric) numeric")
def _round(value: Decimal) -> Decimal:
    return to_scale(value, 0)


@function("trunc(numeric, int4) numeric")
def _trunc_to(value: Decimal, digits: int) -> Decimal:
    if not value.is_finite():
        return value
    digits = _limited(digits)
    cut = value.quantize(Decimal(1).scaleb(-digits, EXACT), ROUND_DOWN, EXACT)
    return _positive_zero(cut if digits >= 0 else cut.quantize(Decimal(1), ROUND_DOWN, EXACT))


@function("trunc(numeric) numeric")
def _trunc(value: Decimal) -> Decimal:
    return _trunc_to(value, 0)


@function("ceil(numeric) numeric", "ceiling(numeric) numeric")
def _ceil(value: Decimal) -> Decimal:
    return Decimal(math.ceil(value)) if value.is_finite() else value


@function("floor(numeric) numeric")
def _floor(value: Decimal) -> Decimal:
    return Decimal(math.floor(value)) if value.is_finite() else value


@function("sign(numeric) numeric")
def _sign(value: Decimal) -> Decimal:
    if value.is_nan():
        return value
    return Decimal((value > 0) - (value < 0))


@function("scale(numeric) int4")
def _scale(value: Decimal) -> int | None:
    return scale(value) if value.is_finite() else None


@function("min_scale(numeric) int4")
def _min_scale(value: Decimal) -> int | None:
    return scale(_trim_scale(value)) if value.is_finite() else None


function("random() float8")(random.random)


@function("trim_scale(numeric) numeric")
def _trim_scale(value: Decimal) -> Decimal:
    if not value.is_finite():
        return value
    trimmed = EXACT.create_decimal(value).normalize(EXACT)
    return trimmed if scale(trimmed) else quantized(trimmed, Decimal(1))


def check_logarithm(value: Decimal | float) -> None:
    if value == 0:
        raise PgError(sqlstate.INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of zero")
    if value < 0:
        raise PgError(sqlstate.INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of a negative number")


@function("factorial(int8) numeric")
def _factorial(value: int) -> Decimal:
    if value < 0:
        raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "factorial of a negative number is undefined")
    if value > 32177:
        raise overflow()
    return Decimal(math.factorial(value))


@function("width_bucket(numeric, numeric, numeric, int4) int4", "width_bucket(float8, float8, float8, int4) int4")
def _width_bucket(value: float, low: float, high: float, count: int) -> int:
    if count <= 0:
        raise PgError(sqlstate.INVALID_ARGUMENT_FOR_WIDTH_BUCKET_FUNCTION, "count must be greater than zero")
    if any(each != each for each in (value, low, high)):
        raise PgError(sqlstate.INVALID_ARGUMENT_FOR_WIDTH_BUCKET_FUNCTION, "operand, lower bound, and upper bound cannot be NaN")
    if math.isinf(low) or math.isinf(high):
        raise PgError(sqlstate.INVALID_ARGUMENT_FOR_WIDTH_BUCKET_FUNCTION, "lower and upper bounds must be finite")
    if low == high:
        raise PgError(sqlstate.INVALID_ARGUMENT_FOR_WIDTH_BUCKET_FUNCTION, "lower bound cannot equal upper bound")
    rising = low < high
    if (value < low) if rising else (value > low):
        return 0
    if (value >= high) if rising else (value <= high):
        return count + 1
    return int((value - low) * count / (high - low)) + 1


# float8


def finite(compute: Callable[..., float]) -> Callable[..., float]:
    """Raises 22003 where finite arguments give an infinity."""

    def run(*arguments: float) -> float:
        try:
            result = compute(*arguments)
        except (OverflowError, Overflow):
            raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow") from None
        except (ValueError, InvalidOperation, DivisionByZero):
            raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "input is out of range") from None
        if math.isinf(result) and not any(map(math.isinf, arguments)):
            raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow")
        return result

    return run


def _float_quotient(left: float, right: float) -> float:
    if not right:
        if math.isnan(left):
            return left
        raise division_by_zero()
    return left / right


def _single(compute: Callable[[float, float], float]) -> Callable[[float, float], float]:
    return lambda left, right: as_float4(compute(left, right))


for _type in ("float8", "float4"):
    for _symbol, _compute in (("+", operator.add), ("-", operator.sub), ("*", operator.mul), ("/", _float_quotient)):
        function(f"{_symbol}({_type}, {_type}) {_type}")(finite(_compute if _type == "float8" else _single(_compute)))
    function(f"-({_type}) {_type}")(operator.neg)
    function(f"+({_type}) {_type}")(operator.pos)
    function(f"abs({_type}) {_type}")(abs)


@function("power(float8, float8) float8", "pow(float8, float8) float8", "^(float8, float8) float8")
def _float_power(base: float, exponent: float) -> float:
    if math.isnan(base) or math.isnan(exponent):
        return math.pow(base, exponent)
    if base == 0 and exponent < 0:
        raise PgError(sqlstate.INVALID_ARGUMENT_FOR_POWER_FUNCTION, "zero raised to a negative power is undefined")
    if base < 0 and not math.isinf(exponent) and exponent != int(exponent):
        message = "a negative number raised to a non-integer power yields a complex result"
        raise PgError(sqlstate.INVALID_ARGUMENT_FOR_POWER_FUNCTION, message)
    return finite(math.pow)(base, exponent)


@function("sqrt(float8) float8")
def _float_sqrt(value: float) -> float:
    if value < 0:
        raise PgError(sqlstate.INVALID_ARGUMENT_FOR_POWER_FUNCTION, "cannot take square root of a negative number")
    return math.sqrt(value)


@function("ln(float8) float8")
def _float_ln(value: float) -> float:
    check_logarithm(value)
    return math.log(value)


@function("log(float8) float8", "log10(float8) float8")
def _float_log10(value: float) -> float:
    check_logarithm(value)
    return math.log10(value)


def _half_even(value: float) -> float:
    return math.copysign(round(value), value) if math.isfinite(value) else value


function("round(float8) float8")(_half_even)
function("trunc(float8) float8")(lambda value: math.copysign(math.trunc(value), value) if math.isfinite(value) else value)
function("ceil(float8) float8", "ceiling(float8) float8")(
    lambda value: math.copysign(math.ceil(value), value) if math.isfinite(value) else value
)
function("floor(float8) float8")(lambda value: float(math.floor(value)) if math.isfinite(value) else value)
function("sign(float8) float8")(lambda value: float((value > 0) - (value < 0)))
function("cbrt(float8) float8")(math.cbrt)
function("exp(float8) float8")(finite(math.exp))
function("pi() float8")(lambda: math.pi)
function("degrees(float8) float8")(finite(lambda value: value / (math.pi / 180)))
function("radians(float8) float8")(finite(lambda value: value * (math.pi / 180)))


def _hyperbolic(compute: Callable[[float], float], value: float, otherwise: float) -> float:
    """PostgreSQL gives an infinity where the result is too large."""
    try:
        return compute(value)
    except OverflowError:
        return otherwise


for _name in ("sin", "cos", "tan", "asin", "acos", "atan", "tanh", "asinh", "acosh"):
    function(f"{_name}(float8) float8")(finite(getattr(math, _name)))
function("atanh(float8) float8")(lambda value: math.copysign(math.inf, value) if abs(value) == 1 else finite(math.atanh)(value))
function("sinh(float8) float8")(lambda value: _hyperbolic(math.sinh, value, math.copysign(math.inf, value)))
function("cosh(float8) float8")(lambda value: _hyperbolic(math.cosh, value, math.inf))
function("cot(float8) float8")(lambda value: 1 / math.tan(value) if value else math.copysign(math.inf, value))
function("atan2(float8, float8) float8")(finite(math.atan2))
