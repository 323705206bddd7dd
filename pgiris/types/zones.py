"""Time zones by the names that PostgreSQL takes.

PostgreSQL: datatype-datetime#DATATYPE-TIMEZONES, datetime-posix-timezone-specs
"""

from __future__ import annotations

import re
import zoneinfo
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache

UTC_NAMES = frozenset(("utc", "gmt", "zulu", "uct", "universal", "greenwich", "etc/utc", "etc/gmt", "gmt0", "utc0"))
_POSIX = re.compile(r"(?:<[+-]?\w+>|[A-Za-z]{3,})([+-]?)([0-9]{1,3})(?::?([0-5][0-9]))?(?::?([0-5][0-9]))?")
_HOURS = re.compile(r"[+-]?[0-9]{1,2}(?:\.[0-9]+)?")


@cache
def find_zone(name: str) -> tzinfo | None:
    """None when there is no zone of that name.

    A POSIX specification counts west of Greenwich, as ``<+02>-02`` for two hours east; those with daylight
    saving rules are known only when they are also names (EST5EDT). A bare number counts hours east.
    """
    if name.lower() in UTC_NAMES:
        return UTC
    if _HOURS.fullmatch(name):
        return timezone(timedelta(hours=float(name))) if abs(float(name)) < 24 else None
    known = _names().get(name.lower())
    if known is not None:
        return zoneinfo.ZoneInfo(known)
    match = _POSIX.fullmatch(name)
    if match is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    if seconds:  # PostgreSQL: pg_tz_acceptable
        return None
    west = timedelta(hours=hours, minutes=minutes) * (-1 if match[1] == "-" else 1)
    if abs(west) >= timedelta(hours=24):
        return None
    return timezone(-west, _abbreviation(name))


@cache
def _names() -> dict[str, str]:
    return {name.lower(): name for name in zoneinfo.available_timezones() if name not in ("localtime", "posixrules")}


def zone_names() -> list[str]:
    """Names of all zones, as they are spelled."""
    return sorted(_names().values())


def _abbreviation(specification: str) -> str:
    if specification[0] == "<":
        return specification[1 : specification.index(">")]
    return re.match(r"[A-Za-z]+", specification)[0]  # type: ignore[index]


# Abbreviations in input, east of Greenwich in minutes. PostgreSQL: its timezonesets/Default, those without two meanings in use.
ABBREVIATIONS = {
    "z": 0, "zulu": 0, "utc": 0, "ut": 0, "uct": 0, "gmt": 0, "wet": 0,
    "cet": 60, "met": 60, "bst": 60, "eet": 120, "cest": 120, "mest": 120, "sast": 120, "eest": 180, "msk": 180,
    "ist": 120, "idt": 180, "pkt": 300, "ict": 420, "cst": -360, "cdt": -300, "est": -300, "edt": -240,
    "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "ast": -240, "adt": -180,
    "nst": -210, "ndt": -150, "brt": -180, "brst": -120, "art": -180, "jst": 540, "kst": 540, "pht": 480,
    "sgt": 480, "hkt": 480, "awst": 480, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
}  # fmt: skip
