"""What both real backends share: values in, values out, the rules of a session."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from pgiris.backend.base import Described, ListValue, SessionLost
from pgiris.backend.live.binding import bind
from pgiris.backend.live.columns import column
from pgiris.backend.live.session import MAX_SAVEPOINTS, LiveSession, process_id
from pgiris.backend.live.showing import show
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.rows import Column
from tests.support.fake_iris.lists import parse

# Values


@pytest.mark.parametrize(
    ("value", "oid", "wanted"),
    [
        (None, oids.TEXT, None),
        ("1.50", oids.NUMERIC, Decimal("1.50")),
        ("1.50", oids.TEXT, "1.50"),
        ("", oids.TEXT, ""),
        (True, oids.BOOL, 1),
        (False, Oid(0), 0),
        (5, Oid(0), 5),
        (b"\0", oids.BYTEA, b"\0"),
        (memoryview(b"ab"), oids.BYTEA, b"ab"),
        ("2024-02-29", oids.DATE, "2024-02-29"),
    ],
)
def test_values_are_bound_by_their_type(value: Any, oid: Oid, wanted: Any) -> None:
    (found,) = bind([value], [oid])
    assert found == wanted and type(found) is type(wanted)


@pytest.mark.parametrize(
    ("value", "oid"), [("NaN", oids.NUMERIC), ("Infinity", oids.NUMERIC), (float("inf"), oids.FLOAT8), (float("nan"), Oid(0))]
)
def test_numbers_that_iris_has_not_are_refused(value: Any, oid: Oid) -> None:
    with pytest.raises(PgError) as refused:
        bind([value], [oid])
    assert refused.value.code == "22003"


@pytest.mark.parametrize(
    ("items", "oid", "wanted"),
    [
        ((1, None, -300), oids.INT4_ARRAY, [1, "", -300]),
        (("a", "", "€"), oids.TEXT_ARRAY, ["a", "", "€"]),
        (("1.50", "-0.5"), oids.NUMERIC_ARRAY, [Decimal("1.50"), Decimal("-0.5")]),
        (("1840-12-31", "2024-02-29"), oids.DATE_ARRAY, [0, 66899]),
        (("00:00:01", "12:00:00.5"), oids.TIME_ARRAY, [1, Decimal("43200.5")]),
        ((True, False), oids.BOOL_ARRAY, [1, 0]),
    ],
)
def test_lists_hold_logical_values(items: tuple[Any, ...], oid: Oid, wanted: list[Any]) -> None:
    (found,) = bind([ListValue(items)], [oid])
    assert isinstance(found, bytes)
    assert parse(found) == wanted


def test_lists_of_what_has_no_one_logical_form_are_refused() -> None:
    with pytest.raises(PgError, match="array of type timestamp") as refused:
        bind([ListValue(("2024-02-29 00:00:00",))], [oids.TIMESTAMP_ARRAY])
    assert refused.value.code == "0A000"


POSIX_2017 = 1154404733406846976  # iris-reference 5.3
SHOWN = [
    (oids.DATE, dt.date(2024, 2, 29), "2024-02-29"),
    (oids.DATE, 66899, "2024-02-29"),
    (oids.DATE, "2024-02-29", "2024-02-29"),
    (oids.TIME, dt.time(12, 0, 0, 500000), "12:00:00.5"),
    (oids.TIME, 43200, "12:00:00"),
    (oids.TIME, Decimal("43200.25"), "12:00:00.25"),
    (oids.TIME, "12:00:00.500", "12:00:00.5"),
    (oids.TIMESTAMP, dt.datetime(2017, 1, 1), "2017-01-01 00:00:00"),
    (oids.TIMESTAMP, POSIX_2017, "2017-01-01 00:00:00"),
    (oids.TIMESTAMP, -6979664624441081856, "0001-01-01 00:00:00"),
    (oids.TIMESTAMP, "2017-01-01 00:00:00.120000000", "2017-01-01 00:00:00.12"),
    (oids.TIMESTAMP, "2017-01-01", "2017-01-01 00:00:00"),
    (oids.NUMERIC, ".5", Decimal("0.5")),
    (oids.NUMERIC, Decimal("1.1"), Decimal("1.1")),
    (oids.UUID, uuid.UUID("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"), "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    (oids.UUID, "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    (oids.BYTEA, "\xff\0", b"\xff\0"),
    (oids.BYTEA, bytearray(b"a"), b"a"),
    (oids.VECTOR, "[1,2]", "1,2"),
    (oids.TEXT, True, 1),
    (oids.TEXT, Decimal("1E+3"), "1000"),
    (oids.TEXT, dt.date(2024, 2, 29), "2024-02-29"),
    (oids.BOOL, True, 1),
    (Oid(0), dt.datetime(2024, 2, 29, 1, 2, 3, 40000), "2024-02-29 01:02:03.04"),
]


@pytest.mark.parametrize(("oid", "value", "wanted"), SHOWN)
def test_every_form_of_a_value_is_shown_alike(oid: Oid, value: Any, wanted: Any) -> None:
    ((found,), (nothing,)) = show([(value,), (None,)], [oid])
    assert found == wanted and type(found) is type(wanted)
    assert nothing is None


def test_plain_rows_are_passed_on_as_they_are() -> None:
    rows = [(1, 2.5), (2, None)]
    assert show(rows, [oids.INT4, oids.FLOAT8]) is rows
    assert show([(1, "a", 2)], [oids.INT4, oids.TEXT]) == [(1, "a", 2)]


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("n", 14, 2, 10, 2, False), Column("n", oids.NUMERIC, ((10 << 16) | 2) + 4)),
        (("Expression_1", 14, 2, 18, 2, True), Column("?column?", oids.NUMERIC)),
        (("a", 5, 5, 5, 0, False), Column("a", oids.INT2)),
        (("a", 5, 4, 10, 0, False), Column("a", oids.INT4)),
        (("u", 10, -11, 36, 0, False), Column("u", oids.UUID)),
        (("d", None, 1091, 0, 0, False), Column("d", oids.DATE)),
        (("x", 99, 12, 0, 0, False), Column("x", oids.TEXT)),
    ],
)
def test_metadata_become_postgresql_types(arguments: tuple[Any, ...], wanted: Column) -> None:
    assert column(*arguments) == wanted


def test_a_job_with_a_node_name_is_a_process() -> None:
    assert process_id("1234:NODE") == 1234
    assert process_id(77) == 77


# A session's rules


class Cursor:
    columns: tuple[Column, ...] | None = None
    row_count = 0

    def __init__(self, rows: Sequence[Sequence[Any]] | None = None) -> None:
        self.rows = list(rows or ())
        if rows is not None:
            self.columns = tuple(Column(f"c{n}", oids.TEXT) for n in range(len(self.rows[0])))
        self.closed = False

    def fetch(self, limit: int) -> Sequence[Sequence[Any]]:
        batch, self.rows = self.rows[:limit], self.rows[limit:]
        return batch

    def close(self) -> None:
        self.closed = True


class Driver:
    """Notes what it is told. level: what $TLEVEL says."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.level = 0
        self.namespace = "USER"
        self.cancelled = 0
        self.values: list[Any] = []

    def describe(self, sql: str) -> Described:
        return Described(None, 0)

    def execute(self, sql: str, values: Sequence[Any]) -> Cursor:
        if sql.startswith("SELECT $JOB"):
            return Cursor([("4711", self.namespace, "_SYSTEM", self.level, "IRIS 2026.1")])
        self.log.append(sql)
        self.values = list(values)
        return Cursor([("x",)]) if sql.startswith("SELECT") else Cursor()

    def last_identity(self) -> int | None:
        return None

    def property_parameter(self, property_id: str, name: str) -> str | None:
        return None

    def cancel(self) -> None:
        self.cancelled += 1

    def close(self) -> None:
        self.log.append("close")


