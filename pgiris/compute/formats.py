"""Formats: to_char, to_date, to_timestamp and to_number. PostgreSQL: functions-formatting, src/backend/utils/adt/formatting.c"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pgiris import sqlstate
from pgiris.compute.casts import checked_us
from pgiris.compute.moments import JULIAN_DAY, civil, day_number
from pgiris.compute.numbers import to_scale
from pgiris.compute.registry import function
from pgiris.compute.zones import local_us, offset_us, utc_us, zone
from pgiris.errors import PgError, not_supported
from pgiris.types.codec import Context
from pgiris.types.datetime import DAY_US, EPOCH, EPOCH_DAY
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
SEPARATORS = frozenset(" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")

# Templates of moments

_KEYWORDS = (
    "SSSSS", "SSSS", "Y,YYY", "YYYY", "IYYY", "HH24", "HH12", "MONTH", "Month", "month", "IDDD", "A.M.", "P.M.", "a.m.", "p.m.",
    "A.D.", "B.C.", "a.d.", "b.c.", "YYY", "IYY", "MON", "Mon", "mon", "DAY", "Day", "day", "DDD", "TZH", "TZM", "FF1", "FF2",
    "FF3", "FF4", "FF5", "FF6", "HH", "MI", "SS", "MS", "US", "AM", "PM", "am", "pm", "AD", "BC", "ad", "bc", "YY", "IY", "MM",
    "DY", "Dy", "dy", "DD", "ID", "IW", "WW", "CC", "RM", "rm", "TZ", "tz", "OF", "Y", "I", "D", "W", "J", "Q",
)  # fmt: skip
_EXACT_CASE = frozenset(
    [
        "MONTH",
        "Month",
        "month",
        "MON",
        "Mon",
        "mon",
        "DAY",
        "Day",
        "day",
        "DY",
        "Dy",
        "dy",
        "RM",
        "rm",
        "AM",
        "PM",
        "am",
        "pm",
        "A.M.",
        "P.M.",
        "a.m.",
        "p.m.",
        "AD",
        "BC",
        "ad",
        "bc",
        "A.D.",
        "B.C.",
        "a.d.",
        "b.c.",
        "TZ",
        "tz",
    ]
)


@dataclass(frozen=True)
class Piece:
    """A keyword of a template, or text that stands for itself."""

    keyword: str = ""
    text: str = ""
    fill: bool = False  # FM: without padding
    ordinal: str = ""  # TH or th


@lru_cache(maxsize=256)
def template(text: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    at = 0
    while at < len(text):
        fill = False
        if text[at : at + 2].upper() == "FM":
            fill, at = True, at + 2
        elif text[at : at + 2].upper() in ("FX", "TM"):
            raise not_supported(f'the format modifier "{text[at : at + 2]}" is not supported')
        if text[at : at + 1] == '"':
            end = text.find('"', at + 1)
            end = len(text) if end < 0 else end
            pieces.append(Piece(text=text[at + 1 : end]))
            at = end + 1
            continue
        word = _keyword_at(text, at)
        if word:
            at += len(word)
            ordinal = text[at : at + 2] if text[at : at + 2].upper() == "TH" else ""
            at += len(ordinal)
            pieces.append(Piece(word, fill=fill, ordinal=ordinal))
        elif at < len(text):
            pieces.append(Piece(text=text[at]))
            at += 1
    return tuple(pieces)


def _keyword_at(text: str, at: int) -> str:
    upper = text.upper()
    for word in _KEYWORDS:
        if text.startswith(word, at):
            return word
        if word not in _EXACT_CASE and upper.startswith(word, at):
            return word
    for word in ("MONTH", "MON", "DAY", "DY"):  # in mixed case of another kind
        if upper.startswith(word, at):
            return word.capitalize()
    return ""


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
_FRACTIONS = {"MS": 3, "US": 6, **{f"FF{digits}": digits for digits in range(1, 7)}}


def _written(piece: Piece, clock: Clock) -> str:
    word = piece.keyword
    if not word:
        return piece.text
    if word in _NUMBERS:
        read, width = _NUMBERS[word]
        number = read(clock)
        text = f"{'-' if number < 0 else ''}{abs(number):0{1 if piece.fill else width}}"
        return text + _ordinal(text, piece.ordinal)
    if word in _FRACTIONS:
        digits = _FRACTIONS[word]
        text = f"{clock.us % SECOND_US // 10 ** (6 - digits):0{digits}}"
        return text + _ordinal(text, piece.ordinal)
    if word == "Y,YYY":
        return f"{clock.year // 1000},{clock.year % 1000:03}"
    upper = word.upper()
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


def _ordinal(text: str, wanted: str) -> str:
    if not wanted:
        return ""
    last = text.lstrip("-")
    suffix = "th" if last[-2:-1] == "1" else {"1": "st", "2": "nd", "3": "rd"}.get(last[-1], "th")
    return suffix.upper() if wanted.isupper() else suffix


def _shown(clock: Clock, text: str) -> str:
    return "".join([_written(piece, clock) for piece in template(text)])


@function("to_char(timestamp, text) text")
def _timestamp_to_char(us: int, text: str) -> str:
    return _shown(Clock(us // DAY_US, us % DAY_US), text)


@function("to_char(timestamptz, text) text", context=True)
def _timestamptz_to_char(context: Context, us: int, text: str) -> str:
    local = local_us(us, context.time_zone)
    moment = (EPOCH + timedelta(microseconds=local)).replace(tzinfo=zone(context.time_zone))
    clock = Clock(local // DAY_US, local % DAY_US, (moment.tzname() or "", offset_us(us, context.time_zone) // SECOND_US))
    return _shown(clock, text)


@function("to_char(interval, text) text")
def _interval_to_char(value: Interval, text: str) -> str:
    if value.months < 0 or value.us < 0:
        raise not_supported("to_char of negative intervals is not supported")
    return _shown(Clock(0, value.us, None, value), text)


# Numbers -> text


@dataclass
class Shape:
    """A numeric template. PostgreSQL: NUMDesc"""

    pieces: tuple[str, ...]
    before: int = 0
    after: int = 0
    zero_start: int = -1  # place of the first 0 before the point
    zero_end: int = 0
    fill: bool = False
    has_point: bool = False
    sign: str = ""  # S before the digits, or P (S behind them)
    minus: bool = False
    plus: bool = False
    bracket: bool = False


_NUMBER_KEYWORDS = ("EEEE", "eeee", "FM", "fm", "MI", "mi", "PL", "pl", "SG", "sg", "PR", "pr", "RN", "rn", "TH", "th")
_REFUSED = frozenset(("EEEE", "RN", "V", "L", "C"))


@lru_cache(maxsize=256)
def shape(text: str) -> Shape:
    found: list[str] = []
    at = 0
    while at < len(text):
        if text[at] == '"':
            end = text.find('"', at + 1)
            end = len(text) if end < 0 else end
            found += ["'" + character for character in text[at + 1 : end]]
            at = end + 1
            continue
        word = next((word for word in _NUMBER_KEYWORDS if text.startswith(word, at)), "")
        if word:
            found.append(word if word == "th" else word.upper())
            at += len(word)
        else:
            single = text[at].upper()
            found.append(single if single in "90.,DGSVLC" else "'" + text[at])
            at += 1
    made = Shape(tuple(found))
    sign_at = -1
    for piece in found:
        if piece in _REFUSED:
            raise not_supported(f'"{piece}" in a format of to_char is not supported')
        if piece == "0":
            if made.zero_start < 0 and not made.has_point:
                made.zero_start = made.before
            made.after, made.before = (made.after + 1, made.before) if made.has_point else (made.after, made.before + 1)
            made.zero_end = made.before + made.after
        elif piece == "9":
            made.after, made.before = (made.after + 1, made.before) if made.has_point else (made.after, made.before + 1)
        elif piece in (".", "D"):
            if made.has_point:
                raise PgError(sqlstate.SYNTAX_ERROR, "multiple decimal points")
            made.has_point = True
        elif piece == "S":
            if made.sign:
                raise PgError(sqlstate.SYNTAX_ERROR, 'cannot use "S" twice')
            made.sign, sign_at = ("P", -1) if made.has_point else ("S", made.before)
        elif piece == "FM":
            made.fill = True
        elif piece in ("MI", "PL", "SG"):
            made.minus |= piece != "PL"
            made.plus |= piece != "MI"
        elif piece == "PR":
            made.bracket = True
    if made.sign == "S" and sign_at == made.before:
        made.sign = "P"
    return made


def _number_text(digits: str, negative: bool, made: Shape) -> str:
    """digits: unsigned, with made.after decimals. Follows PostgreSQL's NUM_processor step by step."""
    whole, point, fraction = digits.partition(".")
    if len(whole) > made.before:
        whole, fraction = "#" * made.before, "#" * made.after
        point = "."
    number = f"{whole}.{fraction}" if made.has_point and made.after else whole + (point and "")
    spaces = made.before - len(whole)
    sign = "-" if negative else "+"
    bracket = made.bracket and not (made.fill and not negative)
    sign_done = made.minus if made.plus or made.minus else sign == "+" and made.fill and not made.sign
    last = -1  # place of the last digit that counts; with FM
    if made.fill and made.has_point and "." in number:
        last = len(number.rstrip("0")) - 1
        if made.zero_end > spaces:
            last = max(last, min(len(number) - 1, made.zero_end - spaces))
    has_zero = made.zero_start >= 0 or made.zero_end > 0
    zero_start = made.zero_start if made.zero_start >= 0 else 10**6
    out: list[str] = []
    place = at = 0
    count = made.before + made.after - 1 + (not sign_done and spaces == 0)
    inside = False

    def bare_zero() -> bool:
        return not has_zero and at == 0 and number[:1] == "0" and made.after != 0

    point_counts = last < 0 or number[last : last + 1] != "."
    for piece in made.pieces:
        if piece in ("9", "0", ".", "D"):
            if (
                not sign_done
                and (place >= spaces or (has_zero and zero_start == place))
                and (not bare_zero() or not point_counts)
            ):
                sign_done = True
                if made.sign:
                    if made.sign == "S":
                        out.append(sign)
                    else:
                        sign_done = False
                elif bracket:
                    out.append("<" if negative else " ")
                elif negative:
                    out.append("-")
                elif not made.fill:
                    out.append(" ")
            if place < spaces and (zero_start > place or not has_zero):
                if not made.fill:
                    out.append(" ")
            elif has_zero and place < spaces:
                out.append("0")
                inside = True
            else:
                current = number[at : at + 1]
                if current == ".":
                    if point_counts or made.fill:
                        out.append(".")
                elif last >= 0 and at > last and piece != "0":
                    pass
                elif bare_zero():
                    if not made.fill:
                        out.append(" ")
                    elif not point_counts:
                        out.append("0")
                elif current:
                    out.append(current)
                    inside = True
                at += bool(current)
            end = count + (1 if spaces else 0) + (1 if made.has_point else 0)
            if last >= 0 and at == last:
                end = place
            if place + 1 == end:
                if sign_done and bracket:
                    out.append(">" if negative else " ")
                elif made.sign == "P":
                    out.append(sign)
            place += 1
        elif piece in (",", "G"):
            if inside:
                out.append(",")
            elif not made.fill:
                out.append(" ")
        elif piece == "MI":
            out.append("-" if negative else "" if made.fill else " ")
        elif piece == "PL":
            out.append("+" if not negative else "" if made.fill else " ")
        elif piece == "SG":
            out.append(sign)
        elif piece.upper() == "TH":
            if not negative and not made.has_point and "#" not in number:
                out.append(_ordinal(whole, piece))
        elif piece.startswith("'"):
            out.append(piece[1:])
    return "".join(out)


