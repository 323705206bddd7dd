"""Vectors: pgvector's functions and operators. pgvector: README, src/vector.c (which computes in float4 and float8)"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal

from pgiris import sqlstate
from pgiris.compute.registry import function
from pgiris.errors import PgError
from pgiris.types.numeric import as_float4

Vector = tuple[float, ...]  # a list is an array: vectors are elements of some


def _same_size(left: Vector, right: Vector) -> None:
    if len(left) != len(right):
        raise PgError(sqlstate.DATA_EXCEPTION, f"different vector dimensions {len(left)} and {len(right)}")


def _dot(left: Vector, right: Vector) -> float:
    _same_size(left, right)
    return math.fsum(a * b for a, b in zip(left, right, strict=True))


@function("l2_distance(vector, vector) float8", "<->(vector, vector) float8")
def _l2_distance(left: Vector, right: Vector) -> float:
    _same_size(left, right)
    return math.sqrt(math.fsum((a - b) ** 2 for a, b in zip(left, right, strict=True)))


@function("l1_distance(vector, vector) float8", "<+>(vector, vector) float8")
def _l1_distance(left: Vector, right: Vector) -> float:
    _same_size(left, right)
    return math.fsum(abs(a - b) for a, b in zip(left, right, strict=True))


@function("inner_product(vector, vector) float8")
def _inner_product(left: Vector, right: Vector) -> float:
    return _dot(left, right)


@function("<#>(vector, vector) float8")
def _negative_inner_product(left: Vector, right: Vector) -> float:
    return -_dot(left, right)


@function("cosine_distance(vector, vector) float8", "<=>(vector, vector) float8")
def _cosine_distance(left: Vector, right: Vector) -> float:
    product = _dot(left, right)
    norms = math.sqrt(math.fsum(a * a for a in left) * math.fsum(b * b for b in right))
    if not norms:
        return math.nan
    return 1 - max(-1.0, min(1.0, product / norms))


@function("vector_dims(vector) int4")
def _dims(value: Vector) -> int:
    return len(value)


@function("vector_norm(vector) float8", "l2_norm(vector) float8")
def _norm(value: Vector) -> float:
    return math.sqrt(math.fsum(a * a for a in value))


@function("l2_normalize(vector) vector")
def _normalized(value: Vector) -> Vector:
    norm = _norm(value)
    return tuple([as_float4(a / norm) for a in value]) if norm else (0.0,) * len(value)


def _by_element(compute: Callable[[float, float], float]) -> Callable[[Vector, Vector], Vector]:
    def run(left: Vector, right: Vector) -> Vector:
        _same_size(left, right)
        return _checked([as_float4(compute(a, b)) for a, b in zip(left, right, strict=True)])

    return run


def _checked(elements: list[float]) -> Vector:
    if any(map(math.isinf, elements)):
        raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow")
    return tuple(elements)


function("+(vector, vector) vector")(_by_element(lambda a, b: a + b))
function("-(vector, vector) vector")(_by_element(lambda a, b: a - b))
function("*(vector, vector) vector")(_by_element(lambda a, b: a * b))


@function("||(vector, vector) vector")
def _concatenated(left: Vector, right: Vector) -> Vector:
    return left + right


@function("subvector(vector, int4, int4) vector")
def _subvector(value: Vector, start: int, count: int) -> Vector:
    end = min(start + count, len(value) + 1)
    begin = max(start, 1)
    if count < 1 or end <= begin:
        raise PgError(sqlstate.DATA_EXCEPTION, "vector must have at least 1 dimension")
    return value[begin - 1 : end - 1]


def of_numbers(items: Sequence[float | Decimal | int | None]) -> Vector:
    if any(item is None for item in items):
        raise PgError(sqlstate.NULL_VALUE_NOT_ALLOWED, "array must not contain nulls")
    if any(isinstance(item, list) for item in items):
        raise PgError(sqlstate.DATA_EXCEPTION, "array must be 1-D")
    if not items:
        raise PgError(sqlstate.DATA_EXCEPTION, "vector must have at least 1 dimension")
    return tuple([as_float4(float(item)) for item in items if item is not None])
