"""Dates and times on canonical texts: parts, sums, differences, masks, the clock. iris-reference 4.21, 4.22, 5.3"""

from __future__ import annotations

import calendar as months
import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pgiris.backend.sandbox import decimals
from pgiris.backend.sandbox.values import FIRST_DATE, date_text, time_text, timestamp_text
from pgiris.backend.sqlcode import pg_error

LOGICAL_ZERO = date(1840, 12, 31).toordinal()
EPOCH = datetime(1970, 1, 1)
ANY_DAY = "1970-01-01"  # a TIME alone is a time of this day
_SPANS = {
    "week": timedelta(weeks=1),
    "day": timedelta(days=1),
    "dayofyear": timedelta(days=1),
    "weekday": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
    "millisecond": timedelta(milliseconds=1),
    "microsecond": timedelta(microseconds=1),
}
_MONTHS = {"year": 12, "quarter": 3, "month": 1}
MONTH_NAMES = tuple(months.month_name)
DAY_NAMES = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


def moment(text: str) -> datetime:
    """A canonical date, time or timestamp."""
    if text[2:3] == ":":
        text = f"{ANY_DAY} {text}"
    return datetime.fromisoformat(_padded(text))


def _padded(text: str) -> str:
    head, dot, fraction = text.partition(".")
    return f"{head}{dot}{fraction[:6].ljust(6, '0')}" if dot else head


def shown(value: datetime) -> str:
    text = value.strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0")
    return f"{text}.{value.microsecond:06}".rstrip("0") if value.microsecond else text


def weekday(value: date) -> int:
    """1 is Sunday."""
    return value.isoweekday() % 7 + 1


