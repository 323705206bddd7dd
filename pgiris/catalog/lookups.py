"""Lookups: PostgreSQL's functions on the catalog that no DuckDB expression is, as Python functions registered with DuckDB.

functions.py says which PostgreSQL function is which.
PostgreSQL: functions-info, functions-admin, functions-string#FUNCTIONS-STRING-FORMAT
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache, lru_cache
from typing import Any

import msgspec

from pgiris import sqlstate
from pgiris.catalog import objectnames as names
from pgiris.catalog.facts import NAMED, Facts
from pgiris.catalog.objectnames import path_of, quote_ident
from pgiris.catalog.registry import add, lookup
from pgiris.catalog.texts import PRETTY
from pgiris.compute import documents, networks, places
from pgiris.compute.comparisons import span_us
from pgiris.compute.program import compiled
from pgiris.compute.records import record_text
from pgiris.errors import PgError, not_supported
from pgiris.sql.deparse import Template
from pgiris.types import array, interval, oids
from pgiris.types.codec import Context, Oid
from pgiris.types.enums import place_of
from pgiris.types.jsontext import normalised
from pgiris.types.numeric import shortest4, shortest8
from pgiris.types.objects import FIRST_USER_OID

# reg* types

for _kind, _type in (
    ("class", "regclass"),
    ("collation", "regcollation"),
    ("ts_config", "regconfig"),
    ("ts_dict", "regdictionary"),
):
    add(f"{_type}in(text, text) oid", lambda f, text, path, kind=_kind: names.name_in(f, kind, text, path_of(path)))
    add(f"{_type}out(oid, text) text", lambda f, oid, path, kind=_kind: names.name_out(f, kind, oid, path_of(path)))
for _type, _read, _write in (
    ("regtype", names.type_in, names.type_out),
    ("regproc", names.function_in, names.function_out),
    ("regprocedure", names.procedure_in, names.procedure_out),
    ("regoper", names.operator_in, names.operator_out),
    ("regoperator", names.typed_operator_in, names.typed_operator_out),
):
    add(f"{_type}in(text, text) oid", lambda f, text, path, read=_read: read(f, text, path_of(path)))
    add(f"to_{_type}_1(text, text) oid", lambda f, text, path, read=_read: read(f, text, path_of(path), missing_ok=True))
    add(f"{_type}out(oid, text) text", lambda f, oid, path, write=_write: write(f, oid, path_of(path)))
for _kind, _type in (("class", "regclass"), ("collation", "regcollation")):
    add(
        f"to_{_type}_1(text, text) oid",
        lambda f, text, path, kind=_kind: names.name_in(f, kind, text, path_of(path), missing_ok=True),
    )
add("regnamespacein(text, text) oid", lambda f, text, path: names.namespace_in(f, text))
add("to_regnamespace_1(text) oid", lambda f, text: names.namespace_in(f, text, missing_ok=True))
add("regnamespaceout(oid, text) text", lambda f, oid, path: names.simple_out(f.namespaces, oid))
add("regrolein(text, text) oid", lambda f, text, path: names.role_in(f, text))
add("to_regrole_1(text) oid", lambda f, text: names.role_in(f, text, missing_ok=True))
add("regroleout(oid, text) text", lambda f, oid, path: names.simple_out(f.roles, oid))
add("format_type(oid, int, text) text", lambda f, oid, typmod, path: names.format_type(f, oid, typmod, path_of(path)))

for _kind in NAMED:
    _shown = {"class": "table"}.get(_kind, _kind)
    add(
        f"pg_{_shown}_is_visible_1(oid, text) bool",
        lambda f, oid, path, kind=_kind: f.objects(kind).is_visible(oid, path_of(path)),
    )


# Definitions

CLASS, CONSTRAINT, PROC, RULE, TRIGGER = 1259, 2606, 1255, 2618, 2620
add("definition(oid, int) text", lambda f, oid, classid: f.definitions.get((classid, oid)))
add("label(text, oid) text", lambda f, text, oid: text if place_of(Oid(oid), text) else None)
add("expanded(text, text) text", lambda f, text, path: expanded(f, text, path))
for _number in (1, 2):
    _more = ", bool" if _number == 2 else ""
    add(
        f"pg_get_constraintdef_{_number}(oid{_more}, text) text",
        lambda f, oid, *rest: _defined(f, CONSTRAINT, oid, rest[-1], rest[0]),
    )
add("pg_get_viewdef_1(oid, text) text", lambda f, oid, path: _rendered(f, CLASS, oid, False, path))
add("pg_get_viewdef_2(oid, bool, text) text", lambda f, oid, pretty, path: _rendered(f, CLASS, oid, pretty, path))
add("pg_get_ruledef_1(oid, text) text", lambda f, oid, path: _rendered(f, RULE, oid, False, path))
add("wrapped_viewdef(oid, int, text) text", lambda f, oid, wrap, path: _rendered(f, CLASS, oid, True, path, wrap))
add("pg_get_indexdef_1(oid, text) text", lambda f, oid, path: _defined(f, CLASS, oid, path))

_RELATION = re.compile("\x01([0-9]+)\x02")
_TYPE = re.compile("\x03([0-9]+)\x02")


def expanded(facts: Facts, text: str, path: str) -> str:
    """Relations and enums stand in definitions by their OID: how they are named depends on the session."""
    shown = _RELATION.sub(lambda match: names.name_out(facts, "class", int(match[1]), path_of(path)), text)
    return _TYPE.sub(lambda match: names.format_type(facts, int(match[1]), -1, path_of(path)), shown)


def _defined(facts: Facts, classid: int, oid: int, path: str, pretty: object = False) -> str | None:
    text = facts.definitions.get((classid, oid))
    if text is None:
        return None
    plain, _, other = text.partition(PRETTY)
    return expanded(facts, other if other and pretty is True else plain, path)


def _rendered(facts: Facts, classid: int, oid: int, pretty: bool, path: str, wrap: int = 0) -> str | None:
    """A view's query, or its rule."""
    text = _defined(facts, classid, oid, path)
    return None if text is None else Template(text).render(pretty, wrap)


