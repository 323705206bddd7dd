"""Products of vectors are the same from either encoder."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgiris.backend.sandbox import vectors
from pgiris.errors import PgError
from tests.support import encoders

ELEMENTS = st.floats(-1e6, 1e6, width=32)
PAIRS = st.integers(1, 20).flatmap(
    lambda n: st.tuples(st.lists(ELEMENTS, min_size=n, max_size=n), st.lists(ELEMENTS, min_size=n, max_size=n))
)
TWIN_KNOWS = [vectors.packed([1.0, 2.0], "FLOAT"), vectors.packed([0.0, 0.0], "FLOAT"), None]
OTHERS = [vectors.packed([1.0, 2.0, 3.0], "FLOAT"), vectors.packed([1.0, 2.0], "DOUBLE"), vectors.packed([1, 2], "INTEGER")]


def outcome(function: Callable[[bytes | None, bytes | None], float | None], a: bytes | None, b: bytes | None) -> object:
    try:
        return function(a, b)
    except PgError as error:
        return error.code, error.message


@pytest.mark.skipif(bool(encoders.missing()), reason=encoders.missing())
@given(PAIRS)
def test_products_agree(pair: tuple[list[float], list[float]]) -> None:
    a, b = (vectors.packed(elements, "FLOAT") for elements in pair)
    for function in (vectors.dot, vectors.cosine):
        with encoders.use("python"):
            expected = function(a, b)
        found = function(a, b)
        if expected is None or found is None:
            assert found is expected
        else:  # from Python 3.12 on, Python adds more exactly
            assert math.isclose(found, expected, rel_tol=1e-6, abs_tol=1e-3)


@pytest.mark.skipif(bool(encoders.missing()), reason=encoders.missing())
@pytest.mark.parametrize("a", [*TWIN_KNOWS, *OTHERS])
@pytest.mark.parametrize("b", [*TWIN_KNOWS, *OTHERS])
def test_other_vectors_and_nulls_are_answered_the_same(a: bytes | None, b: bytes | None) -> None:
    for function in (vectors.dot, vectors.cosine):
        with encoders.use("python"):
            expected = outcome(function, a, b)
        assert outcome(function, a, b) == expected
