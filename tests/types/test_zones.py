from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pgiris.types.zones import ABBREVIATIONS, find_zone
from tests.types.oracle import Oracle, Refusal

NAMES = [
    *("UTC", "utc", "GMT", "Z", "Europe/Berlin", "europe/berlin", "America/New_York", "EST5EDT", "EST", "Etc/GMT-3", "Zulu"),
    *(
        "<+02>-02",
        "<-03>03",
        "UTC+3",
        "utc-3",
        "GMT+5:30",
        "<+0545>-05:45",
        "XYZ-1:02:03",
        "Nowhere/Land",
        "nonsense",
        "",
        "Berlin",
    ),
    *("<+02>", "UTC+200", "+02:00", "-02:30", "04:15", "foo8bar", "CST7CDT,M4.1.0,M10.5.0", "CST7CDT,M4.1.0", "CST7CDT,x"),
]


@pytest.mark.parametrize("name", NAMES)
def test_zones_are_found_under_postgresqls_names(oracle: Oracle, name: str) -> None:
    zone = find_zone(name)
    asked = oracle.run("SELECT set_config('TimeZone', $1, false)", name)
    if isinstance(asked, Refusal):
        assert zone is None
        return
    assert zone is not None
    for moment in (datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 7, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)):
        seconds = oracle.run("SELECT extract(timezone FROM $1::timestamptz)::int::text", moment.isoformat())
        assert moment.astimezone(zone).utcoffset() == timedelta(seconds=int(seconds)), moment  # type: ignore[arg-type]


def test_abbreviations_are_postgresqls(oracle: Oracle) -> None:
    query = "SELECT lower(abbrev) || ' ' || (extract(epoch FROM utc_offset) / 60)::int FROM pg_timezone_abbrevs"
    theirs = dict((line or b"").decode().split() for line in oracle.column(query))
    assert {name: str(minutes) for name, minutes in ABBREVIATIONS.items()}.items() <= theirs.items()
