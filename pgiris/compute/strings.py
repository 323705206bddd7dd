"""Strings: PostgreSQL's functions on text. Characters are code points. PostgreSQL: functions-string"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pgiris import sqlstate
from pgiris.compute.casts import converter, shown
from pgiris.compute.registry import function
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.codec import Context, Oid

MAX_LENGTH = 1 << 28  # characters of a result; PostgreSQL ends at 1 GB


@function("lower(text) text")
def lower(text: str) -> str:
    """Character by character: none becomes several."""
    made = text.lower()
    return made if len(made) == len(text) else "".join(one if len(one.lower()) > 1 else one.lower() for one in text)


@function("upper(text) text")
def upper(text: str) -> str:
    made = text.upper()
    return made if len(made) == len(text) else "".join(one if len(one.upper()) > 1 else one.upper() for one in text)


function("length(text) int4", "char_length(text) int4", "character_length(text) int4")(len)
function("length(bpchar) int4", "char_length(bpchar) int4", "character_length(bpchar) int4")(lambda text: len(text.rstrip(" ")))
function("octet_length(text) int4", "octet_length(bpchar) int4")(lambda text: len(text.encode()))
function("bit_length(text) int4")(lambda text: 8 * len(text.encode()))
function("position(text, text) int4", "strpos(text, text) int4")(lambda text, part: text.find(part) + 1)
function("replace(text, text, text) text")(lambda text, old, new: text.replace(old, new) if old else text)
function("reverse(text) text")(lambda text: text[::-1])
function("starts_with(text, text) bool", "^@(text, text) bool")(str.startswith)
function("ascii(text) int4")(lambda text: ord(text[0]) if text else 0)
function("||(text, text) text")(lambda left, right: left + right)
function("to_hex(int4) text")(lambda value: f"{value & 0xFFFFFFFF:x}")
function("to_hex(int8) text")(lambda value: f"{value & 0xFFFFFFFFFFFFFFFF:x}")
function("left(text, int4) text")(lambda text, count: text[:count] if count >= 0 else text[: max(len(text) + count, 0)])
function("right(text, int4) text")(lambda text, count: (text[-count:] if count else "") if count >= 0 else text[-count:])


@function("initcap(text) text")
def _initcap(text: str) -> str:
    return re.sub(r"[^\W_]+", lambda match: match[0][:1].upper() + match[0][1:].lower(), text)


@function("chr(int4) text")
def _chr(code: int) -> str:
    if code == 0:
        raise PgError(sqlstate.PROGRAM_LIMIT_EXCEEDED, "null character not permitted")
    if code < 0:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "character number must be positive")
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise PgError(sqlstate.PROGRAM_LIMIT_EXCEEDED, f"requested character too large for encoding: {code}")
    return chr(code)


@function("repeat(text, int4) text")
def _repeat(text: str, count: int) -> str:
    if count > 0 and len(text) * count > MAX_LENGTH:
        raise PgError(sqlstate.PROGRAM_LIMIT_EXCEEDED, "requested length too large")
    return text * max(count, 0)


def _padding(text: str, length: int, fill: str) -> str:
    missing = length - len(text)
    if length > MAX_LENGTH:
        raise PgError(sqlstate.PROGRAM_LIMIT_EXCEEDED, "requested length too large")
    return (fill * (missing // len(fill) + 1))[:missing] if fill and missing > 0 else ""


@function("lpad(text, int4) text", "lpad(text, int4, text) text")
def _lpad(text: str, length: int, fill: str = " ") -> str:
    return (_padding(text, length, fill) + text[: max(length, 0)])[: max(length, 0)]


@function("rpad(text, int4) text", "rpad(text, int4, text) text")
def _rpad(text: str, length: int, fill: str = " ") -> str:
    return (text + _padding(text, length, fill))[: max(length, 0)]


@function("btrim(text) text", "btrim(text, text) text")
def _btrim(text: str, characters: str = " ") -> str:
    return text.strip(characters) if characters else text


@function("ltrim(text) text", "ltrim(text, text) text")
def _ltrim(text: str, characters: str = " ") -> str:
    return text.lstrip(characters) if characters else text


@function("rtrim(text) text", "rtrim(text, text) text")
def _rtrim(text: str, characters: str = " ") -> str:
    return text.rstrip(characters) if characters else text


@function("substring(text, int4) text", "substr(text, int4) text")
def _from(text: str, start: int) -> str:
    return text[max(start, 1) - 1 :]


@function("substring(text, int4, int4) text", "substr(text, int4, int4) text")
def _substring(text: str, start: int, length: int) -> str:
    if length < 0:
        raise PgError(sqlstate.SUBSTRING_ERROR, "negative substring length not allowed")
    return text[max(start, 1) - 1 : max(start + length - 1, 0)]


@function("overlay(text, text, int4) text", "overlay(text, text, int4, int4) text")
def _overlay(text: str, new: str, start: int, length: int | None = None) -> str:
    if start <= 0:
        raise PgError(sqlstate.SUBSTRING_ERROR, "negative substring length not allowed")
    end = start + (len(new) if length is None else length)
    return text[: start - 1] + new + text[max(end, 1) - 1 :]


@function("translate(text, text, text) text")
def _translate(text: str, old: str, new: str) -> str:
    table: dict[int, str | None] = {}
    for index, character in enumerate(old):
        table.setdefault(ord(character), new[index] if index < len(new) else None)
    return text.translate(table)


@function("split_part(text, text, int4) text")
def _split_part(text: str, delimiter: str, place: int) -> str:
    if place == 0:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "field position must not be zero")
    parts = text.split(delimiter) if delimiter else [text]
    if place < 0:
        place += len(parts) + 1
    return parts[place - 1] if 1 <= place <= len(parts) else ""


@function("string_to_array(text, text) text[]", "string_to_array(text, text, text) text[]", nulls=True)
def split(text: str | None, delimiter: str | None, null: str | None = None) -> list[str | None] | None:
    if text is None:
        return None
    if not text:
        return []
    parts = list(text) if delimiter is None else text.split(delimiter) if delimiter else [text]
    return [None if part == null else part for part in parts]


# Functions of arguments of any type, which are shown as their output functions show them.


@function("concat(any...) text", nulls=True, context=True, typed=True)
def _concat(context: Context, types: Sequence[Oid], *values: Any) -> str:
    return "".join([shown(oid, context)(value) for oid, value in zip(types, values, strict=True) if value is not None])


@function("concat_ws(text, any...) text", nulls=True, context=True, typed=True)
def _concat_ws(context: Context, types: Sequence[Oid], separator: str | None, *values: Any) -> str | None:
    if separator is None:
        return None
    pairs = zip(types[1:], values, strict=True)
    return separator.join([shown(oid, context)(value) for oid, value in pairs if value is not None])


@function("quote_literal(text) text")
def quote_literal(text: str) -> str:
    quoted = "'" + text.replace("'", "''").replace("\\", "\\\\") + "'"
    return f"E{quoted}" if "\\" in text else quoted


@function("quote_nullable(text) text", nulls=True)
def _quote_nullable(text: str | None) -> str:
    return "NULL" if text is None else quote_literal(text)


@function("quote_literal(anyelement) text", context=True, typed=True)
def _quote_value(context: Context, types: Sequence[Oid], value: Any) -> str:
    return quote_literal(converter(types[0], oids.TEXT, -1, context)(value))


@function("quote_nullable(anyelement) text", nulls=True, context=True, typed=True)
def _quote_nullable_value(context: Context, types: Sequence[Oid], value: Any) -> str:
    return "NULL" if value is None else _quote_value(context, types, value)


# Words that PostgreSQL quotes when they are names. PostgreSQL: src/include/parser/kwlist.h, all but the unreserved ones
_RESERVED = frozenset(
    """
    all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char
    character check coalesce collate collation column concurrently constraint create cross current_catalog current_date
    current_role current_schema current_time current_timestamp current_user dec decimal default deferrable desc distinct do
    else end except exists extract false fetch float for foreign freeze from full grant greatest group grouping having ilike
    in initially inner inout int integer intersect interval into is isnull join lateral leading least left like limit
    localtime localtimestamp national natural nchar none normalize not notnull null nullif numeric offset on only or order
    out outer overlaps overlay placing position precision primary real references returning right row select session_user
    setof similar smallint some substring symmetric table tablesample then time timestamp to trailing treat trim true union
    unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists
    xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
    """.split()  # noqa: SIM905
)


@function("quote_ident(text) text")
def quote_ident(text: str) -> str:
    if re.fullmatch(r"[a-z_][a-z0-9_]*", text) and text not in _RESERVED:
        return text
    return '"' + text.replace('"', '""') + '"'


_DIRECTIVE = re.compile(r"%(?:(\d+)\$)?(-)?(\*(?:(\d+)\$)?|\d+)?(.?)", re.DOTALL)


@function("format(text) text", "format(text, any...) text", nulls=True, context=True, typed=True)
def _format(context: Context, types: Sequence[Oid], pattern: str | None, *values: Any) -> str | None:
    """PostgreSQL: functions-string#FUNCTIONS-STRING-FORMAT"""
    if pattern is None:
        return None
    texts = [None if v is None else shown(oid, context)(v) for oid, v in zip(types[1:], values, strict=True)]
    used = 0

    def argument(place: str | None) -> str | None:
        nonlocal used
        if place == "0":
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "format specifies argument 0, but arguments are numbered from 1")
        used = int(place) if place else used + 1
        if used > len(texts):
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "too few arguments for format()")
        return texts[used - 1]

    def written(match: re.Match[str]) -> str:
        place, minus, width, width_place, kind = match.groups()
        if kind == "%" and match[0] == "%%":
            return "%"
        if not kind:
            hint = 'For a single "%" use "%%".'
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "unterminated format() type specifier", hint=hint)
        if kind not in "sIL":
            hint = 'For a single "%" use "%%".'
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'unrecognized format() type specifier "{kind}"', hint=hint)
        count = 0
        if width:
            count = int(argument(width_place) or 0) if width[0] == "*" else int(width)
        text = argument(place)
        if kind == "I":
            if text is None:
                raise PgError(sqlstate.NULL_VALUE_NOT_ALLOWED, "null values cannot be formatted as an SQL identifier")
            text = quote_ident(text)
        elif kind == "L":
            text = "NULL" if text is None else quote_literal(text)
        text = text or ""
        return text.ljust(abs(count)) if minus or count < 0 else text.rjust(count)

    return _DIRECTIVE.sub(written, pattern)


