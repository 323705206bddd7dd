"""The bounded map of plans."""

from __future__ import annotations

from pgiris.sql.lru import Lru


def test_what_was_not_used_for_the_longest_time_is_forgotten() -> None:
    lru: Lru[str, int] = Lru(3)
    for number, key in enumerate("abc"):
        lru.put(key, number)
    assert lru.get("a") == 0
    lru.put("d", 3)
    assert [lru.get(key) for key in "abcd"] == [0, None, 2, 3]


def test_heavy_entries_count_for_more() -> None:
    lru: Lru[str, int] = Lru(10)
    lru.put("a", 1, 6)
    lru.put("b", 2, 6)
    assert (lru.get("a"), lru.get("b"), len(lru)) == (None, 2, 1)
    lru.put("c", 3, 11)
    assert (lru.get("b"), lru.get("c")) == (2, None)
    lru.put("b", 4, 1)
    lru.put("d", 5, 9)
    assert (lru.get("b"), lru.get("d")) == (4, 5)
