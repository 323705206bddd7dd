"""Long lists of constants are planned as arrays, whatever they hold."""

from __future__ import annotations

import re

import pytest

from pgiris.errors import PgError
from pgiris.sql import longlists, planner
from pgiris.sql.longlists import Shortened, sample, shorten
from pgiris.sql.parameters import MOST_IN_LIST
from pgiris.sql.plan import Role
from pgiris.sql.planner import Planner
from pgiris.sql.returning import MOST_ROWS
from pgiris.types import oids
from pgiris.types.codec import Oid
from tests.bench.planning import many_rows
from tests.sql.schema import ENVIRONMENT

ROWS = MOST_ROWS + 10


def made(text: str) -> Shortened | None:
    return shorten(text, ENVIRONMENT.snapshot, ENVIRONMENT.search_path)


def rows(row: str, count: int = ROWS, head: str = "INSERT INTO t (a, b) VALUES ", tail: str = "") -> str:
    """``#`` is the number of the row."""
    return head + ", ".join(row.replace("#", str(number)) for number in range(count)) + tail


def items(item: str, count: int = MOST_IN_LIST + 50) -> str:
    return ", ".join(item.replace("#", str(number)) for number in range(count))


UNNEST = "INSERT INTO t (a, b) SELECT c1, c2 FROM unnest($1, $2) AS pgiris_rows (c1, c2) "
# A row -> the types of the arrays, how they begin.
CONSTANTS = {
    "(#, 'x#')": ((oids.INT4_ARRAY, oids.TEXT_ARRAY), ("{0,1,", '{"x0","x1",')),
    "( -# ,NULL )": ((oids.INT4_ARRAY, oids.TEXT_ARRAY), ("{-0,-1,", "{NULL,NULL,")),
    "(3000000000, 'it''s')": ((oids.INT8_ARRAY, oids.TEXT_ARRAY), ("{3000000000,", '{"it\'s",')),
    "(#.50, 'a\"b\\c')": ((oids.NUMERIC_ARRAY, oids.TEXT_ARRAY), ("{0.50,1.50,", '{"a\\"b\\\\c",')),
    "('#', '(x), (y)')": ((oids.INT4_ARRAY, oids.TEXT_ARRAY), ('{"0","1",', '{"(x), (y)",')),
    "('#'::int4, 'a;b'::text)": ((oids.INT4_ARRAY, oids.TEXT_ARRAY), ('{"0","1",', '{"a;b",')),
    "(1, true)": ((oids.INT4_ARRAY, oids.BOOL_ARRAY), ("{1,1,", "{true,true,")),
}


@pytest.mark.parametrize("row", CONSTANTS)
def test_rows_of_constants_become_arrays(row: str) -> None:
    found = made(rows(row))
    assert found is not None
    types, begins = CONSTANTS[row]
    assert (found.text, found.own, found.oids) == (UNNEST, 0, types)
    assert all(array.decode().startswith(begin) for array, begin in zip(found.arrays, begins, strict=True))
    assert all(array.count(b",") >= ROWS - 1 for array in found.arrays)


def test_a_column_may_begin_with_null() -> None:
    for later, oid in (("'x'", oids.TEXT_ARRAY), ("5", oids.INT4_ARRAY)):
        found = made(rows("(#, NULL)", tail=f", (1, {later})"))
        assert found is not None
        assert found.oids[1] == oid
    assert made(rows("(#, NULL)", tail=", (1, 'x'), (2, 5)")) is None


