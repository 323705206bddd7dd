"""Explain: EXPLAIN of PostgreSQL -> EXPLAIN of IRIS, whose answer is one XML text. iris-reference 4.23"""

from __future__ import annotations

import msgspec

from pgiris.compute.program import Program
from pgiris.errors import not_supported
from pgiris.sql.coercion import Kind
from pgiris.sql.explain_command import Asked
from pgiris.sql.plan import Effect, Plan, Shaping, Source, Step, Target
from pgiris.sql.statement import Statement
from pgiris.types.oids import JSON, TEXT, XML
from pgiris.types.rows import Column


def plan(inner: Plan, asked: Asked, statement: Statement) -> Plan:
    """IRIS's own plan of a query. Of changes and of statements with parameters, which IRIS does not explain, the steps that would
    run. Raises 0A000."""
    column = Column("QUERY PLAN", _TYPES.get(asked.form, TEXT))
    if inner.target is Target.BACKEND and inner.tag == "SELECT" and len(inner.steps) == 1:
        (step,) = inner.steps
        if step.sql and not step.sources and not inner.parameters:
            explained = Step(f"{'EXPLAIN STAT' if asked.analyze else 'EXPLAIN'} {step.sql}")
            shaping = Shaping((_PLANS[asked.form],)) if asked.form in _PLANS else None
            return Plan(Target.BACKEND, "EXPLAIN", Effect.READ, (explained,), columns=(column,), shaping=shaping)
    if asked.analyze:
        raise not_supported(
            "EXPLAIN ANALYZE of this statement is not supported", "IRIS runs queries for it that have no parameters."
        )
    for values in (statement.literals, statement.computed, statement.session_values):
        values.clear()
    statement.shaping = None
    index = statement.literal_index(_steps(inner, asked.form), Kind(column.oid), None)
    return Plan(Target.CONSTANT, "EXPLAIN", row=(Source(index),), columns=(column,))


_TYPES = {"json": JSON, "xml": XML}
_TEXT_OF_PLAN = ("c", TEXT, 0, -1)
_MEMBERS = (("k", TEXT, "Node Type"), ("k", TEXT, "IRIS"), ("k", TEXT, "Text"), _TEXT_OF_PLAN)
_IN_JSON = (
    *("f", "json_build_array", JSON, -1),
    ("f", "json_build_object", JSON, -1, ("k", TEXT, "Plan"), ("f", "json_build_object", JSON, -1, *_MEMBERS)),
)
_IN_XML = """<explain xmlns="http://www.postgresql.org/2009/explain">
  <Query>
    <Plan>
      <Node-Type>{}</Node-Type>
{}
    </Plan>
  </Query>
</explain>"""
_IN_YAML = '- Plan: \n    Node Type: "{}"\n    {}'


def _replaced(text: Program, old: str, new: str) -> Program:
    return ("f", "replace", TEXT, -1, text, ("k", TEXT, old), ("k", TEXT, new))


def _within(form: str, text: Program) -> Program:
    before, _, behind = form.partition("\0")
    texts = (("k", TEXT, before), text, ("k", TEXT, behind))
    return ("f", "concat", TEXT, -1, *texts)


def _escaped(text: Program) -> Program:
    """As escape_xml() does it."""
    for character, entity in _ENTITIES.items():
        text = _replaced(text, character, entity)
    return text


# The plan's text in each format but TEXT. PostgreSQL: ExplainOpenGroup() and its kin in explain.c
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#x0d;"}
_PLANS: dict[str, Program] = {
    "json": _IN_JSON,
    "xml": _within(_IN_XML.format("IRIS", "      <Text>\0</Text>"), _escaped(_TEXT_OF_PLAN)),
    "yaml": _within(_IN_YAML.format("IRIS", "Text: \0"), ("f", "to_json", JSON, -1, _TEXT_OF_PLAN)),
}


def _steps(inner: Plan, form: str) -> str:
    """The statements that IRIS would be sent, one after the other."""
    texts = [step.sql for step in inner.steps if step.sql]
    match form:
        case "json":
            return msgspec.json.encode([{"Plan": {"Node Type": "IRIS SQL", "Statements": texts}}]).decode()
        case "xml":
            items = "".join(f"        <Item>{_in_xml(text)}</Item>\n" for text in texts)
            return _IN_XML.format("IRIS SQL", f"      <Statements>\n{items}      </Statements>")
        case "yaml":
            items = "".join(f"\n      - {msgspec.json.encode(text).decode()}" for text in texts)
            return _IN_YAML.format("IRIS SQL", f"Statements: {items}")
    return "\n".join(f"IRIS SQL: {text}" for text in texts) or "nothing is asked of IRIS"


def _in_xml(text: str) -> str:
    return "".join(_ENTITIES.get(character, character) for character in text)
