"""Date masks: TO_CHAR, TO_DATE, TO_TIMESTAMP, and the styles of CONVERT. Canonical texts in and out. iris-reference 4.22

IRIS documents other words for reading than for writing: FF is read and not written, SSSSS is written and not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pgiris.backend.sandbox import dateinput, decimals
from pgiris.backend.sandbox.calendar import DAY_NAMES, moment, shown, weekday
from pgiris.backend.sandbox.dateinput import MONTH_NAMES, month_number
from pgiris.backend.sandbox.values import date_text, time_text, timestamp_text
from pgiris.backend.sqlcode import pg_error

JULIAN_ZERO = 1721425  # the Julian date of day 0 of Python's ordinals
MAX_JULIAN = 5373484
NO_STYLE = "1900-01-01 00:00:00"  # what a style that does not exist makes of anything

# Writing

_DATE_OUT: dict[str, Callable[[datetime], str]] = {
    "YYYY": lambda v: f"{v.year:04}",
    "RRRR": lambda v: f"{v.year:04}",
    "YYY": lambda v: f"{v.year % 1000:03}",
    "YY": lambda v: f"{v.year % 100:02}",
    "RR": lambda v: f"{v.year % 100:02}",
    "Y": lambda v: f"{v.year % 10}",
    "MONTH": lambda v: MONTH_NAMES[v.month],
    "MON": lambda v: MONTH_NAMES[v.month][:3],
    "MM": lambda v: f"{v.month:02}",
    "DDD": lambda v: f"{v.timetuple().tm_yday:03}",
    "DD": lambda v: f"{v.day:02}",
    "DAY": lambda v: DAY_NAMES[weekday(v) - 1],
    "DY": lambda v: DAY_NAMES[weekday(v) - 1][:3],
    "D": lambda v: str(weekday(v)),
    "J": lambda v: f"{v.toordinal() + JULIAN_ZERO:07}",
}
_TIME_OUT: dict[str, Callable[[datetime], str]] = {
    "HH24": lambda v: f"{v.hour:02}",
    "HH12": lambda v: f"{(v.hour + 11) % 12 + 1:02}",
    "HH": lambda v: f"{(v.hour + 11) % 12 + 1:02}",
    "MI": lambda v: f"{v.minute:02}",
    "SSSSS": lambda v: str(v.hour * 3600 + v.minute * 60 + v.second),
    "SS": lambda v: f"{v.second:02}",
    "AM": lambda v: "AM" if v.hour < 12 else "PM",
    "PM": lambda v: "AM" if v.hour < 12 else "PM",
}


def _joined(words: tuple[str, ...]) -> Callable[[datetime], str]:
    return lambda value: "".join(_DATE_OUT[word](value) for word in words)


# Words of a mask need signs between them; these do not.
_JOINED = {"YYYYMMDD": ("YYYY", "MM", "DD"), "DDMMYYYY": ("DD", "MM", "YYYY"), "YYYYMM": ("YYYY", "MM")}
_OUT = {
    **_DATE_OUT,
    **_TIME_OUT,
    **{mask: _joined(words) for mask, words in _JOINED.items()},
}
_RUN = re.compile("[A-Za-z0-9]+")
_NUMBER_MASK = re.compile(r"(?:FM)?[$BS]*[90.,GD]*[90][90.,GD]*S?|(?:FM)?[$BS]*[90.,GD]*[90]\$?", re.IGNORECASE)


def _purpose(mask: str) -> str:
    """What a mask is for: number, time, date, or nothing."""
    if _NUMBER_MASK.fullmatch(mask):
        return "number"
    runs = {run.upper() for run in _RUN.findall(mask)}
    if not runs & _OUT.keys():
        return ""
    return "time" if runs <= _TIME_OUT.keys() else "date"


def _written(value: datetime, mask: str) -> str:
    """What is no word of a mask stays as it is."""
    return _RUN.sub(lambda run: _OUT[run[0].upper()](value) if run[0].upper() in _OUT else run[0], mask)


def to_char_moment(text: str | None, mask: str | None) -> str | None:
    """Of a DATE, TIME or TIMESTAMP. A TIME whose mask is a date's is taken for the days that its seconds count."""
    if text is None:
        return None
    if mask is None:
        return text[:19]  # a timestamp's
    if text[2:3] == ":" and _purpose(mask) == "date":
        seconds = moment(text)
        text = dateinput.canonical(str(seconds.hour * 3600 + seconds.minute * 60 + seconds.second))
        assert text is not None
    return _written(moment(text), mask) if _purpose(mask) not in ("", "number") else "#" * len(text)


