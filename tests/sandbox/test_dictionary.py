"""The dictionary: what a session that knows an older version reads, and what a definition does whatever else there is."""

from __future__ import annotations

from typing import Any

from pgiris.backend.sandbox import dictionary
from pgiris.backend.sandbox.backend import SandboxBackend
from pgiris.backend.sandbox.dictionary import Dictionary
from pgiris.backend.sandbox.session import SandboxSession

HISTORY = (
    "CREATE TABLE a (id INTEGER PRIMARY KEY)",
    "CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a (id) ON DELETE CASCADE)",
    "CREATE SCHEMA empty_one",
    "CREATE VIEW v AS SELECT id FROM a",
    "ALTER TABLE b RENAME c",
    "CREATE TABLE b (id INTEGER)",
    "CREATE INDEX i ON b (id)",
    "DROP VIEW v",
    "DROP TABLE c",
    "ALTER TABLE a RENAME c",
    "DROP SCHEMA empty_one",
)


def contents(known: Dictionary) -> tuple[Any, ...]:
    return known.version, dict(known.tables), set(known.schemas), known._names


def test_what_has_changed_is_all_that_there_is(backend: SandboxBackend, session: SandboxSession, run: Any) -> None:
    other = backend.connect("USER", "other", None)
    for number, statement in enumerate(HISTORY):
        run(statement)
        full = contents(dictionary.load(session._db, Dictionary()))
        assert contents(session.dictionary) == full, statement
        if number % 3 == 2:  # this one learns of several at once
            other.introspect()
            assert contents(other.dictionary) == full, statement
    other.close()


def test_a_file_of_an_older_sandbox_is_taken(backend: SandboxBackend, session: SandboxSession, run: Any) -> None:
    run("CREATE TABLE a (id INTEGER)")
    session._db.execute("DROP TABLE iris_change")
    other = backend.connect("USER", "other", None)
    other.execute("CREATE TABLE b (id INTEGER)", ())
    run("INSERT INTO b (id) VALUES (1)")
    assert run("SELECT * FROM a") == []
    other.close()


def test_a_definition_runs_as_many_statements_however_many_tables_there_are(session: SandboxSession, run: Any) -> None:
    run("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    counts = []
    for number in range(12):
        seen: list[str] = []
        session._db.trace_v2(1, lambda event: seen.append(event["sql"]))  # noqa: B023
        run(f"CREATE TABLE t{number} (id INTEGER PRIMARY KEY, p INTEGER REFERENCES parent (id) ON DELETE CASCADE)")
        run(f"CREATE INDEX i{number} ON t{number} (p)")
        run(f"ALTER TABLE t{number} ADD COLUMN n INTEGER")
        session._db.trace_v2(0)
        counts.append(len(seen))
    assert counts[1] == counts[-1] > 0
    for number in range(12):
        run("INSERT INTO parent (id) VALUES (?)", number)
        run(f"INSERT INTO t{number} (id, p) VALUES (1, ?)", number)
    run("DROP TABLE t3")
    run("DELETE FROM parent WHERE id < 6")
    assert [run(f"SELECT COUNT(*) FROM t{number}") for number in (2, 5, 7)] == [[(0,)], [(0,)], [(1,)]]


def test_rows_stay_when_a_table_with_many_changes(run: Any, monkeypatch: Any) -> None:
    """Few rows are copied, many are renamed."""
    for most in (10_000, 2):
        monkeypatch.setattr("pgiris.backend.sandbox.storage.ROWS_TO_COPY", most)
        run("CREATE TABLE t (id INTEGER PRIMARY KEY, n VARCHAR(5) NOT NULL UNIQUE)")
        for number in range(5):
            run("INSERT INTO t (id, n) VALUES (?, ?)", number, str(number))
        run("DELETE FROM t WHERE id = 4")
        run("ALTER TABLE t ADD COLUMN extra INTEGER DEFAULT 7")
        assert run("SELECT %ID, id, n, extra FROM t ORDER BY id") == [(i + 1, i, str(i), 7) for i in range(4)]
        run("INSERT INTO t (id, n) VALUES (9, 'x')")
        assert run("SELECT %ID FROM t WHERE id = 9") == [(6,)]
        run("DROP TABLE t")