@lookup("pg_get_ruledef_2(oid, bool, text) text")
def _rule(facts: Facts, oid: int, pretty: bool, path: str) -> str | None:
    text = _rendered(facts, RULE, oid, pretty, path)
    found = facts.rows("SELECT ev_class FROM pgc.pg_rewrite WHERE oid = ?", oid)
    return text if text is None or not found or not pretty else _with_table(facts, text, found[0][0], " DO ", path, " TO ")


@lookup("pg_get_indexdef_3(oid, int, bool, text) text")
def _index_part(facts: Facts, oid: int, place: int, pretty: bool, path: str) -> str | None:
    """place: 0 for all of the index, else one of its columns."""
    if place == 0:
        return _pretty_index(facts, oid, path) if pretty else _defined(facts, CLASS, oid, path)
    found = facts.indexes.get(oid)
    if found is None or not 1 <= place <= len(found[1]):
        return None if found is None else ""
    name = facts.attributes(found[0]).get(found[1][place - 1])
    if name is None:
        raise not_supported("definitions of index columns that are expressions are not supported")
    return quote_ident(name)


def _pretty_index(facts: Facts, oid: int, path: str) -> str | None:
    """The table without its schema, where that is searched."""
    text, found = _defined(facts, CLASS, oid, path), facts.indexes.get(oid)
    if text is None or found is None:
        return text
    return _with_table(facts, text, found[0], " USING ", path)


def _with_table(facts: Facts, text: str, oid: int, behind: str, path: str, before: str = " ON ") -> str:
    """A definition on a table, which is named as the session names it."""
    table = facts.objects("class").by_oid[oid]
    full = f"{before}{quote_ident(table.schema)}.{quote_ident(table.name)}{behind}"
    return text.replace(full, f"{before}{names.qualified(facts, 'class', oid, path_of(path))}{behind}", 1)


@lookup("pg_get_triggerdef_2(oid, bool, text) text")
def _trigger(facts: Facts, oid: int, pretty: bool, path: str) -> str | None:
    text, found = facts.definitions.get((TRIGGER, oid)), facts.rows("SELECT tgrelid FROM pgc.pg_trigger WHERE oid = ?", oid)
    if text is None or not found or not pretty:
        return text
    return _with_table(facts, text, found[0][0], " FOR EACH ", path)


