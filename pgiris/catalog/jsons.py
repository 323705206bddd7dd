"""JSON in catalog queries: values as texts, in PostgreSQL's spacing.

PostgreSQL: functions-json
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlglot import exp

from pgiris import sqlstate
from pgiris.catalog.arguments import arguments_of
from pgiris.catalog.casts import to_text
from pgiris.catalog.names import Scope
from pgiris.catalog.typed import INTEGERS, NUMBERED, REGISTERED, Typed, element_of, is_array, quoted
from pgiris.errors import PgError, not_supported
from pgiris.sql.coercion import TEXT, Kind
from pgiris.sql.infer import fold
from pgiris.types import oids

if TYPE_CHECKING:
    from pgiris.catalog.expressions import Expressions


def _json_text(compiler: Expressions, value: Typed) -> str:
    """A value as its JSON text, in PostgreSQL's spacing."""
    value = compiler.coerce(value, TEXT) if value.open else value
    if value.fields is not None:
        pairs = [f"{quoted(_json_key(field.name))} || {_json_text(compiler, field.value)}" for field in value.fields]
        return "('{' || " + " || ',' || ".join(pairs) + " || '}')"
    if value.oid in (oids.JSON, oids.JSONB):
        return f"coalesce({value.sql}, 'null')"
    if value.oid in INTEGERS or value.oid == oids.BOOL:
        return f"coalesce({value.sql}::VARCHAR, 'null')"
    if value.oid in (oids.NUMERIC, oids.FLOAT4, oids.FLOAT8):  # of which not all are numbers to JSON
        return f"coalesce(regexp_replace({compiler.text_of(value)}, '^(-?Infinity|NaN)$', '\"\\1\"'), 'null')"
    if value.oid in (oids.TIMESTAMP, oids.TIMESTAMPTZ):
        return f"coalesce('\"' || {_moment(compiler.text_of(value))} || '\"', 'null')"
    if value.oid in (oids.RECORD, oids.RECORD_ARRAY):  # whose columns are not known any more
        raise not_supported("rows in arrays and in VALUES as JSON are not supported in a catalog query")
    if is_array(value.oid):
        inner = _json_text(compiler, Typed("e", Kind(element_of(value.oid))))
        return f"coalesce('[' || array_to_string(list_transform({value.sql}, lambda e: {inner}), ',') || ']', 'null')"
    text = f"{value.sql}::VARCHAR" if value.oid in NUMBERED - REGISTERED else to_text(value.sql, value.oid, compiler.path)
    return f"coalesce(pgf_json_string({text}), 'null')"


def _moment(text: str) -> str:
    """ISO 8601: with a T, and minutes in the offset."""
    return f"regexp_replace(replace({text}, ' ', 'T'), '([-+][0-9][0-9])$', '\\1:00')"


def _json_key(name: str) -> str:
    return json.dumps(name, ensure_ascii=False) + ":"


def json_build_object(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    items = [compiler.value(item, scope) for item in node.expressions]
    if len(items) % 2:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "argument list must have even number of elements")
    jsonb = fold(node.this).startswith("jsonb")
    pairs = []
    for key, value in zip(items[::2], items[1::2], strict=True):
        name = f"pgf_json_string({to_text(key.sql, key.oid, compiler.path)})"
        pairs.append(f"{name} || {quoted(': ' if jsonb else ' : ')} || {_json_text(compiler, value)}")
    inside = " || ', ' || ".join(pairs) or "''"
    return _document(node, f"('{{' || {inside} || '}}')")


def json_build_array(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    inside = " || ', ' || ".join(_json_text(compiler, compiler.value(item, scope)) for item in node.expressions) or "''"
    return _document(node, f"('[' || {inside} || ']')")


def json_agg(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    (value,), around = arguments_of(compiler, node, scope)
    between = "', '" if value.fields is None or _json_kind(node).oid == oids.JSONB else "', ' || chr(10) || ' '"
    if around.distinct and not around.order:  # PostgreSQL finds equal values by sorting them
        value = compiler.settled(value)
        values = f"list_sort({around.call('list', value.sql)}, 'ASC', 'NULLS LAST')"
        shown = _json_text(compiler, Typed("e", value.kind))
        return _document(node, f"('[' || array_to_string(list_transform({values}, lambda e: {shown}), ', ') || ']')")
    items = around.call("string_agg", f"{_json_text(compiler, value)}, {between}")
    return _document(node, f"('[' || {items} || ']')")


def json_object_agg(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    (key, value), around = arguments_of(compiler, node, scope)
    name = f"pgf_json_string({to_text(compiler.coerce(key, TEXT).sql if key.open else key.sql, key.oid, compiler.path)})"
    inside = f"{name} || ' : ' || {_json_text(compiler, value)}"
    members = around.call("string_agg", f"{inside}, ', '")
    return _document(node, f"('{{ ' || {members} || ' }}')")


def to_json(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    value = compiler.value(node.expressions[0], scope)
    return _document(node, f"(CASE WHEN {value.sql} IS NOT NULL THEN {_json_text(compiler, value)} END)")


def _document(node: exp.Anonymous, sql: str) -> Typed:
    """jsonb is kept in PostgreSQL's order and spacing."""
    kind = _json_kind(node)
    return Typed(f"pgf_jsonb({sql})" if kind.oid == oids.JSONB else sql, kind)


def _json_kind(node: exp.Anonymous) -> Kind:
    return Kind(oids.JSONB if "jsonb" in fold(node.this) else oids.JSON)
