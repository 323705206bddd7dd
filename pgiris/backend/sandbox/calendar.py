"""Dates and times on canonical texts: parts, sums, differences, the clock. iris-reference 4.21, 4.22, 5.3"""

from __future__ import annotations

import calendar as months
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from pgiris.backend.sandbox import dateinput, decimals
from pgiris.backend.sandbox.dateinput import LOGICAL_ZERO, MONTH_NAMES
from pgiris.backend.sandbox.values import FIRST_DATE, date_text, time_text, timestamp_text
from pgiris.backend.sqlcode import pg_error

EPOCH = datetime(1970, 1, 1)
LAST_DAY_NUMBER = 2_980_013  # 9999-12-31. iris-reference 5.3
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
    "second": lambda v: decimals.canonical(Decimal(v.second) + Decimal(v.microsecond) / 1_000_000),
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


# Arguments that are no DATE, TIME or TIMESTAMP


def read_moment(text: str | None, number_is: str) -> str | None:
    """Raises SQLCODE -400."""
    if text is None:
        return None
    found = dateinput.canonical(text, number_is)
    if found is None:
        raise pg_error(-400, f"Fatal error occurred: <ILLEGAL VALUE> invalid date or time: {text}", state="22007")
    return found


def find_moment(text: str | None) -> str | None:
    """NULL for what is no date."""
    return None if text is None else dateinput.canonical(text)


def read_seconds(text: str | None) -> str | None:
    """For SECOND, which makes 0 of a time without a date."""
    found = read_moment(text, "time")
    alone = found is not None and ":" in str(text) and found.startswith(dateinput.NO_DAY)
    return f"{dateinput.NO_DAY} 00:00:00" if alone else found


def day_of_month(text: str | None) -> int | None:
    return None if text is None else dateinput.day_of_month(text)


def datetrunc(unit: str, text: str | None) -> str | None:
    if text is None:
        return None
    value = moment(text if text[2:3] != ":" else f"{dateinput.NO_DAY} {text}")
    if unit in _MONTHS:
        month = (value.month - 1) // _MONTHS[unit] * _MONTHS[unit] + 1
        value = value.replace(month=month, day=1)
    elif unit == "week":
        value -= timedelta(days=weekday(value) - 1)
    if unit in ("hour", "minute", "second", "millisecond", "microsecond"):
        return shown(value - (value - EPOCH) % _SPANS[unit])
    return shown(value if unit == "nanosecond" else datetime.combine(value, time()))


# CAST, which never fails


def cast_date(text: str | None) -> str | None:
    return None if text is None else date_text(text) or FIRST_DATE


def cast_time(text: str | None) -> str | None:
    if text is None:
        return None
    return time_text(text) or time_text(text.partition(" ")[2]) or "00:00:00"


def cast_days(days: int | None) -> str | None:
    """A date's number ($HOROLOG)."""
    if days is None:
        return None
    return date.fromordinal(LOGICAL_ZERO + days).isoformat() if 0 <= days <= LAST_DAY_NUMBER else FIRST_DATE


def cast_seconds(seconds: int | None) -> str | None:
    """A time's number ($HOROLOG)."""
    if seconds is None:
        return None
    return shown(EPOCH + timedelta(seconds=seconds))[11:] if 0 <= seconds < 86400 else "00:00:00"


def cast_timestamp(text: str | None) -> str | None:
    """The forms of dateinput.py that hold a date or a time, but $HOROLOG."""
    if text is None:
        return None
    found = None
    if not text.strip().lstrip("-").replace(",", "").replace(".", "").isdigit():
        found = dateinput.canonical(text, century=0, no_day="1841-01-01")
    return timestamp_text(text) or found or f"{FIRST_DATE} 00:00:00"


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
    "cast_days": cast_days,
    "cast_seconds": cast_seconds,
    "cast_time": cast_time,
    "cast_timestamp": cast_timestamp,
    "to_date": _converted(date_text, -146, "date"),
    "to_time": _converted(time_text, -147, "time"),
    "to_timestamp": _converted(timestamp_text, -146, "date"),
    "moment": read_moment,
    "moment_or_null": find_moment,
    "seconds": read_seconds,
    "day_of_month": day_of_month,
    "datetrunc": datetrunc,
    "now": now,
    "utc": now,
    "today": today,
    "clock": clock,
    "newid": lambda: str(uuid.uuid4()).upper(),
}
CHANGING = frozenset(("now", "utc", "today", "clock", "unix_now", "newid", "horolog"))  # not the same at every call
