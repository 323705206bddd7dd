"""Names of constraints that have none: those that a real PostgreSQL chose."""

from __future__ import annotations

import pytest

from pgiris.sql.constraint_names import FOREIGN_KEY, PRIMARY_KEY, UNIQUE, ConstraintNames

LONG = "a_table_with_a_name_that_is_nearly_as_long_as_names_may_be_here"


@pytest.mark.parametrize(
    ("table", "kind", "columns", "name"),
    [
        ("t", PRIMARY_KEY, ["a"], "t_pkey"),
        ("t", UNIQUE, ["a", "b"], "t_a_b_key"),
        ("t", FOREIGN_KEY, ["a"], "t_a_fkey"),
        (LONG, PRIMARY_KEY, ["a"], "a_table_with_a_name_that_is_nearly_as_long_as_names_may_be_pkey"),
        (LONG, UNIQUE, ["some_column", "b"], "a_table_with_a_name_that_is_nearly_as_long_as_some_column_b_key"),
        (LONG, FOREIGN_KEY, [LONG[2:40]], "a_table_with_a_name_that_is_n_table_with_a_name_that_is_ne_fkey"),
    ],
)
def test_a_constraint_gets_the_name_that_postgres_gives(table: str, kind: str, columns: list[str], name: str) -> None:
    assert ConstraintNames(table).choose(kind, columns) == name


def test_a_name_that_is_taken_gets_a_number() -> None:
    names = ConstraintNames("t")
    names.take("T_A_KEY")
    assert [names.choose(UNIQUE, ["a"]) for _ in range(2)] == ["t_a_key1", "t_a_key2"]
