"""Degrees: trigonometric functions of degrees, exact where the angle is.

PostgreSQL: src/backend/utils/adt/float.c (dsind, dcosd ...)
"""

from __future__ import annotations

import math
from collections.abc import Callable

from pgiris import sqlstate
from pgiris.compute.registry import function
from pgiris.errors import PgError

_UNIT = math.pi / 180
_SINE_OF_30, _COSINE_OF_60_LESS = math.sin(30 * _UNIT), 1 - math.cos(60 * _UNIT)
_ASINE_OF_HALF, _ACOSINE_OF_HALF, _ATANGENT_OF_1 = math.asin(0.5), math.acos(0.5), math.atan(1.0)


def _out_of_range() -> PgError:
    return PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "input is out of range")


def _small_sine(angle: float) -> float:
    """Up to 30 degrees."""
    return math.sin(angle * _UNIT) / _SINE_OF_30 / 2


def _small_cosine(angle: float) -> float:
    """Up to 60 degrees."""
    return 1 - (1 - math.cos(angle * _UNIT)) / _COSINE_OF_60_LESS / 2


def _sine(angle: float) -> float:
    """Up to 90 degrees, as the following ones."""
    return _small_sine(angle) if angle <= 30 else _small_cosine(90 - angle)


def _cosine(angle: float) -> float:
    return _small_cosine(angle) if angle <= 60 else _small_sine(90 - angle)


_TANGENT_OF_45, _COTANGENT_OF_45 = _sine(45) / _cosine(45), _cosine(45) / _sine(45)


def _tangent(angle: float) -> float:
    return _ratio(_sine(angle), _cosine(angle)) / _TANGENT_OF_45


def _cotangent(angle: float) -> float:
    return _ratio(_cosine(angle), _sine(angle)) / _COTANGENT_OF_45


def _ratio(one: float, other: float) -> float:
    return one / other if other else math.copysign(math.inf, one)


def _folded(compute: Callable[[float], float], below: int, beyond_180: int, beyond_90: int) -> Callable[[float], float]:
    """A function of any angle, by its values up to 90 degrees and the signs that it has elsewhere."""

    def run(angle: float) -> float:
        if math.isnan(angle):
            return angle
        if math.isinf(angle):
            raise _out_of_range()
        angle, sign = math.fmod(angle, 360), 1
        if angle < 0:
            angle, sign = -angle, below
        if angle > 180:
            angle, sign = 360 - angle, sign * beyond_180
        if angle > 90:
            angle, sign = 180 - angle, sign * beyond_90
        return sign * compute(angle) + 0.0

    return run


function("sind(float8) float8")(_folded(_sine, -1, -1, 1))
function("cosd(float8) float8")(_folded(_cosine, 1, 1, -1))
function("tand(float8) float8")(_folded(_tangent, -1, -1, -1))
function("cotd(float8) float8")(_folded(_cotangent, -1, -1, -1))


def _half_asine(value: float) -> float:
    """Of 0 to 1, as the following one."""
    return math.asin(value) / _ASINE_OF_HALF * 30 if value <= 0.5 else 90 - math.acos(value) / _ACOSINE_OF_HALF * 60


def _half_acosine(value: float) -> float:
    return 90 - math.asin(value) / _ASINE_OF_HALF * 30 if value <= 0.5 else math.acos(value) / _ACOSINE_OF_HALF * 60


def _within_one(compute: Callable[[float], float]) -> Callable[[float], float]:
    def run(value: float) -> float:
        if math.isnan(value):
            return value
        if not -1 <= value <= 1:
            raise _out_of_range()
        return compute(value)

    return run


function("asind(float8) float8")(_within_one(lambda value: _half_asine(value) if value >= 0 else -_half_asine(-value)))
function("acosd(float8) float8")(_within_one(lambda value: _half_acosine(value) if value >= 0 else 90 + _half_asine(-value)))
function("atand(float8) float8")(lambda value: math.atan(value) / _ATANGENT_OF_1 * 45)
function("atan2d(float8, float8) float8")(lambda one, other: math.atan2(one, other) / _ATANGENT_OF_1 * 45)
