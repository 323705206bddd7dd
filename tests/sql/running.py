"""A statement planned and run on a sandbox in this process, its rows as PostgreSQL's text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pgiris.backend.sandbox.backend import SandboxBackend
from pgiris.backend.worker.statement import Statement
from pgiris.backend.worker.steps import Steps
from pgiris.compute.program import compiled
from pgiris.session.database import define
from pgiris.sql.plan import Plan, Target
from pgiris.sql.planner import Environment, Options, Planner
from pgiris.sql.split import split
from pgiris.types.codec import Context, Value
from pgiris.types.rows import decode_parameters, encoder

_CONTEXT = Context()
Cells = list[tuple[str | None, ...]]


class Runner:
    """What worker and session do with a plan, without either."""

    def __init__(self, directory: Path, options: Options | None = None) -> None:
        self.session = SandboxBackend(directory).connect("USER", "tester", None)
        self.planner = Planner()
        self._options = options or Options()
        self._environment = Environment(self.session.introspect(), options=self._options)

    def refresh(self) -> None:
        self._environment = Environment(self.session.introspect(), options=self._options)

    def script(self, text: str) -> None:
        for statement in split(text):
            self.run(statement.text)
            self.refresh()

    def plan(self, text: str) -> Plan:
        return self.planner.plan(text, self._environment).plan

    def run(self, text: str, parameters: Sequence[str | None] = ()) -> tuple[Cells, int]:
        """The rows, and the count of the steps that count."""
        planned = self.planner.plan(text, self._environment)
        plan = planned.plan
        raw = [None if value is None else value.encode() for value in parameters]
        values: list[Value] = decode_parameters(plan.parameters + plan.literals, (), [*raw, *planned.literals], _CONTEXT)
        values += [compiled(program, _CONTEXT)(values, ()) for program in plan.computed]
        if plan.target is Target.CONSTANT:
            assert plan.columns is not None
            return [self._cells(plan, [values[source.index] for source in plan.row])], 1
        statement = Statement(define(plan, plan.columns or (), 1))
        rows, count = Steps(self.session, statement, values, _CONTEXT, lambda: None).run()
        if rows is None or rows.columns is None:
            return [], count
        if statement.shaping is not None:
            rows = statement.shaped(rows, values, _CONTEXT)
        shown = [self._cells(plan, row) for row in rows.fetch(1_000_000)]
        rows.close()
        return shown, count

    def _cells(self, plan: Plan, row: Sequence[Value]) -> tuple[str | None, ...]:
        columns = plan.columns or ()
        cells = []
        for value, column in zip(row, columns, strict=True):
            typmod = column.typmod if column.shown < 0 else column.shown
            encoded = None if value is None else encoder(column.oid, typmod, 0, _CONTEXT)(value)
            cells.append(None if encoded is None else encoded.decode())
        return tuple(cells)
