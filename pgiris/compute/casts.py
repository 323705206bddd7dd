"""Casts between natives, with PostgreSQL's errors. PostgreSQL: sql-createcast, catalog-pg-cast"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from pgiris import sqlstate
from pgiris.compute import networks, numbers, sparsevecs, vectors
from pgiris.compute.native import MAX_DAY, MAX_US, MIN_DAY, MIN_US, inward, outward
from pgiris.compute.zones import local_us, offset_us, utc_us
from pgiris.errors import PgError, not_supported
from pgiris.types import oids
from pgiris.types.codec import Context, Oid
from pgiris.types.datetime import DAY_US, offset_text, round_us, split_timetz, time_text, time_us
from pgiris.types.interval import FULL_RANGE, HOUR_US, MINUTE_US, Interval, parsed
from pgiris.types.jsontext import Number, checked, normalised
from pgiris.types.numeric import as_float4, scale_of
from pgiris.types.rows import decoder, encoder
from pgiris.types.scalar import char_of, char_text
from pgiris.types.table import TYPES, type_name
from pgiris.types.vector import FORMS

Convert = Callable[[Any], Any]

STRINGS = frozenset((oids.TEXT, oids.VARCHAR, oids.BPCHAR, oids.NAME, oids.UNKNOWN, oids.CHAR, oids.CSTRING))
INTEGERS = {oids.INT2: "int2", oids.INT4: "int4", oids.INT8: "int8"}
FLOATS = frozenset((oids.FLOAT4, oids.FLOAT8))
STAMPS = frozenset((oids.TIMESTAMP, oids.TIMESTAMPTZ))


@lru_cache(maxsize=512)
def shown(oid: Oid, context: Context, typmod: int = -1) -> Callable[[Any], str]:
    """native -> text, as the type's output function writes it. Raises 0A000 for rows, whose natives are JSON."""
    if oid in (oids.RECORD, oids.RECORD_ARRAY):
        raise not_supported("rows as text are not supported here")
    if oid in STRINGS:
        return lambda native: native
    encode, convert = encoder(oid, typmod, 0, context), outward(oid)
    return lambda native: encode(convert(native)).decode()


@lru_cache(maxsize=512)
def read(oid: Oid, context: Context) -> Callable[[str], Any]:
    """text -> native, as the type's input function reads it"""
    if oid in STRINGS:
        return lambda text: text
    decode, convert = decoder(oid, 0, context), inward(oid)
    return lambda text: convert(decode(text.encode()))


@lru_cache(maxsize=1024)
def converter(source: Oid, target: Oid, typmod: int, context: Context) -> Convert:
    """Raises 0A000 when there is no such cast here."""
    if typmod >= 0 and target == oids.INTERVAL and source in STRINGS:
        fields = typmod >> 16 & FULL_RANGE
        base: Convert = lambda text: parsed(text, context.interval_style, fields)  # noqa: E731
    else:
        base = _converter(source, target, context)
    if typmod < 0:
        return base
    fit = _modifier(target, typmod, explicit=True)
    return lambda native: fit(base(native))


def is_possible(source: Oid, target: Oid) -> bool:
    try:
        _converter(source, target, Context())
    except PgError:
        return False
    return True


def _converter(source: Oid, target: Oid, context: Context) -> Convert:
    if source == target:
        return lambda native: native
    if {source, target} == {oids.INT4, oids.CHAR}:
        return _byte if target == oids.CHAR else _signed_byte
    if target in STRINGS:
        return _to_string(source, target, context)
    if source in STRINGS:
        return read(target, context) if source != oids.BPCHAR else lambda text: read(target, context)(text.rstrip(" "))
    found = _BY_PAIR.get((source, target)) or _zoned(source, target, context)
    if found is not None:
        return found
    if source in _NUMBERS and target in _NUMBERS:
        return _number(source, target)
    one, other = TYPES.get(source), TYPES.get(target)
    if one is not None and other is not None and one.is_array and other.is_array:
        element = _converter(one.element, other.element, context)
        return lambda native: _mapped(native, element)
    if one is not None and one.is_array and target in FORMS and one.element in _NUMBERS:
        return partial(vectors.of_numbers, target)
    if one is not None and one.is_array and target == oids.SPARSEVEC and one.element in _NUMBERS:
        return sparsevecs.of_numbers
    if source in FORMS and target == oids.SPARSEVEC:
        return sparsevecs.of_vector
    if source == oids.SPARSEVEC and target in FORMS:
        return partial(sparsevecs.to_vector, target)
    if source in FORMS and target == oids.FLOAT4_ARRAY:
        return list
    if source in FORMS and target in FORMS:
        return partial(vectors.rounded_to, target)
    raise not_supported(f"cast of {type_name(source)} to {type_name(target)} is not supported here")


