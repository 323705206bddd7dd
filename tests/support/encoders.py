"""Which encoder does the work of a test: Python, the reference, or its compiled twin."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import pytest

from pgiris.types import native

ENCODERS = ("python", "native")


def missing() -> str:
    """Why there is no twin to test; empty when there is one."""
    return "" if native.twin is not None else f"the native encoder is not in use: {native.reason}"


@contextmanager
def use(encoder: str) -> Iterator[None]:
    """What is made inside encodes and decodes so. Skips the test when there is no twin."""
    if encoder == "native" and missing():
        pytest.skip(missing())
    with mock.patch.object(native, "twin", native.twin if encoder == "native" else None):
        yield


@pytest.fixture(params=ENCODERS)
def encoder(request: pytest.FixtureRequest) -> Iterator[str]:
    """Runs a test once for each encoder."""
    with use(request.param):
        yield request.param
