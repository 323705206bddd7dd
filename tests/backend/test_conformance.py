"""Every backend passes the same checks: the sandbox, and the two real ones on a stand-in for IRIS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pgiris.backend.sandbox import SandboxBackend
from pgiris.conformance.check import CHECKS, Check, Open, carry_out
from pgiris.conformance.run import load_checks
from tests.support import fake_iris
from tests.support.iris import dbapi_backend, driver_package, embedded_backend

load_checks()


def _sandbox(directory: Path) -> Open:
    return lambda: SandboxBackend(directory / "sandbox").connect("USER", "_SYSTEM", None)


def _dbapi(directory: Path) -> Open:
    backend = dbapi_backend(directory)
    return lambda: backend.connect("USER", "_SYSTEM", None)


def _embedded(directory: Path) -> Open:
    return lambda: embedded_backend().connect("USER", "_SYSTEM", None)


BACKENDS: dict[str, Callable[[Path], Open]] = {"sandbox": _sandbox, "dbapi": _dbapi, "embedded": _embedded}


@pytest.fixture(params=BACKENDS, scope="module")
def open_session(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    directory = tmp_path_factory.mktemp(request.param)
    with pytest.MonkeyPatch.context() as patch, driver_package():
        patch.setenv(fake_iris.VARIABLE, str(directory))
        yield BACKENDS[request.param](directory)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.statement)
def test_the_backend_agrees(open_session: Open, check: Check) -> None:
    outcome = carry_out(check, open_session)
    assert not outcome.problem, outcome.traceback
