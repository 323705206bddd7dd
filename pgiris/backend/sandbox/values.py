"""Values on their way into SQLite: what a column stores, and what a comparison compares with.

store() refuses what IRIS's validation refuses (SQLCODE -104, -105); comparable() gives None for what can equal nothing.
iris-reference 4.13, 4.15, 5.2, 5.3
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pgiris import sqlstate
from pgiris.backend.sandbox import bulk, decimals, vectors
from pgiris.backend.sandbox.iristypes import IrisType, Kind
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import PgError

Convert = Callable[[Any], Any]
FIRST_DATE = "1840-12-31"  # logical 0
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:\.([0-9]*))?)?")


@dataclass(frozen=True)
class Field:
    """A column that a value is meant for."""

    schema: str
    table: str
    name: str
    sqlcode: int = -104

    def invalid(self, value: object, state: str, text: str) -> PgError:
        shown = str(value)
        shown = shown if len(shown) <= 100 else shown[:100] + "..."
        message = f"Field '{self.schema}.{self.table}.{self.name}' (value '{shown}') failed validation"
        return pg_error(self.sqlcode, message, schema=self.schema, table=self.table, column=self.name, text=text, state=state)


# Texts of dates and times.


def date_text(text: str) -> str | None:
    """``YYYY-MM-DD``, perhaps with a time after it -> canonical text. None: no date."""
    match = _DATE.match(text.strip())
    if match is None or (match.end() < len(text.strip()) and text.strip()[match.end()] != " "):
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return None


def time_text(text: str, digits: int = 6) -> str | None:
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    fraction = (match[4] or "")[:digits].rstrip("0")
    return f"{hour:02}:{minute:02}:{second:02}{'.' if fraction else ''}{fraction}"


def timestamp_text(text: str) -> str | None:
    day, _, time = text.strip().partition(" ")
    day_text = date_text(day)
    if day_text is None:
        return None
    if not time:
        return f"{day_text} 00:00:00"
    clock = time_text(time)
    return None if clock is None else f"{day_text} {clock}"


# Values in comparisons: the representation of the other side's type.


def _as_number(value: Any) -> Decimal | int | float | None:
    if isinstance(value, (bool, int)):
        return int(value)
    if isinstance(value, str):
        return decimals.parsed(value.strip()) if value.strip() else None
    if isinstance(value, (float, Decimal)):
        return value
    return None


def _whole(value: Any) -> int | float | None:
    """A fraction stays one: ``id < 1.5`` is a good question. So is one about more than a BIGINT, which SQLite does not take."""
    if type(value) is int:
        return value
    number = _as_number(value)
    if isinstance(number, Decimal):
        is_whole = number == number.to_integral_value() and abs(number) <= decimals.MAX_SIGNIFICAND
        return int(number) if is_whole else float(number)
    return number


def whole_of(value: Any) -> int | None:
    """As CAST: the number that a text begins with, without decimals."""
    if value is None or type(value) is int:
        return value
    return int(decimals.leading_number(text_of(value) or ""))


def numeric_of(value: Any) -> str | None:
    return None if value is None else decimals.canonical(decimals.leading_number(text_of(value) or ""))


def double_of(value: Any) -> float | None:
    if value is None or type(value) is float:
        return value
    return float(decimals.leading_number(text_of(value) or ""))


def numeric_text(value: Any) -> str | None:
    number = _as_number(value)
    if number is None:
        return None
    if isinstance(number, float):
        return decimals.canonical(Decimal(repr(number))) if math.isfinite(number) else None
    return decimals.canonical(number)


def _double(value: Any) -> float | None:
    if type(value) is float:
        return value
    number = _as_number(value)
    return None if number is None else float(number)


def text_of(value: Any) -> str | None:
    """Any value as a string."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, (bool, int)):
        return str(int(value))
    if isinstance(value, float):
        return double_text(value)
    if isinstance(value, Decimal):
        return decimals.canonical(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("latin-1")
    return str(value)


def double_text(value: float) -> str:
    text = repr(value)
    return decimals.canonical(Decimal(text)) if math.isfinite(value) else text


def _binary(value: Any) -> bytes | None:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, str):
        return value.encode("latin-1", "replace")
    return None


