"""Texts that differ in their literals share a plan only where the plan made for one of them is what the other's would be."""

from __future__ import annotations

import re

import pytest

from pgiris.errors import PgError
from pgiris.sql import lift
from pgiris.sql.planner import Environment, Planned, Planner
from tests.sql.test_cases import PAIRS


def with_another_literal(text: str, start: int) -> str:
    """The text with other digits, or another letter, in the literal that starts there."""
    match = re.compile(r"'(?:[^']|'')*'|[0-9.]+").match(text, start)
    if match is None:
        return text
    found = match[0]
    other = re.sub(r"[1-9]", lambda digit: str(int(digit[0]) % 8 + 1), found)
    return text[:start] + (other if other != found else re.sub(r"'$", "q'", found)) + text[match.end() :]


def shown(planned: Planned) -> object:
    return [step.sql for step in planned.plan.steps], planned.plan.shaping, planned.plan.columns, planned.literals


@pytest.mark.parametrize(("block", "environment"), PAIRS)
def test_a_plan_is_shared_by_texts_of_which_each_would_have_it(block: str, environment: Environment) -> None:
    text = "\n".join(line for line in block.splitlines() if not line.startswith(("-- ", "=")))
    for start in lift.places(text) if lift.lift(text) is not None else ():
        other, planner = with_another_literal(text, start), Planner()
        try:
            planner.plan(text, environment)
            alone = Planner().plan(other, environment)
        except PgError:
            continue
        assert shown(planner.plan(other, environment)) == shown(alone), other
