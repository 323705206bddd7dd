"""Documents: json and jsonb. A part of a json text is a piece of it, blanks and all; jsonb texts are in PostgreSQL's form.

PostgreSQL: functions-json
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from pgiris import sqlstate
from pgiris.compute.casts import shown
from pgiris.compute.json_order import identity
from pgiris.compute.native import dimensions, flattened
from pgiris.compute.registry import function
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.codec import Context, Oid
from pgiris.types.jsontext import Number, checked, normalised
from pgiris.types.table import TYPES

_BLANK = " \t\n\r"
_decode = json.JSONDecoder().raw_decode
quoted = json.JSONEncoder(ensure_ascii=False).encode


def write(value: Any) -> str:
    """Any JSON value without blanks, numbers as they were written."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, list):
        return f"[{','.join(map(write, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(f'{quoted(key)}:{write(item)}' for key, item in value.items())}}}"
    return quoted(value)


# Pieces


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at


def members(text: str) -> Iterator[tuple[str, str]]:
    """(key, piece) of an object."""
    at = _skip(text, _skip(text, 0) + 1)
    while text[at] != "}":
        key, at = _decode(text, at)
        at = _skip(text, _skip(text, at) + 1)
        _, end = _decode(text, at)
        yield key, text[at:end]
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)


def elements(text: str) -> Iterator[str]:
    at = _skip(text, _skip(text, 0) + 1)
    while text[at] != "]":
        _, end = _decode(text, at)
        yield text[at:end]
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)


def sort(text: str) -> str:
    """object, array, string, number, boolean or null"""
    first = text[_skip(text, 0)]
    return {"{": "object", "[": "array", '"': "string", "t": "boolean", "f": "boolean", "n": "null"}.get(first, "number")


def as_text(piece: str | None) -> str | None:
    """As ->> gives it."""
    if piece is None:
        return None
    match sort(piece):
        case "null":
            return None
        case "string":
            text: str = json.loads(piece)
            return text
    return piece.strip(_BLANK)


def member(text: str, key: str) -> str | None:
    """The last of equal keys counts."""
    found = None
    if sort(text) == "object":
        for name, piece in members(text):
            if name == key:
                found = piece
    return found


def element(text: str, place: int) -> str | None:
    if sort(text) != "array":
        return None
    pieces = list(elements(text))
    return pieces[place] if -len(pieces) <= place < len(pieces) else None


def _element_of_any(text: str, place: int) -> str | None:
    """Of jsonb, where a scalar is an array of one. PostgreSQL: jsonb_array_element()"""
    if sort(text) in ("object", "array"):
        return element(text, place)
    return text if place in (0, -1) else None


def reached(text: str, path: Sequence[str | None]) -> str | None:
    found: str | None = text
    for step in path:
        if found is None or step is None:
            return None
        if sort(found) == "array":
            try:
                found = element(found, int(step))
            except ValueError:
                return None
        else:
            found = member(found, step)
    return found


_ELEMENTS = {"json": element, "jsonb": _element_of_any}

for _type, _of_place in _ELEMENTS.items():
    function(f"->({_type}, text) {_type}", f"{_type}_object_field({_type}, text) {_type}")(member)
    function(f"->({_type}, int4) {_type}", f"{_type}_array_element({_type}, int4) {_type}")(_of_place)
    function(f"->>({_type}, text) text", f"{_type}_object_field_text({_type}, text) text")(
        lambda text, key: as_text(member(text, key))
    )
    function(f"->>({_type}, int4) text", f"{_type}_array_element_text({_type}, int4) text")(
        lambda text, place, taken=_of_place: as_text(taken(text, place))
    )
    function(f"#>({_type}, text[]) {_type}")(reached)
    function(f"#>>({_type}, text[]) text")(lambda text, path: as_text(reached(text, path)))
    function(f"{_type}_extract_path({_type}, text...) {_type}")(lambda text, *path: reached(text, path))
    function(f"{_type}_extract_path_text({_type}, text...) text")(lambda text, *path: as_text(reached(text, path)))
    function(f"{_type}_typeof({_type}) text")(sort)