@pytest.mark.parametrize(
    "text",
    [
        rows("(#, 'x')", count=MOST_ROWS),
        rows("(#, 'x')", tail=", (1, now())"),
        rows("(#, 'x')", tail=", (1, E'x')"),
        rows("(#, 'x')", tail=", (1, 'x' 'y')"),
        rows("(#, 'x')", tail=", (1, 'x', 2)"),
        rows("(#, 'x')", tail=", (1, 'x"),
        rows("(#, 'x')", tail=", (1e5, 'x')"),
        rows("(#, 'x')", tail=", (1, DEFAULT)"),
        rows("(#, 'x')", tail=" /* why */"),
        rows("(#, 'x')", tail=" WHERE"),
        rows("(#, 'x'::varchar(3))"),
        rows("(#, 'x'::nothing)"),
        rows("(#::int8, 'x')"),
        rows("('x', 'x')"),  # no integers
        rows("(#, 'x')", head="INSERT INTO nowhere (a, b) VALUES "),
        rows("(#, 'x')", head="INSERT INTO t (a, nothing) VALUES "),
        rows("(#, 'x')", head="INSERT INTO t (a) VALUES "),
        rows("(#, 'x')", head="INSERT OR UPDATE INTO t (a, b) VALUES "),
        f"SELECT a FROM t WHERE a IN ({items('#', MOST_IN_LIST)}) -- {' ' * 500}",
        f"SELECT a FROM t WHERE b = 'a IN ({items('#')})'",
        f"SELECT a FROM t WHERE b = E'\\' AND a IN ({items('#')})'",
        f"SELECT a FROM t WHERE a IN (SELECT 1) -- IN ({items('#')})",
        f"SELECT a FROM t WHERE a IN ({items('#')}, n)",
        f"SELECT a FROM t WHERE within ({items('#')})",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert made(text) is None


def test_what_follows_the_rows_stays() -> None:
    for tail in (" ON CONFLICT DO NOTHING", "\nRETURNING id", ";"):
        found = made(rows("(#, 'x')", tail=tail))
        assert found is not None
        assert found.text == UNNEST + tail
    found = made(rows("(#, 'x')", head='insert into public.T as x ("a", B) values\n'))
    assert found is not None
    assert found.text.startswith('INSERT INTO public.T as x ("a", B) SELECT c1, c2 FROM unnest')


def test_lists_of_in_become_arrays() -> None:
    numbers, strings = items("#"), items("'''#'")
    text = f"SELECT a FROM t WHERE a = $2 AND a NOT IN ({numbers}) AND b in ({strings}) AND n IN (1, 2)"
    found = made(text)
    assert found is not None
    assert found.text == (
        "SELECT a FROM t WHERE a = $2 AND a NOT IN (pgiris_list($3)) AND b in (pgiris_list($4)) AND n IN (1, 2)"
    )
    assert (found.own, found.oids) == (2, (oids.INT4_ARRAY, 0))
    assert found.arrays[0].startswith(b"{0,1,2,")
    assert found.arrays[1].startswith(b'{"\'0","\'1",')


def test_a_long_text_is_planned_as_a_short_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is done for each node of a tree, for a megabyte of rows it is done a few times."""
    lengths: list[int] = []

    def counted(text: str, parse=planner.parse):  # type: ignore[no-untyped-def]
        lengths.append(len(text))
        return parse(text)

    monkeypatch.setattr(planner, "parse", counted)
    made_planner = Planner()
    megabyte = rows("(#, 'some text that makes it long, number #')", 20_000)
    in_list = f"SELECT a FROM t WHERE i8 IN ({items('#', 150_000)})"
    assert min(len(megabyte), len(in_list)) > 900_000
    for text in (megabyte, in_list):
        made_planner.plan(text, ENVIRONMENT)
    assert lengths
    assert max(lengths) < 200


def test_texts_with_more_rows_or_others_share_a_plan() -> None:
    made_planner = Planner()
    first = made_planner.plan(rows("(#, 'x')", ROWS), ENVIRONMENT)
    second = made_planner.plan(rows("(#, 'y#')", 2 * ROWS), ENVIRONMENT)
    assert second.plan is first.plan
    assert first.plan.parameters == ()
    assert first.plan.literals == (oids.INT4_ARRAY, oids.TEXT_ARRAY)
    assert [step.role for step in first.plan.steps] == [Role.ROWS, Role.COUNT]
    assert (made_planner.misses, made_planner.hits) == (1, 1)


def test_lists_stand_behind_the_clients_parameters_and_before_other_literals() -> None:
    text = f"SELECT a FROM t WHERE f > $1 AND b = 'x' AND a IN ({items('#')})"
    planned = Planner().plan(text, ENVIRONMENT, (Oid(0),))
    assert planned.plan.parameters == (oids.FLOAT8,)
    assert planned.plan.literals == (oids.INT4_ARRAY, oids.TEXT)
    assert planned.literals[1] == b"x"
    assert planned.plan.steps[0].sql == "SELECT a FROM SQLUser.t WHERE f > ? AND b = ? AND (a %INLIST ?)"


def test_what_is_wrong_is_said_with_its_place() -> None:
    with pytest.raises(PgError, match='invalid input syntax for type integer: "nine"') as raised:
        Planner().plan(rows("('#', 'x')", tail=", ('nine', 'x')"), ENVIRONMENT)
    assert raised.value.position is not None
    uuids = items("'00000000-0000-0000-0000-000000000000'")
    with pytest.raises(PgError) as raised:
        Planner().plan(f"SELECT a FROM t WHERE u IN ({uuids}, 'x')", ENVIRONMENT)
    assert raised.value.position is not None
    with pytest.raises(PgError, match="operator does not exist: text = integer"):
        Planner().plan(f"SELECT a FROM t WHERE b IN ({items('#')})", ENVIRONMENT)


def test_a_sample_has_the_syntax_of_the_whole() -> None:
    assert sample(many_rows()) == (
        "INSERT INTO products (id, title, price, stock, category_id) VALUES (0, 'item 0', 0.50, 0, NULL)"
    )
    wrong = rows("(#, 'x')", tail=" RETURNING )")
    assert sample(wrong) == "INSERT INTO t (a, b) VALUES (0, 'x') RETURNING )"
    assert sample("SELECT 1") == "SELECT 1"
    assert longlists.LIST in sample(f"SELECT a FROM t WHERE a IN ({items('#')})")


# Rows of parameters


def parameters(row: str, count: int = ROWS, tail: str = "") -> str:
    """``#`` is the number of the next parameter."""
    numbers = iter(range(1, 1_000_000))
    made = (re.sub("#", lambda _: str(next(numbers)), row) for _ in range(count))
    return f"INSERT INTO t (a, b) VALUES {', '.join(made)}{tail}"


@pytest.mark.parametrize(
    ("row", "tail"),
    [
        ("($#, $#)", ""),
        ("( $# , $# )", " RETURNING id, a"),
        ("($#::INTEGER, $#::VARCHAR)", ""),
        ("($#::bigint, $#)", " ON CONFLICT DO NOTHING"),
        ("($#, $#)", " ON CONFLICT (id) DO UPDATE SET b = excluded.b"),
    ],
)
def test_rows_of_parameters_are_planned_as_some_of_them_are(monkeypatch: pytest.MonkeyPatch, row: str, tail: str) -> None:
    text = parameters(row, 2 * ROWS, tail)
    found = longlists.parameter_rows(text)
    assert found is not None
    assert (found.width, found.count) == (2, 2 * ROWS)
    assert found.sample == parameters(row, longlists.SAMPLED_ROWS, tail)
    planned = Planner().plan(text, ENVIRONMENT)
    monkeypatch.setattr(longlists, "parameter_rows", lambda text: None)
    assert planned == Planner().plan(text, ENVIRONMENT)


def test_types_of_parameters_are_those_that_the_client_declared() -> None:
    text = parameters("($#, $#)", 2 * ROWS)
    planned = Planner().plan(text, ENVIRONMENT, (oids.INT8,) + (Oid(0),) * (4 * ROWS - 1))
    assert planned.plan.parameters[:3] == (oids.INT8, oids.TEXT, oids.INT4)
    last = (Oid(0),) * (4 * ROWS - 1) + (oids.VARCHAR,)
    assert Planner().plan(text, ENVIRONMENT, last).plan.parameters[-2:] == (oids.INT4, oids.VARCHAR)


@pytest.mark.parametrize(
    "text",
    [
        parameters("($#, $#)", longlists.SAMPLED_ROWS),
        parameters("($#, $#)", tail=", ($1, $2)"),
        parameters("($#, $#)", tail=" RETURNING $1"),
        parameters("($#, 'x')"),
        parameters("($#, $#)").replace("$9,", "$9::int,"),
    ],
)
def test_other_rows_of_parameters_are_planned_as_a_whole(text: str) -> None:
    assert longlists.parameter_rows(text) is None


# IN with parameters


def listed(count: int, item: str = "$#", first: int = 1) -> str:
    return ", ".join(item.replace("#", str(number)) for number in range(first, first + count))


def test_a_list_of_parameters_is_one_value() -> None:
    text = f"SELECT a FROM t WHERE id = $1 AND b = 'x' AND a IN ({listed(500, '$#::int', first=2)}) AND b = $502"
    assert longlists.without_ranges(text) == (
        "SELECT a FROM t WHERE id = $1 AND b = 'x' AND a IN (pgiris_range($2::int, $501)) AND b = $502"
    )
    plan = Planner().plan(text, ENVIRONMENT).plan
    assert plan.parameters == (oids.INT4, *[oids.INT4] * 500, oids.TEXT)
    assert plan.steps[0].sql.count("?") == 4
    assert [len(program) for program in plan.computed] == [4 + 500]


@pytest.mark.parametrize("count", [101, 300])
@pytest.mark.parametrize("item", ["$#", "$#::bigint"])
def test_a_list_of_parameters_is_planned_as_if_it_were_read_whole(monkeypatch: pytest.MonkeyPatch, count: int, item: str) -> None:
    text = f"DELETE FROM t WHERE a IN ({listed(count, item)}) AND b NOT IN ({listed(count, '$#', count + 1)})"
    planned = Planner().plan(text, ENVIRONMENT)
    monkeypatch.setattr(longlists, "without_ranges", lambda text: None)
    assert planned.plan.parameters == Planner().plan(text, ENVIRONMENT).plan.parameters
    assert planned.plan.computed == Planner().plan(text, ENVIRONMENT).plan.computed
    assert planned.plan.steps == Planner().plan(text, ENVIRONMENT).plan.steps


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT a FROM t WHERE a IN ({listed(100)}) AND b <> '{'x' * 500}'",
        f"SELECT a FROM t WHERE a IN ({listed(500)}, 7)",
        f"SELECT a FROM t WHERE a IN ({listed(200)}, $1, {listed(200, first=202)})",
        f"SELECT a FROM t WHERE a IN ({listed(500).replace('$9,', '$9::int,')})",
        f"SELECT ' IN ({listed(500)})'",
    ],
)
def test_other_lists_of_parameters_are_read_whole(text: str) -> None:
    assert longlists.without_ranges(text) is None


def test_parameters_of_a_list_may_differ_in_their_types() -> None:
    text = f"SELECT a FROM t WHERE a IN ({listed(300)})"
    declared = tuple(oids.INT8 if number == 7 else Oid(0) for number in range(300))
    plan = Planner().plan(text, ENVIRONMENT, declared).plan
    assert (plan.parameters[6], plan.parameters[7]) == (oids.INT4, oids.INT8)
