"""Codecs of date, time, timetz, timestamp and timestamptz. Input in text is dateparse.py's.

PostgreSQL: datatype-datetime#DATATYPE-DATETIME-OUTPUT, src/backend/utils/adt/datetime.c (EncodeDateTime)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import MAXYEAR, UTC, date, datetime, timedelta, tzinfo
from struct import Struct

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types import dateparse, invalid
from pgiris.types.codec import Codec, Context, Decode, Encode, Value
from pgiris.types.dateparse import DateStyle, Day, Moment
from pgiris.types.scalar import Shown, always, always_in, as_is
from pgiris.types.zones import find_zone

EPOCH = datetime(2000, 1, 1)  # day 0 of PostgreSQL's binary forms
EPOCH_DAY = EPOCH.toordinal()
DAY_US = 86_400_000_000
_INT4, _INT8, _TIMETZ = Struct("!i"), Struct("!q"), Struct("!qi")
_MIN_DAY, _MAX_DAY = date.min.toordinal() - EPOCH_DAY, date.max.toordinal() - EPOCH_DAY
_MIN_US, _MAX_US = _MIN_DAY * DAY_US, (_MAX_DAY + 1) * DAY_US - 1
_INFINITE_DAYS = (-(2**31), 2**31 - 1)
_INFINITE_US = (-(2**63), 2**63 - 1)
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_WEEKDAYS = "MonTueWedThuFriSatSun"

Show = Callable[[Value], str]


def zone_of(context: Context) -> tzinfo:
    zone = find_zone(context.time_zone)
    if zone is None:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'invalid value for parameter "TimeZone": "{context.time_zone}"')
    return zone


# date


def _date_out(context: Context, typmod: int) -> Encode:
    style = DateStyle.parse(context.date_style)
    if style.output == "ISO":
        return as_is
    layout = _DATE_LAYOUTS[style.output, style.order == "DMY"]
    return Shown(lambda value: layout.format(y=value[:4], m=value[5:7], d=value[8:10]))


_DATE_LAYOUTS = {  # (output style, day first)
    ("SQL", False): "{m}/{d}/{y}",
    ("SQL", True): "{d}/{m}/{y}",
    ("Postgres", False): "{m}-{d}-{y}",
    ("Postgres", True): "{d}-{m}-{y}",
    ("German", False): "{d}.{m}.{y}",
    ("German", True): "{d}.{m}.{y}",
}


def date_binary(value: Value) -> bytes:
    return _INT4.pack(date.fromisoformat(value).toordinal() - EPOCH_DAY)


def _date_in(context: Context) -> Decode:
    parse = dateparse.parser(context, "date")
    return lambda raw: _day_text(parse(raw).day)


def _day_text(day: Day) -> str:
    year, month, number = day
    return f"{year:04}-{month:02}-{number:02}"


def _date_from_binary(raw: bytes) -> str:
    if len(raw) != 4:
        raise invalid.wrong_length(raw, 4)
    days: int = _INT4.unpack(raw)[0]
    if not _MIN_DAY <= days <= _MAX_DAY:
        raise _outside("date", days in _INFINITE_DAYS)
    return date.fromordinal(days + EPOCH_DAY).isoformat()


def _outside(name: str, infinite: bool) -> PgError:
    return invalid.unrepresentable(f"an infinite {name}" if infinite else f"a {name} outside the years 1 to {MAXYEAR}")


DATE = Codec(_date_out, always(date_binary), _date_in, always_in(_date_from_binary))


# timestamp


def microseconds(value: str) -> int:
    """Since 2000-01-01 00:00:00."""
    delta = datetime.fromisoformat(value) - EPOCH
    return delta.days * DAY_US + delta.seconds * 1_000_000 + delta.microseconds


def timestamp_text(us: int) -> str:
    return moment_text(EPOCH + timedelta(microseconds=us))


def moment_text(moment: datetime) -> str:
    text = moment.isoformat(" ")[:26] if moment.tzinfo else moment.isoformat(" ")
    return text.rstrip("0") if moment.microsecond else text[:19]


def moment_texts(local: Sequence[bool], moment: datetime, context: Context) -> tuple[str, ...]:
    """A moment in the session's time zone or in UTC, as often as wanted."""
    return tuple([moment_text(moment.astimezone(zone_of(context) if here else UTC)) for here in local])


def rounded(value: str, precision: int) -> str:
    """To so many decimals of a second, half away from zero as PostgreSQL counts from 2000-01-01."""
    if len(value) <= 20 + precision:
        return value
    return timestamp_text(round_us(microseconds(value), precision))


def round_us(us: int, precision: int) -> int:
    unit: int = 10 ** (6 - precision)
    half = unit // 2
    return (us + half) // unit * unit if us >= 0 else -((-us + half) // unit * unit)


def _rounding(typmod: int) -> Show | None:
    return (lambda value: rounded(value, typmod)) if 0 <= typmod < 6 else None


