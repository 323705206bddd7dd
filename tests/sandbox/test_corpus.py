"""IRIS SQL as public projects and applications write it, by theme: one file of corpus/ runs in one session.

A statement ends at an empty line. After it may stand ``= rows``, ``# row count`` or ``! SQLCODE`` (or an SQLSTATE, of what is
refused by the sandbox alone).
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import sqlglot

from pgiris.backend.sandbox.session import SandboxSession
from pgiris.errors import PgError
from pgiris.sql.iris import IRIS, IrisSyntaxError
from tests.sandbox.conftest import sqlcode

FILES = sorted((Path(__file__).parent / "corpus").glob("*.sql"))


def statements(path: Path) -> list[tuple[str, str]]:
    """(statement, expectation)"""
    found = []
    for block in path.read_text().split("\n\n"):
        lines = [line for line in block.strip().splitlines() if not line.startswith("-- ")]
        expected = lines.pop() if lines and lines[-1][:2] in ("= ", "# ", "! ") else ""
        if lines:
            found.append(("\n".join(lines), expected))
    return found


def outcome(session: SandboxSession, sql: str) -> str:
    try:
        rows = session.execute(sql, ())
        if rows.columns is not None:
            return f"= {[tuple(row) for row in rows.fetch(1000)]}"
    except PgError as error:
        return f"! {sqlcode(error) if (error.detail or '').startswith('SQLCODE') else error.code}"
    return f"# {rows.row_count}"


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_statements_of_a_theme_run(session: SandboxSession, path: Path) -> None:
    differences = []
    for sql, expected in statements(path):
        got = outcome(session, sql)
        if expected.startswith("= "):
            expected = f"= {ast.literal_eval(expected[2:])}"
        if got != expected if expected else got.startswith("!"):
            differences.append(f"{sql}\n  {got}\n  expected {expected or 'success'}")
    assert not differences, "\n".join(differences)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_statements_of_a_theme_are_written_as_they_are_read(path: Path) -> None:
    for sql, expected in statements(path):
        try:
            written = sqlglot.parse_one(sql, dialect=IRIS).sql(IRIS)
        except IrisSyntaxError as error:
            assert expected == f"! {error.sqlcode}", sql
            continue
        assert sqlglot.parse_one(written, dialect=IRIS).sql(IRIS) == written
