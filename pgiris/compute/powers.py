"""Powers: roots, exponentials, logarithms and powers of numerics, to the digits that PostgreSQL shows.

Values have guard digits and are rounded once; how many decimals are shown depends on estimates of the result's weight, which are
PostgreSQL's own. PostgreSQL: src/backend/utils/adt/numeric.c (sqrt_var, exp_var, estimate_ln_dweight, log_var, power_var)
"""

from __future__ import annotations

import math
from decimal import Context, Decimal

from pgiris import sqlstate
from pgiris.compute.numbers import (
    EXACT,
    MAX_DISPLAY_SCALE,
    MIN_SIGNIFICANT_DIGITS,
    check_logarithm,
    division_by_zero,
    in_range,
    overflow,
    rooted,
    scale,
    to_scale,
    weight_of,
)
from pgiris.compute.registry import function
from pgiris.errors import PgError

MAX_RESULT_SCALE = 2000  # PostgreSQL: NUMERIC_MAX_RESULT_SCALE
GUARD = 30
LOG10_E = Decimal("0.434294481903252")
_ROUGH = Context(prec=25, Emin=-999_999, Emax=999_999)
_NAN, _INFINITY, _ZERO, _ONE = Decimal("NaN"), Decimal("Infinity"), Decimal(0), Decimal(1)


def _working(digits: int) -> Context:
    return Context(prec=max(digits, 1) + GUARD, Emin=-999_999_999, Emax=999_999_999)


def _shown_scale(digits: int, *least: int) -> int:
    """So many decimals, but no fewer than the arguments had."""
    return min(max(digits, *least, 0), MAX_DISPLAY_SCALE)


def _complex_power() -> PgError:
    message = "a negative number raised to a non-integer power yields a complex result"
    return PgError(sqlstate.INVALID_ARGUMENT_FOR_POWER_FUNCTION, message)


@function("sqrt(numeric) numeric")
def _sqrt(value: Decimal) -> Decimal:
    if value.is_nan():
        return value
    if value < 0:
        raise PgError(sqlstate.INVALID_ARGUMENT_FOR_POWER_FUNCTION, "cannot take square root of a negative number")
    if value.is_infinite():
        return value
    return rooted(value, _shown_scale(MIN_SIGNIFICANT_DIGITS - (2 * weight_of(value)[0] + 1), scale(value)))


@function("exp(numeric) numeric")
def _exp(value: Decimal) -> Decimal:
    if not value.is_finite():
        return _ZERO if value == -_INFINITY else value
    size = int(max(min(value * LOG10_E, Decimal(MAX_RESULT_SCALE)), Decimal(-MAX_RESULT_SCALE)))
    digits = _shown_scale(MIN_SIGNIFICANT_DIGITS - size, scale(value))
    return _raised(value, digits)


def _raised(exponent: Decimal, digits: int) -> Decimal:
    """e to a power, with so many decimals. Raises 22003 when it has too many digits. PostgreSQL: exp_var"""
    size = _ROUGH.multiply(exponent, LOG10_E)
    if abs(exponent) >= MAX_RESULT_SCALE * 3:
        if exponent > 0:
            raise overflow()
        return to_scale(_ZERO, digits)
    return to_scale(exponent.exp(_working(max(int(size), 0) + digits)), digits)


def _is_near_one(value: Decimal) -> bool:
    return Decimal("0.9") <= value <= Decimal("1.1")


def _logarithm_weight(value: Decimal) -> int:
    """About log10(|ln(value)|). PostgreSQL: estimate_ln_dweight"""
    if _is_near_one(value):
        distance = EXACT.subtract(value, _ONE)
        weight, first = weight_of(distance)
        return weight * 4 + int(math.log10(first)) if distance else 0
    natural = abs(float(value.ln(_ROUGH)))
    return int(math.log10(natural)) if natural else 0


def _logarithm(value: Decimal, digits: int) -> Decimal:
    """ln with at least so many decimals."""
    return value.ln(_working(digits + 10))


@function("ln(numeric) numeric")
def _ln(value: Decimal) -> Decimal:
    if value.is_nan():
        return value
    check_logarithm(value)
    if value.is_infinite():
        return value
    digits = _shown_scale(MIN_SIGNIFICANT_DIGITS - _logarithm_weight(value), scale(value))
    return to_scale(_logarithm(value, digits), digits)


