"""OIDs of named objects."""

from __future__ import annotations

import random

import pytest

from pgiris.types import objects
from pgiris.types.codec import Oid

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


def test_types_of_rows_have_oids_of_their_own() -> None:
    first, end = objects.RANGES["relation"]
    for relation in (Oid(first), Oid(end - 1)):
        numbers = [relation, objects.row_type(relation), objects.array_of_row_type(relation)]
        assert len(set(numbers)) == 3
        assert not any(low <= number < high for number in numbers[1:] for low, high in [objects.RANGES["relation"]])
        assert max(numbers) < objects.RANGES["part"][0]


@pytest.mark.parametrize("room", [600, 100_000, 1 << 28])
def test_oids_of_a_changing_set_are_those_of_the_same_set_at_once(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(objects.RANGES, "relation", (16384, 16384 + room))
    objects._number.cache_clear()
    chance = random.Random(2)
    assigned = objects.Assigned("relation")
    present: dict[tuple[str, ...], int] = {}
    for _ in range(20):
        gone = set(chance.sample(sorted(present), len(present) // 3))
        new = set(chance.sample(NAMES, 50)) - gone
        moved = assigned.change(gone, new)
        expected = objects.assign("relation", (set(present) - gone) | new)
        kept = [name for name in present if name not in gone]
        assert {name for name in kept if present[name] != assigned[name]} == {n for n in NAMES if _lower(n) in moved}
        present = {name: assigned[name] for name in NAMES if _lower(name) in expected}
        assert {_lower(name): oid for name, oid in present.items()} == expected
    objects._number.cache_clear()


def _lower(name: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.lower() for word in name)


def test_objects_that_collide_are_told_apart_whatever_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(objects.RANGES, "relation", (16384, 16384 + 600))
    objects._number.cache_clear()
    shuffled = random.Random(1).sample(NAMES, len(NAMES))
    found = objects.assign("relation", NAMES)
    assert len(set(found.values())) == len(NAMES)
    assert objects.assign("relation", shuffled) == found
    objects._number.cache_clear()
