"""Splitting the text of a simple Query into statements."""

from __future__ import annotations

import pytest

from pgiris.errors import PgError
from pgiris.sql.split import split

TEXTS = {
    "select 1": ["select 1"],
    "select 1;": ["select 1"],
    "select 1; select 2;": ["select 1", "select 2"],
    "": [],
    " \n": [],
    ";;": [],
    "-- only a comment": [],
    "/* outer /* inner; */ ; */": [],
    "select ';' ; select 2": ["select ';' ", "select 2"],
    "select 'it''s;'; select 2": ["select 'it''s;'", "select 2"],
    r"select E'\';'; select 2": [r"select E'\';'", "select 2"],
    "select $$;$$; select $a$;$$;$a$": ["select $$;$$", "select $a$;$$;$a$"],
    "select $1; select $2": ["select $1", "select $2"],
    'select ";" ; select 2': ['select ";" ', "select 2"],
    "select 1 -- ; no\n; select 2": ["select 1 -- ; no\n", "select 2"],
    "select /* ; */ 1; select 2": ["select /* ; */ 1", "select 2"],
    "create rule r as on insert to t do (select 1; select 2); select 3": [
        "create rule r as on insert to t do (select 1; select 2)",
        "select 3",
    ],
    "create or replace procedure p(a int) begin delete from t where a = :a; end; select 3": [
        "create or replace procedure p(a int) begin delete from t where a = :a; end",
        "select 3",
    ],
    "create query q() begin select 1; end; select 3": ["create query q() begin select 1; end", "select 3"],
    "create table query (begin int); select 3": ["create table query (begin int)", "select 3"],
    "create function f(begin int) returns int language sql return 1; select 3": [
        "create function f(begin int) returns int language sql return 1",
        "select 3",
    ],
    "create function f() returns int begin atomic select 1; select case when true then 2 end; end; select 3": [
        "create function f() returns int begin atomic select 1; select case when true then 2 end; end",
        "select 3",
    ],
    "begin; select 1; end": ["begin", "select 1", "end"],
    "select a$b; select U&'\\0041;'": ["select a$b", "select U&'\\0041;'"],
    "select 'a', (b) from \"c\";\n": ["select 'a', (b) from \"c\""],
    "select ('a';": ["select ('a';"],
    "select $a$ (;) $a$": ["select $a$ (;) $a$"],
    "create function f() returns int begin atomic select 'a';": [
        "create function f() returns int begin atomic select 'a';",
    ],
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.items())
def test_a_text_is_split_at_semicolons_that_end_statements(text: str, expected: list[str]) -> None:
    assert [statement.text for statement in split(text)] == expected


@pytest.mark.parametrize("text", TEXTS)
def test_a_statement_knows_its_place_in_the_text(text: str) -> None:
    for statement in split(text):
        assert text[statement.offset :].startswith(statement.text)


@pytest.mark.parametrize(
    ("text", "message", "position"),
    [
        ("select 'abc", 'unterminated quoted string at or near "\'abc"', 8),
        ("select 1; select 'abc", 'unterminated quoted string at or near "\'abc"', 18),
        ('select "abc', 'unterminated quoted identifier at or near ""abc"', 8),
        ("select 'a', 'bc;", 'unterminated quoted string at or near "\'bc;"', 13),
        ("select $$abc", 'unterminated dollar-quoted string at or near "$$abc"', 8),
        ("select 1 /* abc", 'unterminated /* comment at or near "/* abc"', 10),
    ],
)
def test_what_does_not_end_is_told_as_postgresql_tells_it(text: str, message: str, position: int) -> None:
    with pytest.raises(PgError) as raised:
        split(text)
    assert (raised.value.code, raised.value.message, raised.value.position) == ("42601", message, position)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT a$b$c FROM t$x",
        "SELECT $$ a 'b$$, $x$ $$ $x$",
        "SELECT $1$2 FROM t",
        "SELECT 'a' LIKE'a\\'",
        "SELECT E'\\'' || u&'x'",
        'SELECT "a""b" FROM "x\'"',
        "SELECT 1 -- 'x",
        "SELECT /* ' /* \" */ */ 1",
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 END",
    ],
)
def test_a_semicolon_at_the_end_changes_nothing(text: str) -> None:
    end = "\n;" if "--" in text else ";"
    assert [one.text for one in split(text)] == [one.text.rstrip() for one in split(text + end)]


@pytest.mark.parametrize("text", ["SELECT 'a", 'SELECT "a', "SELECT E'a\\'", "SELECT $$a", "SELECT /* 1", "SELECT $x$ a$x"])
def test_what_does_not_end_is_refused(text: str) -> None:
    with pytest.raises(PgError, match="unterminated"):
        split(text)
