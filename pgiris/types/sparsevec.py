"""Codec of pgvector's sparsevec. A value is its text as pgvector writes it, ``{1:1.5,3:2}/5``, which IRIS keeps as a string.

Text counts indices from 1, binary from 0: int32 dimensions, int32 elements, int32 zero, int32 indices, float4s; no zeros.
pgvector: README, src/sparsevec.c (sparsevec_in, sparsevec_recv)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from struct import Struct, unpack_from
from typing import NamedTuple

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types import invalid
from pgiris.types.codec import Codec, Value
from pgiris.types.numeric import as_float4, shortest4
from pgiris.types.scalar import always, always_in, as_is, decoded
from pgiris.types.vector import Form

MAX_DIMENSIONS = 1_000_000_000
MAX_ELEMENTS = 16000
FORM = Form("sparsevec", "f", 4, as_float4, MAX_DIMENSIONS)
_HEADER = Struct("!iii")
_TEXT = re.compile(r"\s*\{(.*)\}\s*/\s*([+-]?[0-9]+)\s*", re.DOTALL)
_ELEMENT = re.compile(r"\s*([+-]?[0-9]+)\s*:\s*([^\s:_]+)\s*")


class Sparse(NamedTuple):
    """numbers: those that are not zero. indices: their places from 0, ascending."""

    size: int
    indices: tuple[int, ...]
    numbers: tuple[float, ...]


def parse(value: str) -> Sparse:
    """A value, which is known to be one."""
    inside, _, size = value[1:].partition("}/")
    pairs = [word.split(":") for word in inside.split(",")] if inside else []
    return Sparse(int(size), tuple([int(pair[0]) - 1 for pair in pairs]), tuple([as_float4(float(pair[1])) for pair in pairs]))


def sized(value: str, size: int) -> str:
    """Raises PgError 22000 when a value has not so many dimensions."""
    found = int(value.rpartition("/")[2])
    if found != size:
        raise PgError(sqlstate.DATA_EXCEPTION, f"expected {size} dimensions, not {found}")
    return value


def write(sparse: Sparse) -> str:
    pairs = zip(sparse.indices, sparse.numbers, strict=True)
    return "{" + ",".join([f"{index + 1}:{shortest4(number).decode()}" for index, number in pairs]) + f"}}/{sparse.size}"


def of_elements(size: int, elements: Sequence[tuple[int, float]]) -> Sparse:
    """elements: indices from 0, in any order. Raises PgError 22000 or 54000."""
    FORM.check_count(size)
    found = sorted(element for element in elements if element[1])
    if len(found) > MAX_ELEMENTS:
        message = f"sparsevec cannot have more than {MAX_ELEMENTS} non-zero elements"
        raise PgError(sqlstate.PROGRAM_LIMIT_EXCEEDED, message)
    indices = tuple([index for index, _ in found])
    if any(not 0 <= index < size for index, _ in elements):
        raise PgError(sqlstate.DATA_EXCEPTION, "sparsevec index out of bounds")
    if len(set(indices)) < len(indices):
        raise PgError(sqlstate.DATA_EXCEPTION, "sparsevec indices must not contain duplicates")
    return Sparse(size, indices, tuple([number for _, number in found]))


def dense(sparse: Sparse) -> tuple[float, ...]:
    made = [0.0] * sparse.size
    for index, number in zip(sparse.indices, sparse.numbers, strict=True):
        made[index] = number
    return tuple(made)


def _from_text(raw: bytes) -> str:
    text = decoded(raw)
    match = _TEXT.fullmatch(text)
    if match is None:
        raise invalid.syntax("sparsevec", text)
    words = match[1].split(",") if match[1].strip() else []
    return write(of_elements(int(match[2]), [_element(word, text) for word in words]))


def _element(word: str, text: str) -> tuple[int, float]:
    match = _ELEMENT.fullmatch(word)
    try:
        if match is None:
            raise ValueError
        number = float(match[2])
    except ValueError:
        raise invalid.syntax("sparsevec", text) from None
    return int(match[1]) - 1, FORM.checked(number, match[2])


def _binary(value: Value) -> bytes:
    sparse = parse(value)
    count = len(sparse.indices)
    return Struct(f"!iii{count}i{count}f").pack(sparse.size, count, 0, *sparse.indices, *sparse.numbers)


def _from_binary(raw: bytes) -> str:
    if len(raw) < _HEADER.size:
        raise invalid.wrong_length(raw, _HEADER.size)
    size, count, unused = _HEADER.unpack_from(raw)
    FORM.check_count(size)
    _check_elements(size, count)
    if unused:
        raise PgError(sqlstate.DATA_EXCEPTION, f"expected unused to be 0, not {unused}")
    if len(raw) != _HEADER.size + 8 * count:
        raise invalid.wrong_length(raw, _HEADER.size + 8 * count)
    indices: tuple[int, ...] = unpack_from(f"!{count}i", raw, _HEADER.size)
    numbers: tuple[float, ...] = unpack_from(f"!{count}f", raw, _HEADER.size + 4 * count)
    FORM.check_finite(numbers)
    if list(indices) != sorted(indices):
        raise PgError(sqlstate.DATA_EXCEPTION, "sparsevec indices must be in ascending order")
    if not all(numbers):
        raise PgError(sqlstate.DATA_EXCEPTION, "binary representation of sparsevec cannot contain zero values")
    return write(of_elements(size, list(zip(indices, numbers, strict=True))))


def _check_elements(size: int, count: int) -> None:
    if count < 0:
        raise PgError(sqlstate.DATA_EXCEPTION, "sparsevec cannot have negative number of elements")
    if count > MAX_ELEMENTS:
        raise PgError(sqlstate.PROGRAM_LIMIT_EXCEEDED, f"sparsevec cannot have more than {MAX_ELEMENTS} non-zero elements")
    if count > size:
        raise PgError(sqlstate.DATA_EXCEPTION, "sparsevec cannot have more elements than dimensions")


SPARSEVEC = Codec(always(as_is), always(_binary), always_in(_from_text), always_in(_from_binary))
