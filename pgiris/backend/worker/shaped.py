"""Shaped: rows as the client asked for them, made of the rows that a backend could give (sql/plan.py's Shaping)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cmp_to_key
from typing import Any

from pgiris.backend.base import Row, Rows
from pgiris.backend.worker.frames import GroupingFrame, ShapingFrame
from pgiris.compute.comparisons import comparer, equal_key
from pgiris.compute.native import inward
from pgiris.compute.program import Program, columns_of, compiled, oid_of
from pgiris.compute.rowcounts import Clause, require_count
from pgiris.types.codec import Context, Oid, Value
from pgiris.types.rows import Column

Run = Callable[[Row, Row], Value]
BATCH_ROWS = 512


def asked_columns(shaping: ShapingFrame) -> tuple[Column, ...]:
    """The columns that the backend is asked for, as far as they are used."""
    groups = shaping.grouping
    if groups is not None:
        programs, condition = [*groups.keys, *groups.aggregates], groups.condition
    else:
        programs, condition = [*shaping.items, *(key[0] for key in shaping.order)], shaping.condition
    programs += [rows for rows, _, _ in shaping.expansions]
    columns = columns_of(programs if condition is None else [*programs, condition])
    if not shaping.expansions:
        return columns
    return (*columns[: shaping.width], *[Column("", Oid(0))] * (shaping.width - len(columns)))


class Shaper:
    """A shaping under one Context. Its programs are made once."""

    def __init__(self, shaping: ShapingFrame, context: Context, columns: tuple[Column, ...]) -> None:
        def run(program: Program | None) -> Run | None:
            return None if program is None else compiled(program, context)

        self.items = [compiled(program, context) for program in shaping.items]
        self.condition = run(shaping.condition)
        self.keys = [compiled(key[0], context) for key in shaping.order]
        self.compare = _comparison(shaping)
        self.distinct = [_plain_value(oid_of(program)) for program in shaping.items] if shaping.distinct else []
        self.offset, self.limit = run(shaping.offset), run(shaping.limit)
        self.columns = columns
        self.expansions = [(compiled(rows, context), outer, width) for rows, outer, width in shaping.expansions]
        self.grouper = None if shaping.grouping is None else Grouper(shaping.grouping, context)

    @property
    def is_plain(self) -> bool:
        """Whether all rows count as they come."""
        return self.condition is None and not self.keys and not self.distinct

    def rows(self, rows: Rows, values: Row) -> Shaped:
        for expansion in self.expansions:
            rows = Expanded(rows, values, *expansion)
        return Shaped(self, rows if self.grouper is None else self.grouper.rows(rows, values), values)


class Expanded:
    """Several rows for each of others, as backend/base.py's Rows. outer: one with NULLs where there would be none."""

    row_count = -1

    def __init__(self, rows: Rows, values: Row, make: Run, outer: bool, width: int) -> None:
        self.columns = rows.columns
        self._rows, self._values, self._make = rows, values, make
        self._none: list[Row] = [(None,) * width] if outer else []
        self._pending: list[Row] = []

    def fetch(self, limit: int) -> Sequence[Row]:
        ended = False
        while not ended and len(self._pending) < limit:
            batch = self._rows.fetch(limit)
            ended = len(batch) < limit
            for row in batch:
                made: Any = self._make(self._values, row)
                self._pending += [(*row, *cells) for cells in made or self._none]
        taken, self._pending = self._pending[:limit], self._pending[limit:]
        return taken

    def close(self) -> None:
        self._rows.close()


class Grouper:
    """A grouping under one Context."""

    def __init__(self, grouping: GroupingFrame, context: Context) -> None:
        self._keys = [compiled(key, context) for key in grouping.keys]
        self._plain = [_plain_value(oid_of(key)) for key in grouping.keys]
        self._aggregates = [compiled(aggregate, context) for aggregate in grouping.aggregates]
        self._condition = None if grouping.condition is None else compiled(grouping.condition, context)

    def rows(self, rows: Rows, values: Row) -> Rows:
        """One row for each group."""
        groups: dict[Row, tuple[list[Value], list[Row]]] = {} if self._keys else {(): ([], [])}
        while batch := rows.fetch(BATCH_ROWS):
            for row in batch:
                if self._condition is not None and self._condition(values, row) is not True:
                    continue
                keys = [key(values, row) for key in self._keys]
                place = tuple([plain(key) for plain, key in zip(self._plain, keys, strict=True)])
                groups.setdefault(place, (keys, []))[1].append(row)
            if len(batch) < BATCH_ROWS:
                break
        return Made(
            [(*keys, *[aggregate(values, members) for aggregate in self._aggregates]) for keys, members in groups.values()], rows
        )


