"""PostgreSQL in, IRIS out: the pairs of tests/cases. Every IRIS statement is one that the IRIS dialect can read.

``=+`` a value that is computed, ``=>`` a step, ``=*`` a column that is computed of its row,
``=?`` which rows count, ``=%`` what groups have, ``=<`` what orders them, ``=.`` a target without steps, ``=~`` a notice,
``=!`` an error. {TEXT} is the type of texts without a length.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot

from pgiris.compute.program import described
from pgiris.errors import PgError
from pgiris.sql.plan import Plan
from pgiris.sql.planner import Environment, Planner
from pgiris.sql.temporary import NeedsSchema
from pgiris.types.iristypes import to_iris
from pgiris.types.oids import TEXT
from tests.sql.schema import ENVIRONMENT

CASES = Path(__file__).parent.parent / "cases"
PAIRS = [
    pytest.param(block, id=f"{file.stem}-{number}")
    for file in sorted(CASES.glob("*.sql"))
    if "=> " in file.read_text()
    for number, block in enumerate(file.read_text().strip().split("\n\n"), 1)
]


def planned(statement: str) -> Plan:
    try:
        return Planner().plan(statement, ENVIRONMENT).plan
    except NeedsSchema:
        return Planner().plan(statement, Environment(ENVIRONMENT.snapshot, ("pgtemp_1", "public"))).plan


def answers(statement: str) -> list[str]:
    try:
        plan = planned(statement)
    except PgError as error:
        return [f"=! {error.code} {error.message}"]
    lines = [f"=+ {described(program)}" for program in plan.computed]
    lines += [f"=> {step.sql}" for step in plan.steps if step.sql] or ([] if plan.steps else [f"=. {plan.target.name}"])
    if plan.shaping is not None:
        groups = plan.shaping.grouping
        if groups is not None:
            lines += [f"=? {described(groups.condition)}"] if groups.condition is not None else []
            lines += [f"=% {described(program)}" for program in (*groups.keys, *groups.aggregates)]
        lines += [f"=* {described(program)}" for program in plan.shaping.items]
        lines += [f"=? {described(plan.shaping.condition)}"] if plan.shaping.condition is not None else []
        lines += [f"=< {described(key.program)}{' desc' * key.descending}" for key in plan.shaping.order]
    return lines + [f"=~ {notice.severity} {notice.message}" for notice in plan.notices]


@pytest.mark.parametrize("block", PAIRS)
def test_a_statement_becomes_the_iris_sql_of_its_case(block: str) -> None:
    lines = [line for line in block.splitlines() if not line.startswith("-- ")]
    statement = "\n".join(line for line in lines if not line.startswith("="))
    expected = [line for line in lines if line.startswith("=")]
    expected = [line.replace("{TEXT}", to_iris(TEXT)) for line in expected]
    assert answers(statement) == expected
    for line in expected:
        if line.startswith("=> ") and not line.startswith(("=> LOCK", "=> UNLOCK", "=> EXPLAIN", "=> call")):
            sqlglot.parse_one(line.removeprefix("=> "), read="iris")
