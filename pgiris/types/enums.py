"""Enums: types that CREATE TYPE ... AS ENUM has made, as rows of TYPES.

A process learns of a type (``learn()``) before it meets its values: the front from the schema, workers with the statements that
use it. IRIS holds labels, as text. The front may serve several databases, so OIDs are different in each of them.
PostgreSQL: datatype-enum
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types import objects
from pgiris.types.array import array_of
from pgiris.types.codec import Codec, Context, Decode, Oid, Value
from pgiris.types.encoding import text_decoder
from pgiris.types.scalar import TEXT
from pgiris.types.table import BY_PG_NAME, LONG_TEXT, NO, TYPES, TypeRow

LONGEST_LABEL = 63  # bytes. PostgreSQL: NAMEDATALEN - 1
IRIS_TYPE = f"VARCHAR({LONGEST_LABEL})"
CATEGORY = "E"


class EnumType(NamedTuple):
    """schema: IRIS's name. number: of the type for good, whatever it is called. revision: grows with each change of it.
    shown: its name in messages, as the front knows it."""

    oid: Oid
    schema: str
    name: str
    number: int
    labels: tuple[str, ...]
    revision: int
    shown: str = ""

    @property
    def array(self) -> Oid:
        return Oid(self.oid + 1)

    @property
    def noted(self) -> str:
        """What the type is called in columns' descriptions."""
        return f"enum {self.number}"

    @property
    def parsed(self) -> str:
        """What parse_type() knows the type by, whatever namespaces call so."""
        return f"enum {self.oid}"


_LEARNT: dict[Oid, EnumType] = {}
_PLACES: dict[Oid, dict[str, int]] = {}  # of the labels in the declared order, from 1 on


def oid_of(namespace: str, number: int) -> Oid:
    """An even one; the array type's is the next. Types of other namespaces, copies of this one among them, have others."""
    first, end = objects.RANGES[objects.ENUM]
    digest = hashlib.blake2b(f"{namespace.upper()}\0{number}".encode(), digest_size=8).digest()
    return Oid(first + int.from_bytes(digest, "big") % ((end - first) // 2) * 2)


def learn(types: Iterable[EnumType]) -> None:
    """What is known already in a later revision stays."""
    for type_ in types:
        known = _LEARNT.get(type_.oid)
        if known is None or known.number != type_.number or known.revision < type_.revision:
            _learn(type_)


def _learn(type_: EnumType) -> None:
    _LEARNT[type_.oid] = type_
    _PLACES[type_.oid] = {label: place for place, label in enumerate(type_.labels, 1)}
    codec = _codec(type_.oid)
    row = TypeRow(type_.oid, type_.name, type_.array, 4, CATEGORY, IRIS_TYPE, codec, (type_.shown or type_.name,))
    array = TypeRow(type_.array, f"_{type_.name}", NO, -1, "A", LONG_TEXT, array_of(type_.oid, codec), element=type_.oid)
    TYPES[row.oid], TYPES[array.oid] = row, array
    BY_PG_NAME[type_.parsed] = row


def is_enum(oid: Oid) -> bool:
    return oid in _LEARNT


def labels_of(oid: Oid) -> tuple[str, ...]:
    return _LEARNT[oid].labels


def find(oid: Oid) -> EnumType | None:
    """The enum of this OID, or of this array type."""
    return _LEARNT.get(oid) or _LEARNT.get(Oid(oid - 1))


def place_of(oid: Oid, label: Value) -> int:
    """In the declared order, from 1 on. Raises 22P02 for what is no label of the type."""
    place = _PLACES[oid].get(label)
    if place is None:
        raise _no_label(oid, str(label))
    return place


def used(numbers: Iterable[int]) -> tuple[EnumType, ...]:
    """The enums whose OIDs, or whose arrays', are among the numbers."""
    found = {type_.oid: type_ for number in numbers if (type_ := find(Oid(number))) is not None}
    return tuple(found.values())


def any_learnt() -> bool:
    return bool(_LEARNT)


def _codec(oid: Oid) -> Codec:
    def reader(context: Context) -> Decode:
        decode = text_decoder(context.client_encoding)

        def label(raw: bytes) -> Value:
            text = decode(raw)
            place_of(oid, text)
            return text

        return label

    return Codec(TEXT.text_out, TEXT.binary_out, reader, reader)


def _no_label(oid: Oid, text: str) -> PgError:
    message = f'invalid input value for enum {TYPES[oid].names[0]}: "{text}"'
    return PgError(sqlstate.INVALID_TEXT_REPRESENTATION, message)
