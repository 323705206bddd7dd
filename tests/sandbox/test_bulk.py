"""Many rows at once are stored as each alone, and the first that is wrong is told."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pgiris.backend.base import RowFailed
from pgiris.backend.sandbox import SandboxBackend
from pgiris.backend.sandbox.session import SandboxSession
from pgiris.copy.decode import Decoder
from pgiris.copy.options import CopyOptions
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.codec import Context
from tests.support import encoders

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
    session.execute("DELETE FROM t", [])
    session.execute_many(sql, [[value] for value in good] * 40)
    assert stored(session) == [None, *alone] * 40


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


def test_rows_are_inserted_after_the_table_was_changed(session: SandboxSession) -> None:
    session.execute("CREATE TABLE t (v INTEGER)", [])
    session.execute_many("INSERT INTO t (v) VALUES (?)", [[1]] * 40)
    session.execute("ALTER TABLE t ADD COLUMN w VARCHAR(5) DEFAULT 'x'", [])
    session.execute_many("INSERT INTO t (v) VALUES (?)", [[2]] * 40)
    session.execute("ALTER TABLE t ALTER COLUMN v VARCHAR(3)", [])
    with pytest.raises(RowFailed) as caught:
        session.execute_many("INSERT INTO t (v) VALUES (?)", [["3"]] * 40 + [["3456"]])
    assert caught.value.index == 40
    session.execute("DROP TABLE t", [])
    with pytest.raises(PgError):
        session.execute_many("INSERT INTO t (v) VALUES (?)", [[3]] * 40)


def test_inserting_many_rows_is_interrupted(session: SandboxSession) -> None:
    session.execute("CREATE TABLE t (v INTEGER)", [])
    stop = threading.Event()

    def interrupt() -> None:
        while not stop.wait(0.01):
            session.interrupt()

    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        with pytest.raises(PgError) as caught:
            for _ in range(1000):
                session.execute_many("INSERT INTO t (v) VALUES (?)", [(1,)] * 20_000)
    finally:
        stop.set()
        thread.join()
    assert caught.value.code == "57014"
    session.execute("DELETE FROM t", [])
    session.execute_many("INSERT INTO t (v) VALUES (?)", [(1,)] * 50)
    assert stored(session) == [1] * 50


def test_a_session_that_has_inserted_rows_closes_its_file(session: SandboxSession) -> None:
    session.execute("CREATE TABLE t (v INTEGER)", [])
    before = len(apsw.connections())
    session.execute_many("INSERT INTO t (v) VALUES (?)", [(1,)] * 50)
    session.close()
    assert len(apsw.connections()) == before - 1


COPIED = {
    "INTEGER": st.integers(-(2**31), 2**31 - 1).map(str) | st.sampled_from(("007", "-0", " 8")),
    "VARCHAR(3)": st.text("aä😀 ", max_size=4),
    "NUMERIC(8,2)": st.from_regex(r"-?[0-9]{1,7}(\.[0-9]{1,3})?", fullmatch=True),
    "TIMESTAMP": st.datetimes().map(lambda moment: moment.isoformat(" ")),
    "DATE": st.dates().map(str),
    "DOUBLE": st.floats(allow_nan=False, allow_infinity=False).map(str),
    "BIT": st.sampled_from(("t", "f", "yes")),
    "VARBINARY(3)": st.binary(max_size=4).map(lambda raw: f"\\\\x{raw.hex()}"),
    "LONGVARCHAR": st.text("ab\u0100", max_size=30),
}
OIDS = (oids.INT4, oids.TEXT, oids.NUMERIC, oids.TIMESTAMP, oids.DATE, oids.FLOAT8, oids.BOOL, oids.BYTEA, oids.TEXT)


@pytest.mark.skipif(bool(encoders.missing()), reason=encoders.missing())
@given(
    lines=st.lists(st.tuples(*(cells | st.just("\\N") for cells in COPIED.values())), min_size=1, max_size=3),
    number=st.integers(32, 100),
)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_copied_rows_are_stored_as_python_stores_them(lines: list[tuple[str, ...]], number: int) -> None:
    data = "".join("\t".join(lines[index % len(lines) if index > 30 else 0]) + "\n" for index in range(number)).encode()
    found = []
    for encoder in encoders.ENCODERS:
        with encoders.use(encoder), tempfile.TemporaryDirectory() as directory:
            found.append(_copied(data, Path(directory)))
    assert found[0] == found[1]


def _copied(data: bytes, directory: Path) -> object:
    """What is stored, as SQLite has it, or the row that fails and why."""
    session = SandboxBackend(directory).connect("USER", "demo", None)
    names = [f"c{number}" for number in range(len(COPIED))]
    session.execute(f"CREATE TABLE t ({', '.join(map(' '.join, zip(names, COPIED, strict=True)))})", [])
    batch = Decoder(CopyOptions(), names, OIDS, "t", Context()).feed(data)
    sql = f"INSERT INTO t ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    try:
        session.execute_many(sql, batch.rows)
    except RowFailed as failed:
        return failed.index, failed.error.code, failed.error.message
    else:
        return repr(session.execute("SELECT * FROM t ORDER BY %ID", []).fetch(1000)), repr(batch.failure)
    finally:
        session.close()


def test_no_rows_are_no_error(session: SandboxSession) -> None:
    session.execute("CREATE TABLE t (v INTEGER)", [])
    session.execute_many("INSERT INTO t (v) VALUES (?)", [])
    assert stored(session) == []


def test_rows_of_defaults(session: SandboxSession) -> None:
    session.execute("CREATE TABLE t (v INTEGER DEFAULT 7)", [])
    session.execute_many("INSERT INTO t DEFAULT VALUES", [[], []])
    assert stored(session) == [7, 7]
