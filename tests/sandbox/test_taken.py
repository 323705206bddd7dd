"""Rows that the compiled twin takes out of SQLite by itself: the bytes, the errors and the places that rows fetched have."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgiris.backend.base import Rows
from pgiris.backend.sandbox import sqlite
from pgiris.backend.sandbox.rows import Streamed
from pgiris.backend.sandbox.session import SandboxSession
from pgiris.backend.worker.blocks import ANY, BlockSource
from pgiris.copy import read_options
from pgiris.copy.encode import Encoder
from pgiris.errors import PgError
from pgiris.sql.copy_command import parse_copy
from pgiris.types import oids
from pgiris.types.codec import Context
from pgiris.types.rows import Column, RowPlan
from pgiris.types.table import TYPES, TypeRow, parse_type
from tests.support import encoders
from tests.types.test_native import CONTEXTS, MOMENTS, NUMBERS, TYPMODS, values_of

pytestmark = pytest.mark.skipif(bool(encoders.missing()), reason=encoders.missing())

KEPT = st.one_of(  # whatever SQLite can hold, whatever the type of the column
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.floats(width=32),
    st.sampled_from((0.0, -0.0, 1e300, 5e-324)),
    st.text(st.characters(exclude_categories=("Cs",))),
    st.text("0123456789.-+eE:", max_size=30),
    NUMBERS,
    MOMENTS,
    st.binary(),
)
COPIES = (
    "",
    "DELIMITER '|', NULL 'nil'",
    "FORMAT csv",
    "FORMAT csv, DELIMITER ';', QUOTE '''', ESCAPE '\\', FORCE_QUOTE (a), NULL 'x'",
    "FORMAT binary",
)
Source = Callable[[Rows], BlockSource]
Values = Sequence[Sequence[Any]]


def streamed(db: apsw.Connection, sql: str, columns: Sequence[Column] = ()) -> Streamed:
    return Streamed(db.execute(sql), tuple(columns), lambda take, *args, **kwargs: take(*args, **kwargs), lambda: None)


def table(rows: Values, width: int) -> apsw.Connection:
    db = sqlite.connect(Path(":memory:"))
    names = ", ".join(f"c{number}" for number in range(width))
    db.execute(f"CREATE TABLE t ({names})")
    db.executemany(f"INSERT INTO t VALUES ({', '.join('?' * width)})", rows)
    return db


def outcome(rows: Rows, make: Callable[[], Source]) -> object:
    """The messages of all rows, or what went wrong."""
    out = bytearray()
    try:
        target = make()(rows)
        while not target.into(out, ANY)[1]:
            pass
    except PgError as error:
        return error.code, error.message
    except Exception as error:
        return type(error), str(error)
    finally:
        rows.close()
    return bytes(out)


def in_rows(columns: Sequence[Column], code: int, context: Context, *, taken: bool = True) -> Source:
    """taken: not fetched as values, which the twin encodes as well."""
    plan = RowPlan(columns, (code,), context)
    return lambda rows: BlockSource(rows, plan.encode, plan.twin if taken else None, 1000)


def in_copy(columns: Sequence[Column], options: str) -> Source:
    command = parse_copy(f"COPY x TO STDOUT ({options})" if options else "COPY x TO STDOUT")
    found = read_options(command.options, from_client=False)
    encoder = Encoder(found, [column.name for column in columns], columns, Context())
    return lambda rows: BlockSource(rows, encoder.append, encoder.twin, 1000)


def after_nulls(columns: Sequence[Column], values: Values) -> apsw.Connection:
    """A table of rows of NULLs, which are fetched, and of others."""
    return table([(None,) * len(columns)] * 32 + list(values), len(columns))


def assert_equal(columns: Sequence[Column], values: Values, make: Callable[[], Source]) -> None:
    """Taken, they are as Python writes them."""
    db = after_nulls(columns, values)
    with encoders.use("python"):
        expected = outcome(streamed(db, "SELECT * FROM t"), make)
    assert outcome(streamed(db, "SELECT * FROM t"), make) == expected, (columns, values)


@pytest.mark.parametrize("row", TYPES.values(), ids=lambda row: row.name)
def test_values_of_all_types_have_the_same_bytes(row: TypeRow) -> None:
    values = [value for value in values_of(row, 100) if isinstance(value, int | float | str | bytes) and _fits(value)]
    for context in CONTEXTS:
        for typmod in (-1, *TYPMODS.get(row.oid, ())):
            columns = [Column("c", row.oid, typmod)]
            for code in (0, 1):
                assert_equal(columns, [(value,) for value in values], partial(in_rows, columns, code, context))


def _fits(value: object) -> bool:
    return not isinstance(value, int) or -(2**63) <= value < 2**63


@settings(deadline=None)
@given(oid=st.sampled_from([oid for oid in TYPES if not TYPES[oid].is_array]), values=st.lists(KEPT, min_size=1, max_size=5))
def test_values_of_any_shape_have_the_bytes_or_the_error_of_rows_fetched(oid: Any, values: list[Any]) -> None:
    for typmod in (-1, *TYPMODS.get(oid, ())[:1]):
        columns = [Column("c", oid, typmod)]
        db = after_nulls(columns, [(value,) for value in values])
        for code in (0, 1):
            found = [
                outcome(streamed(db, "SELECT * FROM t"), partial(in_rows, columns, code, Context(), taken=taken))
                for taken in (True, False)
            ]
            assert found[0] == found[1]


@pytest.mark.parametrize("options", COPIES)
@settings(deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.integers(-(2**32), 2**32),
            st.text("a\\\t\n\r|;,'\"x.n0", max_size=6),
            NUMBERS | st.integers(0, 2**40) | st.none(),
            MOMENTS | st.none(),
        ),
        max_size=5,
    )
)
def test_copied_rows_have_the_same_bytes_or_error(options: str, rows: Values) -> None:
    columns = (
        Column("a", oids.INT4),
        Column("b", oids.TEXT),
        Column("c", *parse_type("numeric(10,2)")),
        Column("d", oids.TIMESTAMP),
    )
    assert_equal(columns, rows, partial(in_copy, columns, options))


NUMBERED = "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT i FROM n"
ONE = (Column("i", oids.INT8),)


@pytest.fixture
def db() -> apsw.Connection:
    return table((), 1)


def numbers_in(messages: bytes) -> list[int]:
    return [int(message[7:]) for message in messages.split(b"D\0\0\0")[1:]]


def test_rows_are_fetched_and_taken_in_turn(db: apsw.Connection) -> None:
    rows, plan = streamed(db, NUMBERED), RowPlan(ONE, (), Context())
    assert plan.twin is not None
    assert rows.take(plan.twin, 10, 1000) is None  # before a row was fetched
    found = [number for (number,) in rows.fetch(3)]
    for _ in range(3):
        taken = rows.take(plan.twin, 5, 1 << 20)
        assert taken is not None
        messages, count, ended = taken
        assert (count, ended) == (5, False)
        found += numbers_in(messages)
        found += [number for (number,) in rows.fetch(2)]
    assert found == list(range(1, 25))
    rows.close()


def test_blocks_are_as_large_as_wanted(db: apsw.Connection) -> None:
    rows, plan = streamed(db, NUMBERED), RowPlan(ONE, (), Context())
    assert plan.twin is not None
    rows.fetch(1)
    taken = rows.take(plan.twin, ANY, 5000)
    assert taken is not None
    assert 5000 <= len(taken[0]) < 5020
    rows.close()


def test_what_is_left_of_rows_taken_goes_into_a_spool(db: apsw.Connection) -> None:
    rows, plan = streamed(db, NUMBERED), RowPlan(ONE, (), Context())
    assert plan.twin is not None
    rows.fetch(1)
    taken = rows.take(plan.twin, 1000, 1 << 20)
    assert taken is not None
    rows.spool()
    assert rows.take(plan.twin, 1000, 1 << 20) is None
    assert len(rows.fetch(1 << 20)) == 100_000 - 1001


def test_the_last_row_ends_it(db: apsw.Connection) -> None:
    rows, plan = streamed(db, NUMBERED), RowPlan(ONE, (), Context())
    assert plan.twin is not None
    rows.fetch(99_990)
    taken = rows.take(plan.twin, ANY, 1 << 20)
    assert taken is not None
    assert taken[1:] == (10, True)
    assert rows.take(plan.twin, ANY, 1 << 20) is None
    assert not rows.fetch(5)


def test_of_two_statements_that_run_none_is_taken(db: apsw.Connection) -> None:
    plan = RowPlan(ONE, (), Context())
    assert plan.twin is not None
    other = streamed(db, NUMBERED)
    rows = streamed(db, NUMBERED)
    rows.fetch(1)
    assert rows.take(plan.twin, 10, 1000) is None
    other.close()
    assert rows.take(plan.twin, 10, 1000) is not None
    rows.close()


def test_a_connection_with_a_mutex_is_left_alone() -> None:
    rows, plan = streamed(apsw.Connection(":memory:"), NUMBERED), RowPlan(ONE, (), Context())
    assert plan.twin is not None
    rows.fetch(1)
    assert rows.take(plan.twin, 10, 1000) is None
    rows.close()


def test_objects_of_others_are_left_alone() -> None:
    plan = RowPlan(ONE, (), Context())
    assert plan.twin is not None

    class Fake:
        sql = "SELECT 1"

        @property
        def connection(self) -> Fake:
            return self

        def sqlite3_pointer(self) -> int:
            return 1

    assert plan.twin.take(Fake(), 10, 1000) is None


def failing(sql: str, function: Callable[[int], Any] | None = None) -> object:
    """What goes wrong in the middle of a statement, taken and fetched."""
    found = []
    for encoder in encoders.ENCODERS:
        db = table((), 1)
        if function is not None:
            db.create_scalar_function("f", function)
        with encoders.use(encoder):
            found.append(outcome(streamed(db, sql), partial(in_rows, ONE, 0, Context())))
        assert db.execute("SELECT 1").fetchall() == [(1,)]  # the connection goes on
    assert found[0] == found[1]
    return found[1]


def test_sqlites_errors_come_through() -> None:
    assert failing(NUMBERED.replace("SELECT i FROM", "SELECT abs(-9223372036854770808 - i) FROM")) == (
        apsw.SQLError,
        "integer overflow",
    )


def test_errors_of_functions_in_python_come_through() -> None:
    def function(number: int) -> int:
        if number == 5000:
            raise PgError("22012", "division by zero")
        return number

    assert failing(NUMBERED.replace("SELECT i FROM", "SELECT f(i) FROM"), function) == ("22012", "division by zero")


def test_functions_in_python_are_called() -> None:
    messages = failing(NUMBERED.replace("SELECT i FROM", "SELECT f(i) FROM"), lambda number: -number)
    assert isinstance(messages, bytes)
    assert numbers_in(messages) == [-number for number in range(1, 100_001)]


def test_text_that_is_none_fails_as_it_does_when_fetched() -> None:
    found = failing(NUMBERED.replace("SELECT i FROM", "SELECT CASE WHEN i < 5000 THEN i ELSE CAST(x'ff' AS TEXT) END FROM"))
    assert isinstance(found, tuple)
    assert found[0] is UnicodeDecodeError


def test_a_statement_is_interrupted_while_it_is_taken(tmp_path: Path) -> None:
    session = SandboxSession(tmp_path / "USER.sqlite", "USER", "demo")
    session.execute("CREATE TABLE n (i INTEGER)", ())
    session.begin("read committed", False)
    session.execute_many("INSERT INTO n (i) VALUES (?)", [(number,) for number in range(1000)])
    session.commit()
    rows = session.execute("SELECT a.i FROM n a, n b WHERE a.i + b.i < 40 OR a.i + b.i < 0 AND EXISTS (SELECT 1 FROM n, n x)", ())
    plan = RowPlan(ONE, (), Context())
    assert plan.twin is not None
    assert isinstance(rows, Streamed)
    rows.fetch(32)
    timer = threading.Timer(0.2, session.interrupt)
    timer.start()
    with pytest.raises(PgError) as caught:
        for _ in range(100_000):
            rows.take(plan.twin, ANY, 1 << 30)
    timer.join()
    assert caught.value.code == "57014"
    assert session.execute("SELECT count(*) FROM n", ()).fetch(2) == [(1000,)]
    session.close()


UNSHARED = """
from pgiris.types import native
native.library = lambda: None
from pgiris.backend.sandbox import SandboxBackend
from pgiris.backend.worker.blocks import ANY, BlockSource
from pgiris.types.codec import Context
from pgiris.types.rows import RowPlan

session = SandboxBackend("{directory}").connect("USER", "demo", None)
session.execute("CREATE TABLE t (i INTEGER)", ())
session.execute_many("INSERT INTO t (i) VALUES (?)", [(number,) for number in range(1000)])
rows = session.execute("SELECT i FROM t", ())
plan, out, count, ended = RowPlan(rows.columns, (), Context()), bytearray(), 0, False
source = BlockSource(rows, plan.encode, plan.twin, 65536)
while not ended:
    more, ended = source.into(out, ANY)
    count += more
print(native.twin is not None, count, out.count(b"D\\0\\0\\0"))
"""


def test_without_sqlites_functions_rows_are_fetched_and_bound_by_python(tmp_path: Path) -> None:
    """An apsw may be built without loadable extensions."""
    program = UNSHARED.replace("{directory}", str(tmp_path))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "1000", "1000"]