@pytest.fixture
def driver() -> Driver:
    return Driver()


@pytest.fixture
def session(driver: Driver) -> LiveSession:
    made = LiveSession(driver, "user")
    driver.log.clear()
    return made


def test_a_session_knows_its_process_and_starts_read_committed(driver: Driver) -> None:
    assert LiveSession(driver, "user").pid == 4711
    assert driver.log == ["SET TRANSACTION ISOLATION LEVEL READ COMMITTED"]


def test_another_namespace_than_the_one_asked_for_is_refused(driver: Driver) -> None:
    driver.namespace = "%SYS"
    with pytest.raises(PgError) as refused:
        LiveSession(driver, "USER")
    assert refused.value.code == "3D000"


def test_every_transaction_says_its_level(session: LiveSession, driver: Driver) -> None:
    session.begin("read uncommitted", True)
    session.commit()
    session.begin("read committed", False)
    session.rollback()
    assert driver.log == [
        "START TRANSACTION ISOLATION LEVEL READ UNCOMMITTED",
        "COMMIT",
        "START TRANSACTION ISOLATION LEVEL READ COMMITTED",
        "ROLLBACK",
    ]


@pytest.mark.parametrize(
    ("sql", "values", "told", "bound"),
    [
        ("SELECT a FROM t WHERE b = ? LIMIT ? OFFSET ?", ["x", 10, 0], "SELECT a FROM t WHERE b = ? LIMIT 10 OFFSET 0", ["x"]),
        ("SELECT a FROM t LIMIT 2147483647 OFFSET ?", [5], "SELECT a FROM t LIMIT 2147483647 OFFSET 5", []),
        ("SELECT a FROM t LIMIT ? OFFSET 5", [7], "SELECT a FROM t LIMIT 7 OFFSET 5", []),
        ("SELECT TOP ? a FROM t WHERE b = ?", [7, 1], "SELECT TOP ? a FROM t WHERE b = ?", [7, 1]),
        ("SELECT a FROM t LIMIT ? OFFSET ?", [7, None], "SELECT a FROM t LIMIT ? OFFSET ?", [7, None]),
    ],
)
def test_the_numbers_of_limit_and_offset_stand_in_the_text(
    session: LiveSession, driver: Driver, sql: str, values: list[Any], told: str, bound: list[Any]
) -> None:
    session.execute(sql, values)
    assert (driver.log, driver.values) == ([told], bound)


