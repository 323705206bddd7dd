"""Object names: reg* types in and out, and format_type.

PostgreSQL: datatype-oid, functions-info#FUNCTIONS-INFO-CATALOG, src/backend/utils/adt/regproc.c
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources

from pgiris import sqlstate
from pgiris.catalog.facts import Facts, Named
from pgiris.errors import PgError
from pgiris.types import enums, oids
from pgiris.types.codec import Oid
from pgiris.types.table import TYPES, parse_type, type_name

PATH = tuple[str, ...]
_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*")
_PART = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([A-Za-z_\x80-\U0010ffff][\w$\x80-\U0010ffff]*))\s*(\.)?')


@lru_cache(256)
def path_of(text: str) -> PATH:
    return tuple(text.split(","))


@cache
def keywords() -> tuple[tuple[str, ...], ...]:
    """What pg_get_keywords() gives: word, catcode, barelabel, catdesc, baredesc."""
    text = resources.files("pgiris.catalog").joinpath("data/keywords.tsv").read_text("utf-8")
    return tuple(tuple(line.split("\t")) for line in text.splitlines())


@cache
def _reserved() -> frozenset[str]:
    return frozenset(row[0] for row in keywords() if row[1] != "U")


def quote_ident(name: str) -> str:
    if _PLAIN.fullmatch(name) and name not in _reserved():
        return name
    return '"' + name.replace('"', '""') + '"'


def split_name(text: str) -> list[str]:
    """``a."B".c`` -> a, B, c. Raises 42602."""
    parts, at, dotted = [], 0, True
    while dotted:
        match = _PART.match(text, at)
        if match is None or match.end() == at:
            raise PgError(sqlstate.INVALID_NAME, "invalid name syntax")
        parts.append(match[2].lower() if match[1] is None else match[1].replace('""', '"'))
        at, dotted = match.end(), match[3] is not None
    if at < len(text):
        raise PgError(sqlstate.INVALID_NAME, "invalid name syntax")
    return parts


def _number(text: str) -> int | None:
    if text == "-":
        return 0
    return int(text) if text.isascii() and text.isdigit() else None


def found(facts: Facts, kind: str, text: str, path: PATH) -> list[Named]:
    """What a possibly qualified name means."""
    parts = split_name(text)
    objects = facts.objects(kind)
    if len(parts) > 3:
        raise PgError(sqlstate.SYNTAX_ERROR, f"improper qualified name (too many dotted names): {text}")
    if len(parts) == 1:
        return objects.in_path(path, parts[0])
    own = next((schema for schema in path if schema.startswith("pg_temp_")), "pg_temp")
    return objects.find(own if parts[-2] == "pg_temp" else parts[-2], parts[-1])


def qualified(facts: Facts, kind: str, oid: int, path: PATH) -> str:
    """The name, with its schema when the name alone means something else."""
    named = facts.objects(kind).by_oid.get(oid)
    if named is None:
        return str(oid)
    visible = facts.objects(kind).is_visible(oid, path)
    return quote_ident(named.name) if visible else f"{quote_ident(named.schema)}.{quote_ident(named.name)}"


# regclass, regtype, regcollation, regconfig, regdictionary, regnamespace, regrole

_WORDS = {
    "class": (sqlstate.UNDEFINED_TABLE, "relation"),
    "collation": (sqlstate.UNDEFINED_OBJECT, "collation"),
    "ts_config": (sqlstate.UNDEFINED_OBJECT, "text search configuration"),
    "ts_dict": (sqlstate.UNDEFINED_OBJECT, "text search dictionary"),
}


def name_in(facts: Facts, kind: str, text: str, path: PATH, missing_ok: bool = False) -> int | None:
    number = _number(text)
    if number is not None and not missing_ok:
        return number
    objects = found(facts, kind, text, path)
    if objects:
        return objects[0].oid
    if missing_ok:
        return None
    names = split_name(text)
    if len(names) == 2 and names[0] not in facts.namespaces.values():
        raise PgError(sqlstate.INVALID_SCHEMA_NAME, f'schema "{names[0]}" does not exist')
    code, word = _WORDS[kind]
    raise PgError(code, f'{word} "{".".join(names)}" does not exist')


def name_out(facts: Facts, kind: str, oid: int, path: PATH) -> str:
    return qualified(facts, kind, oid, path) if oid else "-"


def type_in(facts: Facts, text: str, path: PATH, missing_ok: bool = False) -> int | None:
    number = _number(text)
    if number is not None and not missing_ok:
        return number
    try:
        return parse_type(text)[0]
    except PgError as error:
        oid = _other_type(facts, text, path)
        if oid is not None:
            return oid
        if missing_ok:
            return None
        if error.code == sqlstate.FEATURE_NOT_SUPPORTED:
            raise PgError(sqlstate.UNDEFINED_OBJECT, f'type "{text}" does not exist') from None
        raise


def _other_type(facts: Facts, text: str, path: PATH) -> int | None:
    """A type that only the catalog knows: of a relation, for example."""
    base = re.sub(r"(\s*\[\s*\d*\s*\])+\s*$", "", text)
    try:
        objects = found(facts, "type", re.sub(r"\([^)]*\)\s*$", "", base), path)
    except PgError:
        return None
    if not objects:
        return None
    oid = objects[0].oid
    return facts.types[oid][4] if base != text else oid


_BITS = {1560: "bit", 1562: "bit varying"}  # types that pgiris has no values of, and whose names differ from pg_type's


NO_MODIFIER = -2  # which is not -1: a bpchar of any length is called character then


def format_type(facts: Facts, oid: int, typmod: int, path: PATH) -> str:
    if oid == 0:
        return "-"
    if typmod == NO_MODIFIER:
        if oid in (oids.BPCHAR, oids.BPCHAR_ARRAY):
            return "character" if oid == oids.BPCHAR else "character[]"
        typmod = -1
    if oid in TYPES and enums.find(Oid(oid)) is None:
        return type_name(Oid(oid), typmod)
    if oid in _BITS:
        return _BITS[oid] + (f"({typmod})" if typmod >= 0 else "")
    row = facts.types.get(oid)
    if row is None:
        return "???"
    if row[1] and row[2] == "A" and row[3] == -1:
        return format_type(facts, row[1], typmod, path) + "[]"
    return qualified(facts, "type", oid, path)


def type_out(facts: Facts, oid: int, path: PATH) -> str:
    return format_type(facts, oid, NO_MODIFIER, path) if not oid or oid in facts.types or oid in TYPES else str(oid)


def namespace_in(facts: Facts, text: str, missing_ok: bool = False) -> int | None:
    return _simple_in(facts.namespaces, text, "schema", sqlstate.INVALID_SCHEMA_NAME, missing_ok)


def role_in(facts: Facts, text: str, missing_ok: bool = False) -> int | None:
    return _simple_in(facts.roles, text, "role", sqlstate.UNDEFINED_OBJECT, missing_ok)


def _simple_in(names: dict[int, str], text: str, word: str, code: str, missing_ok: bool) -> int | None:
    number = _number(text)
    if number is not None and not missing_ok:
        return number
    parts = split_name(text)
    by_name = {name: oid for oid, name in names.items()}
    folded = {name.lower(): oid for oid, name in names.items()}
    oid = by_name.get(parts[0], folded.get(parts[0].lower()))
    if oid is not None:
        return oid
    if missing_ok:
        return None
    raise PgError(code, f'{word} "{parts[0]}" does not exist')


def simple_out(names: dict[int, str], oid: int) -> str:
    if not oid:
        return "-"
    return quote_ident(names[oid]) if oid in names else str(oid)


# Functions and operators

_SIGNATURE = re.compile(r"(.*?)\s*\((.*)\)\s*", re.DOTALL)


def function_in(facts: Facts, text: str, path: PATH, missing_ok: bool = False) -> int | None:
    number = _number(text)
    if number is not None and not missing_ok:
        return number
    objects = found(facts, "function", text, path)
    if len(objects) == 1:
        return objects[0].oid
    if missing_ok:
        return None
    if not objects:
        raise PgError(sqlstate.UNDEFINED_FUNCTION, f'function "{text}" does not exist')
    raise PgError(sqlstate.AMBIGUOUS_FUNCTION, f'more than one function named "{text}"')


def procedure_in(facts: Facts, text: str, path: PATH, missing_ok: bool = False) -> int | None:
    number = _number(text)
    if number is not None and not missing_ok:
        return number
    name, types = _signature(facts, text, path)
    for named in found(facts, "function", name, path):
        if named.key[0] == types:
            return named.oid
    if missing_ok:
        return None
    raise PgError(sqlstate.UNDEFINED_FUNCTION, f'function "{text}" does not exist')


def _signature(facts: Facts, text: str, path: PATH) -> tuple[str, tuple[int | None, ...]]:
    match = _SIGNATURE.fullmatch(text)
    if match is None:
        raise PgError(sqlstate.INVALID_TEXT_REPRESENTATION, "expected a left parenthesis")
    words = [word.strip() for word in match[2].split(",") if word.strip()]
    return match[1], tuple(0 if word.upper() == "NONE" else type_in(facts, word, path) for word in words)


def function_out(facts: Facts, oid: int, path: PATH) -> str:
    if not oid:
        return "-"
    named = facts.objects("function").by_oid.get(oid)
    if named is None:
        return str(oid)
    candidates = facts.objects("function").in_path(path, named.name)
    if len(candidates) == 1 and candidates[0].oid == oid:
        return quote_ident(named.name)
    return f"{quote_ident(named.schema)}.{quote_ident(named.name)}"


def procedure_out(facts: Facts, oid: int, path: PATH) -> str:
    if not oid:
        return "-"
    named = facts.objects("function").by_oid.get(oid)
    if named is None:
        return str(oid)
    types = ",".join(format_type(facts, argument, NO_MODIFIER, path) for argument in named.key[0])
    return f"{qualified(facts, 'function', oid, path)}({types})"


def _operators(facts: Facts, name: str, path: PATH) -> list[Named]:
    schema, _, symbol = name.rpartition(".")
    objects = facts.objects("operator")
    return objects.find(split_name(schema)[0], symbol) if schema else objects.in_path(path, symbol)


def operator_in(facts: Facts, text: str, path: PATH, missing_ok: bool = False) -> int | None:
    number = _number(text) if text != "-" else None
    if number is not None and not missing_ok:
        return number
    objects = _operators(facts, text, path)
    if len(objects) == 1:
        return objects[0].oid
    if missing_ok:
        return None
    if not objects:
        raise PgError(sqlstate.UNDEFINED_FUNCTION, f"operator does not exist: {text}")
    raise PgError(sqlstate.AMBIGUOUS_FUNCTION, f"more than one operator named {text}")


def typed_operator_in(facts: Facts, text: str, path: PATH, missing_ok: bool = False) -> int | None:
    number = _number(text)
    if number is not None and not missing_ok:
        return number
    name, types = _signature(facts, text, path)
    for named in _operators(facts, name, path):
        if named.key == types:
            return named.oid
    if missing_ok:
        return None
    raise PgError(sqlstate.UNDEFINED_FUNCTION, f"operator does not exist: {text}")


def operator_out(facts: Facts, oid: int, path: PATH) -> str:
    if not oid:
        return "0"
    named = facts.objects("operator").by_oid.get(oid)
    if named is None:
        return str(oid)
    candidates = facts.objects("operator").in_path(path, named.name)
    unique = len(candidates) == 1 and candidates[0].oid == oid
    return named.name if unique else f"{quote_ident(named.schema)}.{named.name}"


def typed_operator_out(facts: Facts, oid: int, path: PATH) -> str:
    if not oid:
        return "0"
    named = facts.objects("operator").by_oid.get(oid)
    if named is None:
        return str(oid)
    types = ",".join(format_type(facts, argument, -1, path) if argument else "NONE" for argument in named.key)
    schema = "" if facts.objects("operator").is_visible(oid, path) else f"{quote_ident(named.schema)}."
    return f"{schema}{named.name}({types})"