@function("json_array_length(json) int4", "jsonb_array_length(jsonb) int4")
def _array_length(text: str) -> int:
    what = sort(text)
    if what == "object":
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "cannot get array length of a non-array")
    if what != "array":
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "cannot get array length of a scalar")
    return sum(1 for _ in elements(text))


# Containment. PostgreSQL: datatype-json#JSON-CONTAINMENT


def _contains(whole: Any, part: Any, top: bool = False) -> bool:
    if isinstance(whole, dict):
        return isinstance(part, dict) and all(key in whole and _contains(whole[key], part[key]) for key in part)
    if isinstance(whole, list):
        if isinstance(part, list):
            return all(any(_contains(item, each) for item in whole) for each in part)
        return top and not isinstance(part, dict) and any(identity(item) == identity(part) for item in whole)
    return identity(whole) == identity(part)


function("@>(jsonb, jsonb) bool")(lambda whole, part: _contains(checked(whole), checked(part), True))
function("<@(jsonb, jsonb) bool")(lambda part, whole: _contains(checked(whole), checked(part), True))


def _exists(text: str, key: str | None) -> bool:
    value = checked(text)
    if isinstance(value, list):
        return any(isinstance(item, str) and not isinstance(item, Number) and item == key for item in value)
    return key in value if isinstance(value, dict) else (not isinstance(value, Number) and value == key)


function("?(jsonb, text) bool", "jsonb_exists(jsonb, text) bool")(_exists)
function("?|(jsonb, text[]) bool", "jsonb_exists_any(jsonb, text[]) bool")(
    lambda text, keys: any(_exists(text, key) for key in keys if key is not None)
)
function("?&(jsonb, text[]) bool", "jsonb_exists_all(jsonb, text[]) bool")(
    lambda text, keys: all(_exists(text, key) for key in keys if key is not None)
)

# Changes


def _written(value: Any) -> str:
    return normalised(write(value))


@function("||(jsonb, jsonb) jsonb")
def _concatenated(left: str, right: str) -> str:
    one, other = checked(left), checked(right)
    if isinstance(one, dict) and isinstance(other, dict):
        return _written({**one, **other})
    return _written([*(one if isinstance(one, list) else [one]), *(other if isinstance(other, list) else [other])])


@function("-(jsonb, text) jsonb")
def _without_key(text: str, key: str) -> str:
    value = checked(text)
    if isinstance(value, dict):
        return _written({name: item for name, item in value.items() if name != key})
    if isinstance(value, list):
        return _written([item for item in value if isinstance(item, Number) or item != key])
    raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "cannot delete from scalar")


@function("-(jsonb, text[]) jsonb")
def _without_keys(text: str, keys: list[str | None]) -> str:
    if sort(text) not in ("object", "array"):
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "cannot delete from scalar")
    for key in keys:
        if key is not None:
            text = _without_key(text, key)
    return text


@function("-(jsonb, int4) jsonb")
def _without_place(text: str, place: int) -> str:
    value = checked(text)
    if isinstance(value, dict):
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "cannot delete from object using integer index")
    if not isinstance(value, list):
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "cannot delete from scalar")
    if -len(value) <= place < len(value):
        del value[place]
    return _written(value)


def _place(step: str, length: int, at: int) -> int:
    try:
        place = int(step)
    except ValueError:
        message = f'path element at position {at} is not an integer: "{step}"'
        raise PgError(sqlstate.INVALID_TEXT_REPRESENTATION, message) from None
    return place + length if place < 0 else place


def _put(value: Any, path: Sequence[str | None], new: Any, create: bool, insert: bool | None, at: int = 1) -> Any:
    """insert: None to replace, else whether after (True) or before the place."""
    if not isinstance(value, dict | list):
        if at == 1:
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "cannot set path in scalar")
        return value
    step, rest = _step(path, at), path[1:]
    if isinstance(value, dict):
        if rest:
            return {**value, step: _put(value[step], rest, new, create, insert, at + 1)} if step in value else value
        if step in value and insert is not None:
            raise PgError(
                sqlstate.INVALID_PARAMETER_VALUE,
                "cannot replace existing key",
                hint="Try using the function jsonb_set to replace key value.",
            )
        return {**value, step: new} if create or step in value else value
    place = _place(step, len(value), at)
    if rest:
        if not 0 <= place < len(value):
            return value
        return [*value[:place], _put(value[place], rest, new, create, insert, at + 1), *value[place + 1 :]]
    if insert is not None:
        where = max(0, min(place + insert, len(value)))
        return [*value[:where], new, *value[where:]]
    if 0 <= place < len(value):
        return [*value[:place], new, *value[place + 1 :]]
    if not create:
        return value
    return [new, *value] if place < 0 else [*value, new]