def _timestamp_out(context: Context, typmod: int) -> Encode:
    style = DateStyle.parse(context.date_style)
    rounding = _rounding(typmod)
    if style.output == "ISO":
        return as_is if rounding is None else Shown(rounding)
    write = _writer(style)
    if rounding is None:
        return Shown(lambda value: write(value, ""))
    return Shown(lambda value: write(rounding(value), ""))


def _writer(style: DateStyle) -> Callable[[str, str], str]:
    """(timestamp in value form, zone text) -> the timestamp in an output style other than ISO."""
    if style.output == "Postgres":
        day_first = style.order == "DMY"

        def postgres(value: str, zone: str) -> str:
            day = date.fromisoformat(value[:10])
            month = _MONTHS[day.month * 3 - 3 : day.month * 3]
            weekday = _WEEKDAYS[day.weekday() * 3 : day.weekday() * 3 + 3]
            when = f"{day.day:02} {month}" if day_first else f"{month} {day.day:02}"
            return f"{weekday} {when} {value[11:]} {value[:4]}{zone and ' ' + zone}"

        return postgres
    layout = _DATE_LAYOUTS[style.output, style.order == "DMY"]

    def dated(value: str, zone: str) -> str:
        return f"{layout.format(y=value[:4], m=value[5:7], d=value[8:10])} {value[11:]}{zone and ' ' + zone}"

    return dated


def _timestamp_binary_out(context: Context, typmod: int) -> Encode:
    if 0 <= typmod < 6:
        return lambda value: _INT8.pack(round_us(microseconds(value), typmod))
    return timestamp_binary


def timestamp_binary(value: Value) -> bytes:
    return _INT8.pack(microseconds(value))


def _timestamp_in(context: Context) -> Decode:
    parse = dateparse.parser(context, "timestamp")

    def from_text(raw: bytes) -> str:
        return _iso(raw) or timestamp_text(moment_us(parse(raw), "timestamp"))

    return from_text


_ISO = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?")


def _iso(raw: bytes) -> str:
    """What nearly all programs send, the short way; empty for all else."""
    match = _ISO.fullmatch(raw)
    if match is None:
        return ""
    text = raw.decode("ascii")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return moment_text(moment) if match[1] else text.replace("T", " ")


def moment_us(moment: Moment, name: str) -> int:
    """Local time in microseconds since 2000-01-01 00:00:00; raises 0A000 outside IRIS's years."""
    us = (date(*moment.day).toordinal() - EPOCH_DAY) * DAY_US + moment.us
    if not _MIN_US <= us <= _MAX_US:
        raise _outside(name, False)
    return us


def _timestamp_from_binary(name: str) -> Decode:
    def from_binary(raw: bytes) -> str:
        if len(raw) != 8:
            raise invalid.wrong_length(raw, 8)
        us: int = _INT8.unpack(raw)[0]
        if not _MIN_US <= us <= _MAX_US:
            raise _outside(name, us in _INFINITE_US)
        return timestamp_text(us)

    return from_binary


TIMESTAMP = Codec(_timestamp_out, _timestamp_binary_out, _timestamp_in, always_in(_timestamp_from_binary("timestamp")))


# timestamptz


def _timestamptz_out(context: Context, typmod: int) -> Encode:
    style, zone, rounding = DateStyle.parse(context.date_style), zone_of(context), _rounding(typmod)
    if style.output == "ISO" and zone is UTC and rounding is None:
        return iso_utc
    show = _iso_zoned(zone) if style.output == "ISO" else _styled_zoned(zone, style)
    if rounding is None:
        return Shown(show)
    return Shown(lambda value: show(rounding(value)))


def _iso_zoned(zone: tzinfo) -> Show:
    if zone is UTC:
        return _in_utc

    def show(value: str) -> str:
        local = _localized(value, zone)
        return moment_text(local.replace(tzinfo=None)) + offset_text(local.utcoffset() or timedelta())

    return show


def _in_utc(value: str) -> str:
    return value + "+00"


iso_utc = Shown(_in_utc)


def _styled_zoned(zone: tzinfo, style: DateStyle) -> Show:
    write = _writer(style)

    def show(value: str) -> str:
        local = _localized(value, zone)
        return write(moment_text(local.replace(tzinfo=None)), local.tzname() or "")

    return show


