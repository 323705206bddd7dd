"""Columns: the values of one column -> cells, and back, a whole column at a time. COPY's hottest loops.

What a few looks at all of a column show to be plain takes a short way; all else goes through its codec, value by value.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from struct import Struct, error
from typing import Any, TypeVar

from pgiris.copy.cells import DEFAULT, Cell
from pgiris.types import oids
from pgiris.types.codec import Context, Decode, Encode, Oid, Value
from pgiris.types.datetime import EPOCH
from pgiris.types.encoding import text_encoder
from pgiris.types.scalar import INT2, INT4, INT8, Shown, as_is, bool_text

T = TypeVar("T")
Texts = Callable[[Sequence[Value]], list[str | None]]
Values = Callable[[Sequence[Cell]], Sequence[Value]]

# Out


def texts(encode: Encode) -> Texts:
    """encode: the column's encoder in text format, to UTF-8."""
    fast = _shown(encode.show) if isinstance(encode, Shown) else _FAST_TEXTS.get(encode)

    def column(values: Sequence[Value]) -> list[str | None]:
        if None in values:
            following = iter(column([value for value in values if value is not None]))
            return [None if value is None else next(following) for value in values]
        if fast is not None:
            try:
                return fast(values)
            except (AttributeError, KeyError, TypeError, ValueError):
                pass  # a value of an unexpected type
        return [encode(value).decode() for value in values]

    return column


def _shown(show: Callable[[Value], str]) -> Texts:
    return lambda values: [show(value) for value in values]


def _strings(values: Sequence[Value]) -> list[str | None]:
    if set(map(type, values)) != {str}:
        raise TypeError
    return list(values)


def _integers(bits: int) -> Texts:
    limit = 1 << (bits - 1)

    def column(values: Sequence[Value]) -> list[str | None]:
        if set(map(type, values)) != {int} or not -limit <= min(values) <= max(values) < limit:
            raise TypeError
        return list(map(str, values))

    return column


_TRUTHS = {True: "t", False: "f"}
_FAST_TEXTS: dict[Encode, Texts] = {
    as_is: _strings,
    text_encoder("UTF8"): _strings,
    INT2.text_out(Context(), -1): _integers(16),
    INT4.text_out(Context(), -1): _integers(32),
    INT8.text_out(Context(), -1): _integers(64),
    bool_text: lambda values: [_TRUTHS[value] for value in values],
}

# In


def values(oid: Oid, decode: Decode, *, binary: bool, utf8: bool) -> Values:
    """decode: the column's decoder. utf8: text cells are UTF-8. Raises what decode raises for the first wrong cell."""
    fast = (_FAST_BINARY if binary else _FAST_VALUES).get(oid) if utf8 else None

    def column(cells: Sequence[Cell]) -> Sequence[Value]:
        if None in cells or DEFAULT in cells:
            following = iter(column([cell for cell in cells if isinstance(cell, bytes)]))
            return [next(following) if isinstance(cell, bytes) else cell for cell in cells]
        if fast is not None and cells:
            try:
                return fast(cells)  # type: ignore[arg-type]
            except ValueError:
                pass
        return [decode(cell) for cell in cells]  # type: ignore[arg-type]

    return column


Cells = Sequence[bytes]
Fast = Callable[[Cells], Sequence[Any]]


def _checked(shape: str, cells: Cells) -> bytes:
    """All cells, each of which must have a shape, with a newline behind each."""
    joined = b"\n".join(cells) + b"\n"
    if not _shape(shape).fullmatch(joined) or joined.count(b"\n") != len(cells):
        raise ValueError
    return joined


@lru_cache(64)
def _shape(shape: str) -> re.Pattern[bytes]:
    return re.compile(rb"(?:(?:%b)\n)*+" % shape.encode())


def _whole_numbers(bits: int) -> Fast:
    limit = 1 << (bits - 1)

    def column(cells: Cells) -> Sequence[int]:
        _checked("-?[0-9]{1,19}", cells)
        found = list(map(int, cells))
        if not -limit <= min(found) <= max(found) < limit:
            raise ValueError
        return found

    return column


def _plain_texts(cells: Cells) -> Sequence[str]:
    """A zero byte cannot be in a text."""
    found = b"\0".join(cells).decode().split("\0")
    if len(found) != len(cells):
        raise ValueError
    return found


