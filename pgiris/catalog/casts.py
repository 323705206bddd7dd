"""Casts of catalog queries: from one PostgreSQL type to another, as DuckDB expressions.

PostgreSQL: catalog-pg-cast, datatype-oid
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pgiris import sqlstate
from pgiris.catalog.typed import (
    INTEGERS,
    NUMBERED,
    REGISTERED,
    TEXTUAL,
    VECTORS,
    Field,
    Typed,
    element_of,
    is_array,
    physical,
    quoted,
)
from pgiris.compute.casts import converter
from pgiris.compute.native import outward
from pgiris.errors import PgError, not_supported
from pgiris.sql.coercion import Kind, category, check_literal
from pgiris.sql.postgres import position_of
from pgiris.types import array, oids
from pgiris.types.codec import Context, Oid
from pgiris.types.enums import is_enum
from pgiris.types.jsontext import normalised
from pgiris.types.scalar import char_of
from pgiris.types.table import TYPES, type_name

NUMBERS = INTEGERS | {oids.FLOAT4, oids.FLOAT8, oids.NUMERIC}


def constant(text: str | None, kind: Kind, path: str, position: int | None = None) -> str:
    """A literal of a type. Raises what the type's input function raises."""
    oid = kind.oid
    if text is None:
        return f"NULL::{physical(oid)}"
    if oid in REGISTERED:
        return registered_in(oid, quoted(text), path)
    if oid in VECTORS:
        return f"[{', '.join(text.split())}]::{physical(oid)}"
    if is_array(oid):
        element = Kind(element_of(oid))
        parsed = array.parse(text)
        if len(parsed.lengths) > 1 or any(bound != 1 for bound in parsed.lower_bounds):
            raise not_supported("arrays of several dimensions and of other bounds are not supported in a catalog query")
        items = [constant(item, element, path, position) for item in parsed.items]
        return f"[{', '.join(items)}]::{physical(oid)}"
    if oid == oids.CHAR:
        return quoted(char_of(text))
    if oid == oids.NAME:
        return quoted(text.encode()[:63].decode("utf-8", "ignore"))
    if oid == oids.JSONB:
        return quoted(normalised(text))
    if oid in _WRITTEN_ANEW:
        return quoted(outward(oid)(converter(oids.TEXT, oid, -1, Context())(text)))
    if oid in TEXTUAL or oid in _TEXT_FORMS:
        return quoted(text)
    if oid in NUMBERS or oid in NUMBERED:
        check_literal(text, kind, position)
        number = text.strip()
        if oid == oids.NUMERIC:
            return quoted(numeric_text(number, kind.typmod))
        if oid in NUMBERED and number.startswith("-"):
            number = str(int(number) % 2**32)
        if oid in (oids.FLOAT4, oids.FLOAT8):  # NaN is one
            number = quoted(number)
        return number if oid == oids.INT4 else f"{number}::{physical(oid)}"
    if oid == oids.BOOL:
        check_literal(text, kind, position)
        return "true" if text.strip().lower()[:2] in ("t", "tr", "y", "ye", "on", "1") else "false"
    check_literal(text, kind, position)
    return f"{quoted(text)}::{physical(oid)}"


def numeric_text(text: str, typmod: int = -1) -> str:
    """A numeric constant as it is shown."""
    convert = converter(oids.TEXT, oids.NUMERIC, typmod, Context())
    shown: str = outward(oids.NUMERIC)(convert(text))
    return shown


_WRITTEN_ANEW = frozenset(
    (oids.INTERVAL, oids.TIMETZ, oids.UUID, oids.INET, oids.CIDR, oids.PG_LSN)
)  # whose constants have several spellings
_TEXT_FORMS = frozenset(
    (
        oids.INTERVAL,
        oids.TIMETZ,
        oids.JSON,
        oids.JSONB,
        oids.JSONPATH,
        oids.UUID,
        oids.XML,
        oids.INET,
        oids.CIDR,
        oids.PG_LSN,
        oids.REFCURSOR,
        oids.RECORD,
        oids.TID,
        oids.MACADDR,
        oids.MACADDR8,
    )
)


