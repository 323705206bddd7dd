"""The documentation says what is true: its statements are tried."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import servers
from tests.support.servers import Server
from tests.support.wire import Wire, query

DOCS = Path(__file__).resolve().parents[2] / "docs"


def refused() -> list[str]:
    """The statements in the second column of the table in limits.md."""
    return re.findall(r"^\|[^|]*\| `(.*)` \|$", (DOCS / "limits.md").read_text(), re.MULTILINE)


def examples(file: Path) -> list[tuple[str, str]]:
    """(statement, what psql prints) of the blocks of a session with psql."""
    found = []
    for block in re.findall(r"```text\n(.*?)```", file.read_text(), re.DOTALL):
        parts = re.split(r"^USER=> ", block, flags=re.MULTILINE)[1:]
        for part in parts:
            statement, _, output = part.partition(";\n")
            found.append((re.sub(r"^USER-> ", "", statement, flags=re.MULTILINE), output.strip("\n")))
    return found


@pytest.fixture(scope="module")
def sample() -> Iterator[Server]:
    with servers.pgiris({"sample": True}) as server:
        with Wire(server) as wire:
            for name in "tu":
                wire.ask(query(f"CREATE TABLE {name} (id int PRIMARY KEY, n int, name text)"))
        yield server


@pytest.mark.parametrize("statement", refused())
def test_what_is_said_to_be_refused_is_refused(sample: Server, statement: str) -> None:
    with Wire(sample) as wire:
        assert wire.ask(query(statement)) == ["E 0A000", "Z I"]


@pytest.mark.skipif(shutil.which("psql") is None, reason="psql is not installed")
@pytest.mark.parametrize("file", [DOCS.parent / "README.md", DOCS / "getting-started.md"], ids=lambda file: file.name)
def test_sessions_that_are_shown_come_out_as_shown(sample: Server, file: Path) -> None:
    shown = examples(file)
    assert shown
    for statement, output in shown:
        done = subprocess.run(
            ["psql", "-X", "-c", statement], env=sample.environment, capture_output=True, text=True, check=True, timeout=60
        )
        assert "\n".join(line.rstrip() for line in done.stdout.rstrip("\n").splitlines()) == output


def test_links_lead_somewhere() -> None:
    for file in [DOCS.parent / "README.md", DOCS.parent / "CHANGELOG.md", *DOCS.glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", file.read_text()):
            if not target.startswith("http"):
                assert (file.parent / target).exists(), f"{file.name}: {target}"
