"""ORMs with their own PostgreSQL dialects: each step of a script gives on pgiris what it gives on PostgreSQL."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.servers import DATABASE, USER, Server

SECONDS = 120
SCRIPTS = {
    "sqlalchemy-psycopg": ("sqlalchemy_steps", "postgresql+psycopg"),
    "sqlalchemy-psycopg2": ("sqlalchemy_steps", "postgresql+psycopg2"),
    "alembic": ("alembic_steps", "postgresql+psycopg"),
    "django": ("django_steps", ""),
}
# Steps whose result differs, and why.
DIFFERENT: dict[tuple[str, str], str] = {}


_results: dict[tuple[str, int], dict[str, Any]] = {}


def results(script: str, server: Server) -> dict[str, Any]:
    """Of all steps, run once on each server."""
    key = (script, server.port)
    if key not in _results:
        _results[key] = _run(script, server)
    return _results[key]


def _run(script: str, server: Server) -> dict[str, Any]:
    module, scheme = SCRIPTS[script]
    place = f"{USER}@{server.host}:{server.port}/{DATABASE}"
    arguments = [f"{scheme}://{place}"] if scheme else [server.host, str(server.port), USER, DATABASE]
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", f"tests.orm.{module}", *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return {entry["step"]: entry["result"] for entry in map(json.loads, done.stdout.splitlines())}


def steps(module: str) -> list[str]:
    """The names of a script's steps, in their order."""
    lines = (Path(__file__).parent / f"{module}.py").read_text().splitlines()
    found = []
    marked = False
    for line in lines:
        if line == "@step":
            marked = True
        elif marked and line.startswith("def "):
            found.append(line[4 : line.index("(")])
            marked = False
    return found


@pytest.mark.timeout(2 * SECONDS)
@pytest.mark.parametrize(
    ("script", "name"), [(script, name) for script, (module, _) in SCRIPTS.items() for name in steps(module)]
)
def test_a_step_gives_what_it_gives_on_postgresql(script: str, name: str, postgres: Server, pgiris: Server) -> None:
    package = script.partition("-")[0]
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    assert "Error" not in str(results(script, postgres)[name])
    reason = DIFFERENT.get((script.partition("-")[0], name))
    theirs, ours = results(script, postgres)[name], results(script, pgiris)[name]
    if reason is None:
        assert ours == theirs
    else:
        assert ours != theirs, f"no longer different: {reason}"
