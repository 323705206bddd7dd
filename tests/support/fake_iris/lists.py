"""$LIST bytes -> their elements, written from the layout that the real driver produces."""

from __future__ import annotations

from decimal import Decimal
from struct import unpack
from typing import Any


def parse(data: bytes) -> list[Any]:
    found, place = [], 0
    while place < len(data):
        size = data[place]
        if size:
            body, place = data[place + 1 : place + size], place + size
        else:
            width = 2 if data[place + 1] or data[place + 2] else 4
            start = place + (1 if width == 2 else 3)
            length = int.from_bytes(data[start : start + width], "little")
            body, place = data[start + width : start + width + length], start + width + length
        found.append(_value(body[0], body[1:]) if body else None)
    return found


def _value(type_: int, data: bytes) -> Any:
    match type_:
        case 1:
            return data.decode("latin-1")
        case 2:
            return data.decode("utf-16-le")
        case 4:
            return int.from_bytes(data, "little")
        case 5:
            return _negative(data)
        case 6:
            return Decimal(int.from_bytes(data[1:], "little")).scaleb(unpack("b", data[:1])[0])
        case 7:
            return Decimal(_negative(data[1:])).scaleb(unpack("b", data[:1])[0])
        case 8:
            return unpack("<d", data)[0]
    raise AssertionError(f"element of type {type_}")


def _negative(data: bytes) -> int:
    return int.from_bytes(data, "little") - (1 << 8 * len(data))
