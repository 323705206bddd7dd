"""Time zones in the catalog."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pgiris.catalog import zones
from pgiris.types.zones import find_zone


@pytest.mark.parametrize(
    ("month", "name", "row"),
    [
        (1, "Europe/Berlin", ("CET", "01:00:00", False)),
        (7, "Europe/Berlin", ("CEST", "02:00:00", True)),
        (7, "America/New_York", ("EDT", "-04:00:00", True)),
        (7, "UTC", ("UTC", "00:00:00", False)),
    ],
)
def test_zones_are_shown_as_they_are_at_the_moment(month: int, name: str, row: tuple[str, str, bool]) -> None:
    found = {shown: rest for shown, *rest in zones.names(datetime(2026, month, 1, tzinfo=UTC))}
    assert tuple(found[name]) == row


def test_every_zone_that_is_shown_can_be_set() -> None:
    assert all(find_zone(name) is not None for name, *_ in zones.names(datetime(2026, 1, 1, tzinfo=UTC)))
