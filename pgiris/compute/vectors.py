"""Vectors and halfvecs: pgvector's functions and operators.

pgvector: README, src/vector.c, src/halfvec.c (which compute in float4 and float8)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial

from pgiris import sqlstate
from pgiris.compute.registry import function
from pgiris.errors import PgError
from pgiris.types.codec import Oid
from pgiris.types.numeric import as_float4
from pgiris.types.vector import FORMS, Form

Vector = tuple[float, ...]  # a list is an array: vectors are elements of some


def _same_size(form: Form, left: Vector, right: Vector) -> None:
    if len(left) != len(right):
        raise PgError(sqlstate.DATA_EXCEPTION, f"different {form.name} dimensions {len(left)} and {len(right)}")


def _inner_product(form: Form, left: Vector, right: Vector) -> float:
    _same_size(form, left, right)
    return math.fsum(a * b for a, b in zip(left, right, strict=True))


def _negative_inner_product(form: Form, left: Vector, right: Vector) -> float:
    return -_inner_product(form, left, right)


def _l2_distance(form: Form, left: Vector, right: Vector) -> float:
    _same_size(form, left, right)
    return math.sqrt(math.fsum((a - b) ** 2 for a, b in zip(left, right, strict=True)))


def _l1_distance(form: Form, left: Vector, right: Vector) -> float:
    _same_size(form, left, right)
    return math.fsum(abs(a - b) for a, b in zip(left, right, strict=True))


def _cosine_distance(form: Form, left: Vector, right: Vector) -> float:
    product = _inner_product(form, left, right)
    norms = math.sqrt(math.fsum(a * a for a in left) * math.fsum(b * b for b in right))
    if not norms:
        return math.nan
    return 1 - max(-1.0, min(1.0, product / norms))


def _dims(form: Form, value: Vector) -> int:
    return len(value)


def _norm(form: Form, value: Vector) -> float:
    return math.sqrt(math.fsum(a * a for a in value))


def _normalized(form: Form, value: Vector) -> Vector:
    norm = _norm(form, value)
    return tuple([form.rounded(a / norm) for a in value]) if norm else (0.0,) * len(value)


def _sum(form: Form, left: Vector, right: Vector) -> Vector:
    _same_size(form, left, right)
    return _reached(form, [a + b for a, b in zip(left, right, strict=True)])


def _difference(form: Form, left: Vector, right: Vector) -> Vector:
    _same_size(form, left, right)
    return _reached(form, [a - b for a, b in zip(left, right, strict=True)])


def _product(form: Form, left: Vector, right: Vector) -> Vector:
    _same_size(form, left, right)
    products = _reached(form, [a * b for a, b in zip(left, right, strict=True)])
    if any(not c and a and b for a, b, c in zip(left, right, products, strict=True)):
        raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: underflow")
    return products


def _reached(form: Form, elements: list[float]) -> Vector:
    rounded = tuple(map(form.rounded, elements))
    if any(map(math.isinf, rounded)):
        raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow")
    return rounded


def _concatenated(form: Form, left: Vector, right: Vector) -> Vector:
    form.check_count(len(left) + len(right))
    return left + right


def _subvector(form: Form, value: Vector, start: int, count: int) -> Vector:
    end = min(start + count, len(value) + 1)
    begin = max(start, 1)
    form.check_count(end - begin if count > 0 else 0)
    return value[begin - 1 : end - 1]


_FUNCTIONS: tuple[tuple[str, Callable[..., object]], ...] = (  # {0}: the type
    ("l2_distance({0}, {0}) float8", _l2_distance),
    ("<->({0}, {0}) float8", _l2_distance),
    ("l1_distance({0}, {0}) float8", _l1_distance),
    ("<+>({0}, {0}) float8", _l1_distance),
    ("inner_product({0}, {0}) float8", _inner_product),
    ("<#>({0}, {0}) float8", _negative_inner_product),
    ("cosine_distance({0}, {0}) float8", _cosine_distance),
    ("<=>({0}, {0}) float8", _cosine_distance),
    ("vector_dims({0}) int4", _dims),
    ("l2_norm({0}) float8", _norm),
    ("l2_normalize({0}) {0}", _normalized),
    ("+({0}, {0}) {0}", _sum),
    ("-({0}, {0}) {0}", _difference),
    ("*({0}, {0}) {0}", _product),
    ("||({0}, {0}) {0}", _concatenated),
    ("subvector({0}, int4, int4) {0}", _subvector),
)
for _form in FORMS.values():
    for _signature, _run in _FUNCTIONS:
        function(_signature.format(_form.name))(partial(_run, _form))


@function("vector_norm(vector) float8")
def _vector_norm(value: Vector) -> float:
    return math.sqrt(math.fsum(a * a for a in value))


def sum_of(oid: Oid, values: Sequence[Vector]) -> Vector:
    """One after the other, each sum rounded. PostgreSQL: sum() of halfvec is made of halfvec_add"""
    form = FORMS[oid]
    total = values[0]
    for value in values[1:]:
        total = _sum(form, total, value)
    return total


def average_of(oid: Oid, values: Sequence[Vector]) -> Vector:
    form = FORMS[oid]
    for value in values[1:]:
        _same_size(form, values[0], value)
    return tuple([form.rounded(math.fsum(numbers) / len(values)) for numbers in zip(*values, strict=True)])


def of_numbers(oid: Oid, items: Sequence[float | Decimal | int | None]) -> Vector:
    return tuple(map(FORMS[oid].fitted, checked_numbers(FORMS[oid], items)))


def checked_numbers(form: Form, items: Sequence[float | Decimal | int | None]) -> Vector:
    """The items of an array, which become a vector of that form."""
    if any(item is None for item in items):
        raise PgError(sqlstate.NULL_VALUE_NOT_ALLOWED, "array must not contain nulls")
    if any(isinstance(item, list) for item in items):
        raise PgError(sqlstate.DATA_EXCEPTION, "array must be 1-D")
    form.check_count(len(items))
    numbers = tuple([as_float4(float(item)) for item in items if item is not None])
    form.check_finite(numbers)
    return numbers


def rounded_to(oid: Oid, value: Vector) -> Vector:
    """A vector as one of another type. Raises PgError 22003."""
    return tuple(map(FORMS[oid].fitted, value))
