"""Dates and times as people write them -> Moment.

The steps are PostgreSQL's: cut the text into fields, then read each field by its shape and by what is already known.
PostgreSQL: datetime-input-rules, datatype-datetime#DATATYPE-DATETIME-INPUT
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import Flag, auto
from functools import cache

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types import invalid
from pgiris.types.codec import Context
from pgiris.types.encoding import text_decoder
from pgiris.types.zones import abbreviated_zone, find_zone

Day = tuple[int, int, int]  # year, month, day
HINT = 'Perhaps you need a different "datestyle" setting.'
MAX_ZONE_HOURS = 15  # PostgreSQL: MAX_TZDISP_HOUR


@dataclass(frozen=True)
class DateStyle:
    """output: ISO, SQL, Postgres or German. order: MDY, DMY or YMD."""

    output: str
    order: str

    @staticmethod
    @cache
    def parse(setting: str) -> DateStyle:
        """The setting in the form in which SHOW prints it: ``ISO, MDY``."""
        output, _, order = setting.partition(",")
        return DateStyle(output.strip(), order.strip() or "MDY")


@dataclass(frozen=True)
class Moment:
    """What was written. us: local time of day. offset: seconds east, None when no zone or only a zone's name was given."""

    day: Day
    us: int
    offset: int | None = None
    zone: tzinfo | None = None


class Known(Flag):
    NOTHING = 0
    YEAR = auto()
    MONTH = auto()
    DAY = auto()
    TIME = auto()
    ZONE = auto()
    HALF = auto()  # AM or PM
    ERA = auto()  # AD or BC
    WEEKDAY = auto()
    DATE = YEAR | MONTH | DAY


class BadFormat(Exception):
    """The text is no date or time."""


class FieldOverflow(Exception):
    """A field is outside its range. args[0]: whether another DateStyle might help."""


class ZoneOverflow(Exception):
    """A zone is too far from Greenwich."""


Parse = Callable[[bytes], Moment]

_ISO = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[ T]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,6}))?(?:Z|([+-][0-9]{2}):?([0-9]{2})?)?)?"
)


def parser(context: Context, kind: str) -> Parse:
    """kind: the type's name in messages: date, timestamp, time with time zone ...

    Raises PgError 22007, 22008, 22009, 22023, and 0A000 for infinity and years that IRIS has not.
    """
    style, decode = DateStyle.parse(context.date_style), text_decoder(context.client_encoding)
    has_date = not kind.startswith("time ") and kind != "time"

    def parse(raw: bytes) -> Moment:
        text: str = decode(raw)
        match = _ISO.fullmatch(text) if has_date else None
        if match is not None and (moment := _iso_moment(match)) is not None:
            return moment
        try:
            return Reading(style.order, context.time_zone, kind, has_date).read(text)
        except BadFormat:
            raise PgError(sqlstate.INVALID_DATETIME_FORMAT, f'invalid input syntax for type {kind}: "{text}"') from None
        except FieldOverflow as overflow:
            hint = HINT if overflow.args[0] else None
            message = f'date/time field value out of range: "{text}"'
            raise PgError(sqlstate.DATETIME_FIELD_OVERFLOW, message, hint=hint) from None
        except ZoneOverflow:
            message = f'time zone displacement out of range: "{text}"'
            raise PgError(sqlstate.INVALID_TIME_ZONE_DISPLACEMENT_VALUE, message) from None

    return parse


def _iso_moment(match: re.Match[str]) -> Moment | None:
    """None leaves the unusual (24:00:00, 30 February) to the long way."""
    year, month, day, hour, minute, second, fraction, east, east_minutes = match.groups()
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return None
    which = (int(year), int(month), int(day))
    if hour is None:
        return Moment(which, 0)
    if hour > "23" or minute > "59" or second > "59":
        return None
    us = ((int(hour) * 60 + int(minute)) * 60 + int(second)) * 1_000_000 + int((fraction or "").ljust(6, "0"))
    if east is None:
        return Moment(which, us, 0 if match[0][-1] == "Z" else None)
    if not -MAX_ZONE_HOURS <= int(east) <= MAX_ZONE_HOURS or (east_minutes or "") > "59":
        return None
    offset = int(east[1:]) * 3600 + int(east_minutes or 0) * 60
    return Moment(which, us, -offset if east[0] == "-" else offset)


