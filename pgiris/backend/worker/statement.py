"""Statement: what a worker knows of a defined statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import to_builtins

from pgiris.backend.base import Rows, Shape
from pgiris.backend.worker import frames
from pgiris.backend.worker.conversion import as_column
from pgiris.backend.worker.fitting import fitting_of
from pgiris.backend.worker.frames import Define, StepFrame
from pgiris.backend.worker.shaped import Shaper, asked_columns
from pgiris.backend.worker.steps import ROW, TARGET_ROW
from pgiris.compute.program import compiled, oid_of
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.codec import Context, Decode, Oid, Value
from pgiris.types.rows import UNBOUNDED, Column, RowPlan, decode_parameters, decoder, expand_parameter_formats

Program = Callable[[Sequence[Value], Sequence[Value]], Value]


class Statement:
    """A defined statement and its row plans, one for each combination of result formats that was asked for."""

    def __init__(self, define: Define) -> None:
        self.steps = define.steps
        self.oids = tuple(map(Oid, define.oids))
        self.atomic = define.atomic
        self.columns = tuple(map(as_column, define.columns))
        self.row_plans: dict[tuple[int, ...], RowPlan] = {}
        self.decoders: dict[tuple[int, ...], list[Decode]] = {}
        self.computed, self.shaping = define.computed, define.shaping
        self.generates = define.generates
        self.one_row = define.one_row
        self._first_computed = define.first_computed
        self.programs: list[Program] | None = None
        self.shaper: Shaper | None = None
        first = define.steps[0]
        self.shapes = tuple(self._shape(step, self._kinds_at(number)) for number, step in enumerate(define.steps))
        self.unbounded = tuple(map(_unbounded, self.shapes))
        self.fitting = tuple(map(fitting_of, define.steps))
        self.fits = any(one.values or one.lengths for one in self.fitting)
        self.sole: StepFrame | None = (
            first if len(define.steps) == 1 and first.sql and not any(s.as_list for s in first.sources) else None
        )
        if first.tolerates or first.role == "GUARD":
            self.sole = None
        indexes = [source.index for source in first.sources]
        self.in_order = self.sole is not None and indexes == list(range(define.first_computed)) and not self.computed

    def _kinds_at(self, number: int) -> tuple[int, ...]:
        """The types of the row that a step runs for."""
        slot = self.steps[number].each
        before = (step.kinds for step in self.steps[number::-1] if step.role == "ROWS" and step.slot == slot)
        return () if slot is None else next(before)

    def _shape(self, step: StepFrame, kinds: tuple[int, ...]) -> Shape:
        place = self.steps.index(step)
        found: tuple[int, ...] = next((other.kinds for other in self.steps[place::-1] if other.role == "TARGET"), ())

        def oid(source: frames.SourceFrame) -> Oid:
            for first, known in ((ROW, kinds), (TARGET_ROW, found)):
                if 0 <= source.index - first < len(known):
                    return Oid(known[source.index - first])
            return self.oid_at(source)

        shown = self._shown(step)
        return Shape(tuple(map(oid, step.sources)), shown[len(kinds) :] if step.role == "TARGET" else shown)

    def oid_at(self, source: frames.SourceFrame) -> Oid:
        """0 for what the session adds and for identities, which are numbers or strings as they are."""
        if 0 <= source.index < len(self.oids):
            return self.oids[source.index]
        return oid_of(self.computed[source.index - self._first_computed]) if self._is_computed(source.index) else Oid(0)

    def _is_computed(self, index: int) -> bool:
        return bool(self.computed) and index >= self._first_computed

    def _shown(self, step: StepFrame) -> tuple[Column, ...]:
        if step.rows is not None:
            return asked_columns(step.rows)
        if step.role in ("ROWS", "TABLE", "ROUND", "GUARD"):
            return tuple(Column("", Oid(oid)) for oid in step.kinds)
        if step.role != "RESULT":
            return ()
        return self.columns if self.shaping is None else asked_columns(self.shaping)

    def decode(self, formats: tuple[int, ...], raw: Sequence[bytes | None], context: Context) -> Sequence[Value]:
        """The values of an execution."""
        decoders = self.decoders.get(formats)
        if decoders is None or len(decoders) != len(raw):
            values = decode_parameters(self.oids, formats, raw, context)  # which checks that the numbers agree
            codes = expand_parameter_formats(formats, len(raw))
            self.decoders[formats] = [decoder(oid, code, context) for oid, code in zip(self.oids, codes, strict=True)]
            return values
        try:
            return [None if data is None else decode(data) for decode, data in zip(decoders, raw, strict=True)]
        except PgError:
            return decode_parameters(self.oids, formats, raw, context)  # which words the error with its place

    def with_computed(self, values: Sequence[Value], context: Context) -> Sequence[Value]:
        """The values, and those that are computed of them."""
        if self.programs is None:
            self.programs = [_unpadded(program, compiled(program, context)) for program in self.computed]
        return [*values, *[program(values, ()) for program in self.programs]]

    def with_values_of_guards(self, values: Sequence[Value], context: Context) -> Sequence[Value]:
        """The values, and of those that are computed what GUARD steps take, which is the same for all rows."""
        guards = [step for step in self.steps if step.role == "GUARD"]
        used = {source.index for step in guards for source in step.sources}
        used |= {index for step in guards if step.rows is not None for index in _indexes_in(to_builtins(step.rows))}
        wanted = [place + self._first_computed in used for place in range(len(self.computed))]
        programs = zip(self.computed, wanted, strict=True)
        return [*values, *(compiled(program, context)(values, ()) if is_wanted else None for program, is_wanted in programs)]

    def shaped(self, rows: Rows, values: Sequence[Value], context: Context) -> Rows:
        """The rows as the client asked for them."""
        assert self.shaping is not None
        if self.shaper is None:
            self.shaper = Shaper(self.shaping, context, self.columns)
        return self.shaper.rows(rows, values)

    def row_plan(self, formats: tuple[int, ...], context: Context) -> RowPlan:
        plan = self.row_plans.get(formats)
        if plan is None:
            plan = self.row_plans[formats] = RowPlan(self.columns, formats, context)
        return plan


def _indexes_in(part: Any) -> Iterator[int]:
    """The places of the values that programs take."""
    if isinstance(part, dict):
        part = list(part.values())
    if isinstance(part, list | tuple):
        if len(part) == 3 and part[0] == "v":
            yield part[2]
            return
        for item in part:
            yield from _indexes_in(item)


def _unpadded(program: Any, run: Callable[..., Value]) -> Callable[..., Value]:
    """A character(n) as IRIS keeps it."""
    if oid_of(program) != oids.BPCHAR:
        return run

    def value(values: Sequence[Value], row: Sequence[Value]) -> Value:
        made = run(values, row)
        return made.rstrip(" ") if isinstance(made, str) else made

    return value


def _unbounded(shape: Shape) -> tuple[tuple[int, Oid], ...]:
    """Which of a step's values may be NaN or infinite, and their types."""
    return tuple((place, oid) for place, oid in enumerate(shape.oids) if oid in UNBOUNDED)
