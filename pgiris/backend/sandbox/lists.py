"""Lists ($LISTBUILD's values) as bytes, and the functions on them. iris-reference 4.13, 4.22

A list is a row of elements: its length, a type byte, its data. Types: 1 characters of one byte each, 2 characters in UTF-16.
An element that has no value is a length alone. The sandbox keeps numbers as their text.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from pgiris.backend.sandbox import dateinput, decimals
from pgiris.backend.sqlcode import pg_error

Items = list[str | None]
_LONGEST_SHORT = 254  # of an element with its two leading bytes


def build(*items: str | None) -> bytes:
    return b"".join(map(_element, items or (None,)))


def _element(text: str | None) -> bytes:
    if text is None:
        return b"\x01"
    try:
        data, kind = text.encode("latin-1"), 1
    except UnicodeEncodeError:
        data, kind = text.encode("utf-16-le", "surrogatepass"), 2
    size = len(data) + 2
    if size <= _LONGEST_SHORT:
        return bytes((size, kind)) + data
    return b"\x00" + (len(data) + 1).to_bytes(2, "little") + bytes((kind,)) + data


def parsed(value: bytes | str) -> Items:
    """Raises SQLCODE -400 for what is no list. Text is read as the bytes that it stands for, one a character."""
    data = value.encode("latin-1", "replace") if isinstance(value, str) else value
    items: Items = []
    at = 0
    while at < len(data):
        start, size = at, data[at]
        if size == 0:
            size, start = int.from_bytes(data[at + 1 : at + 3], "little") + 1, at + 2
        element = data[start + 1 : start + size]
        if not size or len(element) != size - 1 or (element and element[0] not in (1, 2)):
            raise pg_error(-400, "Fatal error occurred: <LIST>", state="22023")
        items.append(_text(element) if element else None)
        at = start + size
    return items


def _text(element: bytes) -> str:
    return element[1:].decode("latin-1") if element[0] == 1 else element[1:].decode("utf-16-le", "surrogatepass")


def _at(items: Items, position: int) -> str | None:
    number = len(items) if position == -1 else position
    return items[number - 1] if 1 <= number <= len(items) else None


def element(value: Any, position: int = 1) -> str | None:
    return _at(parsed(value), position)


def part(value: Any, first: int, last: int) -> bytes | None:
    items = parsed(value)
    end = len(items) if last == -1 or last > len(items) else last
    start = len(items) if first == -1 else max(first, 1)
    return build(*items[start - 1 : end]) if start <= end else None


def get(value: Any, position: int = 1, default: str | None = None) -> str | None:
    if value is None or position is None:
        return None
    found = _at(parsed(value), position)
    return default if found is None else found


def has_data(value: Any, position: int = 1) -> int:
    return int(_at(parsed(value), position) is not None)


def find(value: Any, wanted: str, after: int = 0) -> int:
    """0 when it is not there."""
    items = parsed(value)
    if after == -1:
        return 0
    return next((number for number, item in enumerate(items, 1) if number > after and item == wanted), 0)


def length(value: Any) -> int:
    return len(parsed(value))


def same(a: Any, b: Any) -> int:
    return int(parsed(a) == parsed(b))


def from_string(text: str, delimiter: str = ",") -> bytes:
    return build(*(text.split(delimiter) if delimiter else [text]))


def to_string(value: Any, delimiter: str = ",") -> str:
    return delimiter.join(item or "" for item in parsed(value))


def as_json(value: Any, kind: str = "STRING") -> str:
    """The elements as JSON, as values of a kind have them; those that cannot equal one are null. Dates and times are logical."""
    return json.dumps([None if item is None else _AS.get(kind, str)(item) for item in parsed(value)])


def _number(text: str) -> str | None:
    number = decimals.parsed(text.strip())
    return None if number is None else decimals.canonical(number)


def _whole(text: str) -> int | float | None:
    number = decimals.parsed(text.strip())
    return None if number is None else int(number) if number == number.to_integral_value() else float(number)


def _double(text: str) -> float | None:
    number = decimals.parsed(text.strip())
    return None if number is None else float(number)


def _date(text: str) -> str | None:
    found = dateinput.canonical(text) if text.lstrip("-").isdigit() else None
    return found[:10] if found else None


def _time(text: str) -> str | None:
    found = dateinput.canonical(text, "time") if text.isdigit() else None
    return found[11:] if found else None


_AS: dict[str, Callable[[str], Any]] = {
    "BIT": _whole,
    "INTEGER": _whole,
    "NUMERIC": _number,
    "DOUBLE": _double,
    "DATE": _date,
    "TIME": _time,
    "BINARY": lambda text: text.encode("latin-1", "replace").hex(),
}

# Those that give NULL for a NULL argument.
STRICT: dict[str, Callable[..., Any]] = {
    "list_element": element,
    "list_part": part,
    "list_data": has_data,
    "list_json": as_json,
    "list_find": find,
    "list_length": length,
    "list_same": same,
    "list_from_string": from_string,
    "list_to_string": to_string,
}
SCALARS: dict[str, Callable[..., Any]] = {"list_build": build, "list_get": get}