def _mapped(native: list[Any], convert: Convert) -> list[Any]:
    return [None if i is None else _mapped(i, convert) if isinstance(i, list) else convert(i) for i in native]


def _to_string(source: Oid, target: Oid, context: Context) -> Convert:
    if source == oids.BOOL:
        return lambda native: "true" if native else "false"
    if source == oids.INET:
        return lambda native: networks.cidr_text(networks.address(native))
    if source == oids.BPCHAR and target != oids.BPCHAR:
        return lambda native: native.rstrip(" ")
    if target == oids.NAME:
        show = shown(source, context)
        return lambda native: show(native).encode()[:63].decode(errors="ignore")
    if target == oids.CHAR:
        show = shown(source, context)
        return lambda native: char_of(show(native))
    if source == oids.CHAR:
        return char_text
    return shown(source, context)


def _byte(number: int) -> str:
    """PostgreSQL: i4tochar()"""
    if not -128 <= number <= 127:
        raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, '"char" out of range')
    return chr(number & 0xFF) if number else ""


def _signed_byte(value: str) -> int:
    """PostgreSQL: chartoi4()"""
    number = ord(value) if value else 0
    return number - 256 if number > 127 else number


# Numbers

_NUMBERS = frozenset((*INTEGERS, *FLOATS, oids.NUMERIC, oids.OID))


def _number(source: Oid, target: Oid) -> Convert:
    if target in INTEGERS or target == oids.OID:
        low, high = (0, 1 << 32) if target == oids.OID else (-numbers.RANGES[INTEGERS[target]], numbers.RANGES[INTEGERS[target]])
        name = "OID" if target == oids.OID else numbers.NAMES[INTEGERS[target]]

        def whole(native: Any) -> int:
            if isinstance(native, float):
                if not math.isfinite(native):
                    raise numbers.out_of_range(name)
                native = round(native)
            elif isinstance(native, Decimal):
                if not native.is_finite():
                    shown_name = "NaN" if native.is_nan() else "infinity"
                    raise not_supported(f"cannot convert {shown_name} to {name}")
                native = int(numbers.to_scale(native, 0))
            if not low <= native < high:
                raise numbers.out_of_range(name)
            return int(native)

        return whole
    if target == oids.FLOAT8:
        return _to_float8
    if target == oids.FLOAT4:
        return _to_float4
    if source in FLOATS:
        return _decimal_of_float(15 if source == oids.FLOAT8 else 6)
    return Decimal


def _to_float8(native: Any) -> float:
    try:
        result = float(native)
    except OverflowError:
        result = math.inf
    if math.isinf(result) and not (isinstance(native, float) or not Decimal(native).is_finite()):
        raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, f'"{native}" is out of range for type double precision')
    return result


def _to_float4(native: Any) -> float:
    whole = _to_float8(native)
    result = as_float4(whole)
    if math.isinf(result) and not math.isinf(whole):
        raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow")
    return result


def _decimal_of_float(digits: int) -> Convert:
    """By its 15 (6) significant digits. PostgreSQL: float8_numeric"""

    def convert(native: float) -> Decimal:
        if not math.isfinite(native):
            return Decimal(native)
        return Decimal(format(Decimal(f"{native:.{digits}g}"), "f"))

    return convert


# Moments


def _zoned(source: Oid, target: Oid, context: Context) -> Convert | None:
    """Between timestamptz and what is local in the session's time zone."""
    if source == oids.TIMESTAMPTZ:
        return {
            oids.TIMESTAMP: lambda us: local_us(us, context.time_zone),
            oids.DATE: lambda us: local_us(us, context.time_zone) // DAY_US,
            oids.TIME: lambda us: local_us(us, context.time_zone) % DAY_US,
            oids.TIMETZ: lambda us: _zoned_time(us, context.time_zone),
        }.get(target)
    if target == oids.TIMESTAMPTZ:
        return {
            oids.TIMESTAMP: lambda us: utc_us(us, context.time_zone),
            oids.DATE: lambda day: utc_us(day * DAY_US, context.time_zone),
        }.get(source)
    return None


def _zoned_time(us: int, name: str) -> str:
    offset = timedelta(microseconds=offset_us(us, name))
    return time_text(local_us(us, name) % DAY_US) + offset_text(offset)


def checked_us(us: int) -> int:
    if not MIN_US <= us <= MAX_US:
        raise PgError(sqlstate.DATETIME_FIELD_OVERFLOW, "timestamp out of range")
    return us


def checked_day(day: int) -> int:
    if not MIN_DAY <= day <= MAX_DAY:
        raise PgError(sqlstate.DATETIME_FIELD_OVERFLOW, "date out of range")
    return day


# json


def _number_of_json(name: str, target: Oid) -> Convert:
    def convert(text: str) -> Any:
        found = checked(text)
        if not isinstance(found, Number):
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"cannot cast jsonb {_json_type(found)} to type {name}")
        number = Decimal(found)
        return number if target == oids.NUMERIC else _number(oids.NUMERIC, target)(number)

    return convert


