"""Cuts of batches: the values that they give are those of the messages, and what is the same is all the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgiris.wire.cut import Pattern, cut, query_text
from pgiris.wire.messages import Bind, Describe, Execute, Parse, Query, Sync

END = Describe(b"P", "").encode() + Execute("", 0).encode() + Sync().encode()
names = st.sampled_from(["", "s", "P0_1"])
Values = tuple[bytes | None, ...]
values = st.lists(st.none() | st.binary(max_size=20), max_size=4).map(tuple)
formats = st.sampled_from([(), (0,), (1,)])
parses = st.none() | st.builds(Parse, names, st.sampled_from([b"SELECT 1", b"SELECT $1"]), st.just(()))
binds = st.builds(Bind, st.just(""), names, formats, values, formats)


def batch(parse: Parse | None, bind: Bind) -> bytes:
    return (b"" if parse is None else parse.encode()) + bind.encode() + END


def with_values(bind: Bind, values: Values) -> Bind:
    return Bind(bind.portal, bind.statement, bind.parameter_formats, values, bind.result_formats)


def pattern(data: bytes) -> Pattern:
    found = cut(data)
    assert found is not None
    return Pattern(found.before, found.after, found.bound)


@given(parses, binds)
def test_a_cut_gives_the_values_of_bind(parse: Parse | None, bind: Bind) -> None:
    found = cut(batch(parse, bind))
    assert found is not None
    assert found.values == bind.parameters
    assert pattern(batch(parse, bind)).values(batch(parse, bind)) == list(bind.parameters)


@given(parses, binds, values)
def test_batches_that_differ_in_values_alone_are_cut_alike(parse: Parse | None, bind: Bind, others: Values) -> None:
    data, other = batch(parse, bind), batch(parse, with_values(bind, others))
    one, two = cut(data), cut(other)
    assert one is not None and two is not None
    assert (one[:3] == two[:3]) is (len(others) == len(bind.parameters))
    assert pattern(data).values(other) == (list(others) if len(others) == len(bind.parameters) else None)


@given(parses, binds, parses, binds)
def test_batches_that_differ_in_anything_else_are_not_taken_for_each_other(
    parse: Parse | None, bind: Bind, other_parse: Parse | None, other_bind: Bind
) -> None:
    data, other = batch(parse, bind), batch(other_parse, other_bind)
    found = pattern(data).values(other)
    same = (bind.statement, bind.parameter_formats, bind.result_formats, len(bind.parameters)) == (
        (other_bind.statement, other_bind.parameter_formats, other_bind.result_formats, len(other_bind.parameters))
    )
    assert found == (list(other_bind.parameters) if same and parse == other_parse else None)


@given(parses, binds, st.data())
def test_what_is_not_one_whole_batch_is_never_taken_for_one(parse: Parse | None, bind: Bind, draw: st.DataObject) -> None:
    data = batch(parse, bind)
    known = pattern(data)
    end = draw.draw(st.integers(0, len(data) - 1))
    assert known.values(data[:end]) is None
    assert known.values(data + Sync().encode()) is None
    at = draw.draw(st.integers(0, len(data) - 1))
    changed = data[:at] + bytes([data[at] ^ draw.draw(st.integers(1, 255))]) + data[at + 1 :]
    taken = known.values(changed)
    if taken is not None:  # a byte of a value
        assert len(taken) == len(bind.parameters) and taken != list(bind.parameters)
        assert batch(parse, with_values(bind, tuple(taken))) == changed


@given(st.binary(max_size=60))
def test_any_bytes_can_be_looked_at(data: bytes) -> None:
    found = cut(data)
    assert found is None or Pattern(found.before, found.after, found.bound).values(data) in (None, list(found.values))
    query_text(data)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (Query("SELECT 'ä'".encode()).encode(), "SELECT 'ä'"),
        (Query(b"SELECT 1").encode() + Sync().encode(), None),
        (Query(b"SELECT 1").encode()[:-1], None),
        (Query(b"SELECT '\xff'").encode(), None),
        (b"Q\0\0\0\7a\0b\0", None),
        (b"Q\0\0\0\4", None),
    ],
)
def test_the_text_of_a_query(data: bytes, text: str | None) -> None:
    assert query_text(data) == text
