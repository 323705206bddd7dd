"""Programs: what is computed of values and rows. That the results are PostgreSQL's is tested by tests/oracle."""

from __future__ import annotations

from typing import Any

import pytest

from pgiris.compute.patterns import exact, translated
from pgiris.compute.program import columns_of, compiled, described, is_known
from pgiris.compute.rowsets import as_json
from pgiris.compute.zones import local_us, utc_us
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.codec import Context
from pgiris.types.datetime import microseconds, timestamp_text

A, B = ("v", oids.INT4, 0), ("v", oids.INT4, 1)
SUM = ("f", "+", oids.INT4, -1, A, B)


def run(program: Any, *values: Any, row: tuple[Any, ...] = (), **settings: Any) -> Any:
    return compiled(program, Context(**settings))(values, row)


def test_a_program_is_a_function_of_values_and_a_row() -> None:
    assert run(SUM, 2, 3) == 5
    assert run(("f", "*", oids.INT4, -1, SUM, ("c", oids.INT4, 1, -1)), 2, 3, row=(0, 10)) == 50


def test_functions_are_strict_unless_they_say_otherwise() -> None:
    assert run(SUM, 2, None) is None
    assert run(("f", "concat", oids.TEXT, -1, A, ("k", oids.TEXT, None), ("k", oids.TEXT, "x")), 2) == "2x"


def test_constructs_evaluate_no_more_than_they_need() -> None:
    failing = ("f", "/", oids.INT4, -1, A, ("k", oids.INT4, "0"))
    case = ("f", "case", oids.INT4, -1, ("k", oids.BOOL, "false"), failing, ("k", oids.INT4, "7"))
    assert run(case, 1) == 7
    with pytest.raises(PgError, match="division by zero"):
        run(failing, 1)


def test_a_column_has_the_decimals_of_its_type() -> None:
    assert run(("f", "cast", oids.TEXT, -1, ("c", oids.NUMERIC, 0, 2)), row=("1.5",)) == "1.50"


def test_values_look_as_the_settings_want() -> None:
    moment = ("f", "cast", oids.TEXT, -1, ("v", oids.TIMESTAMPTZ, 0))
    assert run(moment, "2024-05-06 10:00:00", time_zone="Europe/Berlin") == "2024-05-06 12:00:00+02"


def test_the_columns_that_programs_use_are_known() -> None:
    used = columns_of([("f", "+", oids.INT4, -1, ("c", oids.INT4, 2, -1), ("c", oids.INT4, 0, -1))])
    assert [column.oid for column in used] == [oids.INT4, 0, oids.INT4]


def test_programs_can_be_read() -> None:
    assert described(("f", "cast", oids.TEXT, -1, SUM)) == "cast(($1 + $2) as text)"


def test_what_is_not_there_is_not_known() -> None:
    assert is_known("upper", (oids.TEXT,))
    assert not is_known("upper", (oids.INT4,))
    assert not is_known("no_such_function", ())


@pytest.mark.parametrize(
    ("pattern", "python"),
    [("^a.c$", r"^a.c\Z"), ("[[:digit:]]+", r"[\d]+"), (r"\mfoo\M", r"\b(?=\w)foo\b(?<=\w)"), ("***=a.b", r"a\.b")],
)
def test_regular_expressions_are_translated(pattern: str, python: str) -> None:
    assert translated(pattern) == python


@pytest.mark.parametrize("pattern", ["a|ab", "(foo|f)x", "a.*?b.*"])
def test_what_posix_would_cut_out_otherwise_is_refused(pattern: str) -> None:
    with pytest.raises(PgError) as raised:
        exact(pattern)
    assert raised.value.code == "0A000"


@pytest.mark.parametrize("pattern", ["foo|bar", "(a+)(b*)", "[0-9]{2,3}"])
def test_what_both_cut_out_alike_is_taken(pattern: str) -> None:
    assert exact(pattern)


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2024-07-01 12:00:00", "2024-07-01 10:00:00"),
        ("2024-10-27 02:30:00", "2024-10-27 01:30:00"),  # twice: standard time
        ("2024-03-31 02:30:00", "2024-03-31 01:30:00"),  # skipped: by the offset before
    ],
)
def test_clocks_of_a_zone_are_read_as_postgresql_reads_them(local: str, utc: str) -> None:
    assert timestamp_text(utc_us(microseconds(local), "Europe/Berlin")) == utc


def test_moments_are_shown_by_the_clocks_of_a_zone() -> None:
    assert timestamp_text(local_us(microseconds("2024-01-01 00:00:00"), "Asia/Tokyo")) == "2024-01-01 09:00:00"


@pytest.mark.parametrize("number", [float("nan"), float("-inf")])
def test_rows_that_iris_is_to_read_hold_no_numbers_that_it_has_not(number: float) -> None:
    assert as_json([(1.5, None)], [oids.FLOAT8, oids.TEXT]) == '[{"c1":"1.5","c2":null}]'
    with pytest.raises(PgError) as caught:
        as_json([(1.5,), (number,)], [oids.FLOAT8])
    assert caught.value.code == "0A000"
