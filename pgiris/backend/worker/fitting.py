"""Fitting: values as PostgreSQL takes them: moments rounded for columns, texts without blanks that are too many, row counts,
sparsevecs of as many dimensions as their column.

In: which values of a step are bound for which columns (SourceFrame.fit), or count rows (SourceFrame.rows). IRIS refuses texts
that are too long, so that they are only looked at then. PostgreSQL: datatype-character, datatype-datetime, sql-select
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from pgiris import sqlstate
from pgiris.backend.base import BackendSession, ListValue, Rows, Shape
from pgiris.backend.placeholders import with_numbers
from pgiris.backend.worker.frames import StepFrame
from pgiris.compute import rowcounts
from pgiris.compute.rowcounts import Clause
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.codec import Oid, Value
from pgiris.types.datetime import round_us, rounded, time_text, time_us
from pgiris.types.native import MeasuredRows
from pgiris.types.sparsevec import sized

Bound = Sequence[Value | ListValue]
Fit = Callable[[Value], Value]


class Fitting(NamedTuple):
    """By the places of ``?``: what is made of values, how many characters a text may have, which numbers stand in the text."""

    values: tuple[tuple[int, Fit], ...] = ()
    lengths: tuple[tuple[int, int], ...] = ()
    in_text: tuple[int, ...] = ()

    def fitted(self, bound: Bound) -> Bound:
        """Raises PgError 2201W, 2201X."""
        if not self.values:
            return bound
        made = list(bound)
        for place, fit in self.values:
            made[place] = fit(made[place])
        return made

    def is_exceeded(self, rows: Sequence[Sequence[Value]], places: Sequence[int]) -> bool:
        """Whether a text of these rows is too long. places: where a row has the value of each ``?``."""
        lengths = [(places[place], length) for place, length in self.lengths]
        if isinstance(rows, MeasuredRows):
            return rows.exceeds(lengths)
        return any(_exceeds([row[place] for row in rows], length) for place, length in lengths)

    def cut(self, bound: Bound) -> Bound | None:
        """None: no text has blanks at its end that are too many."""
        made: list[Value | ListValue] = list(bound)
        for place, length in self.lengths:
            text = made[place]
            if isinstance(text, str) and len(text) > length and not text[length:].strip(" "):
                made[place] = text[:length]
        return None if made == list(bound) else made


def _exceeds(column: Sequence[Value], length: int) -> bool:
    return any(isinstance(text, str) and len(text) > length for text in column)


NO_FITTING = Fitting()


def execute_fitting(session: BackendSession, sql: str, bound: Bound, shape: Shape, fitting: Fitting) -> Rows:
    if fitting.values:
        bound = fitting.fitted(bound)
    try:
        return _execute(session, sql, bound, shape, fitting)
    except PgError as error:
        cut = fitting.cut(bound) if error.code == sqlstate.STRING_DATA_RIGHT_TRUNCATION and fitting.lengths else None
        if cut is None:
            raise
        return _execute(session, sql, cut, shape, fitting)


def _execute(session: BackendSession, sql: str, bound: Bound, shape: Shape, fitting: Fitting) -> Rows:
    if fitting.in_text:
        sql, bound = with_numbers(sql, bound, fitting.in_text)
        shape = Shape(tuple(oid for place, oid in enumerate(shape.oids) if place not in fitting.in_text), shape.columns)
    return session.execute(sql, bound, shape)


def fitting_of(step: StepFrame) -> Fitting:
    values: list[tuple[int, Fit]] = []
    lengths: list[tuple[int, int]] = []
    in_text: list[int] = []
    for place, source in enumerate(step.sources):
        if source.rows:
            clause = Clause[source.rows]
            values.append((place, partial(rowcounts.fitted, clause=clause)))
            in_text += [place] if clause.is_in_text else []
        if source.fit is None:
            continue
        oid, typmod = source.fit
        if oid == oids.VARCHAR:
            lengths.append((place, typmod - 4))
        else:
            values.append((place, _unless_null(_rounding(Oid(oid), typmod))))
    return Fitting(tuple(values), tuple(lengths), tuple(in_text))


def _unless_null(fit: Fit) -> Fit:
    return lambda value: None if value is None else fit(value)


def _rounding(oid: Oid, typmod: int) -> Fit:
    if oid == oids.TIME:
        return lambda value: time_text(round_us(time_us(value), typmod))
    if oid == oids.SPARSEVEC:
        return lambda value: sized(value, typmod)
    return lambda value: rounded(value, typmod)
