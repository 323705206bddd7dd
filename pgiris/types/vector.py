"""Codecs of pgvector's vector and halfvec. A value is comma separated numbers without brackets, as IRIS gives vectors.

Text is ``[1,2,3]``, binary int16 dimensions, int16 zero, float4s (float2s). A number of a halfvec is rounded to half precision
when it is read, and as text it is shown as a float4. pgvector: README, src/vector.c (vector_in, vector_recv), src/halfvec.c
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import inf, isfinite, isinf, isnan
from struct import Struct, unpack_from

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types import invalid, oids
from pgiris.types.codec import Codec, Oid, Value
from pgiris.types.numeric import as_float4, plain, shortest4
from pgiris.types.scalar import always, always_in, decoded

MAX_DIMENSIONS = 16000
VECTORS = (oids.VECTOR, oids.HALFVEC, oids.SPARSEVEC)  # each casts implicitly to those behind it
DENSE = VECTORS[:2]  # kept as IRIS's VECTOR
_HEADER = Struct("!Hh")
_HALF = Struct("<e")


def numbers(value: str) -> list[float]:
    return [float(number) for number in value.strip("[]").split(",")]


def as_half(number: float) -> float:
    """The nearest number of half precision, or infinity."""
    try:
        (rounded,) = _HALF.unpack(_HALF.pack(number))
    except OverflowError:
        return inf if number > 0 else -inf
    return float(rounded)


def vector_text(value: Value) -> bytes:
    return b"[%b]" % b",".join([shortest4(number) for number in map(as_float4, numbers(value))])


def halfvec_text(value: Value) -> bytes:
    """What others have written to IRIS is rounded where it is shown."""
    return b"[%b]" % b",".join(map(shortest4, HALFVEC_FORM.natives(value)))


def vector_binary(value: Value) -> bytes:
    return _packed(value, "f", "vector")


def halfvec_binary(value: Value) -> bytes:
    return _packed(value, "e", "halfvec")


def _packed(value: str, code: str, name: str) -> bytes:
    elements = numbers(value)
    count = len(elements)
    try:
        return Struct(f"!Hh{count}{code}").pack(count, 0, *elements)
    except OverflowError:
        raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, f"infinite value not allowed in {name}") from None


def value_of(elements: Sequence[float]) -> str:
    """Plain decimals: whether IRIS reads exponents in a vector's text is not documented (iris-reference 10.2)."""
    texts = [f"{element:.9g}" for element in elements]  # 9 digits tell every float4
    value = ",".join(texts)
    return ",".join(map(plain, texts)) if "e" in value else value


_PLAIN = re.compile(r"\[ *-?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:, *-?[0-9]{1,30}(?:\.[0-9]{1,30})?)*\]")


@dataclass(frozen=True)
class Form:
    """What tells the types apart. code: struct's, of an element's binary form. rounded: to its precision, or to infinity."""

    name: str
    code: str
    size: int
    rounded: Callable[[float], float]
    most: int = MAX_DIMENSIONS

    def natives(self, value: str) -> tuple[float, ...]:
        """The numbers as they are at the type's precision. Raises PgError 22003."""
        found = numbers(value)
        try:
            return self._packed(found)
        except OverflowError:
            return tuple(map(self.fitted, found))

    def _packed(self, found: Sequence[float]) -> tuple[float, ...]:
        """Raises OverflowError."""
        packing = Struct(f"={len(found)}{self.code}")
        return packing.unpack(packing.pack(*found))

    def check_count(self, count: int) -> None:
        """Raises PgError 22000 or 54000."""
        if count < 1:
            raise PgError(sqlstate.DATA_EXCEPTION, f"{self.name} must have at least 1 dimension")
        if count > self.most:
            raise PgError(sqlstate.PROGRAM_LIMIT_EXCEEDED, f"{self.name} cannot have more than {self.most} dimensions")

    def check_finite(self, elements: Sequence[float]) -> None:
        if not all(map(isfinite, elements)):
            what = "NaN" if any(map(isnan, elements)) else "infinite value"
            raise PgError(sqlstate.DATA_EXCEPTION, f"{what} not allowed in {self.name}")

    def from_text(self, raw: bytes) -> str:
        text = decoded(raw)
        if _PLAIN.fullmatch(text):
            self.check_count(text.count(",") + 1)
            value = text[1:-1].replace(" ", "")
            if self is VECTOR_FORM:
                return value
            with suppress(OverflowError):
                return value_of(self._packed(VECTOR_FORM._packed(numbers(value))))
        inside = text.strip(" \t\n\r\v\f")
        if inside[:1] != "[" or inside[-1:] != "]":
            raise invalid.syntax(self.name, text)
        inside = inside[1:-1]
        self.check_count(inside.count(",") + 1 if inside.strip() else 0)
        elements: list[float] = []
        for word in inside.split(","):
            try:
                if "_" in word:
                    raise ValueError
                number = float(word)
            except ValueError:
                raise invalid.syntax(self.name, text) from None
            elements.append(self.checked(number, word.strip()))
        return value_of(elements)

    def checked(self, number: float, word: str) -> float:
        if isnan(number):
            raise PgError(sqlstate.DATA_EXCEPTION, f"NaN not allowed in {self.name}")
        if isinf(number) and word.strip("+-").lower().startswith("inf"):
            raise PgError(sqlstate.DATA_EXCEPTION, f"infinite value not allowed in {self.name}")
        return self.fitted(as_float4(number), word)

    def fitted(self, number: float, word: str = "") -> float:
        """Raises PgError 22003 for a number that its precision does not reach. word: how a client wrote it."""
        rounded = self.rounded(number)
        if isinf(rounded):
            shown = word or shortest4(number).decode()
            raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, f'"{shown}" is out of range for type {self.name}')
        return rounded

    def from_binary(self, raw: bytes) -> str:
        if len(raw) < 4:
            raise invalid.wrong_length(raw, 4)
        count, unused = _HEADER.unpack_from(raw)
        self.check_count(count)
        if unused:
            raise PgError(sqlstate.DATA_EXCEPTION, f"expected unused to be 0, not {unused}")
        if len(raw) != 4 + self.size * count:
            raise invalid.wrong_length(raw, 4 + self.size * count)
        elements: tuple[float, ...] = unpack_from(f"!{count}{self.code}", raw, 4)
        self.check_finite(elements)
        return value_of(elements)


VECTOR_FORM = Form("vector", "f", 4, as_float4)
HALFVEC_FORM = Form("halfvec", "e", 2, as_half)
FORMS: dict[Oid, Form] = {oids.VECTOR: VECTOR_FORM, oids.HALFVEC: HALFVEC_FORM}

VECTOR = Codec(always(vector_text), always(vector_binary), always_in(VECTOR_FORM.from_text), always_in(VECTOR_FORM.from_binary))
HALFVEC = Codec(
    always(halfvec_text), always(halfvec_binary), always_in(HALFVEC_FORM.from_text), always_in(HALFVEC_FORM.from_binary)
)
