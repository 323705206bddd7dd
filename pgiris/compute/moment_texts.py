"""Moment texts: to_date and to_timestamp, which read a text by a template. PostgreSQL: functions-formatting"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from pgiris import sqlstate
from pgiris.compute.casts import checked_us
from pgiris.compute.formats import FRACTIONS, MONTHS, ROMAN, SEPARATORS, WEEKDAYS, Piece, template
from pgiris.compute.moments import JULIAN_DAY, day_number
from pgiris.compute.registry import function
from pgiris.compute.zones import utc_us
from pgiris.errors import PgError, not_supported
from pgiris.types.codec import Context
from pgiris.types.datetime import DAY_US, EPOCH_DAY
from pgiris.types.interval import HOUR_US, MINUTE_US, SECOND_US

_DIGITS = {
    "YYYY": 4, "YYY": 3, "YY": 2, "Y": 1, "IYYY": 4, "MM": 2, "DD": 2, "DDD": 3, "HH24": 2, "HH12": 2, "HH": 2, "MI": 2, "SS": 2,
    "MS": 3, "US": 6, "SSSS": 5, "SSSSS": 5, "J": 7, "Q": 1, "D": 1, "ID": 1, "WW": 2, "IW": 2, "W": 1, "CC": 2, "TZH": 2,
    "TZM": 2,
    **{f"FF{digits}": digits for digits in range(1, 7)},
}  # fmt: skip
_RANGES = {"MM": (1, 12), "HH24": (0, 23), "HH12": (1, 12), "HH": (1, 12), "MI": (0, 59), "SS": (0, 59)}


def _out_of_range(text: str) -> PgError:
    return PgError(sqlstate.DATETIME_FIELD_OVERFLOW, f'date/time field value out of range: "{text}"')


def _read(text: str, pattern: str) -> dict[str, Any]:
    """The fields that a text gives by a template."""
    pieces = template(pattern)
    found: dict[str, Any] = {}
    at = 0
    for index, piece in enumerate(pieces):
        word = piece.keyword.upper()
        if not piece.keyword:
            if piece.text in SEPARATORS:
                if at < len(text) and text[at] in SEPARATORS and not (text[at] in "+-" and _wants_sign(pieces, index)):
                    at += 1
            else:
                at += len(piece.text)
            continue
        while at < len(text) and (text[at].isspace() or (text[at] in SEPARATORS and text[at] not in "+-")):
            at += 1
        if word in ("MONTH", "MON", "DAY", "DY", "RM") or word.replace(".", "") in ("AM", "PM", "AD", "BC"):
            value, at = _word(text, at, word, pattern)
        elif word in _DIGITS:
            value, at = _digits(text, at, piece, pieces[index + 1 :])
        else:
            raise not_supported(f'formatting field "{piece.keyword}" is not supported in to_timestamp and to_date')
        if at > len(text) or value is None:
            break
        if word.replace(".", "") in ("AM", "PM"):
            word = "AM"
        found[word] = value
        if piece.ordinal:
            at += 2
    return found


def _wants_sign(pieces: Sequence[Piece], index: int) -> bool:
    return index + 1 < len(pieces) and pieces[index + 1].keyword == "TZH"


def _digits(text: str, at: int, piece: Piece, rest: Sequence[Piece]) -> tuple[Any, int]:
    word = piece.keyword.upper()
    if at >= len(text):
        return None, at
    next_is_digit = bool(rest) and rest[0].keyword.upper() in _DIGITS
    width = _DIGITS[word] if next_is_digit or word in FRACTIONS else 100
    match = re.compile(rf"[+-]?[0-9]{{1,{width}}}").match(text, at)
    if match is None:
        detail = "Value must be an integer."
        shown = text[at : at + min(_DIGITS[word], 10)]
        raise PgError(sqlstate.INVALID_DATETIME_FORMAT, f'invalid value "{shown}" for "{piece.keyword}"', detail=detail)
    number = match[0]
    if word in FRACTIONS and word != "MS":
        return int(number.ljust(6, "0")[:6]), match.end()
    if word == "MS":
        return int(number.ljust(3, "0")) * 1000, match.end()
    if word in ("YYY", "YY", "Y") and len(number) < 4:
        return _full_year(int(number), len(number), word), match.end()
    if word == "TZH":
        return (("-" if number[0] == "-" else "+"), int(number.lstrip("+-"))), match.end()
    return int(number), match.end()


def _full_year(number: int, digits: int, word: str) -> int:
    """Two digits are of 1970 to 2069. PostgreSQL: adjust_partial_year_to_2020"""
    if number < 70:
        return number + 2000
    if number < 100:
        return number + 1900
    if number < 520:
        return number + 2000
    return number + 1000


def _word(text: str, at: int, word: str, pattern: str) -> tuple[Any, int]:
    plain = word.replace(".", "")
    names: Sequence[str]
    if plain in ("AM", "PM"):
        names = ("a.m.", "p.m.", "am", "pm")
    elif plain in ("AD", "BC"):
        names = ("a.d.", "ad")
    else:
        full = MONTHS if plain in ("MONTH", "MON") else WEEKDAYS if plain in ("DAY", "DY") else ROMAN
        names = [name[:3] for name in full] if plain in ("MON", "DY") else full
    lower = text.lower()
    matches = [(len(name), index) for index, name in enumerate(names) if lower.startswith(name.lower(), at)]
    if not matches:
        detail = "The given value did not match any of the allowed values for this field."
        raise PgError(sqlstate.INVALID_DATETIME_FORMAT, f'invalid value "{text[at:]}" for "{word}"', detail=detail)
    length, index = max(matches)
    value: Any = index % 2 if plain in ("AM", "PM") else index + 1
    return value, at + length


def _moment(text: str, pattern: str) -> tuple[int, int, int | None]:
    """(day, microseconds of the day, offset in seconds or None)"""
    found = _read(text, pattern)
    for word, (low, high) in _RANGES.items():
        if word in found and not low <= found[word] <= high:
            if word in ("HH12", "HH"):
                message = f'hour "{found[word]}" is invalid for the 12-hour clock'
                hint = "Use the 24-hour clock, or give an hour between 1 and 12."
                raise PgError(sqlstate.INVALID_DATETIME_FORMAT, message, hint=hint)
            raise _out_of_range(text)
    year = next((found[word] for word in ("YYYY", "YYY", "YY", "Y") if word in found), None)
    month = next((found[word] for word in ("MM", "MONTH", "MON", "RM") if word in found), 1)
    if "J" in found:
        day = found["J"] - JULIAN_DAY
    elif "IYYY" in found:
        try:
            day = date.fromisocalendar(found["IYYY"], found.get("IW", 1), found.get("ID", 1)).toordinal() - EPOCH_DAY
        except ValueError:
            raise _out_of_range(text) from None
    elif "DDD" in found and year is not None:
        day = day_number(year, 1, 1) + found["DDD"] - 1
    elif year is None or year == 0:
        if year is None and not {"MM", "DD", "MONTH", "MON"} & found.keys():
            raise not_supported("to_timestamp and to_date without a year are not supported")  # it is the year 1 BC
        raise not_supported("dates before the year 1 are not supported")
    else:
        try:
            day = date(year, month, found.get("DD", 1)).toordinal() - EPOCH_DAY
        except ValueError:
            raise _out_of_range(text) from None
    hour = found.get("HH24", found.get("HH12", found.get("HH", 0)))
    if "AM" in found and "HH24" not in found:
        hour = hour % 12 + 12 * found["AM"]
    elif "HH24" not in found and hour == 12:
        hour = 0
    us = hour * HOUR_US + found.get("MI", 0) * MINUTE_US + found.get("SS", 0) * SECOND_US
    if "SSSSS" in found or "SSSS" in found:
        us = found.get("SSSSS", found.get("SSSS", 0)) * SECOND_US
    us += sum(found[word] for word in FRACTIONS if word in found)
    offset = None
    if "TZH" in found:
        sign, hours = found["TZH"]
        offset = (-1 if sign == "-" else 1) * (hours * 3600 + found.get("TZM", 0) * 60)
    return day, us, offset


@function("to_date(text, text) date")
def _to_date(text: str, pattern: str) -> int:
    return _moment(text, pattern)[0]


@function("to_timestamp(text, text) timestamptz", context=True)
def _to_timestamp(context: Context, text: str, pattern: str) -> int:
    day, us, offset = _moment(text, pattern)
    local = checked_us(day * DAY_US + us)
    return local - offset * SECOND_US if offset is not None else utc_us(local, context.time_zone)
