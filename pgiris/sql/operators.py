"""Operators: what PostgreSQL makes of two operands' types.

In: an operator and the types of its operands, UNKNOWN among them. Out: the types the operands take, and the result's.
PostgreSQL: typeconv-oper, functions
"""

from __future__ import annotations

from collections.abc import Callable

from pgiris.errors import not_supported
from pgiris.sql.coercion import (
    ANY,
    BOOL,
    DATE,
    DATETIMES,
    FLOAT8,
    INT8,
    INTEGERS,
    INTERVAL,
    NUMBERS,
    NUMERIC,
    STRINGS,
    TEXT,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    VECTOR,
    Kind,
    category,
    implicit,
)
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.table import TYPES
from pgiris.types.vector import DENSE, VECTORS

Resolved = tuple[Kind, Kind, Kind]  # left, right, result
Special = Callable[[str, Oid, Oid], Resolved | None]

MATCHES = frozenset(("~~", "~~*", "~", "~*", "similar to"))  # of a text and a pattern
COMPARISONS = frozenset(("=", "<>", "<", ">", "<=", ">="))
DISTANCES = frozenset(("<=>", "<->", "<#>", "<+>"))
TIMETZ = Kind(oids.TIMETZ)
_INT4, INET, PG_LSN = Kind(oids.INT4), Kind(oids.INET), Kind(oids.PG_LSN)

# Types without "<", and without "=".
_UNORDERED = frozenset((oids.XID, oids.CID))
_INCOMPARABLE = frozenset((oids.JSON, oids.JSONPATH, oids.XML, oids.VOID))

_DATE_ARITHMETIC: dict[tuple[str, Oid, Oid], Kind] = {
    ("+", oids.DATE, oids.INT4): DATE,
    ("-", oids.DATE, oids.INT4): DATE,
    ("+", oids.INT4, oids.DATE): DATE,
    ("-", oids.DATE, oids.DATE): _INT4,
    ("+", oids.DATE, oids.TIME): TIMESTAMP,
    ("+", oids.TIME, oids.DATE): TIMESTAMP,
    ("+", oids.DATE, oids.INTERVAL): TIMESTAMP,
    ("-", oids.DATE, oids.INTERVAL): TIMESTAMP,
    ("+", oids.INTERVAL, oids.DATE): TIMESTAMP,
    ("+", oids.TIMESTAMP, oids.INTERVAL): TIMESTAMP,
    ("-", oids.TIMESTAMP, oids.INTERVAL): TIMESTAMP,
    ("+", oids.INTERVAL, oids.TIMESTAMP): TIMESTAMP,
    ("-", oids.TIMESTAMP, oids.TIMESTAMP): INTERVAL,
    ("+", oids.TIMESTAMPTZ, oids.INTERVAL): TIMESTAMPTZ,
    ("-", oids.TIMESTAMPTZ, oids.INTERVAL): TIMESTAMPTZ,
    ("+", oids.INTERVAL, oids.TIMESTAMPTZ): TIMESTAMPTZ,
    ("-", oids.TIMESTAMPTZ, oids.TIMESTAMPTZ): INTERVAL,
    ("+", oids.TIME, oids.INTERVAL): TIME,
    ("-", oids.TIME, oids.INTERVAL): TIME,
    ("+", oids.INTERVAL, oids.TIME): TIME,
    ("+", oids.TIMETZ, oids.INTERVAL): TIMETZ,
    ("-", oids.TIMETZ, oids.INTERVAL): TIMETZ,
    ("+", oids.INTERVAL, oids.TIMETZ): TIMETZ,
    ("+", oids.DATE, oids.TIMETZ): TIMESTAMPTZ,
    ("+", oids.TIMETZ, oids.DATE): TIMESTAMPTZ,
    ("-", oids.TIME, oids.TIME): INTERVAL,
    ("+", oids.INTERVAL, oids.INTERVAL): INTERVAL,
    ("-", oids.INTERVAL, oids.INTERVAL): INTERVAL,
    ("*", oids.INTERVAL, oids.FLOAT8): INTERVAL,
    ("*", oids.FLOAT8, oids.INTERVAL): INTERVAL,
    ("/", oids.INTERVAL, oids.FLOAT8): INTERVAL,
}