def _step(path: Sequence[str | None], at: int) -> str:
    """The first step of a path that begins at a position. A NULL behind what is there does no harm."""
    if path[0] is None:
        raise PgError(sqlstate.NULL_VALUE_NOT_ALLOWED, f"path element at position {at} is null")
    return path[0]


@function("jsonb_set(jsonb, text[], jsonb) jsonb", "jsonb_set(jsonb, text[], jsonb, bool) jsonb")
def _set(text: str, path: list[str | None], new: str, create: bool = True) -> str:
    value = checked(text)
    if not isinstance(value, dict | list):
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "cannot set path in scalar")
    return _written(_put(value, path, checked(new), create, None)) if path else text


@function(
    "jsonb_set_lax(jsonb, text[], jsonb) jsonb",
    "jsonb_set_lax(jsonb, text[], jsonb, bool) jsonb",
    "jsonb_set_lax(jsonb, text[], jsonb, bool, text) jsonb",
    nulls=True,
)
def _set_lax(
    text: str | None,
    path: list[str | None] | None,
    new: str | None,
    create: bool | None = True,
    treatment: str | None = "use_json_null",
) -> str | None:
    """treatment: what becomes of a new value that is NULL."""
    if text is None or path is None or create is None:
        return None
    if new is not None:
        return _set(text, path, new, create)
    if treatment not in _NULL_TREATMENTS:
        message = 'null_value_treatment must be "delete_key", "return_target", "use_json_null", or "raise_exception"'
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, message)
    if treatment == "raise_exception":
        raise PgError(
            sqlstate.NULL_VALUE_NOT_ALLOWED,
            "JSON value must not be null",
            detail='Exception was raised because null_value_treatment is "raise_exception".',
            hint="To avoid, either change the null_value_treatment argument or ensure that an SQL NULL is not passed.",
        )
    if treatment == "return_target":
        return text
    return _without_path(text, path) if treatment == "delete_key" else _set(text, path, "null", create)


_NULL_TREATMENTS = ("delete_key", "return_target", "use_json_null", "raise_exception")


@function("jsonb_insert(jsonb, text[], jsonb) jsonb", "jsonb_insert(jsonb, text[], jsonb, bool) jsonb")
def _insert(text: str, path: list[str | None], new: str, after: bool = False) -> str:
    return _written(_put(checked(text), path, checked(new), True, after)) if path else text


@function("#-(jsonb, text[]) jsonb")
def _without_path(text: str, path: list[str | None]) -> str:
    def removed(value: Any, steps: Sequence[str | None], at: int = 1) -> Any:
        if not isinstance(value, dict | list) and at == 1:
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "cannot delete path in scalar")
        if not value or not isinstance(value, dict | list):
            return value
        step, rest = _step(steps, at), steps[1:]
        if isinstance(value, dict):
            if not rest:
                return {key: item for key, item in value.items() if key != step}
            return {key: removed(item, rest, at + 1) if key == step else item for key, item in value.items()}
        place = _place(step, len(value), at)
        if not rest:
            return [item for index, item in enumerate(value) if index != place]
        return [removed(item, rest, at + 1) if index == place else item for index, item in enumerate(value)]

    return _written(removed(checked(text), path)) if path else text


def _stripped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _stripped(item) for key, item in value.items() if item is not None}
    return [_stripped(item) for item in value] if isinstance(value, list) else value


function("jsonb_strip_nulls(jsonb) jsonb")(lambda text: _written(_stripped(checked(text))))
function("json_strip_nulls(json) json")(lambda text: write(_stripped(checked(text))))


