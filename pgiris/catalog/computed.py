"""Computed: what DuckDB has no words for, pgiris/compute computes, a value at a time.

In: arguments of known types. Out: a call of ``pgf_computed`` (lookups.py) with a program of compute/program.py, the arguments in
text form and the session's time zone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from pgiris.catalog.casts import bound, text_items, to_text
from pgiris.catalog.typed import NUMBERED, REGISTERED, TEXTUAL, VECTORS, Typed, array_of, element_of, is_array, quoted
from pgiris.compute import casts as conversions
from pgiris.compute import rowsets
from pgiris.compute.program import is_known
from pgiris.compute.registry import find
from pgiris.errors import not_supported
from pgiris.sql import operators
from pgiris.sql.coercion import INT4, INT8, NUMBERS, UNKNOWN, Kind
from pgiris.sql.functions import FUNCTIONS, Call, Sort, choose, is_any, is_polymorphic
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.table import TYPES, type_name

if TYPE_CHECKING:
    from pgiris.catalog.expressions import Expressions

# Types whose values are texts in DuckDB: its decimals have a fixed scale, its intervals other words.
TEXT_FORMS = frozenset((oids.NUMERIC, oids.INTERVAL, oids.JSONB, oids.TIMETZ))
_UTC = quoted("UTC")


class RowSet(NamedTuple):
    """sql: a list of rows, each a list of texts in the form of types/codec.py."""

    columns: list[tuple[str, Kind]]
    sql: str


def made(compiler: Expressions, name: str, kind: Kind, arguments: Sequence[Typed], zoned: bool = False) -> Typed:
    """A call of what compute/program.py knows under this name, with arguments of exactly these types."""
    program = ("f", name, kind.oid, kind.typmod, *(("v", _carried(a.oid), place) for place, a in enumerate(arguments)))
    text = _run(compiler, "pgf_computed", program, arguments, zoned)
    made_sql = f"unhex({text})" if kind.oid == oids.BYTEA else bound(text, kind.oid, compiler.path)
    return Typed(made_sql, kind, srf=any(argument.srf for argument in arguments))


Definitions = Sequence[tuple[str, Kind]]  # of a record's columns


def row_set(compiler: Expressions, name: str, arguments: Sequence[Typed], record: Definitions, ordinality: bool) -> RowSet | None:
    """A function of rows in FROM; None for one that compute/rowsets.py has not."""
    kinds = [UNKNOWN if argument.open else Kind(_carried(argument.oid)) for argument in arguments]
    chosen = choose(FUNCTIONS.get(name, ()), kinds)
    if chosen is None or chosen.function.sort is not Sort.ROWS:
        return None
    wanted = _wanted(chosen, kinds)
    found = rowsets.chosen(name, wanted)
    columns = list(record) or [(label, Kind(_element_of(oid, wanted))) for label, oid in found.columns]
    columns += [("ordinality", INT8)] if ordinality else []
    types = [int(kind.oid) for _, kind in columns]
    labels = [(label, kind.typmod) for label, kind in record]
    text = msgspec.json.encode(rowsets.Specification([(name, len(wanted))], types, ordinality, labels)).decode()
    given = [compiler.coerce(argument, Kind(oid)) for argument, oid in zip(arguments, wanted, strict=True)]
    places = (("v", _carried(value.oid), place) for place, value in enumerate(given))
    program = ("f", "rows", oids.TEXT, -1, ("k", oids.TEXT, text), *places)
    return RowSet(columns, _run(compiler, "pgf_rows", program, given, zoned=found.context or bool(record)))


def _element_of(oid: Oid, wanted: Sequence[Oid]) -> Oid:
    return next((element_of(one) for one in wanted if is_array(one)), oids.TEXT) if _is_pseudo(oid) else oid


def _run(compiler: Expressions, function: str, program: Sequence[object], arguments: Sequence[Typed], zoned: bool) -> str:
    values = ", ".join(_written(argument, compiler.path) for argument in arguments)
    zone = compiler.session("current_setting", ("TimeZone",), oids.TEXT).sql if zoned else _UTC
    return f"{function}({quoted(msgspec.json.encode(program).decode())}, [{values}]::VARCHAR[], {zone})"


def _carried(oid: Oid) -> Oid:
    if oid in TEXTUAL:
        return oids.TEXT
    if oid in VECTORS:
        return oids.INT2_ARRAY if oid == oids.INT2VECTOR else oids.OID_ARRAY
    return oids.OID if oid in NUMBERED else oid


def _written(value: Typed, path: str) -> str:
    """A value as the text of its codec's form (types/codec.py)."""
    sql, oid = value.sql, value.oid
    if oid in TEXTUAL or oid in TEXT_FORMS or oid in REGISTERED:
        return to_text(sql, oid, path) if oid in REGISTERED else sql
    if oid == oids.BYTEA:
        return f"lower(hex({sql}))"
    if oid == oids.TIMESTAMPTZ:
        return f"make_timestamp(epoch_us({sql}))::VARCHAR"
    if oid == oids.TIMESTAMPTZ_ARRAY:
        return f"pgf_array_out(list_transform({sql}, lambda e: make_timestamp(epoch_us(e))::VARCHAR || '+00'))"
    if oid in VECTORS or is_array(oid):
        return f"pgf_array_out({text_items(sql, oid, path)})"
    return f"{sql}::VARCHAR"


