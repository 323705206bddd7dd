"""The layout of jsonb: at which byte of its document each object stands, which jsonpath's keyvalue() gives as its id.

PostgreSQL: src/include/utils/jsonb.h (JsonbContainer), src/backend/utils/adt/jsonb_util.c (convertJsonbValue), numeric.c
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pgiris.types.jsontext import Number

_HEADER = _ENTRY = _ALIGNMENT = 4  # bytes
_SHORT_SCALE, _SHORT_WEIGHTS = 63, range(-64, 64)  # PostgreSQL: NUMERIC_SHORT_DSCALE_MAX, NUMERIC_SHORT_WEIGHT_MIN


def offset_of(wanted: Any, document: Any) -> int | None:
    """The bytes between the beginnings of a document and of an object or array in it, by identity; None: it is not there."""
    return next((at for found, at in _containers(document, 0) if found is wanted), None)


def _containers(value: Any, at: int) -> Iterator[tuple[Any, int]]:
    yield value, at
    for part, place in _parts(value, at):
        if isinstance(part, dict | list):
            yield from _containers(part, place)


def _parts(value: Any, start: int) -> Iterator[tuple[Any, int]]:
    """Each part of a container and where it begins: keys stand before values."""
    parts = [*value, *value.values()] if isinstance(value, dict) else value
    at = start + _HEADER + _ENTRY * len(parts)
    for part in parts:
        if isinstance(part, Number | dict | list):
            at += -at % _ALIGNMENT
        yield part, at
        at += _size(part)


def _size(value: Any) -> int:
    if isinstance(value, Number):
        return _number_size(Decimal(value))
    if isinstance(value, str):
        return len(value.encode())
    if not isinstance(value, dict | list):
        return 0
    end = _HEADER
    for part, at in _parts(value, 0):
        end = at + _size(part)
    return end


def _number_size(value: Decimal) -> int:
    """Length word, header, and two bytes for each digit in base 10000 that is not a zero at an end."""
    exponent = value.as_tuple().exponent
    scale = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    if not value:
        return 6 if scale <= _SHORT_SCALE else 8
    weight = value.adjusted() // 4
    digits = "".join(map(str, value.as_tuple().digits)).rstrip("0")
    last = (value.adjusted() - len(digits) + 1) // 4
    is_short = scale <= _SHORT_SCALE and weight in _SHORT_WEIGHTS
    return (6 if is_short else 8) + 2 * (weight - last + 1)
