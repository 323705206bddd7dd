"""Codec of pgvector's vector. A value is comma separated numbers without brackets, as IRIS gives vectors.

Text is ``[1,2,3]``, binary int16 dimensions, int16 zero, float4s. pgvector: README, src/vector.c (vector_in, vector_recv)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isfinite, isnan
from struct import Struct, unpack_from

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types import invalid
from pgiris.types.codec import Codec, Value
from pgiris.types.numeric import as_float4, plain, shortest4
from pgiris.types.scalar import always, always_in, decoded

MAX_DIMENSIONS = 16000
_HEADER = Struct("!Hh")


def numbers(value: str) -> list[float]:
    return [float(number) for number in value.strip("[]").split(",")]


def vector_text(value: Value) -> bytes:
    return b"[%b]" % b",".join([shortest4(number) for number in map(as_float4, numbers(value))])


def vector_binary(value: Value) -> bytes:
    elements = numbers(value)
    count = len(elements)
    try:
        return Struct(f"!Hh{count}f").pack(count, 0, *elements)
    except OverflowError:
        raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "infinite value not allowed in vector") from None


def value_of(elements: Sequence[float]) -> str:
    """Plain decimals: whether IRIS reads exponents in a vector's text is not documented (iris-reference 10.2)."""
    texts = [f"{element:.9g}" for element in elements]  # 9 digits tell every float4
    value = ",".join(texts)
    return ",".join(map(plain, texts)) if "e" in value else value


def _checked_count(count: int) -> None:
    if count < 1:
        raise PgError(sqlstate.DATA_EXCEPTION, "vector must have at least 1 dimension")
    if count > MAX_DIMENSIONS:
        raise PgError(sqlstate.PROGRAM_LIMIT_EXCEEDED, f"vector cannot have more than {MAX_DIMENSIONS} dimensions")


_PLAIN = re.compile(r"\[ *-?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:, *-?[0-9]{1,30}(?:\.[0-9]{1,30})?)*\]")


def _from_text(raw: bytes) -> str:
    text = decoded(raw)
    if _PLAIN.fullmatch(text):
        _checked_count(text.count(",") + 1)
        return text[1:-1].replace(" ", "")
    inside = text.strip(" \t\n\r\v\f")
    if inside[:1] != "[" or inside[-1:] != "]":
        raise invalid.syntax("vector", text)
    inside = inside[1:-1]
    _checked_count(inside.count(",") + 1 if inside.strip() else 0)
    elements: list[float] = []
    for word in inside.split(","):
        try:
            if "_" in word:
                raise ValueError
            number = float(word)
        except ValueError:
            raise invalid.syntax("vector", text) from None
        elements.append(_checked(number, word.strip()))
    return value_of(elements)


def _checked(number: float, word: str) -> float:
    if number != number:
        raise PgError(sqlstate.DATA_EXCEPTION, "NaN not allowed in vector")
    rounded = as_float4(number)
    if rounded in (float("inf"), float("-inf")):
        if word.strip("+-").lower().startswith("inf"):
            raise PgError(sqlstate.DATA_EXCEPTION, "infinite value not allowed in vector")
        raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, f'"{word}" is out of range for type vector')
    return rounded


def _from_binary(raw: bytes) -> str:
    if len(raw) < 4:
        raise invalid.wrong_length(raw, 4)
    count, unused = _HEADER.unpack_from(raw)
    _checked_count(count)
    if unused:
        raise PgError(sqlstate.DATA_EXCEPTION, f"expected unused to be 0, not {unused}")
    if len(raw) != 4 + 4 * count:
        raise invalid.wrong_length(raw, 4 + 4 * count)
    elements: tuple[float, ...] = unpack_from(f"!{count}f", raw, 4)
    if not all(map(isfinite, elements)):
        what = "NaN" if any(map(isnan, elements)) else "infinite value"
        raise PgError(sqlstate.DATA_EXCEPTION, f"{what} not allowed in vector")
    return value_of(elements)


VECTOR = Codec(always(vector_text), always(vector_binary), always_in(_from_text), always_in(_from_binary))
