"""Many rows at once are stored as each alone, and the first that is wrong is told."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from pgiris.backend.base import RowFailed
from pgiris.backend.sandbox import SandboxBackend
from pgiris.backend.sandbox.session import SandboxSession
from pgiris.errors import PgError

pytestmark = pytest.mark.usefixtures("encoder")
VALUES: dict[str, Sequence[object]] = {
    "INTEGER": [0, -1, 2147483647, -2147483648, "7", " 8 ", True, 2147483648, "x", 1.5, Decimal(3)],
    "SMALLINT": [32767, 32768],
    "BIGINT": [2**63 - 1, 2**63],
    "BIT": [True, False, 0, 1, 1.0, "1", 2, "x"],
    "NUMERIC(10,2)": [
        "1.50",
        "1.5",
        "0",
        "-0",
        "-0.50",
        "007",
        "1.005",
        "99999999.99",
        "100000000",
        7,
        Decimal("2.50"),
        "x",
        1e3,
    ],
    "NUMERIC(19,0)": ["9223372036854775807", "1", "1.0"],
    "NUMERIC(5,5)": ["0.5", "0", "1"],
    "DOUBLE": [1.5, float("inf"), float("nan"), 1, "2.5", "x"],
    "VARCHAR(3)": ["", "abc", "abcd", "ä😀", "😀😀", 12, "a\nb"],
    "LONGVARCHAR": ["", "x" * 1000, 7],
    "DATE": ["2024-02-29", "2023-02-29", "1840-12-31", "1840-12-30", "2024-2-9", "2024-02-29 10:00:00", "x"],
    "TIMESTAMP": [
        "2024-02-29 12:30:15",
        "2024-02-29 12:30:15.25",
        "2024-02-29 12:30:15.250",
        "2024-02-30 12:30:15",
        "2024-02-29",
        "2024-02-29 25:00:00",
        "x",
    ],
    "TIME": ["12:30:15", "25:00:00"],
    "VARBINARY(3)": [b"abc", b"abcd"],
    "VECTOR(FLOAT,2)": ["1,2", "1,2,3"],
}


@pytest.fixture
def session(tmp_path: Path) -> SandboxSession:
    return SandboxBackend(tmp_path).connect("USER", "demo", None)


def stored(session: SandboxSession) -> list[object]:
    return [row[0] for row in session.execute("SELECT v FROM t ORDER BY %ID", []).fetch(1000)]


def cell(type_name: str) -> str:
    return "TO_VECTOR(?, FLOAT)" if type_name.startswith("VECTOR") else "?"


@pytest.mark.parametrize("type_name", VALUES)
def test_a_column_is_stored_as_its_values_alone(session: SandboxSession, type_name: str) -> None:
    session.execute(f"CREATE TABLE t (v {type_name})", [])
    sql = f"INSERT INTO t (v) VALUES ({cell(type_name)})"
    good: list[object] = [None]
    for value in VALUES[type_name]:
        try:
            session.execute(sql, [value])
        except PgError as error:
            with pytest.raises(RowFailed) as caught:
                session.execute_many(sql, [*[[item] for item in good], [value]])
            assert (caught.value.index, caught.value.error.code) == (len(good), error.code), value
            assert caught.value.error.message == error.message
        else:
            good.append(value)
    alone = stored(session)
    session.execute("DELETE FROM t", [])
    session.execute_many(sql, [[value] for value in good])
    assert stored(session) == [None, *alone]
    for value in good:
        session.execute_many(sql, [[value]])
    assert stored(session) == [None, *alone, None, *alone]


def test_a_row_that_breaks_a_rule_comes_before_a_wrong_value_behind_it(session: SandboxSession) -> None:
    session.execute("CREATE TABLE t (v INTEGER NOT NULL)", [])
    with pytest.raises(RowFailed) as caught:
        session.execute_many("INSERT INTO t (v) VALUES (?)", [[1], [None], ["x"]])
    assert (caught.value.index, caught.value.error.code) == (1, "23502")


@pytest.mark.parametrize("index", [0, 31, 32, 63, 64, 100, 127, 129])
def test_the_failing_row_is_found_wherever_it_is(session: SandboxSession, index: int) -> None:
    """Many rows go into one statement of SQLite's, which tells nothing of rows."""
    session.execute("CREATE TABLE t (v INTEGER PRIMARY KEY, w VARCHAR(9) DEFAULT '7' NOT NULL)", [])
    rows: list[list[object]] = [[number] for number in range(130)]
    rows[index] = [None]
    with pytest.raises(RowFailed) as caught:
        session.execute_many("INSERT INTO t (v) VALUES (?)", rows)
    assert (caught.value.index, caught.value.error.code) == (index, "23502")
    assert stored(session) == []
    rows[index] = [index]
    session.execute_many("INSERT INTO t (v) VALUES (?)", rows)
    assert stored(session) == [number for (number,) in rows]
    assert session.execute("SELECT DISTINCT w FROM t", []).fetch(9) == [("7",)]
    with pytest.raises(RowFailed) as caught:
        session.execute_many("INSERT INTO t (v) VALUES (?)", [[number] for number in (*range(200, 200 + index), 7, 300)])
    assert (caught.value.index, caught.value.error.code) == (index, "23505")


def test_no_rows_are_no_error(session: SandboxSession) -> None:
    session.execute("CREATE TABLE t (v INTEGER)", [])
    session.execute_many("INSERT INTO t (v) VALUES (?)", [])
    assert stored(session) == []


def test_rows_of_defaults(session: SandboxSession) -> None:
    session.execute("CREATE TABLE t (v INTEGER DEFAULT 7)", [])
    session.execute_many("INSERT INTO t DEFAULT VALUES", [[], []])
    assert stored(session) == [7, 7]
