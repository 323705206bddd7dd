"""Codecs of arrays. A value is the array literal whose elements stand as their type prints them with default settings in UTC.

PostgreSQL: arrays#ARRAYS-INPUT, arrays#ARRAYS-IO, src/backend/utils/adt/arrayfuncs.c (array_recv, array_send)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import prod
from struct import Struct, error
from typing import Any

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types import invalid, oids
from pgiris.types.codec import Codec, Context, Decode, Encode, Oid, Value
from pgiris.types.encoding import text_decoder, text_encoder
from pgiris.types.scalar import TEXT

CANONICAL = Context()  # the settings that array values are written with
MAX_DIMENSIONS = 6  # PostgreSQL: MAXDIM
_HEADER = Struct("!iiI")  # dimensions, whether a NULL is among the elements, element type
_PAIR = Struct("!ii")  # length, lower bound of one dimension
_LENGTH = Struct("!i")
_NULL = _LENGTH.pack(-1)


@dataclass(frozen=True)
class Array:
    """items: the elements' texts, None for NULL, the last dimension running fastest."""

    lengths: tuple[int, ...]
    lower_bounds: tuple[int, ...]
    items: Sequence[str | None]


class Elements(list[Any]):
    """An array as its values, for types whose text does not say all: reg* types. lower: the bound of its one dimension."""

    def __init__(self, values: Iterable[Value], lower: int = 1) -> None:
        super().__init__(values)
        self.lower = lower


# The literal.

_TOKEN = re.compile(r'\s*(?:([{},])|"((?:[^"\\]|\\.)*)"|((?:[^{},"\\\s]|\\.|\s+(?=[^{},"\s]))+))\s*', re.DOTALL)
_BOUNDS = re.compile(r"\s*((?:\[[+-]?[0-9]+(?::[+-]?[0-9]+)?\]\s*)+)=\s*")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SPECIAL = re.compile(r'[\s{}",\\]')


def parse(text: str) -> Array:
    """Raises PgError 22P02 ``malformed array literal``, 2202E or 54000."""
    inside = text[1:-1]
    if text[:1] == "{" and text[-1:] == "}" and inside and not _SPECIAL.search(inside.replace(",", "")):
        items = inside.split(",")
        if "" not in items:
            return Array((len(items),), (1,), [None if item.upper() == "NULL" else item for item in items])
    return _parse_with_bounds(text)


def _malformed(text: str, detail: str) -> PgError:
    return PgError(sqlstate.INVALID_TEXT_REPRESENTATION, f'malformed array literal: "{text}"', detail=detail)


def _parse_with_bounds(text: str) -> Array:
    match = _BOUNDS.match(text)
    if match is None:
        if text.lstrip()[:1] == "[":
            raise _malformed(text, 'Missing "=" after array dimensions.')
        return _parse_braces(text, text)
    bounds: list[tuple[int, int]] = []
    for part in re.findall(r"\[([^\]]+)\]", match[1]):
        lower, _, upper = part.rpartition(":")
        bounds.append((int(lower or 1), int(upper)))
    if any(upper < lower for lower, upper in bounds):
        raise PgError(sqlstate.ARRAY_SUBSCRIPT_ERROR, "upper bound cannot be less than lower bound")
    array = _parse_braces(text[match.end() :], text)
    if array.lengths != tuple(upper - lower + 1 for lower, upper in bounds):
        raise _malformed(text, "Specified array dimensions do not match array contents.")
    return replace(array, lower_bounds=tuple(lower for lower, _ in bounds))


def _parse_braces(text: str, whole: str) -> Array:
    if text.lstrip()[:1] != "{":
        raise _malformed(whole, 'Array value must start with "{" or dimension information.')
    lengths: list[int | None] = []  # of each depth; None until its first brace closes
    counts: list[int] = []  # of each open brace
    items: list[str | None] = []
    leaf_depth = 0
    value_wanted, at = True, 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _malformed(whole, "Unexpected array element.")
        at = match.end()
        mark, quoted, bare = match.groups()
        if mark == "{":
            if not value_wanted or (leaf_depth and len(counts) >= leaf_depth):
                raise _malformed(whole, 'Unexpected "{" character.')
            if counts:
                counts[-1] += 1
            counts.append(0)
            if len(counts) > len(lengths):
                lengths.append(None)
            if len(lengths) > MAX_DIMENSIONS:
                message = f"number of array dimensions ({len(lengths)}) exceeds the maximum allowed ({MAX_DIMENSIONS})"
                raise PgError(sqlstate.PROGRAM_LIMIT_EXCEEDED, message)
        elif mark == "}":
            count = counts.pop()
            if not count and counts:
                raise _malformed(whole, 'Unexpected "}" character.')
            if (value_wanted and count) or (lengths[len(counts)] not in (None, count)):
                raise _malformed(whole, _unmatched(value_wanted and bool(count)))
            lengths[len(counts)] = count
            value_wanted = False
            if not counts:
                break
        elif mark == ",":
            if value_wanted:
                raise _malformed(whole, 'Unexpected "," character.')
            value_wanted = True
        else:
            leaf_depth = leaf_depth or len(counts)
            if not value_wanted or len(counts) != leaf_depth:
                raise _malformed(whole, "Unexpected array element.")
            counts[-1] += 1
            items.append(_element(quoted, bare))
            value_wanted = False
        if mark == "{":
            value_wanted = True
    if counts:
        raise _malformed(whole, "Unexpected end of input.")
    if text[at:].strip():
        raise _malformed(whole, "Junk after closing right brace.")
    if not items:
        return Array((), (), [])
    shape = tuple(length or 0 for length in lengths)
    if prod(shape) != len(items):
        raise _malformed(whole, _unmatched(False))
    return Array(shape, (1,) * len(shape), items)