@function("normalize(text) text", "normalize(text, text) text")
def _normalize(text: str, form: str = "NFC") -> str:
    import unicodedata

    if form.upper() not in ("NFC", "NFD", "NFKC", "NFKD"):
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"invalid normalization form: {form}")
    return unicodedata.normalize(form.upper(), text)  # type: ignore[arg-type]


@function("is_normalized(text) bool", "is_normalized(text, text) bool")
def _is_normalized(text: str, form: str = "NFC") -> bool:
    return _normalize(text, form) == text


# LIKE


def like_pattern(pattern: str, escape: str = "\\") -> str:
    """As a regular expression of Python's."""
    out, at = [], 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if escape and character == escape:
            if at == len(pattern):
                raise PgError(sqlstate.INVALID_ESCAPE_SEQUENCE, "LIKE pattern must not end with escape character")
            out.append(re.escape(pattern[at]))
            at += 1
        else:
            out.append({"%": ".*", "_": "."}.get(character) or re.escape(character))
    return "".join(out)


function("with blanks(bpchar) text")(lambda text: text)


@function("~~(text, text) bool", "~~(text, text, text) bool")
def _like(text: str, pattern: str, escape: str = "\\") -> bool:
    return re.fullmatch(like_pattern(pattern, escape), text, re.DOTALL) is not None


@function("~~*(text, text) bool", "~~*(text, text, text) bool")
def _ilike(text: str, pattern: str, escape: str = "\\") -> bool:
    return re.fullmatch(like_pattern(pattern, escape), text, re.DOTALL | re.IGNORECASE) is not None
