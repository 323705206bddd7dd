"""OIDs of named objects."""

from __future__ import annotations

import random

import pytest

from pgiris.types import objects

NAMES = [("SQLUser", f"Table_{number}") for number in range(500)]


def test_names_that_differ_in_case_are_one_object() -> None:
    assert objects.assign("relation", [("SQLUser", "T"), ("sqluser", "t")]).keys() == {("sqluser", "t")}


@pytest.mark.parametrize("kind", objects.RANGES)
def test_oids_lie_above_those_of_postgres_and_fit_signed_integers(kind: str) -> None:
    first, end = objects.RANGES[kind]
    found = objects.assign(kind, NAMES).values()
    assert 16384 <= first <= min(found) and max(found) < end <= 2**31


def test_an_oid_does_not_depend_on_the_other_objects() -> None:
    every = objects.assign("relation", NAMES)
    for name in NAMES[:20]:
        assert objects.assign("relation", [name]).items() <= every.items()


def test_objects_that_collide_are_told_apart_whatever_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(objects.RANGES, "relation", (16384, 16384 + 600))
    objects._number.cache_clear()
    shuffled = random.Random(1).sample(NAMES, len(NAMES))
    found = objects.assign("relation", NAMES)
    assert len(set(found.values())) == len(NAMES)
    assert objects.assign("relation", shuffled) == found
    objects._number.cache_clear()