def _bool_of_json(text: str) -> bool:
    found = checked(text)
    if not isinstance(found, bool):
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"cannot cast jsonb {_json_type(found)} to type boolean")
    return found


def _json_type(found: Any) -> str:
    if isinstance(found, Number):
        return "numeric"
    return {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}[type(found)]


def _bool_of_int(native: int) -> bool:
    return native != 0


_BY_PAIR: dict[tuple[Oid, Oid], Convert] = {
    (oids.BOOL, oids.INT4): int,
    (oids.INT4, oids.BOOL): _bool_of_int,
    (oids.DATE, oids.TIMESTAMP): lambda day: checked_us(day * DAY_US),
    (oids.TIMESTAMP, oids.DATE): lambda us: us // DAY_US,
    (oids.TIMESTAMP, oids.TIME): lambda us: us % DAY_US,
    (oids.INTERVAL, oids.TIME): lambda value: value.us % DAY_US,
    (oids.TIME, oids.INTERVAL): lambda us: Interval(0, 0, us),
    (oids.JSON, oids.JSONB): normalised,
    (oids.JSONB, oids.JSON): lambda text: text,
    (oids.JSONB, oids.BOOL): _bool_of_json,
    **{
        (oids.JSONB, target): _number_of_json(type_name(target), target)
        for target in (oids.INT2, oids.INT4, oids.INT8, oids.NUMERIC, oids.FLOAT4, oids.FLOAT8)
    },
    (oids.TIMETZ, oids.TIME): lambda text: time_us(split_timetz(text)[0]),
    (oids.CIDR, oids.INET): networks.as_inet,
    (oids.INET, oids.CIDR): networks.as_cidr,
}


# Modifiers: varchar(n), numeric(p,s), timestamp(p) ...


def _modifier(oid: Oid, typmod: int, *, explicit: bool) -> Convert:
    row = TYPES.get(oid)
    if row is not None and row.is_array:
        element = _modifier(row.element, typmod, explicit=explicit)
        return lambda native: None if native is None else _mapped(native, element)
    if oid in (oids.VARCHAR, oids.BPCHAR):
        length = typmod - 4
        if oid == oids.BPCHAR:
            return lambda text: text[:length].ljust(length)
        return lambda text: text[:length]
    if oid == oids.NUMERIC:
        return numeric_modifier((typmod - 4) >> 16, scale_of(typmod))
    if oid in (*STAMPS, oids.TIME) and typmod < 6:
        return lambda us: round_us(us, typmod)
    if oid == oids.INTERVAL:
        return _interval_modifier(typmod)
    if oid in FORMS:
        return lambda value: _sized(value, len(value), typmod)
    if oid == oids.SPARSEVEC:
        return lambda value: _sized(value, value.size, typmod)
    return lambda native: native


def _sized(value: Any, size: int, wanted: int) -> Any:
    if size != wanted:
        raise PgError(sqlstate.DATA_EXCEPTION, f"expected {wanted} dimensions, not {size}")
    return value


def numeric_modifier(precision: int, scale: int) -> Convert:
    def fit(value: Decimal) -> Decimal:
        rounded = numbers.to_scale(value, scale)
        if rounded and rounded.adjusted() + 1 > precision - scale:
            limit = f"10^{precision - scale}" if precision != scale else "1"
            raise PgError(
                sqlstate.NUMERIC_VALUE_OUT_OF_RANGE,
                "numeric field overflow",
                detail=f"A field with precision {precision}, scale {scale} must round to an absolute value less than {limit}.",
            )
        return rounded

    return fit


def _down_to(mask: int, months: int, days: int, us: int) -> tuple[int, int, int]:
    """What is smaller than the last of an interval's fields is cut off. PostgreSQL: AdjustIntervalForTypmod, INTERVAL_MASK"""
    sign = -1 if us < 0 else 1
    if mask & 1 << 12:  # second
        return months, days, us
    if mask & 1 << 11:  # minute
        return months, days, sign * (abs(us) - abs(us) % MINUTE_US)
    if mask & 1 << 10:  # hour
        return months, days, sign * (abs(us) - abs(us) % HOUR_US)
    if mask & 1 << 3:  # day
        return months, days, 0
    return (months, 0, 0) if mask & 1 << 1 else (int(months / 12) * 12, 0, 0)


def _interval_modifier(typmod: int) -> Convert:
    mask, precision = typmod >> 16 & FULL_RANGE, typmod & 0xFFFF

    def fit(value: Interval) -> Interval:
        months, days, us = value.months, value.days, value.us
        if mask != FULL_RANGE:
            months, days, us = _down_to(mask, months, days, us)
        return Interval(months, days, round_us(us, precision) if precision < 6 else us)

    return fit