@function("log(numeric) numeric", "log10(numeric) numeric")
def _log10(value: Decimal) -> Decimal:
    return _log(Decimal(10), value)


@function("log(numeric, numeric) numeric")
def _log(base: Decimal, value: Decimal) -> Decimal:
    if base.is_nan() or value.is_nan():
        return _NAN
    check_logarithm(base)
    check_logarithm(value)
    if base.is_infinite():
        return _NAN if value.is_infinite() else _ZERO
    if value.is_infinite():
        return value
    if base == 1:
        raise division_by_zero()
    base_weight = _logarithm_weight(base)
    digits = _shown_scale(MIN_SIGNIFICANT_DIGITS - (_logarithm_weight(value) - base_weight), scale(base), scale(value))
    context = _working(digits + 10)
    return to_scale(context.divide(_logarithm(value, digits), _logarithm(base, digits)), digits)


@function("power(numeric, numeric) numeric", "pow(numeric, numeric) numeric", "^(numeric, numeric) numeric")
def _power(base: Decimal, exponent: Decimal) -> Decimal:
    if not (base.is_finite() and exponent.is_finite()):
        return _special_power(base, exponent)
    if not base and exponent < 0:
        raise PgError(sqlstate.INVALID_ARGUMENT_FOR_POWER_FUNCTION, "zero raised to a negative power is undefined")
    whole = exponent == exponent.to_integral_value()
    if whole and -(1 << 31) <= exponent < 1 << 31:
        return _whole_power(base, int(exponent), _shown_scale(MIN_SIGNIFICANT_DIGITS, scale(base)))
    if not base:
        return to_scale(_ZERO, MIN_SIGNIFICANT_DIGITS)
    if base < 0 and not whole:
        raise _complex_power()
    result = _real_power(base.copy_abs(), exponent)
    return result.copy_negate() if base < 0 and int(exponent) % 2 and result else result


def _whole_power(base: Decimal, exponent: int, digits: int) -> Decimal:
    """PostgreSQL: power_var_int"""
    if not exponent:
        return to_scale(_ONE, digits)
    if not base:
        return to_scale(_ZERO, digits)
    size = exponent * base.copy_abs().log10(_ROUGH)
    if size > 3 * 32767 * 4:
        raise overflow()
    if size + 1 < -digits:
        return to_scale(_ZERO, digits)
    if size > 131072:
        raise overflow()
    return in_range(to_scale(_working(max(int(size), 0) + digits).power(base, exponent), digits))


def _real_power(base: Decimal, exponent: Decimal) -> Decimal:
    """PostgreSQL: power_var, of a positive base"""
    size = _ROUGH.multiply(base.ln(_ROUGH), exponent)
    if abs(size) > MAX_RESULT_SCALE * Decimal("3.01"):
        if size > 0:
            raise overflow()
        return to_scale(_ZERO, MAX_DISPLAY_SCALE)
    places = int(size * LOG10_E)
    digits = _shown_scale(MIN_SIGNIFICANT_DIGITS - places, scale(base), scale(exponent))
    context = _working(max(digits + places, 0) + 20)
    return _raised(context.multiply(base.ln(context), exponent), digits)


def _special_power(base: Decimal, exponent: Decimal) -> Decimal:
    """With NaN or an infinity, as pow() of POSIX. PostgreSQL: numeric_power"""
    if base.is_nan():
        return _ONE if exponent.is_finite() and not exponent else base
    if exponent.is_nan():
        return _ONE if base.is_finite() and base == 1 else exponent
    if not base and exponent < 0:
        raise PgError(sqlstate.INVALID_ARGUMENT_FOR_POWER_FUNCTION, "zero raised to a negative power is undefined")
    if base < 0 and exponent.is_finite() and exponent != exponent.to_integral_value():
        raise _complex_power()
    if base == 1 or not exponent or (base == -1 and exponent.is_infinite()):
        return _ONE
    if not base:
        return _ZERO
    if exponent.is_infinite():
        return _INFINITY if (base.copy_abs() > 1) == (exponent > 0) else _ZERO
    if exponent < 0:
        return _ZERO
    return -_INFINITY if base < 0 and int(exponent) % 2 else _INFINITY