@lookup("pg_index_column_has_property_3(oid, int, text) bool")
def _index_property(facts: Facts, oid: int, place: int, word: str) -> bool | None:
    found = facts.rows("SELECT indoption FROM pgc.pg_index WHERE indexrelid = ?", oid)
    if not found or not 1 <= place <= len(found[0][0]):
        return None
    option = found[0][0][place - 1]
    properties = {"asc": not option & 1, "desc": bool(option & 1), "nulls_first": bool(option & 2), "nulls_last": not option & 2}
    ordered = {"orderable": True, "distance_orderable": False, "returnable": True, "search_array": True, "search_nulls": True}
    return {**properties, **ordered}.get(word.lower())


_AM_WORDS = ("can_order", "can_unique", "can_multi_col", "can_exclude", "can_include")
_INDEX_WORDS = ("clusterable", "index_scan", "bitmap_scan", "backward_scan")
# Index kind -> which of these it has. PostgreSQL: functions-info#FUNCTIONS-INFO-INDEXAM-PROPS. IRIS's own have no order.
_METHODS = {
    "btree": ("+++++", "++++"),
    "hash": ("---+-", "-+++"),
    "gist": ("--+++", "+++-"),
    "gin": ("--+--", "--+-"),
    "spgist": ("---++", "-++-"),
    "brin": ("--+--", "--+-"),
    "hnsw": ("---+-", "-+--"),
    "bitmap": ("--+--", "--+-"),
    "bitslice": ("-----", "--+-"),
    "columnar": ("-----", "--+-"),
}


def _has(place: int, words: Sequence[str], method: str, word: str) -> bool | None:
    marks = _METHODS.get(method)
    name = word.lower()
    return None if marks is None or name not in words else marks[place][words.index(name)] == "+"


@lookup("pg_indexam_has_property_2(oid, text) bool")
def _am_property(facts: Facts, oid: int, word: str) -> bool | None:
    found = facts.rows("SELECT amname FROM pgc.pg_am WHERE oid = ?", oid)
    return _has(0, _AM_WORDS, found[0][0], word) if found else None


@lookup("pg_index_has_property_2(oid, text) bool")
def _whole_index_property(facts: Facts, oid: int, word: str) -> bool | None:
    query = "SELECT a.amname FROM pgc.pg_class c JOIN pgc.pg_am a ON a.oid = c.relam WHERE c.relkind = 'i' AND c.oid = ?"
    found = facts.rows(query, oid)
    return _has(1, _INDEX_WORDS, found[0][0], word) if found else None


for _place, _name in enumerate(("pg_get_function_arguments", "pg_get_function_identity_arguments", "pg_get_function_result")):
    add(f"{_name}_1(oid, text) text", lambda f, oid, path, place=_place: _of_routine(f, oid, place, path))


def _of_routine(facts: Facts, oid: int, place: int, path: str) -> str | None:
    text = facts.routines[oid][place] if oid in facts.routines else None
    return None if text is None else expanded(facts, str(text), path)


_VOLATILE = {"i": " IMMUTABLE", "s": " STABLE", "v": ""}
_FUNCTION = """
SELECT p.proname, n.nspname, l.lanname, p.prokind, p.provolatile, p.proparallel, p.proisstrict, p.prosecdef, p.proleakproof,
    p.procost, p.prorows, p.prosrc, p.probin
FROM pgc.pg_proc p JOIN pgc.pg_namespace n ON n.oid = p.pronamespace JOIN pgc.pg_language l ON l.oid = p.prolang
WHERE p.oid = ?
"""
_ROUTINES = 1255  # OID of pg_proc
_PARALLEL = {"s": " PARALLEL SAFE", "r": " PARALLEL RESTRICTED", "u": ""}


