"""Functions of enums. PostgreSQL: functions-enum"""

from __future__ import annotations

from collections.abc import Sequence

from pgiris.compute.arrays import made
from pgiris.compute.native import Native
from pgiris.compute.registry import function
from pgiris.types.codec import Oid
from pgiris.types.enums import labels_of, place_of


@function("enum_first(anyenum) anyenum", nulls=True, typed=True)
def _first(types: Sequence[Oid], value: str | None) -> str | None:
    """Of the argument only the type counts."""
    return next(iter(labels_of(types[0])), None)


@function("enum_last(anyenum) anyenum", nulls=True, typed=True)
def _last(types: Sequence[Oid], value: str | None) -> str | None:
    return next(reversed(labels_of(types[0])), None)


@function("enum_range(anyenum) anyarray", nulls=True, typed=True)
def _all(types: Sequence[Oid], value: str | None) -> Native:
    return made(list(labels_of(types[0])))


@function("enum_range(anyenum, anyenum) anyarray", nulls=True, typed=True)
def _between(types: Sequence[Oid], low: str | None, high: str | None) -> Native:
    """NULL is no bound."""
    labels = labels_of(types[0])
    start = 0 if low is None else place_of(types[0], low) - 1
    return made(list(labels[start:] if high is None else labels[start : place_of(types[0], high)]))