def _unmatched(comma: bool) -> str:
    if comma:
        return 'Unexpected "}" character.'
    return "Multidimensional arrays must have sub-arrays with matching dimensions."


def _element(quoted: str | None, bare: str | None) -> str | None:
    if quoted is not None:
        return _ESCAPED.sub(r"\1", quoted) if "\\" in quoted else quoted
    assert bare is not None
    if bare.upper() == "NULL":
        return None
    return _ESCAPED.sub(r"\1", bare) if "\\" in bare else bare


def write(array: Array) -> str:
    if not array.lengths:
        return "{}"
    level = [_quoted(item) for item in array.items]
    for length in reversed(array.lengths):
        level = [f"{{{','.join(level[i : i + length])}}}" for i in range(0, len(level), length)]
    if all(bound == 1 for bound in array.lower_bounds):
        return level[0]
    pairs = zip(array.lower_bounds, array.lengths, strict=True)
    return f"{''.join(f'[{lower}:{lower + length - 1}]' for lower, length in pairs)}={level[0]}"


def _quoted(item: str | None) -> str:
    if item is None:
        return "NULL"
    if not item or _SPECIAL.search(item) or item.upper() == "NULL":
        escaped = item.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return item


def from_list(items: Iterable[Value], text: Callable[[Value], str]) -> Array:
    """A (nested) list, as DuckDB gives arrays. text: an element's canonical text."""
    level, lengths = list(items), list[int]()
    while True:
        lengths.append(len(level) // (prod(lengths) or 1))
        if not level or not isinstance(level[0], (list, tuple)):
            break
        level = [item for sub in level for item in sub]
    if not level:
        return Array((), (), [])
    return Array(tuple(lengths), (1,) * len(lengths), [None if item is None else text(item) for item in level])


# The codec.


def array_of(element_oid: Oid, element: Codec) -> Codec:
    canonical_out, canonical_in = element.text_out(CANONICAL, -1), element.text_in(CANONICAL)
    if element_oid == oids.BPCHAR:  # computed elements have their blanks, which its input function would take away
        canonical_in = bytes.decode

    def canonical_text(value: Value) -> str:
        return canonical_out(value).decode()

    def literal(value: Value) -> str:
        if type(value) is str:
            return value
        made = from_list(value, canonical_text)
        return write(replace(made, lower_bounds=(value.lower,)) if isinstance(value, Elements) and value else made)

    def mapped(array: Array, change: Callable[[str], str]) -> str:
        return write(replace(array, items=[None if item is None else change(item) for item in array.items]))

    def text_out(context: Context, typmod: int) -> Encode:
        encode = text_encoder(context.client_encoding)
        if typmod < 0 and replace(context, client_encoding="UTF8") == CANONICAL:
            return lambda value: encode(literal(value))
        element_out = element.text_out(replace(context, client_encoding="UTF8"), typmod)

        def shown(item: str) -> str:
            return element_out(canonical_in(item.encode())).decode()

        return lambda value: encode(mapped(parse(literal(value)), shown))

    def text_in(context: Context) -> Decode:
        decode, element_in = text_decoder(context.client_encoding), element.text_in(replace(context, client_encoding="UTF8"))

        def canonical(item: str) -> str:
            return canonical_text(element_in(item.encode()))

        if element is TEXT:
            return lambda raw: write(parse(decode(raw)))
        return lambda raw: mapped(parse(decode(raw)), canonical)

    def binary_out(context: Context, typmod: int) -> Encode:
        element_out = _if_any(lambda: element.binary_out(context, typmod))

        def binary(value: Value) -> bytes:
            if isinstance(value, Elements):
                cells = [None if item is None else element_out(item) for item in value]
                return pack(Array((len(value),), (value.lower,), []) if value else Array((), (), []), cells, element_oid)
            array = parse(literal(value))
            cells = [None if item is None else element_out(canonical_in(item.encode())) for item in array.items]
            return pack(array, cells, element_oid)

        return binary

    def binary_in(context: Context) -> Decode:
        element_in = _if_any(lambda: element.binary_in(context))
        return lambda raw: write(_unpack(raw, element_oid, lambda cell: canonical_text(element_in(cell))))

    return Codec(text_out, binary_out, text_in, binary_in)


def _if_any(made: Callable[[], Callable[[Any], Any]]) -> Callable[[Any], Any]:
    """A type without a binary form complains of its values: arrays without elements, and NULL, have one."""
    try:
        return made()
    except PgError as error:
        complaint = error

    def fail(value: Any) -> Any:
        raise complaint

    return fail


def pack(array: Array, cells: Sequence[bytes | None], element_oid: Oid) -> bytes:
    """An array's binary form. cells: its elements in theirs."""
    parts = [_HEADER.pack(len(array.lengths), None in cells, element_oid)]
    parts += [_PAIR.pack(length, lower) for length, lower in zip(array.lengths, array.lower_bounds, strict=True)]
    for cell in cells:
        if cell is None:
            parts.append(_NULL)
        else:
            parts += (_LENGTH.pack(len(cell)), cell)
    return b"".join(parts)


def _unpack(raw: bytes, element_oid: Oid, text: Callable[[bytes], str]) -> Array:
    try:
        dimensions, flags, sent_oid = _HEADER.unpack_from(raw)
        _check_header(dimensions, flags, sent_oid, element_oid)
        pairs = [_PAIR.unpack_from(raw, 12 + 8 * i) for i in range(dimensions)]
        at, items = 12 + 8 * dimensions, list[str | None]()
        for number in range(prod(length for length, _ in pairs) if pairs else 0):
            length: int = _LENGTH.unpack_from(raw, at)[0]
            at += 4
            if length < -1 or length > len(raw) - at:
                raise PgError(sqlstate.INVALID_BINARY_REPRESENTATION, "insufficient data left in message")
            items.append(None if length < 0 else _item(raw[at : at + length], text, number + 1))
            at += max(length, 0)
    except error:
        raise PgError(sqlstate.PROTOCOL_VIOLATION, "insufficient data left in message") from None
    if at < len(raw):
        raise invalid.TrailingBytes
    if not items:
        return Array((), (), [])
    return Array(tuple(length for length, _ in pairs), tuple(lower for _, lower in pairs), items)


def _check_header(dimensions: int, flags: int, sent_oid: int, element_oid: Oid) -> None:
    if dimensions < 0:
        raise PgError(sqlstate.INVALID_BINARY_REPRESENTATION, f"invalid number of dimensions: {dimensions}")
    if dimensions > MAX_DIMENSIONS:
        message = f"number of array dimensions ({dimensions}) exceeds the maximum allowed ({MAX_DIMENSIONS})"
        raise PgError(sqlstate.PROGRAM_LIMIT_EXCEEDED, message)
    if flags not in (0, 1):
        raise PgError(sqlstate.INVALID_BINARY_REPRESENTATION, "invalid array flags")
    if sent_oid != element_oid:
        message = f"binary data has array element type {sent_oid} instead of expected {element_oid}"
        raise PgError(sqlstate.DATATYPE_MISMATCH, message)


def _item(raw: bytes, text: Callable[[bytes], str], number: int) -> str:
    try:
        return text(raw)
    except invalid.TrailingBytes:
        message = f"improper binary format in array element {number}"
        raise PgError(sqlstate.INVALID_BINARY_REPRESENTATION, message) from None


def vector_of(element_oid: Oid, element: Codec) -> Codec:
    """int2vector, oidvector: blanks between the elements in text, an array counted from 0 in binary."""
    canonical_in, canonical_out = element.text_in(CANONICAL), element.text_out(CANONICAL, -1)

    def words(value: Value) -> list[str]:
        return value.split() if isinstance(value, str) else [canonical_out(item).decode() for item in value]

    def binary_out(context: Context, typmod: int) -> Encode:
        element_out = element.binary_out(context, -1)

        def binary(value: Value) -> bytes:
            items = words(value)
            return pack(Array((len(items),), (0,), items), [element_out(canonical_in(i.encode())) for i in items], element_oid)

        return binary

    def binary_in(context: Context) -> Decode:
        element_in = element.binary_in(context)

        def from_binary(raw: bytes) -> str:
            items = _unpack(raw, element_oid, lambda cell: canonical_out(element_in(cell)).decode()).items
            return " ".join(item or "" for item in items)

        return from_binary

    def from_text(raw: bytes) -> str:
        return " ".join(canonical_out(canonical_in(word)).decode() for word in raw.split())

    return Codec(
        lambda context, typmod: lambda value: " ".join(words(value)).encode("ascii"),
        binary_out,
        lambda context: from_text,
        binary_in,
    )