@function("to_char(numeric, text) text")
def _numeric_to_char(value: Decimal, text: str) -> str:
    made = shape(text)
    rounded = to_scale(value, made.after)
    return _number_text(format(abs(rounded), "f"), rounded < 0, made)


@function("to_char(int4, text) text", "to_char(int8, text) text")
def _integer_to_char(value: int, text: str) -> str:
    made = shape(text)
    return _number_text(format(Decimal(abs(value)), f".{made.after}f"), value < 0, made)


@function("to_char(float8, text) text", "to_char(float4, text) text")
def _float_to_char(value: float, text: str) -> str:
    made = shape(text)
    shown = f"{abs(value):.{made.after}f}"
    return _number_text(shown, value < 0, made)


@function("to_number(text, text) numeric")
def _to_number(text: str, pattern: str) -> Decimal:
    """By the digits that the template has room for."""
    made = shape(pattern)
    found: list[str] = []
    negative = False
    at, point = 0, False
    text = text.strip(" ")
    for piece in made.pieces:
        if at >= len(text):
            break
        if piece in ("9", "0", ".", "D"):
            if text[at] in "+-" and not found:
                negative, at = text[at] == "-", at + 1
            elif text[at] == "<" and made.bracket:
                negative, at = True, at + 1
            while at < len(text) and text[at] == " " and not found:
                at += 1
            if at < len(text) and text[at].isdigit() and piece in "90":
                found.append(text[at])
                at += 1
            elif at < len(text) and text[at] == "." and not point and piece in (".", "D"):
                found.append(".")
                point, at = True, at + 1
        elif piece in (",", "G"):
            at += text[at] == ","
        elif piece in ("S", "MI", "SG", "PL"):
            if text[at] in "+-":
                negative, at = negative or text[at] == "-", at + 1
        elif piece.startswith("'"):
            at += 1
    if not any(character.isdigit() for character in found):
        raise PgError(sqlstate.INVALID_TEXT_REPRESENTATION, f'invalid input syntax for type numeric: "{"".join(found) or " "}"')
    value = Decimal("".join(found))
    return -value if negative and value else value


# Text -> moments

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
    width = _DIGITS[word] if next_is_digit or word in _FRACTIONS else 100
    match = re.compile(rf"[+-]?[0-9]{{1,{width}}}").match(text, at)
    if match is None:
        detail = "Value must be an integer."
        shown = text[at : at + min(_DIGITS[word], 10)]
        raise PgError(sqlstate.INVALID_DATETIME_FORMAT, f'invalid value "{shown}" for "{piece.keyword}"', detail=detail)
    number = match[0]
    if word in _FRACTIONS and word != "MS":
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
    us += sum(found[word] for word in _FRACTIONS if word in found)
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
