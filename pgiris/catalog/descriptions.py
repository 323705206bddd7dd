"""Descriptions of objects in words: pg_describe_object, pg_identify_object and pg_identify_object_as_address.

PostgreSQL: getObjectDescription and getObjectIdentity in src/backend/catalog/objectaddress.c
"""

from __future__ import annotations

from collections.abc import Callable

from pgiris.catalog import objectnames as names
from pgiris.catalog.facts import Facts
from pgiris.catalog.objectnames import NO_MODIFIER, quote_ident
from pgiris.catalog.registry import lookup
from pgiris.errors import not_supported
from pgiris.types import array

CLASS, TYPE, NAMESPACE, CONSTRAINT, PROC = 1259, 1247, 2615, 2606, 1255  # OIDs of pg_class, pg_type ...
_PATH = ("pg_catalog", "public")
_KINDS = {
    "r": "table",
    "v": "view",
    "i": "index",
    "S": "sequence",
    "m": "materialized view",
    "c": "composite type",
    "t": "toast table",
}
# Relation -> what its objects are called, their name in the catalog.
_NAMED = {
    1262: ("database", "pg_database", "datname"),
    1213: ("tablespace", "pg_tablespace", "spcname"),
    2601: ("access method", "pg_am", "amname"),
    2607: ("conversion", "pg_conversion", "conname"),
    2612: ("language", "pg_language", "lanname"),
    3079: ("extension", "pg_extension", "extname"),
    3456: ("collation", "pg_collation", "collname"),
    3600: ("text search dictionary", "pg_ts_dict", "dictname"),
    3601: ("text search parser", "pg_ts_parser", "prsname"),
    3602: ("text search configuration", "pg_ts_config", "cfgname"),
    3764: ("text search template", "pg_ts_template", "tmplname"),
}


@lookup("pg_describe_object_3(oid, oid, int) text")
def describe(facts: Facts, classid: int, oid: int, number: int) -> str | None:
    """NULL for an object that is not there."""
    if classid in _NAMED:
        kind, table, column = _NAMED[classid]
        found = facts.rows(f"SELECT {column} FROM pgc.{table} WHERE oid = ?", oid)
        return f"{kind} {quote_ident(found[0][0])}" if found else None
    described = _DESCRIBED.get(classid)
    if described is None and (classid or oid):
        raise not_supported("pg_describe_object() of this kind of object is not supported")
    return described(facts, oid, number) if described is not None else None


def _relation(facts: Facts, oid: int, number: int) -> str | None:
    if oid not in facts.classes:
        return None
    shown = f"{_KINDS.get(facts.classes[oid][0], 'relation')} {names.qualified(facts, 'class', oid, _PATH)}"
    return f"column {facts.attributes(oid).get(number)} of {shown}" if number else shown


def _constraint(facts: Facts, oid: int, number: int) -> str | None:
    found = facts.rows("SELECT conname, conrelid FROM pgc.pg_constraint WHERE oid = ?", oid)
    if not found:
        return None
    name, relation = found[0]
    return f"constraint {name}" + (f" on {_relation(facts, relation, 0)}" if relation else "")


def _default(facts: Facts, oid: int, number: int) -> str | None:
    found = facts.rows("SELECT adrelid, adnum FROM pgc.pg_attrdef WHERE oid = ?", oid)
    return f"default value for {_relation(facts, *found[0])}" if found else None


def _rule(facts: Facts, oid: int, number: int) -> str | None:
    found = facts.rows("SELECT rulename, ev_class FROM pgc.pg_rewrite WHERE oid = ?", oid)
    return f"rule {quote_ident(found[0][0])} on {_relation(facts, found[0][1], 0)}" if found else None


def _cast(facts: Facts, oid: int, number: int) -> str | None:
    found = facts.rows("SELECT castsource, casttarget FROM pgc.pg_cast WHERE oid = ?", oid)
    return "cast from {} to {}".format(*(_type_name(facts, type_) for type_ in found[0])) if found else None


def _of_method(kind: str, table: str, prefix: str) -> Callable[[Facts, int, int], str | None]:
    """Of an operator class or family."""

    def described(facts: Facts, oid: int, number: int) -> str | None:
        found = facts.rows(
            f"SELECT o.{prefix}name, m.amname FROM pgc.{table} o JOIN pgc.pg_am m ON m.oid = o.{prefix}method WHERE o.oid = ?",
            oid,
        )
        return f"{kind} {quote_ident(found[0][0])} for access method {found[0][1]}" if found else None

    return described