def bound(place: str, oid: Oid, path: str) -> str:
    """A value in the form of types/codec.py as DuckDB knows it."""
    if oid in REGISTERED:
        return registered_in(oid, f"{place}::VARCHAR", path)
    if oid in VECTORS:
        return f"string_split({place}::VARCHAR, ' ')::{physical(oid)}"
    if is_array(oid):
        return f"pgf_array_in({place}::VARCHAR)::{physical(oid)}"
    if oid == oids.TIMESTAMPTZ:
        return f"({place}::VARCHAR || '+00')::TIMESTAMPTZ"
    return f"{place}::{physical(oid)}"


def registered_in(oid: Oid, text: str, path: str) -> str:
    return f"pgf_{TYPES[oid].name}in({text}, {quoted(path)})"


def registered_out(oid: Oid, value: str, path: str) -> str:
    return f"pgf_{TYPES[oid].name}out({value}, {quoted(path)})"


def cast(value: Typed, kind: Kind, path: str, node: exp.Expr | None = None) -> Typed:
    """An explicit cast of a value of a known type. Raises 42846 or 0A000."""
    sql = _cast_sql(value.sql, value.oid, kind, path, node)
    from_zero = (value.from_zero or value.oid in VECTORS) and is_array(kind.oid)
    return Typed(sql, kind, srf=value.srf, from_zero=from_zero, mixed=value.mixed)


def _cast_sql(sql: str, source: Oid, kind: Kind, path: str, node: exp.Expr | None) -> str:
    target = kind.oid
    if source == target:
        return _fitted(sql, kind)
    if target in REGISTERED and source in TEXTUAL:
        return registered_in(target, sql, path)
    if source == oids.CHAR and target == oids.INT4:
        return f"ascii({sql})"
    if target == oids.CHAR and source == oids.INT4:
        return (
            f"(CASE WHEN {sql} = 0 THEN '' WHEN {sql} BETWEEN 1 AND 127 THEN chr({sql}) ELSE error('\"char\" out of range') END)"
        )
    if target in TEXTUAL:
        return _fitted(cast_text(sql, source, path), kind)
    if is_enum(target) and source in TEXTUAL:
        return f"pgf_label({sql}, {target})::{physical(target)}"
    if target in NUMBERED and (source in INTEGERS or source in NUMBERED):
        if source == oids.INT8:
            return f"(CASE WHEN {sql} BETWEEN 0 AND 4294967295 THEN {sql} ELSE error('OID out of range') END)::UINTEGER"
        return f"({sql}::BIGINT & 4294967295)::UINTEGER" if source in INTEGERS else f"{sql}::UINTEGER"
    if target in INTEGERS and source in NUMBERED:
        if target == oids.INT4:
            return f"(CASE WHEN {sql} > 2147483647 THEN {sql}::BIGINT - 4294967296 ELSE {sql} END)::INTEGER"
        return f"{sql}::{physical(target)}"
    if is_array(target) and source in TEXTUAL and element_of(target) in INTEGERS | NUMBERED - REGISTERED | TEXTUAL:
        return f"pgf_array_in({sql})::{physical(target)}"
    if is_array(target) and is_array(source):
        return _cast_array(sql, source, kind, path, node)
    if target == oids.NUMERIC and source in INTEGERS:
        return f"{sql}::VARCHAR"
    if source == oids.NUMERIC and target in (oids.FLOAT4, oids.FLOAT8):
        return f"{sql}::{physical(target)}"
    if target in NUMBERS and source in NUMBERS and oids.NUMERIC not in (target, source):
        return f"{sql}::{physical(target)}"
    if oids.NUMERIC in (target, source):
        raise not_supported(f"casts of {type_name(source)} to {type_name(target)} are not supported here in a catalog query")
    if source in TEXTUAL and (target in NUMBERS or target in NUMBERED or target == oids.BOOL):
        return f"trim({sql})::{physical(target)}"
    if source in TEXTUAL and (target in _TEXT_FORMS or category(target) == "D"):
        return f"{sql}::{physical(target)}"
    if {source, target} <= {oids.JSON, oids.JSONB} or (source, target) in _PLAIN:
        return f"{sql}::{physical(target)}"
    if source == oids.TIMESTAMPTZ and target in (oids.TIMESTAMP, oids.DATE):
        raise not_supported("casts from timestamp with time zone are not supported in a catalog query")
    message = f"cannot cast type {type_name(source)} to {type_name(target)}"
    raise PgError(sqlstate.CANNOT_COERCE, message, position=position_of(node) if node is not None else None)