def test_iris_is_never_asked_for_a_savepoint_that_it_has_not(session: LiveSession, driver: Driver) -> None:
    """It would undo the whole transaction."""
    session.begin("read committed", False)
    session.savepoint("s1")
    session.rollback_to("S1")
    driver.log.clear()
    with pytest.raises(PgError) as refused:
        session.rollback_to("s1")
    assert refused.value.code == "3B001"
    assert driver.log == []


def test_savepoints_end_before_iris_runs_out_of_levels(session: LiveSession) -> None:
    session.begin("read committed", False)
    for number in range(MAX_SAVEPOINTS):
        session.savepoint(f"s{number}")
    with pytest.raises(PgError) as refused:
        session.savepoint("one_more")
    assert refused.value.code == "54001"


def test_a_savepoint_begins_no_transaction(session: LiveSession, driver: Driver) -> None:
    with pytest.raises(PgError) as refused:
        session.savepoint("s1")
    assert (refused.value.code, driver.log) == ("25P01", [])


@pytest.mark.parametrize("name", ["a b", "s;DROP TABLE t", '"s"', ""])
def test_savepoint_names_are_plain(session: LiveSession, name: str) -> None:
    session.begin("read committed", False)
    with pytest.raises(PgError):
        session.savepoint(name)


def test_the_lock_timeout_is_set_before_the_next_statement_in_whole_seconds(session: LiveSession, driver: Driver) -> None:
    session.set_lock_timeout(1.2)
    session.set_lock_timeout(2.5)
    assert driver.log == []
    session.execute("DELETE FROM t", ())
    session.execute("DELETE FROM t", ())
    session.set_lock_timeout(None)
    session.execute("DELETE FROM t", ())
    assert driver.log == [
        "SET OPTION LOCK_TIMEOUT = 3",
        "DELETE FROM t",
        "DELETE FROM t",
        "SET OPTION LOCK_TIMEOUT = 10",
        "DELETE FROM t",
    ]


def test_reset_closes_rows_and_leaves_the_process_as_it_was(session: LiveSession, driver: Driver) -> None:
    session.execute("SELECT a FROM t", ())
    driver.log.clear()
    session.reset()
    assert driver.log == ["ROLLBACK", "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"]


@pytest.mark.parametrize(("level", "namespace"), [(1, "USER"), (0, "%SYS")])
def test_a_process_that_does_not_come_clean_is_not_used_again(
    session: LiveSession, driver: Driver, level: int, namespace: str
) -> None:
    driver.level, driver.namespace = level, namespace
    with pytest.raises(SessionLost):
        session.reset()


def test_only_a_running_statement_is_cancelled(session: LiveSession, driver: Driver) -> None:
    session.interrupt()
    assert driver.cancelled == 0
    with session.watched():
        session.interrupt()
    session.interrupt()
    assert driver.cancelled == 1


def test_after_a_procedure_the_process_is_looked_at(session: LiveSession, driver: Driver) -> None:
    session.execute("CALL p()", ())
    assert driver.log == ["CALL p()", "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"]
    driver.log.clear()
    session.begin("read committed", False)
    session.execute("call p()", ())
    driver.level = 1
    assert driver.log == ["START TRANSACTION ISOLATION LEVEL READ COMMITTED", "call p()"]
    driver.level = 0
    session.commit()
    assert driver.log[2:] == ["COMMIT", "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"]


def test_a_transaction_that_a_procedure_leaves_open_is_undone_and_told(session: LiveSession, driver: Driver) -> None:
    driver.level = 1
    with pytest.raises(PgError) as told:
        session.execute("CALL p()", ())
    assert told.value.code == "2D000"
    assert driver.log[-1] == "ROLLBACK"


def test_a_process_that_a_procedure_left_elsewhere_is_not_used_again(session: LiveSession, driver: Driver) -> None:
    driver.namespace = "%SYS"
    with pytest.raises(SessionLost):
        session.execute("CALL p()", ())
