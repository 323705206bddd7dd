"""Date input: what functions take for a date or a time -> canonical text. None: it is none.

Forms: $HOROLOG (``64701``, ``64701,23456.5``), ODBC's (``2018-02-22 06:30``), and those of Sybase and SQL Server (``2/22/2018``,
``22 Feb 2018``, ``February 22, 2018 6:30PM``). iris-reference 4.22
"""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from pgiris.backend.sandbox.values import timestamp_text

MONTH_NAMES = tuple(months.month_name)
LOGICAL_ZERO = date(1840, 12, 31).toordinal()
NO_DAY = "1900-01-01"  # the day of a time alone
_HOROLOG = re.compile(r"(-?[0-9]+)(?:,([0-9]{1,5})(\.[0-9]+)?)?")
_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"
_FULL_YEAR = r"(?P<year>[0-9]{4})"
_NAME = r"(?P<name>[A-Za-z]{3,})"
_DAY = r"(?P<day>[0-9]{1,2})"
_DATES = tuple(
    re.compile(rf"{form}(?![0-9A-Za-z])")
    for form in (
        rf"{_FULL_YEAR}-(?P<month>[0-9]{{1,2}})-{_DAY}",
        rf"(?P<month>[0-9]{{1,2}})(?P<sign>[-/.]){_DAY}(?P=sign){_YEAR}",
        rf"{_NAME} +{_DAY},? +{_YEAR}",
        rf"{_DAY} +{_NAME},? *{_YEAR}",
        rf"{_DAY} +{_YEAR} +{_NAME}",
        rf"{_FULL_YEAR} +{_NAME} +{_DAY}",
        rf"{_FULL_YEAR} +(?:{_DAY} +)?{_NAME}",
    )
)
_TIME = re.compile(
    r"(?P<hour>[0-9]{1,2})(?P<colon>:(?P<minute>[0-9]{0,2})(?::(?P<second>[0-9]{0,2})(?:(?P<point>[.:])(?P<fraction>[0-9]+))?)?)?"
    r" *(?P<noon>[AaPp]\.?[Mm]\.?)?"
)


def canonical(text: str, number_is: str = "date", century: int = 1900, no_day: str = NO_DAY) -> str | None:
    """Canonical text of a timestamp.

    number_is: whether a number alone is days ("date") or seconds ("time"); century: what two digits of a year are added to,
    0 for the years 1950 to 2049; no_day: the day of a time alone.
    """
    text = text.strip()
    found = _HOROLOG.fullmatch(text)
    if found is not None:
        return _from_horolog(found, number_is, no_day)
    for day, rest in _days(text, century):
        clock = clock_text(rest, after_date=True) if rest else "00:00:00"
        if clock is not None:
            return timestamp_text(f"{day} {clock}")
    time = _TIME.match(text)
    if time is None:
        return None
    rest = text[time.end() :]
    clock = clock_text(text[: time.end()])
    if clock is None:
        return None
    if not rest:
        return f"{no_day} {clock}"
    return next((timestamp_text(f"{day} {clock}") for day, after in _days(rest.strip(), century) if not after), None)


def _days(text: str, century: int) -> Iterator[tuple[str, str]]:
    """Each reading of a date at the begin, as ODBC writes it, and what follows."""
    for form in _DATES:
        found = form.match(text)
        if found is None:
            continue
        parts = found.groupdict()
        month = month_number(parts["name"]) if "name" in parts else int(parts["month"])
        if month:
            yield f"{full_year(parts['year'], century):04}-{month}-{parts['day'] or 1}", text[found.end() :].strip()


def month_number(name: str) -> int:
    """Of a name, or its first three letters or more; 0 of what is none."""
    return next((n for n, full in enumerate(MONTH_NAMES) if len(name) >= 3 and full.upper().startswith(name.upper())), 0)


def full_year(digits: str, century: int) -> int:
    """century: see canonical()."""
    if len(digits) > 2:
        return int(digits)
    short = int(digits)
    return century + short if century else short + (2000 if short < 50 else 1900)


def clock_text(text: str, after_date: bool = False) -> str | None:
    """Canonical text of a time of day. An hour alone stands only after a date, or before AM and PM."""
    found = _TIME.fullmatch(text)
    if found is None or not (found["colon"] or found["noon"] or after_date):
        return None
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    if found["noon"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["noon"][0] in "pP" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    fraction = found["fraction"] or ""
    if found["point"] == ":":
        if len(fraction) > 3:
            return None
        fraction = fraction.rjust(3, "0")  # thousandths
    fraction = fraction[:6].rstrip("0")
    return f"{hour:02}:{minute:02}:{second:02}{'.' if fraction else ''}{fraction}"


def _from_horolog(found: re.Match[str], number_is: str, no_day: str) -> str | None:
    days, seconds = found[1], found[2]
    if seconds is None and number_is == "time":
        clock = _clock_of(int(days), "")
        return None if clock is None else f"{no_day} {clock}"
    try:
        day = date.fromordinal(LOGICAL_ZERO + int(days)).isoformat()
    except (ValueError, OverflowError):
        return None
    clock = _clock_of(int(seconds or 0), found[3] or "")
    return None if clock is None else f"{day} {clock}"


def _clock_of(seconds: int, fraction: str) -> str | None:
    if not 0 <= seconds < 86400:
        return None
    rest = f"{Decimal(fraction or 0):f}"[1:8].rstrip("0").rstrip(".") if fraction else ""
    return f"{timedelta(seconds=seconds)}".rjust(8, "0") + rest


def escaped(text: str, kind: str) -> str | None:
    """What ``{d 64701}``, ``{t 23456.5}``, ``{ts 64701}`` and ``{ts '2/22/2018'}`` say; None: none of these."""
    if kind == "t":
        whole, _, fraction = text.partition(".")
        return _clock_of(int(whole), f".{fraction}" if fraction else "")
    found = canonical(text)
    return found[:10] if found is not None and kind == "d" else found


_ODBC_DAY = re.compile(r"[^- ]*-[^- ]*-0*([0-9]+)")


def day_of_month(text: str) -> int | None:
    """DAYOFMONTH looks at nothing but the day; None for 0 and what is no number."""
    if _HOROLOG.fullmatch(text.strip()):
        found = canonical(text)
        return int(found[8:10]) if found else None
    day = _ODBC_DAY.match(text.strip())
    return int(day[1]) or None if day is not None else None
