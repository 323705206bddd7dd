"""How much of psql's describe output equals PostgreSQL's: told by the run's summary, held by a floor; each gap has a reason."""

from __future__ import annotations

import difflib
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import MEASURED
from tests.e2e import describe
from tests.e2e.describe import COMMANDS, DIFFERENT, LEAST, SIZES, STATEMENTS, Described
from tests.oracle import recorded
from tests.support import servers

pytestmark = pytest.mark.skipif(shutil.which("psql") is None, reason="psql is not installed")

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "catalog.md"


def described(statements: Sequence[str], commands: Sequence[str]) -> dict[str, Described]:
    if reason := servers.announced_missing():
        pytest.skip(reason)
    with servers.postgres(programs=servers.postgres_as_announced()) as postgres, servers.pgiris() as pgiris:
        describe.prepare_postgres(postgres, statements)
        describe.prepare_pgiris(pgiris, statements)
        return describe.describe(postgres, pgiris, commands)


@pytest.fixture(scope="module")
def outputs(request: pytest.FixtureRequest) -> dict[str, Described]:
    found = described(STATEMENTS, COMMANDS)
    request.config.stash.setdefault(MEASURED, []).append(f"psql's describe commands: {describe.share(found)}")
    return found


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
    found, (equal, without_sizes, lines) = describe.share(outputs), LEAST
    assert 100 * found.equal >= equal * found.commands, found
    assert 100 * found.without_sizes >= without_sizes * found.commands, found
    assert 100 * found.equal_lines >= lines * found.lines, found


@pytest.mark.skipif(not recorded.FOLDER.is_dir(), reason=f"there are no recordings in {recorded.FOLDER}")
def test_a_recorded_schema_is_described_as_in_postgres_but_for_what_is_known_to_differ(request: pytest.FixtureRequest) -> None:
    found = described(recorded.schema_statements(), recorded.describe_commands())
    request.config.stash.setdefault(MEASURED, []).append(f"the recorded ones: {describe.share(found)}")
    unlike = {command: output for command, output in found.items() if not output.is_equal_without_sizes}
    assert set(unlike) <= set(DIFFERENT)
    assert 100 * describe.share(found).equal >= LEAST[0] * len(found)


def test_the_page_tells_each_difference() -> None:
    assert describe.page() in _PAGE.read_text("utf-8")
    assert set(DIFFERENT) <= set(COMMANDS)
