"""A sandbox in a directory of its own, and one session on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from pgiris.backend.sandbox import SandboxBackend
from pgiris.backend.sandbox.session import SandboxSession
from pgiris.errors import PgError

Run = Callable[..., list[Sequence[Any]]]


@pytest.fixture
def backend(tmp_path: Path) -> SandboxBackend:
    return SandboxBackend(tmp_path)


@pytest.fixture
def session(backend: SandboxBackend) -> Iterator[SandboxSession]:
    opened = backend.connect("USER", "tester", None)
    yield opened
    opened.close()


@pytest.fixture
def run(session: SandboxSession) -> Run:
    """Execute one statement; its rows."""

    def execute(sql: str, *values: Any) -> list[Sequence[Any]]:
        return list(session.execute(sql, values).fetch(1_000_000))

    return execute


@pytest.fixture
def count(session: SandboxSession) -> Callable[..., int]:
    """Execute one statement; its row count."""

    def execute(sql: str, *values: Any) -> int:
        return session.execute(sql, values).row_count

    return execute


@pytest.fixture
def failure(session: SandboxSession) -> Callable[..., PgError]:
    """Execute one statement that must fail; its error."""

    def execute(sql: str, *values: Any) -> PgError:
        with pytest.raises(PgError) as refused:
            session.execute(sql, values).fetch(1_000_000)
        return refused.value

    return execute


def sqlcode(error: PgError) -> int:
    """The SQLCODE that an error's detail tells."""
    assert error.detail is not None and error.detail.startswith("SQLCODE "), error.detail
    return int(error.detail.split()[1].rstrip(":"))
