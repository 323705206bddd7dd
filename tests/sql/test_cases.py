"""PostgreSQL in, IRIS out: the pairs of tests/cases. Every IRIS statement is one that the IRIS dialect can read.

``=+`` a value that is computed, ``=>`` a step, ``=*`` a column that is computed of its row,
``=?`` which rows count, ``=%`` what groups have, ``=<`` what orders them, ``=.`` a target without steps, ``=~`` a notice,
``=!`` an error, ``=;`` what is noted of a CHECK constraint. Of a guard, ``=*`` and ``=?`` are of its rows.
{TEXT} is the type of texts without a length.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot

from pgiris.compute.program import described
from pgiris.errors import PgError
from pgiris.sql.plan import Plan, Role
from pgiris.sql.planner import Environment, Planner
from pgiris.sql.temporary import NeedsSchema
from pgiris.types.iristypes import to_iris
from pgiris.types.oids import TEXT
from tests.sql.schema import CHECKED, ENVIRONMENT

CASES = Path(__file__).parent.parent / "cases"
ENVIRONMENTS = {"checks": CHECKED}  # by the names of files
PAIRS = [
    pytest.param(block, ENVIRONMENTS.get(file.stem, ENVIRONMENT), id=f"{file.stem}-{number}")
    for file in sorted(CASES.glob("*.sql"))
    if "=> " in file.read_text()
    for number, block in enumerate(file.read_text().strip().split("\n\n"), 1)
]


def planned(statement: str, environment: Environment) -> Plan:
    try:
        return Planner().plan(statement, environment).plan
    except NeedsSchema:
        return Planner().plan(statement, Environment(environment.snapshot, ("pgtemp_1", "public"))).plan


def answers(statement: str, environment: Environment) -> list[str]:
    try:
        plan = planned(statement, environment)
    except PgError as error:
        return [f"=! {error.code} {error.message}"]
    lines = [f"=+ {described(program)}" for program in plan.computed]
    for step in plan.steps:
        lines += [f"=> {step.sql}"] if step.sql else []
        if step.role is Role.GUARD and step.rows is not None:
            lines += [
                f"=* {described(step.rows.items[0])}",
                f"=? {described(step.rows.condition)}" if step.rows.condition else "=?",
            ]
    lines += [] if plan.steps else [f"=. {plan.target.name}"]
    lines += [f"=; {note.action} {note.arguments}" for note in plan.notes if note.action.endswith("_check")]
    if plan.shaping is not None:
        groups = plan.shaping.grouping
        if groups is not None:
            lines += [f"=? {described(groups.condition)}"] if groups.condition is not None else []
            lines += [f"=% {described(program)}" for program in (*groups.keys, *groups.aggregates)]
        lines += [f"=* {described(program)}" for program in plan.shaping.items]
        lines += [f"=? {described(plan.shaping.condition)}"] if plan.shaping.condition is not None else []
        lines += [f"=< {described(key.program)}{' desc' * key.descending}" for key in plan.shaping.order]
    return lines + [f"=~ {notice.severity} {notice.message}" for notice in plan.notices]


@pytest.mark.parametrize(("block", "environment"), PAIRS)
def test_a_statement_becomes_the_iris_sql_of_its_case(block: str, environment: Environment) -> None:
    lines = [line for line in block.splitlines() if not line.startswith("-- ")]
    statement = "\n".join(line for line in lines if not line.startswith("="))
    expected = [line for line in lines if line.startswith("=")]
    expected = [line.replace("{TEXT}", to_iris(TEXT)) for line in expected]
    assert answers(statement, environment) == expected
    for line in expected:
        if line.startswith("=> ") and not line.startswith(("=> LOCK", "=> UNLOCK", "=> EXPLAIN", "=> call")):
            sqlglot.parse_one(line.removeprefix("=> "), read="iris")
