"""Rows of pg_timezone_names and pg_timezone_abbrevs: the zones that pgiris knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from pgiris.types.interval import Interval, as_postgres
from pgiris.types.zones import ABBREVIATIONS, find_zone, zone_names

_SUMMER = ("adt", "acdt", "aedt", "akdt", "brst", "bst", "cdt", "cest", "edt", "eest", "idt", "mdt", "mest", "ndt", "nzdt", "pdt")


def abbreviations() -> Iterator[tuple[str, str, bool]]:
    """abbrev, utc_offset, is_dst"""
    for word, minutes in sorted(ABBREVIATIONS.items()):
        yield word.upper(), interval_text(minutes * 60), word in _SUMMER


def interval_text(seconds: int) -> str:
    return as_postgres(Interval(0, 0, seconds * 1_000_000))


def names(now: datetime) -> Iterator[tuple[str, str, str, bool]]:
    """name, abbrev, utc_offset, is_dst, as they are now."""
    for name in zone_names():
        local = now.astimezone(find_zone(name))
        offset = local.utcoffset() or timedelta()
        yield name, local.tzname() or "", interval_text(int(offset.total_seconds())), bool(local.dst())
