"""Sequences as values: how they count, and which are refused."""

from __future__ import annotations

from typing import Any

import pytest

from pgiris import sqlstate
from pgiris.backend.sequence import Sequence, altered, created
from pgiris.errors import PgError
from pgiris.types import oids


def made(**options: Any) -> Sequence:
    return created("SQLUser", "s", options)


# options -> the first numbers
COUNTS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [1, 2, 3]),
    ({"start": 10, "increment": 50}, [10, 60, 110]),
    ({"increment": -1}, [-1, -2, -3]),
    ({"increment": -3, "minimum": -10, "maximum": 10, "start": 5, "cycle": True}, [5, 2, -1, -4, -7, -10, 10, 7]),
    ({"maximum": 3, "cycle": True}, [1, 2, 3, 1]),
    ({"minimum": 5, "maximum": None}, [5, 6]),
    ({"restart": 7}, [7, 8]),
]


@pytest.mark.parametrize(("options", "numbers"), COUNTS, ids=[str(options) for options, _ in COUNTS])
def test_numbers_are_drawn_in_turn(options: dict[str, Any], numbers: list[int]) -> None:
    sequence = made(**options)
    one_by_one = []
    for _ in numbers:
        sequence, drawn = sequence.draw(1)
        one_by_one += drawn
    assert one_by_one == numbers
    assert made(**options).draw(len(numbers))[1] == numbers


def test_the_end_is_an_error_and_changes_nothing() -> None:
    sequence, _ = made(maximum=2).draw(2)
    with pytest.raises(PgError) as raised:
        sequence.draw(1)
    assert raised.value.code == sqlstate.SEQUENCE_GENERATOR_LIMIT_EXCEEDED
    assert raised.value.message == 'nextval: reached maximum value of sequence "s" (2)'
    assert (sequence.last, sequence.called) == (2, True)


def test_a_value_that_is_put_comes_next_or_was_given_out() -> None:
    assert made().put(40, True).draw(1)[1] == [41]
    assert made().put(40, False).draw(1)[1] == [40]
    with pytest.raises(PgError, match="out of bounds"):
        made(maximum=39).put(40, True)


def test_limits_of_the_type_change_with_it_and_others_stay() -> None:
    narrow = altered(made(), {"type": int(oids.INT2)})
    assert (narrow.minimum, narrow.maximum) == (1, 2**15 - 1)
    assert altered(made(maximum=100), {"type": int(oids.INT2)}).maximum == 100
    assert altered(made(), {"increment": 5}).maximum == 2**63 - 1


def test_restart_goes_back_to_the_start_that_is_given_with_it() -> None:
    sequence, _ = made(start=3).draw(4)
    assert altered(sequence, {"restart": None}).draw(1)[1] == [3]
    assert altered(sequence, {"restart": None, "start": 9}).draw(1)[1] == [9]
    assert altered(sequence, {"increment": 2}).draw(1)[1] == [8]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"increment": 0}, "INCREMENT must not be zero"),
        ({"minimum": 10, "maximum": 5}, "MINVALUE (10) must be less than MAXVALUE (5)"),
        ({"start": 0}, "START value (0) cannot be less than MINVALUE (1)"),
        ({"type": int(oids.INT2), "maximum": 100000}, "MAXVALUE (100000) is out of range for sequence data type smallint"),
        ({"type": int(oids.TEXT)}, "sequence type must be smallint, integer, or bigint"),
        ({"cache": 0}, "CACHE (0) must be greater than zero"),
    ],
)
def test_what_cannot_be_a_sequence_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(PgError) as raised:
        made(**options)
    assert (raised.value.code, raised.value.message) == (sqlstate.INVALID_PARAMETER_VALUE, message)
