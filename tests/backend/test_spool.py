"""Scrollable rows, with the positions that PostgreSQL gives."""

from collections.abc import Sequence

import pytest

from pgiris.backend.worker.spool import BATCH_ROWS, Spool


class Numbers:
    columns = None
    row_count = -1

    def __init__(self, count: int) -> None:
        self._numbers = iter(range(1, count + 1))
        self.fetched = 0

    def fetch(self, limit: int) -> Sequence[tuple[int]]:
        rows = [(n,) for _, n in zip(range(limit), self._numbers, strict=False)]
        self.fetched += len(rows)
        return rows

    def close(self) -> None:
        pass


def rows(spool: Spool, direction: str, count: int | None) -> list[int]:
    return [row[0] for row in spool.move(direction, count)]


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([("FORWARD", 2), ("BACKWARD", 1), ("FORWARD", 1)], [[1, 2], [1], [2]]),
        ([("FORWARD", None), ("FORWARD", 1), ("BACKWARD", 1)], [[1, 2, 3, 4, 5], [], [5]]),
        ([("FORWARD", None), ("BACKWARD", None), ("BACKWARD", 1), ("FORWARD", 1)], [[1, 2, 3, 4, 5], [5, 4, 3, 2, 1], [], [1]]),
        ([("ABSOLUTE", 3), ("RELATIVE", 1), ("RELATIVE", -2), ("RELATIVE", 0)], [[3], [4], [2], [2]]),
        ([("ABSOLUTE", -1), ("ABSOLUTE", -5), ("ABSOLUTE", -6), ("FORWARD", 1)], [[5], [1], [], [1]]),
        ([("ABSOLUTE", 9), ("BACKWARD", 2), ("ABSOLUTE", 0), ("FORWARD", 1)], [[], [5, 4], [], [1]]),
        ([("FORWARD", 0), ("FORWARD", 2), ("FORWARD", 0), ("BACKWARD", 0)], [[], [1, 2], [2], [2]]),
        ([("FORWARD", -1), ("FORWARD", 3), ("FORWARD", -2)], [[], [1, 2, 3], [2, 1]]),
    ],
)
def test_directions_give_the_rows_that_postgresql_gives(moves: list[tuple[str, int | None]], expected: list[list[int]]) -> None:
    spool = Spool(Numbers(5))
    assert [rows(spool, *move) for move in moves] == expected
    spool.close()


def test_rows_are_taken_from_the_backend_only_as_far_as_needed() -> None:
    numbers = Numbers(10 * BATCH_ROWS)
    spool = Spool(numbers)
    assert rows(spool, "FORWARD", 3) == [1, 2, 3]
    assert numbers.fetched == BATCH_ROWS
    assert rows(spool, "ABSOLUTE", -1) == [10 * BATCH_ROWS]
    assert rows(spool, "ABSOLUTE", BATCH_ROWS + 1) == [BATCH_ROWS + 1]
    spool.close()