@lookup("pg_get_functiondef_1(oid, text) text")
def _function_definition(facts: Facts, oid: int, path: str) -> str | None:
    found = facts.rows(_FUNCTION, oid)
    if not found or oid not in facts.routines:
        return None
    name, schema, language, kind, volatile, parallel, strict, definer, leakproof, cost, rows, source, binary = found[0]
    if kind == "a":
        raise PgError(sqlstate.WRONG_OBJECT_TYPE, f'"{name}" is an aggregate function')
    arguments, _, result = (_of_routine(facts, oid, place, path) for place in range(3))
    word = "PROCEDURE" if kind == "p" else "FUNCTION"
    lines = [f"CREATE OR REPLACE {word} {quote_ident(schema)}.{quote_ident(name)}({arguments})"]
    if result is not None:
        lines.append(f" RETURNS {result}")
    lines.append(f" LANGUAGE {quote_ident(language)}")
    words = (" WINDOW" if kind == "w" else "") + _VOLATILE[volatile] + _PARALLEL[parallel] + (" STRICT" if strict else "")
    words += (" SECURITY DEFINER" if definer else "") + (" LEAKPROOF" if leakproof else "")
    words += f" COST {cost:g}" if cost != (1 if language in ("internal", "c") else 100) else ""
    words += f" ROWS {rows:g}" if rows > 0 and rows != 1000 else ""
    if words:
        lines.append(words)
    standard = facts.definitions.get((_ROUTINES, oid))
    if standard is not None:
        return "\n".join(lines) + f"\n{standard}\n"
    quote = "$procedure$" if kind == "p" else "$function$"
    body = f"AS '{binary}', " if binary is not None else "AS "
    return "\n".join(lines) + f"\n{body}{quote}{source}{quote}\n"


@lookup("pg_get_serial_sequence_2(text, text, text) text")
def _serial_sequence(facts: Facts, table: str, column: str, path: str) -> str | None:
    relation = names.name_in(facts, "class", table, path_of(path))
    numbers = [number for number, name in facts.attributes(relation or 0).items() if name == column]
    if not numbers:
        message = f'column "{column}" of relation "{names.split_name(table)[-1]}" does not exist'
        raise PgError(sqlstate.UNDEFINED_COLUMN, message)
    for (oid,) in facts.rows(
        "SELECT objid FROM pgc.pg_depend WHERE classid = 1259 AND objsubid = 0 AND refclassid = 1259 AND refobjid = ? "
        "AND refobjsubid = ? AND deptype IN ('a', 'i')",
        relation,
        numbers[0],
    ):
        if facts.classes.get(oid, ("",))[0] == "S":
            named = facts.objects("class").by_oid[oid]
            return f"{quote_ident(named.schema)}.{quote_ident(named.name)}"
    return None


add("pg_get_userbyid_1(oid) text", lambda f, oid: f.roles.get(oid, f"unknown (OID={oid})"))
add("missing_relation(oid) oid", lambda f, oid: None)
add("pg_partition_root_1(oid) oid", lambda f, oid: None)
add("pg_partition_ancestors(oid) texts", lambda f, oid: [])


# Descriptions


def _class_named(facts: Facts, word: str) -> int:
    found = facts.objects("class").find("pg_catalog", word)
    return found[0].oid if found else 0


add("obj_description_2(oid, text) text", lambda f, oid, word: f.descriptions.get((_class_named(f, word), oid, 0)))
add(
    "obj_description_1(oid) text", lambda f, oid: next((t for (_, o, s), t in f.descriptions.items() if o == oid and not s), None)
)
add("col_description_2(oid, int) text", lambda f, oid, number: f.descriptions.get((CLASS, oid, number)))
add("shobj_description_2(oid, text) text", lambda f, oid, word: f.shared_descriptions.get((_class_named(f, word), oid)))


add("is_temp_schema(oid) bool", lambda f, oid: f.namespaces.get(oid, "").startswith("pg_temp_"))

add("sequence_last_value(oid) big", lambda f, oid: None)
add("filenode(oid) oid", lambda f, oid: f.classes[oid][3] if oid in f.classes else None)
add("filepath(oid) text", lambda f, oid: None)
add("pg_tablespace_location_1(oid) text", lambda f, oid: "")
add(
    "pg_relation_is_publishable_1(oid) bool",
    lambda f, oid: oid >= FIRST_USER_OID and f.classes[oid][0] == "r" if oid in f.classes else None,
)

_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")


@lookup("pg_size_pretty_1(big) text")
def _size_pretty(facts: Facts, size: int) -> str:
    """PostgreSQL: pg_size_pretty in src/backend/utils/adt/dbsize.c"""
    if abs(size) < 10 * 1024:
        return f"{size} bytes"
    negative, value = size < 0, abs(size) >> 9
    for unit in _UNITS[1:]:
        half = value + 1 >> 1
        if half < 20 * 1024 // 2 or unit == _UNITS[-1]:
            return f"{'-' if negative else ''}{half} {unit}"
        value >>= 10
    raise AssertionError