def offset_at(us: int, zone: tzinfo) -> int:
    """Seconds east of a local time, in microseconds since 2000-01-01.

    Of an hour that a change of clocks leaves out or repeats, the standard time counts. PostgreSQL: DetermineTimeZoneOffset
    """
    local = datetime(2000, 1, 1) + timedelta(microseconds=us)
    first = zone.utcoffset(local.replace(tzinfo=zone))
    second = zone.utcoffset(local.replace(tzinfo=zone, fold=1))
    assert first is not None and second is not None
    return round(min(first, second).total_seconds())


# Fields.

_FIELD = re.compile(
    r"""
      (?P<time>    [0-9]+ : [0-9:.]* )
    | (?P<date>    [0-9]+ (?P<delimiter>[-/.]) (?: [0-9]+ (?P=delimiter) [0-9]* (?:(?P=delimiter)[0-9]*)*
                                                | (?![0-9]) [A-Za-z0-9]* (?: (?P=delimiter) [A-Za-z0-9]* )* )
                 | [0-9]+ [-/] [0-9]+ )
    | (?P<number>  [0-9]+ (?: \. [0-9]+ )? | \.[0-9]+ )
    | (?P<zone>    [+-] \s* [0-9][0-9:.-]* )
    | (?P<special> [+-] \s* [A-Za-z]+ )
    | (?P<word>    [A-Za-z]+ )
    | (?P<blank>   [\s!-*,/:-@\[-`{-~]+ )
    """,
    re.VERBOSE,
)
_NAME_TAIL = re.compile(r"[A-Za-z0-9+\-/_.:]*")

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august"),
            *("sep sept september", "oct october", "nov november", "dec december"),
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAYS = frozenset(
    (
        *("sun", "sunday", "mon", "monday", "tue", "tues", "tuesday", "wed", "weds", "wednesday"),
        *("thu", "thur", "thurs", "thursday", "fri", "friday", "sat", "saturday"),
    )
)
_IGNORED = frozenset(("at", "on"))
_INFINITIES = frozenset(("infinity", "-infinity", "+infinity", "inf"))
_DAYS_FROM_TODAY = {"yesterday": -1, "today": 0, "tomorrow": 1}
# A word of these ends where a digit or a plus follows; any other word may be a zone's name.
CORE_WORDS = (
    frozenset(("am", "pm", "ad", "bc", "t", "j", "jd", "julian", "now", "epoch", "allballs", "d", "dst", "dow", "doy"))
    | frozenset(("h", "m", "s", "y", "mm", "isodow", "isoyear", *_INFINITIES, *_MONTHS, *_WEEKDAYS, *_IGNORED))
    | _DAYS_FROM_TODAY.keys()
)


def fields_of(text: str) -> list[tuple[str, str]]:
    """(kind, lower-case text) of each field. Raises BadFormat."""
    fields: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _FIELD.match(text, at)
        if match is None:
            raise BadFormat
        kind, at = match.lastgroup or "", match.end()
        if kind == "delimiter":
            kind = "date"
        found = match[0]
        if kind == "blank":
            continue
        if kind == "word" and at < len(text) and _continues(found, text[at]):
            kind = "date"
            tail = _NAME_TAIL.match(text, at)
            assert tail is not None
            found, at = found + tail[0], tail.end()
        fields.append((kind, re.sub(r"\s+", "", found).lower()))
    return fields


def _continues(word: str, following: str) -> bool:
    """A word runs on as a date (Jan-02-2024) or a zone's name (Europe/Berlin, EST5EDT)."""
    return following in "-/." or ((following == "+" or following.isdigit()) and word.lower() not in CORE_WORDS)