def is_distinguishable(oid: Oid) -> bool:
    """Whether the type has "=", which GROUP BY, DISTINCT and UNION need."""
    return oid not in _INCOMPARABLE


def is_ordered(oid: Oid) -> bool:
    """Whether the type has "<", which ORDER BY needs."""
    return oid not in _INCOMPARABLE and oid not in _UNORDERED


class NoOperator(Exception):
    """ambiguous: several would do."""

    def __init__(self, ambiguous: bool = False) -> None:
        super().__init__()
        self.ambiguous = ambiguous


def resolve(symbol: str, left: Kind, right: Kind) -> Resolved:
    """Raises NoOperator."""
    if not left.oid or not right.oid:
        return _with_any(symbol, left, right)
    if symbol in COMPARISONS:
        operand = _comparable(left.oid, right.oid)
        if operand[0] in _INCOMPARABLE or (symbol not in ("=", "<>") and operand[0] in _UNORDERED):
            raise NoOperator
        return Kind(operand[0]), Kind(operand[1]), BOOL
    if symbol == "||":
        return _concatenation(left.oid, right.oid)
    if symbol in DISTANCES:
        return _distance(left.oid, right.oid)
    special = _SPECIAL.get(symbol)
    found = special(symbol, left.oid, right.oid) if special is not None else None
    if found is not None:
        return found
    if symbol in MATCHES or symbol == "^@":
        if all(oid in STRINGS or oid == oids.UNKNOWN for oid in (left.oid, right.oid)):
            return TEXT, TEXT, BOOL
        raise NoOperator
    return _arithmetic(symbol, left.oid, right.oid)


def _json_member(symbol: str, left: Oid, right: Oid) -> Resolved | None:
    if left == oids.UNKNOWN or left not in _DOCUMENTS or not (right in INTEGERS or right in STRINGS or right == oids.UNKNOWN):
        raise NoOperator
    return Kind(left), _INT4 if right in INTEGERS else TEXT, Kind(left) if symbol == "->" else TEXT


def _json_path(symbol: str, left: Oid, right: Oid) -> Resolved | None:
    if left not in _DOCUMENTS or right not in (oids.TEXT_ARRAY, oids.VARCHAR_ARRAY, oids.UNKNOWN):
        raise NoOperator
    return Kind(left), Kind(oids.TEXT_ARRAY), TEXT if symbol == "#>>" else Kind(left)


def _json_key(symbol: str, left: Oid, right: Oid) -> Resolved | None:
    wanted = oids.TEXT if symbol == "?" else oids.TEXT_ARRAY
    if left != oids.JSONB or (right not in (wanted, oids.UNKNOWN) and not (wanted == oids.TEXT and right in STRINGS)):
        raise NoOperator
    return Kind(left), Kind(wanted), BOOL


def _containment(symbol: str, left: Oid, right: Oid) -> Resolved | None:
    known = right if left == oids.UNKNOWN else left
    if {left, right} - {known, oids.UNKNOWN} or (known != oids.JSONB and category(known) != "A"):
        raise NoOperator
    if symbol == "&&" and known == oids.JSONB:
        raise NoOperator
    return Kind(known), Kind(known), BOOL


def _removal(symbol: str, left: Oid, right: Oid) -> Resolved | None:
    """jsonb - key, - place, - keys"""
    if left != oids.JSONB:
        return _vectors(symbol, left, right)
    if right in STRINGS or right == oids.UNKNOWN:
        return Kind(left), TEXT, Kind(left)
    if right in INTEGERS:
        return Kind(left), _INT4, Kind(left)
    if right == oids.TEXT_ARRAY:
        return Kind(left), Kind(right), Kind(left)
    raise NoOperator