_SIZE = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([A-Za-z]*)\s*")
_POWERS = {"": 0, "b": 0, "bytes": 0, "kb": 10, "mb": 20, "gb": 30, "tb": 40, "pb": 50}


@lookup("pg_size_bytes_1(text) big")
def _size_bytes(facts: Facts, text: str) -> int:
    match = _SIZE.fullmatch(text)
    if match is None:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'invalid size: "{text}"')
    power = _POWERS.get(match[2].lower())
    if power is None:
        detail, hint = f'Invalid size unit: "{match[2]}".', 'Valid units are "bytes", "B", "kB", "MB", "GB", "TB", and "PB".'
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'invalid size: "{text}"', detail=detail, hint=hint)
    return int((Decimal(match[1]) * 2**power).quantize(Decimal(1), ROUND_HALF_UP))


# INSERT, UPDATE and DELETE as in PostgreSQL's CmdType
add("updatable(oid) int", lambda f, oid: 28 if f.kind(oid) == "r" or oid in f.updatable_views else 0)

# Addresses, as their output function writes them: without the mask of a single host

add("host_1(text) text", lambda f, text: text.partition("/")[0])
add("family_1(text) int", lambda f, text: 6 if ":" in text else 4)
add("masklen_1(text) int", lambda f, text: int(text.partition("/")[2] or (128 if ":" in text else 32)))
add("inet_text(text) text", lambda f, text: text if "/" in text else f"{text}/{128 if ':' in text else 32}")

# Encodings. PostgreSQL: src/include/mb/pg_wchar.h

_ENCODING_NAMES = """
    SQL_ASCII EUC_JP EUC_CN EUC_KR EUC_TW EUC_JIS_2004 UTF8 MULE_INTERNAL LATIN1 LATIN2 LATIN3 LATIN4 LATIN5 LATIN6 LATIN7 LATIN8
    LATIN9 LATIN10 WIN1256 WIN1258 WIN866 WIN874 KOI8R WIN1251 WIN1252 ISO_8859_5 ISO_8859_6 ISO_8859_7 ISO_8859_8 WIN1250
    WIN1253 WIN1254 WIN1255 WIN1257 KOI8U SJIS BIG5 GBK UHC GB18030 JOHAB SHIFT_JIS_2004
"""
_ENCODINGS = _ENCODING_NAMES.split()
add("pg_encoding_to_char_1(int) text", lambda f, number: _ENCODINGS[number] if 0 <= number < len(_ENCODINGS) else "")


@lookup("pg_char_to_encoding_1(text) int")
def _encoding_number(facts: Facts, name: str) -> int:
    folded = re.sub(r"[^A-Z0-9]", "", name.upper())
    folded = {"UNICODE": "UTF8"}.get(folded, folded)
    return next((n for n, known in enumerate(_ENCODINGS) if known.replace("_", "") == folded), -1)


# Texts

add("upper_1(text) text", lambda f, text: "".join(c.upper() if len(c.upper()) == 1 else c for c in text))
add("parse_ident_1(text) texts", lambda f, text: _identifiers(text))
add("quote_ident_1(text) text", lambda f, text: quote_ident(text))


@lookup("quote_literal_1(text) text")
def _quote_literal(facts: Facts, text: str) -> str:
    doubled = text.replace("'", "''")
    return "E'" + doubled.replace("\\", "\\\\") + "'" if "\\" in text else f"'{doubled}'"


_FORMAT = re.compile(r"%(?:(\d+)\$)?(-)?(\d+)?([sIL%])")


