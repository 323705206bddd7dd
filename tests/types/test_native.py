"""The compiled twin gives the bytes that Python gives, for any value of any type, and its errors."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.codec import Context, Oid
from pgiris.types.rows import Column, RowPlan, decoder
from pgiris.types.table import TYPES, TypeRow, parse_type
from tests.support import encoders
from tests.types.samples import SAMPLES

pytestmark = pytest.mark.skipif(bool(encoders.missing()), reason=encoders.missing())

CONTEXTS = (
    Context(),
    Context(
        time_zone="Europe/Berlin", date_style="German", bytea_output="escape", extra_float_digits=0, interval_style="iso_8601"
    ),
    Context(client_encoding="LATIN1"),
)
TYPMODS: dict[Oid, tuple[int, ...]] = {
    oids.NUMERIC: tuple(parse_type(name)[1] for name in ("numeric(10,2)", "numeric(12,0)", "numeric(20,9)")),
    oids.BPCHAR: (parse_type("character(7)")[1],),
    **dict.fromkeys((oids.TIME, oids.TIMETZ, oids.TIMESTAMP, oids.TIMESTAMPTZ), (0, 3, 6)),
}
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(2**33), 2**33),
    st.floats(),
    st.floats(width=32),
    st.decimals(allow_nan=False, places=3),
    st.text(),
    st.text(st.characters(categories=("Cs", "Lu", "Nd"))),
    st.text("0123456789.-+eE:", max_size=30),
    st.binary(),
)
NUMBERS = st.from_regex(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", fullmatch=True)
MOMENTS = st.datetimes().map(lambda moment: moment.isoformat(" "))


def values_of(row: TypeRow, count: int) -> list[Any]:
    """As a backend may give them."""
    r, decode = random.Random(row.name), decoder(row.oid, 0, Context())
    name = f"{row.name.removeprefix('_')}[]" if row.is_array else row.name
    make = SAMPLES.get(f'"{name}"' if name.startswith("char") else name)
    found = []
    for _ in range(count if make is not None else 0):
        try:
            found.append(decode(make(r).encode()))
        except PgError:
            continue  # IRIS has no such value
    return found


def outcome(column: Column, code: int, context: Context, rows: Sequence[tuple[Any, ...]]) -> object:
    out = bytearray(b"before")
    try:
        RowPlan([column], (code,), context).encode(rows, out)
    except PgError as error:
        assert out == b"before"
        return error.code, error.message
    except Exception as error:
        return type(error)
    return bytes(out)


def assert_equal(column: Column, context: Context, rows: Sequence[tuple[Any, ...]]) -> None:
    for code in (0, 1):
        with encoders.use("python"):
            expected = outcome(column, code, context, rows)
        assert outcome(column, code, context, rows) == expected, (column, code, context, rows)


@pytest.mark.parametrize("row", TYPES.values(), ids=lambda row: row.name)
def test_values_of_all_types_have_the_same_bytes(row: TypeRow) -> None:
    values = values_of(row, 300)
    for context in CONTEXTS:
        for typmod in (-1, *TYPMODS.get(row.oid, ())):
            column = Column("c", row.oid, typmod)
            for value in (*values[:100], None):
                assert_equal(column, context, [(value,)])
            assert_equal(column, context, [(value,) for value in (*values, None)])


@given(oid=st.sampled_from([oid for oid in TYPES if not TYPES[oid].is_array]), values=st.lists(ANYTHING, min_size=1, max_size=3))
def test_values_of_any_shape_have_the_same_bytes_or_error(oid: Oid, values: list[Any]) -> None:
    for typmod in (-1, *TYPMODS.get(oid, ())[:1]):
        assert_equal(Column("c", oid, typmod), Context(), [(value,) for value in values])


@given(st.lists(st.tuples(NUMBERS, NUMBERS.map(Decimal), st.floats(), MOMENTS), min_size=1, max_size=5))
def test_rows_have_the_same_bytes(rows: list[tuple[Any, ...]]) -> None:
    columns = [
        Column("a", *parse_type("numeric(10,2)")),
        *(Column("b", oid) for oid in (oids.NUMERIC, oids.FLOAT8, oids.TIMESTAMP)),
    ]
    for formats in ((0,), (1,), (0, 1, 1, 0)):
        with encoders.use("python"):
            expected = bytearray()
            RowPlan(columns, formats, Context()).encode(rows, expected)
        out = bytearray()
        RowPlan(columns, formats, Context()).encode([list(row) for row in rows], out)
        assert out == expected


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_vectors_have_the_same_bytes(elements: list[float]) -> None:
    value = ",".join(f"{element:.9g}" for element in elements)
    assert_equal(Column("v", oids.VECTOR), Context(), [(value,)])


def test_a_row_of_another_width_is_refused() -> None:
    plan = RowPlan([Column("a", oids.INT4), Column("b", oids.INT4)], (), Context())
    with pytest.raises(ValueError, match="columns"):
        plan.encode([(1,)], bytearray())


CHOICE = "from pgiris.types import native; print(native.description(), native.problem(), sep='|')"
NONE_OF = "PGIRIS_ENCODER is rust, which is none of auto, native, python"


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("auto", "native|"),
        ("native", "native|"),
        ("python", "Python (PGIRIS_ENCODER is python)|"),
        ("rust", f"Python ({NONE_OF})|{NONE_OF}"),
    ],
)
def test_a_variable_chooses_the_encoder(choice: str, said: str) -> None:
    environment = {**os.environ, "PGIRIS_ENCODER": choice}
    done = subprocess.run([sys.executable, "-c", CHOICE], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == said