def _path_condition(symbol: str, left: Oid, right: Oid) -> Resolved | None:
    if left not in (oids.JSONB, oids.UNKNOWN) or right not in (oids.JSONPATH, oids.UNKNOWN):
        if symbol == "@@":
            raise not_supported("full text search is not supported")
        raise NoOperator
    return Kind(oids.JSONB), Kind(oids.JSONPATH), BOOL


def _vectors(symbol: str, left: Oid, right: Oid) -> Resolved | None:
    if not {left, right} & set(VECTORS):
        return None
    kind = _vector_kind(left, right)
    if kind is None or kind.oid not in DENSE:
        raise NoOperator
    return kind, kind, kind


def _vector_kind(left: Oid, right: Oid) -> Kind | None:
    """The type of vectors that both operands become, if one is of them."""
    known = {left, right} - {oids.UNKNOWN}
    return Kind(max(known, key=VECTORS.index)) if known and known <= set(VECTORS) else None


def _networks(symbol: str, left: Oid, right: Oid) -> Resolved | None:
    """Operators of inet, which cidr becomes. None where there are others of the symbol."""
    if not {left, right} & _NETWORKS:
        return None
    if symbol in ("+", "-") and {left, right} & INTEGERS:
        if left in INTEGERS and symbol == "-":
            raise NoOperator
        wanted = [INT8 if oid in INTEGERS else INET for oid in (left, right)]
        return wanted[0], wanted[1], INET
    if symbol == "+" or not {left, right} <= _NETWORKS | {oids.UNKNOWN}:
        raise NoOperator
    return INET, INET, INT8 if symbol == "-" else INET if symbol in ("&", "|") else BOOL


def _subnet(symbol: str, left: Oid, right: Oid) -> Resolved | None:
    """``<<=`` and ``>>=``, which networks alone have here."""
    found = _networks(symbol, left, right)
    if found is None:
        raise NoOperator
    return found


def _log_positions(symbol: str, left: Oid, right: Oid) -> Resolved | None:
    """pg_lsn - pg_lsn, and a pg_lsn so many bytes on."""
    if PG_LSN.oid not in (left, right):
        return None
    others = {left, right} - {PG_LSN.oid, oids.UNKNOWN}
    if symbol == "-" and not others:
        return PG_LSN, PG_LSN, NUMERIC
    if not others <= {*INTEGERS, oids.NUMERIC} or (symbol == "-" and right == PG_LSN.oid):
        raise NoOperator
    return (PG_LSN, NUMERIC, PG_LSN) if left == PG_LSN.oid else (NUMERIC, PG_LSN, PG_LSN)


def _first_of(*candidates: Special) -> Special:
    def resolved(symbol: str, left: Oid, right: Oid) -> Resolved | None:
        for candidate in candidates:
            found = candidate(symbol, left, right)
            if found is not None:
                return found
        return None

    return resolved


_NETWORKS = frozenset((oids.INET, oids.CIDR))


def _deleted_path(symbol: str, left: Oid, right: Oid) -> Resolved | None:
    if left != oids.JSONB or right not in (oids.TEXT_ARRAY, oids.UNKNOWN):
        raise NoOperator
    return Kind(left), Kind(oids.TEXT_ARRAY), Kind(left)


_DOCUMENTS = frozenset((oids.JSON, oids.JSONB))
_SPECIAL: dict[str, Special] = {
    "->": _json_member,
    "->>": _json_member,
    "#>": _json_path,
    "#>>": _json_path,
    "?": _json_key,
    "?|": _json_key,
    "?&": _json_key,
    "#-": _deleted_path,
    "@?": _path_condition,
    "@@": _path_condition,
    "@>": _containment,
    "<@": _containment,
    "&&": _first_of(_networks, _containment),
    "<<": _networks,
    ">>": _networks,
    "<<=": _subnet,
    ">>=": _subnet,
    "&": _networks,
    "|": _networks,
    "-": _first_of(_networks, _log_positions, _removal),
    "+": _first_of(_networks, _log_positions, _vectors),
    "*": _vectors,
}


