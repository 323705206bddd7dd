"""SQL: a PostgreSQL statement's text -> a frozen Plan holding IRIS SQL. Pure: no socket, no clock.

    split(text) -> [Statement]                      statements of a simple Query                     split.py
    Planner().plan(text, environment, oids)         Planned: a Plan and the literals of this text    planner.py
    parse_command(text) -> Command | None           what the session itself carries out              commands.py
    translate(text) -> [(IRIS SQL, rules)]          without a schema, for people                     below
    explain(text) -> [line]                         the same with all that happens                   below

On its way a text is lifted (lift.py), parsed (postgres.py), its names and types are found (scope.py, infer/, coercion.py,
operators.py, functions.py), it is rewritten (rewrites.py, calls.py, casts.py, dates.py, queries.py, conditions.py, parameters.py)
and written (write.py, with the IRIS dialect of iris/).
"""

from __future__ import annotations

from pgiris.compute.program import described
from pgiris.sql.plan import Step, Target, When
from pgiris.sql.planner import CatalogPlanner, Environment, Options, Planned, Planner, plan_text
from pgiris.sql.schemanames import TEMPORARY_PREFIX
from pgiris.sql.split import Statement, split
from pgiris.types.relation import Snapshot

__all__ = ["Environment", "Options", "Planned", "Planner", "Statement", "explain", "split", "translate"]


def explain(
    text: str,
    options: Options = Options(),  # noqa: B008 - frozen
    catalog: CatalogPlanner | None = None,
) -> list[str]:
    """How a PostgreSQL text is carried out, line by line: the rules that fired, in their order, the steps, what is computed."""
    lines: list[str] = []
    for statement in split(text):
        plan = plan_text(statement.text, _unknown_schema(options), lenient=True, catalog=catalog).plan
        lines.append(f"-- {' '.join(statement.text.split())}")
        lines += [f"--   rule {number}: {rule}" for number, rule in enumerate(plan.rules, 1)]
        lines += [f"--   computed before: {described(program)}" for program in plan.computed]
        lines += [_shown(step) for step in plan.steps]
        if plan.shaping is not None:
            lines += [f"--   column {place}: {described(item)}" for place, item in enumerate(plan.shaping.items, 1)]
            if plan.shaping.condition is not None:
                lines.append(f"--   rows where: {described(plan.shaping.condition)}")
        lines += [f"--   {notice.severity}: {notice.message}" for notice in plan.notices]
        if not plan.steps:
            lines.append(f"--   answered without IRIS: {plan.tag or plan.target.name}")
    return lines


def _shown(step: Step) -> str:
    """A step, and what is done with it."""
    words = [step.role.name] + ([step.when.name] if step.when is not When.ALWAYS else [])
    words += ["for each row"] if step.each is not None else []
    return f"{step.sql or '--   rows of the values'}  -- {', '.join(words).lower().replace('_', ' ')}"


def _unknown_schema(options: Options) -> Environment:
    return Environment(Snapshot(), (TEMPORARY_PREFIX + "session", "public"), options)


def translate(
    text: str,
    options: Options = Options(),  # noqa: B008 - frozen
    catalog: CatalogPlanner | None = None,
) -> list[tuple[str, tuple[str, ...]]]:
    """The IRIS statements of a PostgreSQL text, and the names of the rewrites that made each. Unknown names pass.

    What pgiris answers without IRIS becomes a comment that says so.
    """
    environment = _unknown_schema(options)
    translated: list[tuple[str, tuple[str, ...]]] = []
    for statement in split(text):
        plan = plan_text(statement.text, environment, lenient=True, catalog=catalog).plan
        if plan.target is Target.CATALOG:
            translated.append(("-- answered from the system catalogs", ()))
            continue
        translated += [(step.sql, plan.rules) for step in plan.steps if step.sql]
        if plan.shaping is not None:
            items = ", ".join(map(described, plan.shaping.items))
            translated.append((f"-- computed by pgiris: {items}", plan.rules))
        if not plan.steps:
            translated.append((f"-- {plan.tag}: answered by pgiris itself", ()))
    return translated
