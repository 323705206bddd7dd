"""Whatever is made of IRIS's grammar is read, and what is written of it reads as the same tree."""

from __future__ import annotations

import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from pgiris.sql.iris import IRIS

NAMES = st.sampled_from(("a", "%EXACT b", "b1", "_c", "%ID", "t.a", '"Level"', '"two words"', "d@x", "s.t.e"))
LITERALS = st.sampled_from(
    ("1", "2.5", "1E3", "'x'", "'it''s'", "''", "NULL", "?", "{d '2020-01-31'}", "{ts '2020-01-01 00:00:00'}")
)
VARIABLES = st.sampled_from(("USER", "$JOB", "$NAMESPACE", "CURRENT_DATE", "CURRENT_TIMESTAMP(3)", "SYSDATE"))


def called(value: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    one = st.sampled_from(
        (
            "UPPER({})",
            "%EXACT({})",
            "%SQLUPPER({})",
            "{{fn LENGTH({})}}",
            "CAST({} AS VARCHAR(10))",
            "- {}",
            "({})",
            "COUNT({})",
            "SUM(DISTINCT {})",
            "LIST({} %FOREACH(a))",
            "$LISTBUILD({}, , 1)",
            "DATEPART(dd, {})",
            "CONVERT(INTEGER, {})",
            "TRIM(LEADING 'x' FROM {})",
            "AVG({}) OVER (PARTITION BY a ORDER BY b DESC ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)",
            "JSON_ARRAY({}, 1)",
            "CASE {} WHEN 1 THEN 2 ELSE 3 END",
            "(SELECT TOP 1 {} FROM t ORDER BY 1)",
        )
    )
    two = st.sampled_from(("{} + {}", "{} || {}", "{} * {}", "{} # {}", "{} \\ {}", "NVL({}, {})", "DATEDIFF('dd', {}, {})"))
    return st.builds(lambda form, x: form.format(x), one, value) | st.builds(
        lambda form, x, y: form.format(x, y), two, value, value
    )


VALUES = st.recursive(NAMES | LITERALS | VARIABLES, called, max_leaves=6)


def joined(condition: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    forms = st.sampled_from(
        ("{} AND {}", "{} OR {}", "({}) AND NOT ({})", "NOT {} OR ({})", "EXISTS (SELECT 1 FROM t WHERE {}) OR {}")
    )
    return st.builds(lambda form, x, y: form.format(x, y), forms, condition, condition)


TESTS = st.sampled_from(
    (
        "{} = {}",
        "{} <> {}",
        "{} >= {}",
        "{} IN ({}, 3)",
        "{} NOT IN (SELECT {} FROM u)",
        "{} BETWEEN 1 AND {}",
        "{} LIKE {} ESCAPE '!'",
        "{} %STARTSWITH {}",
        "{} NOT %STARTSWITH {}",
        "{} [ {}",
        "{} ] {}",
        "{} %MATCHES {}",
        "{} %INLIST {} SIZE ((10))",
        "{} > ALL (SELECT {} FROM u)",
        "FOR SOME (u AS q) ({} = {})",
        "{} IS NULL OR {} IS JSON ARRAY",
    )
)
CONDITIONS = st.recursive(st.builds(lambda form, x, y: form.format(x, y), TESTS, VALUES, VALUES), joined, max_leaves=4)
QUERIES = st.builds(
    lambda head, values, source, condition, tail: f"SELECT {head} {', '.join(values)} FROM {source} WHERE {condition} {tail}",
    st.sampled_from(("", "DISTINCT", "TOP 5", "DISTINCT TOP ALL", "DISTINCT BY (a, b)", "%NOFPLAN", "ALL")),
    st.lists(VALUES, min_size=1, max_size=3),
    st.sampled_from(
        (
            "t",
            "t AS x",
            "%PARALLEL t, u",
            "t LEFT OUTER JOIN u ON t.a = u.a",
            "(SELECT a FROM t) q",
            "t NATURAL JOIN u",
            "t, LATERAL (SELECT b FROM u) l",
            "JSON_TABLE(?, '$' COLUMNS (a INTEGER PATH '$.a')) j",
        )
    ),
    CONDITIONS,
    st.sampled_from(
        ("", "GROUP BY a, b HAVING COUNT(*) > 1", "ORDER BY a DESC, 2", "UNION ALL SELECT 1", "UNION %PARALLEL SELECT 2")
    ),
)
STATEMENTS = QUERIES | st.builds(
    lambda form, value, condition: form.format(value, condition),
    st.sampled_from(
        (
            "UPDATE t SET a = {} WHERE {}",
            "UPDATE %NOLOCK t AS x SET a = {}, b = 1 FROM u WHERE {}",
            "CREATE VIEW v AS SELECT 1 AS a",
            "EXPLAIN SELECT {} FROM t WHERE {}",
            "DELETE %NOCHECK FROM t WHERE {} = 1 AND {}",
            "INSERT INTO t (a) SELECT {} FROM u WHERE {}",
        )
    ),
    VALUES,
    CONDITIONS,
)


@settings(max_examples=100, deadline=None)
@given(STATEMENTS)
def test_what_is_written_reads_as_the_same_tree(text: str) -> None:
    tree = sqlglot.parse_one(text, dialect=IRIS)
    written = tree.sql(IRIS)
    again = sqlglot.parse_one(written, dialect=IRIS)
    assert again.sql(IRIS) == written
    assert bare(again) == bare(tree)


def bare(tree: exp.Expr) -> exp.Expr:
    """Without parentheses, of values and around the sides of a set operation: they stand for nothing in a tree."""
    tree = tree.copy()
    for paren in list(tree.find_all(exp.Paren)):
        paren.replace(paren.this)
    for wrapped in list(tree.find_all(exp.Subquery)):
        if isinstance(wrapped.parent, exp.SetOperation):
            wrapped.replace(wrapped.this)
    return tree