def _localized(value: str, zone: tzinfo) -> datetime:
    try:
        return datetime.fromisoformat(value).replace(tzinfo=UTC).astimezone(zone)
    except OverflowError:
        raise PgError(sqlstate.DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range") from None


def offset_text(offset: timedelta) -> str:
    """+HH[:MM[:SS]]"""
    seconds = round(offset.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("+", seconds)
    text = f"{sign}{seconds // 3600:02}"
    if seconds % 3600:
        text += f":{seconds // 60 % 60:02}"
    if seconds % 60:
        text += f":{seconds % 60:02}"
    return text


def _timestamptz_in(context: Context) -> Decode:
    parse, zone = dateparse.parser(context, "timestamp with time zone"), zone_of(context)

    def from_text(raw: bytes) -> str:
        if zone is UTC and (text := _iso(raw)):
            return text
        moment = parse(raw)
        us = moment_us(moment, "timestamp with time zone")
        east = moment.offset if moment.offset is not None else dateparse.offset_at(us, moment.zone or zone)
        us -= east * 1_000_000
        if not _MIN_US <= us <= _MAX_US:
            raise _outside("timestamp with time zone", False)
        return timestamp_text(us)

    return from_text


TIMESTAMPTZ = Codec(
    _timestamptz_out, _timestamp_binary_out, _timestamptz_in, always_in(_timestamp_from_binary("timestamp with time zone"))
)


# time and timetz


def time_us(value: str) -> int:
    """HH:MM:SS[.ffffff] -> microseconds since midnight."""
    seconds = int(value[:2]) * 3600 + int(value[3:5]) * 60 + int(value[6:8])
    fraction = int(value[9:15].ljust(6, "0")) if len(value) > 8 else 0
    return seconds * 1_000_000 + fraction


def time_text(us: int) -> str:
    seconds, fraction = divmod(us, 1_000_000)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{text}.{fraction:06}".rstrip("0") if fraction else text


def _within_day(us: int, name: str) -> int:
    if us == DAY_US:
        raise invalid.unrepresentable("the time 24:00:00")
    if not 0 <= us < DAY_US:
        raise PgError(sqlstate.DATETIME_VALUE_OUT_OF_RANGE, f"{name} out of range")
    return us


def _time_out(context: Context, typmod: int) -> Encode:
    if not 0 <= typmod < 6:
        return as_is
    return Shown(lambda value: time_text(round_us(time_us(value), typmod)))


def _time_binary_out(context: Context, typmod: int) -> Encode:
    if 0 <= typmod < 6:
        return lambda value: _INT8.pack(round_us(time_us(value), typmod))
    return time_binary


def time_binary(value: Value) -> bytes:
    return _INT8.pack(time_us(value))


def _time_in(context: Context) -> Decode:
    parse = dateparse.parser(context, "time")
    return lambda raw: time_text(_within_day(parse(raw).us, "time"))


def _time_from_binary(raw: bytes) -> str:
    if len(raw) != 8:
        raise invalid.wrong_length(raw, 8)
    return time_text(_within_day(_INT8.unpack(raw)[0], "time"))


TIME = Codec(_time_out, _time_binary_out, _time_in, always_in(_time_from_binary))


def split_timetz(value: str) -> tuple[str, int]:
    """HH:MM:SS[.f]+HH[:MM[:SS]] -> (time, seconds east)"""
    at = max(value.find("+"), value.find("-"))
    parts = [int(part) for part in value[at + 1 :].split(":")]
    seconds = sum(part * unit for part, unit in zip(parts, (3600, 60, 1), strict=False))
    return value[:at], -seconds if value[at] == "-" else seconds


def _timetz_out(context: Context, typmod: int) -> Encode:
    if not 0 <= typmod < 6:
        return as_is

    def show(value: str) -> str:
        time, east = split_timetz(value)
        return time_text(round_us(time_us(time), typmod)) + offset_text(timedelta(seconds=east))

    return Shown(show)


def _timetz_binary_out(context: Context, typmod: int) -> Encode:
    precision = typmod if 0 <= typmod < 6 else 6

    def binary(value: str) -> bytes:
        time, east = split_timetz(value)
        return _TIMETZ.pack(round_us(time_us(time), precision), -east)

    return binary


def _timetz_in(context: Context) -> Decode:
    parse, zone = dateparse.parser(context, "time with time zone"), zone_of(context)

    def from_text(raw: bytes) -> str:
        moment = parse(raw)
        us = moment.us
        east = moment.offset
        if east is None:
            us_then = (date(*moment.day).toordinal() - EPOCH_DAY) * DAY_US + us
            east = dateparse.offset_at(us_then, moment.zone or zone)
        return time_text(_within_day(us, "time")) + offset_text(timedelta(seconds=east))

    return from_text


def _timetz_from_binary(raw: bytes) -> str:
    if len(raw) != 12:
        raise invalid.wrong_length(raw, 12)
    us, west = _TIMETZ.unpack(raw)
    if not -57600 < west < 57600:
        raise PgError(sqlstate.INVALID_TIME_ZONE_DISPLACEMENT_VALUE, "time zone displacement out of range")
    return time_text(_within_day(us, "time")) + offset_text(timedelta(seconds=-west))


TIMETZ = Codec(_timetz_out, _timetz_binary_out, _timetz_in, always_in(_timetz_from_binary))