@lookup("format(text, texts) text")
def _format(facts: Facts, pattern: str, arguments: Sequence[str | None]) -> str:
    """PostgreSQL: functions-string#FUNCTIONS-STRING-FORMAT"""
    place = 0

    def filled(match: re.Match[str]) -> str:
        nonlocal place
        if match[4] == "%":
            return "%"
        place = int(match[1]) if match[1] else place + 1
        if place > len(arguments):
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "too few arguments for format()")
        value = arguments[place - 1]
        if match[4] == "I":
            if value is None:
                raise PgError(sqlstate.NULL_VALUE_NOT_ALLOWED, "null values cannot be formatted as an SQL identifier")
            shown = quote_ident(value)
        elif match[4] == "L":
            shown = "NULL" if value is None else _quote_literal(facts, value)
        else:
            shown = value or ""
        width = int(match[3] or 0)
        return shown.ljust(width) if match[2] else shown.rjust(width)

    stray = _FORMAT.sub("", pattern)
    if "%" in stray:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, 'unrecognized format() type specifier "%"')
    return _FORMAT.sub(filled, pattern)


@lookup("regexp_matches(text, text, text) texts")
def _regexp_matches(facts: Facts, text: str, pattern: str, flags: str) -> list[str]:
    """Each match as an array literal."""
    if set(flags) - set("gi"):
        raise not_supported(f'the flags "{flags}" of regexp_matches() are not supported in a catalog query')
    found = re.finditer(regex(facts, pattern), text, re.DOTALL | (re.IGNORECASE if "i" in flags else 0))
    made = [array_text(list(match.groups()) or [match[0]]) for match in found]
    return made if "g" in flags else made[:1]


def _json_elements(text: str) -> list[str]:
    if documents.sort(text) != "array":
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"cannot extract elements from {_article(documents.sort(text))}")
    return list(documents.elements(text))


def _json_members(text: str) -> list[tuple[str, str]]:
    if documents.sort(text) != "object":
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"cannot deconstruct {_article(documents.sort(text))}")
    return list(documents.members(text))


def _article(sort: str) -> str:
    return "an object" if sort == "object" else "an array" if sort == "array" else "a scalar"


add("json_elements(text) texts", lambda f, text: _json_elements(text))
add("json_texts(text) texts", lambda f, text: list(map(documents.as_text, _json_elements(text))))
add("json_keys(text) texts", lambda f, text: [key for key, _ in _json_members(text)])
add("json_values(text) texts", lambda f, text: [value for _, value in _json_members(text)])
add("json_value_texts(text) texts", lambda f, text: [documents.as_text(value) for _, value in _json_members(text)])
_STRINGS_OF_JSON = re.compile(r'"(?:[^"\\]|\\.)*"')


@lookup("document_key(text) text")
def _document_key(facts: Facts, text: str) -> str:
    """jsonb as it is: only numbers with decimals have several texts. Raises 0A000 for a document with such."""
    if "." in text and "." in _STRINGS_OF_JSON.sub("", text):
        raise not_supported("grouping by jsonb with decimals is not supported in a catalog query")
    return text


@lookup("one_text(big) bool")
def _one_text(facts: Facts, groups: int) -> bool:
    """groups: how many there are of equal keys. Raises 0A000 where they have several texts."""
    if groups > 1:
        raise not_supported("grouping by equal numbers or intervals that are written differently is not supported here")
    return True


add("jsonb(text) text", lambda f, text: normalised(text))
add("json_string(text) text", lambda f, text: json.dumps(text, ensure_ascii=False))
add("float8_out(float) text", lambda f, value: shortest8(value).decode())
add("float4_out(float) text", lambda f, value: shortest4(value).decode())
add("array_out(texts) text", lambda f, items: array_text(items))
add("array_in(text) texts", lambda f, text: _items(text))


def _items(text: str) -> list[str | None]:
    found = array.parse(text)
    if len(found.lengths) > 1:
        raise not_supported("arrays of several dimensions are not supported in a catalog query")
    return list(found.items)


def _identifiers(text: str) -> list[str]:
    try:
        return names.split_name(text)
    except PgError:
        message = f'string is not a valid identifier: "{text}"'
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, message) from None


def array_text(items: Sequence[str | None]) -> str:
    """PostgreSQL's array literal."""
    return array.write(array.Array((len(items),), (1,), items)) if items else "{}"


@lookup("set_config(text, text) text")
def _set_config(facts: Facts, name: str, value: str) -> str:
    raise not_supported("set_config() of rows of the catalog is not supported")


# Numbers and what else compute/program.py computes


