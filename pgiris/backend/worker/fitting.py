"""Fitting: values as PostgreSQL assigns them to columns: moments rounded, texts without blanks that are too many.

In: which values of a step are bound for which columns (SourceFrame.fit). IRIS refuses texts that are too long, so that they are
only looked at then. PostgreSQL: datatype-character, datatype-datetime
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pgiris import sqlstate
from pgiris.backend.base import BackendSession, ListValue, Rows, Shape
from pgiris.backend.worker.frames import StepFrame
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.codec import Oid, Value
from pgiris.types.datetime import round_us, rounded, time_text, time_us
from pgiris.types.native import MeasuredRows

Bound = Sequence[Value | ListValue]
Fit = Callable[[Value], Value]


class Fitting(NamedTuple):
    """By the places of ``?``: how moments are rounded, how many characters a text may have."""

    moments: tuple[tuple[int, Fit], ...] = ()
    lengths: tuple[tuple[int, int], ...] = ()

    def rounded(self, bound: Bound) -> Bound:
        if not self.moments:
            return bound
        made = list(bound)
        for place, fit in self.moments:
            if made[place] is not None:
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
    if fitting.moments:
        bound = fitting.rounded(bound)
    try:
        return session.execute(sql, bound, shape)
    except PgError as error:
        cut = fitting.cut(bound) if error.code == sqlstate.STRING_DATA_RIGHT_TRUNCATION and fitting.lengths else None
        if cut is None:
            raise
        return session.execute(sql, cut, shape)


def fitting_of(step: StepFrame) -> Fitting:
    moments, lengths = [], []
    for place, source in enumerate(step.sources):
        if source.fit is None:
            continue
        oid, typmod = source.fit
        if oid == oids.VARCHAR:
            lengths.append((place, typmod - 4))
        else:
            moments.append((place, _rounding(Oid(oid), typmod)))
    return Fitting(tuple(moments), tuple(lengths))


def _rounding(oid: Oid, typmod: int) -> Fit:
    if oid == oids.TIME:
        return lambda value: time_text(round_us(time_us(value), typmod))
    return lambda value: rounded(value, typmod)