# Functions


def call(compiler: Expressions, name: str, arguments: Sequence[Typed]) -> Typed | None:
    """None for a function that is not computed."""
    if any(argument.oid in (oids.RECORD, oids.RECORD_ARRAY) for argument in arguments):
        return None
    kinds = [UNKNOWN if argument.open else Kind(_carried(argument.oid)) for argument in arguments]
    chosen = choose(FUNCTIONS.get(name, ()), kinds)
    if chosen is None or chosen.function.sort is not Sort.SCALAR:
        return None
    wanted = _wanted(chosen, kinds)
    if not is_known(name, wanted):
        return None
    given = [compiler.coerce(argument, Kind(oid)) for argument, oid in zip(arguments, wanted, strict=True)]
    found = find(name, wanted)
    own = [oid if a.open or not _is_pseudo(c) else a.oid for a, oid, c in zip(arguments, wanted, chosen.arguments, strict=True)]
    return made(compiler, name, Kind(_result(chosen, own)), given, zoned=found is not None and found.context)


def _wanted(chosen: Call, kinds: Sequence[Kind]) -> tuple[Oid, ...]:
    pairs = list(zip(kinds, chosen.arguments, strict=True))
    if oids.ANYENUM in chosen.arguments:
        enum = next((kind.oid for kind, oid in pairs if oid == oids.ANYENUM and kind.oid != oids.UNKNOWN), oids.TEXT)
        return tuple(enum if oid == oids.ANYENUM else kind.oid for kind, oid in pairs)
    return tuple((kind.oid or oids.TEXT) if _is_pseudo(oid) and kind.oid != oids.UNKNOWN else _plain(oid) for kind, oid in pairs)


def _is_pseudo(oid: Oid) -> bool:
    return is_any(oid) or is_polymorphic(oid) or oid == oids.ANYARRAY


def _plain(oid: Oid) -> Oid:
    return oids.TEXT if _is_pseudo(oid) else oid


def _result(chosen: Call, wanted: Sequence[Oid]) -> Oid:
    result = chosen.function.result
    if result == oids.ANYARRAY and oids.ANYENUM in chosen.arguments:
        return array_of(wanted[0])
    if result == oids.ANYARRAY:
        pairs = list(zip(wanted, chosen.arguments, strict=True))
        made = [oid for oid, declared in pairs if declared == oids.ANYARRAY]
        made += [array_of(oid) for oid, declared in pairs if is_polymorphic(declared) and declared != oids.ANYARRAY]
        return next((oid for oid in made if is_array(oid)), oids.TEXT_ARRAY)
    if is_polymorphic(result):
        return next(oid for oid, declared in zip(wanted, chosen.arguments, strict=True) if is_polymorphic(declared))
    return result


# Operators