def to_char(text: str | None, mask: str | None) -> str | None:
    """Of a number or a string."""
    if text is None:
        return None
    stamp = timestamp_text(text) if ":" in text else None
    if mask is None:
        return stamp[:19] if stamp else str(int(decimals.leading_number(text)))
    purpose = _purpose(mask)
    if purpose == "number":
        return to_char_number(decimals.canonical(decimals.leading_number(text)), mask)
    if not purpose:
        return "#" * len(text) if text[:2].isdigit() and len(text) > 1 else None
    if purpose == "time":
        found = time_text(text) or dateinput.canonical(text, "time")
    elif mask.upper() == "J" and date_text(text):
        found = date_text(text)
    else:
        found = stamp or dateinput.canonical(text if re.fullmatch(r"-?[0-9]+,.*", text) else str(_leading_integer(text)))
    if found is None:
        raise bad_input(text)
    return _written(moment(found), mask)


def _leading_integer(text: str) -> int:
    found = re.match(r"\s*[+-]?[0-9]+", text)
    return int(found[0]) if found else 0


def to_char_number(text: str, mask: str) -> str:
    """What does not fit is shown as #, one more than the mask is long."""
    bare = mask.upper()
    fill = not bare.startswith("FM")
    bare = bare.removeprefix("FM")
    signed, dollar, blank = "S" in bare, "$" in bare, "B" in bare
    at_end = bare.endswith("S") and len(bare) > 1
    digits_mask = re.sub("[SB$]", "", bare).replace("D", ".").replace("G", ",")
    whole_mask, point, fraction_mask = digits_mask.partition(".")
    number = decimals.as_decimal(decimals.rounded(text, len(fraction_mask)) or "0")
    whole, _, fraction = format(abs(number), "f").partition(".")
    whole = whole.lstrip("0")
    places = sum(character in "90" for character in whole_mask)
    if len(whole) > places:
        return "#" * (len(mask) + 1)
    zeros = places - whole_mask.replace(",", "").find("0") if "0" in whole_mask else 0 if blank or (point and places == 0) else 1
    if blank and not whole:
        zeros = 0
    body = _grouped(whole.rjust(zeros, "0"), whole_mask)
    if point:
        body += "." + fraction.ljust(len(fraction_mask), "0")
    sign = "-" if number < 0 else "+" if signed else ""
    body = f"{'' if at_end else sign}{'$' if dollar else ''}{body}{sign if at_end else ''}"
    width = len(digits_mask) + dollar + 1
    return body.rjust(width) if fill else body


def _grouped(digits: str, mask: str) -> str:
    """Digits with the commas of a mask, from the right."""
    out: list[str] = []
    rest = list(digits)
    for character in reversed(mask):
        if not rest:
            break
        out.append("," if character == "," else rest.pop())
    return "".join(reversed(out))


# Reading

_WIDTHS = {"YYYY": 4, "RRRR": 4, "YY": 2, "RR": 2, "MM": 2, "DDD": 3, "DD": 2, "HH24": 2, "HH12": 2, "HH": 2, "MI": 2, "SS": 2}
_READ = re.compile(
    r"YYYY|RRRR|YY|RR|MONTH|MON|MM|DDD|DD|DAY|DY|D|HH24|HH12|HH|MI|SS|FF|A\.M\.|P\.M\.|AM|PM|J|[A-Za-z]+|.", re.IGNORECASE
)