def _moment(read: Callable[[str], str | None], sqlcode: int, what: str) -> Convert:
    def convert(value: Any) -> Any:
        if value is None:
            return None
        found = read(value) if isinstance(value, str) else None
        if found is None:
            raise pg_error(sqlcode, f"Unable to convert {what} input to a valid logical {what} value: {value}")
        return found

    return convert


def comparable(type_: IrisType) -> Convert | None:
    """None: values go as they are."""
    return _COMPARABLE.get(type_.kind)


_COMPARABLE: dict[Kind, Convert] = {
    Kind.BIT: _whole,
    Kind.INTEGER: _whole,
    Kind.NUMERIC: numeric_text,
    Kind.DOUBLE: _double,
    Kind.STRING: text_of,
    Kind.UUID: text_of,
    Kind.STREAM: text_of,
    Kind.BINARY: _binary,
    Kind.BINARY_STREAM: _binary,
    Kind.DATE: _moment(date_text, -146, "date"),
    Kind.TIME: _moment(time_text, -147, "time"),
    Kind.TIMESTAMP: _moment(timestamp_text, -146, "date"),
}


def json_text(value: Any) -> str:
    """A value within JSON. Bytes are JSON already; an empty string is ``$CHAR(0)`` to IRIS (iris-reference 2.3)."""
    if isinstance(value, bytes):
        return value.decode()
    if value == "":
        return '"\\u0000"'
    return json.dumps(value, ensure_ascii=False)


# Values that columns store.


class Stored:
    """A function from any value to what the column stores. It raises PgError with the field's SQLCODE."""

    __slots__ = ("_convert", "_fast", "twin")

    def __init__(self, convert: Convert, fast: bulk.Fast | None, twin: tuple[str, int, int] | None) -> None:
        self._convert, self._fast, self.twin = convert, fast, twin

    def __call__(self, value: Any) -> Any:
        return None if value is None else self._convert(value)

    def column(self, values: Sequence[Any]) -> Sequence[Any]:
        """Many at once."""
        present = [value for value in values if value is not None] if None in values else values
        found = self._fast(present) if self._fast is not None and present else None
        if found is None:
            return [self(value) for value in values]
        if len(present) == len(values):
            return found
        following = iter(found)
        return [None if value is None else next(following) for value in values]


def store(type_: IrisType, field: Field) -> Stored:
    make = _STORES.get(type_.kind)
    assert make is not None, type_
    return Stored(make(type_, field), bulk.fast(type_), bulk.twin_kind(type_))


def _store_whole(type_: IrisType, field: Field) -> Convert:
    low, high = type_.range
    name = {"SMALLINT": "smallint", "INTEGER": "integer", "BIGINT": "bigint"}.get(type_.ddl, type_.ddl.lower())

    def convert(value: Any) -> Any:
        if type(value) is not int:
            number = _as_number(value)
            if number is None or (isinstance(number, float) and not math.isfinite(number)):
                text = f'invalid input syntax for type {name}: "{value}"'
                raise field.invalid(value, sqlstate.INVALID_TEXT_REPRESENTATION, text)
            if number != int(number):
                text = f'invalid input syntax for type {name}: "{value}"'
                raise field.invalid(value, sqlstate.INVALID_TEXT_REPRESENTATION, text)
            value = int(number)
        if not low <= value <= high:
            raise field.invalid(value, sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, f"{name} out of range")
        return value

    return convert


def _store_bit(type_: IrisType, field: Field) -> Convert:
    def convert(value: Any) -> int:
        number = _as_number(value)
        if number not in (0, 1):
            text = f'invalid input syntax for type boolean: "{value}"'
            raise field.invalid(value, sqlstate.INVALID_TEXT_REPRESENTATION, text)
        return int(number == 1)

    return convert