class Made:
    """Rows at hand, as backend/base.py's Rows. source: where they come from."""

    columns: tuple[Column, ...] | None = ()
    row_count = -1

    def __init__(self, rows: list[Row], source: Rows) -> None:
        self._rows, self._source = rows, source

    def fetch(self, limit: int) -> Sequence[Row]:
        taken, self._rows = self._rows[:limit], self._rows[limit:]
        return taken

    def close(self) -> None:
        self._source.close()


class Shaped:
    """As backend/base.py's Rows."""

    def __init__(self, shaper: Shaper, rows: Rows, values: Row) -> None:
        self._shaper, self._rows, self._values = shaper, rows, values
        self._skip = _count(shaper.offset, values, Clause.OFFSET) or 0
        self._left = _count(shaper.limit, values, Clause.LIMIT)
        self._sorted: list[Row] | None = None
        self.columns: tuple[Column, ...] | None = shaper.columns
        self.row_count = rows.row_count
        self._is_plain = shaper.is_plain and not self._skip and self._left is None
        self._pending: list[Row] = []
        self._seen: set[Row] = set()
        self._ended = False

    def fetch(self, limit: int) -> Sequence[Row]:
        items, values = self._shaper.items, self._values
        rows = self._rows.fetch(limit) if self._is_plain else self._chosen(limit)
        return [tuple([item(values, row) for item in items]) for row in rows]

    def close(self) -> None:
        self._rows.close()

    def _chosen(self, limit: int) -> Sequence[Row]:
        if self._left is not None:
            limit = min(limit, self._left)
        while not self._ended and len(self._pending) < self._skip + limit:
            self._fill()
        rows = self._pending[self._skip : self._skip + limit]
        del self._pending[: self._skip + limit]
        self._skip = 0
        if self._left is not None:
            self._left -= len(rows)
        return rows

    def _new(self, rows: Sequence[Row]) -> list[Row]:
        """Those whose items were not seen before."""
        shaper, found = self._shaper, []
        for row in rows:
            made = zip(shaper.items, shaper.distinct, strict=True)
            items = tuple([plain(item(self._values, row)) for item, plain in made])
            if items not in self._seen:
                self._seen.add(items)
                found.append(row)
        return found

    def _fill(self) -> None:
        """Another batch of rows that count, or all of them where they are to be ordered."""
        shaper, values = self._shaper, self._values
        while not self._ended:
            batch = self._rows.fetch(BATCH_ROWS)
            self._ended = len(batch) < BATCH_ROWS
            condition = shaper.condition
            chosen = batch if condition is None else [row for row in batch if condition(values, row) is True]
            self._pending += self._new(chosen) if shaper.distinct else chosen
            if not shaper.keys:
                return
        if shaper.keys:
            by_keys = cmp_to_key(shaper.compare)
            self._pending.sort(key=lambda row: by_keys([key(values, row) for key in shaper.keys]))


def _plain_value(oid: Oid) -> Callable[[Value], Any]:
    make = equal_key(oid)
    return lambda value: None if value is None else make(value)


def _count(run: Run | None, values: Row, clause: Clause) -> int | None:
    return None if run is None else require_count(run(values, ()), clause)


def _comparison(shaping: ShapingFrame) -> Callable[[list[Value], list[Value]], int]:
    kinds = [
        (inward(oid_of(program)), comparer(oid_of(program)), descending, nulls_first)
        for program, descending, nulls_first in shaping.order
    ]

    def compare(one: list[Value], other: list[Value]) -> int:
        for a, b, (native, order, descending, nulls_first) in zip(one, other, kinds, strict=True):
            if a is None or b is None:
                found = (0 if a is b else -1 if a is None else 1) * (1 if nulls_first else -1)
            else:
                found = order(native(a), native(b)) * (-1 if descending else 1)
            if found:
                return found
        return 0

    return compare
