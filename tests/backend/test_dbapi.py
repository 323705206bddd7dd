"""Backend dbapi on the stand-in for the driver: connecting, what the driver may not know, errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pgiris.backend.base import BackendSession, SessionLost
from pgiris.backend.dbapi import failures
from pgiris.backend.dbapi.backend import DbapiBackend, Options
from pgiris.backend.placeholders import placeholders
from pgiris.errors import PgError
from tests.support import fake_iris
from tests.support.iris import dbapi_backend, driver_package


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv(fake_iris.VARIABLE, str(tmp_path))
    with driver_package():
        yield tmp_path


def only_row(session: BackendSession, sql: str) -> tuple[object, ...]:
    (row,) = session.execute(sql, ()).fetch(2)
    return tuple(row)


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_an_iris_that_does_not_answer_is_tried_with_growing_pauses(folder: Path) -> None:
    (folder / "down").touch()
    (folder / "password").write_text("SYS")
    clock = Clock()
    options = Options(("one:1972", "two:1972"), password_file=str(folder / "password"), reconnect_s=10)
    with pytest.raises(PgError) as refused:
        DbapiBackend(options, clock.sleep, clock).connect("USER", "", None)
    assert refused.value.code == "08001"
    assert "two:1972" in refused.value.message
    assert clock.slept == [0.2, 0.4, 0.8, 1.6, 3.2]
    assert sum(clock.slept) <= 10


def test_an_iris_that_comes_back_is_found(folder: Path) -> None:
    (folder / "down").touch()
    (folder / "password").write_text("SYS")
    options = Options(("one:1972",), password_file=str(folder / "password"), reconnect_s=10)

    def sleep(_: float) -> None:
        (folder / "down").unlink()

    session = DbapiBackend(options, sleep).connect("USER", "", None)
    assert only_row(session, "SELECT $NAMESPACE") == ("USER",)
    session.close()


def test_without_a_password_nothing_is_tried(folder: Path) -> None:
    with pytest.raises(PgError, match="no password is configured"):
        DbapiBackend(Options(("one:1972",))).connect("USER", "", None)
    with pytest.raises(PgError, match="cannot be read"):
        DbapiBackend(Options(("one:1972",), password_file=str(folder / "none"))).connect("USER", "", None)


@pytest.mark.parametrize("switch", ["no_delete_counts", "no_objects"])
def test_what_the_driver_does_not_tell_is_found_out_otherwise(folder: Path, switch: str) -> None:
    (folder / switch).touch()
    session = dbapi_backend(folder).connect("USER", "", None)
    session.execute("CREATE TABLE t (a INTEGER, b VARCHAR(10))", ())
    for number in range(3):
        session.execute("INSERT INTO t (a, b) VALUES (?, ?)", (number, ""))
    assert session.execute("DELETE FROM t WHERE a > ? AND b = ?", (0, "")).row_count == 2
    assert session.execute("DELETE FROM t WHERE a > ?", (0,)).row_count == 0
    described = session.prepare("SELECT a, b FROM t WHERE a = ? OR b = '?'")
    assert [column.name for column in described.columns or ()] == ["a", "b"]
    assert described.parameter_count == 1
    assert session.prepare("DELETE FROM t").columns is None
    assert only_row(session, "SELECT COUNT(*) FROM t") == (1,)
    session.close()


def test_a_delete_that_cannot_be_counted_is_refused_and_not_done(folder: Path) -> None:
    (folder / "no_delete_counts").touch()
    (folder / "no_objects").touch()
    session = dbapi_backend(folder).connect("USER", "", None)
    session.execute("CREATE TABLE t (a INTEGER)", ())
    session.execute("INSERT INTO t (a) VALUES (1)", ())
    with pytest.raises(PgError) as refused:
        session.execute("DELETE FROM t", ())
    assert refused.value.code == "42501"
    assert only_row(session, "SELECT COUNT(*) FROM t") == (1,)
    session.close()


def test_statements_that_the_driver_cannot_parse_go_to_the_server(folder: Path) -> None:
    session = dbapi_backend(folder).connect("USER", "", None)
    assert only_row(session, "SELECT 1 EXOTIC") == (1,)
    session.close()


def test_a_broken_connection_ends_the_session(folder: Path) -> None:
    session = dbapi_backend(folder).connect("USER", "", None)
    (folder / "down").touch()
    with pytest.raises(SessionLost) as lost:
        session.execute("SELECT 1", ())
    assert lost.value.code == "08006"
    session.close()


SQL = "<SQL ERROR>; Details: [SQLCODE: <{}>:<{}>]\r\n[Location: <Prepare>]\r\n[%msg: < {}>]"


@pytest.mark.parametrize(
    ("text", "code", "field", "value"),
    [
        (SQL.format(-30, "Table or view not found", "Table 'SQLUSER.X' not found"), "42P01", "table", "X"),
        (
            SQL.format(-29, "Field not found", "Field 'C' not found in the applicable tables^ SELECT C ^FROM T"),
            "42703",
            "column",
            "C",
        ),
        (
            SQL.format(-119, "unique", "Table 'SQLUser.T', Constraint 'T_PKEY2', Field(s) id=1; failed unique check"),
            "23505",
            "constraint",
            "T_PKEY2",
        ),
        (SQL.format(-108, "required", "'Name' in table 'SQLUser.T' is a required field"), "23502", "column", "Name"),
        (SQL.format(-456, "interrupted", "SQL query execution interrupted by user"), "57014", "table", None),
        (SQL.format(-114, "locked", "Unable to acquire lock"), "55P03", "table", None),
        (SQL.format(-400, "Fatal error occurred", "Unexpected error occurred: <DIVIDE>"), "22012", "table", None),
        (SQL.format(-461, "Communication link failure", ""), "08006", "table", None),
        ("<COMMUNICATION LINK ERROR> Failed to receive; Details: reset", "08006", "table", None),
        ("something else", "XX000", "table", None),
    ],
)
def test_errors_of_statements(text: str, code: str, field: str, value: str | None) -> None:
    error = failures.of_statement(RuntimeError(text))
    assert (error.code, getattr(error, field)) == (code, value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<COMMUNICATION LINK ERROR> Failed to connect to server; Details: Name or service not known", "08001"),
        ("<COMMUNICATION ERROR> Access Denied", "28P01"),
        (SQL.format(-402, "Invalid Username/Password", ""), "28P01"),
        ("Password change required", "28P01"),
        ("User account is disabled", "28000"),
        ("License limit exceeded", "53300"),
        (SQL.format(-98, "License violation", ""), "53300"),
        ("Namespace 'X' does not exist", "3D000"),
        ("<COMMUNICATION LINK ERROR> Connection reset by peer", "08001"),
        ("quite unknown", "28000"),
    ],
)
def test_errors_of_logins(text: str, code: str) -> None:
    assert failures.of_login(RuntimeError(text), "localhost:1972", "USER", "alice").code == code


@pytest.mark.parametrize(
    ("sql", "count"),
    [("SELECT ?", 1), ("SELECT '?', \"?\", ? -- ?\n, ? /* ? */", 2), ("SELECT 'it''s ?' , ?", 1), ("SELECT 1", 0)],
)
def test_placeholders_are_counted_outside_of_strings_and_comments(sql: str, count: int) -> None:
    assert placeholders(sql) == count
