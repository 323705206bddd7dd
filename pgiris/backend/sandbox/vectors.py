"""Vectors as bytes: element type, sum of squares, elements. The sum is kept so that a cosine costs one pass.

iris-reference 10.1 to 10.3
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache, reduce
from operator import add, mul
from struct import Struct
from typing import Any

import apsw

from pgiris.backend.sqlcode import pg_error
from pgiris.types import native
from pgiris.types.numeric import as_float4, plain, shortest4

_CODES = {"FLOAT": "f", "DOUBLE": "d", "DECIMAL": "d", "INTEGER": "q"}
_TAGS = {"FLOAT": b"f", "DOUBLE": b"d", "DECIMAL": b"n", "INTEGER": b"q"}
_ELEMENTS = {tag[0]: element for element, tag in _TAGS.items()}
_WIDTHS = {"f": 4, "d": 8, "q": 8}
_HEAD = Struct("<cd")
_LANES = 8


@lru_cache(256)
def _layout(code: str, count: int) -> Struct:
    return Struct(f"<{count}{code}")


def pack(text: str, element: str, length: int | None = None) -> bytes:
    """``1,2,3`` with optional brackets -> bytes. length: pad with 0 or cut to it. Raises ValueError for what is no number."""
    inside = text.strip()
    if inside[:1] == "[" and inside[-1:] == "]":
        inside = inside[1:-1]
    numbers = [float(word) for word in inside.split(",")] if inside.strip() else []
    if not all(map(math.isfinite, numbers)):
        raise ValueError(text)
    if length is not None:
        numbers = (numbers + [0.0] * (length - len(numbers)))[:length]
    return packed(numbers, element)


def packed(numbers: list[float], element: str) -> bytes:
    code = _CODES[element]
    elements = [int(number) for number in numbers] if code == "q" else [as_float4(n) for n in numbers] if code == "f" else numbers
    squares = float(sum(map(mul, elements, elements)))
    return _HEAD.pack(_TAGS[element], squares) + _layout(code, len(elements)).pack(*elements)


def element_of(data: bytes) -> str:
    return _ELEMENTS[data[0]]


def length_of(data: bytes) -> int:
    return (len(data) - _HEAD.size) // _WIDTHS[_CODES[element_of(data)]]


def unpack(data: bytes) -> tuple[float, ...]:
    code = _CODES[_ELEMENTS[data[0]]]
    return _layout(code, (len(data) - _HEAD.size) // _WIDTHS[code]).unpack_from(data, _HEAD.size)


def text(data: bytes | None) -> str | None:
    """Numbers separated by commas, without brackets."""
    if data is None:
        return None
    elements = unpack(data)
    if data[0] == b"f"[0]:
        return ",".join([plain(shortest4(number).decode()) for number in elements])
    if data[0] == b"q"[0]:
        return ",".join(map(str, elements))
    return ",".join([plain(number).removesuffix(".0") for number in elements])


def _product(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Added in the order of the compiled twin, since each order rounds otherwise: eight sums side by side, then the rest."""
    whole = len(a) - len(a) % _LANES
    sums = [reduce(add, map(mul, a[lane:whole:_LANES], b[lane:whole:_LANES]), 0.0) for lane in range(_LANES)]
    return reduce(add, map(mul, a[whole:], b[whole:]), reduce(add, sums, 0.0))


@lru_cache(8)
def _constant(data: bytes) -> tuple[float, ...]:
    """The vector that a query compares every row with."""
    return unpack(data)


def _same_shape(a: bytes, b: bytes) -> None:
    if a[0] != b[0]:
        raise pg_error(-259, f"Vector element types differ: {element_of(a)} and {element_of(b)}")
    if len(a) != len(b):
        message = f"Vector lengths differ: {length_of(a)} and {length_of(b)}"
        raise pg_error(-257, message, text=f"different vector dimensions {length_of(a)} and {length_of(b)}")


def dot(a: bytes | None, b: bytes | None) -> float | None:
    if a is None or b is None:
        return None
    if a[0] != b[0] or len(a) != len(b):
        _same_shape(a, b)
    if a[0] == b"q"[0]:
        return float(sum(map(mul, unpack(a), _constant(b))))
    return _product(unpack(a), _constant(b))


def cosine(a: bytes | None, b: bytes | None) -> float | None:
    product = dot(a, b)
    if product is None or a is None or b is None:
        return None
    squares = _HEAD.unpack_from(a)[1] * _HEAD.unpack_from(b)[1]
    return product / math.sqrt(squares) if squares else None


def register(db: apsw.Connection) -> None:
    """The functions that a search calls for each row, by the compiled twin if it is there."""
    if native.define_vector_functions(db, dot, cosine):
        return
    functions: dict[str, Callable[..., Any]] = {"dot_product": dot, "cosine": cosine}
    for name, function in functions.items():
        db.create_scalar_function(f"iris_vector_{name}", function, 2, deterministic=True)