def _with_any(symbol: str, left: Kind, right: Kind) -> Resolved:
    """One operand's type is only known to the backend: the other one, if unknown, becomes text."""
    left = TEXT if left.oid == oids.UNKNOWN else left
    right = TEXT if right.oid == oids.UNKNOWN else right
    if symbol in COMPARISONS or symbol.strip("!*") in ("~~", "~"):
        return left, right, BOOL
    if symbol in DISTANCES:
        kind = next((Kind(oid) for oid in (left.oid, right.oid) if oid in VECTORS), VECTOR)
        return kind, kind, FLOAT8
    return left, right, TEXT if symbol == "||" else ANY


def _comparable(left: Oid, right: Oid) -> tuple[Oid, Oid]:
    if left == right == oids.UNKNOWN:
        return oids.TEXT, oids.TEXT
    if left == oids.UNKNOWN or right == oids.UNKNOWN:
        known = right if left == oids.UNKNOWN else left
        return (oids.TEXT, oids.TEXT) if known in (oids.VARCHAR, oids.CHAR) else (known, known)
    if left == right or (left in STRINGS and right in STRINGS):
        return left, right
    for ladder in (NUMBERS, DATETIMES):
        if left in ladder and right in ladder:
            return left, right
    if (vectors := _vector_kind(left, right)) is not None:
        return vectors.oid, vectors.oid
    if category(left) == category(right) != "A" and (implicit(left, right) or implicit(right, left)):
        return left, right
    if {left, right} <= {oids.OID, *INTEGERS}:
        return left, right
    raise NoOperator


def _concatenation(left: Oid, right: Oid) -> Resolved:
    if category(left) == "A" or category(right) == "A":
        return _array_concatenation(left, right)
    if (vectors := _vector_kind(left, right)) is not None and vectors.oid in DENSE:
        return vectors, vectors, vectors
    if left == right == oids.BYTEA or {left, right} == {oids.BYTEA, oids.UNKNOWN}:
        return Kind(oids.BYTEA), Kind(oids.BYTEA), Kind(oids.BYTEA)
    if oids.JSONB in (left, right) and {left, right} <= {oids.JSONB, oids.UNKNOWN}:
        return Kind(oids.JSONB), Kind(oids.JSONB), Kind(oids.JSONB)
    if not any(oid in STRINGS or oid == oids.UNKNOWN for oid in (left, right)):
        raise NoOperator
    return (
        TEXT if left == oids.UNKNOWN else Kind(left),
        TEXT if right == oids.UNKNOWN else Kind(right),
        TEXT,
    )


def _array_concatenation(left: Oid, right: Oid) -> Resolved:
    """An array and another one, or an element before or behind it. An unknown is taken for an array."""
    array = left if category(left) == "A" else right
    element = TYPES[array].element
    common = _common_array(left, right)
    if common is not None:
        return common
    if {left, right} <= {array, oids.UNKNOWN}:
        return Kind(array), Kind(array), Kind(array)
    other = right if array == left else left
    if category(other) == "A":
        raise NoOperator
    if implicit(other, element):
        return (Kind(array), Kind(element), Kind(array)) if array == left else (Kind(element), Kind(array), Kind(array))
    wider = TYPES[other].array if other in TYPES and implicit(element, other) else Oid(0)
    if not wider:
        raise NoOperator
    return (Kind(wider), Kind(other), Kind(wider)) if array == left else (Kind(other), Kind(wider), Kind(wider))


def _common_array(left: Oid, right: Oid) -> Resolved | None:
    """Of two arrays whose elements have a common type: anycompatiblearray."""
    if left == right or category(left) != "A" or category(right) != "A":
        return None
    one, other = TYPES[left].element, TYPES[right].element
    wider = left if implicit(other, one) else right if implicit(one, other) else None
    return None if wider is None else (Kind(wider), Kind(wider), Kind(wider))