@dataclass
class _Parts:
    """What was read so far."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    day_of_year: int | None = None
    julian: int | None = None
    hour: int = 0
    minute: int = 0
    second: int = 0
    fraction: str = ""
    noon: str = ""


def _parsed(text: str, mask: str) -> _Parts:
    """Text by a mask. It may end before the mask does, and what follows the mask is not looked at."""
    words = _READ.findall(mask.strip())
    parts, at = _Parts(), 0
    text = text.strip()
    for number, word in enumerate(words):
        if at >= len(text):
            break
        following = words[number + 1] if number + 1 < len(words) else " "
        at = _read_word(parts, text, at, word, fixed=following.upper() in _WIDTHS)
    return parts


def _read_word(parts: _Parts, text: str, at: int, word: str, fixed: bool) -> int:
    """Read one word of a mask; where it ends. fixed: no sign follows, so that it has all its digits."""
    upper = word.upper()
    if upper in _WIDTHS:
        width = _WIDTHS[upper]
        found = re.compile(rf"[0-9]{{{width if fixed else 1},{width}}}").match(text, at)
        if found is None:
            raise bad_input(text)
        _take_number(parts, upper, found[0])
        return found.end()
    if upper == "FF":
        found = re.compile(r"[0-9]+").match(text, at)
        parts.fraction = found[0] if found else ""
        return found.end() if found else at
    if upper in ("AM", "PM", "A.M.", "P.M."):
        found = re.compile(r"[AaPp]\.?[Mm]\.?").match(text, at)
        parts.noon = found[0][0].upper() if found else ""
        return found.end() if found else at
    if upper in ("MON", "MONTH"):
        found = re.compile(r"[A-Za-z]+").match(text, at)
        parts.month = month_number(found[0][:3]) if found else None
        if found is None or not parts.month:
            raise bad_input(text)
        return found.end()
    if upper in ("DAY", "DY", "D"):
        found = re.compile(r"[0-9A-Za-z]+").match(text, at)
        return found.end() if found else at
    if upper == "J":
        found = re.compile(r"[0-9]{1,7}").match(text, at)
        if found is None:
            raise bad_input(text)
        parts.julian = int(found[0])
        return found.end()
    if word.isalpha():
        raise bad_input(text)
    if word.isspace() and not text[at].isspace():
        return at
    if text[at] != word:
        raise bad_input(text)
    return at + 1


def _take_number(parts: _Parts, word: str, digits: str) -> None:
    value = int(digits)
    if word in ("YYYY", "YY"):
        parts.year = value if len(digits) > 2 else 1900 + value
    elif word in ("RRRR", "RR"):
        parts.year = value if len(digits) > 2 else _near_year(value)
    else:
        name = {"MM": "month", "DD": "day", "DDD": "day_of_year", "MI": "minute", "SS": "second"}.get(word, "hour")
        setattr(parts, name, value)


def _near_year(value: int) -> int:
    """RR: of this century, or of the last one for 50 to 99 in the first half of a century."""
    year = _today().year
    century = year // 100 * 100
    return century + value - (100 if year % 100 < 50 <= value else 0)


def _today() -> date:
    return datetime.now(UTC).date()


def _composed(parts: _Parts, text: str, month: int) -> datetime:
    """month: of dates whose month is not said."""
    try:
        if parts.julian is not None:
            return datetime.fromordinal(_checked_julian(parts.julian) - JULIAN_ZERO)
        hour = parts.hour
        if parts.noon:
            hour = hour % 12 + (12 if parts.noon == "P" else 0)
        year = parts.year if parts.year is not None else _today().year
        value = datetime(year, parts.month or month, parts.day or 1, hour, parts.minute, parts.second)
        if parts.day_of_year is not None:
            value = value.replace(month=1, day=1) + timedelta(days=parts.day_of_year - 1)
            if value.year != year:
                raise bad_input(text)
        return value.replace(microsecond=int(parts.fraction.ljust(6, "0")[:6] or 0))
    except (ValueError, OverflowError):
        raise bad_input(text) from None


def _checked_julian(days: int) -> int:
    if not JULIAN_ZERO < days <= MAX_JULIAN:
        raise pg_error(-400, f"Fatal error occurred: the sandbox has no date {days} of Julian days", state="22008")
    return days


def bad_input(text: str) -> Exception:
    return pg_error(-400, f"Fatal error occurred: invalid date or time: {text}", state="22007")


def parse_date(text: str | None, mask: str | None = None) -> str | None:
    """A date without a month is one of this month."""
    if text is None:
        return None
    return _composed(_parsed(text, mask or "DD MON YYYY"), text, _today().month).date().isoformat()


def parse_timestamp(text: str | None, mask: str | None = None) -> str | None:
    return None if text is None else shown(_composed(_parsed(text, mask or "DD MON YYYY HH:MI:SS"), text, 1))


# CONVERT with a style

_STYLES: dict[int, str] = {
    100: "MON DD YYYY HH12:MIAM",
    101: "MM/DD/Y",
    102: "Y.MM.DD",
    103: "DD/MM/Y",
    104: "DD.MM.Y",
    105: "DD-MM-Y",
    106: "DD MON Y",
    107: "MON D, Y",
    108: "HH24:MI:SS",
    109: "MON DD YYYY HH12:MI:SS:FFAM",
    110: "MM-DD-Y",
    111: "Y/MM/DD",
    112: "YMMDD",
    113: "DD MON YYYY HH24:MI:SS:FF",
    114: "HH24:MI:SS.FF",
    120: "YYYY-MM-DD HH24:MI:SS",
    121: "YYYY-MM-DD HH24:MI:SS.FF",
    126: "YYYY-MM-DDTHH24:MI:SS.FF",
    130: "DD MON YYYY HH12:MI:SS:FFAM",
    131: "DD/MM/YYYY HH12:MI:SS:FFAM",
}
_STYLE_WORD = re.compile(r"YYYY|Y|MON|MM|DD|D|HH24|HH12|MI|SS|FF|AM")
_STYLE_OUT: dict[str, Callable[[datetime], str]] = {
    **_OUT,
    "D": lambda v: str(v.day),
    "FF": lambda v: f"{v.microsecond // 1000:03}",
}
_STYLE_IN = {
    "YYYY": r"(?P<year>[0-9]{4})", "Y": r"(?P<year>[0-9]{4}|[0-9]{2})", "MON": r"(?P<name>[A-Za-z]{3,})",
    "MM": r"(?P<month>[0-9]{1,2})", "DD": r"(?P<day>[0-9]{1,2})", "D": r"(?P<day>[0-9]{1,2})",
    "HH24": r"(?P<hour>[0-9]{1,2})", "HH12": r"(?P<hour>[0-9]{1,2})", "MI": r"(?P<minute>[0-9]{1,2})",
    "SS": r"(?P<second>[0-9]{1,2})", "FF": r"(?P<fraction>[0-9]+)", "AM": r" ?(?P<noon>[AaPp][Mm])",
}  # fmt: skip


def _style(number: int) -> tuple[str, bool] | None:
    """(mask, whether its years have two digits). 9, 13, 14, 20, 21 are 109, 113 ..., which differ from others only in that."""
    short = number < 100
    mask = _STYLES.get(number + 100 if short else number)
    if mask is None or (short and number > 21):
        return None
    return mask, short


def styled(text: str | None, number: int | None) -> str | None:
    """A date, time or timestamp as a string of a style."""
    if text is None or number is None:
        return None
    found = _style(number)
    if found is None:
        return NO_STYLE
    mask, short = found
    value = moment(text)

    def write(word: re.Match[str]) -> str:
        if word[0] == "Y":
            return f"{value.year % 100:02}" if short else f"{value.year:04}"
        return _STYLE_OUT[word[0]](value)

    return _STYLE_WORD.sub(write, mask)


def unstyled(text: str | None, number: int | None) -> str | None:
    """A timestamp from a string of a style. Raises SQLCODE -141."""
    if text is None or number is None:
        return None
    style = _style(number)
    if style is None:
        return NO_STYLE
    found = re.fullmatch(_style_pattern(*style), text.strip())
    parts = {name: value for name, value in found.groupdict().items() if value} if found else {}
    made = _of_style(parts, "." in text) if parts else None
    if made is None:
        raise pg_error(-141, f"Invalid input to CONVERT() function: '{text}' is not of style {number}", state="22007")
    return made


def _style_pattern(mask: str, short: bool) -> str:
    """A mask's date, and its time, which may be absent."""
    if mask == "YMMDD":
        return rf"(?P<year>[0-9]{{{2 if short else 4}}})(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})"
    day, _, time = mask.partition(" HH") if " HH" in mask else mask.partition("THH")
    pattern = _pattern_of(day)
    if time:
        sign = "T" if "THH" in mask else " "
        pattern += f"(?:{sign}{_pattern_of('HH' + time)})?"
    return pattern


