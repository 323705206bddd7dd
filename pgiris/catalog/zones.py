"""Rows of pg_timezone_names and pg_timezone_abbrevs: the zones that pgiris knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from pgiris.types.interval import Interval, as_postgres
from pgiris.types.zones import (
    ABBREVIATIONS,
    HISTORIC_ABBREVIATIONS,
    SUMMER_ABBREVIATIONS,
    abbreviated_zone,
    find_zone,
    zone_names,
)


def abbreviations() -> Iterator[tuple[str, str, bool]]:
    """abbrev, utc_offset, is_dst"""
    for word, minutes in ABBREVIATIONS.items():
        yield word.upper(), interval_text(minutes * 60), word in SUMMER_ABBREVIATIONS
    for word in HISTORIC_ABBREVIATIONS:
        zone = abbreviated_zone(word)
        if zone is None:  # the machine has no time zone files
            continue
        offset = datetime.now(zone).utcoffset() or timedelta()
        yield word.upper(), interval_text(int(offset.total_seconds())), False


def interval_text(seconds: int) -> str:
    return as_postgres(Interval(0, 0, seconds * 1_000_000))


def names(now: datetime) -> Iterator[tuple[str, str, str, bool]]:
    """name, abbrev, utc_offset, is_dst, as they are now."""
    for name in zone_names():
        local = now.astimezone(find_zone(name))
        offset = local.utcoffset() or timedelta()
        yield name, local.tzname() or "", interval_text(int(offset.total_seconds())), bool(local.dst())
