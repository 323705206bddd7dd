"""Trees are walked, and read, as sqlglot does it."""

from __future__ import annotations

import gc
import weakref

import pytest
from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from pgiris.sql.iris.generator import Generator
from pgiris.sql.postgres import PgDialect, parse
from pgiris.sql.trees import Census, aliased, all_of, change_children, column, release, root_of, walk
from tests.bench.planning import STATEMENTS

TEXT = "WITH x AS (SELECT a, count(*) FROM t GROUP BY a) SELECT u.b, (SELECT max(a) FROM x) FROM u JOIN x ON x.a = u.a WHERE u.c"


def test_all_nodes_are_walked_in_order() -> None:
    tree = parse(TEXT)
    assert [id(node) for node in walk(tree)] == [id(node) for node in tree.walk()]
    assert [id(node) for node in all_of(tree, exp.Select, exp.Table)] == [
        id(node) for node in tree.find_all(exp.Select, exp.Table)
    ]
    stops = (exp.Subquery, exp.CTE)
    assert [id(node) for node in walk(tree, stops)] == [
        id(node) for node in tree.walk(prune=lambda node: isinstance(node, stops))
    ]


def test_a_census_knows_the_nodes_of_a_kind() -> None:
    tree = parse(TEXT)
    census = Census(tree)
    assert census.tree is tree
    assert [table.name for table in census.of(exp.Table)] == [table.name for table in tree.find_all(exp.Table)]
    assert census.of(exp.Window) == []


def test_children_are_changed_in_their_places() -> None:
    tree = parse("SELECT a + 1, b FROM t WHERE f(2) AND c")
    seen: list[str] = []

    def change(node: exp.Expr, word: str) -> exp.Expr:
        seen.append(type(node).__name__ + word)
        change_children(node, change, word)
        return exp.var("x") if isinstance(node, exp.Anonymous) else node

    change_children(tree, change, "!")
    assert tree.sql() == "SELECT a + 1, b FROM t WHERE x AND c"
    assert tree.find(exp.Var).parent is tree.find(exp.And)  # type: ignore[union-attr]
    assert seen == ["Add!", "From!", "Table!", "Where!", "And!", "Anonymous!"]


def test_nodes_are_made_as_by_sqlglot() -> None:
    for name in ("a", "A b", "select"):
        assert column(name, "t") == exp.column(name, table="t")
        assert aliased(column("a", "t"), name) == exp.alias_(exp.column("a", table="t"), name)


class _Slowly(PgDialect):
    class Parser(PgDialect.Parser):
        def _alone(self, after: frozenset[TokenType]) -> None:
            """Every operator is tried."""


@pytest.mark.parametrize("name", STATEMENTS)
def test_operands_that_stand_alone_are_read_as_others(name: str) -> None:
    text = STATEMENTS[name]
    (slowly,), quickly = _Slowly().parse(text), PgDialect().parse(text)[0]
    assert slowly is not None
    assert quickly is not None
    assert quickly == slowly
    assert [node._meta for node in walk(quickly)] == [node._meta for node in walk(slowly)]


def test_columns_are_written_as_their_names_are() -> None:
    written = Generator(comments=False).generate
    assert written(exp.column("a", table="t")) == "t.a"
    assert written(exp.column("a b", table="select")) == '"select"."a b"'
    assert written(exp.column("a", table="t", db="s")) == "s.t.a"
    assert written(exp.column(exp.Star(), table="t")) == "t.*"


def test_what_is_of_no_use_any_more_does_not_wait_for_the_collector() -> None:
    tree = parse(TEXT)
    last = weakref.ref(all_of(tree, exp.Column)[-1])
    assert root_of(last()) is tree  # type: ignore[arg-type]
    gc.disable()
    try:
        release(walk(tree))
        del tree
        assert last() is None
    finally:
        gc.enable()
