"""Exact numbers, collations, vectors, casts: what values mean."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgiris.backend.sandbox import decimals, vectors
from tests.sandbox.conftest import sqlcode


def test_nineteen_digits_lose_nothing(run: Any) -> None:
    run("CREATE TABLE t (a NUMERIC(19,0), b NUMERIC(19,9), c NUMERIC(19,18))")
    row = ("1234567890123456789", "1234567890.123456789", "1.234567890123456789")
    run("INSERT INTO t VALUES (?, ?, ?)", *row)
    assert run("SELECT * FROM t") == [row]
    assert run("SELECT a + 1, b + 0.000000001, c - 1, a - a FROM t") == [
        ("1234567890123456790", "1234567890.12345679", "0.234567890123456789", "0")
    ]
    assert run("SELECT SUM(a), MAX(b), AVG(c) FROM t") == [row]
    assert run("SELECT COUNT(*) FROM t WHERE a = 1234567890123456789 AND b = ? AND c > 1.234567890123456788", row[1]) == [(1,)]
    assert run("SELECT COUNT(*) FROM t WHERE a = 1234567890123456788") == [(0,)]


def test_numerics_are_rounded_to_their_scale_when_stored(run: Any, failure: Any) -> None:
    run("CREATE TABLE t (a NUMERIC(5,2), b NUMERIC, c NUMERIC(5))")
    run("INSERT INTO t VALUES ('1.005', '2.5', '-2.5')")
    run("INSERT INTO t VALUES ('-1.005', '2.4', '0.4')")
    assert run("SELECT * FROM t") == [("1.01", "3", "-3"), ("-1.01", "2", "0")]
    assert sqlcode(failure("INSERT INTO t (a) VALUES ('1000')")) == -104
    assert sqlcode(failure("INSERT INTO t (a) VALUES ('999.999')")) == -104


def test_numerics_sort_by_value_and_find_by_value(run: Any) -> None:
    run("CREATE TABLE t (a NUMERIC(19,4) PRIMARY KEY)")
    numbers = ["-10", "-9.5", "-0.0001", "0", "0.5", "1", "9", "10", "100", "99.99", "100000000000000"]
    for number in random.Random(1).sample(numbers, len(numbers)):
        run("INSERT INTO t VALUES (?)", number)
    expected = sorted(numbers, key=Decimal)
    assert [a for (a,) in run("SELECT a FROM t ORDER BY a")] == expected
    assert [a for (a,) in run("SELECT a FROM t WHERE a > -9.50 AND a <= ? ORDER BY a DESC", "99.9900")] == expected[8:1:-1]
    assert run("SELECT a FROM t WHERE a = 10.00") == [("10",)]


ARITHMETIC = [
    ("7/2", "3.5"),
    ("7\\2", 3),
    ("-7\\2", -3),
    ("7 # 3", 1),
    ("-7 # 3", 2),
    ("7 # -3", -2),
    ("MOD(-7, 3)", -1),
    ("1/3", "0.3333333333333333333"),
    ("2/3", "0.6666666666666666667"),
    ("0.1 + 0.2", "0.3"),
    ("1.10 + 2", "3.1"),
    ("3 * 1.5", "4.5"),
    ("1.5 # 1", "0.5"),
    ("7.5 \\ 2", "3"),
    ("1E1 / 4", 2.5),
    ("2 + 3 * 4", 14),
    ("(2 + 3) * 4", 20),
    ("-(2)", -2),
    ("- -2", 2),
    ("'12abc' + 1", "13"),
    ("'' + 5", "5"),
    ("10 - 2 - 3", 5),
    ("1 || 2", "12"),
    ("1.50 || 'x'", "1.5x"),
    ("9223372036854775806 + 1", 9223372036854775807),
]


@pytest.mark.parametrize(("sql", "value"), ARITHMETIC, ids=[sql for sql, _ in ARITHMETIC])
def test_arithmetic(run: Any, sql: str, value: Any) -> None:
    ((result,),) = run(f"SELECT {sql}")
    assert result == value and type(result) is type(value)


@pytest.mark.parametrize("sql", ["1/0", "1\\0", "1 # 0", "MOD(1, 0)", "1.5/0", "1E0/0", "6/''", "1.5 \\ 0"])
def test_dividing_by_zero_is_fatal(failure: Any, sql: str) -> None:
    error = failure(f"SELECT {sql}")
    assert (sqlcode(error), error.code, error.message) == (-400, "22012", "division by zero")


@pytest.mark.parametrize("sql", ["9223372036854775807 + 1", "-9223372036854775807 - 2", "9223372036854775807 * 2"])
def test_a_whole_number_that_gets_too_large_is_refused(failure: Any, sql: str) -> None:
    assert failure(f"SELECT {sql}").code == "22003"


def test_a_parameter_in_whole_arithmetic_may_be_a_fraction(run: Any) -> None:
    assert run("SELECT 3 + ?, 3 * ?, 3 + ?", 1, "0.1", "2.0") == [(4, 0.3, 5)]


numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**8), max_value=10**8, places=8)


@given(numbers, numbers)
def test_exact_arithmetic_agrees_with_decimal(a: Decimal, b: Decimal) -> None:
    x, y = decimals.canonical(a), decimals.canonical(b)
    assert Decimal(decimals.add(x, y) or "") == a + b
    assert Decimal(decimals.subtract(x, y) or "") == a - b
    assert decimals.compare(x, y) == (a > b) - (a < b)
    if b:
        remainder = Decimal(decimals.modulo(x, y) or "")
        assert remainder == 0 or (remainder > 0) == (b > 0)


# Collations


@pytest.fixture
def words(run: Any) -> None:
    run("CREATE TABLE w (id INTEGER, e VARCHAR(10) COLLATE EXACT, u VARCHAR(10), s VARCHAR(10) COLLATE SQLSTRING)")
    for id_, word in enumerate(("b", "a", "A", "a ", "10", "9", "", "  ", None)):
        run("INSERT INTO w VALUES (?, ?, ?, ?)", id_, word, word, word)


COLLATED = [
    ("e = 'a'", [1]),
    ("u = 'a'", [1, 2, 3]),
    ("s = 'a'", [1, 3]),
    ("u = ?", [1, 2, 3]),
    ("%EXACT(u) = 'a'", [1]),
    ("e <> 'a' AND e > '9'", [0, 2, 3, 4, 6, 7]),
    ("u > 'a'", [0]),
    ("u < 'A'", [4, 5, 6, 7]),
    ("u IN ('A', 'x')", [1, 2, 3]),
    ("e IN ('A', 'x')", [2]),
    ("u = ''", [6, 7]),
    ("e = ''", [6]),
    ("s = ''", [6, 7]),
    ("u LIKE 'A%'", [1, 2, 3]),
    ("e LIKE 'A%'", [2]),
    ("u %STARTSWITH 'A'", [1, 2, 3]),
    ("u [ 'A'", [2]),
    ("u %MATCHES '[A-B]'", [2]),
    ("u BETWEEN 'a' AND 'A'", [1, 2, 3]),
    ("e IS NULL", [8]),
    ("UPPER(e) = 'A'", [2, 1]),
    ("u || 'x' = 'ax'", [1]),
]


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(("condition", "ids"), COLLATED, ids=[c for c, _ in COLLATED])
def test_strings_compare_by_the_collation_of_their_column(run: Any, condition: str, ids: list[int]) -> None:
    found = run(f"SELECT id FROM w WHERE {condition}", *(["a"] if "?" in condition else []))
    assert sorted(id_ for (id_,) in found) == sorted(ids)


@pytest.mark.usefixtures("words")
def test_grouping_shows_collated_strings(run: Any) -> None:
    assert sorted(run("SELECT DISTINCT u FROM w WHERE u > ''")) == [("10",), ("9",), ("A",), ("B",)]
    assert sorted(run("SELECT u, COUNT(*) FROM w WHERE u = 'a' GROUP BY u")) == [("A", 3)]
    assert sorted(run("SELECT %EXACT(u) FROM w WHERE u = 'a'")) == [("A",), ("a",), ("a ",)]
    assert sorted(run("SELECT DISTINCT e FROM w WHERE u = 'a'")) == [("A",), ("a",), ("a ",)]
    assert run("SELECT u FROM w WHERE u = 'b' UNION SELECT u FROM w WHERE u = 'B'") == [("B",)]
    assert run("SELECT COUNT(DISTINCT u), COUNT(DISTINCT e) FROM w") == [(5, 8)]


@pytest.mark.usefixtures("words")
def test_strings_sort_by_the_namespace_unless_exact(run: Any) -> None:
    assert [e for (e,) in run("SELECT e FROM w WHERE id IN (0, 2, 4, 5) ORDER BY e")] == ["10", "9", "A", "b"]
    assert [e for (e,) in run("SELECT e FROM w WHERE id IN (0, 1, 2, 4, 5) ORDER BY %EXACT(e)")] == ["9", "10", "A", "a", "b"]


def test_keys_follow_their_collation(run: Any, failure: Any) -> None:
    run("CREATE TABLE u (a VARCHAR(5) UNIQUE)")
    run("CREATE TABLE e (a VARCHAR(5) COLLATE EXACT UNIQUE)")
    for table in ("u", "e"):
        run(f"INSERT INTO {table} VALUES ('a')")
        run(f"INSERT INTO {table} VALUES (NULL)")
        run(f"INSERT INTO {table} VALUES (NULL)")
    assert sqlcode(failure("INSERT INTO u VALUES ('A ')")) == -119
    run("INSERT INTO e VALUES ('A ')")


def test_two_literals_compare_as_they_are(run: Any) -> None:
    assert run("SELECT CASE WHEN 'a' = 'A' THEN 1 ELSE 0 END") == [(0,)]


# CAST

CASTS = [
    ("CAST('Hello' AS CHAR)", "H"),
    ("CAST('Hello World' AS DOUBLE)", 0.0),
    ("CAST('2021-02-29' AS DATE)", "1840-12-31"),
    ("CAST('x' AS TIME)", "00:00:00"),
    ("CAST('x' AS TIMESTAMP)", "1840-12-31 00:00:00"),
    ("CAST(42.9 AS INTEGER)", 42),
    ("CAST('42.9xyz' AS INTEGER)", 42),
    ("CAST(12.345 AS NUMERIC(10,2))", "12.35"),
    ("CAST('1.5' AS DECIMAL)", "1.5"),
    ("CAST(5 AS BIT)", 1),
    ("CAST(0 AS BIT)", 0),
    ("CAST(1.5 AS VARCHAR(20))", "1.5"),
    ("CAST('abcdef' AS VARCHAR(3))", "abc"),
    ("CAST('2020-02-29' AS TIMESTAMP)", "2020-02-29 00:00:00"),
    ("CAST({ts '2020-02-29 10:00:00'} AS DATE)", "2020-02-29"),
    ("CAST({d '2020-02-29'} AS VARCHAR(20))", "2020-02-29"),
    ("CAST(NULL AS INTEGER)", None),
    ("CAST({d '1841-01-01'} AS INTEGER)", 1),
    ("CONVERT(INTEGER, '5')", 5),
    ("{fn CONVERT('5', SQL_VARCHAR)}", "5"),
    ("CAST('1E3' AS DOUBLE)", 1000.0),
]


@pytest.mark.parametrize(("sql", "value"), CASTS, ids=[sql for sql, _ in CASTS])
def test_cast(run: Any, sql: str, value: Any) -> None:
    assert run(f"SELECT {sql}") == [(value,)]


def test_cast_as_varchar_cuts_to_thirty_characters(run: Any) -> None:
    assert run("SELECT CAST(? AS VARCHAR)", "x" * 40) == [("x" * 30,)]
    assert run("SELECT CAST(? AS VARCHAR(4096))", "x" * 40) == [("x" * 40,)]


def test_parameters_are_cast_by_value(run: Any) -> None:
    row = run(
        "SELECT CAST(? AS INTEGER), CAST(? AS NUMERIC(10,2)), CAST(? AS DOUBLE), CAST(? AS BIT), CAST(? AS DATE)",
        "12.7",
        "1.255",
        "2.5",
        True,
        "2020-01-02",
    )
    assert row == [(12, "1.26", 2.5, 1, "2020-01-02")]


def test_streams_are_good_for_little(run: Any, failure: Any) -> None:
    run("CREATE TABLE t (l LONGVARCHAR, b LONGVARBINARY)")
    run("INSERT INTO t VALUES (?, ?)", "x" * 100_000, b"\0" * 100_000)
    assert run("SELECT CHAR_LENGTH(l), SUBSTRING(l, 1, 2), COUNT(b) FROM t WHERE l IS NOT NULL") == [(100_000, "xx", 1)]
    for sql, code in (
        ("SELECT UPPER(l) FROM t", -37),
        ("SELECT 1 FROM t WHERE l = 'x'", -313),
        ("SELECT 1 FROM t WHERE l LIKE 'x'", -313),
        ("SELECT l FROM t ORDER BY l", -313),
        ("SELECT l FROM t GROUP BY l", -313),
        ("SELECT DISTINCT l FROM t", -313),
        ("SELECT l || 'x' FROM t", -37),
    ):
        assert sqlcode(failure(sql)) == code, sql


# Vectors


def test_vectors(run: Any, failure: Any) -> None:
    run("CREATE TABLE t (id INTEGER, f VECTOR(FLOAT,3), d VECTOR(DOUBLE), i VECTOR(INT,2))")
    run("INSERT INTO t VALUES (1, '[1,2,3]', TO_VECTOR('0.1,0.2', DOUBLE), TO_VECTOR(?, INTEGER))", "1.7,2")
    assert run("SELECT f, d, i FROM t") == [("1,2,3", "0.1,0.2", "1,2")]
    assert run("SELECT VECTOR_DOT_PRODUCT(f, TO_VECTOR(?, FLOAT)) FROM t", "1,0,1") == [(4.0,)]
    ((similarity,),) = run("SELECT VECTOR_COSINE(f, TO_VECTOR('2,4,6')) FROM t")
    assert similarity == pytest.approx(1.0)
    assert run("SELECT VECTOR_COSINE(f, NULL), TO_VECTOR('1,2,3', FLOAT, 2), TO_VECTOR('1', FLOAT, 2) FROM t") == [
        (None, "1,2", "1,0")
    ]
    for sql, code in (
        ("SELECT VECTOR_COSINE(f, TO_VECTOR('1,2')) FROM t", -257),
        ("SELECT VECTOR_COSINE(f, '1,2,3') FROM t", -258),
        ("SELECT VECTOR_COSINE(f, ?) FROM t", -258),
        ("SELECT VECTOR_COSINE(f, TO_VECTOR('1,2,3', DOUBLE)) FROM t", -259),
        ("SELECT f FROM t ORDER BY f", -313),
    ):
        values = ["1,2,3"] if "?" in sql else []
        assert sqlcode(failure(sql, *values)) == code, sql


@given(
    st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False, min_value=-1e6, max_value=1e6), min_size=1, max_size=20)
)
def test_a_float_vector_reads_back_as_it_was_written(elements: list[float]) -> None:
    data = vectors.packed(elements, "FLOAT")
    assert list(vectors.unpack(data)) == elements
    assert vectors.pack(vectors.text(data) or "", "FLOAT") == data