def _store_numeric(type_: IrisType, field: Field) -> Convert:
    scale = Decimal(1).scaleb(-type_.scale)
    limit = Decimal(10) ** (type_.precision - type_.scale)

    def convert(value: Any) -> str:
        given = _as_number(value)
        number = None if given is None else Decimal(repr(given) if isinstance(given, float) else given)
        if number is None or not number.is_finite():
            text = f'invalid input syntax for type numeric: "{value}"'
            raise field.invalid(value, sqlstate.INVALID_TEXT_REPRESENTATION, text)
        if abs(number) >= limit:
            raise field.invalid(value, sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow")
        kept = number.quantize(scale, context=decimals.CONTEXT) if _decimals(number) > type_.scale else number
        text = decimals.canonical(kept)
        if abs(kept) >= limit or int(text.replace(".", "").lstrip("-")) > decimals.MAX_SIGNIFICAND:
            raise field.invalid(value, sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow")
        return text

    return convert


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _store_double(type_: IrisType, field: Field) -> Convert:
    def convert(value: Any) -> float:
        number = _as_number(value)
        if number is None:
            text = f'invalid input syntax for type double precision: "{value}"'
            raise field.invalid(value, sqlstate.INVALID_TEXT_REPRESENTATION, text)
        result = float(number)
        if not math.isfinite(result):
            raise field.invalid(value, sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "IRIS has no infinite DOUBLE and no NaN")
        return result

    return convert


def utf16_length(text: str) -> int:
    """IRIS counts UTF-16 code units."""
    return len(text) if text.isascii() else len(text) + sum(character > "\uffff" for character in text)


def _store_string(type_: IrisType, field: Field) -> Convert:
    length = type_.length or 1

    def convert(value: Any) -> str:
        text = value if type(value) is str else text_of(value)
        assert text is not None
        if len(text) > length or (not text.isascii() and utf16_length(text) > length):
            message = f"value too long for type character varying({length})"
            raise field.invalid(value, sqlstate.STRING_DATA_RIGHT_TRUNCATION, message)
        return text

    return convert


def _store_stream(type_: IrisType, field: Field) -> Convert:
    return text_of


def _store_binary(type_: IrisType, field: Field) -> Convert:
    length = type_.length

    def convert(value: Any) -> bytes:
        data = _binary(value)
        if data is None:
            raise field.invalid(value, sqlstate.INVALID_TEXT_REPRESENTATION, "invalid input for binary data")
        if length is not None and len(data) > length:
            message = f"value too long for type binary({length})"
            raise field.invalid(value, sqlstate.STRING_DATA_RIGHT_TRUNCATION, message)
        return data

    return convert


def _store_moment(read: Callable[[str], str | None], name: str, earliest: str = "") -> Callable[[IrisType, Field], Convert]:
    def make(type_: IrisType, field: Field) -> Convert:
        def convert(value: Any) -> str:
            text = read(value) if isinstance(value, str) else None
            if text is None:
                message = f'invalid input syntax for type {name}: "{value}"'
                raise field.invalid(value, sqlstate.INVALID_DATETIME_FORMAT, message)
            if text < earliest:
                raise field.invalid(value, sqlstate.DATETIME_FIELD_OVERFLOW, f'{name} out of range: "{value}"')
            return text

        return convert

    return make


def _store_time(type_: IrisType, field: Field) -> Convert:
    digits = type_.precision if type_.precision else 0 if "(" in type_.ddl else 6
    return _store_moment(lambda text: time_text(text, digits), "time")(type_, field)


def _store_vector(type_: IrisType, field: Field) -> Convert:
    def convert(value: Any) -> bytes:
        if isinstance(value, bytes):
            data = value
        else:
            try:
                data = vectors.pack(str(value), type_.element)
            except ValueError:
                text = f'invalid input syntax for type vector: "{value}"'
                raise field.invalid(value, sqlstate.INVALID_TEXT_REPRESENTATION, text) from None
        if vectors.element_of(data) != type_.element:
            raise pg_error(-259, f"Vector element types differ: {vectors.element_of(data)} and {type_.element}")
        if type_.length is not None and vectors.length_of(data) != type_.length:
            message = f"expected {type_.length} dimensions, not {vectors.length_of(data)}"
            raise field.invalid(f"vector of {vectors.length_of(data)}", sqlstate.DATA_EXCEPTION, message)
        return data

    return convert


_STORES: dict[Kind, Callable[[IrisType, Field], Convert]] = {
    Kind.BIT: _store_bit,
    Kind.INTEGER: _store_whole,
    Kind.NUMERIC: _store_numeric,
    Kind.DOUBLE: _store_double,
    Kind.STRING: _store_string,
    Kind.UUID: _store_string,
    Kind.STREAM: _store_stream,
    Kind.BINARY: _store_binary,
    Kind.BINARY_STREAM: _store_binary,
    Kind.DATE: _store_moment(date_text, "date", FIRST_DATE),
    Kind.TIME: _store_time,
    Kind.TIMESTAMP: _store_moment(timestamp_text, "timestamp"),
    Kind.VECTOR: _store_vector,
}