class Reading:
    """One text being read."""

    def __init__(self, order: str, zone_name: str, kind: str, has_date: bool) -> None:
        self._order, self._zone_name, self._kind, self._has_date = order, zone_name, kind, has_date
        self._known = Known.NOTHING
        self._year = self._month = self._day = 0
        self._day_of_year = 0
        self._short_year = self._text_month = self._before_christ = False
        self._hour = self._minute = self._second = self._fraction_us = 0
        self._afternoon: bool | None = None
        self._offset: int | None = None
        self._zone: tzinfo | None = None
        self._prefix = ""  # T or J, before the number that it explains
        self._next_kind = ""

    def read(self, text: str) -> Moment:
        fields = fields_of(text)
        if not fields:
            raise BadFormat
        for index, (kind, field) in enumerate(fields):
            self._next_kind = fields[index + 1][0] if index + 1 < len(fields) else ""
            _READERS[kind](self, field)
        if self._prefix:
            raise BadFormat
        return self._finish()

    def _learn(self, what: Known) -> None:
        if self._known & what:
            raise BadFormat
        self._known |= what

    # One method for each kind of field.

    def _date_field(self, field: str) -> None:
        if self._prefix == "j":
            raise BadFormat
        date_follows_time = Known.DATE in self._known or not (self._has_date or self._next_kind == "time")
        if self._prefix == "t" or (date_follows_time and field[0].isdigit()):
            self._iso_time_with_zone(field)
        elif field[0].isalpha() and (Known.DATE in self._known or not (self._has_date or _looks_like_date(field))):
            self._zone_name_field(field)
        else:
            self._date_parts(field)

    def _iso_time_with_zone(self, field: str) -> None:
        """T040506-08: a run-together time with its zone."""
        self._prefix = ""
        at = next((i for i, c in enumerate(field) if c in "-+"), -1)
        if at < 0:
            raise BadFormat
        self._zone_field(field[at:])
        self._run_together(field[:at], Known.DATE)

    def _date_parts(self, field: str) -> None:
        parts = re.findall(r"[0-9]+|[a-z]+", field)
        if not parts or len(parts) > 3 or "".join(parts) != re.sub(r"[^0-9a-z]", "", field):
            raise BadFormat
        before = self._known
        words = [part for part in parts if part[0].isalpha()]
        for word in words:
            if word not in _MONTHS:
                raise BadFormat
            self._learn(Known.MONTH)
            self._month, self._text_month = _MONTHS[word], True
        for part in parts:
            if part not in words:
                self._number(part)
        if Known.DATE not in self._known or before & ~Known.ZONE:
            raise BadFormat  # such a date stands before the time

    def _time_field(self, field: str) -> None:
        match = re.fullmatch(r"([0-9]+):([0-9]*)(?::([0-9]*))?(?:\.([0-9]*))?", field)
        if match is None:
            raise BadFormat
        self._prefix = "" if self._prefix == "t" else self._prefix
        self._learn(Known.TIME)
        hour, minute, second = (int(part or 0) for part in match.groups()[:3])
        if match[3] is None and match[4] is not None:
            hour, minute, second = 0, hour, minute
        self._set_time(hour, minute, second, match[4] or "")

    def _set_time(self, hour: int, minute: int, second: int, fraction: str) -> None:
        if minute > 59 or second > 60:
            raise FieldOverflow(False)
        self._hour, self._minute, self._second = hour, minute, second
        self._fraction_us = round(float(f"0.{fraction or 0}") * 1e6)

    def _zone_field(self, field: str) -> None:
        self._learn(Known.ZONE)
        self._offset = zone_seconds(field)

    def _number_field(self, field: str) -> None:
        before, point, _ = field.partition(".")
        if self._prefix == "j":
            self._julian(field)
        elif self._prefix == "t":
            self._prefix = ""
            self._run_together(field, self._known | Known.DATE)
        elif not self._has_date and Known.DATE not in self._known:
            self._run_together(field, self._known | Known.DATE)
        elif point and not self._known & Known.DATE:
            self._date_parts(field)
        elif len(before) > 2 if point else len(field) >= 6 and (Known.DATE | Known.TIME) not in self._known:
            self._run_together(field, self._known)
        else:
            self._number(field)

    def _julian(self, field: str) -> None:
        self._prefix = ""
        number, _, fraction = field.partition(".")
        self._learn(Known.DATE | (Known.TIME if fraction else Known.NOTHING))
        ordinal = int(number) - 1721425  # Julian day of 0000-12-31, proleptic Gregorian
        if not 1 <= ordinal <= date.max.toordinal():
            raise invalid.unrepresentable(f"a {self._kind} outside the years 1 to 9999")
        day = date.fromordinal(ordinal)
        self._year, self._month, self._day = day.year, day.month, day.day
        if fraction:
            us = round(float(f"0.{fraction}") * 86_400_000_000)
            self._hour, rest = divmod(us, 3_600_000_000)
            self._minute, rest = divmod(rest, 60_000_000)
            self._second, self._fraction_us = divmod(rest, 1_000_000)

    def _run_together(self, field: str, known: Known) -> None:
        """20240102, 240102, 040506.789, 0405"""
        digits, point, fraction = field.partition(".")
        if not digits.isdigit():
            raise BadFormat
        if not point and Known.DATE not in known and len(digits) >= 6:
            self._learn(Known.DATE)
            self._year, self._month, self._day = int(digits[:-4]), int(digits[-4:-2]), int(digits[-2:])
            self._short_year = len(digits) == 6
        elif Known.TIME not in known and len(digits) in (4, 6):
            self._learn(Known.TIME)
            self._set_time(int(digits[:2]), int(digits[2:4]), int(digits[4:] or 0), fraction)
        else:
            raise BadFormat

    def _number(self, field: str) -> None:
        """A number that is a year, a month or a day: by what is known and by the order of DateStyle."""
        if "." in field:
            return self._run_together(field, self._known | Known.DATE)
        value, length, known = int(field), len(field), self._known & Known.DATE
        if length == 3 and known == Known.YEAR and 1 <= value <= 366:
            self._learn(Known.MONTH | Known.DAY)
            self._day_of_year = value
            return None
        if known == Known.DATE:
            return self._run_together(field, self._known)
        if known == Known.YEAR | Known.MONTH and self._text_month and length >= 3 and self._short_year:
            self._learn(Known.DAY)
            self._day, self._year, self._short_year = self._year, value, False
            return None
        which = self._meaning(known, length)
        self._learn(which)
        if which is Known.YEAR:
            self._year, self._short_year = value, length <= 2
        elif which is Known.MONTH:
            self._month = value
        else:
            self._day = value
        return None

    def _meaning(self, known: Known, length: int) -> Known:
        if not known:
            if length >= 3 or self._order == "YMD":
                return Known.YEAR
            return Known.DAY if self._order == "DMY" else Known.MONTH
        if known == Known.MONTH and self._text_month and (length >= 3 or self._order == "YMD"):
            return Known.YEAR
        follow = {
            Known.YEAR: Known.MONTH,
            Known.MONTH: Known.DAY,
            Known.DAY: Known.MONTH,
            Known.YEAR | Known.MONTH: Known.DAY,
            Known.MONTH | Known.DAY: Known.YEAR,
        }
        if known not in follow:
            raise BadFormat
        return follow[known]

    def _word(self, word: str) -> None:
        if self._prefix and word != "t":
            raise BadFormat
        if word in _INFINITIES and self._has_date:
            raise invalid.unrepresentable(f"an infinite {self._kind}")
        if word in _MONTHS:
            self._month_word(word)
        elif word in _WEEKDAYS:
            self._learn(Known.WEEKDAY)
        elif word in _IGNORED:
            pass
        elif word in ("am", "pm"):
            self._learn(Known.HALF)
            self._afternoon = word == "pm"
        elif word in ("ad", "bc"):
            self._learn(Known.ERA)
            self._before_christ = word == "bc"
        elif word in ("t", "j", "jd", "julian"):
            if word == "t" and (self._has_date and Known.DATE not in self._known):
                raise BadFormat
            if self._next_kind not in ("number", "time", "date"):
                raise BadFormat
            self._prefix = word[0]
        elif word in ("now", "epoch", "allballs") or word in _DAYS_FROM_TODAY:
            self._special(word)
        else:
            self._zone_name_field(word)

    def _month_word(self, word: str) -> None:
        """Of ``08 Feb 2024`` the 08 was taken for the month before the word came."""
        if self._known & Known.MONTH and not self._text_month and not self._known & Known.DAY and 1 <= self._month <= 31:
            self._day = self._month
            self._known |= Known.DAY
        else:
            self._learn(Known.MONTH)
        self._text_month, self._month = True, _MONTHS[word]

    def _special(self, word: str) -> None:
        if word == "epoch":
            self._learn(Known.DATE | Known.TIME | Known.ZONE)
            self._year, self._month, self._day, self._offset = 1970, 1, 1, 0
        elif word == "allballs":
            if self._has_date and Known.DATE not in self._known:
                raise BadFormat
            self._learn(Known.TIME | Known.ZONE)
            self._offset = 0
        else:
            now = datetime.now(find_zone(self._zone_name) or UTC)
            day = now + timedelta(days=_DAYS_FROM_TODAY.get(word, 0))
            self._learn(Known.DATE)
            self._year, self._month, self._day = day.year, day.month, day.day
            if word == "now":
                self._learn(Known.TIME | Known.ZONE)
                self._hour, self._minute, self._second, self._fraction_us = now.hour, now.minute, now.second, now.microsecond
                self._offset = round((now.utcoffset() or timedelta()).total_seconds())

    def _zone_name_field(self, name: str) -> None:
        zone = abbreviated_zone(name) or (find_zone(name) if not name.isdigit() else None)
        if zone is None:
            if "/" in name:
                raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'time zone "{name}" not recognized')
            raise BadFormat
        self._learn(Known.ZONE)
        if isinstance(zone, timezone):
            self._offset = round(zone.utcoffset(None).total_seconds())
        else:
            self._zone = zone

    # What the fields come to.

    def _finish(self) -> Moment:
        if self._has_date and Known.DATE not in self._known:
            raise BadFormat
        if not self._has_date and Known.TIME not in self._known:
            raise BadFormat
        if self._zone is not None and Known.DATE not in self._known:
            raise BadFormat  # without a day nobody knows whether the zone's summer time holds
        day = self._whole_day() if Known.DATE in self._known else self._today()
        return Moment(day, self._whole_time(), self._offset, self._zone)

    def _today(self) -> Day:
        today = datetime.now(find_zone(self._zone_name) or UTC)
        return today.year, today.month, today.day

    def _whole_day(self) -> Day:
        year = self._year
        if self._before_christ and year > 0:
            raise invalid.unrepresentable(f"a {self._kind} before Christ")
        if self._short_year:
            year += 2000 if year < 70 else 1900
        if year <= 0:
            raise FieldOverflow(False)
        if year > 9999:
            raise invalid.unrepresentable(f"a {self._kind} outside the years 1 to 9999")
        if self._day_of_year:
            day = date(year, 1, 1) + timedelta(days=self._day_of_year - 1)
            return day.year, day.month, day.day
        if not 1 <= self._month <= 12 or not 1 <= self._day <= 31:
            raise FieldOverflow(True)
        if self._day > monthrange(year, self._month)[1]:
            raise FieldOverflow(False)
        return year, self._month, self._day

    def _whole_time(self) -> int:
        hour = self._hour
        if self._afternoon is not None:
            if hour > 12:
                raise FieldOverflow(False)
            hour = hour % 12 + (12 if self._afternoon else 0)
        us = ((hour * 60 + self._minute) * 60 + self._second) * 1_000_000 + self._fraction_us
        if us > 86_400_000_000:
            raise FieldOverflow(False)
        return us


def zone_seconds(field: str) -> int:
    """+HH, +HHMM, +HH:MM, +HH:MM:SS -> seconds east. Raises BadFormat or ZoneOverflow."""
    match = re.match(r"([+-])([0-9]+)(?::([0-9]*))?(?::([0-9]*))?", field)
    if match is None:
        raise BadFormat
    hours, minutes, seconds = int(match[2]), int(match[3] or 0), int(match[4] or 0)
    if match[3] is None and len(match[2]) > 2:
        hours, minutes = divmod(hours, 100)
    if hours > MAX_ZONE_HOURS or minutes > 59 or seconds > 59:
        raise ZoneOverflow
    if match.end() < len(field):
        raise BadFormat
    total = hours * 3600 + minutes * 60 + seconds
    return -total if match[1] == "-" else total


def _looks_like_date(field: str) -> bool:
    return re.split(r"[^a-z]", field)[0] in _MONTHS


_READERS: dict[str, Callable[[Reading, str], None]] = {
    "date": Reading._date_field,
    "time": Reading._time_field,
    "number": Reading._number_field,
    "zone": Reading._zone_field,
    "special": Reading._word,
    "word": Reading._word,
}