def _booleans(cells: Cells) -> Sequence[bool]:
    if not set(cells) <= _BOOLEANS.keys():
        raise ValueError
    return [_BOOLEANS[cell] for cell in cells]


def _numbers(cells: Cells) -> Sequence[str]:
    return _checked(r"(?:0|-?[1-9][0-9]{0,17})(?:\.[0-9]{1,18})?", cells).decode().split("\n")[:-1]


def _moments(shape: str, read: Callable[[str], object]) -> Fast:
    def column(cells: Cells) -> Sequence[str]:
        found = _checked(shape, cells).decode().split("\n")[:-1]
        for text in found:
            read(text)
        return found

    return column


def _packed(layout: str) -> Fast:
    size = Struct(f"!{layout}").size

    def column(cells: Cells) -> Sequence[Any]:
        if set(map(len, cells)) != {size}:
            raise ValueError
        return Struct(f"!{len(cells)}{layout}").unpack(b"".join(cells))

    return column


def _doubles(cells: Cells) -> Sequence[float]:
    found: Sequence[float] = _packed("d")(cells)
    if not all(map(math.isfinite, found)):
        raise ValueError
    return found


def _ticks(cells: Cells) -> Sequence[str]:
    """Timestamps. A fraction is written with six digits or not at all."""
    try:
        found = [(EPOCH + timedelta(0, 0, us)).isoformat(" ") for us in _packed("q")(cells)]
    except OverflowError:
        raise ValueError from None
    return [text.rstrip("0") if len(text) > _WHOLE_SECOND else text for text in found]


def _packed_numbers(cells: Cells) -> Sequence[str]:
    """Most numbers of a column have one of few heads: how many digits, where the point is, sign and scale."""
    found = []
    try:
        for cell in cells:
            unpack, negative, up, down, unit, width = _number_shape(cell[:8])
            digits = unpack(cell)
            number = 0
            for digit in digits:
                if digit > _HIGHEST_DIGIT:
                    raise ValueError
                number = number * 10000 + digit
            number = number * up // down
            text = f"{number // unit}.{number % unit:0{width}}" if width else str(number)
            found.append(f"-{text}" if negative and number else text)
    except error:
        raise ValueError from None
    return found


_NUMBER_HEAD = Struct("!hhHh")
_HIGHEST_DIGIT = 9999  # in base 10000
_NEGATIVE = 0x4000
_WHOLE_SECOND = len("2000-01-01 00:00:00")


@lru_cache(512)
def _number_shape(head: bytes) -> tuple[Callable[[bytes], tuple[int, ...]], bool, int, int, int, int]:
    """(digits of a cell, negative, factor and divisor that bring them to the scale, 10 ** scale, scale); of short numbers."""
    count, weight, sign, scale = _NUMBER_HEAD.unpack(head)
    if sign not in (0, _NEGATIVE) or not 0 <= scale <= 20 or not 0 <= count <= 8 or not -5 <= weight <= 8:
        raise ValueError
    shift = scale - 4 * (count - 1 - weight)
    return Struct(f"!8x{count}H").unpack, sign == _NEGATIVE, 10 ** max(shift, 0), 10 ** max(-shift, 0), 10**scale, scale


_BOOLEANS = {b"t": True, b"f": False, b"true": True, b"false": False, b"1": True, b"0": False}
_MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{0,5}[1-9])?"
_FAST_VALUES: dict[Oid, Fast] = {
    oids.INT2: _whole_numbers(16),
    oids.INT4: _whole_numbers(32),
    oids.INT8: _whole_numbers(64),
    oids.TEXT: _plain_texts,
    oids.VARCHAR: _plain_texts,
    oids.BOOL: _booleans,
    oids.NUMERIC: _numbers,
    oids.TIMESTAMP: _moments(_MOMENT, datetime.fromisoformat),
    oids.DATE: _moments("[0-9]{4}-[0-9]{2}-[0-9]{2}", date.fromisoformat),
}
_FAST_BINARY: dict[Oid, Fast] = {
    oids.FLOAT8: _doubles,
    oids.NUMERIC: _packed_numbers,
    oids.TIMESTAMP: _ticks,
    oids.INT2: _packed("h"),
    oids.INT4: _packed("i"),
    oids.INT8: _packed("q"),
    oids.TEXT: _plain_texts,
    oids.VARCHAR: _plain_texts,
}
