"""Sparsevecs: pgvector's functions and operators of vectors most of whose numbers are zero.

Native: types.sparsevec.Sparse. pgvector: README, src/sparsevec.c
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal

from pgiris import sqlstate
from pgiris.compute import vectors
from pgiris.compute.registry import function
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.numeric import as_float4
from pgiris.types.sparsevec import FORM, Sparse, dense, of_elements
from pgiris.types.vector import FORMS


def _pairs(left: Sparse, right: Sparse) -> Iterable[tuple[float, float]]:
    """The numbers of all places where one of them is not zero."""
    if left.size != right.size:
        raise PgError(sqlstate.DATA_EXCEPTION, f"different sparsevec dimensions {left.size} and {right.size}")
    one = dict(zip(left.indices, left.numbers, strict=True))
    other = dict(zip(right.indices, right.numbers, strict=True))
    return [(one.get(index, 0.0), other.get(index, 0.0)) for index in one.keys() | other.keys()]


@function("l2_distance(sparsevec, sparsevec) float8", "<->(sparsevec, sparsevec) float8")
def _l2_distance(left: Sparse, right: Sparse) -> float:
    return math.sqrt(math.fsum((a - b) ** 2 for a, b in _pairs(left, right)))


@function("l1_distance(sparsevec, sparsevec) float8", "<+>(sparsevec, sparsevec) float8")
def _l1_distance(left: Sparse, right: Sparse) -> float:
    return math.fsum(abs(a - b) for a, b in _pairs(left, right))


@function("inner_product(sparsevec, sparsevec) float8")
def _inner_product(left: Sparse, right: Sparse) -> float:
    return math.fsum(a * b for a, b in _pairs(left, right))


@function("<#>(sparsevec, sparsevec) float8")
def _negative_inner_product(left: Sparse, right: Sparse) -> float:
    return -_inner_product(left, right)


@function("cosine_distance(sparsevec, sparsevec) float8", "<=>(sparsevec, sparsevec) float8")
def _cosine_distance(left: Sparse, right: Sparse) -> float:
    product = _inner_product(left, right)
    norms = math.sqrt(math.fsum(a * a for a in left.numbers) * math.fsum(b * b for b in right.numbers))
    return 1 - max(-1.0, min(1.0, product / norms)) if norms else math.nan


@function("l2_norm(sparsevec) float8")
def _norm(value: Sparse) -> float:
    return math.sqrt(math.fsum(a * a for a in value.numbers))


@function("l2_normalize(sparsevec) sparsevec")
def _normalized(value: Sparse) -> Sparse:
    norm = _norm(value)
    shares = [as_float4(number / norm) for number in value.numbers] if norm else []
    return of_elements(value.size, list(zip(value.indices, shares, strict=False)))


def order(left: Sparse, right: Sparse) -> int:
    """As dense ones are ordered: by their numbers, then by their sizes."""
    for place, (one, other) in enumerate(zip(left.indices, right.indices, strict=False)):
        a, b = left.numbers[place], right.numbers[place]
        if one != other:
            return _sign(a) if one < other else -_sign(b)
        if a != b:
            return -1 if a < b else 1
    count = min(len(left.indices), len(right.indices))
    if len(left.indices) > count and left.indices[count] < right.size:
        return _sign(left.numbers[count])
    if len(right.indices) > count and right.indices[count] < left.size:
        return -_sign(right.numbers[count])
    return (left.size > right.size) - (left.size < right.size)


def _sign(number: float) -> int:
    return -1 if number < 0 else 1


def of_vector(value: vectors.Vector) -> Sparse:
    return of_elements(len(value), list(enumerate(value)))


def of_numbers(items: Sequence[float | Decimal | int | None]) -> Sparse:
    return of_vector(vectors.checked_numbers(FORM, items))


def to_vector(oid: Oid, value: Sparse) -> vectors.Vector:
    FORMS[oid].check_count(value.size)
    made = dense(value)
    return vectors.rounded_to(oid, made) if oid == oids.HALFVEC else made
