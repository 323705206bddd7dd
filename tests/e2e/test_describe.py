"""How much of psql's describe output equals PostgreSQL's: told by the run's summary, held by a floor; each gap has a reason."""

from __future__ import annotations

import difflib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import MEASURED
from tests.e2e import describe
from tests.e2e.describe import COMMANDS, DIFFERENT, LEAST, SIZES, Described
from tests.support import servers

pytestmark = pytest.mark.skipif(shutil.which("psql") is None, reason="psql is not installed")

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "catalog.md"


@pytest.fixture(scope="module")
def outputs(request: pytest.FixtureRequest) -> Iterator[dict[str, Described]]:
    if reason := servers.announced_missing():
        pytest.skip(reason)
    with servers.postgres(programs=servers.postgres_as_announced()) as postgres, servers.pgiris() as pgiris:
        describe.prepare_postgres(postgres)
        describe.prepare_pgiris(pgiris)
        found = describe.describe(postgres, pgiris)
    measured = request.config.stash.setdefault(MEASURED, [])
    measured.append(f"psql's describe commands: {describe.share(found)}")
    yield found


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_prints_what_it_does_in_postgres_or_is_known_to_differ(outputs: dict[str, Described], command: str) -> None:
    described = outputs[command]
    changes = "\n".join(difflib.unified_diff(described.expected.splitlines(), described.found.splitlines(), lineterm=""))
    if command in DIFFERENT:
        assert not described.is_equal, f"{command} is listed as different, and is equal"
        assert described.is_equal_without_sizes == (DIFFERENT[command] == SIZES), changes
    else:
        assert described.is_equal, changes


def test_as_much_of_the_output_is_equal_as_ever(outputs: dict[str, Described]) -> None:
    found, (equal, without_sizes) = describe.share(outputs), LEAST
    assert 100 * found.equal >= equal * found.commands, found
    assert 100 * found.without_sizes >= without_sizes * found.commands, found


def test_the_page_tells_each_difference() -> None:
    assert describe.page() in _PAGE.read_text("utf-8")
    assert set(DIFFERENT) <= set(COMMANDS)
