"""SQL/JSON paths: what PostgreSQL finds, pgiris/compute/jsonpath.py finds, or it fails with the same SQLSTATE and message."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pgiris.compute import jsonpath
from pgiris.errors import PgError
from pgiris.types.jsonpath import parse, text_of
from pgiris.types.jsontext import normalised
from tests.support.servers import Server

Case = tuple[str, str, str, bool]  # document, path, variables, silent

ASKED = """
    CREATE FUNCTION pg_temp.asked(document jsonb, text text, variables jsonb, silent bool) RETURNS text[] LANGUAGE plpgsql AS $$
    DECLARE
        answers text[] := '{}';
        path jsonpath;
    BEGIN
        BEGIN
            path := text::jsonpath;
            answers := answers || path::text;
        EXCEPTION WHEN OTHERS THEN RETURN ARRAY[sqlstate, sqlerrm];
        END;
        BEGIN answers := answers || coalesce(jsonb_path_query_array(document, path, variables, silent)::text, 'NULL');
        EXCEPTION WHEN OTHERS THEN answers := answers || (sqlstate || ' ' || sqlerrm);
        END;
        BEGIN answers := answers || coalesce(jsonb_path_exists(document, path, variables, silent)::text, 'NULL');
        EXCEPTION WHEN OTHERS THEN answers := answers || (sqlstate || ' ' || sqlerrm);
        END;
        BEGIN answers := answers || coalesce(jsonb_path_match(document, path, variables, silent)::text, 'NULL');
        EXCEPTION WHEN OTHERS THEN answers := answers || (sqlstate || ' ' || sqlerrm);
        END;
        BEGIN answers := answers || coalesce(jsonb_path_query_first(document, path, variables, silent)::text, 'NULL');
        EXCEPTION WHEN OTHERS THEN answers := answers || (sqlstate || ' ' || sqlerrm);
        END;
        RETURN answers;
    END $$
