"""Coercion: PostgreSQL's rules for which type stands where another is wanted.

PostgreSQL: typeconv, catalog-pg-cast (implicit and assignment casts), typeconv-union-case
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.codec import ISO_MDY, Context, Oid
from pgiris.types.rows import decoder
from pgiris.types.table import TYPES, type_name
from pgiris.types.vector import VECTORS


class Kind(NamedTuple):
    """A type as an expression has it. UNKNOWN: a literal or parameter whose type its context decides; ANY: not known to us."""

    oid: Oid
    typmod: int = -1


ANY = Kind(Oid(0))  # of things the snapshot does not tell: the backend knows
UNKNOWN = Kind(oids.UNKNOWN)
BOOL, INT2, INT4, INT8 = Kind(oids.BOOL), Kind(oids.INT2), Kind(oids.INT4), Kind(oids.INT8)
NUMERIC, FLOAT4, FLOAT8, TEXT = Kind(oids.NUMERIC), Kind(oids.FLOAT4), Kind(oids.FLOAT8), Kind(oids.TEXT)
DATE, TIME, TIMESTAMP, TIMESTAMPTZ = Kind(oids.DATE), Kind(oids.TIME), Kind(oids.TIMESTAMP), Kind(oids.TIMESTAMPTZ)
INTERVAL, VECTOR = Kind(oids.INTERVAL), Kind(oids.VECTOR)

NUMBERS = (oids.INT2, oids.INT4, oids.INT8, oids.NUMERIC, oids.FLOAT4, oids.FLOAT8)  # each casts implicitly to those behind it
INTEGERS = frozenset(NUMBERS[:3])
FLOATS = frozenset(NUMBERS[4:])
STRINGS = frozenset((oids.TEXT, oids.VARCHAR, oids.BPCHAR, oids.NAME, oids.CHAR))
DATETIMES = (oids.DATE, oids.TIMESTAMP, oids.TIMESTAMPTZ)  # likewise
_PREFERRED = frozenset((oids.BOOL, oids.FLOAT8, oids.TEXT, oids.TIMESTAMPTZ, oids.INTERVAL, oids.INET, oids.OID))
_OTHER_IMPLICIT = frozenset(
    {
        (oids.TIME, oids.TIMETZ),
        (oids.TIME, oids.INTERVAL),
        (oids.CIDR, oids.INET),
        (oids.TEXT, oids.VARCHAR),
        (oids.TEXT, oids.BPCHAR),
        (oids.VARCHAR, oids.TEXT),
        (oids.VARCHAR, oids.BPCHAR),
        (oids.BPCHAR, oids.TEXT),
        (oids.BPCHAR, oids.VARCHAR),
        (oids.NAME, oids.TEXT),
        (oids.CHAR, oids.TEXT),
        (oids.INT4, oids.OID),
        (oids.INT8, oids.OID),
        (oids.INT2, oids.OID),
        *((one, other) for place, one in enumerate(VECTORS) for other in VECTORS[place + 1 :]),
    }
)


def category(oid: Oid) -> str:
    row = TYPES.get(oid)
    return row.category if row else "U"


def is_preferred(oid: Oid) -> bool:
    return oid in _PREFERRED


def implicit(source: Oid, target: Oid) -> bool:
    """Whether a value of one type is taken where another is wanted, without a word of the client's."""
    if source == target or not source or not target or source == oids.UNKNOWN:
        return True
    for ladder in (NUMBERS, DATETIMES):
        if source in ladder and target in ladder:
            return ladder.index(source) <= ladder.index(target)
    if category(source) == category(target) == "A":
        return bool(TYPES[source].element) and implicit(TYPES[source].element, TYPES[target].element)
    return (source, target) in _OTHER_IMPLICIT


VECTOR_SOURCES = (oids.INT4_ARRAY, oids.FLOAT4_ARRAY, oids.FLOAT8_ARRAY, oids.NUMERIC_ARRAY)


def assignable(source: Oid, target: Oid) -> bool:
    """Whether a value may be stored into a column: implicit casts, and those that lose something."""
    if implicit(source, target) or target in STRINGS:
        return True
    if source in NUMBERS and target in NUMBERS:
        return True
    if source in DATETIMES and target in (*DATETIMES, oids.TIME, oids.TIMETZ):
        return source != oids.DATE or target in DATETIMES
    return (source, target) in _ASSIGNABLE


_ASSIGNABLE = frozenset(
    {
        (oids.TIMETZ, oids.TIME),
        (oids.INTERVAL, oids.TIME),
        (oids.JSON, oids.JSONB),
        (oids.JSONB, oids.JSON),
        (oids.OID, oids.INT8),
        (oids.OID, oids.INT4),
        (oids.INET, oids.CIDR),
        *((other, one) for place, one in enumerate(VECTORS) for other in VECTORS[place + 1 :]),
        *((array, vector) for array in VECTOR_SOURCES for vector in VECTORS),
    }
)


def common(kinds: Sequence[Kind], context: str, position: int | None = None) -> Kind:
    """The type of a CASE, a COALESCE, a column of a UNION. context: the construct's name in PostgreSQL's message."""
    known = [kind for kind in kinds if kind.oid != oids.UNKNOWN]
    if not known:
        return TEXT
    if any(not kind.oid for kind in known):
        return ANY
    chosen = known[0].oid
    for kind in known[1:]:
        if kind.oid == chosen:
            continue
        if category(kind.oid) != category(chosen):
            message = f"{context} types {type_name(chosen)} and {type_name(kind.oid)} cannot be matched"
            raise PgError(sqlstate.DATATYPE_MISMATCH, message, position=position)
        if not is_preferred(chosen) and _becomes(chosen, kind.oid) and not _becomes(kind.oid, chosen):
            chosen = kind.oid
    for kind in known:
        if not _becomes(kind.oid, chosen):
            message = f"{context} could not convert type {type_name(kind.oid)} to {type_name(chosen)}"
            raise PgError(sqlstate.CANNOT_COERCE, message, position=position)
    typmods = {kind.typmod for kind in kinds if kind.oid == chosen}
    same = len(typmods) == 1 and all(kind.oid == chosen for kind in kinds)
    return Kind(chosen, typmods.pop() if same else -1)


def _becomes(source: Oid, target: Oid) -> bool:
    """implicit(), also of arrays by their elements."""
    if implicit(source, target):
        return True
    one, other = TYPES.get(source), TYPES.get(target)
    return one is not None and other is not None and one.is_array and other.is_array and implicit(one.element, other.element)


@cache
def _reading(date_style: str) -> Context:
    return Context(date_style=date_style)


def check_literal(text: str, kind: Kind, position: int | None, date_style: str = ISO_MDY) -> None:
    """Raise what the type's input function raises for a text that is none of its values, with the literal's place."""
    if kind.oid in STRINGS or kind.oid not in TYPES:
        return
    try:
        decoder(kind.oid, 0, _reading(date_style))(text.encode())
    except PgError as error:
        if error.position is None:
            error.position = position
        raise
