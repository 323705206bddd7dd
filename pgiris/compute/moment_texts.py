"""Moment texts: to_date and to_timestamp, which read a text by a template, step by step as PostgreSQL does.

PostgreSQL: functions-formatting, src/backend/utils/adt/formatting.c (DCH_from_char, do_to_timestamp)
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from pgiris import sqlstate
from pgiris.compute.casts import checked_us
from pgiris.compute.formats import FRACTIONS, MONTHS, ROMAN, WEEKDAYS, Piece, template
from pgiris.compute.moments import JULIAN_DAY, civil, day_number
from pgiris.compute.registry import function
from pgiris.compute.zones import utc_us
from pgiris.errors import PgError, not_supported
from pgiris.types.codec import Context
from pgiris.types.datetime import DAY_US, round_us
from pgiris.types.interval import HOUR_US, MINUTE_US, SECOND_US

# Digits that a field has where another number follows at once, by its keyword.
_DIGITS = {
    "YYYY": 4, "YYY": 3, "YY": 2, "Y": 1, "IYYY": 4, "IYY": 3, "IY": 2, "I": 1, "MM": 2, "DD": 2, "DDD": 3, "IDDD": 3, "HH24": 2,
    "HH12": 2, "HH": 2, "MI": 2, "SS": 2, "MS": 3, "US": 6, "SSSS": 4, "SSSSS": 5, "J": 1, "Q": 1, "D": 1, "ID": 1, "WW": 2,
    "IW": 2, "W": 1, "CC": 2, "TZH": 2, "TZM": 2,
    **{f"FF{digits}": digits for digits in range(1, 7)},
}  # fmt: skip
# Keywords that share a field.
_FIELDS = {
    **dict.fromkeys(("YYYY", "YYY", "YY", "Y", "IYYY", "IYY", "IY", "I"), "year"),
    **dict.fromkeys(("HH24", "HH12", "HH"), "hour"),
    **dict.fromkeys(("SSSS", "SSSSS"), "seconds_of_day"),
    **dict.fromkeys(("DDD", "IDDD"), "day_of_year"),
    **dict.fromkeys(("WW", "IW"), "week"),
    **dict.fromkeys(("D", "ID"), "weekday"),
    **dict.fromkeys((*FRACTIONS.keys() - {"MS"},), "us"),
    "MS": "ms", "MM": "month", "DD": "day", "MI": "minute", "SS": "second", "J": "julian", "CC": "century", "W": "week_of_month",
    "TZH": "zone_hours", "TZM": "zone_minutes",
}  # fmt: skip
_ISO_WEEK = frozenset(("IYYY", "IYY", "IY", "I", "IDDD", "ID", "IW"))
_GREGORIAN = frozenset(("Y,YYY", "YYYY", "YYY", "YY", "Y", "MM", "MONTH", "MON", "RM", "DD", "DDD", "D", "WW", "W"))
_WORDS: dict[str, tuple[str, Sequence[str]]] = {
    "MONTH": ("month", MONTHS),
    "MON": ("month", [name[:3] for name in MONTHS]),
    "RM": ("month", ROMAN),
    "DAY": ("weekday", (WEEKDAYS[6], *WEEKDAYS[:6])),
    "DY": ("weekday", [name[:3] for name in (WEEKDAYS[6], *WEEKDAYS[:6])]),
    **dict.fromkeys(("AM", "PM"), ("afternoon", ("am", "pm"))),
    **dict.fromkeys(("A.M.", "P.M."), ("afternoon", ("a.m.", "p.m."))),
    **dict.fromkeys(("AD", "BC"), ("before_christ", ("ad", "bc"))),
    **dict.fromkeys(("A.D.", "B.C."), ("before_christ", ("a.d.", "b.c."))),
}
_LEADING_INTEGER = re.compile(r"\s*[+-]?[0-9]+")
_FROM_ZERO = ("afternoon", "before_christ")


@dataclass
class _Read:
    """What a text gives by a template. PostgreSQL: TmFromChar, where 0 is what was not given"""

    text: str
    numbers: dict[str, int] = field(default_factory=dict)
    is_iso_week: bool | None = None
    half_days: bool = False
    year_digits: int = 0
    zone_sign: int = 0
    precision: int = 0

    def get(self, name: str) -> int:
        return self.numbers.get(name, 0)

    def put(self, name: str, value: int, keyword: str) -> None:
        if self.get(name) not in (0, value):
            detail = "This value contradicts a previous setting for the same field type."
            raise _malformed(f'conflicting values for "{keyword}" field in formatting string', detail)
        self.numbers[name] = value

    def out_of_range(self) -> PgError:
        return PgError(sqlstate.DATETIME_FIELD_OVERFLOW, f'date/time field value out of range: "{self.text}"')


def _malformed(message: str, detail: str | None = None, hint: str | None = None) -> PgError:
    return PgError(sqlstate.INVALID_DATETIME_FORMAT, message, detail=detail, hint=hint)


def _is_separator(character: str) -> bool:
    return " " < character < "\x7f" and not character.isalnum()


# Reading


class _Reader:
    def __init__(self, text: str, pieces: Sequence[Piece]) -> None:
        self._text, self._pieces = text, pieces
        self._at = self._skipped = 0
        self._is_fixed = False
        self._found = _Read(text)

    def read(self) -> _Read:
        for place, piece in enumerate(self._pieces):
            if self._at >= len(self._text):
                break
            if not self._is_fixed and piece.keyword.upper() != "FX" and (piece.keyword or place == 0):
                self._skip_blanks()
            if piece.keyword:
                self._field(place, piece)
            else:
                self._character(piece)
        return self._found

    def _skip_blanks(self) -> None:
        start = self._at
        while self._text[self._at : self._at + 1].isspace():
            self._at += 1
        self._skipped += self._at - start

    def _character(self, piece: Piece) -> None:
        is_separator = not piece.quoted and (piece.text.isspace() or _is_separator(piece.text))
        if self._is_fixed:
            self._at += 1
        elif is_separator:
            self._skipped -= 1
            current = self._text[self._at]
            if current.isspace() or _is_separator(current):
                self._at, self._skipped = self._at + 1, self._skipped + 1
        elif self._skipped > 0:
            self._skipped -= 1
        else:
            self._at += 1

    def _field(self, place: int, piece: Piece) -> None:
        word = piece.keyword.upper()
        if word == "FX":
            self._is_fixed = True
            return
        self._choose_mode(word)
        if word in _WORDS:
            self._word(word, piece)
        elif word in _DIGITS:
            self._number(word, place, piece)
        elif word == "Y,YYY":
            self._thousands(piece)
        else:
            raise not_supported(f'formatting field "{piece.keyword}" is only supported in to_char')
        if not self._is_fixed:
            self._skipped = 0
            self._skip_blanks()

    def _choose_mode(self, word: str) -> None:
        if word not in _ISO_WEEK and word not in _GREGORIAN:
            return
        if self._found.is_iso_week not in (None, word in _ISO_WEEK):
            hint = "Do not mix Gregorian and ISO week date conventions in a formatting template."
            raise _malformed("invalid combination of date conventions", hint=hint)
        self._found.is_iso_week = word in _ISO_WEEK

    def _word(self, word: str, piece: Piece) -> None:
        name, names = _WORDS[word]
        lower = self._text[self._at :].lower()
        matches = [(len(one), index) for index, one in enumerate(names) if lower.startswith(one.lower())]
        if not matches:
            shown = self._text[self._at :].split(" ")[0] if " " in self._text[self._at :] else self._text[self._at :]
            detail = "The given value did not match any of the allowed values for this field."
            raise _malformed(f'invalid value "{shown}" for "{piece.keyword}"', detail)
        length, index = max(matches)
        self._at += length
        self._found.put(name, index if name in _FROM_ZERO else index + 1, piece.keyword)
        self._found.half_days |= name == "afternoon"

    def _number(self, word: str, place: int, piece: Piece) -> None:
        found = self._found
        if word == "TZH":
            self._sign()
        elif word == "TZM":
            found.zone_sign = found.zone_sign or 1
        value, length = self._integer(_DIGITS[word], place, piece)
        if word in FRACTIONS:
            value *= 10 ** max((3 if word == "MS" else 6) - length, 0)
            found.precision = int(word[2:]) if word.startswith("FF") else found.precision
        elif word in ("YYY", "YY", "Y", "IYY", "IY", "I") and length < 4:
            value = _full_year(value)
        elif word == "ID":
            value = value % 7 + 1
        if word in ("HH", "HH12"):
            found.half_days = True
        name = _FIELDS.get(word)
        if name is not None:  # Q is read and says nothing
            found.put(name, value, piece.keyword)
        if name == "year":
            found.year_digits = _DIGITS[word]
        if not word.startswith("TZ"):
            self._skip_ordinal(piece)

    def _skip_ordinal(self, piece: Piece) -> None:
        if piece.ordinal:
            self._at = min(self._at + 2, len(self._text))

    def _sign(self) -> None:
        """A minus may have been taken for a separator."""
        current = self._text[self._at]
        if current in "+- ":
            self._found.zone_sign = -1 if current == "-" else 1
            self._at += 1
        else:
            self._found.zone_sign = -1 if self._skipped > 0 and self._text[self._at - 1] == "-" else 1

    def _integer(self, digits: int, place: int, piece: Piece) -> tuple[int, int]:
        """A number, and how many characters it has. PostgreSQL: from_char_parse_int_len"""
        start = self._at
        while self._text[self._at : self._at + 1].isspace():
            self._at += 1
        part = self._text[self._at : self._at + digits]
        if piece.fill or self._is_before_separator(place):
            match = _LEADING_INTEGER.match(self._text, start)
            self._at = match.end() if match is not None else start
        else:
            if len(part) < digits:
                detail = f"Field requires {digits} characters, but only {len(part)} remain."
                message = f'source string too short for "{piece.keyword}" formatting field'
                raise _malformed(message, detail, _HINT_FILL)
            match = _LEADING_INTEGER.match(part)
            used = 0 if match is None else match.end()
            if 0 < used < digits:
                detail = f"Field requires {digits} characters, but only {used} could be parsed."
                raise _malformed(f'invalid value "{part}" for "{piece.keyword}"', detail, _HINT_FILL)
            self._at += used
        if match is None:
            raise _malformed(f'invalid value "{part}" for "{piece.keyword}"', "Value must be an integer.")
        value = int(match[0])
        if not -(1 << 31) <= value < 1 << 31:
            message = f'value for "{piece.keyword}" in source string is out of range'
            detail = "Value must be in the range -2147483648 to 2147483647."
            raise PgError(sqlstate.DATETIME_FIELD_OVERFLOW, message, detail=detail)
        return value, self._at - start

    def _is_before_separator(self, place: int) -> bool:
        """Whether no digit can follow the field. PostgreSQL: is_next_separator"""
        if self._pieces[place].ordinal or place + 1 == len(self._pieces):
            return True
        following = self._pieces[place + 1]
        if following.keyword:
            word = following.keyword.upper()
            return not (word == "Y,YYY" or (word in _DIGITS and word != "TZH"))
        return not following.text.isdigit()

    def _thousands(self, piece: Piece) -> None:
        match = re.compile(r"\s*([+-]?[0-9]+),([0-9]{1,3})").match(self._text, self._at)
        if match is None:
            raise _malformed('invalid input string for "Y,YYY"')
        self._at = match.end()
        self._found.put("year", int(match[1]) * 1000 + int(match[2]), piece.keyword)
        self._found.year_digits = 4
        self._skip_ordinal(piece)


_HINT_FILL = 'If your source string is not fixed-width, try using the "FM" modifier.'


def _full_year(number: int) -> int:
    """Two digits are of 1970 to 2069. PostgreSQL: adjust_partial_year_to_2020"""
    if number < 70:
        return number + 2000
    if number < 100:
        return number + 1900
    return number + 2000 if number < 520 else number + 1000


# What the fields come to


def _time_us(found: _Read) -> int:
    hour, rest = divmod(found.get("seconds_of_day"), 3600)
    minute, second = divmod(rest, 60)
    hour, minute, second = found.get("hour") or hour, found.get("minute") or minute, found.get("second") or second
    if found.half_days:
        if not 1 <= hour <= 12:
            hint = "Use the 24-hour clock, or give an hour between 1 and 12."
            raise _malformed(f'hour "{hour}" is invalid for the 12-hour clock', hint=hint)
        hour = hour % 12 + 12 * found.get("afternoon")
    us = found.get("ms") * 1000 + found.get("us")
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60 and 0 <= us < SECOND_US):
        raise found.out_of_range()
    return hour * HOUR_US + minute * MINUTE_US + second * SECOND_US + us


def _year(found: _Read) -> int:
    """Astronomical: 0 is the year 1 BC, and what is not given."""
    year, century, is_before = found.get("year"), found.get("century"), found.get("before_christ")
    century = -century if is_before else century
    if not year:
        if not century:
            return 0
        return (century - 1) * 100 + 1 if century > 0 else century * 100 + 1
    if century and found.year_digits <= 2:
        within = year % 100
        if not within:
            return century * 100 + (century < 0)
        return within + (century - 1) * 100 if century > 0 else (century + 1) * 100 - within + 1
    year = -year if is_before else year
    return year + 1 if year < 0 else year


def _day(found: _Read) -> int:
    """Days since 2000-01-01. PostgreSQL: do_to_timestamp, ValidateDate"""
    year, month, monthday = _year(found), 1, 1
    given = {"year"} if found.get("year") or found.get("century") else set()
    day_of_year = found.get("day_of_year")
    if found.get("julian"):
        year, month, monthday = _parts(found.get("julian") - JULIAN_DAY)
        given = {"year", "month", "day"}
    if found.get("week"):
        if found.is_iso_week:
            weekday = found.get("weekday")
            shift = 0 if not weekday else weekday - 2 if weekday > 1 else 6
            year, month, monthday = _parts(_iso_start(year) + (found.get("week") - 1) * 7 + shift)
            given = {"year", "month", "day"}
        else:
            day_of_year = (found.get("week") - 1) * 7 + 1
    if found.get("week_of_month"):
        found.numbers["day"] = (found.get("week_of_month") - 1) * 7 + 1
    if found.get("day"):
        monthday = found.get("day")
        given.add("day")
    if found.get("month"):
        month = found.get("month")
        given.add("month")
    if day_of_year and (month <= 1 or monthday <= 1):
        if not year and not found.get("before_christ"):
            raise _malformed("cannot calculate day of year without year information")
        if found.is_iso_week:
            year, month, monthday = _parts(_iso_start(year) - 1 + day_of_year)
        else:
            month, monthday = _of_year(year, month, monthday, day_of_year)
        given |= {"year", "month", "day"} if found.is_iso_week else {"month", "day"}
    if ("month" in given and not 1 <= month <= 12) or ("day" in given and not 1 <= monthday <= 31):
        raise found.out_of_range()
    _check_year(year)
    if len(given) == 3 and monthday > monthrange(year, month)[1]:
        raise found.out_of_range()
    return day_number(year, month, 1) + monthday - 1


def _check_year(year: int) -> None:
    if not 1 <= year <= 9999:
        raise not_supported("dates outside of the years 1 to 9999 are not supported")


def _parts(day: int) -> tuple[int, int, int]:
    found = civil(day)
    return found.year, found.month, found.day


def _iso_start(year: int) -> int:
    """The Monday of the first ISO week."""
    _check_year(year)
    fourth = day_number(year, 1, 4)
    return fourth - civil(fourth).weekday()


def _of_year(year: int, month: int, monthday: int, day_of_year: int) -> tuple[int, int]:
    lengths = (31, 28 + isleap(year), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    ends = [0, *accumulate(lengths)]
    found = next((number for number in range(1, 13) if day_of_year <= ends[number]), 13)
    return (found if month <= 1 else month), (day_of_year - ends[found - 1] if monthday <= 1 else monthday)


def _offset_s(found: _Read) -> int | None:
    if not found.zone_sign:
        return None
    hours, minutes = found.get("zone_hours"), found.get("zone_minutes")
    if not (0 <= hours <= 15 and 0 <= minutes < 60):
        message = f'time zone displacement out of range: "{found.text}"'
        raise PgError(sqlstate.INVALID_TIME_ZONE_DISPLACEMENT_VALUE, message)
    return found.zone_sign * (hours * 3600 + minutes * 60)


def _read(text: str, pattern: str) -> _Read:
    return _Reader(text, template(pattern)).read()


@function("to_date(text, text) date")
def _to_date(text: str, pattern: str) -> int:
    found = _read(text, pattern)
    _time_us(found)
    _offset_s(found)
    return _day(found)


@function("to_timestamp(text, text) timestamptz", context=True)
def _to_timestamp(context: Context, text: str, pattern: str) -> int:
    found = _read(text, pattern)
    us, offset = _time_us(found), _offset_s(found)
    local = checked_us(_day(found) * DAY_US + us)
    moment = utc_us(local, context.time_zone) if offset is None else local - offset * SECOND_US
    return round_us(moment, found.precision) if found.precision else moment