@function("jsonb_pretty(jsonb) text")
def _pretty(text: str) -> str:
    def lines(value: Any, indent: str) -> str:
        inner = indent + "    "
        if isinstance(value, dict):
            parts = [f"{inner}{quoted(key)}: {lines(item, inner)}" for key, item in value.items()]
            return "{\n" + ",\n".join(parts) + ("\n" if parts else "") + indent + "}"
        if isinstance(value, list):
            parts = [inner + lines(item, inner) for item in value]
            return "[\n" + ",\n".join(parts) + ("\n" if parts else "") + indent + "]"
        return write(value)

    return lines(checked(text), "")


# IS JSON. PostgreSQL: functions-json#FUNCTIONS-SQLJSON-MISC

_SORTS = {"VALUE": (), "ARRAY": ("array",), "OBJECT": ("object",), "SCALAR": ("string", "number", "boolean", "null")}


@function("is json(text, text, bool) bool", "is json(json, text, bool) bool", "is json(jsonb, text, bool) bool")
def _is_json(text: str, wanted: str, unique: bool) -> bool:
    """wanted: VALUE, ARRAY, OBJECT or SCALAR. unique: no object has a key twice."""
    try:
        checked(text)
        if unique:
            json.loads(text, object_pairs_hook=_all_different)
    except (PgError, ValueError):
        return False
    return not _SORTS[wanted] or sort(text) in _SORTS[wanted]


def _all_different(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key twice")


# Operators by the names of their functions

function("jsonb_contains(jsonb, jsonb) bool")(lambda whole, part: _contains(checked(whole), checked(part), True))
function("jsonb_contained(jsonb, jsonb) bool")(lambda part, whole: _contains(checked(whole), checked(part), True))
function("jsonb_concat(jsonb, jsonb) jsonb")(_concatenated)
function("jsonb_delete(jsonb, text) jsonb")(_without_key)
function("jsonb_delete(jsonb, text[]) jsonb")(_without_keys)
function("jsonb_delete(jsonb, int4) jsonb")(_without_place)
function("jsonb_delete_path(jsonb, text[]) jsonb")(_without_path)


# Making


def piece_of(oid: Oid, native: Any, context: Context) -> str:
    """A value as json. PostgreSQL: datum_to_json"""
    if native is None:
        return "null"
    row = TYPES.get(oid)
    if oid in (oids.JSON, oids.JSONB, oids.RECORD):
        return str(native)
    if row is not None and row.is_array:
        return _array_piece(row.element, native, context)
    text = shown(oid, context)(native)
    if oid == oids.BOOL:
        return "true" if native else "false"
    if oid in _NUMBERS:
        return text if text.lstrip("-")[:1].isdigit() else f'"{text}"'
    if oid in (oids.TIMESTAMP, oids.TIMESTAMPTZ):
        text = shown(oid, Context(time_zone=context.time_zone))(native).replace(" ", "T", 1)
        if oid == oids.TIMESTAMPTZ and text[-3] in "+-":
            text += ":00"
    if oid == oids.DATE:
        text = shown(oid, Context())(native)
    return quoted(text)


_NUMBERS = frozenset((oids.INT2, oids.INT4, oids.INT8, oids.FLOAT4, oids.FLOAT8, oids.NUMERIC))


def _array_piece(element_oid: Oid, items: Any, context: Context) -> str:
    if isinstance(items, list):
        return "[" + ",".join(_array_piece(element_oid, item, context) for item in items) + "]"
    return piece_of(element_oid, items, context)


@function("to_json(any) json", context=True, typed=True)
def _to_json(context: Context, types: Sequence[Oid], value: Any) -> str:
    return piece_of(types[0], value, context)


@function("to_jsonb(any) jsonb", context=True, typed=True)
def _to_jsonb(context: Context, types: Sequence[Oid], value: Any) -> str:
    return normalised(piece_of(types[0], value, context))


@function("record(any...) record", nulls=True, context=True, typed=True)
def _record(context: Context, types: Sequence[Oid], *values: Any) -> str:
    """A row as JSON, of names and values by turns."""
    pairs = zip(values[::2], types[1::2], values[1::2], strict=True)
    return "{" + ",".join(f"{quoted(name)}:{piece_of(oid, value, context)}" for name, oid, value in pairs) + "}"


@function("row_to_json(any) json", context=True, typed=True)
def _row_to_json(context: Context, types: Sequence[Oid], value: Any) -> str:
    return piece_of(types[0], value, context)


@function("array_to_json(anyarray) json", "array_to_json(anyarray, bool) json", context=True, typed=True)
def _array_to_json(context: Context, types: Sequence[Oid], value: Any, pretty: bool = False) -> str:
    """pretty: a line for each element of the outer array."""
    if not pretty:
        return piece_of(types[0], value, context)
    return "[" + ",\n ".join(_array_piece(TYPES[types[0]].element, item, context) for item in value) + "]"


_NO_KEYS = frozenset((oids.JSON, oids.JSONB, oids.RECORD))


def _object(context: Context, types: Sequence[Oid], values: Sequence[Any], colon: str = " : ") -> str:
    if len(values) % 2:
        raise PgError(
            sqlstate.INVALID_PARAMETER_VALUE,
            "argument list must have even number of elements",
            hint="The arguments of json_build_object() must consist of alternating keys and values.",
        )
    parts = []
    for place in range(0, len(values), 2):
        if values[place] is None:
            message = f"argument {place + 1} cannot be null"
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, message, hint="Object keys should be text.")
        row = TYPES.get(types[place])
        if types[place] in _NO_KEYS or (row is not None and row.is_array):
            message = "key value must be scalar, not array, composite, or json"
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, message)
        key = quoted(shown(types[place], context)(values[place]))
        parts.append(f"{key}{colon}{piece_of(types[place + 1], values[place + 1], context)}")
    return "{" + ", ".join(parts) + "}"