_PLAIN = frozenset(
    {
        (oids.BOOL, oids.INT4),
        (oids.INT4, oids.BOOL),
        (oids.TIMESTAMP, oids.DATE),
        (oids.DATE, oids.TIMESTAMP),
    }
)


def _cast_array(sql: str, source: Oid, kind: Kind, path: str, node: exp.Expr | None) -> str:
    one, other = element_of(source), element_of(kind.oid)
    if source == oids.ANYARRAY:
        raise not_supported("casts from anyarray are not supported")
    differs = one in TEXTUAL and one != other and (other in REGISTERED or other in _CUT)
    if physical(source) == physical(kind.oid) and not differs:
        return sql
    return f"list_transform({sql}, lambda e: {_cast_sql('e', one, Kind(other), path, node)})"


_CUT = frozenset((oids.NAME, oids.CHAR))


def _fitted(sql: str, kind: Kind) -> str:
    """A text cut to what its type holds."""
    if kind.oid == oids.NAME:
        return f"left({sql}, 63)"
    if kind.oid == oids.CHAR:
        return f"left({sql}, 1)"
    if kind.oid == oids.BPCHAR:  # blanks at its end mean nothing
        return f"rtrim(left({sql}, {kind.typmod - 4}), ' ')" if kind.typmod > 4 else f"rtrim({sql}, ' ')"
    if kind.oid == oids.VARCHAR and kind.typmod > 4:
        return f"left({sql}, {kind.typmod - 4})"
    return sql


def record_text(fields: Sequence[Field], path: str) -> str:
    """A composite value as its output function writes it."""
    cells = []
    for field in fields:
        value = field.value
        if value.fields is not None:
            cells.append(record_text(value.fields, path))
        elif value.oid == oids.BOOL:
            cells.append(f"CASE {value.sql} WHEN true THEN 't' WHEN false THEN 'f' END")
        else:
            cells.append(to_text(value.sql, value.oid, path))
    return f"pgf_record_out([{', '.join(cells)}]::VARCHAR[])"


def cast_text(sql: str, source: Oid, path: str) -> str:
    """A value as its cast to text writes it."""
    return f"pgf_inet_text({sql})" if source == oids.INET else to_text(sql, source, path)


def to_text(sql: str, source: Oid, path: str) -> str:
    """A value as its output function writes it. Raises 0A000."""
    if source in TEXTUAL or source in _TEXT_FORMS:
        return sql
    if source in REGISTERED:
        return registered_out(source, sql, path)
    if is_enum(source):
        return f"{sql}::VARCHAR"
    if source == oids.BOOL:
        return f"(CASE {sql} WHEN true THEN 'true' WHEN false THEN 'false' END)"
    if source in VECTORS:
        return f"array_to_string({sql}, ' ')"
    if is_array(source):
        return f"pgf_array_out({text_items(sql, source, path)})"
    if source in NUMBERED or source in INTEGERS or source in (oids.NUMERIC, oids.XID8, oids.DATE, oids.TIME, oids.TIMESTAMP):
        return f"{sql}::VARCHAR"
    if source in (oids.FLOAT4, oids.FLOAT8):
        return f"pgf_{TYPES[source].name}_out({sql}::DOUBLE)"
    raise not_supported(f"values of type {type_name(source)} as text are not supported in a catalog query")


def text_items(sql: str, source: Oid, path: str) -> str:
    """An array as a list of its elements' texts."""
    element = element_of(source)
    if source == oids.ANYARRAY or element in TEXTUAL or element in _TEXT_FORMS:
        return sql
    if element == oids.BOOL:
        return f"list_transform({sql}, lambda e: CASE e WHEN true THEN 't' WHEN false THEN 'f' END)"
    return f"list_transform({sql}, lambda e: {to_text('e', element, path)})"