def _distance(left: Oid, right: Oid) -> Resolved:
    kind = _vector_kind(left, right)
    if kind is None:
        raise NoOperator
    return kind, kind, FLOAT8


def _arithmetic(symbol: str, left: Oid, right: Oid) -> Resolved:
    if left == right == oids.UNKNOWN:
        raise NoOperator(ambiguous=True)
    left, right = _unknown_operand(symbol, left, right)
    found = _DATE_ARITHMETIC.get((symbol, left, right))
    if found is not None:
        return Kind(left), Kind(right), found
    if left in NUMBERS and right in NUMBERS:
        return Kind(left), Kind(right), Kind(_number_result(symbol, left, right))
    return _widened(symbol, left, right)


def _unknown_operand(symbol: str, left: Oid, right: Oid) -> tuple[Oid, Oid]:
    """An unknown operand takes the other's type where there is such an operator, else that of the only operator that fits."""
    if oids.UNKNOWN not in (left, right):
        return left, right
    known = right if left == oids.UNKNOWN else left
    if known in NUMBERS or (symbol, known, known) in _DATE_ARITHMETIC:
        return known, known
    if left == oids.UNKNOWN:
        fitting = {pair[1] for pair in _DATE_ARITHMETIC if pair[0] == symbol and pair[2] == known}
    else:
        fitting = {pair[2] for pair in _DATE_ARITHMETIC if pair[0] == symbol and pair[1] == known}
    if not fitting:
        raise NoOperator
    if len(fitting) > 1:
        raise NoOperator(ambiguous=True)
    other = fitting.pop()
    return (other, known) if left == oids.UNKNOWN else (known, other)


def _number_result(symbol: str, left: Oid, right: Oid) -> Oid:
    if symbol == "^":
        return oids.NUMERIC if oids.NUMERIC in (left, right) and left not in _FLOATS and right not in _FLOATS else oids.FLOAT8
    wider = left if NUMBERS.index(left) >= NUMBERS.index(right) else right
    if symbol == "%":
        if wider in _FLOATS:
            raise NoOperator
        return wider
    if symbol in ("&", "|", "#", "<<", ">>"):
        if wider not in INTEGERS:
            raise NoOperator
        return left if symbol in ("<<", ">>") else wider
    if wider == oids.FLOAT4 and left != right:
        return oids.FLOAT8
    return wider


_FLOATS = frozenset((oids.FLOAT4, oids.FLOAT8))


def _widened(symbol: str, left: Oid, right: Oid) -> Resolved:
    """Operators whose operands are cast implicitly: date - timestamp, date + smallint, interval * integer."""
    for (candidate, wanted_left, wanted_right), result in _DATE_ARITHMETIC.items():
        if (
            candidate != symbol
            or (left in NUMBERS) != (wanted_left in NUMBERS)
            or (right in NUMBERS) != (wanted_right in NUMBERS)
        ):
            continue
        if implicit(left, wanted_left) and implicit(right, wanted_right) and {left, right} & {wanted_left, wanted_right}:
            one, other = ((own if own in NUMBERS else wanted) for own, wanted in ((left, wanted_left), (right, wanted_right)))
            return Kind(one), Kind(other), result
    raise NoOperator


def sign_result(operand: Kind) -> Kind:
    """Of unary minus and plus. Raises NoOperator."""
    if not operand.oid:
        return ANY
    if operand.oid == oids.UNKNOWN:
        return FLOAT8
    if operand.oid in NUMBERS or operand.oid == oids.INTERVAL:
        return Kind(operand.oid)
    raise NoOperator


__all__ = ["COMPARISONS", "DISTANCES", "NUMERIC", "NoOperator", "Resolved", "resolve", "sign_result"]
