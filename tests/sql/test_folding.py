"""format_type() over constants is answered while planning, as psql's \\gdesc needs it."""

import pytest
from sqlglot import exp

from pgiris.sql.folding import fold
from pgiris.sql.postgres import parse


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("format_type(23, -1)", "integer"),
        ("pg_catalog.format_type('1043'::pg_catalog.oid, 24)", "character varying(20)"),
        ("format_type(1700, NULL)", "numeric"),
        ("format_type(999999, -1)", "???"),
    ],
)
def test_calls_over_constants_become_their_value(call: str, expected: str) -> None:
    tree = fold(parse(f"SELECT {call}"))
    assert tree.expressions[0] == exp.Literal.string(expected)


def test_null_gives_null() -> None:
    assert fold(parse("SELECT format_type(NULL, -1)")).expressions[0] == exp.Null()


def test_calls_over_a_list_of_constants_become_a_column_of_it() -> None:
    tree = fold(parse("SELECT n, format_type(t, m) FROM (VALUES ('a', '23'::oid, -1), ('b', '1700'::oid, 655366)) s(n, t, m)"))
    rows = [[cell.name for cell in row.expressions][-1] for row in tree.find(exp.Values).expressions]
    assert rows == ["integer", "numeric(10,2)"]
    assert not list(tree.find_all(exp.Anonymous))


def test_calls_over_tables_stay() -> None:
    tree = fold(parse("SELECT format_type(atttypid, atttypmod) FROM t"))
    assert len(list(tree.find_all(exp.Anonymous))) == 1
