"""Formats: to_char of moments. PostgreSQL: functions-formatting, src/backend/utils/adt/formatting.c"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from pgiris.compute.moments import JULIAN_DAY, civil
from pgiris.compute.registry import function
from pgiris.compute.zones import local_us, offset_us, zone
from pgiris.errors import not_supported
from pgiris.types.codec import Context
from pgiris.types.datetime import DAY_US, EPOCH
from pgiris.types.interval import HOUR_US, MINUTE_US, SECOND_US, Interval

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")

# Templates of moments

_KEYWORDS_TEXT = """
SSSSS SSSS Y,YYY YYYY IYYY HH24 HH12 MONTH IDDD A.M. P.M. A.D. B.C. YYY IYY MON DAY DDD TZH TZM FF1 FF2 FF3 FF4 FF5 FF6 HH MI SS
MS US AM PM AD BC YY IY MM DY DD ID IW WW CC RM TZ OF FX Y I D W J Q
"""
_SPELLED = {spelled for word in _KEYWORDS_TEXT.split() for spelled in (word, word.lower())} | {"Month", "Mon", "Day", "Dy"}
_KEYWORDS = sorted(_SPELLED, key=len, reverse=True)


@dataclass(frozen=True)
class Piece:
    """A keyword of a template, or a character that stands for itself."""

    keyword: str = ""
    text: str = ""
    quoted: bool = False
    fill: bool = False  # FM: without padding
    ordinal: str = ""  # TH or th


@lru_cache(maxsize=256)
def template(text: str) -> tuple[Piece, ...]:
    """PostgreSQL: parse_format in formatting.c"""
    pieces: list[Piece] = []
    at = 0
    while at < len(text):
        fill = False
        while text[at : at + 2].upper() in ("FM", "TM"):  # names are English, and translated ones are not padded
            fill, at = True, at + 2
        word = next((word for word in _KEYWORDS if text.startswith(word, at)), "")
        if word:
            at += len(word)
            ordinal = text[at : at + 2] if text[at : at + 2] in ("TH", "th") else ""
            at += len(ordinal)
            pieces.append(Piece(word, fill=fill, ordinal=ordinal))
        elif text[at : at + 1] == '"':
            at += 1
            while at < len(text) and text[at] != '"':
                at += text[at] == "\\" and at + 1 < len(text)
                pieces.append(Piece(text=text[at], quoted=True))
                at += 1
            at += 1
        elif at < len(text):
            at += text[at : at + 2] == '\\"'
            pieces.append(Piece(text=text[at]))
            at += 1
    return tuple(pieces)


@dataclass
class Clock:
    """What a template shows of a moment. zone: abbreviation and offset in seconds, of a timestamptz."""

    day: int
    us: int
    zone: tuple[str, int] | None = None
    interval: Interval | None = None

    @property
    def civil(self) -> date:
        if self.interval is not None:
            raise not_supported("to_char of an interval with fields of a calendar is not supported")
        return civil(self.day)

    @property
    def year(self) -> int:
        return self.interval.months // 12 if self.interval is not None else self.civil.year

    @property
    def month(self) -> int:
        return self.interval.months % 12 if self.interval is not None else self.civil.month

    @property
    def monthday(self) -> int:
        return self.interval.days if self.interval is not None else self.civil.day

    @property
    def hour(self) -> int:
        return self.us // HOUR_US

    @property
    def hour12(self) -> int:
        return (self.hour - 1) % 12 + 1


def _iso(clock: Clock) -> tuple[int, int, int]:
    found = clock.civil.isocalendar()
    return found.year, found.week, found.weekday


def _zone_offset(clock: Clock, part: str) -> str:
    if clock.zone is None:
        return {"TZH": "+00", "TZM": "00", "OF": "+00"}[part]
    seconds = clock.zone[1]
    hours, minutes = divmod(abs(seconds) // 60, 60)
    sign = "-" if seconds < 0 else "+"
    if part == "TZM":
        return f"{minutes:02}"
    return f"{sign}{hours:02}" + (f":{minutes:02}" if part == "OF" and minutes else "")


def _noon(clock: Clock, word: str) -> str:
    found = "PM" if clock.hour % 24 >= 12 else "AM"
    shown = f"{found[0]}.{found[1]}." if "." in word else found
    return shown.lower() if word.islower() else shown


def _era(word: str) -> str:
    shown = "A.D." if "." in word else "AD"
    return shown.lower() if word.islower() else shown


def _cased(name: str, word: str) -> str:
    return name.upper() if word.isupper() else name.lower() if word.islower() else name


# keyword -> (number, width)
_NUMBERS: dict[str, tuple[Callable[[Clock], int], int]] = {
    "HH24": (lambda c: c.hour, 2),
    "HH12": (lambda c: c.hour12, 2),
    "HH": (lambda c: c.hour12, 2),
    "MI": (lambda c: c.us // MINUTE_US % 60, 2),
    "SS": (lambda c: c.us // SECOND_US % 60, 2),
    "SSSS": (lambda c: c.us // SECOND_US, 1),
    "SSSSS": (lambda c: c.us // SECOND_US, 1),
    "YYYY": (lambda c: c.year, 4),
    "YYY": (lambda c: c.year % 1000, 3),
    "YY": (lambda c: c.year % 100, 2),
    "Y": (lambda c: c.year % 10, 1),
    "IYYY": (lambda c: _iso(c)[0], 4),
    "IYY": (lambda c: _iso(c)[0] % 1000, 3),
    "IY": (lambda c: _iso(c)[0] % 100, 2),
    "I": (lambda c: _iso(c)[0] % 10, 1),
    "MM": (lambda c: c.month, 2),
    "DDD": (lambda c: c.civil.timetuple().tm_yday, 3),
    "IDDD": (lambda c: (_iso(c)[1] - 1) * 7 + _iso(c)[2], 3),
    "DD": (lambda c: c.monthday, 2),
    "D": (lambda c: c.civil.isoweekday() % 7 + 1, 1),
    "ID": (lambda c: c.civil.isoweekday(), 1),
    "WW": (lambda c: (c.civil.timetuple().tm_yday - 1) // 7 + 1, 2),
    "IW": (lambda c: _iso(c)[1], 2),
    "W": (lambda c: (c.civil.day - 1) // 7 + 1, 1),
    "CC": (lambda c: (c.year + 99) // 100, 2),
    "J": (lambda c: c.day + JULIAN_DAY, 1),
    "Q": (lambda c: (c.civil.month + 2) // 3, 1),
}
FRACTIONS = {"MS": 3, "US": 6, **{f"FF{digits}": digits for digits in range(1, 7)}}


def _written(piece: Piece, clock: Clock) -> str:
    word = piece.keyword
    if not word:
        return piece.text
    upper = word.upper()
    if upper == "FX":
        return ""
    if upper in _NUMBERS:
        read, width = _NUMBERS[upper]
        number = read(clock)
        text = f"{'-' if number < 0 else ''}{abs(number):0{1 if piece.fill else width}}"
        return text + ordinal(text, piece.ordinal)
    if upper in FRACTIONS:
        digits = FRACTIONS[upper]
        text = f"{clock.us % SECOND_US // 10 ** (6 - digits):0{digits}}"
        return text + ordinal(text, piece.ordinal)
    if upper == "Y,YYY":
        return f"{clock.year // 1000},{clock.year % 1000:03}"
    if upper == "MONTH":
        name = _cased(MONTHS[clock.month - 1], word)
        return name if piece.fill else name.ljust(9)
    if upper == "DAY":
        name = _cased(WEEKDAYS[clock.civil.weekday()], word)
        return name if piece.fill else name.ljust(9)
    if upper == "MON":
        return _cased(MONTHS[clock.month - 1][:3], word)
    if upper == "DY":
        return _cased(WEEKDAYS[clock.civil.weekday()][:3], word)
    if upper == "RM":
        name = _cased(ROMAN[clock.month - 1], word)
        return name if piece.fill else name.ljust(4)
    if upper in ("AM", "PM", "A.M.", "P.M."):
        return _noon(clock, word)
    if upper in ("AD", "BC", "A.D.", "B.C."):
        return _era(word)
    if upper == "TZ":
        return _cased(clock.zone[0].upper() if clock.zone else "", word)
    return _zone_offset(clock, upper)


def ordinal(text: str, wanted: str) -> str:
    if not wanted:
        return ""
    last = text.lstrip("-")
    suffix = "th" if last[-2:-1] == "1" else {"1": "st", "2": "nd", "3": "rd"}.get(last[-1], "th")
    return suffix.upper() if wanted.isupper() else suffix


def _shown(clock: Clock, text: str) -> str | None:
    """An empty template gives NULL."""
    return None if not text else "".join([_written(piece, clock) for piece in template(text)])


@function("to_char(timestamp, text) text")
def _timestamp_to_char(us: int, text: str) -> str | None:
    return _shown(Clock(us // DAY_US, us % DAY_US), text)


@function("to_char(timestamptz, text) text", context=True)
def _timestamptz_to_char(context: Context, us: int, text: str) -> str | None:
    local = local_us(us, context.time_zone)
    moment = (EPOCH + timedelta(microseconds=local)).replace(tzinfo=zone(context.time_zone))
    clock = Clock(local // DAY_US, local % DAY_US, (moment.tzname() or "", offset_us(us, context.time_zone) // SECOND_US))
    return _shown(clock, text)


@function("to_char(interval, text) text")
def _interval_to_char(value: Interval, text: str) -> str | None:
    if value.months < 0 or value.us < 0:
        raise not_supported("to_char of negative intervals is not supported")
    return _shown(Clock(0, value.us, None, value), text)