"""
ASK = "SELECT pg_temp.asked(d, p, v, s) FROM unnest(%s::jsonb[], %s::text[], %s::jsonb[], %s::bool[]) AS t (d, p, v, s)"

DOCUMENTS = (
    *("1", "null", '"abc"', "true", "[]", "{}", "[1, 2, 3]", '{"a": 1}', "[[1, 2], [3, [4, 5]]]", '"12.5"'),
    '{"a": {"b": [1, 2, {"c": "x"}]}, "d": null}',
    '[{"a": 1}, {"a": 2, "b": "x"}, {"b": [3, 4]}, 5, "s", null, true]',
    '{"a": [1, "2", -3.50], "b": {"a": [4]}}',
    '["2017-03-10", "2017-03-10 12:00:00", "12:00:00+3", "2017-03-11 00:00:00+3", "x"]',
    "[1e10, 1.5, -0.0, 12345678901234567890.123]",
    '{"a": "abc\\ndef", "b": "ABC", "c": "a.c"}',
    '{"x": [{"y": 1, "z": [1, {"w": 2}]}]}',
)
VARIABLES = ("{}", '{"v": {"k": 1}, "w": [1, 2], "s": "ab"}', '{"v": [{"k": 1}, 2], "w": 2, "s": "a"}')
STEPS = (
    *("", ".a", ".b", ".*", "[*]", "[0]", "[last]", "[1 to last]", ".**", ".**{1}", ".**{2 to last}", ".**{last}", "[*].a"),
    *(".a.b", ".a[*]", "[10]", "[-1]", '["a"]', "[0.9]", "[*][*]", ".a.b[*].c", ".x[*].z[last]", "[0, $.a]"),
)
METHODS = ("type", "size", "double", "ceiling", "floor", "abs", "keyvalue", "datetime")


def words(*texts: str) -> st.SearchStrategy[str]:
    return st.sampled_from(texts)


atoms = st.one_of(
    st.builds(str.__add__, words("$", "$", "@", "$v", "$w", "$v.k"), st.sampled_from(STEPS)),
    words("1", "2", '"x"', "null", "true", '"abc"', "1.50", "-3", "0", '"2017-03-10"'),
)


def in_brackets(text: str) -> str:
    return f"({text})" if text[0] not in "$@" or " " in text else text


def predicates(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    compared = st.builds("{} {} {}".format, values, words("==", "!=", "<>", "<", "<=", ">", ">="), values)
    starting = st.builds("{} starts with {}".format, values, words('"a"', "$s"))
    patterns = words('"^a"', '"b$"', '"a.c"', '"[^x]d"', '"A" flag "i"', '"a.c" flag "q"', '"c.d" flag "s"', '"^d" flag "m"')
    plain = compared | starting | st.builds("{} like_regex {}".format, values, patterns) | st.builds("exists({})".format, values)
    joined = st.builds("({}) {} ({})".format, plain, words("&&", "||"), plain)
    return plain | joined | st.builds("!({})".format, plain) | st.builds("({}) is unknown".format, plain)


def larger(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    inner = values.map(in_brackets)
    return st.one_of(
        st.builds("{} {} {}".format, values, words(*"+-*/%"), values),
        st.builds("{}({})".format, words("+", "-"), values),
        st.builds("{}.{}()".format, inner, st.sampled_from(METHODS)),
        st.builds("{} ? ({})".format, inner, predicates(values)),
        st.builds("({}).type()".format, predicates(values)),
    )


values = st.recursive(atoms, larger, max_leaves=4)
paths = st.builds(str.__add__, words("", "lax ", "strict "), values | predicates(values))
cases = st.tuples(st.sampled_from(DOCUMENTS), paths, st.sampled_from(VARIABLES), st.booleans())


@pytest.fixture(scope="module")
def ask(postgres: Server) -> Iterator[Callable[[list[Case]], list[list[str]]]]:
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute(ASKED)
        yield lambda asked: [row[0] for row in connection.execute(ASK, [list(part) for part in zip(*asked, strict=True)])]


def answered(case: Case) -> list[str]:
    document, path, variables, silent = case
    try:
        shown = text_of(parse(path))
    except PgError as error:
        return [error.code, error.message]
    arguments = normalised(document), path, normalised(variables), silent
    functions = jsonpath.path_array, jsonpath.path_exists, jsonpath.path_match, jsonpath.path_first
    return [shown, *(_answer(function, arguments) for function in functions)]


def _answer(function: Callable[..., str | bool | None], arguments: tuple[str, str, str, bool]) -> str:
    try:
        found = function(*arguments)
    except PgError as error:
        return f"{error.code} {error.message}"
    return found if isinstance(found, str) else {None: "NULL", True: "true", False: "false"}[found]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(cases, min_size=20, max_size=40))
def test_paths_find_what_they_find_in_postgresql(ask: Callable[[list[Case]], list[list[str]]], asked: list[Case]) -> None:
    for case, expected in zip(asked, ask(asked), strict=True):
        assert (case, answered(case)) == (case, expected)


TEXTS = r"""
(1*2).abs() + 3
- -1
+ - $.a
$.a/* c */.b
$.a /* c */.b
$.a foo
$.a ? @
last
@
**
$.**{3 to last}.a
$.**{last to 3}
!($.a == 1 && exists($.b)) || ($.c > 2) is unknown
1a
1.e
1..type()
.5
1e-5
00
$."a\u0041\x42\n"
$.\u0041bc
$"x y"
$ x
STRICT $.a
Strict $
TRUE
FALSE
strict
($.a == 1).type()
((1)).type()
($.a + 1).b + 2
1 + 2 * 3 - 4 / 5 % 6
(1 + 2) * (3 - 4)
1 == 1 == 1
1 == 1 && 2
2 && 1 == 1
$.a == 1 || $.b == 2 && $.c == 3
!exists($.a)
!$.a
!(1)
exists($.a == 1)
exists($.a).b
$.exists.is.to.null
$.foo()
$.type("x")
$..a
$[]
$[1 to]
$[1 to 2 to 3]
$a.b
$.$a
$.1
$.1a
$#
$ ? ($ ? (@ == 1) == @)
$[last ? (@ > last)]
$ ? (last > 1)
"\ud83d\ude00"
"\ud83d"
"\u{1F600}"
"\u0000"
$.日本
-($.a + 1)
2 - -1
$.a starts with 1
($.a + 1) like_regex "x"
(1 < 2) is unknown && 1 == 1
1 < 2 is unknown
(1 < 2).type() is unknown
$.**{2147483648}
$.**{-1}
$ . a [ 0 ]
$.TYPE()
$.Type
$.datetime("yyyy")
$ ? (@ like_regex "a" flag "xq")
$ ? (@ like_regex "a" flag "smi")
"""


def test_texts_of_paths_are_read_and_shown_as_by_postgresql(ask: Callable[[list[Case]], list[list[str]]]) -> None:
    asked: list[Case] = [("{}", text, "{}", True) for text in TEXTS.strip().splitlines()]
    for case, expected in zip(asked, ask(asked), strict=True):
        assert (case, answered(case)) == (case, expected)


MOMENTS = (
    *(
        "2017-3-1",
        "2017-03-10",
        "2017/03/10",
        " 2017-03-10 ",
        "2017-02-30",
        "12:34",
        "12:34:56",
        "12:34:56.7",
        "12:34:56.1234567",
    ),
    *("12:34:56+3", "12:34:56 +3", "12:34:56+03:30", "12:34:56 -03:30", "12:34:56-03:30", "24:00:00", "23:59:60"),
    *("2017-03-10 12:34:56", "2017-03-10T12:34:56", "2017-03-10  12:34:56", "2017-03-10t12:34:56", "2017-03-10 12:34:56+3"),
    *("2017-03-10T12:34:56.789+03:30", "12:34:56Z", "12:34:56+15:59", "12:34:56+16", "1:2:3", "2017-03-10 1:2:3.5 +3:5", "x"),
)


@pytest.mark.parametrize(
    "path",
    [
        "$[*].datetime()",
        "$[*].datetime().type()",
        "$[*].datetime() ? (@ == @)",
        '$[*] ? (@.datetime() < "2017-03-10 13:00:00".datetime())',
        '$[*] ? (@.datetime() >= "12:34:56+3".datetime())',
        '$[*].datetime("yyyy-mm-dd")',
        '$[*].datetime("HH24:MI:SS.US")',
        '$[*].datetime("HH24:MI")',
        '$[*].datetime("YYYY-MM-DD\\"T\\"HH24:MI:SS.MSTZH:TZM")',
    ],
)
def test_moments_are_read_and_compared_as_by_postgresql(ask: Callable[[list[Case]], list[list[str]]], path: str) -> None:
    asked: list[Case] = [(f'["{moment}"]', path, "{}", True) for moment in MOMENTS]
    for case, expected in zip(asked, ask(asked), strict=True):
        if not any("without time zone usage" in answer for answer in expected):
            assert (case, answered(case)) == (case, expected)
