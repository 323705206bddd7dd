"""The sample database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from pgiris import sample
from pgiris.backend.base import BackendSession
from pgiris.backend.sandbox import SandboxBackend
from tests.support import servers


def count(session: BackendSession, table: str) -> int:
    return int(session.execute(f"SELECT COUNT(*) FROM {table}", ()).fetch(1)[0][0])


def test_the_same_rows_are_made_each_time() -> None:
    assert [(table.name, list(table.rows)) for table in sample.sample_tables()] == [
        (table.name, list(table.rows)) for table in sample.sample_tables()
    ]


def test_it_is_made_once_and_then_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "state" / "sandbox"
    assert sample.create(place)
    session = SandboxBackend(str(place)).connect(sample.NAMESPACE, "test", None)
    assert {table.name: count(session, table.name) for table in sample.sample_tables()} == {
        table.name: len(table.rows) for table in sample.sample_tables()
    }
    session.execute("DELETE FROM document", ()).close()
    session.close()

    assert not sample.create(place)
    session = SandboxBackend(str(place)).connect(sample.NAMESPACE, "test", None)
    assert count(session, "document") == 0
    session.close()


def test_an_interrupted_creation_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "sandbox"
    fill: Callable[[BackendSession], None] = sample.fill

    def interrupted(session: BackendSession) -> None:
        fill(session)
        raise KeyboardInterrupt

    monkeypatch.setattr(sample, "fill", interrupted)
    with pytest.raises(KeyboardInterrupt):
        sample.create(place)
    assert not place.exists()
    monkeypatch.setattr(sample, "fill", fill)
    assert sample.create(place)


def test_a_server_with_the_sample_answers_questions_about_it() -> None:
    with servers.pgiris({"sample": True}) as server, psycopg.connect(server.dsn()) as connection:
        best = connection.execute(
            "SELECT c.name, count(*), sum(i.quantity * i.unit_price) AS spent FROM customers c "
            "JOIN orders o ON o.customer_id = c.id JOIN order_items i ON i.order_id = o.id "
            "GROUP BY c.id, c.name ORDER BY spent DESC LIMIT 3"
        ).fetchall()
        assert len(best) == 3
        first = connection.execute("SELECT embedding FROM document WHERE id = 1").fetchone()
        assert first is not None
        found = connection.execute("SELECT title FROM document ORDER BY embedding <=> %s LIMIT 5", first).fetchall()
        assert len(found) == 5
        assert all("tides" in title for (title,) in found)
