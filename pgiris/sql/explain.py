"""Explain: EXPLAIN of PostgreSQL -> EXPLAIN of IRIS, whose answer is one XML text. iris-reference 4.23"""

from __future__ import annotations

import msgspec

from pgiris.errors import not_supported
from pgiris.sql.coercion import Kind
from pgiris.sql.explain_command import Asked
from pgiris.sql.plan import Effect, Plan, Shaping, Source, Step, Target
from pgiris.sql.statement import Statement
from pgiris.types.oids import JSON, TEXT
from pgiris.types.rows import Column


def plan(inner: Plan, asked: Asked, statement: Statement) -> Plan:
    """IRIS's own plan of a query. Of changes and of statements with parameters, which IRIS does not explain, the steps that would
    run. Raises 0A000."""
    column = Column("QUERY PLAN", JSON if asked.json else TEXT)
    if inner.target is Target.BACKEND and inner.tag == "SELECT" and len(inner.steps) == 1:
        (step,) = inner.steps
        if step.sql and not step.sources and not inner.parameters:
            explained = Step(f"{'EXPLAIN STAT' if asked.analyze else 'EXPLAIN'} {step.sql}")
            shaping = Shaping((_IN_JSON,)) if asked.json else None
            return Plan(Target.BACKEND, "EXPLAIN", Effect.READ, (explained,), columns=(column,), shaping=shaping)
    if asked.analyze:
        raise not_supported(
            "EXPLAIN ANALYZE of this statement is not supported", "IRIS runs queries for it that have no parameters."
        )
    for values in (statement.literals, statement.computed, statement.session_values):
        values.clear()
    statement.shaping = None
    index = statement.literal_index(_steps(inner, asked.json), Kind(column.oid), None)
    return Plan(Target.CONSTANT, "EXPLAIN", row=(Source(index),), columns=(column,))


_TEXT_OF_PLAN = ("c", TEXT, 0, -1)
_MEMBERS = (("k", TEXT, "Node Type"), ("k", TEXT, "IRIS"), ("k", TEXT, "Text"), _TEXT_OF_PLAN)
_IN_JSON = (
    *("f", "json_build_array", JSON, -1),
    ("f", "json_build_object", JSON, -1, ("k", TEXT, "Plan"), ("f", "json_build_object", JSON, -1, *_MEMBERS)),
)


def _steps(inner: Plan, json: bool) -> str:
    """The statements that IRIS would be sent, one after the other."""
    texts = [step.sql for step in inner.steps if step.sql]
    if not json:
        return "\n".join(f"IRIS SQL: {text}" for text in texts) or "nothing is asked of IRIS"
    return msgspec.json.encode([{"Plan": {"Node Type": "IRIS SQL", "Statements": texts}}]).decode()