def dateadd(unit: str, amount: Any, text: str | None) -> str | None:
    """Months and years end on the last day there is."""
    if text is None or amount is None:
        return None
    count = decimals.as_decimal(amount)
    value = moment(text)
    try:
        if unit in _MONTHS:
            result = _later_month(value, int(count) * _MONTHS[unit])
        elif unit == "nanosecond":
            result = value + timedelta(microseconds=int(count // 1000))
        else:
            result = value + _SPANS[unit] * int(count)
    except (OverflowError, ValueError):
        raise pg_error(-400, "Fatal error occurred: <ILLEGAL VALUE> in DATEADD", state="22008") from None
    return shown(result)[11:] if text[2:3] == ":" else shown(result)


def _later_month(value: datetime, count: int) -> datetime:
    year, month = divmod(value.year * 12 + value.month - 1 + count, 12)
    day = min(value.day, months.monthrange(year, month + 1)[1])
    return value.replace(year=year, month=month + 1, day=day)


def datediff(unit: str, start: str | None, end: str | None) -> int | None:
    """Boundaries crossed, not time elapsed."""
    if start is None or end is None:
        return None
    a, b = moment(start), moment(end)
    if unit in _MONTHS:
        return _boundary(unit, b) - _boundary(unit, a)
    if unit == "week":
        return (_sunday(b) - _sunday(a)) // 7
    if unit in ("day", "dayofyear", "weekday"):
        return b.toordinal() - a.toordinal()
    microseconds = [int((value - EPOCH) / timedelta(microseconds=1)) for value in (a, b)]
    if unit == "nanosecond":
        return (microseconds[1] - microseconds[0]) * 1000
    span = int(_SPANS[unit] / timedelta(microseconds=1))
    return microseconds[1] // span - microseconds[0] // span


def _boundary(unit: str, value: datetime) -> int:
    return (value.year * 12 + value.month - 1) // _MONTHS[unit]


def _sunday(value: date) -> int:
    return value.toordinal() - value.isoweekday() % 7


def week_of_year(value: date) -> int:
    first = value.replace(month=1, day=1)
    return (_sunday(value) - _sunday(first)) // 7 + 1


_PARTS: dict[str, Callable[[datetime], Any]] = {
    "year": lambda v: v.year,
    "quarter": lambda v: (v.month + 2) // 3,
    "month": lambda v: v.month,
    "week": week_of_year,
    "weekday": weekday,
    "day": lambda v: v.day,
    "dayofyear": lambda v: v.timetuple().tm_yday,
    "hour": lambda v: v.hour,
    "minute": lambda v: v.minute,
    "second": lambda v: v.second,
    "millisecond": lambda v: v.microsecond // 1000,
    "microsecond": lambda v: v.microsecond,
    "nanosecond": lambda v: v.microsecond * 1000,
    "sqltimestamp": shown,
}


def datepart(unit: str, text: str | None) -> Any:
    return None if text is None else _PARTS[unit](moment(text))


def datename(unit: str, text: str | None) -> str | None:
    if text is None:
        return None
    value = moment(text)
    if unit == "month":
        return MONTH_NAMES[value.month]
    return DAY_NAMES[weekday(value) - 1] if unit == "weekday" else str(_PARTS[unit](value))


def last_day(text: str | None) -> str | None:
    if text is None:
        return None
    value = moment(text)
    return value.replace(day=months.monthrange(value.year, value.month)[1]).date().isoformat()


def logical(text: str | None) -> int | None:
    """A date as days since 1840-12-31, a time as seconds since midnight."""
    if text is None:
        return None
    value = moment(text)
    if text[2:3] == ":":
        return value.hour * 3600 + value.minute * 60 + value.second
    if len(text) == 10:
        return value.toordinal() - LOGICAL_ZERO
    microseconds = int((value - EPOCH) / timedelta(microseconds=1))
    return microseconds + 2**60 if microseconds >= 0 else microseconds - 3 * 2**61


def unix_timestamp(text: str | None) -> str | None:
    if text is None:
        return None
    return decimals.canonical(Decimal(int((moment(text) - EPOCH) / timedelta(microseconds=1))) / 1_000_000)


# CAST, which never fails


def cast_date(text: str | None) -> str | None:
    return None if text is None else date_text(text) or FIRST_DATE


def cast_time(text: str | None) -> str | None:
    if text is None:
        return None
    return time_text(text) or time_text(text.partition(" ")[2]) or "00:00:00"


def cast_timestamp(text: str | None) -> str | None:
    return None if text is None else timestamp_text(text) or f"{FIRST_DATE} 00:00:00"


def _converted(read: Callable[[str], str | None], code: int, what: str) -> Callable[[str | None], str | None]:
    def convert(text: str | None) -> str | None:
        if text is None:
            return None
        found = read(text)
        if found is None:
            raise pg_error(code, f"Unable to convert {what} input to a valid logical {what} value: {text}")
        return found

    return convert


# The clock, in the server's zone: the sandbox's is UTC


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def now(digits: int | None = 0) -> str:
    value = _now()
    step = 10 ** (6 - min(max(digits or 0, 0), 6))
    return shown(value.replace(microsecond=value.microsecond // step * step))


def today() -> str:
    return _now().date().isoformat()


def clock(digits: int = 0) -> str:
    return now(digits)[11:]


def horolog(fraction: int) -> str:
    """``days,seconds`` since 1840-12-31; with fraction the seconds have decimals ($ZTIMESTAMP)."""
    value = _now()
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    decimals_ = f".{value.microsecond:06}" if fraction else ""
    return f"{value.toordinal() - LOGICAL_ZERO},{seconds}{decimals_}"


def unix_now() -> str:
    return str(int(datetime.now(UTC).timestamp()))


# TO_CHAR, TO_DATE, TO_TIMESTAMP

_MASK = re.compile(
    r"YYYY|YY|MONTH|MON|MM|DDD|DD|DAY|DY|D|HH24|HH12|HH|MI|SSSSS|SS|FF[0-9]?|AM|PM|A\.M\.|P\.M\.|J|\"[^\"]*\"", re.IGNORECASE
)


def _cased(text: str, mask: str) -> str:
    if mask.isupper():
        return text.upper()
    return text.lower() if mask.islower() else text


_OUT: dict[str, Callable[[datetime, str], str]] = {
    "YYYY": lambda v, m: f"{v.year:04}",
    "YY": lambda v, m: f"{v.year % 100:02}",
    "MONTH": lambda v, m: _cased(MONTH_NAMES[v.month], m),
    "MON": lambda v, m: _cased(MONTH_NAMES[v.month][:3], m),
    "MM": lambda v, m: f"{v.month:02}",
    "DDD": lambda v, m: f"{v.timetuple().tm_yday:03}",
    "DD": lambda v, m: f"{v.day:02}",
    "DAY": lambda v, m: _cased(DAY_NAMES[weekday(v) - 1], m),
    "DY": lambda v, m: _cased(DAY_NAMES[weekday(v) - 1][:3], m),
    "D": lambda v, m: str(weekday(v)),
    "HH24": lambda v, m: f"{v.hour:02}",
    "HH12": lambda v, m: f"{(v.hour + 11) % 12 + 1:02}",
    "HH": lambda v, m: f"{(v.hour + 11) % 12 + 1:02}",
    "MI": lambda v, m: f"{v.minute:02}",
    "SSSSS": lambda v, m: str(v.hour * 3600 + v.minute * 60 + v.second),
    "SS": lambda v, m: f"{v.second:02}",
    "AM": lambda v, m: _cased("AM" if v.hour < 12 else "PM", m),
    "PM": lambda v, m: _cased("AM" if v.hour < 12 else "PM", m),
    "A.M.": lambda v, m: _cased("A.M." if v.hour < 12 else "P.M.", m),
    "P.M.": lambda v, m: _cased("A.M." if v.hour < 12 else "P.M.", m),
    "J": lambda v, m: str(v.toordinal() + 1721425),
}


def to_char_moment(text: str | None, mask: str | None) -> str | None:
    if text is None:
        return None
    canonical = timestamp_text(text) or time_text(text)
    if canonical is None:
        raise _bad_input(text)
    value = moment(canonical)

    def write(match: re.Match[str]) -> str:
        word = match[0]
        if word[0] == '"':
            return word[1:-1]
        upper = word.upper()
        if upper.startswith("FF"):
            return f"{value.microsecond:06}"[: int(upper[2:] or 6)]
        return _OUT[upper](value, word)

    return _MASK.sub(write, mask or "DD MON YYYY")


def to_char_number(text: str | None, mask: str | None) -> str | None:
    """Masks of 9, 0, one point, commas, S, $ and FM; what does not fit is shown as #."""
    if text is None or mask is None:
        return text
    bare = mask.upper()
    fill = not bare.startswith("FM")
    bare = bare.removeprefix("FM")
    whole, point, fraction = bare.replace("D", ".").replace("G", ",").partition(".")
    number = decimals.as_decimal(decimals.rounded(text, len(fraction.strip("S$"))) or "0")
    digits, _, decimals_text = format(abs(number), "f").partition(".")
    places = sum(character in "90" for character in whole)
    if len(digits.lstrip("0")) > places:
        return "#" * (len(mask) + 1)
    zeros = len(whole[whole.find("0") :].replace(",", "")) if "0" in whole else 1 if not point or places == 0 else 0
    digits = digits.lstrip("0").rjust(zeros, "0") if digits.lstrip("0") or zeros else ""
    if "," in whole:
        digits = f"{int(digits or 0):,}" if digits else digits
    sign = "-" if number < 0 else "+" if "S" in bare else ""
    shown_text = sign + ("$" if "$" in bare else "") + digits
    if point:
        shown_text += "." + decimals_text.ljust(sum(c in "90" for c in fraction), "0")
    return shown_text.rjust(len(bare) + 1) if fill else shown_text


_IN = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "YY": r"(?P<short_year>[0-9]{2})",
    "MONTH": r"(?P<month_name>[A-Za-z]+)",
    "MON": r"(?P<month_name>[A-Za-z]{3})",
    "MM": r"(?P<month>[0-9]{1,2})",
    "DDD": r"(?P<day_of_year>[0-9]{1,3})",
    "DD": r"(?P<day>[0-9]{1,2})",
    "HH24": r"(?P<hour>[0-9]{1,2})",
    "HH12": r"(?P<half_hour>[0-9]{1,2})",
    "HH": r"(?P<half_hour>[0-9]{1,2})",
    "MI": r"(?P<minute>[0-9]{1,2})",
    "SS": r"(?P<second>[0-9]{1,2})",
    "AM": r"(?P<noon>[AaPp]\.?[Mm]\.?)",
    "PM": r"(?P<noon>[AaPp]\.?[Mm]\.?)",
}


def _parsed(text: str, mask: str) -> datetime:
    pattern, at = "", 0
    for match in _MASK.finditer(mask):
        upper = match[0].upper()
        pattern += re.escape(mask[at : match.start()])
        pattern += r"(?P<fraction>[0-9]{1,9})" if upper.startswith("FF") else _IN.get(upper, re.escape(match[0].strip('"')))
        at = match.end()
    pattern += re.escape(mask[at:])
    found = re.fullmatch(rf"\s*{pattern}\s*", text)
    if found is None:
        raise _bad_input(text)
    parts = {name: value for name, value in found.groupdict().items() if value is not None}
    try:
        return _composed(parts)
    except (ValueError, IndexError):
        raise _bad_input(text) from None


def _bad_input(text: str) -> Exception:
    return pg_error(-400, f"Fatal error occurred: invalid date or time: {text}", state="22007")


def _composed(parts: dict[str, str]) -> datetime:
    year = int(parts.get("year") or 0) or 2000 + int(parts.get("short_year") or 0)
    month = int(parts.get("month") or 1)
    if "month_name" in parts:
        month = [name[:3].upper() for name in MONTH_NAMES].index(parts["month_name"][:3].upper())
    hour = int(parts.get("hour") or 0)
    if "half_hour" in parts:
        hour = int(parts["half_hour"]) % 24
        if "noon" in parts:
            hour = hour % 12 + (12 if parts["noon"][0] in "pP" else 0)
    value = datetime(year, month, int(parts.get("day") or 1), hour, int(parts.get("minute") or 0), int(parts.get("second") or 0))
    if "day_of_year" in parts:
        value = value.replace(month=1, day=1) + timedelta(days=int(parts["day_of_year"]) - 1)
    return value.replace(microsecond=int((parts.get("fraction") or "0").ljust(6, "0")[:6]))


def parse_date(text: str | None, mask: str | None = None) -> str | None:
    return None if text is None else _parsed(text, mask or "DD MON YYYY").date().isoformat()


def parse_timestamp(text: str | None, mask: str | None = None) -> str | None:
    return None if text is None else shown(_parsed(text, mask or "DD MON YYYY HH:MI:SS"))


SCALARS: dict[str, Callable[..., Any]] = {
    "dateadd": dateadd,
    "datediff": datediff,
    "datepart": datepart,
    "datename": datename,
    "last_day": last_day,
    "logical": logical,
    "unix_timestamp": unix_timestamp,
    "unix_now": unix_now,
    "horolog": horolog,
    "cast_date": cast_date,
    "cast_time": cast_time,
    "cast_timestamp": cast_timestamp,
    "to_date": _converted(date_text, -146, "date"),
    "to_time": _converted(time_text, -147, "time"),
    "to_timestamp": _converted(timestamp_text, -146, "date"),
    "now": now,
    "utc": now,
    "today": today,
    "clock": clock,
    "to_char_moment": to_char_moment,
    "to_char_number": to_char_number,
    "parse_date": parse_date,
    "parse_timestamp": parse_timestamp,
    "newid": lambda: str(uuid.uuid4()).upper(),
}
CHANGING = frozenset(("now", "utc", "today", "clock", "unix_now", "newid", "horolog"))  # not the same at every call