def _member(kind: str, table: str, prefix: str, columns: str) -> Callable[[Facts, int, int], str | None]:
    """An operator or a support function of an operator family."""

    def described(facts: Facts, oid: int, number: int) -> str | None:
        found = facts.rows(
            f"SELECT {prefix}family, {prefix}lefttype, {prefix}righttype, {columns} FROM pgc.{table} WHERE oid = ?", oid
        )
        if not found:
            return None
        family, left, right, place, own = found[0]
        shown = names.typed_operator_out(facts, own, _PATH) if kind == "operator" else names.procedure_out(facts, own, _PATH)
        types = f"({_type_name(facts, left)}, {_type_name(facts, right)})"
        return f"{kind} {place} {types} of {_FAMILY(facts, family, 0)}: {shown}"

    return described


def _type_name(facts: Facts, oid: int) -> str:
    return names.format_type(facts, oid, NO_MODIFIER, _PATH)


_FAMILY = _of_method("operator family", "pg_opfamily", "opf")
_DESCRIBED: dict[int, Callable[[Facts, int, int], str | None]] = {
    CLASS: _relation,
    CONSTRAINT: _constraint,
    NAMESPACE: lambda f, oid, number: f"schema {quote_ident(f.namespaces[oid])}" if oid in f.namespaces else None,
    PROC: lambda f, oid, number: (
        f"function {names.procedure_out(f, oid, _PATH)}" if oid in f.objects("function").by_oid else None
    ),
    TYPE: lambda f, oid, number: f"type {_type_name(f, oid)}" if oid in f.types else None,
    1260: lambda f, oid, number: f"role {quote_ident(f.roles[oid])}" if oid in f.roles else None,
    2602: _member("operator", "pg_amop", "amop", "amopstrategy, amopopr"),
    2603: _member("function", "pg_amproc", "amproc", "amprocnum, amproc"),
    2604: _default,
    2605: _cast,
    2616: _of_method("operator class", "pg_opclass", "opc"),
    2617: lambda f, oid, number: (
        f"operator {names.typed_operator_out(f, oid, _PATH)}" if oid in f.objects("operator").by_oid else None
    ),
    2618: _rule,
    2753: _FAMILY,
}


@lookup("identify(oid, oid, int) texts")
def identify(facts: Facts, classid: int, oid: int, number: int) -> list[str | None]:
    """type, schema, name, identity"""
    if classid == CLASS and oid in facts.classes:
        named = facts.objects("class").by_oid[oid]
        full = f"{quote_ident(named.schema)}.{quote_ident(named.name)}"
        kind = _KINDS.get(facts.classes[oid][0], "relation")
        if number:
            return [f"{kind} column", named.schema, named.name, f"{full}.{quote_ident(facts.attributes(oid).get(number, ''))}"]
        return [kind, named.schema, named.name, full]
    if classid == TYPE and oid in facts.types:
        shown = names.format_type(facts, oid, NO_MODIFIER, ())
        return ["type", facts.objects("type").by_oid[oid].schema, facts.objects("type").by_oid[oid].name, shown]
    if classid == PROC and oid in facts.objects("function").by_oid:
        return ["function", facts.objects("function").by_oid[oid].schema, None, names.procedure_out(facts, oid, ())]
    if classid == NAMESPACE and oid in facts.namespaces:
        name = quote_ident(facts.namespaces[oid])
        return ["schema", None, name, name]
    raise not_supported("pg_identify_object() of this kind of object is not supported")


@lookup("identify_as_address(oid, oid, int) texts")
def address(facts: Facts, classid: int, oid: int, number: int) -> list[str | None]:
    """type, object_names and object_args as array literals"""
    if classid not in (CLASS, NAMESPACE):
        raise not_supported("pg_identify_object_as_address() of this kind of object is not supported")
    kind, schema, name, _ = identify(facts, classid, oid, number)
    words = [facts.namespaces[oid]] if classid == NAMESPACE else [schema, name]
    if number:
        words.append(facts.attributes(oid).get(number))
    return [kind, array.write(array.Array((len(words),), (1,), words)), "{}"]
