"""SQL: a PostgreSQL statement's text -> a frozen Plan holding IRIS SQL. Pure: no socket, no clock.

    split(text) -> [Statement]                      statements of a simple Query                     split.py
    Planner().plan(text, environment, oids)         Planned: a Plan and the literals of this text    planner.py
    parse_command(text) -> Command | None           what the session itself carries out              commands.py
    translate(text) -> [(IRIS SQL, rules)]          without a schema, for people                     below

On its way a text is lifted (lift.py), parsed (postgres.py), its names and types are found (scope.py, infer/, coercion.py,
operators.py, functions.py), it is rewritten (rewrites.py, calls.py, casts.py, dates.py, queries.py, conditions.py, parameters.py)
and written (write.py, with the IRIS dialect of iris/).
"""

from __future__ import annotations

from pgiris.compute.program import described
from pgiris.sql.plan import Target
from pgiris.sql.planner import CatalogPlanner, Environment, Options, Planned, Planner, plan_text
from pgiris.sql.scope import TEMPORARY_PREFIX
from pgiris.sql.split import Statement, split
from pgiris.types.relation import Snapshot

__all__ = ["Environment", "Options", "Planned", "Planner", "Statement", "split", "translate"]


def translate(
    text: str,
    options: Options = Options(),  # noqa: B008 - frozen
    catalog: CatalogPlanner | None = None,
) -> list[tuple[str, tuple[str, ...]]]:
    """The IRIS statements of a PostgreSQL text, and the names of the rewrites that made each. Unknown names pass.

    What pgiris answers without IRIS becomes a comment that says so.
    """
    environment = Environment(Snapshot(), (TEMPORARY_PREFIX + "session", "public"), options)
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