def _pattern_of(mask: str) -> str:
    made, at = "", 0
    for word in _STYLE_WORD.finditer(mask):
        sign = re.escape(mask[at : word.start()]).replace(":", "[:.]") if mask[word.start() :].startswith("FF") else ""
        made += f"(?:{sign}{_STYLE_IN['FF']})?" if sign else re.escape(mask[at : word.start()]) + _STYLE_IN[word[0]]
        at = word.end()
    return made + re.escape(mask[at:])


def _of_style(parts: dict[str, str], period: bool) -> str | None:
    year = dateinput.full_year(parts["year"], century=0) if "year" in parts else 1900
    month = month_number(parts["name"]) if "name" in parts else int(parts.get("month", 1))
    fraction = parts.get("fraction", "")
    if fraction and not period:
        fraction = fraction.rjust(3, "0") if len(fraction) <= 3 else "x"
    clock = f"{parts.get('hour', '0')}:{parts.get('minute', '0')}:{parts.get('second', '0')}{'.' if fraction else ''}{fraction}"
    time = dateinput.clock_text(clock + parts.get("noon", ""))
    return timestamp_text(f"{year:04}-{month or 0}-{parts.get('day', 1)} {time}") if time else None


SCALARS: dict[str, Callable[..., Any]] = {
    "to_char_moment": to_char_moment,
    "to_char": to_char,
    "to_char_number": lambda text, mask: None if text is None or mask is None else to_char_number(text, mask),
    "parse_date": parse_date,
    "parse_timestamp": parse_timestamp,
    "styled": styled,
    "unstyled": unstyled,
}
