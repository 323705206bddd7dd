"""Every statement of the corpus, on PostgreSQL and on pgiris: same answers, message by message."""

from __future__ import annotations

import pytest

from tests.oracle.compare import MODES, answers, compare
from tests.oracle.corpus import Theme, accepted, themes, vector_themes
from tests.oracle.report import difference
from tests.support.servers import Server

LEAST_STATEMENTS = 2000
LEAST_AGREEMENT = 0.97


@pytest.fixture(scope="module")
def reasons() -> dict[tuple[str, str], str]:
    return accepted()


@pytest.mark.parametrize("theme", themes(), ids=lambda theme: theme.name)
def test_answers_are_those_of_postgresql(
    postgres: Server, pgiris: Server, theme: Theme, reasons: dict[tuple[str, str], str]
) -> None:
    compared = compare(theme, postgres, pgiris)
    found = [one for one in compared if one.differences and (theme.name, one.statement.key) not in reasons]
    assert not found, f"{len(found)} of {len(compared)} statements:\n" + "\n".join(difference(theme, one) for one in found)
    alike = {one.statement.key for one in compared if not one.differences}
    stale = [f"{name}: {key}" for name, key in reasons if name == theme.name and key in alike]
    assert not stale, "accepted differences that are none any more:\n" + "\n".join(stale)


def test_the_corpus_is_large_and_few_differences_are_accepted(reasons: dict[tuple[str, str], str]) -> None:
    keys = {(theme.name, statement.key) for theme in themes() + vector_themes() for statement in theme.script}
    assert len(keys) >= LEAST_STATEMENTS
    assert not set(reasons) - keys, "accepted differences of statements that are in no theme"
    assert 1 - len(reasons) / len(keys) >= LEAST_AGREEMENT


@pytest.mark.parametrize("theme", [theme for theme in themes() if "error" not in theme.name], ids=lambda theme: theme.name)
def test_the_corpus_says_what_is_meant(postgres: Server, theme: Theme) -> None:
    """A statement that PostgreSQL refuses stands in a file of errors."""
    for mode in MODES:
        for statement, answer in zip(theme.script, answers(postgres, theme, mode), strict=True):
            assert not answer.failed, f"{theme.name}:{statement.line} {mode}: {statement.sql}\n{answer}"
