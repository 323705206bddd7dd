"""Arrays: PostgreSQL's functions and operators on arrays. PostgreSQL: functions-array"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pgiris import sqlstate
from pgiris.compute.casts import shown
from pgiris.compute.comparisons import comparer
from pgiris.compute.native import dimensions, flattened
from pgiris.compute.registry import function
from pgiris.errors import PgError, not_supported
from pgiris.types.codec import Context, Oid
from pgiris.types.table import TYPES

Items = list[Any]


def made(items: Items) -> Items:
    """ARRAY[...] of elements or of arrays of one shape."""
    parts = [item for item in items if isinstance(item, list)]
    if parts and (len(parts) != len(items) or len({dimensions(part) for part in parts}) > 1):
        message = "multidimensional arrays must have array expressions with matching dimensions"
        raise PgError(sqlstate.ARRAY_SUBSCRIPT_ERROR, message)
    if parts and not dimensions(parts[0]):
        return []
    return items


def _elements(types: Sequence[Oid]) -> Oid:
    return TYPES[types[0]].element


@function("array_length(anyarray, int4) int4")
def _length(items: Items, dimension: int) -> int | None:
    lengths = dimensions(items)
    return lengths[dimension - 1] if 1 <= dimension <= len(lengths) else None


function("array_upper(anyarray, int4) int4")(_length)
function("array_lower(anyarray, int4) int4")(lambda items, dimension: 1 if 1 <= dimension <= len(dimensions(items)) else None)
function("array_ndims(anyarray) int4")(lambda items: len(dimensions(items)) or None)
function("cardinality(anyarray) int4")(lambda items: len(flattened(items)))
function("array_dims(anyarray) text")(lambda items: "".join(f"[1:{length}]" for length in dimensions(items)) or None)


@function("array_cat(anyarray, anyarray) anyarray", "||(anyarray, anyarray) anyarray", nulls=True)
def _concatenated(one: Items | None, other: Items | None) -> Items | None:
    if one is None or other is None:
        return other if one is None else one
    left, right = dimensions(one), dimensions(other)
    if not left or not right or left[1:] == right[1:]:
        return one + other
    if left[1:] == right:
        return [*one, other]
    if right[1:] == left:
        return [one, *other]
    raise PgError(
        sqlstate.ARRAY_SUBSCRIPT_ERROR,
        "cannot concatenate incompatible arrays",
        detail=f"Arrays of {len(left)} and {len(right)} dimensions are not compatible for concatenation."
        if len(left) != len(right)
        else "Arrays with differing element dimensions are not compatible for concatenation.",
    )


@function("array_append(anyarray, anyelement) anyarray", "||(anyarray, anyelement) anyarray", nulls=True)
def _append(items: Items | None, item: Any) -> Items | None:
    if isinstance(item, list):
        return _concatenated(items, item)
    if items and isinstance(items[0], list):
        raise PgError(sqlstate.DATA_EXCEPTION, "argument must be empty or one-dimensional array")
    return [*(items or ()), item]


@function("array_prepend(anyelement, anyarray) anyarray", "||(anyelement, anyarray) anyarray", nulls=True)
def _prepend(item: Any, items: Items | None) -> Items | None:
    if isinstance(item, list):
        return _concatenated(item, items)
    if items and isinstance(items[0], list):
        raise PgError(sqlstate.DATA_EXCEPTION, "argument must be empty or one-dimensional array")
    return [item, *(items or ())]


def _equal(types: Sequence[Oid], one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return comparer(_elements(types))(one, other) == 0


@function("array_remove(anyarray, anyelement) anyarray", nulls=True, typed=True)
def _removed(types: Sequence[Oid], items: Items | None, item: Any) -> Items | None:
    return None if items is None else [each for each in items if not _equal(types, each, item)]


@function("array_replace(anyarray, anyelement, anyelement) anyarray", nulls=True, typed=True)
def _replaced(types: Sequence[Oid], items: Items | None, old: Any, new: Any) -> Items | None:
    return None if items is None else [new if _equal(types, each, old) else each for each in items]


@function("array_position(anyarray, anyelement) int4", "array_position(anyarray, anyelement, int4) int4", nulls=True, typed=True)
def _position(types: Sequence[Oid], items: Items | None, item: Any, start: int | None = 1) -> int | None:
    if items and start is None:
        raise PgError(sqlstate.NULL_VALUE_NOT_ALLOWED, "initial position must not be null")
    start = start or 1
    for place, each in enumerate((items or ())[max(start, 1) - 1 :], max(start, 1)):
        if _equal(types, each, item):
            return place
    return None


@function("array_positions(anyarray, anyelement) int4[]", nulls=True, typed=True)
def _positions(types: Sequence[Oid], items: Items | None, item: Any) -> list[int] | None:
    return None if items is None else [place for place, each in enumerate(items, 1) if _equal(types, each, item)]


@function("trim_array(anyarray, int4) anyarray")
def _trimmed(items: Items, count: int) -> Items:
    if not 0 <= count <= len(items):
        message = f"number of elements to trim must be between 0 and {len(items)}"
        raise PgError(sqlstate.ARRAY_ELEMENT_ERROR, message)
    return items[: len(items) - count]


@function(
    "array_to_string(anyarray, text) text", "array_to_string(anyarray, text, text) text", nulls=True, typed=True, context=True
)
def _joined(
    context: Context, types: Sequence[Oid], items: Items | None, delimiter: str | None, null: str | None = None
) -> str | None:
    if items is None or delimiter is None:
        return None
    show = shown(_elements(types), context)
    return delimiter.join([null or "" if i is None else show(i) for i in flattened(items) if i is not None or null is not None])


def _contains(types: Sequence[Oid], whole: Items, part: Items) -> bool:
    compare, items = comparer(_elements(types)), [item for item in flattened(whole) if item is not None]
    return all(item is not None and any(compare(item, each) == 0 for each in items) for item in flattened(part))


function("@>(anyarray, anyarray) bool", typed=True)(_contains)
function("<@(anyarray, anyarray) bool", typed=True)(lambda types, part, whole: _contains(types, whole, part))


@function("&&(anyarray, anyarray) bool", typed=True)
def _overlap(types: Sequence[Oid], one: Items, other: Items) -> bool:
    compare, items = comparer(_elements(types)), [item for item in flattened(other) if item is not None]
    return any(item is not None and any(compare(item, each) == 0 for each in items) for item in flattened(one))


@function("subscript(anyarray, int4) anyelement", "subscript(anyarray, int4, int4) anyelement")
def _element(items: Items, *places: int) -> Any:
    found: Any = items
    for place in places:
        if not isinstance(found, list) or not 1 <= place <= len(found):
            return None
        found = found[place - 1]
    return None if isinstance(found, list) else found


@function(*(f"slice(anyarray{', int4, int4' * count}) anyarray" for count in range(1, 7)))
def _slice(items: Items, *bounds: int) -> Items:
    """bounds: first and last of each dimension."""
    if len(bounds) > 2 * len(dimensions(items)):
        return []
    first, last = bounds[0], bounds[1]
    found = items[max(first, 1) - 1 : max(last, 0)]
    if len(bounds) == 2 or not found:
        return found
    parts = [_slice(item, *bounds[2:]) for item in found]
    return parts if parts[0] else []


@function("array_fill(anyelement, int4[]) anyarray", nulls=True)
def _filled(item: Any, lengths: list[int] | None) -> Items:
    if lengths is None:
        raise PgError(sqlstate.NULL_VALUE_NOT_ALLOWED, "dimension array or low bound array cannot be null")
    if len(lengths) > 1:
        raise not_supported("array_fill of several dimensions is not supported here")
    return [item] * lengths[0] if lengths else []
