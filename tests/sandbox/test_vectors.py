"""Products of vectors are the same from either encoder."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgiris.backend.sandbox import sqlite, vectors
from pgiris.errors import PgError
from tests.support import encoders

FUNCTIONS = ("dot_product", "cosine")
ELEMENTS = st.floats(-1e6, 1e6, width=32)
PAIRS = st.integers(1, 40).flatmap(
    lambda n: st.tuples(st.lists(ELEMENTS, min_size=n, max_size=n), st.lists(ELEMENTS, min_size=n, max_size=n))
)
TWIN_KNOWS = [vectors.packed([1.0, 2.0], "FLOAT"), vectors.packed([0.0, 0.0], "FLOAT"), None]
OTHERS = [vectors.packed([1.0, 2.0, 3.0], "FLOAT"), vectors.packed([1.0, 2.0], "DOUBLE"), vectors.packed([1, 2], "INTEGER")]


def outcome(db: apsw.Connection, function: str, a: bytes | None, b: bytes | None) -> object:
    """What SQLite gives for iris_vector_..., or the error."""
    try:
        return db.execute(f"SELECT iris_vector_{function}(?, ?)", (a, b)).fetchall()[0][0]
    except PgError as error:
        return error.code, error.message


def connections() -> tuple[apsw.Connection, apsw.Connection]:
    """One whose functions are those of the twin, and one whose functions are Python's."""
    made = sqlite.connect(Path(":memory:")), sqlite.connect(Path(":memory:"))
    vectors.register(made[0])
    with encoders.use("python"):
        vectors.register(made[1])
    return made


@pytest.mark.skipif(bool(encoders.missing()), reason=encoders.missing())
@given(PAIRS)
def test_products_are_equal_to_the_last_bit(pair: tuple[list[float], list[float]]) -> None:
    a, b = (vectors.packed(elements, "FLOAT") for elements in pair)
    twin, python = connections()
    for function in FUNCTIONS:
        expected = outcome(python, function, a, b)
        assert outcome(twin, function, a, b) == expected
        assert expected is None or isinstance(expected, float)


@pytest.mark.skipif(bool(encoders.missing()), reason=encoders.missing())
@pytest.mark.parametrize("a", [*TWIN_KNOWS, *OTHERS])
@pytest.mark.parametrize("b", [*TWIN_KNOWS, *OTHERS])
def test_other_vectors_and_nulls_are_answered_the_same(a: bytes | None, b: bytes | None) -> None:
    twin, python = connections()
    for function in FUNCTIONS:
        assert outcome(twin, function, a, b) == outcome(python, function, a, b)


@pytest.mark.skipif(bool(encoders.missing()), reason=encoders.missing())
def test_a_connection_goes_on_after_vectors_that_differ() -> None:
    twin, _ = connections()
    for _ in range(3):
        assert isinstance(outcome(twin, "cosine", OTHERS[0], OTHERS[1]), tuple)
        assert outcome(twin, "dot_product", TWIN_KNOWS[0], TWIN_KNOWS[0]) == 5.0