@lookup("computed(text, texts, text) text")
def _computed(facts: Facts, program: str, texts: Sequence[str | None], zone: str) -> str | None:
    """program: as JSON. texts: values in the form of types/codec.py; so is the result."""
    run, readers = _compiled(program, zone)
    found = run([None if text is None else read(text) for read, text in zip(readers, texts, strict=True)], ())
    return None if found is None else _value_text(found)


@lru_cache(1024)
def _compiled(program: str, zone: str) -> tuple[Callable[..., Any], list[Callable[[str], Any]]]:
    decoded = msgspec.json.decode(program)
    return compiled(decoded, Context(time_zone=zone)), [_READERS.get(leaf[1], str) for leaf in decoded[4:] if leaf[0] == "v"]


@lookup("rows(text, texts, text) rows")
def _rows(facts: Facts, program: str, texts: Sequence[str | None], zone: str) -> list[list[str | None]]:
    """The rows of a function of compute/rowsets.py, values as in _computed()."""
    run, readers = _compiled(program, zone)
    found = run([None if text is None else read(text) for read, text in zip(readers, texts, strict=True)], ())
    return [[None if cell is None else _value_text(cell) for cell in row] for row in found]


_READERS: dict[int, Callable[[str], Any]] = {
    oids.BOOL: lambda text: text == "true",
    oids.BYTEA: bytes.fromhex,
    oids.FLOAT4: float,
    oids.FLOAT8: float,
    **dict.fromkeys((oids.INT2, oids.INT4, oids.INT8, oids.OID), int),
}


def _value_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.hex() if isinstance(value, bytes) else str(value)


add("interval_us(text) big", lambda f, text: span_us(interval.parse(text)))
add("network_key(text) text", lambda f, text: networks.sort_key(text))
add("lsn_key(text) text", lambda f, text: places.sort_key(text))
add("tid_key(text) text", lambda f, text: places.row_key(text))


@lookup("numeric_sum(texts) text")
def _numeric_sum(facts: Facts, texts: Sequence[str | None]) -> str | None:
    numbers = [Decimal(text) for text in texts if text is not None]
    with localcontext(prec=1000):
        return f"{sum(numbers[1:], numbers[0]):f}" if numbers else None


@lookup("average(text, big) text")
def _average(facts: Facts, total: str, count: int) -> str:
    return _computed(facts, _call("average", 2), [total, str(count)], "UTC") or ""


@lookup("deviation(text, texts) text")
def _deviation(facts: Facts, name: str, texts: Sequence[str | None]) -> str | None:
    numbers = [int(text) for text in texts if text is not None]
    totals = [str(sum(numbers)), str(sum(number * number for number in numbers)), str(len(numbers))]
    found: str | None = _computed(facts, _call(name, 3), totals, "UTC")
    return found


@cache
def _call(name: str, arguments: int) -> str:
    types = [oids.NUMERIC] * (arguments - 1) + [oids.INT8]
    return msgspec.json.encode(("f", name, oids.NUMERIC, -1, *(("v", oid, n) for n, oid in enumerate(types)))).decode()


@lookup("record_out(texts) text")
def _record_out(facts: Facts, cells: Sequence[str | None]) -> str:
    return record_text(cells)


# Regular expressions

_DIFFERS = re.compile(r"\\[mMA-Z1-9]|\(\?(?:[=!<]|[a-z]*[xpn])|^\*\*\*|\[\[[.=]|\[\[:[<>]:\]\]")
_SAME_ESCAPES = frozenset(("\\D", "\\S", "\\W", "\\A", "\\Z"))


@lookup("regex(text) text")
def regex(facts: Facts, pattern: str) -> str:
    """PostgreSQL's regular expression as RE2's. Raises 0A000 for what RE2 has not or means otherwise."""
    for match in _DIFFERS.finditer(pattern):
        if match[0] not in _SAME_ESCAPES:
            raise not_supported(f'"{match[0]}" in a regular expression is not supported in a catalog query')
    return pattern.replace("\\y", "\\b").replace("\\Z", "\\z")


@lookup("regexp_match(text, text) texts")
def _regexp_match(facts: Facts, text: str, pattern: str) -> list[str | None] | None:
    match = re.search(regex(facts, pattern), text, re.DOTALL)
    if match is None:
        return None
    return list(match.groups()) or [match[0]]
