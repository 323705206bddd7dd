"""Two lengths of the fuzz tests: a short one with every run of the suite; with HYPOTHESIS_PROFILE=long that of ``make fuzz``."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"

_short = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("short", _short)
settings.register_profile("long", _short, max_examples=20_000)
settings.load_profile("long" if LONG else "short")


@pytest.fixture(scope="session")
def live_limits() -> tuple[float, int]:
    """Seconds and rounds for which a live server is fuzzed."""
    return (120, 1_000_000) if LONG else (60, 150)
