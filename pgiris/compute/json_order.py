"""The order of jsonb values, and what is equal for equal ones. Strings are compared by code point, as in collation "C".

In: values of JSON texts (jsontext.checked) in jsonb's form. PostgreSQL: datatype-json#JSON-INDEXING, jsonb_util.c
(compareJsonbContainers)
"""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from typing import Any

from pgiris.types.jsontext import Number

_NULL, _STRING, _NUMBER, _BOOLEAN, _ARRAY, _OBJECT = range(6)
_RANKS = {type(None): _NULL, str: _STRING, Number: _NUMBER, bool: _BOOLEAN, list: _ARRAY, dict: _OBJECT}


def _rank(value: Any) -> int:
    return _RANKS[type(value)]


def _sign(left: Any, right: Any) -> int:
    return int(left > right) - int(left < right)


def order(left: Any, right: Any) -> int:
    """Of whole documents: a scalar counts as an array of one, below other arrays but not below the empty one."""
    one, other = _rank(left), _rank(right)
    if one < _ARRAY and other == _ARRAY:
        return _sign(1, len(right)) or -1
    if one == _ARRAY and other < _ARRAY:
        return -order(right, left)
    return _parts(left, right)


def _parts(left: Any, right: Any) -> int:
    rank = _rank(left)
    if rank != _rank(right):
        return _sign(rank, _rank(right))
    if rank == _NULL:
        return 0
    if rank == _NUMBER:
        return _sign(Decimal(left), Decimal(right))
    if rank < _ARRAY:
        return _sign(left, right)
    if len(left) != len(right):
        return _sign(len(left), len(right))
    if rank == _ARRAY:
        return next((found for pair in zip(left, right, strict=True) if (found := _parts(*pair))), 0)
    for (key, value), (other_key, other_value) in zip(left.items(), right.items(), strict=True):
        found = _sign(key, other_key) or _parts(value, other_value)
        if found:
            return found
    return 0


def identity(value: Any) -> Hashable:
    rank = _rank(value)
    if rank == _ARRAY:
        return rank, tuple(map(identity, value))
    if rank == _OBJECT:
        return rank, frozenset((name, identity(item)) for name, item in value.items())
    return rank, Decimal(value) if rank == _NUMBER else value