@function("json_build_object() json", "json_build_object(any...) json", nulls=True, context=True, typed=True)
def _json_build_object(context: Context, types: Sequence[Oid], *values: Any) -> str:
    return _object(context, types, values)


@function("jsonb_build_object() jsonb", "jsonb_build_object(any...) jsonb", nulls=True, context=True, typed=True)
def _jsonb_build_object(context: Context, types: Sequence[Oid], *values: Any) -> str:
    return normalised(_object(context, types, values))


@function("json_build_array() json", "json_build_array(any...) json", nulls=True, context=True, typed=True)
def _json_build_array(context: Context, types: Sequence[Oid], *values: Any) -> str:
    return "[" + ", ".join(piece_of(oid, value, context) for oid, value in zip(types, values, strict=True)) + "]"


@function("jsonb_build_array() jsonb", "jsonb_build_array(any...) jsonb", nulls=True, context=True, typed=True)
def _jsonb_build_array(context: Context, types: Sequence[Oid], *values: Any) -> str:
    return normalised(_json_build_array(context, types, *values))


@function("json_object(text[]) json", "json_object(text[], text[]) json")
def _json_object(items: list[Any], values: list[Any] | None = None) -> str:
    """Of keys and values by turns, or in rows of two, or in two arrays."""
    if values is not None:
        return _object_of(*_two_lists(items, values))
    lengths = dimensions(items)
    if len(lengths) > 2:
        raise PgError(sqlstate.ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts")
    if len(lengths) == 2 and lengths[1] != 2:
        raise PgError(sqlstate.ARRAY_SUBSCRIPT_ERROR, "array must have two columns")
    texts = flattened(items)
    if len(texts) % 2:
        raise PgError(sqlstate.ARRAY_SUBSCRIPT_ERROR, "array must have even number of elements")
    return _object_of(texts[::2], texts[1::2])


def _two_lists(keys: list[Any], values: list[Any]) -> tuple[list[Any], list[Any]]:
    if len(dimensions(keys)) > 1 or len(dimensions(values)) > 1:
        raise PgError(sqlstate.ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts")
    if len(keys) != len(values):
        raise PgError(sqlstate.ARRAY_SUBSCRIPT_ERROR, "mismatched array dimensions")
    return keys, values


def _object_of(keys: Sequence[str | None], values: Sequence[str | None]) -> str:
    parts = []
    for key, value in zip(keys, values, strict=True):
        if key is None:
            raise PgError(sqlstate.NULL_VALUE_NOT_ALLOWED, "null value not allowed for object key")
        parts.append(f"{quoted(key)} : {'null' if value is None else quoted(value)}")
    return "{" + ", ".join(parts) + "}"


function("jsonb_object(text[]) jsonb", "jsonb_object(text[], text[]) jsonb")(
    lambda items, values=None: normalised(_json_object(items, values))
)
