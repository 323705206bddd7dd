"""The errors that decoders raise, in PostgreSQL's words."""

from __future__ import annotations

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported


class TrailingBytes(PgError):
    """A binary value is longer than its type: decode_parameters adds the parameter's number."""

    def __init__(self) -> None:
        super().__init__(sqlstate.INVALID_BINARY_REPRESENTATION, "incorrect binary data format")


def syntax(type_name: str, text: str) -> PgError:
    return PgError(sqlstate.INVALID_TEXT_REPRESENTATION, f'invalid input syntax for type {type_name}: "{text}"')


def out_of_range(type_name: str, text: str) -> PgError:
    return PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, f'value "{text}" is out of range for type {type_name}')


def wrong_length(raw: bytes, length: int) -> PgError:
    """raw should have had length bytes."""
    if len(raw) > length:
        return TrailingBytes()
    return PgError(sqlstate.PROTOCOL_VIOLATION, "insufficient data left in message")


def wrong_byte_count(raw: bytes, length: int) -> PgError:
    """As wrong_length, for types that PostgreSQL reads byte by byte."""
    if len(raw) > length:
        return TrailingBytes()
    return PgError(sqlstate.PROTOCOL_VIOLATION, "no data left in message")


def unrepresentable(what: str) -> PgError:
    """A value that PostgreSQL has and IRIS has not: iris-reference 5.2, 5.3."""
    return not_supported(f"IRIS cannot hold {what}")