def operate(compiler: Expressions, symbol: str, one: Typed, other: Typed) -> Typed | None:
    """None for an operator that is not computed."""
    kinds = [UNKNOWN if side.open else Kind(_carried(side.oid)) for side in (one, other)]
    try:
        left, right, result = operators.resolve(symbol, *kinds)
    except operators.NoOperator:
        return None
    if symbol in operators.COMPARISONS:
        left = right = Kind(_common(left.oid, right.oid))
    elif symbol in ("<<", ">>") and result.oid != oids.BOOL:
        left, right = result, INT4
    elif result.oid in NUMBERS and left.oid in NUMBERS and right.oid in NUMBERS:
        left = right = result
    elif result.oid == oids.INTERVAL and symbol in "*/":
        left, right = (Kind(oids.FLOAT8) if kind.oid in NUMBERS else kind for kind in (left, right))
    if not is_known(symbol, (left.oid, right.oid)):
        return None
    given = [compiler.coerce(one, left), compiler.coerce(other, right)]
    found = find(symbol, (left.oid, right.oid))
    return made(compiler, symbol, Kind(result.oid), given, zoned=found is not None and found.context)


def _common(left: Oid, right: Oid) -> Oid:
    for ladder in (NUMBERS, (oids.DATE, oids.TIMESTAMP, oids.TIMESTAMPTZ)):
        if left in ladder and right in ladder:
            return max(left, right, key=ladder.index)
    return left


def at_time_zone(compiler: Expressions, zone: Typed, moment: Typed) -> Typed | None:
    return call(compiler, "timezone", [zone, moment])


# Casts


def cast(compiler: Expressions, value: Typed, kind: Kind) -> Typed | None:
    """None for a cast that is not computed."""
    source = _carried(value.oid)
    if source not in TYPES or not conversions.is_possible(source, kind.oid):
        return None
    zoned = oids.TIMESTAMPTZ in (source, kind.oid, element_of(source), element_of(kind.oid))
    return made(compiler, "cast", kind, [Typed(value.sql, Kind(value.oid), srf=value.srf)], zoned)


def wants_cast(source: Oid, kind: Kind) -> bool:
    """Whether a cast is computed rather than made by DuckDB."""
    target = kind.oid
    if is_array(target) and is_array(source):
        return wants_cast(element_of(source), Kind(element_of(target)))
    if source in TEXT_FORMS and target in TEXTUAL and kind.typmod < 0:
        return False
    if target in TEXT_FORMS and source == target and kind.typmod < 0:
        return False
    return (bool({source, target} & (TEXT_FORMS | {oids.TIMESTAMPTZ, oids.BYTEA})) and source != target) or (
        target in TEXT_FORMS and kind.typmod >= 0
    )


# Order


def sort_key(compiler: Expressions, value: Typed) -> str:
    """What DuckDB sorts and compares a value by. Raises 0A000 for documents."""
    check_key(value)
    if value.oid == oids.NUMERIC:
        return f"{value.sql}::DECIMAL(38, 10)"
    if value.oid == oids.INTERVAL:
        return f"pgf_interval_us({value.sql})"
    if value.oid in _KEYS:
        return f"{_KEYS[value.oid]}({value.sql})"
    return value.sql


_KEYS = {
    oids.INET: "pgf_network_key",
    oids.CIDR: "pgf_network_key",
    oids.PG_LSN: "pgf_lsn_key",
    oids.TID: "pgf_tid_key",
}
VARIED = frozenset((oids.NUMERIC, oids.INTERVAL))  # equal values have several texts: 1.0 and 1.00, a day and 24 hours


def equality_key(compiler: Expressions, value: Typed) -> str:
    """What equal values have in common."""
    return sort_key(compiler, value) if value.oid in VARIED else value.sql


def check_key(value: Typed) -> None:
    """What DuckDB cannot order."""
    if value.oid in (oids.JSONB, oids.TIMETZ):
        raise not_supported(f"sorting and grouping by {type_name(value.oid)} is not supported in a catalog query")


DOCUMENT_KEY = "pgf_document_key"


def grouped(value: Typed) -> str:
    """A value that rows are told apart by. Of documents it is their text, which says no when others may be equal to it."""
    if value.oid == oids.JSONB:
        return f"{DOCUMENT_KEY}({value.sql})"
    check_key(value)
    return value.sql


def is_comparable(oid: Oid) -> bool:
    """Whether DuckDB compares the texts of two values as PostgreSQL compares the values."""
    return oid not in (oids.NUMERIC, oids.INTERVAL, oids.JSONB, oids.TIMETZ, *_KEYS)
