"""$LIST: IRIS's lists as bytes, for ``a %INLIST ?``.

An element is its length (itself and the type included), a type, and data. The layout is the one that the driver's own
IRISList writes; tests compare the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from struct import pack

_STRING, _WIDE, _POSITIVE, _NEGATIVE, _POSITIVE_DECIMAL, _NEGATIVE_DECIMAL, _DOUBLE = 1, 2, 4, 5, 6, 7, 8
_LONGEST_SHORT = 0xFF
_LONGEST_MEDIUM = 0xFFFF

Element = str | bytes | int | float | Decimal | None


def build(elements: Iterable[Element]) -> bytes:
    """None is an empty element, as $LISTBUILD("") makes it."""
    return b"".join(map(_element, elements))


def _element(value: Element) -> bytes:
    match value:
        case None:
            return _framed(_STRING, b"")
        case bytes():
            return _framed(_STRING, value)
        case str():
            try:
                return _framed(_STRING, value.encode("latin-1"))
            except UnicodeEncodeError:
                return _framed(_WIDE, value.encode("utf-16-le"))
        case int():
            return _framed(*_whole(int(value), _POSITIVE, _NEGATIVE))
        case float():
            return _framed(_DOUBLE, pack("<d", value))
        case Decimal():
            return _decimal(value)


def _whole(value: int, positive: int, negative: int) -> tuple[int, bytes]:
    """Little endian: positive numbers with room for a sign, negative ones without, since the type tells it; 0 is no bytes."""
    if value >= 0:
        return positive, value.to_bytes(value.bit_length() // 8 + 1 if value else 0, "little")
    width = ((~value).bit_length() + 7) // 8
    return negative, (value + (1 << 8 * width)).to_bytes(width, "little")


def _decimal(value: Decimal) -> bytes:
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    number = int("".join(map(str, digits)))
    if not number:
        return _framed(_POSITIVE, b"")
    type_, data = _whole(-number if sign else number, _POSITIVE_DECIMAL, _NEGATIVE_DECIMAL)
    return _framed(type_, pack("b", exponent) + data)


def _framed(type_: int, data: bytes) -> bytes:
    """Short elements have one byte of length; longer ones a zero and two, then a zero, two zeros and four."""
    if len(data) + 2 <= _LONGEST_SHORT:
        return bytes((len(data) + 2, type_)) + data
    if len(data) + 1 <= _LONGEST_MEDIUM:
        return b"\0" + (len(data) + 1).to_bytes(2, "little") + bytes((type_,)) + data
    return b"\0\0\0" + (len(data) + 1).to_bytes(4, "little") + bytes((type_,)) + data
