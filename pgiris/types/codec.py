"""Codec: how the values of one type become wire bytes and back, in text and binary.

A *value* is what backends give and take, in the form of IRIS's ODBC select mode:

    bool             bool, or int 0/1                 numeric          str in plain decimal notation, Decimal or int
    int2/4/8, oid    int                              float4/8         float
    text and kin     str                              bytea            bytes
    date             str YYYY-MM-DD                   time             str HH:MM:SS[.ffffff]
    timestamp        str YYYY-MM-DD HH:MM:SS[.ffffff] (no trailing zeros in the fraction, no fraction when it is zero)
    timestamptz      the same, in UTC                 timetz           str HH:MM:SS[.ffffff]+HH[:MM[:SS]]
    interval         str in PostgreSQL's ``postgres`` output style
    uuid             str, lower case, 36 characters   json, jsonb      str
    arrays           str, PostgreSQL's array literal whose elements are values as above ({1,2}, {"a b",NULL})
    vector, halfvec  str of comma separated numbers without brackets, as IRIS returns them

None is NULL and never reaches a codec.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NewType

Oid = NewType("Oid", int)
Value = Any
Encode = Callable[[Value], bytes]
Decode = Callable[[bytes], Value]


class Format(IntEnum):
    """Format codes. PostgreSQL: protocol-overview#PROTOCOL-FORMAT-CODES"""

    TEXT = 0
    BINARY = 1


ISO_MDY = "ISO, MDY"  # the default DateStyle


@dataclass(frozen=True)
class Context:
    """The settings that change how values look on the wire; names and values are PostgreSQL's."""

    time_zone: str = "UTC"
    date_style: str = ISO_MDY
    interval_style: str = "postgres"
    bytea_output: str = "hex"
    extra_float_digits: int = 1
    client_encoding: str = "UTF8"


@dataclass(frozen=True)
class Codec:
    """Factories of the four functions of one type; called once per column, so the functions themselves do no look-ups.

    Encoders raise PgError 22003 or 22P05 for a value that cannot be sent; decoders 22P02, 22003, 22007, 22008, 22021 or 22P03.
    """

    text_out: Callable[[Context, int], Encode]  # (context, typmod)
    binary_out: Callable[[Context, int], Encode]
    text_in: Callable[[Context], Decode]
    binary_in: Callable[[Context], Decode]
