"""A statement planned and run on a sandbox in this process, its rows as PostgreSQL's text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pgiris.backend.base import ListValue
from pgiris.backend.sandbox.backend import SandboxBackend
from pgiris.backend.worker.shaped import Shaper
from pgiris.compute.program import compiled, oid_of
from pgiris.session.database import as_shaping
from pgiris.sql.plan import FOUND, LAST_IDENTITY, ROW, Plan, Role, Target, When
from pgiris.sql.planner import Environment, Options, Planner
from pgiris.sql.split import split
from pgiris.types.codec import Context, Value
from pgiris.types.rows import decode_array, decode_parameters, encoder

_CONTEXT = Context()
Cells = list[tuple[str | None, ...]]


class Given:
    """Rows at hand."""

    columns = ()
    row_count = -1

    def __init__(self, rows: Sequence[Sequence[Value]]) -> None:
        self._rows = list(rows)

    def fetch(self, limit: int) -> Sequence[Sequence[Value]]:
        taken, self._rows = self._rows[:limit], self._rows[limit:]
        return taken

    def close(self) -> None:
        pass


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
        rows: Cells = []
        count = 0
        before = 0
        identities: list[int | None] = []
        found = ListValue(())
        kept: Sequence[Sequence[Value]] = ()
        for step in plan.steps:
            if step.when is When.EACH:
                for row in kept:
                    count += self.session.execute(step.sql, [row[source.index - ROW] for source in step.sources]).row_count
                    identities.append(self.session.last_identity())
                continue
            if step.when is not When.ALWAYS and (before > 0) != (step.when is When.COUNTED):
                before = 0
                continue
            bound: list[Value | ListValue] = []
            for source in step.sources:
                if source.index == FOUND:
                    bound.append(found)
                elif source.index <= LAST_IDENTITY:
                    bound.append(identities[source.index])
                elif source.as_list:
                    known = (*plan.parameters, *plan.literals, *(oid_of(program) for program in plan.computed))
                    oid = known[source.index]
                    bound.append(ListValue(tuple(decode_array(oid, values[source.index]))))
                else:
                    bound.append(values[source.index])
            if not step.sql and step.role is Role.KEYS:
                found = ListValue(tuple(identities))
                continue
            if not step.sql:
                return self._computed(plan, values, [()]), 1
            outcome = self.session.execute(step.sql, bound)
            before = max(outcome.row_count, 0)
            if step.role is Role.RESULT:
                if outcome.columns is not None:
                    rows += self._computed(plan, values, outcome.fetch(1_000_000))
            elif step.role is Role.KEYS:
                found = ListValue(tuple(row[0] for row in outcome.fetch(1_000_000)))
            elif step.role is Role.ROWS:
                kept = outcome.fetch(1_000_000)
            else:
                identities.append(self.session.last_identity())
                count += before if step.role is Role.COUNT else 0
            outcome.close()
        return rows, count

    def _computed(self, plan: Plan, values: Sequence[Value], rows: Sequence[Sequence[Value]]) -> Cells:
        if plan.shaping is not None:
            rows = Shaper(as_shaping(plan.shaping), _CONTEXT, plan.columns or ()).rows(Given(rows), values).fetch(1_000_000)
        return [self._cells(plan, row) for row in rows]

    def _cells(self, plan: Plan, row: Sequence[Value]) -> tuple[str | None, ...]:
        columns = plan.columns or ()
        cells = []
        for value, column in zip(row, columns, strict=True):
            typmod = column.typmod if column.shown < 0 else column.shown
            encoded = None if value is None else encoder(column.oid, typmod, 0, _CONTEXT)(value)
            cells.append(None if encoded is None else encoded.decode())
        return tuple(cells)
